//! Files in the collection that a library before this one knew about, or none.

use std::path::PathBuf;

use ferrotape_domain::{Fetched, RemoteOffer};

use super::Elsewhere;
use super::as_said::too_short;
use super::asking::Heard;
use super::brought::came_as;
use super::fetching::came_before;
use super::place::path_in_collection;
use crate::{Context, EngineError};

/// Keeps again where files in the collection are from that a library before this one, or none, knew about: they lie where
/// what places for everybody list now would be put. What is fetched from a server of the user's own needs no such word.
pub(super) fn recognise(
    elsewhere: &Elsewhere,
    heard: &[Heard],
    context: &Context,
) -> Result<(), EngineError> {
    let root = elsewhere.collection.root();
    let mut there: Vec<(&str, &RemoteOffer, PathBuf)> = Vec::new();
    for (place, heard) in elsewhere.catalogues.iter().zip(heard).filter(|(place, _)| !place.is_own()) {
        for offer in &heard.offers {
            let at = path_in_collection(&root, place.name(), offer);
            if at.is_file() {
                there.push((place.name(), offer, at));
            }
        }
    }
    if there.is_empty() {
        return Ok(());
    }
    let known = came_before(context)?;
    there.retain(|(place, offer, _)| !known.contains_key(&((*place).to_owned(), offer.id.clone())));
    let mut found = Vec::new();
    for (place, offer, at) in there {
        let (at, unknown) = (at.as_path(), Fetched { bytes: 0, sha256: String::new(), url: None });
        let came = came_as((place, offer), (at, at), unknown, context.now).ok();
        // The beginning of a thing is not the thing.
        let came = came.filter(|came| too_short(offer, (at, came.length), None).is_none());
        found.extend(came.map(|came| came.provenance));
    }
    Ok(context.library.keep_provenance(&found)?)
}
