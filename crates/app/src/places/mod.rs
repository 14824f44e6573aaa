//! Places elsewhere: which the user allows to be asked, and the network by which they are.

mod as_written;
mod kind;
mod names;
mod network;
mod of_spotify;
mod registers;
mod remembered;
mod servers;
mod settings;
mod status;
mod stores;
mod unusable;
mod written;

pub use kind::PlaceKind;
pub use network::{AskedPlaces, Network};
pub use of_spotify::{RememberedAccount, RememberedLinks};
pub use servers::{check_settings, quick_connect, sign_in};
pub use settings::{
    PlaceSecrets, PlaceSettings, Places, SettingsError, is_country, is_name as is_place_name,
};
pub use status::{KnownService, ServiceStatus};
pub use stores::{stores, stores_to_edit};
