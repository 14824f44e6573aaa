//! Addresses of this computer: only there may a stand-in be spoken to in the clear.

use ureq::http::Uri;

/// By address, not by name: a name can be made to point anywhere.
pub(crate) fn is_loopback(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    uri.scheme_str() == Some("http") && host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
