//! Answers of public catalogues, read with care: whatever is in them, what comes out is short, plain and of the right
//! type, and a copy is offered only under a licence that is known here.

mod asking;
mod formats;
mod lenient;
mod licences;
mod markup;
mod places;
mod shops;
mod versions;
mod words;

use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{Cancel, Fault, FaultKind, Fetched, RemoteOffer};

pub(crate) use asking::{NEVER, answer, ask, has_entries, has_words, is_counted, no_answer, said, unless};
pub(crate) use formats::{ending, format_of};
pub(crate) use lenient::{Many, Texts};
pub(crate) use licences::{is_public_domain, rights_of};
pub(crate) use markup::plain;
pub(crate) use places::{Steps, web_page};
pub(crate) use shops::shop_of;
pub(crate) use versions::{folded_words, versions_beyond, with_versions};
pub(crate) use words::{bare, date, folded, main_words, same_title, seconds, without_guests, words};

use crate::net::{Address, Download, Keep, Line, Net, Request};

const DAY: u64 = 24 * 3600;

/// What catalogues answer holds for a week, and stands in for ever when they cannot be asked.
pub(crate) const SEARCHED: Keep = Keep::For {
    fresh: Duration::from_secs(7 * DAY),
    none: Duration::from_secs(7 * DAY),
    stale: Duration::from_secs(3650 * DAY),
};

/// The largest file that is taken from a public catalogue: a concert without a break, losslessly.
pub(crate) const MOST_BYTES: u64 = 2 << 30;

/// Where an offer is fetched to, and who is told of it: what [`ferrotape_domain::Catalogue::fetch`] is given.
pub(crate) struct Fetching<'a> {
    pub(crate) offer: &'a RemoteOffer,
    pub(crate) to: &'a Path,
    pub(crate) came: &'a (dyn Fn(u64) + Sync),
    pub(crate) cancel: &'a Cancel,
}

impl Fetching<'_> {
    /// Fetches it from an address. Offers of unknown rights are not made, and one that comes here all the same is refused.
    pub(crate) fn from(&self, net: &Net, line: &Line, address: Address) -> Result<Fetched, Fault> {
        self.by(net, Request::get(line, address))
    }

    /// The same with a request of one's own.
    pub(crate) fn by(&self, net: &Net, request: Request) -> Result<Fetched, Fault> {
        if !self.offer.rights.allow_a_copy() {
            let reason = "nothing says that this file may be copied, so it is not fetched".to_owned();
            return Err(Fault { source: request.line.name, kind: FaultKind::Permanent, reason });
        }
        let download = Download {
            request,
            to: self.to,
            size: self.offer.size,
            sums: &self.offer.sums,
            max_bytes: MOST_BYTES,
            came: self.came,
        };
        net.download(&download, self.cancel)
    }
}

/// An address of ours, written in the program.
pub(crate) fn own_address(source: &str, text: &str) -> Result<Address, Fault> {
    let fault = |reason| Fault { source: source.to_owned(), kind: FaultKind::Permanent, reason };
    Address::parse(text).map_err(fault)
}

/// The fault of an id that this place has not given.
pub(crate) fn no_such_id(source: &str) -> Fault {
    let reason = "the file on record has a name that this place does not give".to_owned();
    Fault { source: source.to_owned(), kind: FaultKind::Permanent, reason }
}
