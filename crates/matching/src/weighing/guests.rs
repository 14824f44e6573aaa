//! Evidence from the guests that the titles name.

use crate::readings::describe::{Reading, Sought};
use crate::readings::names::{Agreement, Names};
use crate::texts::phrases::contains_phrase;
use crate::weighing::evidence::Ledger;
use crate::weighing::objection::{Against, Objections};

/// What agrees beside the names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settled {
    /// Album and playing time; where none is wanted, album, title and first artist.
    pub(crate) trusted: bool,
    /// Either of the two, or at least no playing time speaks against it.
    pub(crate) settled: bool,
}

/// A guest that only one side names: an added guest usually means another recording, unless album and length agree
/// (`trusted`); a missing one a careless tag.
pub(crate) fn guest_evidence(
    ledger: &mut Ledger,
    sought: &Sought,
    reading: &Reading,
    credit: &str,
    Settled { trusted, settled }: Settled,
    against: &mut Objections,
) {
    let wanted_guests = Names::of(sought.title.guests.iter().map(String::as_str));
    let offer_guests = Names::of(reading.title.guests.iter().map(String::as_str));
    let lead = usize::MAX;
    let known = |names: &Names| sought.names.agreement(names, lead) > Agreement::Unknown;
    if !offer_guests.is_empty() && !known(&offer_guests) {
        let named = wanted_guests.agreement(&offer_guests, lead) > Agreement::Unknown;
        if !named {
            ledger.add("artist", -0.6, "with a guest the wanted recording does not name");
            if !trusted {
                against.raise(Against::Guest, "with a guest the wanted recording does not name");
            }
        }
    }
    if !wanted_guests.is_empty() && offer_guests.is_empty() {
        let credited = Names::of(std::iter::once(credit)).agreement(&wanted_guests, lead)
            > Agreement::Unknown
            || wanted_guests.0.iter().any(|guest| contains_phrase(credit, &guest.folded));
        if !credited {
            ledger.add("artist", -0.4, "the guest is not named");
            if !settled {
                against
                    .raise(Against::Guest, "the guest is not named, and no playing time or album settles it");
            }
        }
    }
}
