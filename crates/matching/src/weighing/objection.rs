//! What speaks against choosing a file, however many points it has.

use ferrotape_domain::Objection;

/// The kind of an objection, from the mildest: how likely it is that the file is the wanted recording all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Against {
    /// Nothing that it says is wrong, and nothing proves that it is this recording.
    Unproven,
    /// Letters of its title or artist differ.
    Letters,
    /// Its artist's name is only part of the wanted one, or the other way round.
    ArtistPart,
    /// Its title is cut short, or only one side has a subtitle.
    Words,
    /// It stands at another place of the album, where one of its name may be another recording, or it may be another part.
    Place,
    /// Nothing tells how long it plays.
    Unmeasured,
    /// It names a guest that is not wanted.
    Guest,
    /// It plays longer or shorter.
    Length,
    /// It is another version.
    Version,
    /// It cannot be listened to: silent, or cut off.
    Audio,
    /// Another title or artist.
    Names,
}

impl Against {
    /// [`Objection::kind`].
    fn word(self) -> &'static str {
        match self {
            Self::Unproven => "unproven",
            Self::Letters => "spelling",
            Self::ArtistPart | Self::Guest => "artist",
            Self::Words | Self::Place => "title",
            Self::Length | Self::Unmeasured => "duration",
            Self::Version => "version",
            Self::Audio => "sound",
            Self::Names => "names",
        }
    }
}

/// Every objection to one file, in the order they were found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Objections(Vec<(Against, String)>);

impl Objections {
    pub(crate) fn raise(&mut self, kind: Against, says: impl Into<String>) {
        self.0.push((kind, says.into()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The gravest kind among them.
    pub(crate) fn gravest(&self) -> Option<Against> {
        self.0.iter().map(|(kind, _)| *kind).max()
    }

    /// Whether nothing but letters of title or artist is against it.
    pub(crate) fn only_letters(&self) -> bool {
        matches!(self.gravest(), Some(Against::Letters | Against::ArtistPart))
    }

    /// Whether nothing is against it but that it is not proven.
    pub(crate) fn only_unproven(&self) -> bool {
        self.gravest() == Some(Against::Unproven)
    }

    /// Whether nothing but an unknown playing time is against it.
    pub(crate) fn only_unmeasured(&self) -> bool {
        self.0.iter().all(|(kind, _)| *kind == Against::Unmeasured) && !self.is_empty()
    }

    /// Whether it is probably the wanted recording, and only letters, its place on the album or no known length make one ask.
    pub(crate) fn is_only_a_doubt(&self) -> bool {
        let only_place = self.0.iter().all(|(kind, _)| *kind == Against::Place) && !self.is_empty();
        self.only_letters() || self.only_unmeasured() || only_place
    }

    /// All of them, under the name of the gravest.
    pub(crate) fn objection(&self) -> Option<Objection> {
        Some(Objection { kind: self.gravest()?.word(), says: self.sentence()? })
    }

    /// All of them as one sentence: `live, but the plain recording is wanted, 41 s longer`.
    pub(crate) fn sentence(&self) -> Option<String> {
        let mut says: Vec<&str> = Vec::new();
        for (_, one) in &self.0 {
            if !says.contains(&one.as_str()) {
                says.push(one);
            }
        }
        (!says.is_empty()).then(|| says.join(", "))
    }
}
