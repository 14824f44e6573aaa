//! What the user decided: which file is a wanted thing, found again wherever it lies now, and which it is not.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{ContentId, Decision, Evidence, Heard, Match, Offer, Verdict, Wanted, WantedKind};
use ferrotape_matching::Index;
use ferrotape_matching::spoken::{around, book_and_chapter};
use ferrotape_store::StoredWanted;

use crate::disc_folders::disc_of;
use crate::listening::found_again;
use crate::matching::{Answer, is_surely_gone, self_description};
use crate::{Context, EngineError};

/// The user's decisions, by every key a wanted thing was ever known under.
pub(crate) struct Decisions {
    by_key: HashMap<String, Decision>,
    /// Contents that the user refused, by the wanted thing's own description of itself.
    refused: HashMap<String, HashSet<ContentId>>,
    /// How they sounded.
    refused_sounds: HashMap<String, Vec<Heard>>,
}

impl Decisions {
    pub(crate) fn load(wanted: &[StoredWanted], context: &Context) -> Result<Self, EngineError> {
        let decisions = context.library.decisions()?.into_iter();
        let by_key = decisions.map(|decision| (decision.wanted_key.clone(), decision)).collect();
        let mut all = Self { by_key, refused: HashMap::new(), refused_sounds: HashMap::new() };
        for wanted in wanted {
            let last = all.of(wanted).map(|decision| &decision.verdict);
            if !matches!(last, Some(Verdict::NoneOfThese { .. })) {
                continue;
            }
            // One refusal does not take back another that was said under another key of the same thing.
            let (mut refused, mut sounds) = (HashSet::new(), Vec::new());
            for key in std::iter::once(&wanted.key).chain(&wanted.aliases) {
                if let Some(Verdict::NoneOfThese { refused: these, heard }) =
                    all.by_key.get(key).map(|decision| &decision.verdict)
                {
                    refused.extend(these.iter().cloned());
                    sounds.extend(heard.iter().cloned());
                }
            }
            let description = self_description(&wanted.wanted);
            all.refused.entry(description.clone()).or_default().extend(refused);
            all.refused_sounds.entry(description).or_default().extend(sounds);
        }
        Ok(all)
    }

    /// The newest, whatever key it was made under.
    pub(crate) fn of(&self, wanted: &StoredWanted) -> Option<&Decision> {
        let keys = std::iter::once(&wanted.key).chain(&wanted.aliases);
        let all = keys.filter_map(|key| self.by_key.get(key));
        // Of two that bear the same second the first key's.
        all.rev().max_by_key(|decision| decision.decided_at)
    }

    /// Contents that the user said it is not.
    pub(crate) fn refused_of(&self, wanted: &Wanted) -> HashSet<ContentId> {
        self.refused.get(&self_description(wanted)).cloned().unwrap_or_default()
    }

    pub(crate) fn refuse(&self, wanted: &Wanted, content: &ContentId) -> bool {
        !self.refused.is_empty()
            && self.refused.get(&self_description(wanted)).is_some_and(|refused| refused.contains(content))
    }

    pub(crate) fn refused_sounds(&self, wanted: &Wanted) -> &[Heard] {
        if self.refused_sounds.is_empty() {
            return &[];
        }
        self.refused_sounds.get(&self_description(wanted)).map_or(&[], Vec::as_slice)
    }
}

/// A chosen file that is gone under its content and its path may be there under others, and sound as it did.
pub(crate) fn find_by_sound(
    wanted: &StoredWanted,
    answer: &mut Option<(Answer, bool)>,
    decisions: &Decisions,
    (offers, index): (&[Offer], &Index),
    left: &mut usize,
    context: &Context,
) -> Result<(), EngineError> {
    let Some((Answer::None(_), true)) = answer else { return Ok(()) };
    let verdict = decisions.of(wanted).map(|decision| &decision.verdict);
    let Some(Verdict::UseFile { path, heard: Some(heard), .. }) = verdict else { return Ok(()) };
    if let Some(offer) = found_again(&wanted.wanted, heard, index, offers, left, context)? {
        let mut found = chosen_by_user(wanted, offers, &offer.content, path, None);
        if let Answer::File(found) = &mut found {
            let says = "you chose this recording; found again by its sound".to_owned();
            found.evidence = vec![Evidence { kind: "decision", weight: 1.0, says }];
        }
        *answer = Some((found, true));
    }
    Ok(())
}

