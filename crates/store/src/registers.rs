//! What services know of wanted things and of sounds: identifiers, names, lyrics.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use ferrotape_domain::{ContentId, Fact, FoundLyrics, KnownBy, SoundName};

use crate::Library;
use crate::library::Result;
use crate::model::{StoredFact, StoredWanted};
use crate::sqlite::queries;

impl Library {
    /// Keeps what a service knows of a thing in place of what it knew before, also where that is nothing.
    pub fn keep_facts(
        &self,
        service: &str,
        wanted_id: i64,
        known: &[(Fact, KnownBy)],
        at: i64,
    ) -> Result<()> {
        self.write_of(service, "keep what a service knows", |db| {
            queries::registers::keep_facts(db, (service, wanted_id), known, at)
        })
    }

    /// All that services know of wanted things.
    pub fn facts(&self) -> Result<Vec<StoredFact>> {
        self.read("read what services know", queries::registers::facts_of_things)
    }

    /// What services know of one thing, whichever of its descriptions they were asked of.
    pub fn facts_of(&self, wanted_id: i64) -> Result<Vec<StoredFact>> {
        self.read("read what services know", |db| {
            let rows = queries::same::rows_of(db, wanted_id)?;
            queries::registers::facts_of(db, &rows)
        })
    }

    /// What a service was asked of: `wanted:12`, a content, or a release; found at any time, or in vain since then
    /// (seconds since 1970 UTC).
    pub fn asked_of(&self, service: &str, in_vain_since: i64) -> Result<HashSet<String>> {
        self.read("read what services were asked", |db| queries::registers::asked(db, service, in_vain_since))
    }

    /// What a service was asked of in vain since then (seconds since 1970 UTC).
    pub fn asked_in_vain(&self, service: &str, since: i64) -> Result<HashSet<String>> {
        self.read("read what services were asked", |db| queries::registers::asked_in_vain(db, service, since))
    }

    /// Wanted things as [`Library::wanted_by_ids`] has them, but without what one service knows of them.
    pub fn wanted_without(&self, ids: &[i64], service: &str) -> Result<Vec<StoredWanted>> {
        self.read("read the wanted things", |db| queries::wanted::by_ids_without(db, ids, service))
    }

    /// Keeps that a service was asked of something that has no table of its own.
    pub fn note_asked(&self, service: &str, subject: &str, found: bool, at: i64) -> Result<()> {
        self.write_of(service, "keep what a service knows", |db| {
            queries::registers::note_asked(db, (service, subject), found, at)
        })
    }

    /// Keeps what a service calls the sound of a file, also where that is nothing.
    pub fn keep_sound_names(
        &self,
        service: &str,
        content: &ContentId,
        names: &[SoundName],
        at: i64,
    ) -> Result<()> {
        self.write_of(service, "keep what a sound is called", |db| {
            queries::registers::keep_sound_names(db, (service, content), names, at)
        })
    }

    /// What every sound is called that a service knows, the most alike first.
    pub fn sound_names(&self) -> Result<HashMap<ContentId, Vec<SoundName>>> {
        self.read("read what sounds are called", queries::registers::sound_names)
    }

    /// Keeps the lyrics of a thing with the playing time that they were had for, or that there are none.
    pub fn keep_lyrics(
        &self,
        service: &str,
        wanted_id: i64,
        found: Option<(&FoundLyrics, Duration)>,
        at: i64,
    ) -> Result<()> {
        self.write_of(service, "keep lyrics", |db| {
            queries::registers::keep_lyrics(db, (service, wanted_id), found, at)
        })
    }

    /// The lyrics of every thing that some are known of, with the playing time that they were had for, by the number of
    /// the thing.
    pub fn lyrics(&self) -> Result<HashMap<i64, (FoundLyrics, Duration)>> {
        self.read("read lyrics", queries::registers::all_lyrics)
    }

    /// Forgets all that a service ever said; how many questions that answered.
    pub fn forget_register(&self, service: &str) -> Result<u64> {
        self.write("forget what a service said", |db| queries::registers::forget(db, service))
    }
}
