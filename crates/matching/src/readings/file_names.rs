//! File names that only what is wanted can take apart: `oda-brenn-ember-railway.mp3`, `Ember Railway (Oda Brenn).mp3`,
//! `Oda Brenn - Cinders - 03 - Ember Railway.mp3`.
//!
//! Nothing in such a name tells where the artist ends. Read for one wanted recording it is plain: nothing but its
//! artist, its title and its album may stand there, so a `live` or `remix` more makes it no reading at all.

use crate::readings::describe::Sought;
use crate::readings::paths::{PathWords, without_track_number};
use crate::texts::normalise::{fold, squash};

/// The artist and title that a file name without tags spells, when it spells exactly what is sought.
pub(crate) fn spelt_out(path: &str, sought: &Sought) -> Option<(String, String)> {
    let title = sought.title.whole();
    if title.is_empty() || !sought.title.claims.is_empty() {
        return None;
    }
    let spelt = spellings(path);
    let (wanted, album) = (squash(&title), squash(&sought.album.folded));
    let tells = |artist: &str| {
        let orders = [
            [artist, "", &wanted],
            [&wanted, "", artist],
            [artist, &album, &wanted],
            [&album, artist, &wanted],
        ];
        artist.chars().count() >= 3 && orders.iter().any(|order| spelt.contains(&order.concat()))
    };
    let artist = sought.names.0.iter().find(|name| tells(&squash(&name.folded)))?;
    Some((artist.folded.clone(), title))
}

/// The name's words without spaces: without any that may be a track's number, without the first one, with all of them, and
/// without one number each. `99` may begin a title as well, also behind a track's number: `05 - 21 Answers`.
fn spellings(path: &str) -> Vec<String> {
    let cut = separated(&PathWords::stem_of(path));
    let bare = fold(without_track_number(&cut));
    let unnumbered = bare.split(' ').filter(|word| !is_track_number(word)).collect::<String>();
    let whole = fold(&separated(&PathWords::numbered_stem_of(path)));
    let mut spelt = vec![unnumbered, squash(&fold(&cut)), squash(&whole)];
    let words: Vec<&str> = whole.split(' ').collect();
    let is_number = |at: usize| words.get(at).is_some_and(|word| is_track_number(word));
    // Of two that follow each other the first is the track's, and what ends the name is none.
    let may_be_left_out = |at: &usize| is_number(*at) && !(*at > 0 && is_number(*at - 1));
    for number in (0..words.len().saturating_sub(1)).filter(may_be_left_out).take(MOST_NUMBERS) {
        let others = words.iter().enumerate().filter(|(at, _)| *at != number);
        spelt.push(others.map(|(_, word)| *word).collect());
    }
    spelt
}

/// Numbers in a name that are looked at; more are hostile.
const MOST_NUMBERS: usize = 4;

/// With spaces between the words of a name that has none.
fn separated(stem: &str) -> String {
    if stem.contains(' ') { stem.to_owned() } else { stem.replace(['-', '_'], " ") }
}

fn is_track_number(word: &str) -> bool {
    word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit())
}
