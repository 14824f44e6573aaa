//! Fetching what was picked: each file once, from the first place that gives it, into the collection, with its
//! provenance.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use ferrotape_audio::probe;
use ferrotape_domain::{
    Catalogue, ContentId, Fault, FaultKind, Fetched, Phase, Provenance, RemoteOffer, TagSet,
};

use super::asking::Heard;
use super::choosing::Pick;
use super::place::{path_as_it_is_now, path_in_collection};
use super::refusals::{refused, remember};
use super::something_else::called;
use super::{Elsewhere, Gathered, Open};
use crate::{Context, EngineError, broken, locked};

/// Files fetched at the same time, all places together; each place has a limit of its own as well.
const AT_ONCE: usize = 4;
/// How far a feed's length may be from a file's, for the times of its chapters to hold: feeds round.
const SAME_COPY: Duration = Duration::from_secs(3);
/// What is kept of a feed's word of one episode: chapters, and bytes of each text.
const MOST_CHAPTERS: usize = 200;
const LONGEST_TEXT: usize = 2_000;

/// So long what came broken rests before it is fetched again, in seconds.
const RESTS_S: u64 = 24 * 3_600;

/// A file that came and turned out to be broken.
struct Broken {
    content: ContentId,
    how: String,
}

/// A file that is in the collection.
struct Brought {
    /// Its size, where it came just now.
    bytes: Option<u64>,
    provenance: Provenance,
    /// What it calls itself, where that is something else than its place calls it.
    called: Option<String>,
}

/// A file of a place.
type Key = (usize, usize);

/// What became of it.
type Done = Result<(), Fault>;

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
    let fetcher = Fetcher { elsewhere, heard, context, done: Mutex::default(), tally: Mutex::new(gathered) };
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
    /// Files that were tried already; albums and recordings may name the same. A file that is being fetched by another
    /// thread is waited for by its lock.
    done: Mutex<HashMap<Key, std::sync::Arc<Mutex<Option<Done>>>>>,
    tally: Mutex<&'a mut Gathered>,
}

