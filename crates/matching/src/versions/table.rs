//! Which kinds of recording there are, and which may stand in for one another.
//!
//! [`rule`] is the table: what happens when only one side claims a kind, or both claim it differently (two venues, two
//! remixers). `claims` reads what a title says of itself, `album_claims` what an album's name says of its tracks.

use crate::texts::numerals::MONTHS;
use crate::texts::typos::only_typos;

/// A kind of recording other than "the studio recording as first published".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Live,
    Remix,
    Edit,
    Extended,
    Acoustic,
    Instrumental,
    Acapella,
    Karaoke,
    Cover,
    Demo,
    ReRecording,
    Speed,
    Clean,
    Explicit,
    Language,
    Mono,
    Stereo,
    Remaster,
    Reprise,
    Medley,
    /// Some version that says its name but none of the kinds above (`Electric Version`).
    Named,
}

/// What a difference in a kind means for choosing without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// The same recording, or as good as; the evidence says so.
    Allow,
    /// Only where the playing times agree closely.
    Doubt,
    /// Another recording.
    Reject,
}

/// What the table says of one kind.
pub(crate) struct Rule {
    /// Only the offer claims it.
    pub(crate) extra: Verdict,
    /// Only the wanted recording claims it.
    pub(crate) missing: Verdict,
    /// Both claim it with different particulars (remixer, venue, language).
    pub(crate) differing: Verdict,
    /// Both claim it, one without particulars.
    pub(crate) vaguer: Verdict,
    /// How a sentence names it.
    pub(crate) name: &'static str,
}

/// The compatibility table.
pub(crate) fn rule(kind: Kind) -> Rule {
    use Verdict::{Allow, Doubt, Reject};
    let (extra, missing, differing, vaguer, name) = match kind {
        Kind::Live => (Reject, Reject, Reject, Doubt, "live"),
        Kind::Remix => (Reject, Reject, Reject, Doubt, "a remix"),
        Kind::Edit => (Doubt, Doubt, Doubt, Allow, "an edit"),
        Kind::Extended => (Reject, Reject, Doubt, Allow, "extended"),
        Kind::Acoustic => (Reject, Reject, Doubt, Allow, "acoustic"),
        Kind::Instrumental => (Reject, Reject, Doubt, Allow, "instrumental"),
        Kind::Acapella => (Reject, Reject, Doubt, Allow, "a cappella"),
        Kind::Karaoke => (Reject, Reject, Doubt, Allow, "karaoke"),
        Kind::Cover => (Reject, Reject, Doubt, Allow, "a cover"),
        Kind::Demo => (Reject, Reject, Reject, Doubt, "a demo or other take"),
        Kind::ReRecording => (Reject, Reject, Reject, Doubt, "a re-recording"),
        Kind::Speed => (Reject, Reject, Reject, Doubt, "sped up, slowed or otherwise altered"),
        Kind::Clean => (Reject, Reject, Doubt, Allow, "a clean version"),
        Kind::Explicit => (Allow, Allow, Allow, Allow, "explicit"),
        Kind::Language => (Reject, Reject, Reject, Doubt, "in another language"),
        Kind::Mono => (Doubt, Doubt, Allow, Allow, "mono"),
        Kind::Stereo => (Allow, Allow, Allow, Allow, "stereo"),
        Kind::Remaster => (Allow, Allow, Allow, Allow, "a remaster"),
        Kind::Reprise => (Reject, Reject, Doubt, Allow, "a reprise"),
        Kind::Medley => (Reject, Reject, Doubt, Allow, "mixed into others"),
        Kind::Named => (Reject, Reject, Reject, Doubt, "another version"),
    };
    Rule { extra, missing, differing, vaguer, name }
}

/// One kind a text claims, with its particulars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) kind: Kind,
    /// Folded words that tell this one from others of its kind: remixer, venue and year, language, take number.
    pub(crate) particulars: Vec<String>,
}

/// How two sets of claims differ in one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) kind: Kind,
    pub(crate) verdict: Verdict,
    pub(crate) says: String,
}

