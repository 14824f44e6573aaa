//! Which offer is the wanted recording, and why. Pure: no I/O at all.

mod album;
mod collection;
mod decide;
mod describe;
mod evidence;
mod fit;
mod index;
mod kinds;
mod names;
mod normalise;
mod paths;
mod policy;
mod release;
mod score;
mod title;
mod version_words;
mod versions;

pub use album::choose_all;
pub use decide::{Refused, choose};
pub use index::Index;
pub use policy::Policy;
pub use release::{ReleaseChoice, choose_release};
