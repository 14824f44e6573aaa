//! Why nothing is found of what may be a track of a file whose cue sheets contradict each other.

use std::path::PathBuf;

use ferrotape_audio::{CueFile, CueSheet, CueTrack};
use ferrotape_domain::{Wanted, letters_of};
use ferrotape_store::SheetDoubt;

use crate::matching::{Answer, Matching};
use crate::{Context, EngineError};

/// The album and the tracks of a file as a sheet calls them, with who plays them.
pub(super) fn names_of(sheet: &CueSheet, file: &CueFile) -> Vec<(String, String)> {
    let of_track = |track: &CueTrack| {
        let by = if track.performer.is_empty() { &sheet.performer } else { &track.performer };
        (track.title.clone(), by.clone())
    };
    let album = (sheet.title.clone(), sheet.performer.clone());
    let all = std::iter::once(album).chain(file.tracks.iter().map(of_track));
    all.filter(|(title, _)| !title.is_empty()).collect()
}

/// The files below some folders whose sheets contradict each other.
pub(crate) struct Doubted(Vec<(PathBuf, SheetDoubt)>);

impl Doubted {
    pub(crate) fn load(roots: &[PathBuf], context: &Context) -> Result<Self, EngineError> {
        Ok(Self(context.library.doubted_sheets(roots)?))
    }

    /// Adds to `why` nothing answers a thing that a sheet of such a file names it.
    pub(crate) fn tell(&self, wanted: &Wanted, why: &mut String) {
        if let Some((path, doubt)) = self.0.iter().find(|(_, doubt)| does_name(doubt, wanted)) {
            *why += &format!("; it may be in {}: {}", path.display(), doubt.why);
        }
    }
}

/// Says so of all that no file answers.
pub(crate) fn tell(matching: &mut Matching, roots: &[PathBuf], context: &Context) -> Result<(), EngineError> {
    let is_none = |answer: &Answer| matches!(answer, Answer::None(_));
    if !matching.matched.iter().any(|one| is_none(&one.answer) && !one.decided) {
        return Ok(());
    }
    let doubted = Doubted::load(roots, context)?;
    for one in matching.matched.iter_mut().filter(|one| !one.decided) {
        if let Answer::None(why) = &mut one.answer {
            doubted.tell(&one.wanted.wanted, why);
        }
    }
    Ok(())
}

fn does_name(doubt: &SheetDoubt, wanted: &Wanted) -> bool {
    let (title, by) = (letters_of(&wanted.title), letters_of(&wanted.artists.to_string()));
    let is_it = |(name, player): &(String, String)| {
        let player = letters_of(player);
        letters_of(name) == title && (by.contains(&player) || player.contains(&by))
    };
    !title.is_empty() && doubt.names.iter().any(is_it)
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::WantedKind;

    use super::*;

    #[test]
    fn a_sheet_names_what_has_its_title_and_may_be_by_its_artist() {
        let sheet = CueSheet::parse(
            "TITLE \"Low Water\"\nPERFORMER \"Mara Quill\"\nFILE \"a.wav\" WAVE\nTRACK 01 AUDIO\nTITLE \"Ebb\"\n\
             INDEX 01 00:00:00\nTRACK 02 AUDIO\nPERFORMER \"Nordlys\"\nTITLE \"Gull\"\nINDEX 01 00:05:00\n",
        );
        let doubt = SheetDoubt { why: "they differ".to_owned(), names: names_of(&sheet, &sheet.files[0]) };
        let is_named = |title: &str| {
            let wanted = Wanted { title: title.to_owned(), ..Wanted::of_kind(WantedKind::Recording) };
            does_name(&doubt, &wanted)
        };
        assert!(is_named("ebb!") && is_named("Gull") && is_named("Low Water"));
        assert!(!is_named("Slack") && !is_named(""));
        let by = |artist: &str| doubt.names.iter().any(|(_, player)| player == artist);
        assert!(by("Mara Quill") && by("Nordlys"));
    }
}
