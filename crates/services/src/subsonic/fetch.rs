//! Files as they are on the server: `download`, or where that is not allowed `stream` in its raw form.
//!
//! `format=raw` goes along with both, because servers can be set to convert downloads, too. What is no file is told by
//! its media type; the size must be the original's.

use std::path::Path;
use std::sync::atomic::Ordering;

use ferrotape_domain::{Cancel, Fault, FaultKind, Fetched, RemoteOffer};

use super::answers::{GENERIC, NO_SUCH_CALL, NOT_ALLOWED, NOT_FOUND, Refusal, Said, read};
use super::calls::Server;
use crate::net::{Download, Got};

/// No track has more bytes.
const MOST_BYTES: u64 = 8 << 30;

/// What is fetched, and to where.
pub(super) struct Wish<'a> {
    pub(super) offer: &'a RemoteOffer,
    pub(super) to: &'a Path,
    pub(super) came: &'a (dyn Fn(u64) + Sync),
}

pub(super) fn fetch(server: &Server, wish: &Wish, cancel: &Cancel) -> Result<Fetched, Fault> {
    if !server.streams_only.load(Ordering::Relaxed) {
        match by(server, "download", wish, cancel)? {
            Ok(fetched) => return Ok(fetched),
            Err(refusal) if matches!(refusal.code, NOT_ALLOWED | GENERIC | NO_SUCH_CALL) => {}
            Err(refusal) => return Err(refused(server, &refusal)),
        }
        let fetched = by(server, "stream", wish, cancel)?.map_err(|refusal| refused(server, &refusal))?;
        server.streams_only.store(true, Ordering::Relaxed);
        return Ok(fetched);
    }
    by(server, "stream", wish, cancel)?.map_err(|refusal| refused(server, &refusal))
}

fn by(server: &Server, call: &str, wish: &Wish, cancel: &Cancel) -> Result<Result<Fetched, Refusal>, Fault> {
    let mut again = false;
    loop {
        let how = server.sign_in(cancel)?;
        let request = server.request(&how, call, &[("id", &wish.offer.id), ("format", "raw")])?;
        let shown = server.call_address(&how, call).with("id", &wish.offer.id);
        let download = Download {
            request,
            to: wish.to,
            size: wish.offer.size,
            sums: &wish.offer.sums,
            max_bytes: MOST_BYTES,
            came: wish.came,
        };
        let reply = match server.net.download_or_else(&download, cancel)? {
            Got::File(fetched) => {
                return Ok(Ok(Fetched { url: Some(shown.reveal().to_owned()), ..fetched }));
            }
            Got::Else(reply) => reply,
        };
        match read(&reply) {
            Said::No(refusal) if refusal.is_about_sign_in() && !again => server.forget_sign_in(),
            Said::No(refusal) => return Ok(Err(refusal)),
            Said::Shut(403) => {
                let message = "status 403".to_owned();
                return Ok(Err(Refusal { code: NOT_ALLOWED, message, version: None }));
            }
            Said::Shut(status) => return Err(server.shut(status)),
            Said::Yes(_) | Said::Foreign => {
                let reason = format!(
                    "it sends something else instead of the file (status {}, {}) – see whether it plays there",
                    reply.status,
                    match reply.media_type() {
                        kind if kind.is_empty() => "of no type".to_owned(),
                        kind => kind.chars().filter(|char| !char.is_control()).take(60).collect(),
                    }
                );
                return Err(server.fault(FaultKind::Permanent, reason));
            }
        }
        again = true;
    }
}

fn refused(server: &Server, refusal: &Refusal) -> Fault {
    match refusal.code {
        NOT_FOUND => server.fault(FaultKind::Permanent, "the track is not on the server any more"),
        NO_SUCH_CALL => {
            server.fault(FaultKind::Permanent, "the file is not there, or the server gives no files")
        }
        _ => server.refused(refusal),
    }
}
