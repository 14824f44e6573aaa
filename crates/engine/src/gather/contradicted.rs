//! What a server lists and does not give as it lists it. The server may say for long that nothing has changed there, so its list
//! is asked for again by the next run, whatever it says: once for each file that comes as something else, or is no use.
//!
//! To ask again at once was rejected: a server that reads its library anew has mostly not got to that file yet, and one whose
//! files all come wrong would be asked for everything within one run.

use std::time::Duration;

use ferrotape_audio::listen;
use ferrotape_domain::{Asked, Catalogue, Fault, FaultKind, Provenance, RemoteOffer};

use super::arriving::Arriving;
use super::as_said::is_as_it_was;
use super::brought::Brought;

/// So much longer than it is listed a file may be: servers round, and read headers otherwise.
const APART: Duration = Duration::from_secs(10);

/// Whether what was fetched of a server is not what it lists: another thing by its own tags, longer, or no use at all, such as what
/// is much shorter or not there any more. `before` is what came under its name in earlier runs.
pub(super) fn contradicts(
    place: &dyn Catalogue,
    offer: &RemoteOffer,
    brought: &Result<Brought, Fault>,
    before: &[Provenance],
) -> bool {
    if matches!(place.asked(), Asked::Search(_)) {
        return false;
    }
    match brought {
        // What lay there, or aside until its rivals come, was looked at when it came: else each run would ask for the whole list.
        Ok(brought) if brought.bytes.is_none() || is_known(offer, brought, before) => false,
        Ok(brought) => brought.is_another || is_longer(offer, brought),
        Err(fault) => fault.kind == FaultKind::Permanent && fault.source == place.name(),
    }
}

/// Whether the very same came before, and is listed as it was then.
fn is_known(offer: &RemoteOffer, brought: &Brought, before: &[Provenance]) -> bool {
    let content = &brought.provenance.content;
    before.iter().any(|then| then.content == *content && is_as_it_was(offer, then))
}

/// A header's length may be an estimate, so what seems longer is listened to.
fn is_longer(offer: &RemoteOffer, brought: &Brought) -> bool {
    let (Some(told), Some(came)) = (offer.duration, brought.length) else { return false };
    let is_longer = |came: Duration| came.saturating_sub(told) > APART.max(told / 20);
    let lies = brought.arriving.as_ref().map_or(brought.at.as_path(), Arriving::path);
    is_longer(came) && listen(lies).is_ok_and(|heard| is_longer(heard.duration))
}
