//! The server as a browser meets it: over real sockets on loopback.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod answers;
mod refusals;
mod room;
