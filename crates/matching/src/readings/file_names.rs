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
    let stem = PathWords::stem_of(path);
    let text = if stem.contains(' ') { stem.into_owned() } else { stem.replace(['-', '_'], " ") };
    let folded = fold(without_track_number(&text));
    let spelt = folded.split(' ').filter(|word| !is_track_number(word)).collect::<String>();
    let (wanted, album) = (squash(&title), squash(&sought.album.folded));
    let tells = |artist: &str| {
        let orders = [
            [artist, "", &wanted],
            [&wanted, "", artist],
            [artist, &album, &wanted],
            [&album, artist, &wanted],
        ];
        artist.chars().count() >= 3 && orders.iter().any(|order| order.concat() == spelt)
    };
    let artist = sought.names.0.iter().find(|name| tells(&squash(&name.folded)))?;
    Some((artist.folded.clone(), title))
}

fn is_track_number(word: &str) -> bool {
    word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit())
}
