//! How much one visitor may ask for. A browser needs far less; whoever needs more is none.

use std::time::Duration;

/// Connections open at once; more wait in the system's queue.
pub(crate) const CONNECTIONS: u32 = 32;

/// Reports put together at once: each may hold a whole large library in memory.
pub(crate) const REPORTS: usize = 2;

/// Bytes of request line and headers.
pub(crate) const HEAD_BYTES: usize = 16 * 1024;

/// Number of headers.
pub(crate) const HEADERS: usize = 64;

/// Time to send request line and headers.
pub(crate) const HEAD_TIME: Duration = Duration::from_secs(10);

/// Time for a whole connection, a large page over a slow network included.
pub(crate) const CONNECTION_TIME: Duration = Duration::from_secs(120);

/// How often the wish to stop is looked at.
pub(crate) const TICK: Duration = Duration::from_millis(100);

/// Time for open connections to end when the server stops.
pub(crate) const GRACE: Duration = Duration::from_secs(2);
