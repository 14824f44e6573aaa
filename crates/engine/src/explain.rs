//! Why a recording was matched or not: the real answer, with all that led to it.

mod meant;
mod room;
mod told;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ferrotape_domain::{Decision, Match, Offer, Silent, TagSet};
use ferrotape_store::{Description, Listening, StoredFact, StoredWanted};

use crate::ground::Ground;
use crate::listed::Lists;
use crate::matching::{Answer, match_wanted};
use crate::more_of_albums::{is_on, only_one_of};
use crate::named_file::NamedFile;
use crate::partly::Partly;
use crate::policies::{InForce, RunPolicy};
use crate::report::{Lies, NotCome};
use crate::selection::{ImportRules, select};
use crate::sheets::Doubted;
use crate::{Context, EngineError, broken};
use meant::meant_by;
use room::Room;

/// Things listed at most where a text fits several, and where a file was considered for several.
const LISTED: usize = 15;

/// What a text leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// One thing, explained.
    One(Box<Explained>),
    /// Several things it may mean, the likeliest first, and how many more.
    Several(Vec<StoredWanted>, usize),
}

/// All that led to one answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// What is wanted.
    pub wanted: StoredWanted,
    /// How much the user listened to it.
    pub listening: Listening,
    /// Everything that was said of it, each with its reason.
    pub descriptions: Vec<Description>,
    /// What services know of it.
    pub known: Vec<StoredFact>,
    /// The answer, as `convert` would take it now.
    pub answer: Answer,
    /// Which file would be the answer if it were not broken, and how it is.
    pub broken: Option<String>,
    /// Files of the answer that are not there now, which no scan has seen yet.
    pub gone: Vec<PathBuf>,
    /// What the user said of it, when it was something.
    pub decision: Option<Decision>,
    /// Which versions may stand in, and by which lists' policies.
    pub policy: InForce,
    /// Least score at which a file is taken without asking.
    pub floor: f32,
    /// How far it must lie above the next different recording.
    pub margin: f32,
    /// Files that came near, best first.
    pub near: Vec<NearFile>,
    /// How many more came near.
    pub more: usize,
    /// Options that would let a file be taken that is not taken now: `--allow live`.
    pub would_do: Vec<&'static str>,
    /// Where it did not come in the last run, though it may have a file: of that its answer says nothing.
    pub not_come: Vec<NotCome>,
    /// Where it lies on players though no file answers it now: of that its answer says nothing.
    pub on_player: Vec<Lies>,
}

