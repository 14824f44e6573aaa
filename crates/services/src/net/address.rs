//! Web addresses: read once, shown without what may be secret.

use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use ureq::http::Uri;
use url::Url;

/// An `http` or `https` address with a host, and without a user in it. Its `Debug` and `Display` leave out the query.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

/// What may stand in a path as it is.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'[')
    .add(b']')
    .add(b'|');

/// Longer addresses are no addresses.
const MAX_CHARS: usize = 8 * 1024;

impl Address {
    /// Reads an address; the error is a sentence without full stop.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_CHARS {
            return Err("the address is far too long".to_owned());
        }
        let url = Url::parse(text.trim()).map_err(|_| "it is no web address".to_owned())?;
        Self::checked(url)
    }

    /// Where `to`, as an answer of this address gave it, leads.
    pub fn join(&self, to: &str) -> Result<Self, String> {
        if to.len() > MAX_CHARS {
            return Err("the address is far too long".to_owned());
        }
        Self::checked(self.0.join(to).map_err(|_| "it leads to what is no web address".to_owned())?)
    }

    fn checked(url: Url) -> Result<Self, String> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("{}: is no web address", url.scheme()));
        }
        if url.host().is_none() || !url.username().is_empty() || url.password().is_some() {
            return Err("it is no plain web address".to_owned());
        }
        Ok(Self(url))
    }

    /// The same with one more parameter in its query.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.query_pairs_mut().append_pair(name, value);
        self
    }

    /// The same with further steps in its path; what is special in them is written so that it is one step each.
    #[must_use]
    pub fn below<'a>(mut self, steps: impl IntoIterator<Item = &'a str>) -> Self {
        let mut path = self.0.path().trim_end_matches('/').to_owned();
        for step in steps {
            // A step of dots would lead up again, also when it is written as `%2E`: it is made one that is not there.
            let step = match step {
                "." | ".." => step.replace('.', "%252E"),
                step => utf8_percent_encode(step, PATH).to_string().replace('/', "%2F"),
            };
            path.push('/');
            path.push_str(&step);
        }
        self.0.set_path(&path);
        self
    }

    /// Its host, in lower case.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whether it speaks TLS.
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether scheme, host and port are the same.
    pub fn is_same_server(&self, other: &Self) -> bool {
        self.0.origin() == other.0.origin()
    }

    /// All of it, secrets included.
    pub fn reveal(&self) -> &str {
        self.0.as_str()
    }

    /// Without query and fragment.
    pub fn shown(&self) -> String {
        let mut url = self.0.clone();
        url.set_query(None);
        url.set_fragment(None);
        url.into()
    }

    /// The IP address that its host is, if it is none to be looked up.
    pub(super) fn ip(&self) -> Option<std::net::IpAddr> {
        match self.0.host()? {
            url::Host::Ipv4(ip) => Some(ip.into()),
            url::Host::Ipv6(ip) => Some(ip.into()),
            url::Host::Domain(_) => None,
        }
    }

    pub(super) fn uri(&self) -> Result<Uri, String> {
        let mut url = self.0.clone();
        url.set_fragment(None);
        url.as_str().parse().map_err(|_| "it is no plain web address".to_owned())
    }

    /// `/HOST[:PORT]/PATH?QUERY`, as a stand-in is asked for it.
    pub(super) fn at_stand_in(&self) -> String {
        let port = self.0.port().map_or_else(String::new, |port| format!(":{port}"));
        let query = self.0.query().map_or_else(String::new, |query| format!("?{query}"));
        format!("/{}{port}{}{query}", self.host(), self.0.path())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_are_addresses() {
        for good in ["https://example.org", "http://[::1]:80/a?b", "HTTPS://EXAMPLE.ORG/ä b"] {
            assert!(Address::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "file:///etc/passwd",
            "ftp://example.org/",
            "gopher://example.org",
            "https://user:secret@example.org/",
            "https://user@example.org/",
            "//example.org",
            "javascript:alert(1)",
            "http://",
            "",
        ] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn steps_stay_steps_and_queries_are_not_shown() -> Result<(), String> {
        let address = Address::parse("https://example.org/download/")?;
        let below = address.below(["a b", "c/../d?e#f%2F", "..", "ü"]).with("token", "secret&more");
        assert_eq!(
            below.reveal(),
            "https://example.org/download/a%20b/c%2F..%2Fd%3Fe%23f%252F/%252E%252E/%C3%BC?token=secret%26more"
        );
        assert!(!format!("{below} {below:?}").contains("secret"));
        Ok(())
    }
}
