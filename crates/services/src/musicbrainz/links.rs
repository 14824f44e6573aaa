//! Many Spotify links in one question: which recordings and releases they are links of.

use std::collections::HashMap;

use ferrotape_domain::{Cancel, Fault, FaultKind, Mbid, SpotifyKind, SpotifyUri, Wanted, WantedKind};

use super::wire::{Entity, OfLinks, says_none, the_one};
use super::{MusicBrainz, NAME};
use crate::answers::{answer, no_answer};

/// Links that one question may have; half of it where its length is refused.
pub(super) const AT_ONCE: usize = 100;

/// What MusicBrainz knows of links: recordings and releases by the link. A link that is not in here was not asked.
#[derive(Default)]
pub(super) struct Linked(HashMap<String, Vec<Entity>>);

impl Linked {
    /// Asks for these links, so many at once; fewer from then on where that is too many. A fault stops nothing: what was told
    /// before it is there.
    pub(super) fn ask(
        service: &MusicBrainz,
        links: impl Iterator<Item = String>,
        at_once: &mut usize,
        cancel: &Cancel,
    ) -> (Self, Option<Fault>) {
        let mut links: Vec<String> = links.collect();
        links.sort();
        links.dedup();
        let (mut linked, mut fault) = (Self::default(), None);
        let mut rest = links.as_slice();
        while !rest.is_empty() && !cancel.is_stopped() {
            let (batch, later) = rest.split_at((*at_once).min(rest.len()));
            match linked.batch(service, batch, cancel) {
                _ if cancel.is_stopped() => break,
                Ok(true) => {}
                Ok(false) if batch.len() > AT_ONCE / 2 => {
                    *at_once = AT_ONCE / 2;
                    continue;
                }
                Ok(false) => fault = fault.or_else(|| Some(refused())),
                Err(trouble) => fault = fault.or(Some(trouble)),
            }
            rest = later;
        }
        (linked, fault)
    }

    /// Whether the question was taken.
    fn batch(&mut self, service: &MusicBrainz, links: &[String], cancel: &Cancel) -> Result<bool, Fault> {
        let mut parameters: Vec<(&str, &str)> =
            links.iter().map(|link| ("resource", link.as_str())).collect();
        parameters.push(("inc", "recording-rels release-rels"));
        let request = MusicBrainz::request(&["url"], &parameters)?;
        let reply = answer(&service.net, &request, says_none, cancel)?.ok_or_else(|| no_answer(&request))?;
        let answer: OfLinks = match reply.status {
            _ if reply.is_ok() => serde_json::from_slice(&reply.body).map_err(|_| refused())?,
            _ if reply.is_none() => OfLinks::default(),
            400 | 413 | 414 | 431 => return Ok(false),
            _ => return Err(refused()),
        };
        // What stood in tells what links are of, but of none that it is of nothing.
        if reply.stale.is_none() {
            self.0.extend(links.iter().map(|link| (link.clone(), Vec::new())));
        }
        for (link, entities) in answer.by_link().into_iter().filter(|(_, entities)| !entities.is_empty()) {
            self.0.entry(link).or_default().extend(entities);
        }
        match reply.stale {
            Some(stale) if !links.iter().all(|link| self.knows_of(link)) => Err(stale.into_fault()),
            _ => Ok(true),
        }
    }

    /// Whether the link was asked for and answered.
    pub(super) fn knows_of(&self, link: &str) -> bool {
        self.0.contains_key(link)
    }

    /// The one thing that the wanted thing's link is a link of.
    pub(super) fn mbid_of(&self, wanted: &Wanted) -> Option<Mbid> {
        self.the_one(&own(wanted)?, wanted.kind == WantedKind::Release, &wanted.title)
    }

    /// The one release that its album's link is a link of.
    pub(super) fn album_of(&self, wanted: &Wanted) -> Option<Mbid> {
        self.the_one(&of_album(wanted)?, true, wanted.release.as_deref().unwrap_or_default())
    }

    fn the_one(&self, link: &str, is_release: bool, title: &str) -> Option<Mbid> {
        // Links are put to the wrong thing now and then, so the title must agree, too.
        let all = self.0.get(link)?.iter().filter(|entity| entity.is_release == is_release);
        the_one(all.cloned().collect(), title)?.mbid()
    }
}

/// The link of a recording or release that is asked for: of one whose id is known none.
pub(super) fn own(wanted: &Wanted) -> Option<String> {
    match wanted.kind {
        WantedKind::Recording if wanted.recording_mbid.is_none() => {
            link(wanted.spotify.as_ref(), SpotifyKind::Track)
        }
        WantedKind::Release => link(wanted.spotify.as_ref(), SpotifyKind::Album),
        _ => None,
    }
}

/// The link of the album that a recording is wanted on.
pub(super) fn of_album(wanted: &Wanted) -> Option<String> {
    let album = wanted.spotify_release.as_ref().filter(|_| wanted.kind == WantedKind::Recording);
    link(album, SpotifyKind::Album)
}

fn link(uri: Option<&SpotifyUri>, kind: SpotifyKind) -> Option<String> {
    uri.filter(|uri| uri.kind == kind).map(SpotifyUri::web_address)
}

fn refused() -> Fault {
    let reason = "it does not understand the question about links".to_owned();
    Fault { source: NAME.to_owned(), kind: FaultKind::Permanent, reason }
}
