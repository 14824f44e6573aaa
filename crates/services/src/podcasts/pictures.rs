//! The pictures of episodes: an episode's own, else its feed's.
//!
//! The address of a private feed's picture is as secret as the feed's, so a picture is called by a sum of its address, and is no
//! answer that is kept.

use std::sync::Arc;

use ferrotape_domain::{Cancel, Fault, FaultKind, Pictures};

use super::Podcasts;
use super::addresses::sum;
use super::feed::{Feed, FeedEpisode};
use super::feeds::{Answer, Had, fault};
use super::place::names_of;
use crate::net::Keep;

/// The largest picture that is taken.
const LARGEST: u64 = 8 << 20;

impl Podcasts {
    /// Where the picture of an episode is, and the feed that says so; `None` where that says nothing of one.
    fn picture_of(&self, offer_id: &str, cancel: &Cancel) -> Result<Option<(Arc<Had>, String)>, Fault> {
        let Some((feed, episode)) = names_of(offer_id) else { return Ok(None) };
        let place = self.place_of(feed)?;
        let had = match self.finder.feeds.get(&place, cancel).map_err(passing)? {
            Answer::Feed(had) => had,
            Answer::Gone(_) => {
                return Err(passing(none(place.host(), "its feed is not there now".to_owned())));
            }
        };
        let is_it = |one: &&FeedEpisode| place.episode_name(&one.id) == episode;
        let has_it = |feed: &Feed| feed.episodes.iter().any(|one| is_it(&one));
        let had = self.finder.feeds.until(had, &has_it, cancel).map_err(passing)?;
        let found = had.feed.episodes.iter().find(is_it);
        let address = found.and_then(|episode| episode.image.clone().or_else(|| had.feed.image.clone()));
        Ok(address.map(|address| (had, address)))
    }
}

fn none(of: &str, why: String) -> Fault {
    fault(of, FaultKind::Permanent, why)
}

/// What a feed says today, such as a page about maintenance, is nothing that its pictures are to be without for long.
fn passing(fault: Fault) -> Fault {
    match fault.kind {
        FaultKind::Permanent => Fault { kind: FaultKind::Temporary { retry_after_seconds: None }, ..fault },
        _ => fault,
    }
}

impl Pictures for Podcasts {
    fn picture_name(&self, offer_id: &str, cancel: &Cancel) -> Result<Option<String>, Fault> {
        Ok(self.picture_of(offer_id, cancel)?.map(|(_, address)| sum(&[&address])))
    }

    fn picture(&self, offer_id: &str, cancel: &Cancel) -> Result<Vec<u8>, Fault> {
        let (had, address) = self
            .picture_of(offer_id, cancel)?
            .ok_or_else(|| none("", "its feed names no picture".to_owned()))?;
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
