//! Fetching what was picked: each file once, from the first place that gives it, into the collection, with its
//! provenance. It gets its name there only once it is known to be of use and the library knows where it is from
//! (`arriving`): a run that is killed in between leaves nothing that would pass for the user's own.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use ferrotape_audio::probe;
use ferrotape_domain::{
    Catalogue, ContentId, DISK, Fault, FaultKind, Fetched, Phase, Provenance, RemoteOffer, WantedKind,
};
use ferrotape_store::ListedTracks;

use super::arriving::Arriving;
use super::as_said::{as_they_were, has_its_title, is_as_it_was, place_of_another, too_short};
use super::asking::Heard;
use super::brought::{Brought, came_as, came_broken, how_cut_off, is_of_another, no_use, uncut};
use super::choosing::Pick;
use super::named_together::name_together;
use super::newest::make_way;
use super::place::{path_as_it_is_now, path_in_collection};
use super::refusals::{refused, remember};
use super::renamed::{CameBefore, add_renamed};
use super::turns::goes_on;
use super::{Elsewhere, Gathered, Open};
use crate::listed::place as place_of;
use crate::{Context, EngineError, broken, locked};

/// Files fetched at the same time, all places together; each place has a limit of its own as well.
const AT_ONCE: usize = 4;

/// So long what came broken rests before it is fetched again, in seconds.
const RESTS_S: u64 = 24 * 3_600;

/// A file that came and turned out to be broken.
struct Broken {
    content: ContentId,
    how: String,
}

/// A file of a place.
type Key = (usize, usize);

/// A file that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum There {
    /// An earlier run brought it, and it was matched with all that is wanted.
    Before,
    /// It was not looked at yet.
    Now,
}

/// What became of it.
type Done = Result<There, Fault>;

/// When a file gets its name in the collection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    AtOnce,
    /// With others that may be what is wanted as well.
    Together,
}

/// A file that has no name yet, and its content.
struct Held {
    arriving: Arriving,
    content: ContentId,
}

/// Fetches for every open thing what its picks name.
pub(super) fn fetch_all(
    gathered: &mut Gathered,
    elsewhere: &Elsewhere,
    heard: &[Heard],
    open: &[Open],
    picks: &HashMap<i64, Vec<Pick>>,
    context: &Context,
) -> Result<(), EngineError> {
    let jobs: Vec<&Open> = open.iter().filter(|one| picks.contains_key(&one.wanted.id)).collect();
    if jobs.is_empty() {
        return Ok(());
    }
    let mut came_before = came_before(context)?;
    add_renamed(&mut came_before, elsewhere, heard);
    let (done, tally) = (Mutex::default(), Mutex::new(gathered));
    let fetcher = Fetcher { elsewhere, heard, context, came_before, done, held: Mutex::default(), tally };
    context.started(Phase::Fetch, Some(jobs.len() as u64));
    let next = AtomicUsize::new(0);
    let failed: Mutex<Vec<EngineError>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(jobs.len()) {
            scope.spawn(|| {
                while let Some(one) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let of_one = picks.get(&one.wanted.id).map(Vec::as_slice).unwrap_or_default();
                    if let Err(error) = fetcher.fetch_one(one, of_one) {
                        locked(&failed).push(error);
                    }
                    context.advanced(Phase::Fetch, 1, 0);
                    if context.cancel.is_stopped() || !locked(&failed).is_empty() {
                        break;
                    }
                }
            });
        }
    });
    fetcher.leave_aside();
    context.finished(Phase::Fetch);
    if context.cancel.is_stopped() {
        return Err(EngineError::Interrupted);
    }
    match locked(&failed).pop() {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

struct Fetcher<'a> {
    elsewhere: &'a Elsewhere<'a>,
    heard: &'a [Heard],
    context: &'a Context<'a>,
    /// What came before, by the place and its name for it.
    came_before: CameBefore,
    /// Files that were tried already; albums and recordings may name the same. A file that is being fetched by another
    /// thread is waited for by its lock.
    done: Mutex<HashMap<Key, Arc<Mutex<Option<Done>>>>>,
    /// What came for a question, and has no name until the others of the question came, or it is wanted without them.
    held: Mutex<HashMap<Key, Held>>,
    tally: Mutex<&'a mut Gathered>,
}

