//! The places audio and wishes come from, one folder each, behind the ports of `domain`.
//!
//! The engine never names a service; `app` holds the one list that does. Today these are folders of the user's own
//! computer, servers of the user's own that speak Subsonic or Jellyfin, the user's own Spotify account, and what a
//! link alone can tell.

pub mod acoustid;
mod answers;
pub mod cd;
mod clock;
pub mod commons;
pub mod cover_art_archive;
pub mod deezer;
mod endings;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
pub mod internet_archive;
pub mod itunes;
pub mod jamendo;
pub mod jellyfin;
pub mod librivox;
pub mod local_folder;
mod loopback;
mod loose;
pub mod lrclib;
pub mod musicbrainz;
pub mod net;
pub mod openverse;
pub mod podcasts;
pub mod program;
mod secret;
pub mod spotify_account;
pub mod spotify_links;
pub mod subsonic;
mod waiting;

pub use secret::Secret;
