//! What `match` found, as text.

use ferrotape_engine::matching::{Answer, Matched, Matching};

use super::sure;
use crate::output::{counted, line, plain};

/// Which matches are shown one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    All,
    /// What was not found for sure.
    Unsure,
    /// What was taken by title and artist alone, from another album than the wanted one.
    FromOtherAlbums,
}

pub(crate) fn matching(matching: &Matching, shown: Shown) {
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
        let is_shown = match shown {
            Shown::All => true,
            Shown::Unsure => !sure,
            Shown::FromOtherAlbums => matched.is_from_other_album(),
        };
        if is_shown {
            one_match(matched, matching);
        }
    }
    from_other_albums(matching.from_other_albums());
    let [chosen, review, none, not_yet, left_out, failed] = counts;
    let left_out = if left_out > 0 { format!(", {left_out} left out by you") } else { String::new() };
    let failed = if failed > 0 { format!(", {failed} failed (the file is broken)") } else { String::new() };
    line(&format!(
        "{chosen} found, {review} need your review, {none} not in your sources{failed}, {not_yet} nothing to fill{left_out}"
    ));
}

/// Says how many files are taken from other albums than the wanted ones, and how to look at them.
pub(crate) fn from_other_albums(count: usize) {
    if count > 0 {
        let files = counted(count as u64, "thing is", "things are");
        line(&format!(
            "{files} taken by title and artist alone, from another album than the wanted one: \
            `ferrotape match --other-album` lists them, `ferrotape review --none NUMBER` refuses one"
        ));
    }
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
