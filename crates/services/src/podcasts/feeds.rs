//! Feeds had from their hosts, the last few kept at hand: a thousand feeds would fill the memory, and what was asked an
//! hour ago is not asked again anyway.

mod pages;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ferrotape_domain::{Cancel, Chapter, Fault, FaultKind};

use self::pages::Paged;
use super::addresses::{host, without_login};
use super::feed::{Feed, FeedEpisode, MOST_BYTES, read_feed};
use super::place::Place;
use super::{NAME, before, chapters, moves};
use crate::net::{Address, INSIDE, Keep, Line, Net, Reply, Request, Stale, Trust, leads_inside};

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
    /// It is in the user's own network.
    is_inside: bool,
    /// Set where it is from earlier, as its host could not be asked.
    pub(super) stale: Option<Stale>,
    /// Its address led elsewhere before anything was known of it: whether it is the wanted podcast is not settled.
    pub(super) is_unjudged: bool,
    /// Where it led.
    led_to: Option<Address>,
}

impl Had {
    /// Why what is not in it may be there all the same: it is an old copy, or it broke off.
    pub(super) fn may_lack(&self) -> Option<Fault> {
        let broke_off = || {
            let host = self.place.host();
            let kind = FaultKind::Temporary { retry_after_seconds: None };
            fault(host, kind, format!("the feed at {host} broke off in the middle"))
        };
        self.stale.clone().map(Stale::into_fault).or_else(|| self.feed.is_cut_off.then(broke_off))
    }

    /// A request for what the feed names. One in the user's own network may name what is on its own server there, and
    /// nothing else.
    pub(super) fn request(&self, address: &str) -> Result<Request, Fault> {
        let mut request = request(address)?;
        let own = Address::parse(self.place.reveal());
        if self.is_inside && own.is_ok_and(|own| own.is_same_server(&request.address)) {
            request.line.trust = Trust::Named;
        }
        Ok(request)
    }

    /// The same with the name and password that stand in the address, or that the feed has for its own host.
    pub(super) fn request_with_login(&self, address: &str) -> Result<Request, Fault> {
        let (address, login) = without_login(address);
        let own = || self.place.login_for(&address);
        let login = login.map(|(name, password)| Place::basic(&name, &password)).or_else(own);
        let request = self.request(&address)?;
        Ok(match login {
            Some(login) => request.header("authorization", login),
            None => request,
        })
    }
}

/// What a host says to the question for a feed.
#[derive(Clone)]
pub(super) enum Answer {
    /// Here it is.
    Feed(Arc<Had>),
    /// There is none (any more). Where that is kept, nobody is asked again before this time, in milliseconds since 1970 UTC.
    Gone(Option<i64>),
}

pub(super) struct Feeds {
    net: Net,
    at_hand: Mutex<Vec<Arc<Had>>>,
    /// Those of which more than the first page was asked for.
    paged: Mutex<Vec<Paged>>,
}

/// Requests to one host at the same time: files take long.
const AT_ONCE: usize = 2;

/// What went wrong with one host or podcast. Its source is that, not all podcasts: the others can be asked.
pub(super) fn fault(of: &str, kind: FaultKind, reason: impl Into<String>) -> Fault {
    let source = if of.is_empty() { NAME.to_owned() } else { format!("{NAME}/{of}") };
    Fault { source, kind, reason: reason.into() }
}

/// What is kept of what a host gave for a feed: nothing of a page or half a feed, which would hold for an hour, and stand
/// in the way of the copy from before.
fn if_whole(body: &[u8]) -> Option<Vec<u8>> {
    let is_whole = read_feed(body, None, "").is_ok_and(|feed| !feed.is_cut_off);
    is_whole.then(|| body.to_vec())
}

