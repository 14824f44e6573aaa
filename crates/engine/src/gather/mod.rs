//! Gather: what the user's folders do not have is looked for in places elsewhere, fetched into the collection, and
//! scanned there like any other file.
//!
//! A place says what it has (`asking`); the usual matching decides on its word which of it is wanted (`choosing`);
//! what is sure is fetched (`fetching`), is no use where it lasts much shorter than its place says (`as_said`), and gets its name
//! once the library knows where it is from (`arriving`). The file
//! itself is matched again afterwards, and where it is not what is wanted, the next offer or place is asked (`turns`): what it
//! says of its title, artist and length stands before the place's word, which fills in where its tags are silent. Only what
//! the place of podcasts read in a feed stands before the file in title, day and number, for many hosts put other words into
//! it; and a place that is not the user's own tells of which album it is. A place that cannot be asked stops nothing: what only
//! it could have waits for it, by name. Pictures of what came without one are fetched last (`pictures`).

mod arriving;
mod as_said;
mod asking;
mod brought;
mod choosing;
mod contest;
mod fetching;
mod held_up;
mod named_together;
mod newest;
mod pictures;
mod place;
mod recognising;
mod refusals;
mod renamed;
mod same_episode;
mod singles;
mod something_else;
mod still_waits;
mod told;
mod turns;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use ferrotape_domain::{AudioSource, Catalogue, DISK, Fault, FaultKind, Outcome, TagSet, WantedKind};
use ferrotape_store::{FeedsNow, ListedTracks, StoredWanted};

use crate::feeds_of_shows::{FeedsOfShows, by_their_keys, doubted_of};
use crate::matching::{Answer, Matched, Matching, match_wanted};
use crate::partly::Partly;
use crate::policies::RunPolicy;
use crate::{Context, EngineError};

use choosing::{Choices, Pick};
pub(crate) use contest::are_two_tracks;
use held_up::Word;
pub(crate) use named_together::finish_naming;
pub(crate) use newest::made_way;
pub(crate) use pictures::own_picture;
pub(crate) use place::lies_as_of_everybody;
pub use refusals::{Refusal, Refusals};
use singles::Singles;

/// The places that may be asked, and where what they give is kept.
pub struct Elsewhere<'a> {
    /// In the order in which they are preferred.
    pub catalogues: &'a [Arc<dyn Catalogue>],
    /// The folder of what was fetched, as a source of audio.
    pub collection: &'a Arc<dyn AudioSource>,
    /// Whether files are fetched; if not, it is only told what would be.
    pub fetch: bool,
    /// Whether listings of places are kept.
    pub keep: bool,
    /// Whether nobody is asked: what places listed before only tells what waits.
    pub offline: bool,
    /// Which files were no use.
    pub refusals: &'a dyn Refusals,
    /// Places whose files a drill refuses, by name, and what stands in the way: what they said before may be kept.
    pub shut: &'a [(String, Fault)],
}

impl Elsewhere<'_> {
    /// What keeps a place from giving files, where a drill does.
    fn why_shut(&self, place: usize) -> Option<&Fault> {
        let name = self.catalogues.get(place)?.name();
        self.shut.iter().find(|(shut, _)| shut == name).map(|(_, fault)| fault)
    }
}

/// What became of one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlaceAsked {
    /// Its name.
    pub name: String,
    /// Things it was asked for.
    pub asked: u64,
    /// Things of which it surely has the audio.
    pub has: u64,
    /// Things that it may have: a person must say.
    pub may_have: u64,
    /// Files fetched from it.
    pub fetched: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Why it could not be asked, or not for all.
    pub fault: Option<Fault>,
}

/// What was gathered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gathered {
    /// Every place, in the order of preference.
    pub places: Vec<PlaceAsked>,
    /// Files that a place offers and that did not come, with the reason: the place, the file's name there, why.
    pub failed: Vec<(String, String, String)>,
    /// Whether files came that the library has not looked at.
    came: bool,
    /// Files that came cut off, and how: they are set aside once they were looked at.
    cut_off: Vec<(PathBuf, String)>,
    /// Which offers of which places came.
    tried: HashSet<(usize, usize)>,
    /// Which could not be had.
    not_had: HashSet<(usize, usize)>,
    /// What wanted things wait for.
    waiting: HashMap<i64, Wait>,
    /// Why wanted things did not come from the places that have them; of albums and the like which part of them.
    not_come: HashMap<i64, Vec<(String, Fault)>>,
    /// What files call themselves that came as something else: the place and which of its offers.
    something_else: HashMap<(usize, usize), String>,
    /// What is to be said of things that nobody has: who was asked.
    notes: HashMap<i64, String>,
    /// What podcasts, albums and books wait for though there are files of them.
    held_up: HashMap<i64, Wait>,
    /// Tracks of albums and parts of books of which not all came, those that are here included, and which place lists them.
    listed: HashMap<i64, (usize, String)>,
}

