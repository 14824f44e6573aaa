//! Who plays a classical work. Of the same movement there are many recordings; the composer's name tells none apart.

use crate::classical::work::Work;
use crate::readings::describe::{Reading, Sought};
use crate::readings::names::Agreement;
use crate::weighing::objection::{Against, Objections};

/// What agrees beside the names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beside {
    /// Playing times within two seconds of each other.
    pub(crate) close: bool,
    /// No playing time is wanted, so that none can agree.
    pub(crate) no_time_wanted: bool,
    pub(crate) same_release: bool,
    /// An ISRC or MusicBrainz id.
    pub(crate) id: bool,
}

/// How the artists agree when composers are not taken for players, and what that forbids. `found` is how they agree
/// when they are.
pub(crate) fn players_agree(
    sought: &Sought,
    reading: &Reading,
    works: (&Work, &Work),
    found: Agreement,
    beside: Beside,
    against: &mut Objections,
) -> Agreement {
    let (wanted, offered) = (sought.names.players(), reading.names().players());
    let one_composer = works.0.shares_composer(works.1);
    if found < Agreement::Part && !one_composer {
        return found;
    }
    let sure = beside.id || beside.same_release && (beside.close || beside.no_time_wanted);
    if wanted.is_empty() || offered.is_empty() {
        let both_silent = wanted.is_empty() && offered.is_empty();
        if !(sure || both_silent && beside.same_release) {
            let says = if both_silent {
                "nobody says who plays, and a work has many recordings"
            } else {
                "only one side says who plays"
            };
            against.raise(Against::ArtistPart, says);
        }
        return found.max(Agreement::Listed);
    }
    match wanted.agreement(&offered, usize::MAX) {
        Agreement::Differs | Agreement::Unknown => {
            if !beside.id {
                against.raise(Against::Version, "other performers, so another recording");
            }
            found.max(Agreement::Near)
        }
        Agreement::Part if !sure => {
            against.raise(Against::ArtistPart, "the performers' names are only similar");
            found.max(Agreement::Near)
        }
        players => found.max(players),
    }
}
