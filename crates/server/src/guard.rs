//! What every request and every answer must satisfy, whatever the route.
//!
//! The danger of a server on loopback is not the network but other pages in the same browser. They cannot read its
//! answers (no CORS headers are ever sent) unless they rebind a name of theirs to this machine; such a request still
//! carries their name in `Host`, so only names that nobody else can own are answered. The port is not compared: a
//! forwarded port is a usual thing, and not a name.

use std::net::IpAddr;

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::uri::Authority;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Sent with everything. The page needs no more than its own styles.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// The addresses by which this connection may be called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guard {
    /// The address that the server was told to listen on.
    pub(crate) bound: IpAddr,
    /// The address that this connection came to; more exact when the server listens on all.
    pub(crate) reached: IpAddr,
}

/// Lets a request through to its route, or refuses it.
pub(crate) async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let mut response = match guard.refusal(&request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

impl Guard {
    fn refusal(self, request: &Request) -> Option<Response> {
        if !self.may_be_called(request.uri(), request.headers()) {
            let says = "This server answers only to localhost and to its own address.\n";
            return Some((StatusCode::MISDIRECTED_REQUEST, says).into_response());
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let allow = [(header::ALLOW, "GET, HEAD")];
            return Some(
                (StatusCode::METHOD_NOT_ALLOWED, allow, "Only GET and HEAD; this server only shows.\n")
                    .into_response(),
            );
        }
        if !request.body().is_end_stream() {
            return Some(
                (StatusCode::PAYLOAD_TOO_LARGE, "A request here carries no body.\n").into_response(),
            );
        }
        None
    }

    /// Exactly one `Host`, and a name of ours; where the request line names a host as well, that one, too.
    fn may_be_called(self, uri: &Uri, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
        let host = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
        host.is_some_and(|host| self.is_ours(&host))
            && uri.authority().is_none_or(|authority| self.is_ours(authority))
    }

    fn is_ours(self, authority: &Authority) -> bool {
        if authority.as_str().contains('@') {
            return false;
        }
        let host = authority.host();
        if host.eq_ignore_ascii_case("localhost") {
            return true;
        }
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let Ok(address) = bare.parse::<IpAddr>().map(|address| address.to_canonical()) else { return false };
        address.is_loopback()
            || address == self.bound.to_canonical()
            || address == self.reached.to_canonical()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_nobody_else_can_own_are_ours() {
        let guard = Guard { bound: "::".parse().unwrap(), reached: "::ffff:192.168.1.7".parse().unwrap() };
        let ours = |host: &str| host.parse::<Authority>().is_ok_and(|host| guard.is_ours(&host));
        for good in [
            "localhost",
            "LOCALHOST:80",
            "127.0.0.1:7465",
            "[::1]:7465",
            "192.168.1.7:7465",
            "[::ffff:192.168.1.7]",
        ] {
            assert!(ours(good), "{good}");
        }
        for bad in [
            "",
            "evil.example",
            "evil.example:7465",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "localhost@evil.example",
            "evil.example@localhost",
            "192.168.1.8",
            "2130706433",
            "localhost/..",
        ] {
            assert!(!ours(bad), "{bad}");
        }
    }
}
