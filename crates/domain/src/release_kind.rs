//! What a release is by its type: `album; live` of MusicBrainz makes all its tracks live ones, whatever their titles say.

/// A type by which all tracks of a release are other recordings than the plain ones of these titles. `compilation`,
/// `soundtrack` and `mixtape/street` say nothing of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the type of that name")]
pub enum ReleaseKind {
    Live,
    Remix,
    Demo,
    DjMix,
    Interview,
}

/// All of them, with the words of MusicBrainz.
const ALL: &[(ReleaseKind, &str)] = &[
    (ReleaseKind::Live, "live"),
    (ReleaseKind::Remix, "remix"),
    (ReleaseKind::Demo, "demo"),
    (ReleaseKind::DjMix, "dj-mix"),
    (ReleaseKind::Interview, "interview"),
];

impl ReleaseKind {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The kinds of one release.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReleaseKinds(u8);

impl ReleaseKinds {
    /// None of them: an album as it is.
    pub const NONE: Self = Self(0);

    /// What the values of a tag say, of which one may hold several: `album; live`, `album/live`. Other words are passed over.
    pub fn of_words<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let words = values.into_iter().flat_map(|value| value.split([';', ',', '/', '+']));
        let kinds = words.filter_map(|word| {
            let known = |(_, name): &&(ReleaseKind, &str)| word.trim().eq_ignore_ascii_case(name);
            ALL.iter().find(known).map(|(kind, _)| *kind)
        });
        Self(kinds.fold(0, |bits, kind| bits | kind.bit()))
    }

    /// In an order of their own.
    pub fn kinds(self) -> impl Iterator<Item = ReleaseKind> {
        ALL.iter().map(|(kind, _)| *kind).filter(move |kind| self.0 & kind.bit() != 0)
    }

    /// The words of MusicBrainz for them.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        ALL.iter().filter(move |(kind, _)| self.0 & kind.bit() != 0).map(|(_, word)| *word)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TagSet;

    #[test]
    fn types_are_known_in_every_form_and_words_that_say_nothing_are_not() {
        for values in [&["album", "live"][..], &["album; live"], &["Album/Live"], &["live"], &["ep,live"]] {
            let kinds = ReleaseKinds::of_words(values.iter().copied());
            assert_eq!(kinds.words().collect::<Vec<_>>(), ["live"], "{values:?}");
            assert_eq!(kinds.kinds().collect::<Vec<_>>(), [ReleaseKind::Live], "{values:?}");
        }
        let silent =
            ["album", "compilation", "soundtrack", "mixtape/street", "spokenword", "audiobook", "lively"];
        assert!(ReleaseKinds::of_words(silent).is_empty());
        let both = ReleaseKinds::of_words(["compilation; dj-mix", "remix"]);
        assert_eq!(both.words().collect::<Vec<_>>(), ["remix", "dj-mix"]);
        assert_eq!(ReleaseKinds::of_words(both.words()), both);
    }

    #[test]
    fn what_is_made_of_a_track_does_not_hang_on_it() {
        let live = TagSet {
            release_kinds: ReleaseKinds::of_words(["live"]),
            players: Some(Box::default()),
            advisory: Some(crate::Advisory::Clean),
            album_id: Some("subsonic:home al-1".into()),
            ..TagSet::default()
        };
        let text = format!("{live:?}");
        assert_eq!(text, format!("{:?}", TagSet::default()));
        assert!(
            text.starts_with("TagSet { title: None, artists: [], album: None")
                && text.ends_with("more: None }")
        );
    }
}
