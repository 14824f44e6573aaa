//! What a player can take, as data: one readable file per kind of player in `crates/device/profiles`.
//!
//! A profile is read, never computed. `generic` is the meeting point of everything measured on FAT32, exFAT and cheap
//! players, so it works on all of them; the others extend it and say only what is different, with the source of each
//! fact. How to add one: `docs/players.md`.

mod built_in;
mod file;
mod sections;
mod valid;

pub use self::file::{LARGEST_PROFILE, ProfileError, Profiles};
pub use self::sections::{
    AudioRules, Characters, Confidence, CopyRules, CoverRules, DetectRules, Fact, FileOrder, FolderRules,
    Folders, LoudnessWish, LyricsRules, NameRules, Newline, PathStyle, PlaylistRules, Split, SpokenRules,
    TagRules, TagText, TagVersion, TextEncoding, Transport,
};

use serde::{Deserialize, Serialize};

/// Everything ferrotape needs to know about a kind of player.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// A stable word of lower-case letters, digits and hyphens: `generic`.
    pub name: String,
    /// What people call the player.
    pub title: String,
    /// The profile whose values hold where this one says nothing. Only `generic` has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// How the player is reached.
    pub transport: Transport,
    /// What the user should know before filling it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<String>,
    /// How it is recognised.
    pub detect: DetectRules,
    /// How file and folder names must look.
    pub names: NameRules,
    /// Where things go.
    pub folders: FolderRules,
    /// How playlists are written.
    pub playlists: PlaylistRules,
    /// Which MP3 files it plays.
    pub audio: AudioRules,
    /// How it reads tags.
    pub tags: TagRules,
    /// How podcasts are put on it.
    pub podcasts: SpokenRules,
    /// How audiobooks are put on it.
    pub audiobooks: SpokenRules,
    /// Which pictures it shows.
    pub cover: CoverRules,
    /// Which lyrics it reads.
    pub lyrics: LyricsRules,
    /// How it is filled.
    pub copy: CopyRules,
    /// Where all of this was learnt. Not inherited.
    #[serde(default, rename = "fact")]
    pub facts: Vec<Fact>,
}

impl Profile {
    /// A player nothing is known about: FAT32 or exFAT, plain MP3.
    pub fn generic() -> Self {
        Profiles::built_in().generic().clone()
    }

    /// All of it, as a file would say it.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).unwrap_or_default()
    }

    /// A file to begin a profile with that extends this one: every value as it is here, behind a `#`. One of this name is
    /// the same player with something otherwise, so its title stays, too. The text tells what is wrong with the name.
    pub fn template(&self, name: &str) -> Result<String, String> {
        let own = Self { name: name.to_owned(), ..self.clone() };
        if let Some(complaint) = valid::complaints(&own).into_iter().next() {
            return Err(complaint);
        }
        let whole = Self { facts: Vec::new(), extends: None, ..own }.to_toml();
        let section = |line: &str| line.starts_with('[');
        let is_this_one = name == self.name;
        let title = if is_this_one { "" } else { "title = \"What people call it\"\n" };
        let is_said =
            |line: &&str| !line.starts_with("name =") && (is_this_one || !line.starts_with("title ="));
        let said = whole.lines().filter(is_said);
        let lines: Vec<String> = said
            .map(|line| if line.is_empty() || section(line) { line.to_owned() } else { format!("# {line}") })
            .collect();
        Ok(format!(
            "name = \"{name}\"\n{title}extends = \"{}\"\n{}\n\n\
             # Where you learnt it; add as many as you like.\n# [[fact]]\n# says = \"\"\n# source = \"\"\n\
             # confidence = \"reported\"   # or guessed, documented, measured\n",
            self.name,
            lines.join("\n")
        ))
    }

    /// How sure it is: as sure as the least sure of its facts; only guessed when it names none.
    pub fn confidence(&self) -> Confidence {
        self.facts.iter().map(|fact| fact.confidence).min().unwrap_or(Confidence::Guessed)
    }
}
