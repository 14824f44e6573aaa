//! What is said of offers that are not fetched: what a place has, and why it was not taken. “None of your files” alone would
//! leave nobody a clue.

use ferrotape_domain::Match;
use ferrotape_matching::{Allowed, Policy};

/// So many files are named.
const NAMED: usize = 3;
/// Characters of a name that are shown.
const LONGEST: usize = 100;

/// Of so many files that fit as well.
pub(super) fn rivals(place: &str, count: usize) -> String {
    let verb = if place.contains(" and ") { "have" } else { "has" };
    format!("{place} {verb} {count} that fit equally well, and nothing tells which of them is wanted")
}

/// Of the files of a saved album, of which nothing tells which edition or recording is meant.
pub(super) fn unsettled(place: &str, why: &str) -> String {
    format!("{place} has files of this name that were not taken: {why}")
}

/// Of what only comes near, best first, and why; `allowing` is the option by which the best would be taken.
pub(super) fn near_miss(
    place: &str,
    (found, why): (&[Match], &str),
    title_of: impl Fn(&Match) -> Option<String>,
    allowing: Option<&str>,
) -> String {
    let short = |title: String| format!("“{}”", title.chars().take(LONGEST).collect::<String>());
    let named = |one: &Match| title_of(one).map_or_else(|| "a file".to_owned(), short);
    let objection = found.first().and_then(|best| best.objection.as_ref());
    let Some(objection) = objection else {
        let fits = found.iter().filter(|one| one.objection.is_none()).count();
        if fits > 1 {
            return format!("{place} has {}: {why}", how_many(found, fits, named));
        }
        let best = found.first().map(named).unwrap_or_default();
        return format!("{place} has {best}, which was not taken: {why}");
    };
    let best = found.first().map(named).unwrap_or_default();
    let hint = allowing.map(|word| format!(" (`--allow {word}` takes it)")).unwrap_or_default();
    format!("{place} has {best}, which was not taken: {}{hint}", objection.says)
}

fn how_many(found: &[Match], fits: usize, named: impl Fn(&Match) -> String) -> String {
    let mut names: Vec<String> = found.iter().filter(|one| one.objection.is_none()).map(named).collect();
    names.dedup();
    names.truncate(NAMED);
    format!("{fits} that may be it, {}", names.join(", "))
}

/// By which option, and with it alone, something would be taken.
pub(super) fn allowing(policy: &Policy, is_taken: impl Fn(&Policy) -> bool) -> Option<&'static str> {
    let live = Policy { allowed: Allowed { live: true, ..policy.allowed }, ..*policy };
    let edition = Policy { allowed: Allowed { edition: true, ..policy.allowed }, ..*policy };
    [("live", live), ("edition", edition)]
        .into_iter()
        .find(|(_, policy)| is_taken(policy))
        .map(|(word, _)| word)
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::Objection;

    use super::*;

    fn found(id: i64, against: Option<&str>) -> Match {
        let objection = against.map(|says| Objection { kind: "version", says: says.to_owned() });
        Match { file_id: id, score: 0.5, evidence: Vec::new(), substitute: None, objection }
    }

    #[test]
    fn what_was_not_taken_is_named_with_its_reason() {
        let title = |one: &Match| (one.file_id > 0).then(|| format!("Ash {}", one.file_id));
        let of = |all: &[Match], allowing| near_miss("home", (all, "they differ by 60 s"), title, allowing);
        let live = [found(1, Some("live, but the plain recording is wanted")), found(2, None)];
        assert_eq!(
            of(&live, Some("live")),
            "home has “Ash 1”, which was not taken: live, but the plain recording is wanted (`--allow live` takes it)"
        );
        let two = [found(1, None), found(2, None), found(3, Some("live"))];
        assert_eq!(of(&two, None), "home has 2 that may be it, “Ash 1”, “Ash 2”: they differ by 60 s");
        assert_eq!(of(&two[..1], None), "home has “Ash 1”, which was not taken: they differ by 60 s");
        assert!(of(&[found(0, Some("live"))], None).starts_with("home has a file, which was not taken"));
    }
}
