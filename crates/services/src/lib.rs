//! The places audio and wishes come from, one folder each, behind the ports of `domain`.
//!
//! The engine never names a service; `app` holds the one list that does. Today these are folders of the user's own
//! computer, the user's own Spotify account, and what a
//! link alone can tell.

pub mod cd;
mod clock;
pub mod local_folder;
mod loopback;
pub mod net;
pub mod spotify_account;
pub mod spotify_links;
