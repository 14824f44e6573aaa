//! The network: one polite client for all places, and the one list that makes a place of its settings.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ferrotape_domain::{
    ArtistCredit, Asked, AudioSource, Cancel, Catalogue, Fault, FaultKind, Isrc, ServiceMemory, ShopAdvice,
    Wanted, WantedKind,
};
use ferrotape_engine::gather::Elsewhere;
use ferrotape_engine::lookup::Registers;
use ferrotape_engine::shopping::is_of_other_versions;
use ferrotape_services::commons::Commons;
use ferrotape_services::internet_archive::InternetArchive;
use ferrotape_services::itunes::ITunes;
use ferrotape_services::jamendo::Jamendo;
use ferrotape_services::librivox::LibriVox;
use ferrotape_services::local_folder::LocalFolder;
use ferrotape_services::musicbrainz::MusicBrainz;
use ferrotape_services::net::{Net, Ways};
use ferrotape_services::openverse::Openverse;
use ferrotape_services::podcasts::{AskKnown, PodcastIndexKey, Podcasts, Settings as PodcastSettings};
use ferrotape_services::program::Program;
use ferrotape_store::ServiceFile;

use super::kind::PlaceKind;
use super::registers;
use super::remembered::{Refused, Remembered, take_down};
use super::servers::{fault, jellyfin, lacks, subsonic};
use super::settings::{PlaceSecrets, PlaceSettings, Places, SettingsError};
use super::unusable::Unusable;
use crate::OpenLibrary;

/// The client, and what is remembered of services.
pub struct Network {
    pub(super) memory: Arc<ServiceFile>,
    pub(super) net: Net,
    /// Of a show that is wanted as a whole, so many episodes.
    newest: Option<u32>,
    /// Services that a drill shuts.
    down: BTreeSet<String>,
}

/// The places that may be asked, ready.
pub struct AskedPlaces {
    catalogues: Vec<Arc<dyn Catalogue>>,
    collection: Arc<dyn AudioSource>,
    refusals: Refused,
    /// Places whose files a drill refuses, by name, and what stands in the way.
    shut: Vec<(String, Fault)>,
    /// Places that cannot be used as they are set up, and why.
    pub unusable: Vec<Fault>,
}

impl AskedPlaces {
    /// As the engine takes them.
    pub fn elsewhere(&self, fetch: bool) -> Elsewhere<'_> {
        Elsewhere {
            catalogues: &self.catalogues,
            collection: &self.collection,
            fetch,
            keep: true,
            offline: false,
            refusals: &self.refusals,
            shut: &self.shut,
        }
    }

    /// As the engine takes them to look only: nothing is fetched and nothing kept.
    pub fn to_look(&self) -> Elsewhere<'_> {
        Elsewhere { keep: false, ..self.elsewhere(false) }
    }

    /// As the engine takes them to ask nobody: what they listed before only tells what waits.
    pub fn offline(&self) -> Elsewhere<'_> {
        Elsewhere { offline: true, ..self.to_look() }
    }

    /// The folder of what was fetched, bought and ripped, as a source; `None` while there is none.
    pub fn collection(&self) -> Option<Arc<dyn AudioSource>> {
        self.collection.root().is_dir().then(|| Arc::clone(&self.collection))
    }

    /// Whether there is nobody to ask.
    pub fn is_empty(&self) -> bool {
        self.catalogues.is_empty()
    }
}

impl Network {
    /// A client that remembers in the library's folder.
    pub fn new(folder: &Path, ways: &Ways) -> Result<Self, Fault> {
        let memory = Arc::new(memory_of(folder)?);
        let remembered: Arc<dyn ServiceMemory> = memory.clone();
        let down = ways.down.clone();
        // Settings that cannot be read are told of where they are needed.
        let contact = Places::load(folder).ok().and_then(|places| places.contact);
        let ways = Ways { contact, ..ways.clone() };
        Ok(Self { net: Net::new(remembered, &ways)?, memory, newest: None, down })
    }

