//! Why a recording was matched or not: the real answer, with all that led to it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ferrotape_audio::LISTEN_VERSION;
use ferrotape_domain::{
    Choice, ContentId, Decision, Heard, Match, Offer, Silent, SpotifyKind, TagSet, Wanted, WantedKind,
};
use ferrotape_import::{Link, looks_like_link, parse_link};
use ferrotape_matching::{Allowed, Index, Knowledge, Near, Policy, Question, choose, explain, siblings};
use ferrotape_store::{Description, Listening, StoredFact, StoredWanted};

use crate::ground::Ground;
use crate::listed::Lists;
use crate::listening::{Search, choose_by_sound};
use crate::matching::{Answer, is_surely_gone};
use crate::named_file::NamedFile;
use crate::partly::Partly;
use crate::policies::{InForce, RunPolicy};
use crate::report::{Lies, NotCome, not_come, on_players};
use crate::selection::{ImportRules, select};
use crate::sheets::Doubted;
use crate::{Context, EngineError, broken};

/// Files shown at most.
const SHOWN: usize = 10;
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

    /// That the answer, or some of it, is not there now.
    pub fn says_gone(&self) -> Option<String> {
        let first = self.gone.first()?.display();
        match (&self.answer, self.gone.len()) {
            (Answer::File(_), _) => Some(format!("its file is not there now: {first}")),
            (Answer::Files(..), 1) => Some(format!("one of its files is not there now: {first}")),
            (Answer::Files(..), several) => {
                Some(format!("{several} of its files are not there now, the first of them {first}"))
            }
            _ => None,
        }
    }

    /// Why no file is shown as near, where none is.
    pub fn nothing_near(&self) -> String {
        let wanted = &self.wanted.wanted;
        let refused = match self.decision.as_ref().map(|decision| &decision.verdict) {
            Some(ferrotape_domain::Verdict::NoneOfThese { refused, .. }) => refused.len(),
            _ => 0,
        };
        match (&self.answer, wanted.kind) {
            (Answer::NotYet(_), _) => "none: there is nothing that could be looked for".to_owned(),
            _ if self.broken.is_some() => "no other".to_owned(),
            _ if wanted.title.is_empty() && wanted.kind == WantedKind::LocalFile => {
                "none: its entry has no title, and files are found by names".to_owned()
            }
            _ if wanted.title.is_empty() => {
                "none: only its link is known, and files are found by names".to_owned()
            }
            _ if refused > 0 => "none beside what you refused".to_owned(),
            (Answer::Files(files, _), _) => format!("none beside its {} files", files.len()),
            (_, WantedKind::Release) => {
                "albums are looked for as a whole, by their name and artist, not by near files".to_owned()
            }
            _ => "none: no file shares enough of its title and artist".to_owned(),
        }
    }

    /// What the user may do next.
    pub fn next(&self) -> String {
        let id = self.wanted.id;
        if self.says_gone().is_some() {
            let or = if self.decision.is_some() {
                format!(", or take back what you said with `ferrotape review --undo {id}`")
            } else {
                String::new()
            };
            return format!(
                "put it back, or look again with `ferrotape scan`: where you moved it to, or another copy of it, is found then, \
                 else it is missing{or}; what is on a player stays there"
            );
        }
        match (&self.answer, &self.decision) {
            (Answer::NotYet(_), _) => "nothing can be done about it yet".to_owned(),
            (Answer::Review(..), _) => {
                format!(
                    "decide: `ferrotape review --pick {id}=K`, `--none {id}`, `--leave-out {id}` or `--file {id}=PATH`"
                )
            }
            (_, Some(_)) => format!("if you think otherwise now: `ferrotape review --undo {id}`"),
            (Answer::File(_) | Answer::Files(..), None) => {
                format!("nothing; if it is wrong: `ferrotape review --none {id}` or `--file {id}=PATH`")
            }
            (Answer::None(_), None) if self.broken.is_some() => {
                "get another copy of it and scan its folder, or mend the file and scan again".to_owned()
            }
            (Answer::None(_), None) if !self.on_player.is_empty() => format!(
                "nothing: what is on a player stays there; to have it elsewhere, too, get it and scan its folder, or name a \
                 file: `ferrotape review --file {id}=PATH`"
            ),
            (Answer::None(_), None) if self.wanted.wanted.kind == WantedKind::LocalFile => {
                format!(
                    "scan the folder where it lies, or name its file: `ferrotape review --file {id}=PATH`"
                )
            }
            (Answer::None(_) | Answer::LeftOut(_), None) => {
                format!("get it and scan its folder, or name a file: `ferrotape review --file {id}=PATH`")
            }
        }
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
        let partly = Partly::of_files(wanted.wanted.kind, &tags, lists.of(wanted, &of_it));
        why.extend(partly.map(|partly| format!("; {}", partly.says())));
    }
    explained.tell_broken(all, roots, run, context)?;
    if let Answer::None(why) = &mut explained.answer
        && explained.decision.is_none()
    {
        Doubted::load(roots, context)?.tell(&explained.wanted.wanted, why);
    }
    Ok(Found::One(Box::new(explained)))
}

