//! The `--json` form of what places elsewhere had.

use ferrotape_domain::{Provenance, Rights};
use ferrotape_engine::gather::Gathered;
use serde_json::{Value, json};

pub(crate) fn gathered(gathered: &Gathered) -> Value {
    let places: Vec<Value> = gathered
        .places
        .iter()
        .map(|place| {
            json!({
                "name": place.name, "asked": place.asked, "has": place.has, "fetched": place.fetched,
                "bytes": place.bytes, "fault": place.fault.as_ref().map(|fault| &fault.reason),
                "listed_again": place.listed_again, "list_doubted": place.is_doubted,
            })
        })
        .collect();
    let failed: Vec<Value> = gathered
        .failed
        .iter()
        .map(|(place, file, reason)| json!({ "place": place, "file": file, "reason": reason }))
        .collect();
    json!({ "places": places, "failed": failed })
}

pub(crate) fn came_from(one: &Provenance) -> Value {
    let licence_url = match &one.rights {
        Rights::Licence { url, .. } => url.as_deref(),
        _ => None,
    };
    json!({
        "source": one.source, "id": one.remote_id, "url": one.url, "page": one.page, "rights": one.rights.words(),
        "licence_url": licence_url, "note": one.note, "at": one.at, "sha256": one.sha256, "title": one.said.title,
        "artists": one.said.artists,
    })
}
