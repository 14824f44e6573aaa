//! The library, through its public API.

mod decisions;
mod files;
mod imports;
mod lock;
mod plays;
mod safety;
mod wanted;
mod wishlists;
