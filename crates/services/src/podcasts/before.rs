//! What a feed that the user named was when it was last read. Names of hosts are sold, and addresses lead elsewhere from one
//! day to the next: what is there then may be another podcast, which nobody wants.
//!
//! Noted are its title, its publisher, and sums of its newest titles; nothing of a private feed. A kept answer would not do:
//! the next one takes its place, and the question would be gone an hour later.

use std::collections::BTreeSet;

use ferrotape_domain::{Fault, FaultKind, feed_key};

use super::NAME;
use super::addresses::sum;
use super::agreement::ENOUGH;
use super::feed::Feed;
use super::feeds::{fault, is_plain};
use super::place::Place;
use super::titles::{canonical, name_key, one_holds_the_other};
use crate::net::{Address, Net};

/// Begins the name of such a note, of the line [`NAME`].
pub const WAS: &str = "was ";

/// So many episodes are noted, the newest.
const MOST: usize = 100;

/// What a feed was.
struct Was {
    title: String,
    author: String,
    /// Sums of their titles.
    episodes: BTreeSet<String>,
    /// Its address led elsewhere for good, to what was no more it. A kept answer does not tell that it came that way.
    is_led_away: bool,
}

/// The last line of the note of one that led elsewhere.
const LED_AWAY: &str = "led elsewhere";

/// Whether it is still the podcast that it was, now or where its address leads for good (`moved`); the fault is the question
/// to the user. Of one that they typed, that is what they said. `true` where its address led elsewhere before anything was known
/// of it: only what is wanted tells then whether it is that. That is noted, for a kept answer does not tell it.
pub(super) fn check(net: &Net, place: &Place, feed: &Feed, moved: Option<&Address>) -> Result<bool, Fault> {
    if !is_noted(place) || place.is_typed() {
        return Ok(false);
    }
    let name = note_name(place);
    let note = net.memory().note(NAME, &name).ok().flatten();
    let mut was = match note.as_deref().and_then(Was::read) {
        Some(was) if was.is_unknown() => return Ok(true),
        Some(was) => was,
        None => {
            let is_led = moved.is_some_and(|to| feed_key(to.reveal()) != feed_key(place.reveal()));
            if is_led {
                drop(net.memory().keep_note(NAME, &name, &Was::unknown().write()));
            }
            return Ok(is_led);
        }
    };
    let is_news = moved.is_some() && !was.is_led_away;
    was.is_led_away |= moved.is_some();
    if !was.is_left_by(feed) {
        return Ok(false);
    }
    if is_news {
        drop(net.memory().keep_note(NAME, &name, &was.write()));
    }
    Err(another(place, &was, feed))
}

/// Notes what it is. That failing is no failure: then what was noted before counts.
pub(super) fn keep(net: &Net, place: &Place, feed: &Feed) {
    let is = Was::of(feed);
    if !is_noted(place) || is.episodes.is_empty() {
        return;
    }
    let name = note_name(place);
    let was = net.memory().note(NAME, &name).ok().flatten();
    // Of one that is nearly empty for a day, more is known from before.
    let known = was.as_deref().and_then(Was::read).map_or(0, |was| was.episodes.len());
    if is.episodes.len() < ENOUGH.min(known) {
        return;
    }
    let is = is.write();
    if was.as_deref() != Some(is.as_str()) {
        drop(net.memory().keep_note(NAME, &name, &is));
    }
}

/// What a directory names is proved by its episodes in each run.
fn is_noted(place: &Place) -> bool {
    place.is_by_user() && !place.is_private()
}

fn note_name(place: &Place) -> String {
    format!("{WAS}{}", place.name())
}

