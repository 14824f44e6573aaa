//! The places audio and wishes come from, one folder each, behind the ports of `domain`.
//!
//! The engine never names a service; `app` holds the one list that does. Today these are folders of the user's own
//! computer, servers of the user's own that speak Subsonic or Jellyfin, the user's own Spotify account, and what a
//! link alone can tell.

pub mod cd;
mod answers;
mod clock;
mod endings;
pub mod jellyfin;
pub mod commons;
pub mod internet_archive;
pub mod jamendo;
pub mod librivox;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
pub mod local_folder;
mod loopback;
mod loose;
pub mod net;
mod secret;
pub mod openverse;
pub mod program;
pub mod podcasts;
pub mod spotify_account;
pub mod spotify_links;
pub mod subsonic;

pub use secret::Secret;