/// The differences between what is wanted and what an offer claims to be.
pub(crate) fn differences(wanted: &[Claim], offer: &[Claim]) -> Vec<Difference> {
    let mut kinds: Vec<Kind> = wanted.iter().chain(offer).map(|claim| claim.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
        .into_iter()
        .filter_map(|kind| difference(kind, &gather(wanted, kind), &gather(offer, kind)))
        .collect()
}

fn gather(claims: &[Claim], kind: Kind) -> Option<Vec<&str>> {
    let mut found = None;
    for claim in claims.iter().filter(|claim| claim.kind == kind) {
        let words: &mut Vec<&str> = found.get_or_insert_with(Vec::new);
        words.extend(claim.particulars.iter().map(String::as_str));
    }
    found
}

fn difference(kind: Kind, wanted: &Option<Vec<&str>>, offer: &Option<Vec<&str>>) -> Option<Difference> {
    let rule = rule(kind);
    let name = rule.name;
    let (verdict, says) = match (wanted, offer) {
        (None, None) => return None,
        (None, Some(_)) if kind == Kind::Remaster => (rule.extra, "a remaster of it".to_owned()),
        (Some(_), None) if kind == Kind::Remaster => (rule.missing, "not marked as the remaster".to_owned()),
        (None, Some(_)) => (rule.extra, format!("{name}, but the plain recording is wanted")),
        (Some(_), None) => (rule.missing, format!("not marked as {name}, which is wanted")),
        (Some(a), Some(b)) if a == b => return None,
        (Some(a), Some(b)) if (a.is_empty() || b.is_empty()) && !tells_apart(kind, a, b) => {
            (rule.vaguer, format!("{name}, but only one side says which"))
        }
        (Some(a), Some(b)) if tells_apart(kind, a, b) => (rule.differing, format!("{name}, but another one")),
        (Some(a), Some(b)) => match likeness(a, b) {
            Likeness::Same => return None,
            Likeness::Part => (rule.vaguer, format!("{name}, described differently")),
            Likeness::Other => (rule.differing, format!("{name}, but another one")),
        },
    };
    Some(Difference { kind, verdict, says })
}

/// Whether one side alone has a word that always makes another recording: a remixer's dub or second mix.
fn tells_apart(kind: Kind, a: &[&str], b: &[&str]) -> bool {
    const STYLES: &[&str] = &["dub", "vip", "flip", "refix", "bootleg", "mashup", "rework", "club", "radio"];
    let counted = |word: &str| word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    let telling = |word: &&&str| STYLES.contains(word) || counted(word);
    let only =
        |ours: &[&str], theirs: &[&str]| ours.iter().any(|word| telling(&word) && !theirs.contains(word));
    kind == Kind::Remix && (only(a, b) || only(b, a))
}

#[derive(Debug, PartialEq, Eq)]
enum Likeness {
    Same,
    Part,
    Other,
}

/// Compares particulars: equal but for typos, one contained in the other, or different. Two remixers or places whose
/// names differ by a letter in a short word are two; only what can hardly be another word is a typo.
fn likeness(a: &[&str], b: &[&str]) -> Likeness {
    if a.concat() == b.concat() {
        return Likeness::Same;
    }
    let all_in =
        |few: &[&str], many: &[&str]| few.iter().all(|word| many.iter().any(|other| same_word(word, other)));
    match (all_in(a, b), all_in(b, a)) {
        (true, true) => Likeness::Same,
        (true, false) | (false, true) => Likeness::Part,
        (false, false) => Likeness::Other,
    }
}

/// Months are printed short and long.
fn same_word(a: &str, b: &str) -> bool {
    let month = |word: &str| MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(word));
    a == b || only_typos(a, b) || month(a).is_some_and(|one| month(b) == Some(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::normalise::fold;
    use crate::versions::claims::claims_of_segment;

    fn worst(wanted: &str, offer: &str) -> Option<Verdict> {
        let of = |text: &str| claims_of_segment(&fold(text), text);
        differences(&of(wanted), &of(offer)).into_iter().map(|d| d.verdict).max()
    }

    #[test]
    fn both_directions_are_told() {
        assert_eq!(worst("", "Live"), Some(Verdict::Reject));
        assert_eq!(worst("Live", ""), Some(Verdict::Reject));
        assert_eq!(worst("", "2011 Remaster"), Some(Verdict::Allow));
        assert_eq!(worst("Radio Edit", ""), Some(Verdict::Doubt));
        assert_eq!(worst("Explicit", ""), Some(Verdict::Allow));
        assert_eq!(worst("", "Clean"), Some(Verdict::Reject));
        assert_eq!(worst("Spanish Version", "French Version"), Some(Verdict::Reject));
    }

    #[test]
    fn remixers_and_places_are_told_apart_to_the_letter() {
        for (one, other) in [
            ("Ana Remix", "Bela Remix"),
            ("Ana Remix", "Ann Remix"),
            ("Lisk Remix", "Lisp Remix"),
            ("Tarn Bell Remix", "Tarn Ball Remix"),
            ("Live at Fenmoor", "Live at Fenmore"),
            ("Live 1998", "Live 1999"),
            ("Take 3", "Take 4"),
            ("Tarn Remix", "Tarn Dub"),
        ] {
            assert!(worst(one, other) >= Some(Verdict::Doubt), "{one} / {other}");
            assert!(worst(other, one) >= Some(Verdict::Doubt), "{other} / {one}");
        }
        for (one, other) in [
            ("Ana Remix", "Ana Remix"),
            ("Tarn Bell Remix", "TarnBell Remix"),
            ("Molander Quistgaard Remix", "Molander Quistgarad Remix"),
            ("Live at Fenmoor", "Live in Fenmoor"),
            ("Live at Fenmoor, Sept. 1998", "Live at Fenmoor, September 1998"),
        ] {
            assert_eq!(worst(one, other), None, "{one} / {other}");
        }
        assert_eq!(worst("Downey Mix", "Downey Mix 2"), Some(Verdict::Reject));
        assert_eq!(worst("Lisk Remix", "Lisk Dub"), Some(Verdict::Reject));
        assert_eq!(worst("Remix", "Lisk Remix"), Some(Verdict::Doubt));
    }
}