/// What a run over the whole library asks for.
fn on_lists(context: &Context) -> Result<Vec<StoredWanted>, EngineError> {
    Ok(select(&[], &ImportRules::default(), context)?.wanted)
}

/// The things that a text may mean, by index, the likeliest first.
fn meant_by(text: &str, all: &[StoredWanted]) -> Result<Vec<usize>, EngineError> {
    if let Ok(number) = text.trim().parse::<i64>()
        && let Some(at) = all.iter().position(|wanted| wanted.id == number)
    {
        return Ok(vec![at]);
    }
    let all = all.iter().enumerate();
    if looks_like_link(text) {
        let Link::Spotify(uri) = parse_link(text)? else { return Ok(Vec::new()) };
        let same = |wanted: &Wanted| match uri.kind {
            SpotifyKind::Album => {
                wanted.spotify_release.as_ref() == Some(&uri) || wanted.spotify.as_ref() == Some(&uri)
            }
            _ => wanted.spotify.as_ref() == Some(&uri),
        };
        return Ok(all.filter(|(_, wanted)| same(&wanted.wanted)).map(|(at, _)| at).collect());
    }
    let words = words(text);
    let mut meant: Vec<(bool, usize, usize)> = all
        .filter_map(|(at, wanted)| {
            let label = self::words(&format!("{} {}", wanted.wanted.artists, wanted.wanted.title));
            let begins = |word: &String| label.iter().any(|own| own.starts_with(word.as_str()));
            // Whole words go before beginnings of words, and what has little else beside them first.
            let whole = words.iter().all(|word| label.contains(word));
            let apart = label.len().abs_diff(words.len());
            (!words.is_empty() && words.iter().all(begins)).then_some((!whole, apart, at))
        })
        .collect();
    meant.sort_unstable();
    let count = |fits: &dyn Fn(&(bool, usize, usize)) -> bool| meant.iter().filter(|one| fits(one)).count();
    let only_one = count(&|(cut, apart, _)| !cut && *apart == 0) == 1 || count(&|(cut, ..)| !cut) == 1;
    meant.truncate(if only_one { 1 } else { usize::MAX });
    Ok(meant.into_iter().map(|(_, _, at)| at).collect())
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
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

/// The same questions as a whole run asks, so that the answers are the same.
struct Room<'a> {
    all: &'a [StoredWanted],
    ground: &'a Ground,
    context: Context<'a>,
    /// Index into `all` of the things that are searched for.
    open: Vec<usize>,
    policies: Vec<Policy>,
}

impl<'a> Room<'a> {
    fn new(all: &'a [StoredWanted], ground: &'a Ground, context: &Context<'a>) -> Result<Self, EngineError> {
        // Explaining changes nothing, so it must not keep what it hears; and it should be quick.
        let context = Context { listen: false, progress: &Silent, ..*context };
        let mut open = Vec::new();
        for (at, wanted) in all.iter().enumerate() {
            if ground.settled(wanted, &mut 0, &context)?.is_none() {
                open.push(at);
            }
        }
        let policies = open.iter().filter_map(|at| all.get(*at)).map(|wanted| ground.policies.of(wanted.id));
        let policies = policies.collect();
        Ok(Self { all, ground, context, open, policies })
    }

