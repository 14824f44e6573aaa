//! What was looked up before, for the tags of finished tracks: lyrics, and which release a picture is of.

use std::collections::HashMap;
use std::time::Duration;

use ferrotape_audio::{read_lrc, without_times};
use ferrotape_domain::{FoundLyrics, Offer, SyncedLyrics, TagSet};
use ferrotape_store::StoredWanted;

use super::companions::lyrics_beside;
use crate::lookup::releases::Releases;
use crate::{Context, EngineError};

/// Lengths that differ by less are of one recording.
const NEAR: Duration = Duration::from_secs(2);

pub(super) struct LookedUpBefore {
    lyrics: HashMap<i64, (FoundLyrics, Duration)>,
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
        let (found, of) = self.lyrics.get(&named.id)?;
        if tags.lyrics.is_some() || offer.part.is_some() || lyrics_beside(&offer.path).is_file() {
            return None;
        }
        let words = found.plain.clone().or_else(|| found.synced.as_deref().map(without_times));
        tags.lyrics = words.filter(|words| !words.trim().is_empty());
        // Times that were had for a file of another length would not fit what plays.
        let fits = offer.facts.duration.is_some_and(|duration| duration.abs_diff(*of) <= NEAR);
        found.synced.as_deref().filter(|_| fits).and_then(read_lrc)
    }
}
