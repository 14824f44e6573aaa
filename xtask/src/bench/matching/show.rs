//! Rows that were not answered as they should be, with what lay there and why it was answered so.

use ferrotape_domain::{Choice, Offer, Wanted};
use ferrotape_matching::Explanation;
use ferrotape_testkit::benchmark::{BenchRow, Benchmark, Scores, Truth, Verdict};

/// Prints those of the classes whose name holds `class`.
pub(super) fn print(
    benchmark: &Benchmark,
    scores: &Scores,
    class: &str,
    rows: &[&BenchRow],
    answers: &[Explanation],
) {
    let file = |id: i64| {
        let at = usize::try_from(id).ok().and_then(|id| id.checked_sub(1));
        at.and_then(|at| benchmark.offers.get(at)).map(offer).unwrap_or_default()
    };
    for (row, answer) in rows.iter().zip(answers).filter(|(row, _)| row.class.contains(class)) {
        let verdict = scores.verdicts.get(&row.name).copied();
        if verdict.is_none_or(|verdict| matches!(verdict, Verdict::Right | Verdict::Abstained)) {
            continue;
        }
        println!("{} {}: {}", scores.setting.as_str(), row.name, verdict.map_or("", Verdict::as_str));
        println!("  wanted  {}", wanted(&row.wanted));
        match &row.truth {
            Truth::Present { best, .. } => println!("  right   {}", file(*best)),
            truth => println!("  right   {truth:?}"),
        }
        match &answer.choice {
            Choice::Chosen(found) => println!("  took    {}", file(found.file_id)),
            Choice::Review(_, why) | Choice::None(why) => println!("  said    {why}"),
        }
        for near in &answer.near {
            let reasons: Vec<String> =
                near.found.evidence.iter().map(|one| format!("{one} {:+.1}", one.weight)).collect();
            let rejected = near.rejected.as_ref().map(|why| format!(" REJECTED: {why}")).unwrap_or_default();
            println!("  {:.3}   {}", near.found.score, file(near.found.file_id));
            println!("          {}{rejected}", reasons.join("; "));
        }
    }
}

fn wanted(wanted: &Wanted) -> String {
    let seconds = wanted.duration.map_or(0.0, |time| time.as_secs_f64());
    let album = wanted.release.as_deref().unwrap_or_default();
    format!(
        "{} | {album} | {seconds:.1} s | {}",
        wanted.label(),
        wanted.isrc.as_ref().map_or("", |isrc| isrc.as_str())
    )
}

fn offer(offer: &Offer) -> String {
    let tags = &offer.tags;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    format!(
        "{} – {} | {} ({}) | {:.1} s | {} | {}",
        tags.artists.join("; "),
        text(&tags.title),
        text(&tags.album),
        tags.album_artists.join("; "),
        offer.facts.duration.map_or(0.0, |time| time.as_secs_f64()),
        tags.isrc.as_ref().map_or("", |isrc| isrc.as_str()),
        offer.path.display()
    )
}
