//! What is looked for elsewhere: things that no file answers, and podcasts, albums and books of which there may be more.

use std::path::PathBuf;

use ferrotape_domain::{Offer, WantedKind};
use ferrotape_store::{ListedTracks, StoredWanted};

use super::Elsewhere;
use super::singles::Singles;
use crate::matching::{Answer, Matched, Matching, match_wanted};
use crate::partly::Partly;
use crate::policies::RunPolicy;
use crate::{Context, EngineError};

/// A wanted thing that no file answers yet.
#[derive(Clone)]
pub(super) struct Open {
    pub(super) wanted: StoredWanted,
    /// Whether files that only come near would be of use: nothing is there at all.
    pub(super) nothing_near: bool,
    /// What is here, of an album of which more is wanted.
    pub(super) here: Vec<Offer>,
    /// What a place lists of it that some files of it were had from.
    pub(super) list: Option<ListedTracks>,
    /// Whether it is an album of which only single songs were had, from servers that list all they have: those tell whether
    /// there is more of it. Nobody else is asked.
    pub(super) is_unsettled: bool,
    /// Whether it is an album that the server that lists it gave all files of: what that lists now counts.
    pub(super) may_have_grown: bool,
    /// Whether nothing tells that anything of it is missing. Only the server that lists it is asked whether it has grown.
    pub(super) is_whole: bool,
}

impl Open {
    /// Whether a place that lists all it has could tell anything of it.
    pub(super) fn is_a_matter_of(&self, place: &str) -> bool {
        !self.is_whole || self.list.as_ref().is_some_and(|list| list.source == place)
    }
}

/// What no file answers and nobody has decided. Podcasts have new episodes, so they are always open; so are saved albums
/// and books of which only some files are here, or nobody has looked whether they are whole, and albums that may have grown
/// on the server that they came from.
pub(super) fn open_things(
    wanted: &[StoredWanted],
    roots: &[PathBuf],
    run: &RunPolicy,
    elsewhere: &Elsewhere,
    context: &Context,
) -> Result<Vec<Open>, EngineError> {
    let matching = match_wanted(wanted.to_vec(), roots, run, context)?;
    let singles = Singles::load(wanted, elsewhere, context)?;
    let open = |matched: &Matched| {
        let here = here_of_album(matched, &matching, &singles);
        let is_broken = matching.broken.contains_key(&matched.wanted.id);
        let may_have_grown = singles.may_have_grown(matched, &matching);
        let is_whole = may_have_grown && !is_broken && Partly::of_answer(matched, &matching).is_none();
        let is_open = match matched.answer {
            Answer::None(_) => true,
            Answer::Review(..) => !matched.decided,
            Answer::Files(..) if matched.wanted.wanted.kind == WantedKind::Show => !matched.decided,
            Answer::Files(..) => {
                let is_partly = Partly::of_answer(matched, &matching).is_some();
                !here.is_empty() || is_partly || (is_broken && !matched.decided)
            }
            Answer::File(_) | Answer::LeftOut(_) | Answer::NotYet(_) => false,
        };
        let named = !matched.wanted.wanted.title.is_empty();
        let nothing_near = matches!(matched.answer, Answer::None(_));
        (is_open && named).then(|| Open {
            wanted: matched.wanted.clone(),
            nothing_near,
            here,
            list: matching.list_of(matched.wanted.id).cloned(),
            is_unsettled: !is_broken && singles.are_all_of(matched, &matching),
            may_have_grown,
            is_whole,
        })
    };
    Ok(matching.matched.iter().filter_map(open).collect())
}

/// An album's files, where more of it is wanted, or may be.
fn here_of_album(matched: &Matched, matching: &Matching, singles: &Singles) -> Vec<Offer> {
    let Answer::Files(files, _) = &matched.answer else { return Vec::new() };
    let is_broken = matching.broken.contains_key(&matched.wanted.id) && !matched.decided;
    let is_wanted = is_broken
        || Partly::of_answer(matched, matching).is_some()
        || singles.are_all_of(matched, matching)
        || singles.may_have_grown(matched, matching);
    if matched.wanted.wanted.kind != WantedKind::Release || !is_wanted {
        return Vec::new();
    }
    files.iter().filter_map(|id| matching.offer(*id)).cloned().collect()
}
