//! The places audio comes from, one folder each, behind the ports of `domain`.
//!
//! The engine never names a service; `app` holds the one list that does. Today there is one place: folders of the
//! user's own computer.

pub mod local_folder;
