//! Whether two titles name one recording, as far as titles tell.

use crate::readings::paths::without_track_number;
use crate::readings::title::Title;
use crate::texts::normalise::fold;
use crate::versions::table::{Claim, Kind};

/// Whether two titles are one but for a track's number before it, guests that only one names, marks of a remaster, and how they
/// are written: `Neap` and `03 Neap (feat. Bob) - 2011 Remaster`.
pub fn are_one_title(one: &str, other: &str) -> bool {
    // Where both are numbered, the numbers may be all that tells them apart.
    are_read_as_one(one, other)
        || numbered(one).is_some_and(|name| are_read_as_one(name, other))
        || numbered(other).is_some_and(|name| are_read_as_one(one, name))
}

fn are_read_as_one(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(Title::parse);
    let guests = |title: &Title| fold(&title.guests.join(" "));
    let may_be_guests = one.guests.is_empty() || other.guests.is_empty() || guests(&one) == guests(&other);
    may_be_guests
        && !one.base.is_empty()
        && one.whole() == other.whole()
        && one.films == other.films
        && holds_claims(&one.claims, &other.claims)
        && holds_claims(&other.claims, &one.claims)
}

/// Whether all that `other` claims to be, `one` does, too.
fn holds_claims(one: &[Claim], other: &[Claim]) -> bool {
    other.iter().all(|claim| claim.kind == Kind::Remaster || one.contains(claim))
}

/// The title behind what surely is a track's number: `03 Neap`, `3. Neap`, but not `10 Miles`.
fn numbered(title: &str) -> Option<&str> {
    let title = title.trim();
    let behind = title.trim_start_matches(|letter: char| letter.is_ascii_digit()).trim_start();
    let is_sure = title.starts_with('0') || behind.starts_with(['.', '-', ')', '_']);
    let name = without_track_number(title);
    (is_sure && name != title).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_one_recording_are_written_in_many_ways() {
        let table = [
            ("Neap", "Neap - 2011 Remaster", true),
            ("Neap", "NEAP (Remastered)", true),
            ("Gull", "Gull (feat. Bob)", true),
            ("Marsh", "03 Marsh", true),
            ("Marsh", "3. Marsh", true),
            ("Otter, Pt. 1", "Otter (Part 1)", true),
            ("Don't Go", "Don’t Go", true),
            ("Ebb", "Flood", false),
            ("Ebb", "Ebb (Live)", false),
            ("Ebb", "Ebb - Instrumental", false),
            ("Gull (feat. Bob)", "Gull (feat. Mara Quill)", false),
            ("01 Interlude", "02 Interlude", false),
            ("10 Miles", "Miles", false),
            ("Otter, Pt. 1", "Otter, Pt. 2", false),
        ];
        for (one, other, are) in table {
            let both = (are_one_title(one, other), are_one_title(other, one));
            assert_eq!(both, (are, are), "{one} / {other}");
        }
    }
}
