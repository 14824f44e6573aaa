//! Clean text to a feed, tag by tag.
//!
//! Which elements are open is kept here, not by quick-xml: an end closes the nearest element of its name with all that
//! was left open in it, and one that closes nothing is passed over. So `<br>` in a description loses nothing.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::episode::{Draft, Text};
use super::names::{Space, Spaces};
use super::{Feed, MOST_EPISODES, NotAFeed, texts};
use crate::podcasts::addresses::resolved;

/// Elements that may be open within each other.
const DEEPEST: usize = 64;
/// Bytes of one element's text that are kept.
const LONGEST_TEXT: usize = 64 << 10;
/// Attributes of one element that are looked at.
const MOST_ATTRIBUTES: usize = 64;
/// Bytes of an attribute that are kept.
const LONGEST_ATTRIBUTE: usize = 8 << 10;

/// Where an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Outside of everything.
    Top,
    /// In the podcast itself.
    Show,
    /// In its picture.
    Picture,
    /// In an episode.
    Episode,
    /// In a person of an Atom feed.
    Person,
    /// Where nothing is looked for.
    Elsewhere,
}

/// An open element.
struct Open {
    name: String,
    place: Place,
}

/// The text that is being kept, of the element at this depth.
struct Kept {
    depth: usize,
    text: Text,
    words: String,
}

struct Reading<'a> {
    address: &'a str,
    spaces: Spaces,
    open: Vec<Open>,
    kept: Option<Kept>,
    show: Draft,
    episode: Option<Draft>,
    without_audio: usize,
    /// Whether all of the podcast was there, and nothing came behind it but white space, comments and ends.
    is_past_all: bool,
    feed: Feed,
}

pub(super) fn read(text: &str, address: &str) -> Result<Feed, NotAFeed> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    let mut reading = Reading {
        address,
        spaces: Spaces::default(),
        open: Vec::new(),
        kept: None,
        show: Draft::default(),
        episode: None,
        without_audio: 0,
        is_past_all: false,
        feed: Feed::default(),
    };
    let ended = loop {
        match reader.read_event() {
            Ok(Event::Eof) => break Ended::of(&reading),
            Ok(event) => {
                if let Some(ended) = reading.take(&event)? {
                    break ended;
                }
            }
            Err(_) => break Ended::CutOff,
        }
    };
    reading.finish(ended)
}

/// How a feed ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Whole,
    /// Only the end of its outermost element is missing.
    Unclosed,
    CutOff,
    TooDeep,
    TooMany,
}

impl Ended {
    fn of(reading: &Reading<'_>) -> Self {
        match reading.open.is_empty() {
            true => Self::Whole,
            false if reading.is_past_all => Self::Unclosed,
            false => Self::CutOff,
        }
    }

    fn says(self) -> Option<String> {
        match self {
            Self::Whole => None,
            Self::Unclosed => Some("its last end is missing, and nothing else of it".to_owned()),
            Self::CutOff => Some("it is cut off in the middle; the episodes before that are kept".to_owned()),
            Self::TooDeep => Some(format!(
                "its elements nest deeper than {DEEPEST} levels, as no feed's do; the rest is left out"
            )),
            Self::TooMany => Some(format!("it has more than {MOST_EPISODES} episodes; the rest is left out")),
        }
    }
}

