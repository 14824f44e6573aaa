//! Many Spotify links in one question: which recordings and releases they are links of.

use std::collections::HashMap;

use ferrotape_domain::{Cancel, Fault, FaultKind, Mbid, SpotifyKind, Wanted, WantedKind};

use super::wire::{Entity, OfLinks, the_one};
use super::{MusicBrainz, NAME};

/// Links that one question may have; half of it where its length is refused.
const AT_ONCE: usize = 100;

/// What MusicBrainz knows of links: recordings and releases by the link.
#[derive(Default)]
pub(super) struct Linked(HashMap<String, Vec<Entity>>);

impl Linked {
    /// Asks for the links of all things that have one. A fault stops nothing: what was told before it is there.
    pub(super) fn ask(service: &MusicBrainz, wanted: &[&Wanted], cancel: &Cancel) -> (Self, Option<Fault>) {
        let mut links: Vec<String> = wanted.iter().filter_map(|wanted| link_of(wanted)).collect();
        links.sort();
        links.dedup();
        let (mut linked, mut fault) = (Self::default(), None);
        for batch in links.chunks(AT_ONCE) {
            let asked = match linked.batch(service, batch, cancel) {
                Ok(true) => Ok(true),
                Ok(false) => batch
                    .chunks(AT_ONCE / 2)
                    .try_for_each(|half| match linked.batch(service, half, cancel)? {
                        true => Ok(()),
                        false => Err(refused()),
                    })
                    .map(|()| true),
                Err(trouble) => Err(trouble),
            };
            fault = fault.or(asked.err());
        }
        (linked, fault)
    }

    /// Whether the question was taken.
    fn batch(&mut self, service: &MusicBrainz, links: &[String], cancel: &Cancel) -> Result<bool, Fault> {
        let mut parameters: Vec<(&str, &str)> =
            links.iter().map(|link| ("resource", link.as_str())).collect();
        parameters.push(("inc", "recording-rels release-rels"));
        let reply = service.net.ask(&MusicBrainz::request(&["url"], &parameters)?, cancel)?;
        if reply.is_none() {
            return Ok(true);
        }
        if !reply.is_ok() {
            return if matches!(reply.status, 400 | 413 | 414 | 431) { Ok(false) } else { Err(refused()) };
        }
        let answer: OfLinks = serde_json::from_slice(&reply.body).map_err(|_| refused())?;
        for (link, entities) in answer.by_link() {
            self.0.entry(link).or_default().extend(entities);
        }
        Ok(true)
    }

    /// The one thing that the wanted thing's link is a link of.
    pub(super) fn mbid_of(&self, wanted: &Wanted) -> Option<Mbid> {
        let is_release = wanted.kind == WantedKind::Release;
        let all = self.0.get(&link_of(wanted)?)?;
        let mut fitting = all.iter().filter(|entity| entity.is_release == is_release);
        match fitting.clone().count() {
            0 | 1 => fitting.next_back()?.mbid(),
            _ => the_one(fitting.cloned().collect(), &wanted.title)?.mbid(),
        }
    }
}

/// The link that is asked for.
fn link_of(wanted: &Wanted) -> Option<String> {
    let kind = match wanted.kind {
        WantedKind::Recording => SpotifyKind::Track,
        WantedKind::Release => SpotifyKind::Album,
        _ => return None,
    };
    let known = wanted.kind == WantedKind::Recording && wanted.recording_mbid.is_some();
    let link = wanted.spotify.as_ref().filter(|link| link.kind == kind && !known)?;
    Some(link.web_address())
}

fn refused() -> Fault {
    let reason = "it does not understand the question about links".to_owned();
    Fault { source: NAME.to_owned(), kind: FaultKind::Permanent, reason }
}