/// A request to a host; its line is shared by all that it has.
fn request(address: &str) -> Result<Request, Fault> {
    let parsed = Address::parse(address).map_err(|why| fault(host(address), FaultKind::Permanent, why))?;
    let line = Line { at_once: AT_ONCE, ..Line::public(format!("{NAME}/{}", parsed.host()), GAP) };
    Ok(Request::get(&line, parsed))
}

/// Lists of podcasts may be of anybody: what they name must not lead inside.
fn only_in_a_list(place: &Place) -> Fault {
    let host = place.host();
    let address = place.name();
    let (with_it, address) = match !place.is_private() && is_plain(&address) {
        true => ("", address.as_str()),
        false => (", with its address", "ADDRESS"),
    };
    let reason = format!(
        "{host} is in your own network, and a list of podcasts, which may be of anybody, must not lead there – if the feed \
         is yours, name it yourself{with_it}: ferrotape source add podcasts --feed {address}"
    );
    fault(host, FaultKind::NeedsUser, reason)
}

/// Whether an address may stand in a command that is there to be copied: no shell makes anything else of it.
pub(super) fn is_plain(address: &str) -> bool {
    address.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/._~%-".contains(&byte))
}

/// Whoever owns a public name may have it lead anywhere, and another way each time it is asked.
fn turned_inward(place: &Place) -> Fault {
    let host = place.host();
    let reason = format!(
        "{host} is a public name that leads into your own network – name the feed by its address there, such as \
         http://192.168.1.5/feed"
    );
    fault(host, FaultKind::NeedsUser, reason)
}

impl Feeds {
    pub(super) fn new(net: Net) -> Self {
        Self { net, at_hand: Mutex::default(), paged: Mutex::default() }
    }

    /// Asks for a feed.
    pub(super) fn get(&self, place: &Place, cancel: &Cancel) -> Result<Answer, Fault> {
        let at_hand = || self.at_hand.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(had) = at_hand().iter().find(|had| had.place == *place) {
            return Ok(Answer::Feed(Arc::clone(had)));
        }
        let had = match self.ask(place, cancel)? {
            Answer::Feed(had) => had,
            gone @ Answer::Gone(_) => return Ok(gone),
        };
        let mut all = at_hand();
        if all.len() >= AT_HAND {
            all.remove(0);
        }
        all.push(Arc::clone(&had));
        Ok(Answer::Feed(had))
    }

    /// Asks where it is now, and where it was if it is not there; where it was first once the move is long ago.
    fn ask(&self, place: &Place, cancel: &Cancel) -> Result<Answer, Fault> {
        let Some(moved) = moves::moved_to(&self.net, place) else { return self.ask_at(place, place, cancel) };
        let (first, second) = if moved.is_long_ago { (place, &moved.to) } else { (&moved.to, place) };
        let said = self.ask_at(place, first, cancel);
        if matches!(said, Ok(Answer::Feed(_))) {
            return said;
        }
        let then = self.ask_at(place, second, cancel);
        if matches!(then, Ok(Answer::Feed(_))) {
            return then;
        }
        let (own, noted) = if moved.is_long_ago { (&said, &then) } else { (&then, &said) };
        let is_else = matches!(noted, Err(fault) if fault.kind == FaultKind::Permanent);
        // Where it was it is gone, and what is where it moved is none, such as a page that offers the name for sale:
        // directories may know it. The note stays, for the page may be there by mistake.
        if let Ok(gone) = own
            && is_else
        {
            return Ok(gone.clone());
        }
        // What cannot be asked is not gone, whatever its other address says.
        said.and(then)
    }

