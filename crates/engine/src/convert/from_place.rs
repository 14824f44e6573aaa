//! What a finished track carries of the place its file came from: links to the page or file and to the licence, and what a
//! podcast's feed says of the episode, its chapters among it.
//!
//! Only of places that are for everybody are there links; the address of a server of the user's is nobody's business.

use std::collections::BTreeMap;

use ferrotape_domain::{Carried, MoreTags, Offer, Origins, Provenance, Rights};

use crate::{Context, EngineError};

/// What the place of one file says of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FromPlace {
    /// Where it was had, or the page about it.
    file: Option<String>,
    /// Its licence.
    licence: Option<String>,
    /// What a feed says of it.
    feed: MoreTags,
}

impl FromPlace {
    fn of(provenance: Provenance) -> Self {
        let for_everybody = provenance.rights != Rights::Own;
        let file = provenance.page.or(provenance.url).filter(|_| for_everybody);
        let licence = match provenance.rights {
            Rights::Licence { url, .. } => url,
            _ => None,
        };
        Self { file, licence, feed: provenance.said.more.map(|more| *more).unwrap_or_default() }
    }

    /// What tells it from other words of the place; `None` where it says nothing.
    pub(super) fn mark(&self) -> Option<String> {
        if *self == Self::default() {
            return None;
        }
        // As it was when links were all there was, so that no file is tagged anew for it.
        let links = format!("Links {{ file: {:?}, licence: {:?} }}", self.file, self.licence);
        let feed = (self.feed != MoreTags::default()).then(|| format!("{:?}", self.feed));
        Some(links + &feed.unwrap_or_default())
    }

    /// Whether it is an episode of a feed.
    pub(super) fn is_of_feed(&self) -> bool {
        self.feed.texts.contains_key(&Carried::Podcast)
    }

    /// Adds it where the file says nothing of its own.
    pub(super) fn add_to(&self, more: &mut Option<Box<MoreTags>>) {
        let links = [(Carried::AudioPage, &self.file), (Carried::CopyrightPage, &self.licence)];
        let links = links.into_iter().filter_map(|(field, link)| Some((field, vec![link.clone()?])));
        let texts = links.chain(self.feed.texts.iter().map(|(field, values)| (*field, values.clone())));
        for (field, values) in texts {
            let own: &mut BTreeMap<Carried, Vec<String>> = &mut more.get_or_insert_default().texts;
            own.entry(field).or_insert(values);
        }
        if !self.feed.chapters.is_empty() {
            let own = &mut more.get_or_insert_default().chapters;
            if own.is_empty() {
                own.clone_from(&self.feed.chapters);
            }
        }
    }
}

/// What the places say of all files that did not come with the user's own folders.
pub(super) struct FromPlaces(Origins<FromPlace>);

impl FromPlaces {
    pub(super) fn load(context: &Context) -> Result<Self, EngineError> {
        let all = context.library.provenance()?.into_iter();
        let said = |one: Provenance| (one.content.clone(), one.file_name.clone(), FromPlace::of(one));
        Ok(Self(all.map(said).collect()))
    }

    /// What is said of a file, or of the file that a part is of; a part has chapters of its own, or none.
    pub(super) fn of(&self, offer: &Offer) -> FromPlace {
        let mut said = self.0.of(&offer.content, &offer.path).cloned().unwrap_or_default();
        if offer.part.is_some() {
            said.feed.chapters = Vec::new();
        }
        said
    }
}