/// What a wanted thing waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) reason: String,
    pub(crate) until: String,
    pub(crate) on: Vec<String>,
}

/// Until when something waits that only the user can mend.
pub const UNTIL_DONE: &str = "you have done that";
/// Stands between a place and why it said nothing.
pub const NOT_ASKED: &str = " could not be asked: ";
/// Stands between a place and why what it has did not come.
pub const NOT_GIVEN: &str = " could not give it: ";

impl Wait {
    /// For the places that have it and `gave` it not, and for those that were `not_asked`; `None` where there are none. What
    /// only the user can mend is told first.
    fn for_places(gave: &[&Fault], not_asked: &[&Fault], now: i64) -> Option<Self> {
        let mut faults: Vec<&Fault> = gave.iter().chain(not_asked).copied().collect();
        let mut seen = HashSet::new();
        faults.retain(|fault| seen.insert(&fault.source));
        faults.sort_by_key(|fault| fault.kind != FaultKind::NeedsUser);
        let (first, others) = faults.split_first()?;
        let was_asked = gave.contains(first);
        let mut reason = match first.source.as_str() {
            // Nobody else has anything to do with it.
            DISK => first.reason.clone(),
            source if was_asked => format!("{source}{NOT_GIVEN}{}", first.reason),
            source => format!("{source}{NOT_ASKED}{}", first.reason),
        };
        let names: Vec<&str> = others.iter().map(|fault| fault.source.as_str()).collect();
        let until = match &first.kind {
            FaultKind::NeedsUser if !others.is_empty() => format!("{UNTIL_DONE}, or another answers"),
            _ if !others.is_empty() => "they answer again".to_owned(),
            FaultKind::Temporary { retry_after_seconds: Some(seconds) } => {
                format!("{}, when it is asked again", time_of_day(now, *seconds))
            }
            FaultKind::Temporary { retry_after_seconds: None } => format!("{} answers again", first.source),
            FaultKind::NeedsUser => UNTIL_DONE.to_owned(),
            // The reason ends with the day of the next try.
            FaultKind::Permanent if was_asked => String::new(),
            FaultKind::Permanent => format!("{} gives a better answer", first.source),
        };
        if !names.is_empty() {
            let names = names.join(", ");
            reason += &match first.source == DISK {
                true => format!("; nor did it come from {names}"),
                false => format!("; nor could {names}"),
            };
        }
        Some(Self { reason, until, on: faults.iter().map(|fault| fault.source.clone()).collect() })
    }

    /// For this program.
    fn for_us(reason: String, until: &str) -> Self {
        Self { reason, until: until.to_owned(), on: Vec::new() }
    }

    fn outcome(&self, reason: String) -> Outcome {
        Outcome::Waiting { reason, until: self.until.clone(), on: self.on.clone() }
    }
}

impl Gathered {
    /// Files that came.
    pub fn fetched(&self) -> u64 {
        self.places.iter().map(|place| place.fetched).sum()
    }

    /// Whether any place was asked.
    pub(crate) fn is_word_of_places(&self) -> bool {
        !self.places.is_empty()
    }

    /// What a podcast or an album waits for of which there are files.
    pub(crate) fn held_up(&self, wanted_id: i64) -> Option<&Wait> {
        self.held_up.get(&wanted_id)
    }

    /// How many tracks an album has of which not all came, and which place says so.
    pub(crate) fn listed(&self, wanted_id: i64) -> Option<(usize, &str)> {
        self.listed.get(&wanted_id).map(|(tracks, place)| (*tracks, place.as_str()))
    }

    /// How a thing ends that no file answers; `why` is what the folders say.
    pub(crate) fn outcome(&self, wanted_id: i64, why: &str) -> Outcome {
        match (self.waiting.get(&wanted_id), self.notes.get(&wanted_id)) {
            (Some(wait), _) => wait.outcome(wait.reason.clone()),
            (None, Some(note)) => Outcome::NotInSources(format!("{why}; {note}")),
            (None, None) => Outcome::NotInSources(why.to_owned()),
        }
    }

