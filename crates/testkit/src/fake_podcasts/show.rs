//! Made-up shows: what their feeds say, and what is wanted of them.

use std::fmt::Write as _;
use std::time::Duration;

use ferrotape_domain::{ArtistCredit, Wanted, WantedKind};

/// Where a show is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// In both directories.
    Everywhere,
    /// In Apple's directory of this country only, two capital letters.
    Country(&'static str),
    /// In Podcast Index only.
    Index,
    /// In Apple's directory, without its feed.
    WithoutFeed,
    /// Nowhere.
    Nowhere,
}

/// Who is let in to a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// Everybody.
    Open,
    /// Who knows this name and password.
    Password(String, String),
    /// Nobody any more: 410.
    Gone,
    /// It answers with so many redirects first, to other hosts.
    Moved(usize),
}

/// How a host gives its sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// Always the same bytes, with a strong ETag and ranges.
    Same,
    /// Another copy each time, without an ETag.
    Advertised,
    /// A page for people.
    Page,
    /// Not any more: 410.
    Gone,
    /// For subscribers: 401.
    Locked,
}

/// An episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeEpisode {
    /// Its title.
    pub title: String,
    /// `YYYY-MM-DD`.
    pub day: String,
    /// `06:00:00 GMT`.
    pub time: String,
    /// Its length in seconds.
    pub seconds: u64,
}

/// A show.
#[derive(Debug, Clone)]
pub struct FakeShow {
    /// Its name.
    pub title: String,
    /// Who publishes it.
    pub author: String,
    /// `HOST/PATH`, perhaps with a query, of its feed.
    pub feed: String,
    /// The newest first.
    pub episodes: Vec<FakeEpisode>,
    /// Where it is listed.
    pub listing: Listing,
    /// Who is let in.
    pub door: Door,
    /// How its sound is given.
    pub sound: Sound,
    /// `HOST/PATH` of another feed that it says it has moved to.
    pub new_feed: Option<String>,
    /// What stands behind each address of sound: `?token=…`.
    pub query: String,
    /// The bytes of every episode's sound; `None` for such as are no audio.
    pub audio: Option<Vec<u8>>,
    /// The bytes of the sound of each of the newest episodes, where they differ.
    pub sounds: Vec<Vec<u8>>,
    /// Its picture, at `/show.jpg` of its host.
    pub picture: Option<Vec<u8>>,
    /// The picture of the newest episode, at `/newest.jpg`.
    pub newest_picture: Option<Vec<u8>>,
}

const TITLES: [&str; 8] =
    ["Harbour", "Gulls & Men", "The Long Way Out", "Salt", "Fog, Part 2", "“Lamps”", "Ebb", "Nine Knots"];

impl FakeShow {
    /// A show of so many weekly episodes, listed everywhere and open to all; its feed is at `feed`.
    pub fn new(title: &str, feed: &str, episodes: usize) -> Self {
        let episode = |at: usize| {
            let name = TITLES[at % TITLES.len()];
            let title = if at < TITLES.len() { name.to_owned() } else { format!("{name} {}", at + 1) };
            let day = format!("2024-{:02}-{:02}", at / 4 % 12 + 1, at % 4 * 7 + 1);
            FakeEpisode { title, day, time: "06:00:00 GMT".to_owned(), seconds: 1500 + at as u64 * 37 }
        };
        Self {
            title: title.to_owned(),
            author: "Mara Quill".to_owned(),
            feed: feed.to_owned(),
            episodes: (0..episodes).rev().map(episode).collect(),
            listing: Listing::Everywhere,
            door: Door::Open,
            sound: Sound::Same,
            new_feed: None,
            query: String::new(),
            audio: None,
            sounds: Vec::new(),
            picture: None,
            newest_picture: None,
        }
    }

    /// The same, whose episodes play so many seconds.
    #[must_use]
    pub fn sounding(mut self, audio: Vec<u8>, seconds: u64) -> Self {
        self.episodes.iter_mut().for_each(|episode| episode.seconds = seconds);
        Self { audio: Some(audio), ..self }
    }

