//! What answers are found with: the files, the decisions, the policies, and the rooms of the crate that matches.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use ferrotape_domain::{
    Choice, ContentId, Match, Objection, Offer, SoundName, TagSet, Verdict, Wanted, WantedKind,
};
use ferrotape_matching::spoken::{
    Mark, Shelf, SpokenAnswer, SpokenChoice, choose_spoken, mark, may_be_music,
};
use ferrotape_matching::{Index, choose_release, judged_by_sound_names};
use ferrotape_store::StoredWanted;
use rayon::prelude::*;

use crate::decided::{Decisions, add_chosen_elsewhere, chosen_by_user, find_by_sound};
use crate::feeds_of_others::feeds_of_others;
use crate::feeds_of_shows::{FeedsOfShows, feeds_of, item_of};
use crate::gather::lies_as_of_everybody;
use crate::matching::{Answer, album_candidate, answer_of, release_answer};
use crate::policies::{Policies, RunPolicy};
use crate::several_things::{of_several_names, origins};
use crate::unnamed::Unnamed;
use crate::{Context, EngineError, broken, several_things};

/// What answers are found with, loaded once.
pub(crate) struct Ground {
    /// The files, and those the user chose elsewhere.
    pub(crate) offers: Vec<Offer>,
    pub(crate) index: Index,
    pub(crate) decisions: Decisions,
    pub(crate) policies: Policies,
    /// What was found for wanted podcasts, episodes and audiobooks, by their number.
    pub(crate) spoken: HashMap<i64, SpokenAnswer>,
    /// Where the files that are marked as audiobooks stand among the offers.
    books: HashMap<i64, usize>,
    /// What services call the sounds of files, by the file.
    sound_names: HashMap<i64, Vec<SoundName>>,
    /// Files that came as recordings of several names, and what is said of each.
    several_names: HashMap<i64, Arc<str>>,
    /// Files that nothing but their sounds names.
    unnamed: Option<Unnamed>,
}

impl Ground {
    pub(crate) fn load(
        wanted: &[StoredWanted],
        mut offers: Vec<Offer>,
        run: &RunPolicy,
        context: &Context,
    ) -> Result<Self, EngineError> {
        let marks: Vec<Mark> = offers.par_iter().map(mark).collect();
        let is = |is: Mark| marks.iter().enumerate().filter(move |(_, mark)| **mark == is).map(|(at, _)| at);
        let podcasts: HashSet<usize> = is(Mark::Podcast).collect();
        let music = offers.iter().enumerate().filter(|(at, _)| !podcasts.contains(at));
        let music = music.map(|(_, offer)| offer);
        let several_names = of_several_names(music.clone());
        let public = OfEverybody::load(wanted, context)?;
        let index = Index::build_with(music, |offer| public.as_ref().is_some_and(|all| all.has(offer)));
        let books = is(Mark::Audiobook).filter_map(|at| Some((offers.get(at)?.file_id, at))).collect();
        let decisions = Decisions::load(wanted, context)?;
        let spoken = spoken(wanted, &offers, &decisions, context)?;
        add_chosen_elsewhere(&mut offers, &decisions, context)?;
        let sound_names = sound_names(&offers, context)?;
        let unnamed = Unnamed::build(&offers, &sound_names);
        let policies = Policies::load(run, context)?;
        Ok(Self { offers, index, decisions, policies, spoken, books, sound_names, several_names, unnamed })
    }

    /// The answer that needs no search, and whether the user gave it. `left` counts the files that may still be
    /// listened to for chosen ones that are gone.
    pub(crate) fn settled(
        &self,
        wanted: &StoredWanted,
        left: &mut usize,
        context: &Context,
    ) -> Result<Option<(Answer, bool)>, EngineError> {
        let Self { offers, index, decisions, .. } = self;
        let mut answer = self.decided_or_unfillable(wanted);
        find_by_sound(wanted, &mut answer, decisions, (offers, index), left, context)?;
        let verdict = || decisions.of(wanted).map(|decision| &decision.verdict);
        if let Some((Answer::None(why), true)) = &mut answer
            && let Some(Verdict::UseFile { path, .. }) = verdict()
            && let Some(how) = broken::how(Path::new(path), context)?
        {
            *why = format!("the file you chose cannot be used – {path}: {how}");
        }
        Ok(answer)
    }