    /// `at` is where the feed is now. Whatever that is, it is the same feed, and its episodes keep their ids.
    fn ask_at(&self, place: &Place, at: &Place, cancel: &Cancel) -> Result<Answer, Fault> {
        let (reply, is_inside) = self.reply(place, at, cancel)?;
        let host = at.host();
        match reply.status {
            200..300 => {
                let read = read_feed(&reply.body, reply.header("content-type"), place.reveal());
                let feed = read
                    .map_err(|why| fault(host, FaultKind::Permanent, format!("the feed at {host}: {why}")))?;
                // Before a move is noted: what an address leads to now may be another's.
                let is_unjudged = before::check(&self.net, place, &feed, reply.moved.as_ref())?;
                let (place, led_to, stale) = (place.clone(), reply.moved, reply.stale);
                let had = Had { place, feed, is_inside, stale, is_unjudged, led_to };
                if !is_unjudged {
                    self.note(&had);
                }
                Ok(Answer::Feed(Arc::new(had)))
            }
            404 | 410 => Ok(Answer::Gone(reply.asked_again)),
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

    /// Notes where a feed is and what it is, once that is known to be the podcast.
    pub(super) fn note(&self, had: &Had) {
        if had.is_inside {
            return;
        }
        if let Some(to) = &had.led_to {
            moves::keep(&self.net, &had.place, to);
        }
        if had.stale.is_none() {
            before::keep(&self.net, &had.place, &had.feed);
        }
    }

    /// What the host answers, and whether it is in the user's own network, which only feeds that the user typed may be.
    fn reply(&self, place: &Place, at: &Place, cancel: &Cancel) -> Result<(Reply, bool), Fault> {
        let mut request = request(at.reveal())?.header("accept", ACCEPT);
        if let Some(login) = place.login_for(at.reveal()) {
            request = request.header("authorization", login);
        }
        // What a private feed says is full of keys, and so is kept nowhere.
        request = request.kept_as(at.name(), if place.is_private() { Keep::Not } else { Keep::NEWS });
        request = request.keeping(if_whole);
        (request.max_bytes, request.whole) = (MOST_BYTES as u64, WHOLE);
        let asked = self.net.ask(&request, cancel);
        let is_refused = match &asked {
            Ok(reply) => reply.stale.as_ref().is_some_and(|stale| stale.because == INSIDE),
            Err(fault) => fault.reason == INSIDE,
        };
        match is_refused {
            true if at.is_typed() && leads_inside(&request.address) => {
                (request.keep, request.line.trust) = (Keep::Not, Trust::Named);
                Ok((self.net.ask(&request, cancel)?, true))
            }
            true if at.is_typed() => Err(turned_inward(at)),
            true if at.is_by_user() => Err(only_in_a_list(at)),
            _ => Ok((asked?, false)),
        }
    }

    /// The chapters of an episode: those in the feed, else those beside it. Without them it is an episode all the same.
    pub(super) fn chapters(&self, had: &Had, episode: &FeedEpisode, cancel: &Cancel) -> Vec<Chapter> {
        let place = &had.place;
        if !episode.chapters.is_empty() {
            return episode.chapters.clone();
        }
        let Some(Ok(mut request)) = episode.chapters_url.as_deref().map(|url| had.request(url)) else {
            return Vec::new();
        };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_to_copy_runs_nothing_that_a_list_names() {
        let plain = "http://192.168.1.5:13378/feed/low_tide-~2%20.xml";
        let to_write = "name it yourself, with its address: ferrotape source add podcasts --feed ADDRESS";
        let table = [
            (plain, format!("name it yourself: ferrotape source add podcasts --feed {plain}")),
            ("http://192.168.1.5/f/$(id)", to_write.to_owned()),
            ("http://192.168.1.5/f;id", to_write.to_owned()),
            ("http://192.168.1.5/f&id", to_write.to_owned()),
            ("http://192.168.1.5/f'id", to_write.to_owned()),
            ("http://192.168.1.5/f?key=hunter2", to_write.to_owned()),
        ];
        for (address, says) in table {
            let reason = Place::of_user(address).map(|place| only_in_a_list(&place).reason);
            let reason = reason.unwrap_or_default();
            assert!(reason.ends_with(&says) && !reason.contains("hunter2"), "{address}: {reason}");
        }
    }
}
