//! Places elsewhere: which the user allows to be asked, and the network by which they are.

mod network;
mod registers;
mod settings;
mod stores;
mod unusable;

pub use network::{AskedPlaces, Network, ServiceStatus, check_settings, quick_connect, sign_in};
pub use settings::{PlaceKind, PlaceSecrets, PlaceSettings, Places, SettingsError, is_name as is_place_name};
pub use stores::{stores, stores_to_edit};
