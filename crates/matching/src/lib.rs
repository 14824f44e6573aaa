//! Which offer is the wanted recording, and why. Pure: no I/O at all.

mod album;
mod decide;
mod index;
mod policy;
mod release;

pub use album::choose_all;
pub use decide::{Refused, choose};
pub use index::Index;
pub use policy::Policy;
pub use release::{ReleaseChoice, choose_release};