    /// The client itself.
    pub(crate) fn client(&self) -> Net {
        self.net.clone()
    }

    /// The same, fetching so many episodes of each podcast.
    #[must_use]
    pub fn newest(mut self, newest: Option<u32>) -> Self {
        self.newest = newest;
        self
    }

    /// Every place of the settings, the user's own first. One that cannot be used stops no other.
    pub fn places(&self, opened: &OpenLibrary) -> Result<AskedPlaces, SettingsError> {
        let mut places = Places::load(&opened.folder)?;
        let order = |kind: PlaceKind| PlaceKind::ALL.iter().position(|known| *known == kind);
        places.all.retain(|place| place.kind.has_audio());
        places.all.sort_by_key(|place| order(place.kind));
        let (mut catalogues, mut unusable) = (Vec::new(), Vec::new());
        for place in &places.all {
            let secrets = places.secrets(&place.full_name());
            // A program of the user's speaks to no service that could be refused.
            let refused = self.shut(place).filter(|_| place.kind == PlaceKind::Program);
            let made = match refused {
                Some(fault) => Err(fault),
                None => self
                    .catalogue(place, &secrets, Some(opened))
                    .inspect_err(|fault| unusable.push(fault.clone()))
                    .map(|made| self.remembering(made, place)),
            };
            catalogues.push(made.unwrap_or_else(|fault| {
                let name = place.full_name();
                let fault = Fault { source: name.clone(), ..fault };
                Arc::new(Unusable { name, fault })
            }));
        }
        let collection = Arc::new(LocalFolder::new(absolute(places.collection())));
        let shut = |place: &PlaceSettings| Some((place.full_name(), self.shut(place)?));
        let shut = places.all.iter().filter_map(shut).collect();
        Ok(AskedPlaces { catalogues, collection, refusals: self.refusals(), shut, unusable })
    }

    /// No place at all, for where the settings cannot be read.
    pub fn no_places(&self, opened: &OpenLibrary) -> AskedPlaces {
        let collection = Places::collection_as_written(&opened.folder);
        let collection = collection.unwrap_or_else(|| opened.folder.join("collection"));
        let collection = Arc::new(LocalFolder::new(absolute(collection)));
        let (catalogues, shut, unusable) = (Vec::new(), Vec::new(), Vec::new());
        AskedPlaces { catalogues, collection, refusals: self.refusals(), shut, unusable }
    }

    fn refusals(&self) -> Refused {
        Refused(self.net.memory().clone())
    }

    /// Why a drill has a place give no files, where it does. Those of `LibriVox` lie at the Internet Archive.
    fn shut(&self, place: &PlaceSettings) -> Option<Fault> {
        let is_down = |name: &str| self.down.contains(name) || self.down.contains("all");
        let (name, archive) = (place.full_name(), PlaceKind::InternetArchive.word());
        let source = match place.kind {
            kind if is_down(&name) || is_down(kind.word()) => name,
            PlaceKind::Librivox if is_down(archive) => archive.to_owned(),
            _ => return None,
        };
        let kind = FaultKind::Temporary { retry_after_seconds: None };
        Some(Fault { source, kind, reason: "it is down, says the drill".to_owned() })
    }

    /// The services without audio that are set up and that a drill refuses, asked all the same: how each refused.
    pub fn refused_registers(&self, places: &Places, cancel: &Cancel) -> Vec<Fault> {
        let of = |place: &PlaceSettings| {
            let refused = self.shut(place).filter(|_| !place.kind.has_audio())?;
            let secrets = places.secrets(&place.full_name());
            let reason = match registers::check(place, &secrets, &self.net, cancel) {
                Err(fault) => fault.reason,
                // One that answered from what was kept of it was refused all the same.
                Ok(_) => refused.reason.clone(),
            };
            Some(Fault { reason, ..refused })
        };
        places.all.iter().filter_map(of).collect()
    }

