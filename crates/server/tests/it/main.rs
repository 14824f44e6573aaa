//! The server as a browser meets it: over real sockets on loopback.

mod answers;
mod refusals;
mod room;
