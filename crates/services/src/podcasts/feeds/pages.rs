//! Feeds that come in pages (RFC 5005): the first has the newest episodes, and names the page with older ones. What is wanted
//! and not on it is looked for on the next ones, until it is there or they end.
//!
//! Pages are that podcast's as long as they have its title. They are asked as the feed is, and may lead no other way.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, PoisonError};

use ferrotape_domain::{Cancel, Fault, FaultKind};

use super::{ACCEPT, AT_HAND, Feeds, Had, WHOLE, fault, if_whole};
use crate::net::{INSIDE, Keep, Reply, Stale};
use crate::podcasts::feed::{Feed, MOST_BYTES, MOST_EPISODES, read_feed};
use crate::podcasts::titles::name_key;

/// Pages of a feed that are read, the first included.
const MOST_PAGES: usize = 20;

/// A feed as far as its pages were asked for.
#[derive(Clone)]
pub(super) struct Paged {
    /// With the episodes of all of them.
    had: Arc<Had>,
    /// Where the next one is.
    next: Option<String>,
    /// Where those were that were asked for: pages may lead in a circle.
    asked: BTreeSet<String>,
    /// How long those behind the first are.
    bytes: usize,
    /// Why the next one could not be had.
    fault: Option<Fault>,
}

impl Paged {
    fn of(first: &Arc<Had>) -> Self {
        let asked = BTreeSet::from([first.place.reveal().to_owned()]);
        let next = first.feed.older.clone();
        Self { had: Arc::clone(first), next, asked, bytes: 0, fault: None }
    }

    /// The next page, if there is one that was not asked for and has room.
    fn next(&self) -> Option<String> {
        let has_room = self.asked.len() < MOST_PAGES
            && self.bytes < MOST_BYTES
            && self.had.feed.episodes.len() < MOST_EPISODES;
        self.next.clone().filter(|next| has_room && !self.asked.contains(next))
    }

    /// Adds a page. One that has nothing new is the last: some hosts give the same for every number.
    fn take(&mut self, page: Page) {
        let known: HashSet<&str> = self.had.feed.episodes.iter().map(|one| one.id.as_str()).collect();
        let mut news = page.feed.episodes;
        news.retain(|episode| !known.contains(episode.id.as_str()));
        self.next = page.feed.older.filter(|_| !news.is_empty());
        self.bytes += page.bytes;
        let mut feed = self.had.feed.clone();
        feed.episodes.extend(news);
        feed.episodes.truncate(MOST_EPISODES);
        feed.is_cut_off |= page.feed.is_cut_off;
        self.had = Arc::new(self.had.with(feed, page.stale));
    }
}

/// What came as a page.
struct Page {
    feed: Feed,
    bytes: usize,
    stale: Option<Stale>,
}

impl Had {
    /// The same with the episodes of a further page, which may be an old copy.
    fn with(&self, feed: Feed, stale: Option<Stale>) -> Self {
        Self {
            place: self.place.clone(),
            feed,
            is_inside: self.is_inside,
            stale: self.stale.clone().or(stale),
            is_unjudged: self.is_unjudged,
            led_to: self.led_to.clone(),
        }
    }
}

impl Feeds {
    /// A feed with as many of its pages as it takes to have enough, or all that there are; the fault is why a page could not be
    /// had that may have what is missing.
    pub(in super::super) fn until(
        &self,
        first: Arc<Had>,
        has_enough: &dyn Fn(&Feed) -> bool,
        cancel: &Cancel,
    ) -> Result<Arc<Had>, Fault> {
        if first.feed.older.is_none() || has_enough(&first.feed) {
            return Ok(first);
        }
        let mut paged = self.paged(&first);
        while !has_enough(&paged.had.feed) {
            if let Some(fault) = &paged.fault {
                return Err(fault.clone());
            }
            let Some(address) = paged.next() else { break };
            let page = self.page(&paged, &address, cancel);
            paged.asked.insert(address);
            match page {
                Ok(Some(page)) => paged.take(page),
                Ok(None) => paged.next = None,
                Err(fault) => paged.fault = Some(fault),
            }
            if !cancel.is_stopped() {
                self.keep_paged(&paged);
            }
        }
        Ok(paged.had)
    }

    /// As far as its pages were asked for in this run.
    fn paged(&self, first: &Arc<Had>) -> Paged {
        let all = self.paged.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|one| one.had.place == first.place).cloned().unwrap_or_else(|| Paged::of(first))
    }

    fn keep_paged(&self, paged: &Paged) {
        let mut all = self.paged.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.had.place != paged.had.place);
        if all.len() >= AT_HAND {
            all.remove(0);
        }
        all.push(paged.clone());
    }

    /// The page at an address; `None` where it is another podcast's, or leads into the user's own network.
    fn page(&self, paged: &Paged, address: &str, cancel: &Cancel) -> Result<Option<Page>, Fault> {
        let had = &paged.had;
        let place = &had.place;
        let mut request = had.request_with_login(address)?.header("accept", ACCEPT);
        let is_kept = !place.is_private() && !had.is_inside;
        request = request.kept_as(address, if is_kept { Keep::NEWS } else { Keep::Not }).keeping(if_whole);
        (request.max_bytes, request.whole) = (MOST_BYTES.saturating_sub(paged.bytes) as u64, WHOLE);
        let number = paged.asked.len() + 1;
        let trouble = |why: String| {
            // It may have what is missing, and so that waits for it.
            let kind = FaultKind::Temporary { retry_after_seconds: None };
            fault(place.host(), kind, format!("page {number} of the feed at {}: {why}", place.host()))
        };
        let reply: Reply = match self.net.ask(&request, cancel) {
            Ok(reply) => reply,
            Err(fault) if fault.reason == INSIDE => return Ok(None),
            Err(fault) => return Err(fault),
        };
        if !reply.is_ok() {
            return Err(trouble(format!("its host answers with status {}", reply.status)));
        }
        let feed = read_feed(&reply.body, reply.header("content-type"), place.reveal());
        let feed = feed.map_err(|why| trouble(why.to_string()))?;
        let is_its = feed.title.is_empty() || name_key(&feed.title) == name_key(&had.feed.title);
        Ok(is_its.then_some(Page { feed, bytes: reply.body.len(), stale: reply.stale }))
    }
}