    /// One place. Its library is only needed for podcasts, whose feeds are proved by what is known of them.
    fn catalogue(
        &self,
        place: &PlaceSettings,
        secrets: &PlaceSecrets,
        opened: Option<&OpenLibrary>,
    ) -> Result<Arc<dyn Catalogue>, Fault> {
        let net = self.net.clone();
        let name = place.name.as_deref().unwrap_or_default();
        Ok(match place.kind {
            PlaceKind::Subsonic => Arc::new(subsonic(place, secrets, net)?),
            PlaceKind::Jellyfin => Arc::new(jellyfin(place, secrets, net)?),
            PlaceKind::Program => {
                let (path, arguments) =
                    place.command.split_first().ok_or_else(|| lacks(place, "a program"))?;
                Arc::new(Program::new(name, PathBuf::from(path), arguments.to_vec())?)
            }
            PlaceKind::InternetArchive => Arc::new(InternetArchive::new(net)),
            PlaceKind::Librivox => Arc::new(LibriVox::new(net)),
            PlaceKind::Jamendo => {
                let key = secrets.key.as_deref().ok_or_else(|| lacks(place, "a client id (--key-file)"))?;
                Arc::new(Jamendo::new(net, key)?)
            }
            PlaceKind::WikimediaCommons => Arc::new(Commons::new(net)),
            PlaceKind::Openverse => Arc::new(Openverse::new(net)),
            PlaceKind::Podcasts => {
                let podcast_index = match (&secrets.key, &secrets.key_secret) {
                    (Some(key), Some(secret)) => Some(PodcastIndexKey::new(key.clone(), secret.clone())),
                    _ => None,
                };
                let usual = PodcastSettings::default();
                let newest =
                    self.newest.and_then(|newest| usize::try_from(newest).ok()).unwrap_or(usual.newest);
                let feeds = place.feeds.clone();
                let country = place.country.clone().unwrap_or(usual.country);
                let settings = PodcastSettings { newest, country, podcast_index, feeds };
                Arc::new(Podcasts::new(net, settings, known_podcasts(opened, place)))
            }
            PlaceKind::Musicbrainz
            | PlaceKind::Deezer
            | PlaceKind::Acoustid
            | PlaceKind::CoverArtArchive
            | PlaceKind::Lrclib => return Err(fault(place, "it has no audio".to_owned())),
        })
    }

    /// The services that know something of recordings, and those that cannot be used as they are set up.
    pub fn registers(&self, folder: &Path) -> Result<(Registers, Vec<Fault>), SettingsError> {
        Ok(registers::all(&Places::load(folder)?, &self.net))
    }

    /// The services that know where things are sold; of stores that differ by country those of the one named.
    pub fn advisers(&self, country: &str) -> Result<Vec<Box<dyn ShopAdvice>>, Fault> {
        let net = || self.net.clone();
        let itunes = ITunes::new(net(), country, is_of_other_versions)?;
        Ok(vec![Box::new(MusicBrainz::new(net())), Box::new(itunes)])
    }

    /// Whether a place is there and lets the user in: what it says, or why not. What it says is remembered.
    pub fn check(
        &self,
        place: &PlaceSettings,
        secrets: &PlaceSecrets,
        cancel: &Cancel,
    ) -> Result<String, Fault> {
        let said = self.ask_whether_it_is_there(place, secrets, cancel);
        if !cancel.is_stopped() {
            take_down(&self.net, &place.full_name(), place.kind == PlaceKind::Program, &said);
        }
        said
    }

    fn remembering(&self, made: Arc<dyn Catalogue>, place: &PlaceSettings) -> Arc<dyn Catalogue> {
        Arc::new(Remembered::new(made, self.net.clone(), place.kind == PlaceKind::Program))
    }

