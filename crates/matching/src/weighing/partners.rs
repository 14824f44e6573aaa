//! With whom somebody plays: `Oda Brenn & Ben Otter` and `Oda Brenn & Cy Tarn` made two recordings.

use crate::classical::composers::composer;
use crate::readings::describe::{Reading, Sought};
use crate::readings::names::{Agreement, Name, Names};
use crate::texts::phrases::contains_phrase;

/// Whether each side names somebody the other does not: one artist in common, but another partner. Who plays
/// beside a composer is compared by itself.
pub(crate) fn are_others(sought: &Sought, reading: &Reading) -> bool {
    if !reading.beside().is_empty() {
        return false;
    }
    let ours = everybody(&sought.names, &sought.title.guests);
    let theirs = everybody(&reading.names(), &reading.title.guests);
    let unnamed = |own: &Names, other: &Names, other_title: &str| {
        own.0.iter().any(|name| !is_among(name, other) && !contains_phrase(other_title, &name.folded))
    };
    unnamed(&ours, &theirs, &reading.folded) && unnamed(&theirs, &ours, &sought.title_folded)
}

/// Whether both sides name composers, and none in common.
pub(crate) fn are_other_composers(sought: &Sought, offered: &Names) -> bool {
    let composers =
        |names: &Names| -> Vec<u16> { names.0.iter().filter_map(|name| composer(&name.folded)).collect() };
    let (ours, theirs) = (composers(&sought.names), composers(offered));
    !ours.is_empty() && !theirs.is_empty() && ours.iter().all(|one| !theirs.contains(one))
}

fn everybody(names: &Names, guests: &[String]) -> Names {
    let guests = Names::of(guests.iter().map(String::as_str));
    Names(names.0.iter().chain(&guests.0).cloned().collect())
}

/// A printed credit of several is among those it names, and `Quill, Ana` is Ana Quill.
fn is_among(name: &Name, others: &Names) -> bool {
    let alone = Names(vec![name.clone()]);
    alone.agreement(others, usize::MAX) >= Agreement::Part
        || name
            .folded
            .split(' ')
            .all(|word| others.0.iter().any(|one| one.folded.split(' ').any(|w| w == word)))
}
