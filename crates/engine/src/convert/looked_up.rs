//! What was looked up before, for the tags of finished tracks: lyrics, and which release a picture is of.

use std::collections::HashMap;

use ferrotape_audio::{read_lrc, without_times};
use ferrotape_domain::{FoundLyrics, Offer, SyncedLyrics, TagSet};
use ferrotape_store::StoredWanted;

use super::companions::lyrics_beside;
use crate::lookup::releases::Releases;
use crate::{Context, EngineError};

pub(super) struct LookedUpBefore {
    lyrics: HashMap<i64, FoundLyrics>,
    pub(super) releases: Releases,
}

impl LookedUpBefore {
    pub(super) fn load(context: &Context) -> Result<Self, EngineError> {
        Ok(Self { lyrics: context.library.lyrics()?, releases: Releases::load(context)? })
    }

    /// Adds the words of a file that has none, and gives those with times. A file's own lyrics, and those beside it, stand.
    pub(super) fn add_lyrics(
        &self,
        tags: &mut TagSet,
        offer: &Offer,
        named: &StoredWanted,
    ) -> Option<SyncedLyrics> {
        let found = self.lyrics.get(&named.id)?;
        if tags.lyrics.is_some() || offer.part.is_some() || lyrics_beside(&offer.path).is_file() {
            return None;
        }
        let words = found.plain.clone().or_else(|| found.synced.as_deref().map(without_times));
        tags.lyrics = words.filter(|words| !words.trim().is_empty());
        found.synced.as_deref().and_then(read_lrc)
    }
}
