//! Where the service is, and how fast it may be asked.

use std::time::Duration;

use ferrotape_domain::Fault;
use ureq::http::Uri;

use super::faults;
use crate::loopback::is_loopback;

/// The two servers. Both speak https, unless they are on this computer (a test's stand-in).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// Where users sign in and tokens are given.
    pub accounts: String,
    /// The Web API, with its version.
    pub api: String,
}

impl Default for Addresses {
    fn default() -> Self {
        Self { accounts: "https://accounts.spotify.com".into(), api: "https://api.spotify.com/v1".into() }
    }
}

impl Addresses {
    /// The same without closing slashes; refuses what would send tokens over the network in the clear.
    pub(super) fn checked(self) -> Result<Self, Fault> {
        Ok(Self { accounts: checked(&self.accounts)?, api: checked(&self.api)? })
    }

    pub(super) fn pace(&self) -> Pace {
        if is_loopback(&self.api) { Pace::stand_in() } else { Pace::default() }
    }
}

fn checked(address: &str) -> Result<String, Fault> {
    let uri: Option<Uri> = address.parse().ok();
    let scheme = uri.as_ref().and_then(Uri::scheme_str);
    let bare = !address.contains(['?', '#', '@']);
    if bare && (scheme == Some("https") || is_loopback(address)) {
        return Ok(address.trim_end_matches('/').to_owned());
    }
    Err(faults::permanent(format!("{address} is neither an https address nor one of this computer")))
}

/// How fast the service may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    /// From the end of one request to the beginning of the next.
    pub(super) gap: Duration,
    /// The first wait after trouble without a stated time; each further one is twice as long.
    pub(super) backoff: Duration,
}

impl Default for Pace {
    /// Some 120 requests in the 30 seconds over which Spotify counts; it does not say how many are allowed.
    fn default() -> Self {
        Self { gap: Duration::from_millis(250), backoff: Duration::from_secs(2) }
    }
}

impl Pace {
    /// A stand-in on this computer needs no patience.
    fn stand_in() -> Self {
        Self { gap: Duration::ZERO, backoff: Duration::from_millis(20) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_travel_encrypted_or_not_at_all() {
        for good in ["https://api.spotify.com/v1/", "http://127.0.0.1:4010", "http://[::1]:4010/"] {
            assert!(checked(good).is_ok_and(|address| !address.ends_with('/')), "{good}");
        }
        for bad in [
            "http://api.spotify.com/v1",
            "http://localhost:4010",
            "http://127.0.0.1.example.org",
            "http://127.0.0.1@example.org",
            "ftp://127.0.0.1",
            "https://user@example.org",
            "",
        ] {
            assert!(checked(bad).is_err(), "{bad}");
        }
    }
}
