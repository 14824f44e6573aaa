//! The shapes that MusicBrainz answers in. Every field may be missing.

use std::time::Duration;

use ferrotape_domain::Mbid;
use serde::Deserialize;
use serde_json::Value;

use crate::answers::{
    Many, Texts, bare, folded, has_entries, has_words, is_counted, said, same_title, unless,
};
use crate::net::Told;

const MOST_LINKS: usize = 200;
const MOST_RELATIONS: usize = 500;
const MOST_RECORDINGS: usize = 50;
const MOST_HITS: usize = 100;
const MOST_RELEASES: usize = 200;
const MOST_CREDITED: usize = 30;

/// Of several links a list; of one link that link itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OfLinks {
    urls: Many<Link, MOST_LINKS>,
    resource: Texts,
    relations: Many<Relation, MOST_RELATIONS>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Link {
    resource: Texts,
    relations: Many<Relation, MOST_RELATIONS>,
}

impl OfLinks {
    /// Each link, and what it is a link of.
    pub(super) fn by_link(self) -> Vec<(String, Vec<Entity>)> {
        let alone = Link { resource: self.resource, relations: self.relations };
        let links = self.urls.0.into_iter().chain([alone]);
        let entities = |relations: Vec<Relation>| {
            let held = relations.into_iter().filter(|relation| !relation.ended.is_true());
            held.flat_map(|relation| {
                let release = relation.release.map(|release| Entity { is_release: true, ..release });
                [relation.recording, release].into_iter().flatten()
            })
            .collect()
        };
        links
            .filter_map(|link| Some((link.resource.first()?.to_owned(), entities(link.relations.0))))
            .collect()
    }
}

/// The recordings with an ISRC.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OfIsrc {
    pub(super) recordings: Many<Entity, MOST_RECORDINGS>,
}

/// What the search finds, and how many there are in all.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OfSearch {
    pub(super) count: Texts,
    pub(super) recordings: Many<Entity, MOST_HITS>,
}

/// A recording or a release.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Entity {
    id: Texts,
    pub(super) title: Texts,
    pub(super) length: Texts,
    pub(super) video: Texts,
    pub(super) isrcs: Texts,
    #[serde(rename = "artist-credit")]
    pub(super) credit: Many<Credit, MOST_CREDITED>,
    pub(super) releases: Many<Release, MOST_RELEASES>,
    #[serde(skip)]
    pub(super) is_release: bool,
    pub(super) relations: Many<Relation, MOST_RELATIONS>,
}

impl Entity {
    pub(super) fn mbid(&self) -> Option<Mbid> {
        Mbid::parse(self.id.first()?).ok()
    }

    /// A recording of which only the id is known.
    pub(super) fn of_id(mbid: &Mbid) -> Self {
        Self::default().or_id(mbid)
    }

    /// Its playing time.
    pub(super) fn length(&self) -> Option<Duration> {
        self.length.number().filter(|ms| *ms > 0).map(Duration::from_millis)
    }

    /// The same, with the id that it was asked for where it does not tell its own.
    pub(super) fn or_id(self, mbid: &Mbid) -> Self {
        match self.mbid() {
            Some(_) => self,
            None => Self { id: Texts::one(mbid.as_str()), ..self },
        }
    }
}

/// A name as it is printed on this recording, and the artist's own.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Credit {
    pub(super) name: Texts,
    pub(super) joinphrase: Texts,
    pub(super) artist: Named,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Named {
    pub(super) name: Texts,
}

/// A release that a recording is on.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Release {
    id: Texts,
    pub(super) title: Texts,
    #[serde(rename = "release-group")]
    group: Option<Group>,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct Group {
    id: Texts,
}

impl Release {
    pub(super) fn mbid(&self) -> Option<Mbid> {
        Mbid::parse(self.id.first()?).ok()
    }

    pub(super) fn group(&self) -> Option<Mbid> {
        Mbid::parse(self.group.as_ref()?.id.first()?).ok()
    }
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Relation {
    #[serde(rename = "type-id")]
    pub(super) type_id: Texts,
    pub(super) ended: Texts,
    pub(super) url: Option<Resource>,
    recording: Option<Entity>,
    release: Option<Entity>,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Resource {
    pub(super) resource: Texts,
}

/// The only one of the title that is no film; `None` where there are several, or none. Where another version of it is
/// there as well, nobody knows which is meant.
pub(super) fn the_one(all: Vec<Entity>, title: &str) -> Option<Entity> {
    let wanted = folded(bare(title));
    let mut fitting: Vec<Entity> = Vec::new();
    for entity in all {
        let fits =
            !entity.video.is_true() && entity.title.first().is_some_and(|own| folded(bare(own)) == wanted);
        let is_new = !fitting.iter().any(|known| known.mbid() == entity.mbid());
        if fits && is_new && entity.mbid().is_some() {
            fitting.push(entity);
        }
    }
    let is_it = |entity: &Entity| entity.title.first().is_some_and(|own| same_title(own, title));
    if fitting.len() == 1 { fitting.pop().filter(is_it) } else { None }
}

/// The trouble in the answer about links: a list of those that it knows, or the one that it was asked for.
pub(super) fn told_by_links(body: &[u8]) -> Option<Told> {
    let said = said(body);
    let is_one = said.get("resource").is_some_and(Value::is_string);
    unless(&said, is_one || is_counted(said.get("urls"), said.get("url-count")))
}

/// The same in that about an ISRC; that nothing has it comes with status 404.
pub(super) fn told_by_isrc(body: &[u8]) -> Option<Told> {
    let said = said(body);
    unless(&said, has_entries(said.get("recordings")))
}

/// The same in what a search has found.
pub(super) fn told_by_search(body: &[u8]) -> Option<Told> {
    let said = said(body);
    unless(&said, is_counted(said.get("recordings"), said.get("count")))
}

/// The same in an entry.
pub(super) fn told_by_entry(body: &[u8]) -> Option<Told> {
    let said = said(body);
    unless(&said, said.get("id").is_some_and(Value::is_string))
}

/// Its own words for what it does not know, with status 404.
pub(super) fn says_none(body: &[u8]) -> bool {
    has_words(&said(body), "error", "not found")
}
