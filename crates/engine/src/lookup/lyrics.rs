//! Lyrics of the recordings that a file answers and that has none of its own.

use ferrotape_domain::{LyricsArchive, MayKnow, Offer, Phase, SungTrack, Wanted, WantedKind};
use ferrotape_matching::album_tells_another_version;

use super::{Cannot, LookupRequest, Patience, Question, ServiceAsked, known, subject_of};
use crate::convert::lyrics_beside;
use crate::matching::{Answer, Matching};
use crate::{Context, EngineError};

pub(super) fn ask(
    archive: &dyn LyricsArchive,
    matching: &Matching,
    request: &LookupRequest,
    context: &Context,
) -> Result<ServiceAsked, EngineError> {
    let name = archive.name();
    let known = known(name, request, context)?;
    let mut cannot = Cannot::default();
    let mut open = sung(matching, &mut cannot);
    open.retain(|(id, _)| !known.contains(&subject_of(*id)));
    let mut asked =
        ServiceAsked { cannot: cannot.0, ..ServiceAsked::new(name, Question::Lyrics, open.len()) };
    open.truncate(request.most);
    let mut patience = Patience::default();
    context.started(Phase::Ask, Some(open.len() as u64));
    for (id, track) in &open {
        if context.cancel.is_stopped() {
            break;
        }
        let may_be_of =
            |album: &str| !album_tells_another_version(&track.title, track.album.as_deref(), album);
        match archive.lyrics(track, &may_be_of, context.cancel) {
            Ok(found) => {
                patience.well();
                let kept = found.as_ref().map(|found| (found, track.duration));
                context.library.keep_lyrics(name, *id, kept, context.now)?;
                asked.answered(found.is_some(), context);
            }
            Err(fault) => {
                let of = format!("{} – {}", track.artist, track.title);
                if !patience.goes_on(&mut asked, of, fault) {
                    break;
                }
            }
        }
    }
    context.finished(Phase::Ask);
    Ok(asked)
}

/// The recordings, as they are looked up.
fn sung(matching: &Matching, cannot: &mut Cannot) -> Vec<(i64, SungTrack)> {
    let mut sung = Vec::new();
    for one in matching.matched.iter().filter(|one| one.wanted.wanted.kind == WantedKind::Recording) {
        let Answer::File(found) = &one.answer else { continue };
        let needs_none = |offer: &&Offer| {
            offer.part.is_some() || offer.tags.lyrics.is_some() || lyrics_beside(&offer.path).is_file()
        };
        let Some(offer) = matching.offer(found.file_id).filter(|offer| !needs_none(offer)) else { continue };
        match track(offer, &one.wanted.wanted) {
            Some(track) => sung.push((one.wanted.id, track)),
            None => drop(cannot.may_know(MayKnow::NothingToAskBy("title with artist and length"))),
        }
    }
    sung
}

/// The words of the wanted thing, and the playing time of the file: times of lines must fit what plays.
fn track(offer: &Offer, wanted: &Wanted) -> Option<SungTrack> {
    let artist = wanted.artists.first().unwrap_or_default().to_owned();
    let duration = offer.facts.duration.or(wanted.duration)?;
    let (title, album) = (wanted.title.clone(), wanted.release.clone());
    let has_names = !title.is_empty() && !artist.is_empty();
    has_names.then_some(SungTrack { title, artist, album, duration })
}
