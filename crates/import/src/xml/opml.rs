//! OPML: podcasts as `outline`s, which may stand in folders. They are a list of their own under the title of the file, beside
//! the podcasts that are saved at Spotify.
//!
//! An outline with a feed or a page is a podcast; one that holds others is a folder, whose name says nothing about
//! them. What a feed is about cannot be told without asking it, so a blog's feed is taken as well.

use std::io::BufRead;

use ferrotape_domain::{SpotifyKind, Wanted, WantedKind};

use super::pull::{Broken, Pull, Tag};
use super::tell;
use crate::Limits;
use crate::collector::{Collector, Tally};
use crate::wanted::link_of;

/// Characters of the longest address that is kept.
const LONGEST_ADDRESS: usize = 2_048;

/// Characters of a title that are kept.
const LONGEST_TITLE: usize = 200;

/// An outline that is still open.
struct Outline {
    title: String,
    feed: String,
    page: String,
    is_feed: bool,
    holds_others: bool,
}

/// Reads the one list of the file; answers what ended it early.
pub(super) fn read(
    pull: &mut Pull<impl BufRead>,
    limits: &Limits,
    tally: &mut Tally,
    collector: &mut Collector,
) -> Option<Broken> {
    pull.keep_attributes(&["text", "title", "type", "xmlUrl", "htmlUrl"]);
    let (mut rows, mut open) = (0, Vec::<Outline>::new());
    let (mut title, mut list) = (String::new(), None);
    loop {
        match pull.next() {
            Ok(None) => {
                list.get_or_insert_with(|| collector.subscriptions(&title));
                return None;
            }
            Ok(Some(Tag::Close { name, text })) if name == "title" && open.is_empty() && list.is_none() => {
                title = text.chars().take(LONGEST_TITLE).collect();
            }
            Ok(Some(Tag::Open(name))) if name == "outline" => {
                if let Some(around) = open.last_mut() {
                    around.holds_others = true;
                }
                open.push(outline(pull));
            }
            Ok(Some(Tag::Close { name, .. })) if name == "outline" => {
                let Some(outline) = open.pop() else { continue };
                let list = *list.get_or_insert_with(|| collector.subscriptions(&title));
                if outline.is_folder() {
                    continue;
                }
                rows += 1;
                match wanted_of(&outline) {
                    Ok((wanted, odd)) => {
                        if let Some(odd) = odd {
                            collector.remark(tally, Some(rows), odd);
                        }
                        collector.entry(tally, list, wanted, None);
                    }
                    Err(reason) => collector.refuse(tally, rows, reason),
                }
                if collector.rows() > limits.rows {
                    return None;
                }
            }
            Ok(Some(_)) => {}
            Err(broken) => {
                list.get_or_insert_with(|| collector.subscriptions(&title));
                let row = open.last().filter(|outline| !outline.is_folder()).map(|_| rows + 1);
                tell(&broken, row, tally, collector);
                return Some(broken);
            }
        }
    }
}

fn outline(pull: &Pull<impl BufRead>) -> Outline {
    let (text, title) = (pull.attribute("text"), pull.attribute("title"));
    Outline {
        title: if text.is_empty() { title } else { text }.to_owned(),
        feed: pull.attribute("xmlUrl").to_owned(),
        page: pull.attribute("htmlUrl").to_owned(),
        is_feed: pull.attribute("type").eq_ignore_ascii_case("rss"),
        holds_others: false,
    }
}

impl Outline {
    fn is_folder(&self) -> bool {
        self.holds_others && self.feed.is_empty() && !self.is_feed
    }
}

/// The podcast, and what is odd about it; `Err` tells why it is none.
fn wanted_of(outline: &Outline) -> Result<(Wanted, Option<String>), String> {
    let link = link_of(Some(&outline.page)).filter(|link| link.kind == SpotifyKind::Show);
    if !outline.is_feed && outline.feed.is_empty() && link.is_none() {
        return Err("it names neither a podcast's feed nor its page at Spotify".into());
    }
    let (feed, odd) = match feed_of(&outline.feed) {
        Ok(feed) => (feed, None),
        Err(reason) => (None, Some(reason)),
    };
    if outline.title.is_empty() && feed.is_none() && link.is_none() {
        return Err(odd.unwrap_or_else(|| "it has neither a name nor a feed".into()));
    }
    let show = Wanted::of_kind(WantedKind::Show);
    let odd = odd.map(|odd| format!("{odd}; the podcast is kept without it"));
    Ok((Wanted { title: outline.title.clone(), spotify: link, feed, ..show }, odd))
}

/// What programs of podcasts write in place of `https`, so that they are opened for it and not the browser.
const OF_PROGRAMS: [&str; 3] = ["feed", "itpc", "pcast"];

/// `https://host/rss` of `feed://host/rss`, of `feed:https://host/rss` and the like.
fn of_the_web(address: &str) -> String {
    let is_of_programs = |scheme: &str| OF_PROGRAMS.iter().any(|one| scheme.eq_ignore_ascii_case(one));
    let Some((_, rest)) = address.split_once(':').filter(|(scheme, _)| is_of_programs(scheme)) else {
        return address.to_owned();
    };
    match rest.strip_prefix("//") {
        bare if is_of_the_web(bare.unwrap_or(rest)) => bare.unwrap_or(rest).to_owned(),
        Some(bare) => format!("https://{bare}"),
        None => address.to_owned(),
    }
}

fn is_of_the_web(address: &str) -> bool {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
}

/// The address of a feed as it is kept; `Err` tells why it is none.
fn feed_of(address: &str) -> Result<Option<String>, String> {
    let address = of_the_web(address);
    if address.is_empty() {
        return Ok(None);
    }
    if address.chars().nth(LONGEST_ADDRESS).is_some() {
        return Err(format!("its feed's address is longer than {LONGEST_ADDRESS} characters"));
    }
    let Some((_, rest)) = address.split_once("://").filter(|_| is_of_the_web(&address)) else {
        return Err("its feed's address is not of http or https".into());
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || address.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("its feed's address cannot be read".into());
    }
    Ok(Some(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_written_for_programs_of_podcasts_are_read() {
        let tide = "https://feeds.example/tide?of=a:b";
        for address in [
            tide,
            "feed://feeds.example/tide?of=a:b",
            "FEED:https://feeds.example/tide?of=a:b",
            "feed://https://feeds.example/tide?of=a:b",
            "itpc://feeds.example/tide?of=a:b",
            "pcast://feeds.example/tide?of=a:b",
        ] {
            assert_eq!(feed_of(address), Ok(Some(tide.to_owned())), "{address}");
        }
        let named = "https://feeds.example/tide?page=https://tide.example";
        assert_eq!(
            feed_of("feed://feeds.example/tide?page=https://tide.example"),
            Ok(Some(named.to_owned()))
        );
        let plain = "http://feeds.example/tide";
        assert_eq!(feed_of("feed:http://feeds.example/tide"), Ok(Some(plain.to_owned())));
        for none in ["feed:tide", "feed://", "feed:file:///etc/passwd", "file:///etc/passwd", "ftp://a/b"] {
            assert!(feed_of(none).is_err(), "{none}");
        }
    }
}
