//! Asking about a disc: AccurateRip once, MusicBrainz once; neither where the user does not want it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use ferrotape_domain::{Cancel, DiscRegister, DiscToc, DiscTrack, Fault, FaultKind, RipCheck, TagSet};

use super::accuraterip::{self, Known, toc_of};
use super::{musicbrainz, sums};
use crate::net::{Address, Keep, Line, Net, Reply, Request, Told};

const FRAMES_A_SECTOR: u64 = 588;

/// MusicBrainz' rule is one request a second.
const GAP: Duration = Duration::from_millis(1_100);

struct Asked {
    address: String,
    most: u64,
    is_json: bool,
}

/// A network that wants a sign-in first sends a page in place of everything; it must not be kept for the disc's answer.
fn told_by_a_page(body: &[u8]) -> Option<Told> {
    let is_page = body.trim_ascii_start().starts_with(b"<");
    is_page.then(|| Told::Passing("a web page came in place of its answer".to_owned()))
}

/// What others said of discs.
pub struct Register {
    net: Option<Net>,
    /// What AccurateRip said of the disc, or why it was not asked.
    known: Mutex<Option<(DiscToc, Result<Known, String>)>>,
}

impl Register {
    /// Asks by `net`; nobody where there is none.
    pub fn new(net: Option<Net>) -> Self {
        Self { net, known: Mutex::default() }
    }

    fn ask(&self, name: &str, what: Asked, cancel: &Cancel) -> Result<Option<Reply>, Fault> {
        let fault = |reason: String| Fault { source: name.to_owned(), kind: FaultKind::Permanent, reason };
        let Some(net) = &self.net else { return Err(fault("you asked for no lookup".to_owned())) };
        let line = Line::public(name, GAP);
        let mut request =
            Request::get(&line, Address::parse(&what.address).map_err(fault)?).kept(Keep::FACTS);
        request.max_bytes = what.most;
        if !what.is_json {
            request = request.header("accept", "*/*").unless_told(told_by_a_page);
        }
        let reply = net.ask(&request, cancel)?;
        if reply.is_none() {
            return Ok(None);
        }
        match reply.is_ok() {
            true => Ok(Some(reply)),
            false => Err(fault(format!("it answered with status {}", reply.status))),
        }
    }

    /// What AccurateRip has of a disc; empty where it has none.
    fn known_of(&self, disc: &DiscToc, cancel: &Cancel) -> Result<Known, String> {
        let mut known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, told)) = known.as_ref().filter(|(of, _)| of == disc) {
            return told.clone();
        }
        let told = self.ask_accuraterip(disc, cancel);
        *known = Some((disc.clone(), told.clone()));
        told
    }

    fn ask_accuraterip(&self, disc: &DiscToc, cancel: &Cancel) -> Result<Known, String> {
        let toc = toc_of(disc).ok_or("its table of contents makes no id")?;
        let address = accuraterip::address(&toc);
        let what = Asked { address, most: accuraterip::LARGEST, is_json: false };
        let reply = self.ask("accuraterip", what, cancel);
        match reply.map_err(|fault| fault.reason)? {
            Some(reply) => accuraterip::read(&toc, &reply.body),
            None => Ok(Vec::new()),
        }
    }
}

impl DiscRegister for Register {
    fn disc_id(&self, disc: &DiscToc) -> Option<String> {
        Some(toc_of(disc)?.musicbrainz_id().to_string())
    }

    fn check(&self, disc: &DiscToc, track: &DiscTrack, pcm: &Path, cancel: &Cancel) -> RipCheck {
        let known = match self.known_of(disc, cancel) {
            Ok(known) => known,
            Err(why) => return RipCheck::NotChecked(why),
        };
        let is = |end: Option<&DiscTrack>| end.is_some_and(|end| end.number == track.number);
        let frames = u64::from(track.sectors) * FRAMES_A_SECTOR;
        let (first, last) = (is(disc.tracks.first()), is(disc.tracks.last()));
        let sums = File::open(pcm).and_then(|pcm| sums::track_sums(pcm, frames, first, last));
        match sums {
            Ok(sums) => accuraterip::verdict(disc, track, sums, &known),
            Err(error) => RipCheck::NotChecked(error.to_string()),
        }
    }

    fn texts(&self, disc: &DiscToc, cancel: &Cancel) -> Result<Option<BTreeMap<u32, TagSet>>, Fault> {
        let Some(id) = self.disc_id(disc) else { return Ok(None) };
        let address = musicbrainz::address(&id);
        let what = Asked { address, most: musicbrainz::LARGEST, is_json: true };
        let reply = self.ask("musicbrainz", what, cancel)?;
        let Some(reply) = reply else { return Ok(None) };
        musicbrainz::read(&reply.body, &id, disc).map_err(|reason| Fault {
            source: "musicbrainz".to_owned(),
            kind: FaultKind::Permanent,
            reason,
        })
    }
}
