//! Feeds whose addresses may be keys: how many a file names, and an export without them.

use std::collections::HashSet;

use ferrotape_domain::{Wanted, Wishlist, may_hold_a_key};

use crate::Format;
use crate::field::Field;
use crate::list::Entry;

/// What is left out of an export for their sake.
#[derive(Debug, Default)]
pub(crate) struct PrivateFeeds {
    /// The library without their addresses; `None` where they are written.
    pub(crate) left_out_of: Option<Wishlist>,
    /// Index into [`Wishlist::wanted`] of the things they were of.
    things: HashSet<usize>,
    addresses: HashSet<String>,
}

impl PrivateFeeds {
    pub(crate) fn of(library: &Wishlist, leave_out: bool) -> Self {
        if !leave_out {
            return Self::default();
        }
        let (mut open, mut things, mut addresses) = (library.clone(), HashSet::new(), HashSet::new());
        for (at, wanted) in open.wanted.iter_mut().enumerate() {
            if let Some(address) = wanted.feed.take_if(|feed| may_hold_a_key(feed)) {
                things.insert(at);
                addresses.insert(address);
            }
        }
        Self { left_out_of: Some(open), things, addresses }
    }

    /// Whether the address of this thing's feed is left out.
    pub(crate) fn is_left_out(&self, wanted_at: usize) -> bool {
        self.things.contains(&wanted_at)
    }

    /// How many feeds are left out of files that would name them.
    pub(crate) fn count_left(&self, format: Format) -> u64 {
        let library = self.left_out_of.iter().flat_map(|library| &library.wanted);
        let names_feeds =
            library.zip(0..).any(|(wanted, at)| self.is_left_out(at) && names_feed(format, wanted));
        if names_feeds { self.addresses.len() as u64 } else { 0 }
    }
}

/// How many private feeds a file of these things names, each once.
pub(crate) fn count_private_feeds<'w>(format: Format, things: impl Iterator<Item = &'w Wanted>) -> u64 {
    let named =
        things.filter(|wanted| names_feed(format, wanted)).filter_map(|wanted| wanted.feed.as_deref());
    named.filter(|feed| may_hold_a_key(feed)).collect::<HashSet<&str>>().len() as u64
}

fn names_feed(format: Format, wanted: &Wanted) -> bool {
    let entry = Entry { row: 0, wanted, added: None, files: &[], without_feed: false };
    Field::Feed.is_carried(format, &entry)
}
