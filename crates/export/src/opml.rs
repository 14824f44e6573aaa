//! OPML: the podcasts of every list once, as subscriptions for any podcast program.
//!
//! A program subscribes to a feed. A show whose feed is not known is written with its page at Spotify all the same, so
//! that a person can look it up.

use std::collections::HashSet;
use std::io;

use ferrotape_domain::PlaylistKind;

use crate::account::{Cost, Teller};
use crate::list::List;
use crate::xml::{NOT_XML, Xml, fits};

/// Writes the shows of all lists.
pub(crate) fn write(lists: &[List<'_>], teller: &mut Teller) -> io::Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    xml.open("opml", &[("version", "2.0")])?;
    xml.open("head", &[])?;
    let title = match lists {
        [only] if only.kind == PlaylistKind::Subscriptions => only.name,
        _ => "Saved Shows",
    };
    xml.text("title", title)?;
    xml.close("head")?;
    xml.open("body", &[])?;
    let mut written = HashSet::new();
    for list in lists {
        for entry in &list.entries {
            let show = entry.wanted;
            let title = show.label();
            let title = if show.title.is_empty() { title.as_str() } else { show.title.as_str() };
            let page = show.spotify.as_ref().map(|link| link.web_address()).unwrap_or_default();
            let feed = show.feed.as_deref().unwrap_or_default();
            if feed.is_empty() && !entry.without_feed {
                let reason = "its feed is not known, so that no program can subscribe to it";
                teller.entry(list, entry, Cost::Altered, reason);
            }
            if !fits(title) {
                teller.entry(list, entry, Cost::Altered, NOT_XML);
            }
            if !written.insert((title.to_owned(), page.clone(), feed)) {
                continue;
            }
            let all =
                [("type", "rss"), ("text", title), ("title", title), ("xmlUrl", feed), ("htmlUrl", &page)];
            let said: Vec<(&str, &str)> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            xml.empty("outline", &said)?;
        }
    }
    xml.close("body")?;
    xml.close("opml")?;
    Ok(xml.finish())
}
