//! A place that cannot be asked as it is set up, or that a drill shuts: whatever it is asked, it says why. So what only
//! it could have waits for it, and is not called missing.

use std::path::Path;

use ferrotape_domain::{Asked, Cancel, Catalogue, Fault, Fetched, RemoteOffer, Searches, Wanted, WantedKind};

/// The place, and why.
pub(super) struct Unusable {
    pub(super) name: String,
    pub(super) fault: Fault,
}

impl Catalogue for Unusable {
    fn name(&self) -> &str {
        &self.name
    }

    fn may_hold(&self, _kind: WantedKind) -> bool {
        true
    }

    fn is_own(&self) -> bool {
        false
    }

    fn asked(&self) -> Asked<'_> {
        Asked::Search(self)
    }

    fn fetch(
        &self,
        _offer: &RemoteOffer,
        _to: &Path,
        _came: &(dyn Fn(u64) + Sync),
        _cancel: &Cancel,
    ) -> Result<Fetched, Fault> {
        Err(self.fault.clone())
    }
}

impl Searches for Unusable {
    fn search(&self, _wanted: &Wanted, _cancel: &Cancel) -> Result<Vec<RemoteOffer>, Fault> {
        Err(self.fault.clone())
    }
}