/// A file that the user chose counts wherever it lies, also outside the folders of this run; it is not searched.
pub(crate) fn add_chosen_elsewhere(
    offers: &mut Vec<Offer>,
    decisions: &Decisions,
    context: &Context,
) -> Result<(), EngineError> {
    let mut known: HashSet<ContentId> = offers.iter().map(|offer| offer.content.clone()).collect();
    let mut chosen: Vec<&ContentId> = decisions
        .by_key
        .values()
        .filter_map(|decision| match &decision.verdict {
            Verdict::UseFile { content, .. } => Some(content),
            Verdict::NoneOfThese { .. } | Verdict::LeaveOut => None,
        })
        .collect();
    chosen.sort_unstable();
    for content in chosen {
        if known.insert(content.clone()) {
            // No scan looks there: only now it can be seen that one is gone.
            let files = context.library.files_by_content(content)?;
            offers.extend(files.into_iter().filter(|offer| !is_surely_gone(&offer.path)));
        }
    }
    Ok(())
}

/// A file that was only tagged anew lasts as long as before, but for what readers of headers disagree about.
const RETAGGED_APART: Duration = Duration::from_secs(2);

/// The same file again: by its content wherever it is now, or by its place when it was re-tagged there. For an album
/// the file stands for all files of its folder that name the same album.
pub(crate) fn chosen_by_user(
    wanted: &StoredWanted,
    offers: &[Offer],
    content: &ContentId,
    path: &str,
    heard: Option<&Heard>,
) -> Answer {
    // Another disc may have been ripped over that place: what lies there must at least last as long.
    let lasts_as_long = |offer: &Offer| {
        let chosen = heard.map(|heard| heard.duration).or(wanted.wanted.duration);
        let lengths = chosen.zip(offer.facts.duration);
        lengths.is_none_or(|(chosen, ours)| chosen.abs_diff(ours) <= RETAGGED_APART)
    };
    // Files of equal bytes may be several things: the one at the chosen place is meant, whichever it was called then.
    let is_of_file = ContentId::file_of(&content.0) == content.0;
    let is_it = |offer: &Offer| {
        is_of_file
            && offer.part.is_none()
            && offer.content.bytes() == content.bytes()
            && offer.place() == path
    };
    let found = offers
        .iter()
        .find(|offer| is_it(offer))
        .or_else(|| offers.iter().find(|offer| &offer.content == content))
        .or_else(|| offers.iter().find(|offer| offer.place() == path && lasts_as_long(offer)));
    match found {
        Some(offer) if wanted.wanted.kind == WantedKind::Release => {
            Answer::Files(album_around(offer, offers), "you chose this album".to_owned())
        }
        Some(offer) if is_of_many(&wanted.wanted) => {
            Answer::Files(around(offer, offers), "you chose these files".to_owned())
        }
        Some(offer) => Answer::File(Match {
            file_id: offer.file_id,
            score: 1.0,
            evidence: vec![Evidence {
                kind: "decision",
                weight: 1.0,
                says: "you chose this file".to_owned(),
            }],
            substitute: None,
            objection: None,
        }),
        None if offers.iter().any(|offer| offer.place() == path) => {
            Answer::None(format!("another file lies now where the one you chose was: {path}"))
        }
        None => Answer::None(format!("the file you chose is not there now: {path}")),
    }
}

/// Whether one file that is chosen stands for all of its book or podcast.
fn is_of_many(wanted: &Wanted) -> bool {
    match wanted.kind {
        WantedKind::Show => true,
        WantedKind::Audiobook => book_and_chapter(wanted).1.is_none(),
        _ => false,
    }
}

/// All of the album in the folder of the chosen file, on whichever of its discs.
fn album_around(chosen: &Offer, offers: &[Offer]) -> Vec<i64> {
    let folder = album_folder(chosen);
    let same = |offer: &&Offer| offer.tags.album == chosen.tags.album && album_folder(offer) == folder;
    let mut album: Vec<&Offer> = offers.iter().filter(same).collect();
    album.sort_by_key(|offer| (offer.tags.disc_number, offer.tags.track_number, &offer.path));
    album.into_iter().map(|offer| offer.file_id).collect()
}

/// The folder that a file lies in, or the one above where that is a disc's.
fn album_folder(offer: &Offer) -> Option<&Path> {
    let folder = offer.path.parent()?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    if disc_of(&name).is_some() { folder.parent() } else { Some(folder) }
}
