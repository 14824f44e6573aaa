//! The pictures of episodes: an episode's own, else its feed's.
//!
//! The address of a private feed's picture is as secret as the feed's, so a picture is called by a sum of its address, and is no
//! answer that is kept.

use std::sync::Arc;

use ferrotape_domain::{Cancel, Fault, FaultKind, Pictures};

use super::Podcasts;
use super::addresses::sum;
use super::feeds::{Had, fault};
use crate::net::Keep;

/// The largest picture that is taken.
const LARGEST: u64 = 8 << 20;

impl Podcasts {
    /// Where the picture of an episode is, and the feed that says so.
    fn picture_of(&self, offer_id: &str, cancel: &Cancel) -> Result<(Arc<Had>, Option<String>), Fault> {
        let (had, episode) = self.episode_of(offer_id, cancel)?;
        let address = episode.image.or_else(|| had.feed.image.clone());
        Ok((had, address))
    }
}

impl Pictures for Podcasts {
    fn picture_name(&self, offer_id: &str, cancel: &Cancel) -> Result<Option<String>, Fault> {
        let (_, address) = self.picture_of(offer_id, cancel)?;
        Ok(address.map(|address| sum(&[&address])))
    }

    fn picture(&self, offer_id: &str, cancel: &Cancel) -> Result<Vec<u8>, Fault> {
        let (had, address) = self.picture_of(offer_id, cancel)?;
        let none = |host: &str, why: String| fault(host, FaultKind::Permanent, why);
        let address =
            address.ok_or_else(|| none(had.place.host(), "its feed names no picture".to_owned()))?;
        let request = had.request_with_login(&address)?.header("accept", "image/*");
        let mut request = request.kept_as(format!("{offer_id} picture"), Keep::Not);
        request.max_bytes = LARGEST;
        let reply = self.finder.net.ask(&request, cancel)?;
        match reply.is_ok() {
            true => Ok(reply.body),
            false => {
                let host = request.address.host();
                Err(none(host, format!("the picture cannot be had from {host} (status {})", reply.status)))
            }
        }
    }
}
