//! One file per verb.

pub(crate) mod cache;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod doctor;
pub(crate) mod drill;
pub(crate) mod eject;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod image;
pub(crate) mod import;
pub(crate) mod inbox;
pub(crate) mod install_timer;
pub(crate) mod library;
pub(crate) mod man;
pub(crate) mod matching;
pub(crate) mod player;
pub(crate) mod policy;
pub(crate) mod refresh;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod rip;
pub(crate) mod scan;
pub(crate) mod serve;
pub(crate) mod source;
pub(crate) mod spotify;
pub(crate) mod status;
