//! Files whose name and tags contradict each other: `Mara Quill - Undertow.mp3`, tagged as `Lanterns` by Mara Quill.

use ferrotape_domain::is_placeholder;

use crate::readings::describe::{Album, From, Reading};
use crate::readings::names::{Agreement, Names};
use crate::readings::paths::PathWords;
use crate::readings::title::Title;
use crate::search::collection::File;
use crate::texts::normalise::{edits, fold, squash, typo_allowance};

/// The title that a file's name plainly gives where the tags give another by the same artist.
pub(crate) fn named_otherwise(file: &File<'_>, reading: &Reading, album: &Album) -> Option<String> {
    if reading.from != From::Tags {
        return None;
    }
    let stem = PathWords::stem_of(file.path);
    let (first, second) = stem.split_once(" - ").filter(|(_, second)| !second.contains(" - "))?;
    let artists = reading.names();
    let is_artist =
        |text: &str| artists.agreement(&Names::of(std::iter::once(text)), usize::MAX) >= Agreement::Alias;
    let named = match (is_artist(first), is_artist(second)) {
        (true, false) => second,
        (false, true) => first,
        _ => return None,
    };
    let folded = fold(named);
    let says_nothing = folded.bytes().all(|b| b.is_ascii_digit() || b == b' ') || is_placeholder(&folded);
    let is_album = folded == album.folded || folded == album.base;
    let other = !says_nothing && !is_album && are_apart(&Title::parse(named).base, &reading.title.whole());
    other.then(|| named.trim().to_owned())
}

/// Whether two folded titles have nothing in common. Another script may spell the same title.
fn are_apart(one: &str, other: &str) -> bool {
    let (a, b) = (squash(one), squash(other));
    let telling = |word: &&str| word.chars().count() > 3;
    let shared = one.split(' ').filter(telling).any(|word| other.split(' ').any(|known| known == word));
    let allowed = typo_allowance(a.chars().count().min(b.chars().count())) + 1;
    a.is_ascii()
        && b.is_ascii()
        && a.len().min(b.len()) > 2
        && !a.contains(&b)
        && !b.contains(&a)
        && !shared
        && edits(&a, &b, allowed).is_none()
}
