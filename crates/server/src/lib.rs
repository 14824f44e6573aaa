//! HTTP to the engine: the report of the last run in a browser.
//!
//! [`Server::bind`] takes an open library and an address, [`Server::run`] answers until it is asked to stop. It only
//! shows: no route changes anything. This is the one async crate; the library's blocking work runs on threads of its
//! own, and callers see two ordinary blocking calls. Whoever can reach the address may read the report, so the caller
//! should bind to loopback unless the user says otherwise. Routes and fields: docs/server.md.

mod error;
mod guard;
mod limits;
mod routes;
mod serve;
mod wire;

pub use error::ServerError;
pub use serve::Server;