    /// The answer that a search for music gives. A file that is marked as an audiobook goes to a person, unless its
    /// code agrees: in most countries books are sold as music.
    pub(crate) fn music_answer(&self, stored: &StoredWanted, choice: Choice) -> Answer {
        let wanted = &stored.wanted;
        let names_of = |file: i64| self.sound_names.get(&file).map(Vec::as_slice).unwrap_or_default();
        match answer_of(judged_by_sound_names(wanted, choice, &names_of)) {
            Answer::File(mut found) if !self.may_be_music(wanted, found.file_id) => {
                let says = MARKED_AS_BOOK.to_owned();
                found.objection = Some(Objection { kind: "kind", says: says.clone() });
                Answer::Review(vec![found], says)
            }
            Answer::File(mut found) if wanted.artists.is_empty() && wanted.kind == WantedKind::LocalFile => {
                let says = LOCAL_OF_NOBODY.to_owned();
                found.objection = Some(Objection { kind: "artist", says: says.clone() });
                Answer::Review(vec![found], says)
            }
            Answer::File(found) if self.several_names.contains_key(&found.file_id) => {
                self.one_of_several(found)
            }
            Answer::None(why) => {
                let unnamed = self.unnamed.as_ref().and_then(|these| these.answer(wanted, &self.decisions));
                unnamed.unwrap_or_else(|| self.nothing(stored, why))
            }
            answer => answer,
        }
    }

    /// A question about a file that came as recordings of several names.
    fn one_of_several(&self, mut found: Match) -> Answer {
        let says = self.several_names.get(&found.file_id).map(|says| says.to_string()).unwrap_or_default();
        found.objection = Some(Objection { kind: "title", says: says.clone() });
        Answer::Review(vec![found], says)
    }

    /// No file; where the user refused what there was, that is why.
    fn nothing(&self, wanted: &StoredWanted, why: String) -> Answer {
        let said = self.decisions.of(wanted).map(|decision| &decision.verdict);
        Answer::None(match said {
            Some(Verdict::NoneOfThese { .. }) => format!(
                "you said that none of the files that come near is it – `ferrotape review --undo {}` takes that back",
                wanted.id
            ),
            _ => why,
        })
    }

    /// The files beside the answer that may be this podcast's or another's of its name; `None` where there are none, or
    /// the user said which are.
    pub(crate) fn unsure_beside(&self, wanted: &StoredWanted) -> Option<Vec<i64>> {
        let said = self.decisions.of(wanted).map(|decision| &decision.verdict);
        if let Some(Verdict::UseFile { .. } | Verdict::LeaveOut) = said {
            return None;
        }
        match &self.spoken.get(&wanted.id)?.choice {
            SpokenChoice::Files { unsure, .. } => Some(unsure.clone()).filter(|unsure| !unsure.is_empty()),
            _ => None,
        }
    }

    fn may_be_music(&self, wanted: &Wanted, file_id: i64) -> bool {
        let book = self.books.get(&file_id).and_then(|at| self.offers.get(*at));
        book.is_none_or(|offer| may_be_music(wanted, offer))
    }

