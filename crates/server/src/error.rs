//! Why there is no server.

use std::io;
use std::net::SocketAddr;

/// Why the server did not start or could not go on.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address is taken, not ours, or not allowed.
    #[error(
        "could not listen on {address} ({source}) – name another with --port or --bind; --port 0 takes any free one"
    )]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused what a server needs besides its address.
    #[error("the server on {address} could not start ({source}) – close other programs and try again")]
    Start {
        /// The address it listened on.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}
