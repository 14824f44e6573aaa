//! One way to read a file's texts: its title, who is named, and which texts say so.

use std::sync::OnceLock;

use super::Album;
use crate::classical::composers::composer;
use crate::classical::performers::players_of;
use crate::classical::work::Work;
use crate::readings::names::Names;
use crate::readings::title::Title;
use crate::texts::normalise::fold;

/// From which texts a reading took title and artist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum From {
    Tags,
    ArtistInTitle,
    Swapped,
    FileName,
    FileNameSwapped,
}

/// Which text named a reading's artists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credit {
    /// The track's own.
    Own,
    /// The album artist or a folder, where the track names nobody.
    Indirect,
    /// The album artist, though the track's own artist is another text.
    Contradicted,
}

/// One way to read a file's texts as title and artist.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) from: From,
    pub(crate) title: Title,
    /// The text the title was parsed from.
    pub(super) text: String,
    /// That text folded whole, and its length in characters.
    pub(crate) folded: String,
    pub(crate) length: usize,
    /// Printed artist texts; several names in one are separated by U+001F.
    pub(super) artists: Vec<String>,
    /// Their names for sorting.
    pub(super) sort_names: String,
    /// Who plays by other fields, as in a collection's file.
    pub(super) players: String,
    /// What these three say, once that was asked.
    pub(super) names: OnceLock<Names>,
    /// Where the names come from.
    pub(crate) credit: Credit,
    /// Whether what was cut off the file's name may tell which part of a title it is: `Ebb (2)`.
    pub(crate) may_be_part: bool,
    /// The subtitle of the title's tag that the name leaves out which this was read from; mostly none.
    pub(crate) unsaid: String,
}

impl Reading {
    /// The title as it is printed.
    pub(crate) fn printed(&self) -> &str {
        &self.text
    }

    /// The classical work this title names; `composers` is what the file's tag says.
    pub(crate) fn work(&self, composers: &str, album: &Album) -> Option<Work> {
        let tagged = composers.split('\u{1f}').find_map(|name| composer(&fold(name)));
        Work::of(&self.text).map(|work| work.by(tagged.or_else(|| self.names().composer()), album))
    }

    /// A file's tag that holds this title and nothing beside it.
    #[cfg(test)]
    pub(crate) fn of_title(title: &str) -> Self {
        Self {
            from: From::Tags,
            title: Title::parse(title),
            text: title.to_owned(),
            folded: fold(title),
            length: title.chars().count(),
            artists: Vec::new(),
            sort_names: String::new(),
            players: String::new(),
            names: OnceLock::new(),
            credit: Credit::Own,
            may_be_part: false,
            unsaid: String::new(),
        }
    }

    /// The artists this reading names, and who plays beside them. Guests in the title are not among them: `Song (feat. Guest)`
    /// by somebody else is another recording.
    pub(crate) fn names(&self) -> &Names {
        self.names.get_or_init(|| self.own_names().and(self.beside()))
    }

    /// Who plays by the fields beside the artist, where that is a composer alone; a band's sessions name everybody.
    pub(crate) fn beside(&self) -> Names {
        let is_composer = || {
            let own = self.own_names();
            !own.is_empty() && own.players().is_empty()
        };
        if self.players.is_empty() || !is_composer() { Names::default() } else { players_of(&self.players) }
    }

    /// The artists alone.
    pub(crate) fn own_names(&self) -> Names {
        let names = Names::of(self.artists.iter().flat_map(|text| text.split('\u{1f}')));
        names.with_sort_names(self.sort_names.split(['\u{1f}', ';']))
    }
}
