//! Gather: what the user's folders do not have is looked for in places elsewhere, fetched into the collection, and
//! scanned there like any other file.
//!
//! A place says what it has (`asking`) of what is open (`open`); the usual matching decides on its word which of it is wanted
//! (`choosing`); what is sure is fetched (`fetching`), is no use where it lasts much shorter than its place says (`as_said`),
//! and gets its name once the library knows where it is from (`arriving`). The file itself is matched again afterwards, and
//! where it is not what is wanted, the next offer or place is asked (`turns`): what it
//! says of its title, artist and length stands before the place's word, which fills in where its tags are silent. Only what
//! the place of podcasts read in a feed stands before the file in title, day and number, for many hosts put other words into
//! it; and a place that is not the user's own tells of which album it is. A place that cannot be asked stops nothing: what only
//! it could have waits for it, by name (`the_rest`, `wait`). Pictures of what came without one are fetched last (`pictures`).

mod arriving;
mod as_said;
mod asking;
mod brought;
mod choosing;
mod contest;
mod contradicted;
mod fetching;
mod held_up;
mod named_together;
mod newest;
mod one_album;
mod open;
mod pictures;
mod place;
mod recognising;
mod refusals;
mod renamed;
mod same_episode;
mod singles;
mod something_else;
mod still_waits;
mod the_rest;
mod told;
mod turns;
mod wait;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use ferrotape_domain::{AudioSource, Catalogue, Fault, Outcome};
use ferrotape_store::{FeedsNow, StoredWanted};

use crate::feeds_of_shows::{FeedsOfShows, by_their_keys, doubted_of};
use crate::policies::RunPolicy;
use crate::{Context, EngineError};

use choosing::Pick;
pub(crate) use contest::are_two_tracks;
pub(crate) use named_together::finish_naming;
pub(crate) use newest::made_way;
use open::{Open, open_things};
pub(crate) use pictures::own_picture;
pub(crate) use place::lies_as_of_everybody;
pub use refusals::{Refusal, Refusals};
pub use wait::{NOT_ASKED, NOT_GIVEN, UNTIL_DONE};
pub(crate) use wait::{Wait, day_of, time_of_day};

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
    /// Files that came from it into the collection.
    pub fetched: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Why it could not be asked, or not for all.
    pub fault: Option<Fault>,
    /// Whether its list was asked for again because what came before was not what it lists.
    pub listed_again: bool,
    /// Whether something came, or did not, that is not what it lists: its list is asked for again by the next run.
    pub is_doubted: bool,
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
    /// What the user's own places have under the names of albums and did not give, for albums of which it is not known whether
    /// what is here is all.
    not_taken: HashMap<i64, String>,
    /// What podcasts, albums and books wait for though there are files of them.
    held_up: HashMap<i64, Wait>,
    /// Tracks of albums and parts of books of which not all came, those that are here included, and which place lists them.
    listed: HashMap<i64, (usize, String)>,
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

    /// Whether something, or a part of it, waits.
    pub(crate) fn has_wait(&self, wanted_id: i64) -> bool {
        self.waiting.contains_key(&wanted_id) || self.held_up.contains_key(&wanted_id)
    }

    /// How many tracks an album has of which not all came, and which place says so.
    pub(crate) fn listed(&self, wanted_id: i64) -> Option<(usize, &str)> {
        self.listed.get(&wanted_id).map(|(tracks, place)| (*tracks, place.as_str()))
    }

    /// What places have under an album's name that was not taken, of which only single songs, or not all, are here.
    pub(crate) fn not_taken(&self, wanted_id: i64) -> Option<&str> {
        self.not_taken.get(&wanted_id).map(String::as_str)
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

    /// Counts a file that came from a place, where it is one of so many bytes and did not lie there.
    fn count_file(&mut self, place: usize, bytes: Option<u64>) {
        if let (Some(bytes), Some(place)) = (bytes, self.places.get_mut(place)) {
            place.fetched += 1;
            place.bytes += bytes;
        }
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
        let (asked, fault, listed_again) = (place.asked + grown, place.fault.clone(), place.listed_again);
        let place = PlaceAsked { name, asked, has, may_have, fault, listed_again, ..PlaceAsked::default() };
        gathered.places.push(place);
    }
    if elsewhere.fetch {
        let all = (&mut *gathered, heard.as_mut_slice(), &mut choices);
        turns::fetch_in_turns(all, elsewhere, open, (roots, run), context)?;
    }
    the_rest::note_the_rest(gathered, elsewhere, open, (&heard, &choices), context);
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

/// Asks nobody: what surely waits in what places listed before, what they listed that was not taken, and what waited for a place
/// that could not be asked.
fn recall(
    elsewhere: &Elsewhere,
    open: &[Open],
    run: &RunPolicy,
    context: &Context,
) -> Result<Gathered, EngineError> {
    let mut gathered = Gathered::default();
    let heard = asking::recalled(elsewhere, context)?;
    let choices = choosing::choose(elsewhere.catalogues, &heard, open, run, context)?;
    open.iter().for_each(|one| the_rest::note_not_taken(&mut gathered, one, &choices));
    for (id, picks) in choices.picks {
        let sure = picks.iter().find(|pick| pick.sure);
        if let Some(place) = sure.and_then(|pick| elsewhere.catalogues.get(pick.place)) {
            let reason = format!("{} has it, and nobody is asked in this run", place.name());
            gathered.waiting.insert(id, Wait::for_us(reason, "it is fetched, by a run without --offline"));
        }
    }
    gathered.still_wait(elsewhere, open, context)?;
    Ok(gathered)
}