    fn ask_whether_it_is_there(
        &self,
        place: &PlaceSettings,
        secrets: &PlaceSecrets,
        cancel: &Cancel,
    ) -> Result<String, Fault> {
        match place.kind {
            kind if !kind.has_audio() => registers::check(place, secrets, &self.net, cancel),
            PlaceKind::Subsonic => subsonic(place, secrets, self.net.clone())?
                .check(cancel)
                .map(|()| "it lets you in".to_owned()),
            PlaceKind::Jellyfin => jellyfin(place, secrets, self.net.clone())?
                .check(cancel)
                .map(|()| "it lets you in".to_owned()),
            _ => match self.catalogue(place, secrets, None)?.asked() {
                Asked::Search(searches) if place.kind != PlaceKind::Podcasts => {
                    searches.search(&a_well_known_piece(place.kind), cancel).map(|_| "it answers".to_owned())
                }
                _ => Ok("it is set up; feeds are asked when a podcast is wanted".to_owned()),
            },
        }
    }

    /// Which services were answered from what was kept, because they could not be asked; with the time of the answer in
    /// seconds since 1970 UTC, and why.
    pub fn stale_used(&self) -> Vec<(String, i64, String)> {
        let stale = self.net.stale_used().into_iter();
        stale.map(|stale| (stale.line, stale.at / 1000, stale.because)).collect()
    }
}

/// What a library knows when a podcast is asked for: the run that imports podcasts is the one that fetches them.
fn known_podcasts(opened: Option<&OpenLibrary>, place: &PlaceSettings) -> AskKnown {
    let library = opened.map(|opened| Arc::clone(&opened.library));
    let place = place.clone();
    Box::new(move || {
        let Some(library) = &library else { return Ok(Vec::new()) };
        let known = library.every_wanted().map_err(|error| fault(&place, error.to_string()))?;
        Ok(known.into_iter().map(|known| known.wanted).collect())
    })
}

/// Something to ask for, to see whether a place answers at all.
pub(super) fn a_well_known_piece(kind: PlaceKind) -> Wanted {
    let (kind, title, by) = match kind {
        PlaceKind::Librivox => (WantedKind::Audiobook, "Emma", "Jane Austen"),
        _ => (WantedKind::Recording, "Clair de lune", "Claude Debussy"),
    };
    let mut wanted = Wanted::of_kind(kind);
    wanted.title = title.to_owned();
    wanted.artists = ArtistCredit::printed(by);
    // Of a recording of it, in the form of such a code.
    wanted.isrc = Isrc::parse("FRZ119901234").ok();
    wanted
}

/// What was remembered. It may be deleted, so a file that is damaged is put aside, and where none can be had the run goes
/// on without.
fn memory_of(folder: &Path) -> Result<ServiceFile, Fault> {
    let opened = ServiceFile::open(folder).or_else(|_| {
        ServiceFile::put_aside(folder);
        ServiceFile::open(folder).or_else(|_| ServiceFile::open_in_memory())
    });
    opened.map_err(|error| Fault {
        source: "what is known of services".to_owned(),
        kind: FaultKind::Permanent,
        reason: error.to_string(),
    })
}

/// Services that are asked without being added as a source, and what they are for.
pub(super) const NEVER_ADDED: [(&str, &str); 3] = [
    ("spotify", "links, and the connected account"),
    ("itunes", "what music costs, and where podcasts are"),
    ("accuraterip", "whether a CD was read right"),
];

/// What a line is for.
pub(super) fn serves(line: &str) -> &'static str {
    let service = line.split(['/', ':']).next().unwrap_or_default();
    let others = || NEVER_ADDED.iter().find(|(name, _)| *name == service).map_or("", |(_, says)| *says);
    PlaceKind::from_word(service).map_or_else(others, PlaceKind::says)
}

/// The path as the system sees it, also of a folder that is not there yet: what is fetched into it keeps its path when
/// it is there and leads through a link.
fn absolute(path: PathBuf) -> PathBuf {
    let whole = std::path::absolute(&path).unwrap_or(path);
    let there = whole.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    match there {
        Some((above, real)) if above == whole => real,
        Some((above, real)) => real.join(whole.strip_prefix(above).unwrap_or(Path::new(""))),
        None => whole,
    }
}
