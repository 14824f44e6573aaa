//! Files of places that were no use: no audio, or not there though they are listed. They are named, and not fetched anew
//! by every run, but only when they changed there or after a month.

use ferrotape_domain::{Fault, FaultKind, RemoteOffer};

/// So long a file is not fetched again, in seconds.
const HOLDS_S: i64 = 30 * 24 * 3_600;

/// Where it is remembered which files were no use.
pub trait Refusals: Send + Sync {
    /// When (seconds since 1970 UTC) and why the file of this key was no use.
    fn refused(&self, place: &str, key: &str) -> Option<(i64, String)>;

    /// Remembers that. Failing to is no failure.
    fn refuse(&self, place: &str, key: &str, at: i64, why: &str);
}

/// Tells a file from what stands under its id when it has changed there.
fn key(offer: &RemoteOffer) -> String {
    let told = format!(
        "{}\n{}\n{:?}\n{:?}\n{:?}",
        offer.id, offer.file_name, offer.size, offer.sums, offer.duration
    );
    blake3::hash(told.as_bytes()).to_hex().to_string()
}

/// Why a file is not fetched now.
pub(super) fn refused(memory: &dyn Refusals, place: &str, offer: &RemoteOffer, now: i64) -> Option<Fault> {
    let (at, why) = memory.refused(place, &key(offer))?;
    if !(0..HOLDS_S).contains(&now.saturating_sub(at)) {
        return None;
    }
    let reason = format!(
        "{} was no use on {} ({why}); it is fetched again after {}, or when it has changed there",
        offer.file_name,
        super::time_as(at, "%Y-%m-%d"),
        super::time_as(at + HOLDS_S, "%Y-%m-%d"),
    );
    Some(Fault { source: place.to_owned(), kind: FaultKind::Permanent, reason })
}

/// Remembers a fault that fetching the same file again would come to.
pub(super) fn remember(memory: &dyn Refusals, place: &str, offer: &RemoteOffer, fault: &Fault, now: i64) {
    if fault.kind == FaultKind::Permanent {
        memory.refuse(place, &key(offer), now, &fault.reason);
    }
}
