//! The kinds of reasons for asking a person: stable words to filter and group by, beside the sentence.

use ferrotape_domain::{Match, WantedKind};

/// What kind of reason kept a thing from being decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The nearest file is another version: live, a remix, an edit …
    Version,
    /// It plays longer or shorter.
    Duration,
    /// It cannot be listened to, or sounds otherwise.
    Sound,
    /// Its artist is only similar, or a guest differs.
    Artist,
    /// Its title is only similar.
    Title,
    /// Letters of title or artist differ in a way that may make it another one.
    Spelling,
    /// Several different recordings fit equally well.
    Several,
    /// A saved album: several editions share its name.
    Album,
    /// Too little agrees to be sure.
    Unsure,
}

impl Reason {
    /// Every reason, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::Version,
        Self::Duration,
        Self::Sound,
        Self::Artist,
        Self::Title,
        Self::Spelling,
        Self::Several,
        Self::Album,
        Self::Unsure,
    ];

    /// The stable word, for options and `--json`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Duration => "duration",
            Self::Sound => "sound",
            Self::Artist => "artist",
            Self::Title => "title",
            Self::Spelling => "spelling",
            Self::Several => "several",
            Self::Album => "album",
            Self::Unsure => "unsure",
        }
    }

    /// What it means, as the heading of a group.
    pub fn title(self) -> &'static str {
        match self {
            Self::Version => "another version",
            Self::Duration => "another playing time",
            Self::Sound => "something is wrong with the sound",
            Self::Artist => "the artist only nearly agrees",
            Self::Title => "the title only nearly agrees",
            Self::Spelling => "spelt differently",
            Self::Several => "several recordings fit equally well",
            Self::Album => "several editions of an album",
            Self::Unsure => "too little to go by",
        }
    }

    /// The reason a stable word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }

    /// Whether the best that was found is another version of what is wanted, so that what is wanted may be elsewhere.
    pub(crate) fn is_version(candidates: &[Match]) -> bool {
        candidates.first().and_then(|best| best.objection.as_ref()).is_some_and(|it| it.kind == "version")
    }

    /// The kind of reason, by what speaks against the best candidate.
    pub(super) fn of(candidates: &[Match], wanted: WantedKind) -> Self {
        if wanted == WantedKind::Release {
            return Self::Album;
        }
        let Some(best) = candidates.first() else { return Self::Unsure };
        match best.objection.as_ref().map(|objection| objection.kind) {
            Some("version") => Self::Version,
            Some("duration") => Self::Duration,
            Some("sound") => Self::Sound,
            Some("artist") => Self::Artist,
            Some("title") => Self::Title,
            Some("spelling") => Self::Spelling,
            Some("names") if against(best, "title") => Self::Title,
            Some("names") => Self::Artist,
            Some(_) => Self::Unsure,
            None if candidates.len() > 1 => Self::Several,
            None => Self::Unsure,
        }
    }
}

fn against(found: &Match, kind: &str) -> bool {
    found.evidence.iter().any(|evidence| evidence.kind == kind && evidence.weight < 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_its_reason() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_word(reason.word()), Some(reason));
        }
        assert_eq!(Reason::from_word("because"), None);
    }
}
