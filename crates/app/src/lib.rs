//! Settings in, a ready engine out; the one list that names every plug-in.
//!
//! `cli` and `server` come here for the library and the sources, so that neither names a database or a service.

mod account;
mod discs;
mod links;
mod places;
mod sources;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ferrotape_domain::Cancel;
use ferrotape_store::{Library, LibraryLock, StoreError};

pub use account::{AccountAddresses, ConnectedAccount, PullState, Standing, account, last_pull};
pub use discs::{disc_reader, disc_register, image_reader};
pub use ferrotape_services::net::{WANT_CONTACT, Ways};
pub use ferrotape_services::podcasts::is_feed_address;
pub use links::{LinksOnline, links_online};
pub use places::{
    AskedPlaces, KnownService, Network, PlaceKind, PlaceSecrets, PlaceSettings, Places, RememberedAccount,
    RememberedLinks, ServiceStatus, SettingsError, check_settings, is_country, is_place_name, quick_connect,
    sign_in, stores, stores_to_edit,
};
pub use sources::{NotASource, sources};

/// A library that is open, and held against other ferrotapes when it is to be changed.
pub struct OpenLibrary {
    /// The library; places look into it when they are asked.
    pub library: Arc<Library>,
    /// Where it is.
    pub folder: PathBuf,
    _lock: Option<LibraryLock>,
}

impl OpenLibrary {
    /// Holds it from now on, as [`open_to_change`] does.
    pub fn hold(&mut self, on_wait: &dyn Fn(&str), cancel: &Cancel) -> Result<(), StoreError> {
        self._lock = Some(ferrotape_store::lock(&self.folder, on_wait, cancel)?);
        Ok(())
    }

    /// Lets others have it until it is held again.
    pub fn release(&mut self) {
        self._lock = None;
    }
}

/// Opens the library to change it. While another ferrotape holds it, `on_wait` is told once who that is, and the
/// call waits until it is free or `cancel` is set.
pub fn open_to_change(
    folder: &Path,
    on_wait: &dyn Fn(&str),
    cancel: &Cancel,
) -> Result<OpenLibrary, StoreError> {
    let lock = ferrotape_store::lock(folder, on_wait, cancel)?;
    Ok(OpenLibrary { library: Arc::new(library(folder)?), folder: folder.to_owned(), _lock: Some(lock) })
}

/// Opens the library to look only; works while another ferrotape changes it.
pub fn open_to_look(folder: &Path) -> Result<OpenLibrary, StoreError> {
    Ok(OpenLibrary { library: Arc::new(library(folder)?), folder: folder.to_owned(), _lock: None })
}

/// `lookup` holds no lock, and may still hear from a service that is being taken out.
fn library(folder: &Path) -> Result<Library, StoreError> {
    let at = folder.to_owned();
    // Settings that cannot be read right now say nothing of any service.
    let is_asked = move |service: &str| {
        Places::load(&at).map_or(true, |places| places.all.iter().any(|place| place.full_name() == service))
    };
    Ok(Library::open(folder)?.keeping_only(Box::new(is_asked)))
}