    /// Answers that need no search of music: the user's own word, an album, spoken word, a kind that cannot be filled.
    fn decided_or_unfillable(&self, wanted: &StoredWanted) -> Option<(Answer, bool)> {
        let Self { offers, index, decisions, .. } = self;
        match decisions.of(wanted).map(|decision| &decision.verdict) {
            Some(Verdict::UseFile { content, path, heard }) => {
                return Some((chosen_by_user(wanted, offers, content, path, heard.as_ref()), true));
            }
            Some(Verdict::LeaveOut) => return Some((Answer::LeftOut("you left it out".to_owned()), true)),
            Some(Verdict::NoneOfThese { .. }) | None => {}
        }
        let kind = wanted.wanted.kind;
        let answer = match kind {
            WantedKind::Recording | WantedKind::Episode | WantedKind::Show | WantedKind::Audiobook
                if wanted.wanted.title.is_empty() =>
            {
                Answer::None("only its link is known; import an export or CSV that names it".to_owned())
            }
            WantedKind::LocalFile if !wanted.wanted.is_song() => {
                Answer::None("a file of your own computer, and its entry has no title".to_owned())
            }
            WantedKind::Recording | WantedKind::LocalFile => return None,
            WantedKind::Release => match release_answer(choose_release(
                index,
                &wanted.wanted,
                self.policies.of(wanted.id).allowed,
            )) {
                Answer::Files(files, _) if !files.iter().all(|id| self.may_be_music(&wanted.wanted, *id)) => {
                    let first = files.first().copied().map(album_candidate);
                    Answer::Review(first.into_iter().collect(), MARKED_AS_BOOK.to_owned())
                }
                Answer::Files(files, _) if files.iter().any(|id| self.several_names.contains_key(id)) => {
                    let says =
                        files.iter().find_map(|id| self.several_names.get(id)).map(|says| says.to_string());
                    let first = files.first().copied().map(album_candidate);
                    Answer::Review(first.into_iter().collect(), says.unwrap_or_default())
                }
                answer => answer,
            },
            WantedKind::Episode | WantedKind::Show | WantedKind::Audiobook => {
                let found = self.spoken.get(&wanted.id).map(|found| found.choice.clone());
                found.map_or_else(|| Answer::None("no file of it in your folders".to_owned()), spoken_answer)
            }
            WantedKind::Unavailable => {
                Answer::NotYet("an entry that was already empty in the export".to_owned())
            }
        };
        // A refusal was said of what was found before.
        let answer = match answer {
            Answer::None(why) => self.nothing(wanted, why),
            answer => answer,
        };
        Some((answer, decisions.of(wanted).is_some()))
    }
}

/// Which files came from places for everybody.
struct OfEverybody {
    contents: HashSet<ContentId>,
    /// Those of which it is known where they came from, whoever gave them.
    known: HashSet<ContentId>,
}

impl OfEverybody {
    /// They are told apart only where a wanted recording has no playing time; where all have one nothing is loaded.
    fn load(wanted: &[StoredWanted], context: &Context) -> Result<Option<Self>, EngineError> {
        let has_no_time = |one: &StoredWanted| one.wanted.is_song() && one.wanted.duration.is_none();
        if !wanted.iter().any(has_no_time) {
            return Ok(None);
        }
        let (contents, known) =
            (context.library.contents_of_public_places()?, context.library.contents_that_came()?);
        Ok(Some(Self { contents, known }))
    }

    fn has(&self, offer: &Offer) -> bool {
        let bytes = ContentId(offer.content.bytes().to_owned());
        self.contents.contains(&bytes) || (!self.known.contains(&bytes) && lies_as_of_everybody(&offer.path))
    }
}

fn sound_names(offers: &[Offer], context: &Context) -> Result<HashMap<i64, Vec<SoundName>>, EngineError> {
    let known = context.library.sound_names()?;
    if known.is_empty() {
        return Ok(HashMap::new());
    }
    let named = |offer: &Offer| Some((offer.file_id, known.get(&offer.content)?.clone()));
    Ok(offers.iter().filter_map(named).collect())
}

/// Why a file that fits a wanted piece of music is not taken unasked.
const MARKED_AS_BOOK: &str = "it is marked as an audiobook, and music is wanted";

/// Why the file that fits an entry for a file of the user's own is not taken unasked where the entry names nobody.
const LOCAL_OF_NOBODY: &str = "the entry of your own file has only a title, and says nobody who plays it";

/// Whether a question stays whatever version may stand in.
pub(crate) fn is_of_its_marks(why: &str) -> bool {
    [MARKED_AS_BOOK, LOCAL_OF_NOBODY].contains(&why)
}