impl Reading<'_> {
    /// Takes one event; `Some` where nothing more is to be read.
    fn take(&mut self, event: &Event<'_>) -> Result<Option<Ended>, NotAFeed> {
        self.is_past_all &= adds_nothing(event);
        match event {
            Event::Start(tag) => {
                if self.open.len() >= DEEPEST {
                    return Ok(Some(Ended::TooDeep));
                }
                self.start(tag)?;
            }
            Event::Empty(tag) => {
                self.start(tag)?;
                return Ok(self.close());
            }
            Event::End(tag) => {
                let name = tag.name();
                let Some(at) = self.open.iter().rposition(|open| open.name == name.as_ref()) else {
                    return Ok(None);
                };
                while self.open.len() > at {
                    if let Some(ended) = self.close() {
                        return Ok(Some(ended));
                    }
                }
            }
            Event::Text(words) => self.words(words),
            Event::CData(words) => self.words(words),
            Event::GeneralRef(name) if self.has_room() => self.words(&texts::reference(name)),
            _ => {}
        }
        Ok(None)
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), NotAFeed> {
        self.spaces.learn(tag);
        let name = tag.name();
        let (space, local) = self.spaces.of(name.as_ref());
        let around = self.open.last().map_or(Place::Top, |open| open.place);
        let place = if self.kept.is_some() { Place::Elsewhere } else { within(around, space, local) };
        if around == Place::Top && self.open.is_empty() {
            root(space, local)?;
        }
        if place == Place::Episode && around != Place::Episode {
            self.episode = Some(Draft::default());
        }
        if self.kept.is_none()
            && let Some(draft) = draft(around, &mut self.show, &mut self.episode)
        {
            let values = attributes(tag, &self.spaces);
            draft.attributes((space, local), &values, &|text| resolved(self.address, text));
            if let Some(text) = text_of(around, space, local).filter(|text| !draft.has(*text)) {
                self.kept = Some(Kept { depth: self.open.len(), text, words: String::new() });
            }
        }
        self.open.push(Open { name: name.as_ref().to_owned(), place });
        Ok(())
    }

    /// Closes the innermost element.
    fn close(&mut self) -> Option<Ended> {
        let closed = self.open.pop()?;
        // In RSS 1.0 the episodes stand behind the podcast.
        let is_rss = matches!(self.open.as_slice(), [root] if root.name.eq_ignore_ascii_case("rss"));
        self.is_past_all = is_rss && closed.place == Place::Show;
        let around = self.open.last().map_or(Place::Top, |open| open.place);
        if let Some(kept) = self.kept.take_if(|kept| kept.depth == self.open.len())
            && let Some(draft) = draft(around, &mut self.show, &mut self.episode)
        {
            draft.keep(kept.text, kept.words);
        }
        if closed.place == Place::Episode && around != Place::Episode {
            match self.episode.take().and_then(|draft| draft.episode(self.address)) {
                Some(_) if self.feed.episodes.len() >= MOST_EPISODES => return Some(Ended::TooMany),
                Some(episode) => self.feed.episodes.push(episode),
                None => self.without_audio += 1,
            }
        }
        None
    }

    fn has_room(&self) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.words.len() < LONGEST_TEXT)
    }

    fn words(&mut self, words: &str) {
        if let Some(kept) = &mut self.kept {
            let room = LONGEST_TEXT.saturating_sub(kept.words.len());
            kept.words.push_str(words.get(..words.floor_char_boundary(room)).unwrap_or_default());
        }
    }

    fn finish(mut self, ended: Ended) -> Result<Feed, NotAFeed> {
        self.show.show(&mut self.feed, self.address);
        let feed = &mut self.feed;
        feed.is_whole = ended == Ended::Whole;
        feed.is_cut_off = ended == Ended::CutOff;
        feed.problems.extend(ended.says());
        let twice = super::episode::tell_apart(&mut feed.episodes, self.address);
        let entries =
            |count: usize| if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") };
        if self.without_audio > 0 {
            let has = if self.without_audio == 1 { "has" } else { "have" };
            feed.problems.push(format!("{} of it {has} no audio", entries(self.without_audio)));
        }
        if twice > 0 {
            let stands = if twice == 1 { "stands" } else { "stand" };
            feed.problems.push(format!("{} of it {stands} there twice", entries(twice)));
        }
        Ok(self.feed)
    }
}

/// Whether it may stand behind a podcast without being any more of it.
fn adds_nothing(event: &Event<'_>) -> bool {
    match event {
        Event::Text(words) => words.trim().is_empty(),
        Event::Comment(_) | Event::End(_) => true,
        _ => false,
    }
}

