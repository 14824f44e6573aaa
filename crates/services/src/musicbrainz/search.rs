//! The search by title, artist and playing time, and when what it finds is the wanted recording.

use std::time::Duration;

use ferrotape_domain::{Cancel, Fault, Wanted, WantedKind};

use super::MusicBrainz;
use super::wire::{Entity, OfSearch};
use crate::answers::{folded, without_guests};

/// Lengths that differ by less are of one recording, if all else agrees.
const NEAR: Duration = Duration::from_secs(2);
/// The most hits that one answer may have; where there are more, nobody knows whether one is the only one.
const MOST_HITS: &str = "100";
/// What is longer is no name.
const MOST_CHARS: usize = 200;

/// What is searched by.
struct Names {
    title: String,
    artist: String,
    length: Duration,
}

/// Title, artist and length, where all three are known.
fn names(wanted: &Wanted) -> Option<Names> {
    let title = without_guests(&wanted.title);
    let artist = wanted.artists.first().unwrap_or_default().to_owned();
    let length = wanted.duration.filter(|length| *length > NEAR)?;
    let sound = wanted.kind == WantedKind::Recording && !folded(&title).is_empty();
    (sound && !folded(&artist).is_empty()).then_some(Names { title, artist, length })
}

/// Whether enough is known of it to search.
pub(super) fn may_find(wanted: &Wanted) -> bool {
    names(wanted).is_some()
}

/// The only recording of the title, artist and length.
pub(super) fn find(service: &MusicBrainz, wanted: &Wanted, cancel: &Cancel) -> Result<Option<Entity>, Fault> {
    let Some(names) = names(wanted) else { return Ok(None) };
    let request = MusicBrainz::request(&["recording"], &[("query", &query(&names)), ("limit", MOST_HITS)])?;
    let answer: Option<OfSearch> = service.ask(&request, cancel)?;
    Ok(the_only(answer.unwrap_or_default(), &names, wanted))
}

fn query(names: &Names) -> String {
    let (least, most) = (names.length.saturating_sub(NEAR).as_millis(), (names.length + NEAR).as_millis());
    let (title, artist) = (quoted(&names.title), quoted(&names.artist));
    format!("recording:{title} AND artist:{artist} AND dur:[{least} TO {most}]")
}

/// A text as a phrase in which nothing means anything to the search's language.
fn quoted(text: &str) -> String {
    let mut phrase = String::from("\"");
    for letter in text.chars().take(MOST_CHARS) {
        match letter {
            _ if letter.is_control() => phrase.push(' '),
            '+' | '-' | '&' | '|' | '!' | '(' | ')' | '{' | '}' | '[' | ']' | '^' | '"' | '~' | '*' | '?'
            | ':' | '\\' | '/' => phrase.extend(['\\', letter]),
            _ => phrase.push(letter),
        }
    }
    phrase.push('"');
    phrase
}

fn the_only(answer: OfSearch, names: &Names, wanted: &Wanted) -> Option<Entity> {
    let told = answer.recordings.0.len() as u64;
    if answer.count.number().is_some_and(|count| count > told) {
        return None;
    }
    let mut fitting: Vec<Entity> = Vec::new();
    for hit in answer.recordings.0 {
        let is_new = fitting.iter().all(|known| known.mbid() != hit.mbid());
        if is_new && hit.mbid().is_some() && agrees(&hit, names, wanted) {
            fitting.push(hit);
        }
    }
    if fitting.len() == 1 { fitting.pop() } else { None }
}

/// Films of a recording are recordings of their own, and none that is wanted.
fn agrees(hit: &Entity, names: &Names, wanted: &Wanted) -> bool {
    let title = hit.title.first().map(without_guests).unwrap_or_default();
    let near = hit.length().is_some_and(|length| length.abs_diff(names.length) <= NEAR);
    near && !hit.video.is_true() && folded(&title) == folded(&names.title) && is_by(hit, wanted)
}

/// Whether its first artist is the wanted thing's: as printed there, by the artist's own name, or all of them in one.
fn is_by(hit: &Entity, wanted: &Wanted) -> bool {
    let credits = &hit.credit.0;
    let Some(first) = credits.first() else { return false };
    let joined: String =
        credits.iter().flat_map(|one| [one.name.first(), one.joinphrase.first()]).flatten().collect();
    let own = [first.name.first(), first.artist.name.first(), Some(joined.as_str())];
    let wanted = [wanted.artists.first().unwrap_or_default(), &wanted.artists.to_string()].map(folded);
    own.into_iter().flatten().map(folded).any(|own| !own.is_empty() && wanted.contains(&own))
}