/// What answers the wanted podcasts, episodes and audiobooks, by their number.
fn spoken(
    wanted: &[StoredWanted],
    offers: &[Offer],
    decisions: &Decisions,
    context: &Context,
) -> Result<HashMap<i64, SpokenAnswer>, EngineError> {
    let refused = |wanted: &Wanted, content: &ContentId| decisions.refuse(wanted, content);
    let is_of_feeds = |one: &StoredWanted| matches!(one.wanted.kind, WantedKind::Episode | WantedKind::Show);
    // Loading where all files came from takes its time; where no podcast is wanted nothing hangs on it.
    let came_from = if wanted.iter().any(is_of_feeds) { context.library.provenance()? } else { Vec::new() };
    let origins = origins(&came_from);
    let said_of = |offer: &Offer| {
        let origin = origins.of(&offer.content, &offer.path).filter(|origin| origin.is_of_feed())?;
        Some((offer.file_id, &origin.said))
    };
    let said: HashMap<i64, &TagSet> = offers.iter().filter_map(said_of).collect();
    let mut shelf = Shelf::build(offers, wanted.iter().map(|wanted| &wanted.wanted));
    if !came_from.is_empty() {
        shelf = shelf.with_items(|offer| item_of(origins.of(&offer.content, &offer.path)?));
    }
    let (of_shows, doubted) = match came_from.is_empty() {
        true => (FeedsOfShows::new(), FeedsOfShows::new()),
        false => (context.library.feeds_of_shows()?, context.library.doubted_feeds()?),
    };
    if shelf.has_feeds() || !of_shows.is_empty() || !doubted.is_empty() {
        let feeds = context.library.feeds_of_files()?;
        // Whose a file is does not hang on what this run is about: podcasts of one name may stand on other lists.
        let (all, on_lists) = (context.library.every_podcast()?, context.library.on_lists()?);
        let listed = all.iter().filter(|one| on_lists.contains(&one.id));
        let now: Vec<&Wanted> = wanted.iter().chain(listed).map(|one| &one.wanted).collect();
        let ever = all.iter().map(|one| &one.wanted);
        let others = feeds_of_others(now.iter().copied(), ever, &came_from, &feeds);
        shelf = shelf
            .with_namesakes(now.iter().copied())
            .with_feeds(|offer| several_things::feeds_of(offer, &origins, &feeds))
            .with_feeds_of_shows(feeds_of(&of_shows, now.iter().copied()))
            .with_doubted_feeds(feeds_of(&doubted, now.iter().copied()))
            .with_feeds_of_others(others);
    }
    let answer = |one: &StoredWanted| {
        let mut answer = choose_spoken(&shelf, &one.wanted, &refused)?;
        tell_whose_words(&mut answer, &said);
        Some((one.id, answer))
    };
    Ok(wanted.par_iter().filter_map(answer).collect())
}

/// The title and day of an episode that was fetched are its feed's words: whoever looks into the file may find others.
fn tell_whose_words(answer: &mut SpokenAnswer, said: &HashMap<i64, &TagSet>) {
    let chosen: &mut [Match] = match &mut answer.choice {
        SpokenChoice::File(found) => std::slice::from_mut(found),
        SpokenChoice::Review(found, _) => found,
        SpokenChoice::Files { .. } | SpokenChoice::None(_) => &mut [],
    };
    for found in chosen.iter_mut().chain(answer.near.iter_mut().map(|near| &mut near.found)) {
        let Some(said) = said.get(&found.file_id) else { continue };
        let is_told = |kind: &str| match kind {
            "title" => said.title.is_some(),
            "date" => said.date.is_some(),
            _ => false,
        };
        for evidence in found.evidence.iter_mut().filter(|one| one.weight > 0.0 && is_told(one.kind)) {
            evidence.says.push_str(", as its feed says");
        }
    }
}

fn spoken_answer(choice: SpokenChoice) -> Answer {
    match choice {
        SpokenChoice::File(found) => Answer::File(found),
        SpokenChoice::Files { files, why, .. } => Answer::Files(files, why),
        SpokenChoice::Review(candidates, why) => Answer::Review(candidates, why),
        SpokenChoice::None(why) => Answer::None(why),
    }
}
