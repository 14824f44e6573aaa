//! Feeds had from their hosts, the last few kept at hand: a thousand feeds would fill the memory, and what was asked an
//! hour ago is not asked again anyway.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ferrotape_domain::{Cancel, Chapter, Fault, FaultKind};

use super::addresses::host;
use super::feed::{Feed, FeedEpisode, MOST_BYTES, read_feed};
use super::place::Place;
use super::{NAME, chapters};
use crate::net::{Address, Keep, Line, Net, Request, Stale};

/// Between two requests to one host.
const GAP: Duration = Duration::from_millis(500);
const WHOLE: Duration = Duration::from_secs(180);
const AT_HAND: usize = 12;
const ACCEPT: &str =
    "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5";

/// A feed and where it was had.
pub(super) struct Had {
    pub(super) place: Place,
    pub(super) feed: Feed,
    /// Set where it is from earlier, as its host could not be asked.
    pub(super) stale: Option<Stale>,
}

/// What a host says to the question for a feed.
pub(super) enum Answer {
    /// Here it is.
    Feed(Arc<Had>),
    /// There is none (any more).
    Gone,
}

pub(super) struct Feeds {
    net: Net,
    at_hand: Mutex<Vec<Arc<Had>>>,
}

/// Requests to one host at the same time: files take long.
const AT_ONCE: usize = 2;

/// What went wrong with one host or podcast. Its source is that, not all podcasts: the others can be asked.
pub(super) fn fault(of: &str, kind: FaultKind, reason: impl Into<String>) -> Fault {
    let source = if of.is_empty() { NAME.to_owned() } else { format!("{NAME}/{of}") };
    Fault { source, kind, reason: reason.into() }
}

/// A request to a host; its line is shared by all that it has.
pub(super) fn request(address: &str) -> Result<Request, Fault> {
    let parsed = Address::parse(address).map_err(|why| fault(host(address), FaultKind::Permanent, why))?;
    let line = Line { at_once: AT_ONCE, ..Line::public(format!("{NAME}/{}", parsed.host()), GAP) };
    Ok(Request::get(&line, parsed))
}

impl Feeds {
    pub(super) fn new(net: Net) -> Self {
        Self { net, at_hand: Mutex::default() }
    }

    /// Asks for a feed.
    pub(super) fn get(&self, place: &Place, cancel: &Cancel) -> Result<Answer, Fault> {
        let at_hand = || self.at_hand.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(had) = at_hand().iter().find(|had| had.place == *place) {
            return Ok(Answer::Feed(Arc::clone(had)));
        }
        let Answer::Feed(had) = self.ask(place, cancel)? else { return Ok(Answer::Gone) };
        let mut all = at_hand();
        if all.len() >= AT_HAND {
            all.remove(0);
        }
        all.push(Arc::clone(&had));
        Ok(Answer::Feed(had))
    }

    fn ask(&self, place: &Place, cancel: &Cancel) -> Result<Answer, Fault> {
        let mut request = request(place.reveal())?.header("accept", ACCEPT);
        request = match place.login_for(place.reveal()) {
            Some(login) => request.header("authorization", login),
            None => request,
        };
        // What a private feed says is full of keys, and so is kept nowhere.
        request = request.kept_as(place.name(), if place.is_private() { Keep::Not } else { Keep::NEWS });
        (request.max_bytes, request.whole) = (MOST_BYTES as u64, WHOLE);
        let reply = self.net.ask(&request, cancel)?;
        let host = place.host();
        match reply.status {
            200..300 => {
                let read = read_feed(&reply.body, reply.header("content-type"), place.reveal());
                let feed = read
                    .map_err(|why| fault(host, FaultKind::Permanent, format!("the feed at {host}: {why}")))?;
                Ok(Answer::Feed(Arc::new(Had { place: place.clone(), feed, stale: reply.stale })))
            }
            404 | 410 => Ok(Answer::Gone),
            401 | 403 => Err(fault(
                host,
                FaultKind::NeedsUser,
                format!(
                    "{host} gives the feed to subscribers only, and knows no such name, password or key – import its address anew"
                ),
            )),
            status => Err(fault(
                host,
                FaultKind::Permanent,
                format!("{host} answers with status {status} instead of the feed"),
            )),
        }
    }

    /// The chapters of an episode: those in the feed, else those beside it. Without them it is an episode all the same.
    pub(super) fn chapters(&self, place: &Place, episode: &FeedEpisode, cancel: &Cancel) -> Vec<Chapter> {
        if !episode.chapters.is_empty() {
            return episode.chapters.clone();
        }
        let Some(Ok(mut request)) = episode.chapters_url.as_deref().map(request) else { return Vec::new() };
        if let Some(login) = episode.chapters_url.as_deref().and_then(|url| place.login_for(url)) {
            request = request.header("authorization", login);
        }
        let key = format!("{} chapters", place.offer_id(&episode.id));
        request = request.kept_as(key, if place.is_private() { Keep::Not } else { Keep::FACTS });
        request.max_bytes = chapters::MOST_BYTES;
        let reply = self.net.ask(&request, cancel).ok().filter(crate::net::Reply::is_ok);
        reply.map(|reply| chapters::read(&reply.body, episode.duration)).unwrap_or_default()
    }
}