fn episodes_of(feed: &Feed) -> impl Iterator<Item = String> {
    let titles = feed.episodes.iter().map(|episode| canonical(&episode.title));
    titles.filter(|title| !title.is_empty()).map(|title| sum(&[title.as_str()]))
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Was {
    fn of(feed: &Feed) -> Self {
        let author = in_one_line(feed.author.as_deref().unwrap_or_default());
        let episodes = episodes_of(feed).take(MOST).collect();
        Self { title: in_one_line(&feed.title), author, episodes, is_led_away: false }
    }

    /// Of one whose address led elsewhere when it was first read.
    fn unknown() -> Self {
        let (title, author) = (String::new(), String::new());
        Self { title, author, episodes: BTreeSet::new(), is_led_away: true }
    }

    fn is_unknown(&self) -> bool {
        let is_silent = self.title.is_empty() && self.author.is_empty();
        is_silent && self.is_led_away && self.episodes.iter().all(String::is_empty)
    }

    fn read(note: &str) -> Option<Self> {
        let mut lines = note.lines();
        let (title, author, episodes) = (lines.next()?, lines.next()?, lines.next()?);
        let episodes = episodes.split(' ').map(str::to_owned).collect();
        let is_led_away = lines.next() == Some(LED_AWAY);
        Some(Self { title: title.to_owned(), author: author.to_owned(), episodes, is_led_away })
    }

    fn write(&self) -> String {
        let episodes: Vec<&str> = self.episodes.iter().map(String::as_str).collect();
        let more = if self.is_led_away { format!("\n{LED_AWAY}") } else { String::new() };
        format!("{}\n{}\n{}{more}", self.title, self.author, episodes.join(" "))
    }

    /// Whether another podcast is there now: no episode is left, and it has another title. A podcast that is renamed keeps
    /// its episodes. One that begins anew keeps its publisher and a part of its title; the publisher alone may be a
    /// company that has feeds of everybody. Of one or two episodes none may be left for many reasons, so that one must have
    /// another publisher, too. Where its address leads to another one, that is no beginning: publishers send whoever asks
    /// for what they gave up to a sister of it.
    fn is_left_by(&self, feed: &Feed) -> bool {
        let title = name_key(&feed.title);
        let is_renamed = !title.is_empty() && title != name_key(&self.title);
        let is_alike = || one_holds_the_other(&self.title, &feed.title) == Some(true);
        let many = self.episodes.len() >= ENOUGH;
        is_renamed
            && episodes_of(feed).all(|episode| !self.episodes.contains(&episode))
            && (self.is_led_away || !self.is_by(feed) || (many && !is_alike()))
    }

    /// Whether its publisher is known to be this feed's.
    fn is_by(&self, feed: &Feed) -> bool {
        one_holds_the_other(&self.author, feed.author.as_deref().unwrap_or_default()) == Some(true)
    }
}

/// The question to the user about a feed whose address led elsewhere when it was first read, to what does not look like the
/// wanted podcast.
pub(super) fn led_elsewhere(place: &Place, feed: &Feed, name: &str) -> Fault {
    let reason = format!(
        "the feed at {} leads for good to another address, where it calls itself “{}”{}, and nothing tells that this is \
         “{name}” – {}",
        place.host(),
        in_one_line(&feed.title),
        by(feed),
        name_it_yourself(place)
    );
    fault(name, FaultKind::NeedsUser, reason)
}

fn by(feed: &Feed) -> String {
    let author = in_one_line(feed.author.as_deref().unwrap_or_default());
    if author.is_empty() { author } else { format!(" by {author}") }
}

fn name_it_yourself(place: &Place) -> String {
    let address = place.name();
    let (with_it, address) =
        if is_plain(&address) { ("", address.as_str()) } else { (", with its address", "ADDRESS") };
    format!("if it is right, name it yourself{with_it}: ferrotape source add podcasts --feed {address}")
}

/// The question to the user.
fn another(place: &Place, was: &Was, feed: &Feed) -> Fault {
    let reason = format!(
        "the feed at {} calls itself “{}”{} now, and none of the episodes that it had as “{}” is in it: it may be \
         another podcast – {}",
        place.host(),
        in_one_line(&feed.title),
        by(feed),
        was.title,
        name_it_yourself(place)
    );
    // Its host may have other podcasts, which are as they were.
    fault(&was.title, FaultKind::NeedsUser, reason)
}