/// Who is told what stands around here.
fn draft<'d>(around: Place, show: &'d mut Draft, episode: &'d mut Option<Draft>) -> Option<&'d mut Draft> {
    match around {
        Place::Show | Place::Picture => Some(show),
        Place::Episode => episode.as_mut(),
        Place::Person => Some(episode.as_mut().unwrap_or(show)),
        Place::Top | Place::Elsewhere => None,
    }
}

fn root(space: Space, local: &str) -> Result<(), NotAFeed> {
    match (space, local.to_ascii_lowercase().as_str()) {
        (_, "html") => Err(NotAFeed::WebPage),
        (_, "rss" | "rdf" | "feed" | "channel") => Ok(()),
        _ => Err(NotAFeed::NotXml),
    }
}

/// Where the inside of an element is.
fn within(around: Place, space: Space, local: &str) -> Place {
    match (around, space, local) {
        (Place::Top, _, "rss" | "RDF" | "rdf" | "Rss" | "RSS") => Place::Top,
        (Place::Top, Space::Plain | Space::Atom, "channel" | "feed") => Place::Show,
        // In RSS 1.0 episodes stand beside their podcast.
        (Place::Top | Place::Show, Space::Plain | Space::Atom, "item" | "entry") => Place::Episode,
        (Place::Show, Space::Plain, "image") => Place::Picture,
        (Place::Show | Place::Episode, Space::Plain | Space::Atom, "author") => Place::Person,
        // Chapters and groups of files of an episode belong to it.
        (Place::Episode, Space::Chapters, "chapters") | (Place::Episode, Space::Media, "group") => {
            Place::Episode
        }
        _ => Place::Elsewhere,
    }
}

/// Which text an element's is.
fn text_of(around: Place, space: Space, local: &str) -> Option<Text> {
    use Space::{Atom, Content, Dublin, Itunes, Plain, Podcast};
    let text = match (around, space, local) {
        (Place::Picture, Plain, "url") => Text::Picture,
        (Place::Person, Plain | Atom, "name") => Text::Creator,
        (Place::Picture | Place::Person, ..) => return None,
        (_, Plain | Atom, "title") => Text::Title,
        (_, Itunes, "title") => Text::ShortTitle,
        (_, Plain, "guid") | (_, Plain | Atom, "id") | (Place::Show, Podcast, "guid") => Text::Id,
        (_, Plain, "link") => Text::Page,
        (_, Plain, "pubDate" | "pubdate" | "PubDate") | (_, Plain | Atom, "published") => Text::Day,
        (_, Dublin, "date") | (_, Plain | Atom, "updated") => Text::OtherDay,
        (_, Itunes, "duration") => Text::Length,
        (_, Podcast, "season") => Text::Season,
        (_, Podcast, "episode") => Text::Number,
        (_, Itunes, "season") => Text::OtherSeason,
        (_, Itunes, "episode") => Text::OtherNumber,
        (_, Plain, "description") => Text::Description,
        (_, Itunes, "summary") | (_, Plain | Atom, "summary" | "content") => Text::Summary,
        (_, Content, "encoded") => Text::Notes,
        (_, Itunes, "author") => Text::Author,
        (_, Dublin, "creator") => Text::Creator,
        (Place::Show, Itunes, "new-feed-url") => Text::NewFeed,
        (Place::Show, Plain, "language") => Text::Language,
        _ => return None,
    };
    Some(text)
}

/// The attributes of a tag by name, in no namespace but their own.
fn attributes<'t>(tag: &'t BytesStart<'_>, spaces: &Spaces) -> Vec<(&'t str, String)> {
    if tag.attributes_raw().trim().is_empty() {
        return Vec::new();
    }
    // The library's check for doubles takes quadratic time.
    let mut all = tag.html_attributes();
    let named = all.with_checks(false).flatten().take(MOST_ATTRIBUTES).map(|one| {
        let value = one.value.get(..one.value.floor_char_boundary(LONGEST_ATTRIBUTE)).unwrap_or_default();
        (spaces.of(one.key.into_inner()).1, texts::resolved(value.trim()).into_owned())
    });
    named.collect()
}