impl Fetcher<'_> {
    /// Tries one place after the other until one gives all its files. What fails for a passing reason is waited for. What came
    /// before and left the thing open is no answer to it, so that the next place is asked.
    fn fetch_one(&self, one: &Open, picks: &[Pick]) -> Result<(), EngineError> {
        let (mut missed, mut had) = (Vec::new(), HashSet::new());
        let (mut has_one, mut listed) = (false, 0);
        for pick in picks {
            // What only comes near is one look at a time.
            if has_one && !pick.sure {
                break;
            }
            if pick.is_contested() {
                match self.fetch_together(pick, one.wanted.wanted.duration)? {
                    Ok(()) => break,
                    Err(_) if self.context.cancel.is_stopped() => return Ok(()),
                    Err(fault) => missed.push((String::new(), fault)),
                }
                continue;
            }
            if pick.tracks.len() > listed {
                // Of two places of one turn that list it the fuller list stands: what the first has and did not give is
                // still missing.
                self.remember(one, pick)?;
                listed = pick.tracks.len();
            }
            let (mut whole, mut is_new) = (true, false);
            let named = if pick.beside.is_empty() { Named::AtOnce } else { Named::Together };
            for at in &pick.offers {
                match self.fetch_file((pick.place, *at), one.wanted.wanted.duration, named)? {
                    Ok(there) => {
                        is_new |= there == There::Now;
                        had.extend(self.track_of(one, (pick.place, *at)));
                    }
                    Err(_) if self.context.cancel.is_stopped() => return Ok(()),
                    Err(fault) => {
                        whole = false;
                        let part = self.track_of(one, (pick.place, *at));
                        missed.push((part.unwrap_or_else(|| format!("{} {at}", pick.place)), fault));
                    }
                }
            }
            if whole && let Err(fault) = self.fetch_beside(pick, one.wanted.wanted.duration)? {
                if self.context.cancel.is_stopped() {
                    return Ok(());
                }
                whole = false;
                missed.push((String::new(), fault));
            }
            has_one |= whole;
            if whole && (is_new || !pick.sure || !goes_on(one)) {
                break;
            }
        }
        locked(&self.tally).did_not_come(one.wanted.id, missed, &had);
        Ok(())
    }

    /// Which track of a wanted album or book a file is, whatever place it is of.
    fn track_of(&self, one: &Open, key: Key) -> Option<String> {
        let has_tracks = matches!(one.wanted.wanted.kind, WantedKind::Release | WantedKind::Audiobook);
        let offer = self.heard.get(key.0)?.offers.get(key.1).filter(|_| has_tracks)?;
        let (disc, track) = place_of(&offer.tags)?;
        Some(format!("{disc}-{track}"))
    }

    /// Fetches what is to be heard with a sure one that came, and gives all of it names at once: the sure one that a killed run
    /// left alone would be taken unheard.
    fn fetch_beside(&self, pick: &Pick, wanted: Option<Duration>) -> Result<Result<(), Fault>, EngineError> {
        for key in &pick.beside {
            let done = self.fetch_file(*key, wanted, Named::Together)?;
            if let (Err(fault), true) = (done, self.context.cancel.is_stopped()) {
                return Ok(Err(fault));
            }
        }
        // What did not come of these is not waited for: the chosen one is here.
        let came: Vec<Key> = pick.keys().collect();
        self.name_all(&came)
    }

    /// Fetches all that contends for one thing. One of them alone would be taken for it, so none gets its name before all came.
    fn fetch_together(
        &self,
        pick: &Pick,
        wanted: Option<Duration>,
    ) -> Result<Result<(), Fault>, EngineError> {
        let mut keys: Vec<Key> = pick.keys().collect();
        // What is known to be no use costs nobody the others.
        keys.sort_by_key(|key| !self.is_refused(*key));
        for key in &keys {
            if let Err(fault) = self.fetch_file(*key, wanted, Named::Together)? {
                return Ok(Err(fault));
            }
        }
        self.name_all(&keys)
    }

    /// Gives those of these that came and have no name yet their names, all at once.
    fn name_all(&self, keys: &[Key]) -> Result<Result<(), Fault>, EngineError> {
        let mut held = locked(&self.held);
        let ours: Vec<(Key, Held)> = keys.iter().filter_map(|key| Some((*key, held.remove(key)?))).collect();
        let arriving: Vec<&Arriving> = ours.iter().map(|(_, one)| &one.arriving).collect();
        let named = name_together(&self.elsewhere.collection.root(), &arriving);
        drop(held);
        if let Err(fault) = named {
            for (key, _) in &ours {
                let slot = self.slot(*key);
                *locked(&slot) = Some(Err(fault.clone()));
                self.note_fault(*key, &fault);
            }
            return Ok(Err(fault));
        }
        for (key, one) in &ours {
            locked(&self.tally).came = true;
            self.make_way_for(*key, one.arriving.to(), &one.content)?;
        }
        Ok(Ok(()))
    }

    fn is_refused(&self, key: Key) -> bool {
        let place = self.elsewhere.catalogues.get(key.0);
        let offer = self.heard.get(key.0).and_then(|heard| heard.offers.get(key.1));
        let (memory, now) = (self.elsewhere.refusals, self.context.now);
        place.zip(offer).is_some_and(|(place, offer)| refused(memory, place.name(), offer, now).is_some())
    }

    /// What came for a question of which the rest did not come stays where it lies, and is no file of the collection. The next
    /// run need not fetch it again.
    fn leave_aside(&self) {
        let mut tally = locked(&self.tally);
        for key in locked(&self.held).keys() {
            tally.tried.remove(key);
            tally.not_had.insert(*key);
        }
    }

    /// What the place lists of an album or a book is kept before anything of it comes: the run may end in the middle.
    fn remember(&self, one: &Open, pick: &Pick) -> Result<(), EngineError> {
        let Some(place) = self.elsewhere.catalogues.get(pick.place) else { return Ok(()) };
        let listed = ListedTracks { source: place.name().to_owned(), tracks: pick.tracks.clone() };
        Ok(self.context.library.keep_listed_tracks(&one.wanted.key, &listed)?)
    }

    fn slot(&self, key: Key) -> Arc<Mutex<Option<Done>>> {
        locked(&self.done).entry(key).or_default().clone()
    }

    /// `wanted` is how long what it is fetched for lasts.
    fn fetch_file(&self, key: Key, wanted: Option<Duration>, named: Named) -> Result<Done, EngineError> {
        let slot = self.slot(key);
        let mut slot = locked(&slot);
        let known = slot.clone();
        let done = match known {
            Some(done) => done,
            None => self.try_file(key, wanted, named)?,
        };
        *slot = Some(done.clone());
        drop(slot);
        match done {
            Ok(there) if named == Named::AtOnce => Ok(self.name_all(&[key])?.map(|()| there)),
            done => Ok(done),
        }
    }

    /// Fetches a file that was not tried before in this run.
    fn try_file(&self, key: Key, wanted: Option<Duration>, named: Named) -> Result<Done, EngineError> {
        let place = self.elsewhere.catalogues.get(key.0);
        let offer = self.heard.get(key.0).and_then(|heard| heard.offers.get(key.1));
        let (Some(place), Some(offer)) = (place, offer) else { return Ok(Ok(There::Before)) };
        let (memory, now) = (self.elsewhere.refusals, self.context.now);
        let brought = match refused(memory, place.name(), offer, now) {
            Some(fault) => Err(fault),
            None => self
                .bring(&**place, offer, wanted)
                .and_then(|brought| match named {
                    Named::AtOnce => Ok(brought),
                    Named::Together => uncut(brought, (place.name(), offer)),
                })
                .map_err(|fault| remember(memory, place.name(), offer, fault, now)),
        };
        let done = match brought {
            Ok(brought) => {
                let (at, content) = (brought.at.clone(), brought.provenance.content.clone());
                let cut_off = brought.cut_off.clone();
                let is_held = named == Named::Together && brought.arriving.is_some();
                match (self.keep(key, brought, named)?, cut_off) {
                    (Err(fault), _) => Err(fault),
                    // It stays, and is asked for again as all that came broken; now it is another place's turn.
                    (Ok(_), Some(how)) => Err(came_broken(place.name(), offer, &how, RESTS_S)),
                    (Ok(there), None) if is_held => Ok(there),
                    (Ok(there), None) => {
                        self.make_way_for(key, &at, &content)?;
                        Ok(there)
                    }
                }
            }
            Err(fault) => Err(fault),
        };
        match &done {
            Ok(_) => {
                locked(&self.tally).tried.insert(key);
            }
            Err(fault) => self.note_fault(key, fault),
        }
        Ok(done)
    }

    fn note_fault(&self, key: Key, fault: &Fault) {
        let place = self.elsewhere.catalogues.get(key.0).map(|place| place.name()).unwrap_or_default();
        let offer = self.heard.get(key.0).and_then(|heard| heard.offers.get(key.1));
        let file_name = offer.map(|offer| offer.file_name.clone()).unwrap_or_default();
        let from = if fault.source == DISK { place } else { fault.source.as_str() };
        let mut tally = locked(&self.tally);
        tally.failed.push((from.to_owned(), file_name, fault.reason.clone()));
        if let Some(place) = tally.places.get_mut(key.0) {
            place.fault.get_or_insert_with(|| fault.clone());
        }
        tally.tried.remove(&key);
        tally.not_had.insert(key);
    }

    /// What a file that has its name now is the newer sound of makes way. Only now: a run that ends before leaves both.
    fn make_way_for(&self, key: Key, at: &Path, content: &ContentId) -> Result<(), EngineError> {
        let place = self.elsewhere.catalogues.get(key.0);
        let offer = self.heard.get(key.0).and_then(|heard| heard.offers.get(key.1));
        let Some((place, offer)) = place.zip(offer) else { return Ok(()) };
        make_way(offer, self.came_before(place.name(), &offer.id), (at, content), self.context)
    }

    /// Keeps where a file came from, gives it its name where it gets that at once, and counts it. A fault tells that it cannot
    /// get its name.
    fn keep(&self, key: Key, brought: Brought, named: Named) -> Result<Done, EngineError> {
        let Brought { at, arriving, bytes, provenance, is_reworded, called, cut_off, .. } = brought;
        let library = self.context.library;
        let lay_there = bytes.is_none() && arriving.is_none();
        let there = match lay_there && self.was_looked_at(&provenance, &at)? {
            true => There::Before,
            false => There::Now,
        };
        let content = provenance.content.clone();
        match is_reworded {
            true => library.keep_new_words(&provenance)?,
            false => library.keep_provenance(&[provenance])?,
        }
        let is_held = match (arriving, named) {
            (Some(arriving), Named::Together) => {
                locked(&self.held).insert(key, Held { arriving, content });
                true
            }
            (Some(arriving), Named::AtOnce) => match arriving.settle() {
                Ok(()) => false,
                Err(fault) => return Ok(Err(fault)),
            },
            (None, _) => false,
        };
        let mut tally = locked(&self.tally);
        tally.came |= there == There::Now && !is_held;
        tally.something_else.extend(called.map(|called| (key, called)));
        tally.cut_off.extend(cut_off.map(|how| (at, how)));
        if let (Some(bytes), Some(place)) = (bytes, tally.places.get_mut(key.0)) {
            place.fetched += 1;
            place.bytes += bytes;
        }
        Ok(Ok(there))
    }

    /// Whether the library knew a file, and what it came as, when it was matched.
    fn was_looked_at(&self, origin: &Provenance, at: &Path) -> Result<bool, EngineError> {
        let known = self.came_before(&origin.source, &origin.remote_id);
        if !known.iter().any(|then| then.content == origin.content) {
            return Ok(false);
        }
        Ok(self.context.library.stamp(at)?.is_some())
    }

    fn came_before(&self, place: &str, id: &str) -> &[Provenance] {
        self.came_before.get(&(place.to_owned(), id.to_owned())).map(Vec::as_slice).unwrap_or_default()
    }

    /// The file in the collection: as it lies there from before, or fetched (then with its size).
    fn bring(
        &self,
        place: &dyn Catalogue,
        offer: &RemoteOffer,
        wanted: Option<Duration>,
    ) -> Result<Brought, Fault> {
        let to = self.path_of(place, offer);
        let broken = self.known_broken(place, offer, &to)?;
        if to.exists() && broken.is_none() {
            return self.found_there(place.name(), offer, &to, wanted);
        }
        let came = |bytes: u64| self.context.advanced(Phase::Fetch, 0, bytes);
        let arriving = Arriving::at(&to);
        if broken.is_none()
            && let Some(brought) = self.left_aside(place.name(), offer, &arriving)
        {
            return Ok(brought);
        }
        let fetched = place.fetch(offer, arriving.path(), &came, self.context.cancel);
        let fetched = fetched.inspect_err(|_| arriving.clear())?;
        let brought = self.judge((place.name(), offer), (&arriving, fetched), wanted, broken.as_ref());
        // It is a copy, and of no use to anybody. What only could not be read now is none of that.
        if brought.as_ref().is_err_and(|fault| fault.kind == FaultKind::Permanent) {
            arriving.throw_away();
        }
        brought
    }

    /// What an earlier run fetched and gave no name: for a question of which the rest did not come, or for it was killed just
    /// then. It is taken where it is what the place has now.
    fn left_aside(&self, place: &str, offer: &RemoteOffer, arriving: &Arriving) -> Option<Brought> {
        let there = arriving.path().metadata().ok().filter(fs::Metadata::is_file)?.len();
        if offer.size.is_some_and(|size| size != there) {
            return None;
        }
        let unknown = Fetched { bytes: 0, sha256: String::new(), url: None };
        let brought =
            came_as((place, offer), (arriving.path(), arriving.to()), unknown, self.context.now).ok()?;
        let content = &brought.provenance.content;
        let is_it = |then: &Provenance| then.content == *content && is_as_it_was(offer, then);
        // Whoever keeps where it came from has judged it, but for how it ends: what is cut off is kept as well.
        let is_known = self.came_before(place, &offer.id).iter().any(is_it);
        is_known.then(|| {
            let cut_off = how_cut_off(arriving.path());
            Brought { bytes: None, arriving: Some(arriving.clone()), cut_off, ..brought }
        })
    }

    /// What lies in the collection under its name, perhaps of a run that ended before it could say so.
    fn found_there(
        &self,
        place: &str,
        offer: &RemoteOffer,
        to: &Path,
        wanted: Option<Duration>,
    ) -> Result<Brought, Fault> {
        let unknown = Fetched { bytes: 0, sha256: String::new(), url: None };
        let brought = came_as((place, offer), (to, to), unknown, self.context.now);
        if brought.as_ref().is_err_and(|fault| fault.kind == FaultKind::Permanent) {
            drop(fs::remove_file(to));
        }
        let brought = brought?;
        let mut came = self.came_before(place, &offer.id).iter();
        let known = came.find(|then| then.content == brought.provenance.content);
        // Nobody looked at it yet. It stays, and is nobody's: the user is asked before it is taken for anything.
        if let Some(reason) = too_short(offer, (to, brought.length), wanted).filter(|_| known.is_none()) {
            return Err(no_use(place, reason));
        }
        // What is kept of it stands, under whatever name it came.
        let under_another = known.filter(|then| then.remote_id != offer.id).cloned();
        let provenance = under_another.unwrap_or_else(|| brought.provenance.clone());
        Ok(Brought { bytes: None, provenance, ..brought })
    }

    /// Whether what just came is of use.
    fn judge(
        &self,
        (place, offer): (&str, &RemoteOffer),
        (arriving, fetched): (&Arriving, Fetched),
        wanted: Option<Duration>,
        broken: Option<&Broken>,
    ) -> Result<Brought, Fault> {
        let lies = arriving.path();
        let brought = came_as((place, offer), (lies, arriving.to()), fetched, self.context.now)?;
        if let Some(reason) = too_short(offer, (lies, brought.length), wanted) {
            return Err(no_use(place, reason));
        }
        if let Some(broken) = broken.filter(|broken| broken.content == brought.provenance.content) {
            let reason = format!("{} came again as it was: {}", offer.file_name, broken.how);
            return Err(no_use(place, reason));
        }
        let cut_off = how_cut_off(lies);
        let brought = Brought { cut_off, arriving: Some(arriving.clone()), ..brought };
        self.as_before(offer, brought).map_err(|reason| no_use(place, reason))
    }

    /// What came, unless it is what came under its name before and the place only says something else of it now; then that
    /// one copy stays. A feed that gives a new episode by name and the old one's sound has not got to changing it yet.
    fn as_before(&self, offer: &RemoteOffer, brought: Brought) -> Result<Brought, String> {
        let origin = &brought.provenance;
        let mut known = self.came_before(&origin.source, &origin.remote_id).iter();
        let Some(then) = known.find(|then| then.content == origin.content && !is_as_it_was(offer, then))
        else {
            return Ok(brought);
        };
        // It lies where it lay, or under the name that the user gave it.
        let there = self.context.library.files_by_content(&then.content).unwrap_or_default();
        if !there.iter().any(|file| file.path != brought.at && file.path.exists()) {
            return Ok(Brought { is_reworded: true, ..brought });
        }
        if then.is_of_feed() && !has_its_title(offer, then) {
            let before = then.said.title.as_deref().unwrap_or(&offer.file_name);
            return Err(format!("{} is still what came before as “{before}”", offer.file_name));
        }
        brought.arriving.iter().for_each(Arriving::throw_away);
        Ok(Brought { is_reworded: true, arriving: None, cut_off: None, ..brought })
    }

    /// Where the file lies or is to lie: instead of one that is broken, but beside one that is another. An episode lies where
    /// it lay, whatever its file or day is called now.
    fn path_of(&self, place: &dyn Catalogue, offer: &RemoteOffer) -> PathBuf {
        let usual = path_in_collection(&self.elsewhere.collection.root(), place.name(), offer);
        let came = self.came_before(place.name(), &offer.id);
        let same = as_they_were(offer, came);
        let of_feed = same.iter().filter(|then| then.is_of_feed() && !then.file_name.is_empty());
        let there = of_feed.map(|then| usual.with_file_name(&then.file_name)).find(|path| path.exists());
        let usual = match there {
            Some(there) => there,
            None if is_of_another(&usual, came, &same) => place_of_another(&usual, offer),
            None => usual,
        };
        match broken::how(&usual, self.context) {
            Ok(Some(_)) => usual,
            _ => path_as_it_is_now(usual, offer),
        }
    }

    /// What lies in the collection and turned out to be broken: its host may have mended it since. It is asked for again
    /// a day after it came; what then comes as it was is left alone for longer, as all that is no use.
    fn known_broken(
        &self,
        place: &dyn Catalogue,
        offer: &RemoteOffer,
        at: &Path,
    ) -> Result<Option<Broken>, Fault> {
        let Ok(Some(how)) = broken::how(at, self.context) else { return Ok(None) };
        let came = at.metadata().and_then(|found| found.modified()).ok();
        let came = came.and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default().as_secs();
        let again = came.saturating_add(RESTS_S);
        let now = u64::try_from(self.context.now).unwrap_or(0);
        if now < again {
            return Err(came_broken(place.name(), offer, &how, again - now));
        }
        Ok(probe(at).ok().map(|probed| Broken { content: probed.content, how }))
    }
}

/// What came before, by the place and its name for it.
pub(super) fn came_before(context: &Context) -> Result<CameBefore, EngineError> {
    let mut came_before = CameBefore::new();
    for origin in context.library.provenance()? {
        let name = (origin.source.clone(), origin.remote_id.clone());
        came_before.entry(name).or_default().push(origin);
    }
    Ok(came_before)
}
