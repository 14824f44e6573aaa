//! Files as they are on the server: `Download`, or where the user may not, the stream that is not converted.

use std::path::Path;

use ferrotape_domain::{Cancel, Fault, FaultKind, Fetched, RemoteOffer};

use super::calls::Server;
use crate::net::{Download, Got, Reply};

/// No track has more bytes.
const MOST_BYTES: u64 = 8 << 30;

/// What is fetched, and to where.
pub(super) struct Wish<'a> {
    pub(super) offer: &'a RemoteOffer,
    pub(super) to: &'a Path,
    pub(super) came: &'a (dyn Fn(u64) + Sync),
}

pub(super) fn fetch(server: &Server, wish: &Wish, cancel: &Cancel) -> Result<Fetched, Fault> {
    let id = wish.offer.id.as_str();
    let refused = match by(server, &["Items", id, "Download"], &[], wish, cancel)? {
        Ok(fetched) => return Ok(fetched),
        Err(reply) => reply,
    };
    if !matches!(refused.status, 403..=405) {
        return Err(no_file(server, &refused));
    }
    let raw = by(server, &["Audio", id, "stream"], &[("static", "true")], wish, cancel)?;
    raw.map_err(|reply| match (reply.status, refused.status) {
        // That it may not be downloaded says more than that it is not streamed.
        (404, 403) => no_file(server, &refused),
        _ => no_file(server, &reply),
    })
}

fn by(
    server: &Server,
    steps: &[&str],
    fields: &[(&str, &str)],
    wish: &Wish,
    cancel: &Cancel,
) -> Result<Result<Fetched, Reply>, Fault> {
    let download = Download {
        request: server.request(steps, fields)?,
        to: wish.to,
        size: wish.offer.size,
        sums: &wish.offer.sums,
        max_bytes: MOST_BYTES,
        came: wish.came,
    };
    Ok(match server.net.download_or_else(&download, cancel)? {
        Got::File(fetched) => Ok(fetched),
        Got::Else(reply) => Err(reply),
    })
}

fn no_file(server: &Server, reply: &Reply) -> Fault {
    match reply.status {
        401 | 403 => server.refused(reply.status),
        404 | 410 => server.fault(FaultKind::Permanent, "the track is not on the server any more"),
        status => {
            let kind: String =
                reply.media_type().chars().filter(|char| !char.is_control()).take(60).collect();
            let reason = format!(
                "it sends something else instead of the file (status {status}, {kind}) – see whether it plays there"
            );
            server.fault(FaultKind::Permanent, reason)
        }
    }
}