    /// How a thing ends of which the only file is broken, or one of several, as `how` tells.
    pub(crate) fn outcome_of_broken(&self, wanted_id: i64, how: &str) -> Outcome {
        match (self.waiting.get(&wanted_id), self.notes.get(&wanted_id)) {
            (Some(wait), _) => {
                wait.outcome(format!("{}; a file of it here cannot be used – {how}", wait.reason))
            }
            (None, Some(note)) => Outcome::Failed(format!("{how}; {note}")),
            (None, None) => Outcome::Failed(how.to_owned()),
        }
    }

    /// How a thing ends that another version of comes near, where a place that could not be asked may have the thing
    /// itself.
    pub(crate) fn version_waits(&self, wanted_id: i64) -> Option<Outcome> {
        let wait = self.waiting.get(&wanted_id)?;
        let choose = "meanwhile you may choose another version of it: `ferrotape review`";
        Some(wait.outcome(format!("{}; {choose}", wait.reason)))
    }

    /// Which parts of a thing that a place has did not come from there, and why; `had` are those that came from another.
    fn did_not_come(&mut self, wanted_id: i64, missed: Vec<(String, Fault)>, had: &HashSet<String>) {
        let not_come = self.not_come.entry(wanted_id).or_default();
        not_come.extend(missed);
        not_come.retain(|(part, _)| !had.contains(part));
    }

    /// Has it wait for those that have it and did not give it, and for those that could not be asked.
    fn wait(&mut self, wanted_id: i64, not_asked: &[&Fault], now: i64) {
        let not_come = self.not_come.remove(&wanted_id).unwrap_or_default();
        let gave: Vec<&Fault> = not_come.iter().map(|(_, fault)| fault).collect();
        if let Some(wait) = Wait::for_places(&gave, not_asked, now) {
            self.waiting.insert(wanted_id, wait);
        }
    }
}

/// When that will be, by the clock on the wall.
pub(crate) fn time_of_day(now: i64, seconds: u64) -> String {
    time_as(now.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX)), "%Y-%m-%d %H:%M")
}

/// The day, for people.
pub(crate) fn day_of(at: i64) -> String {
    time_as(at, "%Y-%m-%d")
}

fn time_as(at: i64, form: &str) -> String {
    let Ok(at) = jiff::Timestamp::from_second(at) else { return "later".to_owned() };
    at.to_zoned_datetime(jiff::tz::TimeZone::system()).strftime(form).to_string()
}

/// Looks elsewhere for what the files below `roots` (all known ones when empty) do not answer, fetches it, and takes it
/// into the library.
pub fn gather(
    wanted: &[StoredWanted],
    roots: &[PathBuf],
    run: &RunPolicy,
    elsewhere: &Elsewhere,
    context: &Context,
) -> Result<Gathered, EngineError> {
    let mut gathered = Gathered::default();
    if elsewhere.catalogues.is_empty() {
        return Ok(gathered);
    }
    let mut roots = roots.to_vec();
    if !roots.is_empty() && !roots.contains(&elsewhere.collection.root()) {
        roots.push(elsewhere.collection.root());
    }
    let open = open_things(wanted, &roots, run, elsewhere, context)?;
    if elsewhere.offline && !open.is_empty() {
        return recall(elsewhere, &open, run, context);
    }
    if !open.is_empty() {
        gather_open(&mut gathered, &open, (roots.as_slice(), run), elsewhere, context)?;
    }
    if elsewhere.fetch {
        pictures::fetch_all(elsewhere, context)?;
    }
    Ok(gathered)
}

