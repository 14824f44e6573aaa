//! Deezer: how long a recording is and which track it is there, by ISRC.
//!
//! ISRCs are given to the wrong recording now and then, so the title and the first artist must agree as well. Trouble is told
//! inside good answers. Of an answer only what is used is kept: it names a preview, which is not ours to have. Rejected: its
//! search by names, which finds something for everything.

mod wire;

use std::time::Duration;

use ferrotape_domain::{
    Cancel, Fact, Fault, Isrc, Known, KnownBy, MayKnow, RecordingRegister, Wanted, WantedKind,
};

use crate::answers::{NEVER, SEARCHED, ask, bare, folded, own_address, same_title};
use crate::net::{Line, Net, Request};
use wire::Track;

/// Its name, and that of its line.
pub const NAME: &str = "deezer";
/// It takes fifty questions in five seconds.
const GAP: Duration = Duration::from_millis(110);
/// Answers are much smaller.
const LARGEST: u64 = 1 << 20;
/// What is longer is no recording.
const LONGEST: u64 = 48 * 3600;

/// The service.
#[derive(Debug, Clone)]
pub struct Deezer {
    net: Net,
}

impl Deezer {
    /// Asked through `net`.
    pub fn new(net: Net) -> Self {
        Self { net }
    }

    fn ask(&self, wanted: &Wanted, isrc: &Isrc, cancel: &Cancel) -> Result<Vec<(Fact, KnownBy)>, Fault> {
        let code = format!("isrc:{}", isrc.as_str());
        let address = own_address(NAME, "https://api.deezer.com/track")?.below([code.as_str()]);
        let request = Request::get(&Line::public(NAME, GAP), address)
            .kept(SEARCHED)
            .keeping(wire::pared)
            .unless_told(wire::told);
        let request = Request { max_bytes: LARGEST, ..request };
        let track: Option<Track> = ask(&self.net, &request, NEVER, cancel)?;
        let track = track.filter(|track| agrees(track, wanted, isrc));
        Ok(track.map(|track| facts(&track)).unwrap_or_default())
    }
}

/// The ISRC to ask by; `None` where nothing that comes back could be told from another recording.
fn isrc_of(wanted: &Wanted) -> Option<&Isrc> {
    let has_names = !folded(bare(&wanted.title)).is_empty()
        && wanted.artists.first().is_some_and(|artist| !folded(artist).is_empty());
    wanted.isrc.as_ref().filter(|_| wanted.kind == WantedKind::Recording && has_names)
}

fn agrees(track: &Track, wanted: &Wanted, isrc: &Isrc) -> bool {
    let same_title = track.title.first().is_some_and(|own| same_title(own, &wanted.title));
    let artists = [wanted.artists.first().unwrap_or_default(), &wanted.artists.to_string()].map(folded);
    let same_artist = track.artist.name.first().is_some_and(|own| artists.contains(&folded(own)));
    let other_code = track.isrc.first().is_some_and(|own| Isrc::parse(own).as_ref() != Ok(isrc));
    same_title && same_artist && !other_code
}

fn facts(track: &Track) -> Vec<(Fact, KnownBy)> {
    let length = track.duration.number().filter(|seconds| (1..=LONGEST).contains(seconds));
    let number = track.id.number().filter(|number| *number > 0);
    let facts = [length.map(Duration::from_secs).map(Fact::Length), number.map(Fact::DeezerTrack)];
    facts.into_iter().flatten().map(|fact| (fact, KnownBy::Isrc)).collect()
}

impl RecordingRegister for Deezer {
    fn name(&self) -> &str {
        NAME
    }

    /// It has a length to add, and nothing else that is of use.
    fn may_know(&self, wanted: &Wanted) -> MayKnow {
        match isrc_of(wanted) {
            _ if wanted.duration.is_some() || wanted.kind != WantedKind::Recording => MayKnow::NothingNew,
            Some(_) => MayKnow::Yes,
            None => MayKnow::NothingToAskBy("ISRC with title and artist"),
        }
    }

    fn identify(
        &self,
        wanted: &[&Wanted],
        cancel: &Cancel,
        known: &mut dyn FnMut(Known),
    ) -> Result<(), Fault> {
        let mut fault: Option<Fault> = None;
        let askable = wanted.iter().enumerate().filter_map(|(at, one)| Some((at, *one, isrc_of(one)?)));
        for (at, one, isrc) in askable {
            // After a fault the rest may still be known from earlier; a line that is down answers at once.
            let asked = self
                .net
                .surely(|facts: &Vec<_>| !facts.is_empty(), |net| Self::new(net).ask(one, isrc, cancel));
            match asked {
                _ if cancel.is_stopped() => break,
                Ok(facts) => known(Known { at, facts }),
                Err(trouble) => fault = fault.or(Some(trouble)),
            }
        }
        fault.map_or(Ok(()), Err)
    }
}