    /// The same, with as many episodes as sounds, each of which plays so many seconds.
    #[must_use]
    pub fn sounding_each(mut self, sounds: Vec<Vec<u8>>, seconds: u64) -> Self {
        self.episodes.truncate(sounds.len());
        self.episodes.iter_mut().for_each(|episode| episode.seconds = seconds);
        Self { sounds, ..self }
    }

    /// What a library that lists the episode at this place says of it, to the second but for advertisements.
    pub fn wanted(&self, at: usize) -> Wanted {
        let episode = &self.episodes[at];
        Wanted {
            title: episode.title.clone(),
            release: Some(self.title.clone()),
            artists: ArtistCredit::printed(&self.author),
            released: Some(episode.day.clone()),
            duration: Some(Duration::from_secs(episode.seconds + 45)),
            ..Wanted::of_kind(WantedKind::Episode)
        }
    }

    /// The show itself, wanted as a whole; with its feed where the user named that.
    pub fn wanted_whole(&self, feed: Option<String>) -> Wanted {
        Wanted { title: self.title.clone(), feed, ..Wanted::of_kind(WantedKind::Show) }
    }

    /// The bytes of an episode's sound.
    pub fn bytes(&self, at: usize) -> Vec<u8> {
        if let Some(audio) = self.sounds.get(at).or(self.audio.as_ref()) {
            return audio.clone();
        }
        let mut state = self.title.len() as u32 * 31 + at as u32;
        let mut bytes = vec![0xff, 0xfb, 0x90, 0x64];
        bytes.extend((0..60_000).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        }));
        bytes
    }

    pub(super) fn host(&self) -> &str {
        self.feed.split('/').next().unwrap_or_default()
    }

    fn picture_tag(&self, is_there: bool, name: &str) -> String {
        let address = format!("https://{}/{name}{}", self.host(), self.query);
        if is_there { format!("<itunes:image href=\"{address}\"/>") } else { String::new() }
    }

    /// Its feed. Sound is reached through a statistics service, as with most hosts.
    pub(super) fn rss(&self) -> String {
        let text = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        let moved = self.new_feed.as_ref().map_or_else(String::new, |feed| {
            format!("<itunes:new-feed-url>https://{feed}</itunes:new-feed-url>")
        });
        let mut rss = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
             xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" \
             xmlns:podcast=\"https://podcastindex.org/namespace/1.0\"><channel><title>{}</title>\
             <itunes:author>{}</itunes:author>{moved}{}\n",
            text(&self.title),
            text(&self.author),
            self.picture_tag(self.picture.is_some(), "show.jpg")
        );
        for (at, episode) in self.episodes.iter().enumerate() {
            let number = self.episodes.len() - at;
            let (host, query) = (self.host(), text(&self.query));
            let mut parts = episode.day.split('-').map(|part| part.parse::<usize>().unwrap_or(1));
            let (year, month, day) =
                (parts.next().unwrap_or(1), parts.next().unwrap_or(1), parts.next().unwrap_or(1));
            let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            let _ = writeln!(
                rss,
                "<item><title>{}</title><guid isPermaLink=\"false\">{host}-{number}</guid>\
                 <pubDate>{day:02} {} {year} {}</pubDate><itunes:duration>{}</itunes:duration>\
                 <podcast:episode>{number}</podcast:episode>{}<description>&lt;p&gt;About {number}&lt;/p&gt;</description>\
                 <podcast:chapters url=\"https://{host}/chapters/{number}.json\"/>\
                 <enclosure url=\"https://stats.example/r.mp3/{host}/{number}.mp3{query}\" length=\"1\" \
                 type=\"audio/mpeg\"/></item>",
                text(&episode.title),
                months[(month - 1) % 12],
                episode.time,
                episode.seconds,
                self.picture_tag(at == 0 && self.newest_picture.is_some(), "newest.jpg"),
            );
        }
        rss + "</channel></rss>"
    }
}
