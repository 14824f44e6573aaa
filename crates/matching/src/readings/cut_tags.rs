//! Where a file's name is read beside its title's tag, the name may complete what the tag cuts off at 30 characters, and leave
//! nothing of it out: `Ember Railway (Karao` in `01 Oda Brenn - Ember Railway.mp3` is no plain `Ember Railway`.

use crate::readings::describe::{From, Reading};
use crate::readings::paths::without_track_number;
use crate::readings::title::Title;
use crate::texts::normalise::{fold, squash};

/// Adds to what was read from the name what the title's tag claims more, notes what it says beside, and drops readings whose
/// title is only the beginning of the tag's.
pub(crate) fn add_what_the_tag_says(readings: &mut Vec<Reading>, tag: &str) {
    if !readings.iter().any(is_of_name) {
        return;
    }
    let tag = without_track_number(tag);
    let told = Title::parse(tag);
    let (whole, base) = (squash(&fold(tag)), squash(&told.base));
    readings.retain(|reading| !is_of_name(reading) || !leaves_words_out(reading, &base));
    for reading in readings.iter_mut().filter(|reading| is_of_name(reading)) {
        let goes_on = squash(&reading.folded).starts_with(&whole);
        if !goes_on && squash(&reading.title.base) == base {
            add(reading, &told);
        }
    }
}

fn is_of_name(reading: &Reading) -> bool {
    matches!(reading.from, From::FileName | From::FileNameSwapped)
}

/// Whether the tag's title goes on where that of the name ends, with more than the artist.
fn leaves_words_out(reading: &Reading, base: &str) -> bool {
    let title = squash(&reading.title.whole());
    let rest = base.strip_prefix(&title).filter(|rest| !rest.is_empty() && !title.is_empty());
    rest.is_some_and(|rest| {
        let names = reading.own_names();
        !names.0.iter().map(|name| squash(&name.folded)).any(|name| !name.is_empty() && rest.contains(&name))
    })
}

fn add(reading: &mut Reading, told: &Title) {
    let is_bare = reading.title.subtitles.is_empty();
    let begun = told.begun_claim().filter(|_| is_bare);
    if is_bare && begun.is_none() {
        reading.unsaid = told.subtitles.first().cloned().unwrap_or_default();
    }
    for claim in told.claims.iter().chain(&begun) {
        if reading.title.claims.iter().all(|known| known.kind != claim.kind) {
            reading.title.claims.push(claim.clone());
        }
    }
}
