//! What was gathered of a podcast or an episode, and what it comes to.

use std::collections::HashSet;
use std::time::Duration;

use ferrotape_domain::Chapter;

use super::dates::published;
use super::lengths::{length, moment};
use super::names::Space;
use super::texts::{line, plain};
use super::{Enclosure, Feed, FeedEpisode, Transcript};
use crate::podcasts::addresses::{path, resolved, sum};

/// Bytes of a title or name that are kept.
const LONGEST_LINE: usize = 1024;
/// Bytes of a description that are kept.
const LONGEST_DESCRIPTION: usize = 8 << 10;
const LONGEST_ID: usize = 1024;
const MOST_CHAPTERS: usize = 1000;
const MOST_TRANSCRIPTS: usize = 16;
/// Endings of files of audio, for enclosures of which nothing true is said.
const AUDIO: [&str; 9] = ["mp3", "m4a", "m4b", "aac", "ogg", "oga", "opus", "flac", "wav"];

/// A text that is kept; the first of each kind counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    Title,
    ShortTitle,
    Id,
    Page,
    Picture,
    Day,
    OtherDay,
    Length,
    Season,
    Number,
    OtherSeason,
    OtherNumber,
    Description,
    Summary,
    Notes,
    Author,
    Creator,
    NewFeed,
    Language,
}

/// What was gathered so far.
#[derive(Debug, Default)]
pub(super) struct Draft {
    texts: Vec<(Text, String)>,
    picture: Option<String>,
    page: Option<String>,
    /// The next page of a feed that comes in several.
    next: Option<String>,
    /// The one before it, of a feed whose past is put away.
    archive: Option<String>,
    audio: Option<Enclosure>,
    /// From the media namespace, where there is no enclosure.
    other_audio: Option<Enclosure>,
    chapters: Vec<Chapter>,
    chapters_url: Option<String>,
    transcripts: Vec<Transcript>,
}

impl Draft {
    pub(super) fn has(&self, text: Text) -> bool {
        self.texts.iter().any(|(kept, _)| *kept == text)
    }

    pub(super) fn keep(&mut self, text: Text, words: String) {
        if !words.trim().is_empty() {
            self.texts.push((text, words));
        }
    }

    fn text(&self, text: Text) -> Option<&str> {
        self.texts.iter().find(|(kept, _)| *kept == text).map(|(_, words)| words.trim())
    }

    fn line(&self, text: Text) -> Option<String> {
        let line = line(self.text(text)?);
        let line = line.get(..line.floor_char_boundary(LONGEST_LINE))?.to_owned();
        (!line.is_empty()).then_some(line)
    }

    fn number(&self, text: Text) -> Option<u32> {
        self.text(text)?.parse().ok().filter(|number| *number > 0)
    }

