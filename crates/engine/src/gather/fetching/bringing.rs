//! How a file is had: as it lies in the collection, as an earlier run left it aside, or fetched and judged; and where it is to
//! lie.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use ferrotape_audio::probe;
use ferrotape_domain::{Catalogue, ContentId, Fault, FaultKind, Fetched, Phase, Provenance, RemoteOffer};

use super::{Fetcher, RESTS_S};
use crate::broken;
use crate::gather::arriving::Arriving;
use crate::gather::as_said::{as_they_were, has_its_title, is_as_it_was, place_of_another, too_short};
use crate::gather::brought::{Brought, came_as, came_broken, how_cut_off, is_of_another, no_use};
use crate::gather::place::{path_as_it_is_now, path_in_collection};

/// A file that came and turned out to be broken.
struct Broken {
    content: ContentId,
    how: String,
}

impl Fetcher<'_> {
    /// The file in the collection: as it lies there from before, or fetched (then with its size).
    pub(super) fn bring(
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
            Brought { bytes: Some(there), arriving: Some(arriving.clone()), cut_off, ..brought }
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
