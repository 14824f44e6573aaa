//! What `match` found, as text.

use ferrotape_engine::matching::{Answer, Matched, Matching};

use super::sure;
use crate::output::{counted, line, plain};

pub(crate) fn matching(matching: &Matching, all: bool) {
    let mut counts = [0_u64; 6];
    for matched in &matching.matched {
        let is_broken = matching.broken.contains_key(&matched.wanted.id);
        let (at, sure) = match matched.answer {
            // As `convert` counts it.
            Answer::None(_) | Answer::Files(..) if is_broken => (5, false),
            Answer::File(_) | Answer::Files(..) => (0, true),
            Answer::Review(..) => (1, false),
            Answer::None(_) => (2, false),
            Answer::NotYet(_) => (3, false),
            Answer::LeftOut(_) => (4, false),
        };
        counts[at] += 1;
        if all || !sure {
            one_match(matched, matching);
        }
    }
    let [chosen, review, none, not_yet, left_out, failed] = counts;
    let left_out = if left_out > 0 { format!(", {left_out} left out by you") } else { String::new() };
    let failed = if failed > 0 { format!(", {failed} failed (the file is broken)") } else { String::new() };
    line(&format!(
        "{chosen} found, {review} need your review, {none} not in your sources{failed}, {not_yet} nothing to fill{left_out}"
    ));
}

fn one_match(matched: &Matched, matching: &Matching) {
    let says = match &matched.answer {
        Answer::File(found) => {
            let path = matching.offer(found.file_id).map(|o| o.place()).unwrap_or_default();
            let reasons: Vec<&str> = found.evidence.iter().map(|evidence| evidence.says.as_str()).collect();
            let stands_in = found.substitute.as_ref().map(|what| format!(" – stands in: {what}"));
            let stands_in = stands_in.unwrap_or_default();
            format!("{path} ({} sure: {}){stands_in}", sure(found.score), reasons.join(", "))
        }
        Answer::Files(files, why) => {
            let broken = matching.broken.get(&matched.wanted.id).map(|how| format!("; {how}"));
            let files = counted(files.len() as u64, "file", "files");
            format!("{files} – {why}{}", broken.unwrap_or_default())
        }
        Answer::Review(_, why) => format!("review – {why}"),
        Answer::None(why) => format!("none – {why}"),
        Answer::LeftOut(why) => format!("left out – {why}"),
        Answer::NotYet(what) => format!("not yet – {what}"),
    };
    line(&format!("{:>5}  {}: {}", matched.wanted.id, plain(&matched.wanted.wanted.label()), plain(&says)));
}