    /// Takes what an element says in its attributes; `whole` makes addresses whole.
    pub(super) fn attributes(
        &mut self,
        (space, local): (Space, &str),
        values: &[(&str, String)],
        whole: &dyn Fn(&str) -> Option<String>,
    ) {
        let value = |name: &str| {
            let found = values.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        let media_type = || value("type").split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match (space, local) {
            (Space::Plain, "enclosure") => {
                first_audio(&mut self.audio, whole(value("url")), media_type(), value("length"));
            }
            (Space::Media, "content") => {
                let medium = if value("medium") == "audio" && value("type").is_empty() {
                    "audio/*".to_owned()
                } else {
                    media_type()
                };
                first_audio(&mut self.other_audio, whole(value("url")), medium, value("fileSize"));
            }
            (Space::Plain | Space::Atom, "link") => match value("rel") {
                "enclosure" => {
                    first_audio(&mut self.audio, whole(value("href")), media_type(), value("length"));
                }
                "next" => self.next = self.next.take().or_else(|| whole(value("href"))),
                "prev-archive" => self.archive = self.archive.take().or_else(|| whole(value("href"))),
                "alternate" | "" => self.page = self.page.take().or_else(|| whole(value("href"))),
                _ => {}
            },
            (Space::Itunes, "image") => {
                let href = if value("href").is_empty() { value("url") } else { value("href") };
                self.picture = self.picture.take().or_else(|| whole(href));
            }
            (Space::Podcast, "chapters") => {
                self.chapters_url = self.chapters_url.take().or_else(|| whole(value("url")));
            }
            (Space::Podcast, "transcript") if self.transcripts.len() < MOST_TRANSCRIPTS => {
                let transcript = whole(value("url")).map(|url| Transcript { url, media_type: media_type() });
                self.transcripts.extend(transcript);
            }
            (Space::Chapters, "chapter") if self.chapters.len() < MOST_CHAPTERS => {
                let start = moment(value("start")).and_then(|start| u64::try_from(start.as_millis()).ok());
                let title = line(value("title"));
                self.chapters.extend(start.map(|start_ms| Chapter { title, start_ms, end_ms: start_ms }));
            }
            _ => {}
        }
    }

    /// The podcast itself.
    pub(super) fn show(&self, feed: &mut Feed, address: &str) {
        feed.title = self.line(Text::Title).or_else(|| self.line(Text::ShortTitle)).unwrap_or_default();
        feed.author = self.author();
        feed.site =
            self.text(Text::Page).and_then(|page| resolved(address, page)).or_else(|| self.page.clone());
        feed.image = self.picture(address);
        feed.language = self.line(Text::Language).filter(|language| language.len() <= 35);
        feed.guid = self.line(Text::Id);
        feed.older = self.next.clone().or_else(|| self.archive.clone());
        feed.new_feed_url = self.text(Text::NewFeed).and_then(|moved| resolved(address, moved));
    }

    fn picture(&self, address: &str) -> Option<String> {
        self.picture.clone().or_else(|| resolved(address, self.text(Text::Picture)?))
    }

    fn author(&self) -> Option<String> {
        self.line(Text::Author)
            .or_else(|| self.line(Text::Creator))
            .map(|author| without_mail(&author).to_owned())
    }

    /// An episode; `None` where there is no audio.
    pub(super) fn episode(self, address: &str) -> Option<FeedEpisode> {
        let audio = self.audio.clone().or_else(|| self.other_audio.clone())?;
        let texts = [Text::Description, Text::Summary, Text::Notes];
        let described = texts.into_iter().filter_map(|text| self.text(text));
        let description =
            described.map(|html| plain(html, LONGEST_DESCRIPTION)).find(|text| !text.is_empty());
        let page =
            self.text(Text::Page).and_then(|page| resolved(address, page)).or_else(|| self.page.clone());
        let id = self.text(Text::Id).filter(|id| id.len() <= LONGEST_ID).map(line);
        let duration = self.text(Text::Length).and_then(length);
        let mut chapters = self.chapters.clone();
        end_chapters(&mut chapters, duration);
        Some(FeedEpisode {
            id: id.unwrap_or_default(),
            title: self.line(Text::Title).or_else(|| self.line(Text::ShortTitle)).unwrap_or_default(),
            author: self.author(),
            description,
            page,
            published: [Text::Day, Text::OtherDay].into_iter().find_map(|day| published(self.text(day)?)),
            duration,
            season: self.number(Text::Season).or_else(|| self.number(Text::OtherSeason)),
            number: self.number(Text::Number).or_else(|| self.number(Text::OtherNumber)),
            image: self.picture(address),
            audio,
            chapters,
            chapters_url: self.chapters_url,
            transcripts: self.transcripts,
        })
    }
}

/// `john@example.org (John Doe)` is John Doe.
fn without_mail(author: &str) -> &str {
    let inside = author.split_once('(').and_then(|(mail, name)| mail.contains('@').then_some(name));
    inside
        .and_then(|name| name.strip_suffix(')'))
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .unwrap_or(author)
}

/// Keeps a file if it is audio and the first that is.
fn first_audio(kept: &mut Option<Enclosure>, url: Option<String>, media_type: String, size: &str) {
    let Some(url) = url.filter(|_| kept.is_none()) else { return };
    let tells = !matches!(media_type.as_str(), "" | "application/octet-stream" | "binary/octet-stream");
    let is_audio = media_type.starts_with("audio/")
        || (!tells && is_audio_name(&url))
        || media_type == "application/ogg";
    if is_audio {
        // Some hundred bytes are no episode but a placeholder: 0, 1, 1234.
        let size = size.trim().parse().ok().filter(|size| *size >= 4096);
        *kept = Some(Enclosure { url, media_type, size });
    }
}

fn is_audio_name(url: &str) -> bool {
    let ending = path(url).rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| AUDIO.contains(&ending.as_str()))
}

/// Puts chapters in order, each to the beginning of the next, the last one to the end of all.
pub(in super::super) fn end_chapters(chapters: &mut Vec<Chapter>, whole: Option<Duration>) {
    chapters.sort_by_key(|chapter| chapter.start_ms);
    chapters.dedup_by_key(|chapter| chapter.start_ms);
    let whole = whole.and_then(|whole| u64::try_from(whole.as_millis()).ok()).unwrap_or(0);
    let starts: Vec<u64> = chapters.iter().skip(1).map(|chapter| chapter.start_ms).chain([whole]).collect();
    for (chapter, end) in chapters.iter_mut().zip(starts) {
        chapter.end_ms = end.max(chapter.start_ms);
    }
}

/// Gives every episode an id of its own; one that stands there twice is left out once. How many were.
pub(super) fn tell_apart(episodes: &mut Vec<FeedEpisode>, address: &str) -> usize {
    let before = episodes.len();
    let mut known: HashSet<(String, String)> = HashSet::new();
    episodes.retain(|episode| known.insert((episode.id.clone(), episode.audio.url.clone())));
    let mut ids: HashSet<String> = HashSet::new();
    for episode in &mut *episodes {
        let own = [address, path(&episode.audio.url)];
        if episode.id.is_empty() || ids.contains(&episode.id) {
            episode.id = sum(&own);
        }
        // Hosts that tell their files by the query alone.
        if ids.contains(&episode.id) {
            episode.id = sum(&[own[0], &episode.audio.url]);
        }
        ids.insert(episode.id.clone());
    }
    let mut seen: HashSet<String> = HashSet::new();
    episodes.retain(|episode| seen.insert(episode.id.clone()));
    before - episodes.len()
}
