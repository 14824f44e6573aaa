//! What places elsewhere had, as text.

use ferrotape_engine::gather::{Gathered, PlaceAsked};

use super::NAMED;
use crate::output::{counted, line, moment, plain, size};

/// `stale`: who was answered for from what was kept, from when, and why.
pub(crate) fn gathered(gathered: &Gathered, stale: &[(String, i64, String)]) {
    let has_a_line = |place: &&PlaceAsked| place.asked > 0 || place.fault.is_some() || place.listed_again;
    for place in gathered.places.iter().filter(has_a_line) {
        let asked = counted(place.asked, "thing", "things");
        let mut text = format!("Asked {} for {asked}: it has {}", place.name, place.has);
        if place.fetched > 0 {
            let files = counted(place.fetched, "file", "files");
            text += &format!("; {files} came, {}", size(place.bytes));
            if place.may_have > 0 {
                // Whether anything of it is asked about is not known before it was compared.
                text += ", among it what only may be what you want: it is looked at now";
            }
        }
        if place.listed_again {
            text += "; its list was asked for again, since something that came before was not what it lists";
        }
        if place.is_doubted {
            text += "; not all that it lists is as it says, so the next run asks for its list again";
        }
        if let Some(fault) = &place.fault {
            text += &format!("; {}", fault.reason);
            if fault.source != place.name {
                text += &format!(" ({})", fault.source);
            }
        }
        line(&plain(&text));
    }
    for (service, at, because) in stale {
        line(&plain(&format!("{service}: {because}; what it said on {} was used.", moment(*at))));
    }
    if !gathered.failed.is_empty() {
        line("Did not come:");
        for (place, file, why) in gathered.failed.iter().take(NAMED) {
            line(&plain(&format!("  {file} from {place}: {why}")));
        }
        if gathered.failed.len() > NAMED {
            line(&format!("  … and {} more", gathered.failed.len() - NAMED));
        }
    }
}
