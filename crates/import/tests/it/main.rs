//! The tests of the import, through its public API.
