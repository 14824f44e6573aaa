//! One file, fetched once however many things it is wanted for: kept with where it is from, named at once or with the others
//! of its question, and counted.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ferrotape_domain::{ContentId, DISK, Fault, Provenance};

use super::{Done, Fetcher, Held, Key, Named, RESTS_S, There};
use crate::gather::arriving::Arriving;
use crate::gather::brought::{Brought, came_broken, uncut};
use crate::gather::contradicted::contradicts;
use crate::gather::named_together::name_together;
use crate::gather::newest::make_way;
use crate::gather::refusals::{refused, remember};
use crate::{EngineError, locked};

impl Fetcher<'_> {
    fn slot(&self, key: Key) -> Arc<Mutex<Option<Done>>> {
        locked(&self.done).entry(key).or_default().clone()
    }

    /// Fetches a file, unless that was tried before in this run; `wanted` is how long what it is fetched for lasts.
    pub(super) fn fetch_file(
        &self,
        key: Key,
        wanted: Option<Duration>,
        named: Named,
    ) -> Result<Done, EngineError> {
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
        let Some((place, offer)) = self.offered(key) else { return Ok(Ok(There::Before)) };
        let (memory, now) = (self.elsewhere.refusals, self.context.now);
        let known = refused(memory, place.name(), offer, now);
        let is_asked = known.is_none();
        let brought = match known {
            Some(fault) => Err(fault),
            None => self.bring(place, offer, wanted).and_then(|brought| match named {
                Named::AtOnce => Ok(brought),
                Named::Together => uncut(brought, (place.name(), offer)),
            }),
        };
        let before = self.came_before(place.name(), &offer.id);
        // First of all: a run that is killed once the file is known to be no use would leave a list that nothing has doubted.
        if is_asked && contradicts(place, offer, &brought, before) {
            self.context.library.doubt_listing(place.name())?;
            locked(&self.tally).places.get_mut(key.0).into_iter().for_each(|place| place.is_doubted = true);
        }
        let brought = match is_asked {
            true => brought.map_err(|fault| remember(memory, place.name(), offer, fault, now)),
            false => brought,
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

    /// Gives those of these that came and have no name yet their names, all at once.
    pub(super) fn name_all(&self, keys: &[Key]) -> Result<Result<(), Fault>, EngineError> {
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
            let mut tally = locked(&self.tally);
            tally.came = true;
            tally.count_file(key.0, one.bytes);
            drop(tally);
            self.make_way_for(*key, one.arriving.to(), &one.content)?;
        }
        Ok(Ok(()))
    }

    fn note_fault(&self, key: Key, fault: &Fault) {
        let offered = self.offered(key).map(|(place, offer)| (place.name(), offer.file_name.clone()));
        let (place, file_name) = offered.unwrap_or_default();
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
        let Some((place, offer)) = self.offered(key) else { return Ok(()) };
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
                locked(&self.held).insert(key, Held { arriving, content, bytes });
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
        if !is_held {
            tally.count_file(key.0, bytes);
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
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::path::PathBuf;

    use ferrotape_domain::{
        Asked, AudioSource, Cancel, Catalogue, Fetched, Listing, ListsAll, RemoteOffer, Rights, Silent,
        WantedKind,
    };
    use ferrotape_store::{DOUBTED, Library};

    use super::*;
    use crate::Context;
    use crate::gather::asking::Heard;
    use crate::gather::brought::no_use;
    use crate::gather::{Elsewhere, Gathered, Refusal, Refusals};

    /// It lists a file that is not there.
    struct Shelf;

    impl ListsAll for Shelf {
        fn mark(&self, _cancel: &Cancel) -> Result<Option<String>, Fault> {
            Ok(None)
        }

        fn list(
            &self,
            _cancel: &Cancel,
            _page: &mut dyn FnMut(Vec<RemoteOffer>) -> Result<(), Fault>,
        ) -> Result<(), Fault> {
            Ok(())
        }
    }

    impl Catalogue for Shelf {
        fn name(&self) -> &str {
            "shelf"
        }

        fn may_hold(&self, _kind: WantedKind) -> bool {
            true
        }

        fn asked(&self) -> Asked<'_> {
            Asked::Whole(self)
        }

        fn fetch(
            &self,
            offer: &RemoteOffer,
            _to: &Path,
            _came: &(dyn Fn(u64) + Sync),
            _cancel: &Cancel,
        ) -> Result<Fetched, Fault> {
            Err(no_use("shelf", format!("{} is not there", offer.file_name)))
        }
    }

    struct Collection(PathBuf);

    impl AudioSource for Collection {
        fn name(&self) -> String {
            "collection".to_owned()
        }

        fn root(&self) -> PathBuf {
            self.0.clone()
        }

        fn list(&self, _cancel: &Cancel, _found: &(dyn Fn(Listing) + Sync)) -> Result<(), Fault> {
            Ok(())
        }
    }

    /// Whether the list was doubted each time that a file was remembered to be no use.
    struct Memory<'a>(&'a Library, Mutex<Vec<bool>>);

    impl Refusals for Memory<'_> {
        fn refused(&self, _place: &str, _key: &str) -> Option<Refusal> {
            None
        }

        fn refuse(&self, place: &str, _key: &str, _refusal: &Refusal) {
            let listing = self.0.listing(place).unwrap();
            locked(&self.1).push(listing.is_some_and(|(mark, _)| mark == DOUBTED));
        }
    }

    #[test]
    fn a_list_is_doubted_before_it_is_remembered_that_a_file_of_it_is_no_use() {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(&folder.path().join("library")).unwrap();
        let offer = RemoteOffer::bare("low-water/ebb", "Ebb.flac", Rights::Own);
        library.keep_listing("shelf", "mark", 1, std::slice::from_ref(&offer)).unwrap();
        let memory = Memory(&library, Mutex::default());
        let catalogues: [Arc<dyn Catalogue>; 1] = [Arc::new(Shelf)];
        let collection: Arc<dyn AudioSource> = Arc::new(Collection(folder.path().join("collection")));
        let elsewhere = Elsewhere {
            catalogues: &catalogues,
            collection: &collection,
            fetch: true,
            keep: true,
            offline: false,
            refusals: &memory,
            shut: &[],
        };
        let (progress, cancel) = (Silent, Cancel::default());
        let context = Context {
            library: &library,
            progress: &progress,
            cancel: &cancel,
            now: 2,
            listen: false,
            links: None,
        };
        let mut heard = [Heard::default()];
        heard[0].offers.push(offer);
        let mut gathered = Gathered::default();
        let fetcher = Fetcher {
            elsewhere: &elsewhere,
            heard: &heard,
            context: &context,
            came_before: HashMap::new(),
            done: Mutex::default(),
            held: Mutex::default(),
            tally: Mutex::new(&mut gathered),
        };
        assert!(fetcher.try_file((0, 0), None, Named::AtOnce).unwrap().is_err());
        assert_eq!(*locked(&memory.1), [true]);
    }
}