/// Asks for what is open, fetches it, and tells of the rest.
fn gather_open(
    gathered: &mut Gathered,
    open: &[Open],
    (roots, run): (&[PathBuf], &RunPolicy),
    elsewhere: &Elsewhere,
    context: &Context,
) -> Result<(), EngineError> {
    let mut heard = asking::ask_all(elsewhere, open, context)?;
    if elsewhere.keep {
        keep_feeds(&heard, context)?;
    }
    if elsewhere.fetch {
        recognising::recognise(elsewhere, &heard, context)?;
    }
    let mut choices = choosing::choose(elsewhere.catalogues, &heard, open, run, context)?;
    for (at, place) in heard.iter().enumerate() {
        let things = |sure: bool| {
            let is_it = |pick: &Pick| pick.place == at && pick.sure == sure && !pick.offers.is_empty();
            choices.picks.values().filter(|picks| picks.iter().any(is_it)).count() as u64
        };
        let (has, may_have) = (things(true), things(false));
        let name = elsewhere.catalogues.get(at).map(|place| place.name().to_owned()).unwrap_or_default();
        // An album that is whole, as most are, counts as asked for where it has grown.
        let has_it = |one: &&Open| {
            let picks = choices.picks.get(&one.wanted.id).map(Vec::as_slice).unwrap_or_default();
            one.is_whole && picks.iter().any(|pick| pick.place == at && !pick.offers.is_empty())
        };
        let grown = open.iter().filter(has_it).count() as u64;
        let (asked, fault) = (place.asked + grown, place.fault.clone());
        gathered.places.push(PlaceAsked { name, asked, has, may_have, fault, ..PlaceAsked::default() });
    }
    if elsewhere.fetch {
        let all = (&mut *gathered, heard.as_mut_slice(), &mut choices);
        turns::fetch_in_turns(all, elsewhere, open, (roots, run), context)?;
    }
    note_the_rest(gathered, elsewhere, open, (&heard, &choices), context);
    Ok(())
}

/// Keeps which feeds podcasts have now, and which are doubted.
fn keep_feeds(heard: &[asking::Heard], context: &Context) -> Result<(), EngineError> {
    let doubted: FeedsOfShows = heard.iter().flat_map(|place| place.doubted.clone()).collect();
    let taken: FeedsOfShows = heard.iter().flat_map(|place| place.feeds.clone()).collect();
    if doubted.is_empty() && taken.is_empty() {
        return Ok(());
    }
    let forgotten = match doubted.is_empty() {
        true => FeedsOfShows::new(),
        false => doubted_of(&context.library.feeds_of_shows()?, &doubted),
    };
    let proven = by_their_keys(&taken);
    let now = FeedsNow { taken: &taken, forgotten: &forgotten, doubted: &doubted, proven: &proven };
    Ok(context.library.keep_feeds_of_shows(&now)?)
}

/// Asks nobody: what surely waits in what places listed before, and what waited for a place that could not be asked.
fn recall(
    elsewhere: &Elsewhere,
    open: &[Open],
    run: &RunPolicy,
    context: &Context,
) -> Result<Gathered, EngineError> {
    let mut gathered = Gathered::default();
    let heard = asking::recalled(elsewhere, context)?;
    for (id, picks) in choosing::choose(elsewhere.catalogues, &heard, open, run, context)?.picks {
        let sure = picks.iter().find(|pick| pick.sure);
        if let Some(place) = sure.and_then(|pick| elsewhere.catalogues.get(pick.place)) {
            let reason = format!("{} has it, and nobody is asked in this run", place.name());
            gathered.waiting.insert(id, Wait::for_us(reason, "it is fetched, by a run without --offline"));
        }
    }
    gathered.still_wait(elsewhere, open, context)?;
    Ok(gathered)
}

/// A wanted thing that no file answers yet.
#[derive(Clone)]
struct Open {
    wanted: StoredWanted,
    /// Whether files that only come near would be of use: nothing is there at all.
    nothing_near: bool,
    /// The tags of what is here, of an album of which more is wanted.
    here: Vec<TagSet>,
    /// What a place lists of it that some files of it were had from.
    list: Option<ListedTracks>,
    /// Whether it is an album of which only single songs were had, from servers that list all they have: those tell whether
    /// there is more of it. Nobody else is asked.
    is_unsettled: bool,
    /// Whether it is an album that the server that lists it gave all files of: what that lists now counts.
    may_have_grown: bool,
    /// Whether nothing tells that anything of it is missing. Only the server that lists it is asked whether it has grown.
    is_whole: bool,
}

impl Open {
    /// Whether a place that lists all it has could tell anything of it.
    fn is_a_matter_of(&self, place: &str) -> bool {
        !self.is_whole || self.list.as_ref().is_some_and(|list| list.source == place)
    }
}