    fn questions(&self) -> Vec<Question<'_>> {
        let wanted = self.open.iter().filter_map(|at| self.all.get(*at));
        wanted
            .zip(&self.policies)
            .map(|(wanted, policy)| Question { wanted: &wanted.wanted, policy })
            .collect()
    }

    /// The answer to one thing, and what was near: as a run gives it, but that nothing is listened to anew.
    fn answer(&self, at: usize, questions: &[Question<'_>]) -> Result<(Answer, Vec<Near>), EngineError> {
        let Some(wanted) = self.all.get(at) else { return Err(EngineError::Interrupted) };
        let policy = self.ground.policies.of(wanted.id);
        let alone = [Question { wanted: &wanted.wanted, policy: &policy }];
        // What the user decided needs no search, but what would have been near is worth knowing all the same.
        let (asked, place) = match self.open.iter().position(|open| *open == at) {
            Some(place) => together(questions, place),
            None => (alone.to_vec(), 0),
        };
        let near = match self.ground.spoken.get(&wanted.id) {
            Some(spoken) => spoken.near.clone(),
            None => self.near(&asked, place)?,
        };
        if let Some((answer, _)) = self.ground.settled(wanted, &mut 0, &self.context)? {
            return Ok((answer, near));
        }
        let decisions = &self.ground.decisions;
        let refused = |wanted: &Wanted, content: &ContentId| decisions.refuse(wanted, content);
        let refused_sounds = |wanted: &Wanted| decisions.refused_sounds(wanted);
        let (index, offers) = (&self.ground.index, self.ground.offers.as_slice());
        let search = Search { index, offers, refused: &refused, refused_sounds: &refused_sounds };
        let choice = choose_by_sound(&search, &asked, &self.context)?.into_iter().nth(place);
        let answer = |choice| self.ground.music_answer(wanted, choice);
        Ok((choice.map_or_else(|| Answer::None(String::new()), answer), near))
    }

    /// The files that come near to `asked[place]`, with what was heard of them.
    fn near(&self, asked: &[Question<'_>], place: usize) -> Result<Vec<Near>, EngineError> {
        let refused = |wanted: &Wanted, content: &ContentId| self.ground.decisions.refuse(wanted, content);
        let near = |heard: &HashMap<ContentId, Heard>| {
            let known = Knowledge { refused: &refused, heard, measured: true };
            explain(&self.ground.index, asked, place, &known).map(|found| found.near).unwrap_or_default()
        };
        let by_text = near(&HashMap::new());
        let offers = by_text.iter().filter_map(|near| self.offer(near.found.file_id));
        let contents: Vec<ContentId> = offers.map(|offer| offer.content.clone()).collect();
        let heard = self.context.library.heard(&contents, LISTEN_VERSION)?;
        Ok(if heard.is_empty() { by_text } else { near(&heard) })
    }

    fn explained(&self, at: usize) -> Result<Explained, EngineError> {
        let (answer, near) = self.answer(at, &self.questions())?;
        let wanted = self.all.get(at).cloned().unwrap_or_else(nothing);
        let policy = self.ground.policies.of(wanted.id);
        let chosen = chosen_of(&answer);
        let total = near.len();
        let mut files: Vec<NearFile> = near
            .into_iter()
            .filter_map(|near| {
                let offer = self.offer(near.found.file_id)?.clone();
                let of_many = matches!(&answer, Answer::Files(files, _) if files.contains(&offer.file_id));
                let is_answer = Some(offer.file_id) == chosen || of_many;
                Some(NearFile { offer, found: near.found, rejected: near.rejected, is_answer })
            })
            .collect();
        // What was lifted by its siblings, or chosen by the user, is shown with what made it the answer.
        if let (Answer::File(found), Some(offer)) = (&answer, chosen.and_then(|id| self.offer(id))) {
            files.retain(|file| !file.is_answer);
            let offer = offer.clone();
            files.insert(0, NearFile { offer, found: found.clone(), rejected: None, is_answer: true });
        }
        // What a person is asked about is shown with all that led to the question.
        if let Answer::Review(candidates, _) = &answer {
            for file in &mut files {
                if let Some(asked) = candidates.iter().find(|one| one.file_id == file.offer.file_id) {
                    let says = asked.objection.as_ref().map(|objection| objection.says.clone());
                    file.rejected = file.rejected.take().or(says);
                    file.found = asked.clone();
                }
            }
        }
        files.truncate(SHOWN);
        let gone = self.gone(&answer);
        let is_told = gone.is_empty() && !matches!(answer, Answer::None(_) | Answer::Review(..));
        let on_player = if is_told { None } else { on_players(&self.context)?.remove(&wanted.id) };
        Ok(Explained {
            broken: None,
            gone,
            on_player: on_player.unwrap_or_default(),
            listening: self.context.library.listening()?.get(&wanted.id).copied().unwrap_or_default(),
            descriptions: self.context.library.descriptions(wanted.id)?,
            known: self.context.library.facts_of(wanted.id)?,
            decision: self.ground.decisions.of(&wanted).cloned(),
            policy: self.ground.policies.in_force(wanted.id),
            floor: policy.floor,
            margin: policy.margin,
            more: total.saturating_sub(files.len()),
            near: files,
            would_do: self.would_do(&wanted, &answer),
            not_come: not_come(wanted.id, &self.context)?,
            answer,
            wanted,
        })
    }

    /// The files of an answer that are not there now.
    fn gone(&self, answer: &Answer) -> Vec<PathBuf> {
        let files = match answer {
            Answer::File(found) => std::slice::from_ref(&found.file_id),
            Answer::Files(files, _) => files.as_slice(),
            _ => &[],
        };
        let offers = self.ground.offers.iter().filter(|offer| files.contains(&offer.file_id));
        let mut gone: Vec<PathBuf> =
            offers.filter(|offer| is_surely_gone(&offer.path)).map(|offer| offer.path.clone()).collect();
        gone.dedup();
        gone
    }

    /// Which options would turn "not sure" or "none" into a file.
    fn would_do(&self, wanted: &StoredWanted, answer: &Answer) -> Vec<&'static str> {
        if !matches!(answer, Answer::Review(..) | Answer::None(_)) || !wanted.wanted.is_song() {
            return Vec::new();
        }
        let policy = self.ground.policies.of(wanted.id);
        let with = |change: &dyn Fn(&mut Allowed)| {
            let mut policy = policy;
            change(&mut policy.allowed);
            policy
        };
        let options: [(&'static str, Policy); 2] = [
            ("--allow edition", with(&|allowed| allowed.edition = true)),
            ("--allow live", with(&|allowed| allowed.live = true)),
        ];
        let refused = |wanted: &Wanted, content: &ContentId| self.ground.decisions.refuse(wanted, content);
        let heard = HashMap::new();
        let known = Knowledge { refused: &refused, heard: &heard, measured: true };
        let taken = |policy: &Policy| {
            let question = Question { wanted: &wanted.wanted, policy };
            matches!(choose(&self.ground.index, question, &known), Choice::Chosen(_))
        };
        options.iter().filter(|(_, policy)| taken(policy)).map(|(option, _)| *option).collect()
    }

    fn offer(&self, file_id: i64) -> Option<&Offer> {
        self.ground.offers.iter().find(|offer| offer.file_id == file_id)
    }

    /// The things a file may come near, by index: asked of a collection of this one file, which is quick.
    fn near_to(&self, offer: &Offer) -> Vec<usize> {
        let only = Index::build(std::slice::from_ref(offer));
        let nothing = Knowledge::nothing();
        let anything = Policy { floor: 2.0, review_floor: 0.0, ..Policy::default() };
        let near = |at: &usize| {
            self.all.get(*at).is_some_and(|wanted| {
                if let Some(spoken) = self.ground.spoken.get(&wanted.id) {
                    return spoken.near.iter().any(|near| near.found.file_id == offer.file_id);
                }
                let question = Question { wanted: &wanted.wanted, policy: &anything };
                wanted.wanted.is_song() && !matches!(choose(&only, question, &nothing), Choice::None(_))
            })
        };
        (0..self.all.len()).filter(near).take(100).collect()
    }

    fn considered(
        &self,
        at: usize,
        offer: &Offer,
        questions: &[Question<'_>],
    ) -> Result<Option<ConsideredFor>, EngineError> {
        let (answer, near) = self.answer(at, questions)?;
        let near = near.into_iter().find(|near| near.found.file_id == offer.file_id);
        Ok(near.zip(self.all.get(at).cloned()).map(|(near, wanted)| {
            let Near { found, rejected } = near;
            ConsideredFor { wanted, found, rejected, answer }
        }))
    }
}

/// A question with those that are decided together with it, and its place among them.
fn together<'q>(questions: &[Question<'q>], at: usize) -> (Vec<Question<'q>>, usize) {
    let members = siblings(questions, at);
    let place = members.iter().position(|member| *member == at).unwrap_or(0);
    (members.into_iter().filter_map(|member| questions.get(member).copied()).collect(), place)
}

fn chosen_of(answer: &Answer) -> Option<i64> {
    match answer {
        Answer::File(found) => Some(found.file_id),
        _ => None,
    }
}

fn nothing() -> StoredWanted {
    let wanted = Wanted::of_kind(WantedKind::Unavailable);
    StoredWanted { id: 0, key: String::new(), aliases: Vec::new(), wanted }
}