impl Fetcher<'_> {
    /// Tries one place after the other until one gives all its files. What fails for a passing reason is waited for.
    fn fetch_one(&self, one: &Open, picks: &[Pick]) -> Result<(), EngineError> {
        let mut faults: Vec<Fault> = Vec::new();
        for pick in picks {
            let mut whole = true;
            for at in &pick.offers {
                match self.fetch_file((pick.place, *at))? {
                    Ok(()) => {}
                    Err(_) if self.context.cancel.is_stopped() => return Ok(()),
                    Err(fault) => {
                        whole = false;
                        faults.push(fault);
                    }
                }
            }
            // What only comes near is one look at a time.
            if whole {
                return Ok(());
            }
        }
        locked(&self.tally).did_not_come(one.wanted.id, faults);
        Ok(())
    }

    fn fetch_file(&self, key: Key) -> Result<Done, EngineError> {
        let slot = locked(&self.done).entry(key).or_default().clone();
        let mut slot = locked(&slot);
        if let Some(done) = &*slot {
            return Ok(done.clone());
        }
        let place = self.elsewhere.catalogues.get(key.0);
        let offer = self.heard.get(key.0).and_then(|heard| heard.offers.get(key.1));
        let (Some(place), Some(offer)) = (place, offer) else { return Ok(Ok(())) };
        let (memory, now) = (self.elsewhere.refusals, self.context.now);
        let brought = match refused(memory, place.name(), offer, now) {
            Some(fault) => Err(fault),
            None => {
                self.bring(&**place, offer).map_err(|fault| remember(memory, place.name(), offer, fault, now))
            }
        };
        let done = match brought {
            Ok(Brought { bytes, provenance, called }) => {
                self.context.library.keep_provenance(&[provenance])?;
                let mut tally = locked(&self.tally);
                tally.came = true;
                tally.something_else.extend(called.map(|called| (key, called)));
                if let (Some(bytes), Some(place)) = (bytes, tally.places.get_mut(key.0)) {
                    place.fetched += 1;
                    place.bytes += bytes;
                }
                Ok(())
            }
            Err(fault) => {
                let mut tally = locked(&self.tally);
                let what = (fault.source.clone(), offer.file_name.clone(), fault.reason.clone());
                tally.failed.push(what);
                if let Some(place) = tally.places.get_mut(key.0) {
                    place.fault.get_or_insert_with(|| fault.clone());
                }
                Err(fault)
            }
        };
        *slot = Some(done.clone());
        Ok(done)
    }

    /// The file in the collection: as it lies there from before, or fetched (then with its size).
    fn bring(&self, place: &dyn Catalogue, offer: &RemoteOffer) -> Result<Brought, Fault> {
        let to = self.path_of(place, offer);
        let broken = self.known_broken(place, offer, &to)?;
        if to.exists() && broken.is_none() {
            // An earlier run fetched it, and may have ended before it could say so.
            let unknown = Fetched { bytes: 0, sha256: String::new(), url: None };
            return Ok(Brought { bytes: None, ..self.brought(place, offer, &to, unknown)? });
        }
        let came = |bytes: u64| self.context.advanced(Phase::Fetch, 0, bytes);
        let fetched = place.fetch(offer, &to, &came, self.context.cancel)?;
        let brought = self.brought(place, offer, &to, fetched)?;
        match broken {
            Some(broken) if broken.content == brought.provenance.content => {
                let reason = format!("{} came again as it was: {}", offer.file_name, broken.how);
                Err(Fault { source: place.name().to_owned(), kind: FaultKind::Permanent, reason })
            }
            _ => Ok(brought),
        }
    }

    /// Where the file lies or is to lie: instead of one that is broken, but beside one that is another.
    fn path_of(&self, place: &dyn Catalogue, offer: &RemoteOffer) -> PathBuf {
        let usual = path_in_collection(&self.elsewhere.collection.root(), place.name(), offer);
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
            let kind = FaultKind::Temporary { retry_after_seconds: Some(again - now) };
            let reason = format!("{} came broken: {how}", offer.file_name);
            return Err(Fault { source: place.name().to_owned(), kind, reason });
        }
        Ok(probe(at).ok().map(|probed| Broken { content: probed.content, how }))
    }

    fn brought(
        &self,
        place: &dyn Catalogue,
        offer: &RemoteOffer,
        at: &Path,
        fetched: Fetched,
    ) -> Result<Brought, Fault> {
        let probed = match probe(at) {
            Ok(probed) => probed,
            Err(unreadable) => {
                // It is a copy, and of no use to anybody.
                drop(fs::remove_file(at));
                let reason =
                    format!("what came as {} is no audio that can be read: {unreadable}", offer.file_name);
                return Err(Fault { source: place.name().to_owned(), kind: FaultKind::Permanent, reason });
            }
        };
        let provenance = Provenance {
            content: probed.content,
            source: place.name().to_owned(),
            remote_id: offer.id.clone(),
            url: fetched.url,
            page: offer.page.clone(),
            rights: offer.rights.clone(),
            note: String::new(),
            at: self.context.now,
            sha256: fetched.sha256,
            said: fitting(offer, probed.facts.duration),
        };
        let called = called(provenance.is_of_feed(), offer, &probed.tags);
        Ok(Brought { bytes: Some(fetched.bytes), provenance, called })
    }
}

/// What a place says of a file, as far as it fits the file that came: another copy's advertisements are not in the times of
/// its chapters.
fn fitting(offer: &RemoteOffer, came: Option<Duration>) -> TagSet {
    let mut said = offer.tags.clone();
    let Some(more) = said.more.as_mut() else { return said };
    let ends = more.chapters.iter().map(|chapter| chapter.start_ms).max().map(Duration::from_millis);
    let fits = match (offer.duration, came) {
        (Some(told), Some(came)) => told.abs_diff(came) <= SAME_COPY,
        (None, Some(came)) => ends.is_none_or(|ends| ends < came),
        (_, None) => false,
    };
    if !fits {
        more.chapters = Vec::new();
    }
    // It is kept for every episode there ever was.
    more.chapters.truncate(MOST_CHAPTERS);
    for value in more.texts.values_mut().flatten() {
        value.truncate(value.floor_char_boundary(LONGEST_TEXT));
    }
    said
}