impl Explained {
    /// Of what no file answers, that its file is broken; of what answers only because another is broken, that it is asked
    /// about.
    fn tell_broken(
        &mut self,
        all: Vec<StoredWanted>,
        roots: &[PathBuf],
        run: &RunPolicy,
        context: &Context,
    ) -> Result<(), EngineError> {
        let id = self.wanted.id;
        match &mut self.answer {
            Answer::None(why) => {
                if let Some(file) = broken::would_answer(|| all, roots, run, context)?.remove(&id) {
                    *why = file.says(why);
                    self.broken = file.is_sure.then_some(file.how);
                }
            }
            Answer::File(found) if self.decision.is_none() => {
                let offer = self.near.iter().find(|near| near.is_answer).map(|near| near.offer.clone());
                let taken: HashMap<i64, Offer> = offer.into_iter().map(|offer| (id, offer)).collect();
                let wanted = vec![self.wanted.clone()];
                let better = broken::better_if_whole(&taken, wanted, (roots, run), context)?.remove(&id);
                let asked = better.map(|says| broken::as_question(found, says));
                if let Some(asked) = asked {
                    self.answer = asked;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// A file that came near.
#[derive(Debug, Clone, PartialEq)]
pub struct NearFile {
    /// The file.
    pub offer: Offer,
    /// Its score and every reason.
    pub found: Match,
    /// Why it must not be taken, whatever its score.
    pub rejected: Option<String>,
    /// Whether it is the answer.
    pub is_answer: bool,
}

/// What a file was considered for.
#[derive(Debug, Clone, PartialEq)]
pub struct Considered {
    /// The file.
    pub offer: Offer,
    /// The wanted things it came near, the best fit first.
    pub near: Vec<ConsideredFor>,
}

/// One wanted thing that a file came near.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsideredFor {
    /// What is wanted.
    pub wanted: StoredWanted,
    /// How well the file fits it.
    pub found: Match,
    /// Why it must not be taken for it.
    pub rejected: Option<String>,
    /// The thing's answer.
    pub answer: Answer,
}

/// Explains what `text` means: an entry's number, a link, or words of its artist and title.
pub fn explain_text(
    text: &str,
    roots: &[PathBuf],
    run: &RunPolicy,
    context: &Context,
) -> Result<Found, EngineError> {
    let known = context.library.every_wanted()?;
    let mut meant = meant_by(text, &known)?.into_iter().filter_map(|at| known.get(at)).cloned();
    let one = meant.next().ok_or_else(|| EngineError::NothingLike { text: text.to_owned() })?;
    let rest: Vec<StoredWanted> = meant.by_ref().take(LISTED - 1).collect();
    if !rest.is_empty() {
        return Ok(Found::Several(std::iter::once(one).chain(rest).collect(), meant.count()));
    }
    let mut all = on_lists(context)?;
    let at = all.iter().position(|wanted| wanted.id == one.id).unwrap_or_else(|| {
        all.push(one);
        all.len() - 1
    });
    let ground = Ground::load(&all, context.library.offers(roots)?, run, context)?;
    let mut explained = Room::new(&all, &ground, context)?.explained(at)?;
    if let Answer::Files(files, why) = &mut explained.answer
        && explained.decision.is_none()
    {
        let of_it = ground.offers.iter().filter(|offer| files.contains(&offer.file_id));
        let of_it: Vec<&Offer> = of_it.collect();
        let tags: Vec<&TagSet> = of_it.iter().map(|offer| &offer.tags).collect();
        let (lists, wanted) = (Lists::load(context)?, &explained.wanted);
        let list = lists.of(wanted, &of_it);
        let told = match Partly::of_files(wanted.wanted.kind, &tags, list) {
            Some(partly) => Some(partly.says()),
            None => more_of(wanted, &all, roots, run, context)?,
        };
        let single = || only_one_of(&wanted.wanted, &tags).filter(|_| list.is_none()).map(str::to_owned);
        why.extend(told.or_else(single).map(|told| format!("; {told}")));
    }
    explained.tell_broken(all, roots, run, context)?;
    if let Answer::None(why) = &mut explained.answer
        && explained.decision.is_none()
    {
        Doubted::load(roots, context)?.tell(&explained.wanted.wanted, why);
    }
    Ok(Found::One(Box::new(explained)))
}

/// That another track is wanted of a saved album, which no file is.
fn more_of(
    album: &StoredWanted,
    all: &[StoredWanted],
    roots: &[PathBuf],
    run: &RunPolicy,
    context: &Context,
) -> Result<Option<String>, EngineError> {
    let is_asked = |one: &&StoredWanted| one.id == album.id || is_on(&one.wanted, &album.wanted);
    let asked: Vec<StoredWanted> = all.iter().filter(is_asked).cloned().collect();
    if asked.len() < 2 {
        return Ok(None);
    }
    let quiet = Context { listen: false, progress: &Silent, ..*context };
    let matching = match_wanted(asked, roots, run, &quiet)?;
    Ok(matching.more_of(album.id).map(str::to_owned))
}

/// What a run over the whole library asks for.
fn on_lists(context: &Context) -> Result<Vec<StoredWanted>, EngineError> {
    Ok(select(&[], &ImportRules::default(), context)?.wanted)
}

/// Tells which wanted things a file came near.
pub fn explain_file(
    path: &Path,
    roots: &[PathBuf],
    run: &RunPolicy,
    context: &Context,
) -> Result<Considered, EngineError> {
    let named = NamedFile::of(path);
    let known = named.meant(named.known(context)?)?;
    let offer = known.ok_or_else(|| EngineError::FileNotScanned { path: path.to_owned() })?;
    let all = on_lists(context)?;
    let ground = Ground::load(&all, context.library.offers(roots)?, run, context)?;
    let room = Room::new(&all, &ground, context)?;
    let questions = room.questions();
    let mut near = Vec::new();
    for at in room.near_to(&offer) {
        near.extend(room.considered(at, &offer, &questions)?);
    }
    near.sort_by(|a, b| b.found.score.total_cmp(&a.found.score).then(a.wanted.id.cmp(&b.wanted.id)));
    near.truncate(LISTED);
    Ok(Considered { offer, near })
}
