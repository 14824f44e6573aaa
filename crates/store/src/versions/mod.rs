//! The states of one list over time, as plain values: what differs between two, why an entry left, how a state is
//! kept as its difference from an earlier one, and how a list that the user restored goes on following its source.
//!
//! Nothing here asks the database. Entries are compared by the wanted thing they stand for, which two rows of the
//! library may describe: `same` gives the first of such rows.

mod delta;
mod diff;
mod follow;

pub(crate) use delta::Delta;
pub(crate) use diff::{Facts, compare, is_same};
pub(crate) use follow::{follow, with_added};
