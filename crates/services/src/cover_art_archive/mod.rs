//! The Cover Art Archive: front covers of releases, by MusicBrainz's ids.
//!
//! A picture of 500 pixels is enough for any player. It leads on to archive.org, which the client follows like any address that
//! came from outside. Pictures are not kept among the answers; that there is none is.

use std::time::Duration;

use ferrotape_domain::{Cancel, CoverArchive, Fact, Fault, FaultKind};

use crate::answers::{answer, own_address};
use crate::net::{Keep, Line, Net, Request};

/// Its name, and that of its line.
pub const NAME: &str = "cover-art-archive";
/// It states no limit.
const GAP: Duration = Duration::from_millis(500);
/// The largest picture that is taken.
const LARGEST: u64 = 8 << 20;
/// Bytes of the page that says that there is none.
const LONGEST_PAGE: usize = 4096;
/// How JPEG and PNG begin.
const BEGINNINGS: [&[u8]; 2] = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"];
/// Only that there is none. It does not stand in when asking fails: there may be one by now.
const NONE_ALONE: Keep =
    Keep::For { fresh: Duration::ZERO, none: Duration::from_secs(7 * 24 * 3600), stale: Duration::ZERO };

/// The archive.
#[derive(Debug, Clone)]
pub struct CoverArtArchive {
    net: Net,
}

impl CoverArtArchive {
    /// Asked through `net`.
    pub fn new(net: Net) -> Self {
        Self { net }
    }
}

fn fault(reason: impl Into<String>) -> Fault {
    Fault { source: NAME.to_owned(), kind: FaultKind::Permanent, reason: reason.into() }
}

/// Its own words for a release, or a release group, without a front cover: “No cover art found for release …” on a short page;
/// and for an id that it does not know: “No release found with identifier …”.
fn says_none(body: &[u8]) -> bool {
    let page = body.get(..LONGEST_PAGE).unwrap_or(body);
    let says = String::from_utf8_lossy(page);
    [" found for release", " found with identifier"].iter().any(|words| says.contains(words))
}

impl CoverArchive for CoverArtArchive {
    fn name(&self) -> &str {
        NAME
    }

    fn front_cover(&self, of: &Fact, cancel: &Cancel) -> Result<Option<Vec<u8>>, Fault> {
        let (step, mbid) = match of {
            Fact::Release(mbid) => ("release", mbid),
            Fact::ReleaseGroup(mbid) => ("release-group", mbid),
            _ => return Ok(None),
        };
        let address =
            own_address(NAME, "https://coverartarchive.org")?.below([step, mbid.as_str(), "front-500"]);
        let request = Request::get(&Line::public(NAME, GAP), address)
            .header("accept", "image/jpeg, image/png")
            .kept(NONE_ALONE)
            .keeping(|_| None);
        let request = Request { max_bytes: LARGEST, ..request };
        let Some(reply) = answer(&self.net, &request, says_none, cancel)? else {
            return Err(fault("it says neither that it has a picture nor that it has none"));
        };
        match reply.status {
            _ if reply.is_none() => Ok(None),
            _ if !reply.is_ok() => Err(fault(format!("the picture cannot be had (status {})", reply.status))),
            _ if BEGINNINGS.iter().any(|beginning| reply.body.starts_with(beginning)) => Ok(Some(reply.body)),
            _ => Err(fault("it sends something else than a picture")),
        }
    }
}