/// What no file answers and nobody has decided. Podcasts have new episodes, so they are always open; so are saved albums
/// and books of which only some files are here, or nobody has looked whether they are whole, and albums that may have grown
/// on the server that they came from.
fn open_things(
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

/// The tags of an album's files, where more of it is wanted, or may be.
fn here_of_album(matched: &Matched, matching: &Matching, singles: &Singles) -> Vec<TagSet> {
    let Answer::Files(files, _) = &matched.answer else { return Vec::new() };
    let is_broken = matching.broken.contains_key(&matched.wanted.id) && !matched.decided;
    let is_wanted = is_broken
        || Partly::of_answer(matched, matching).is_some()
        || singles.are_all_of(matched, matching)
        || singles.may_have_grown(matched, matching);
    if matched.wanted.wanted.kind != WantedKind::Release || !is_wanted {
        return Vec::new();
    }
    files.iter().filter_map(|id| matching.offer(*id)).map(|offer| offer.tags.clone()).collect()
}

/// A few of what is said of one thing.
fn each_once(said: &[String]) -> Vec<String> {
    const TOLD: usize = 3;
    let mut seen = HashSet::new();
    said.iter().filter(|one| seen.insert(one.as_str())).take(TOLD).cloned().collect()
}

/// What a thing waits for that a place surely has, in a run that fetches nothing: that run's end, where one of those places
/// answers, and else the place. That it listed the thing once brings no file now.
fn not_fetched(
    elsewhere: &Elsewhere,
    heard: &[asking::Heard],
    (id, picks): (i64, &[Pick]),
    now: i64,
) -> Option<Wait> {
    let fault_of = |pick: &Pick| {
        let heard = heard.get(pick.place)?;
        heard.not_asked(id).or(heard.fault.as_ref()).or_else(|| elsewhere.why_shut(pick.place))
    };
    let sure = || picks.iter().filter(|pick| pick.sure);
    if let Some(pick) = sure().find(|pick| fault_of(pick).is_none()) {
        let place = elsewhere.catalogues.get(pick.place).map(|place| place.name()).unwrap_or_default();
        return Some(Wait::for_us(format!("{place} has it"), "it is fetched, by a run without --dry-run"));
    }
    let faults: Vec<&Fault> = sure().filter_map(fault_of).collect();
    Wait::for_places(&faults, &[], now)
}

/// Of what no place surely has: whom it waits for, or who was asked.
fn note_the_rest(
    gathered: &mut Gathered,
    elsewhere: &Elsewhere,
    open: &[Open],
    (heard, choices): (&[asking::Heard], &Choices),
    context: &Context,
) {
    let picks = &choices.picks;
    for one in open {
        let id = one.wanted.id;
        let may_hold = |at: &usize| {
            elsewhere.catalogues.get(*at).is_some_and(|place| place.may_hold(one.wanted.wanted.kind))
        };
        let asked: Vec<usize> = (0..heard.len()).filter(may_hold).collect();
        let sure = picks.get(&id).and_then(|picks| picks.iter().find(|pick| pick.sure));
        // Of what came, the file itself may still say that it is something else: then the rest tells how it ends.
        if sure.is_some() && !elsewhere.fetch {
            let of_it = picks.get(&id).map(Vec::as_slice).unwrap_or_default();
            gathered
                .waiting
                .extend(not_fetched(elsewhere, heard, (id, of_it), context.now).map(|wait| (id, wait)));
            continue;
        }
        let names = asked.iter().filter_map(|at| elsewhere.catalogues.get(*at)).map(|place| place.name());
        let names: Vec<&str> = names.collect();
        let says = asked.iter().filter_map(|at| elsewhere.catalogues.get(*at));
        let mut says: Vec<String> = says.filter_map(|place| place.says_of(&one.wanted.wanted)).collect();
        let faults: Vec<&Fault> = asked.iter().filter_map(|at| heard.get(*at)?.not_asked(id)).collect();
        let sure =
            sure.and_then(|pick| Some((elsewhere.catalogues.get(pick.place)?.name(), pick.offers.len())));
        let word = Word { sure, not_asked: &faults, says: &says, asked: &names };
        gathered.hold_up(one, &word, context.now);
        if says.is_empty() && !names.is_empty() {
            says.push(format!("asked as well: {}", names.join(", ")));
        }
        let near = choices.told.get(&id).map(Vec::as_slice).unwrap_or_default();
        says = each_once(near).into_iter().chain(says).collect();
        let of_it = picks.get(&id).map(Vec::as_slice).unwrap_or_default();
        let came = something_else::told(gathered, elsewhere, heard, of_it);
        if !came.is_empty() {
            says.insert(0, came);
        }
        if !says.is_empty() {
            gathered.notes.insert(id, says.join("; "));
        }
        gathered.wait(id, &faults, context.now);
    }
}
