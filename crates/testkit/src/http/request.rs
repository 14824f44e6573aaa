//! Reading requests.

use std::io::{self, BufRead, BufReader, Read};
use std::net::TcpStream;
use std::time::Duration;

use percent_encoding::percent_decode_str;

/// A request.
#[derive(Debug, Clone, Default)]
pub struct HttpRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as they came.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// What was sent with it.
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// The path as it came.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The path, percent signs taken away.
    pub fn plain_path(&self) -> String {
        percent_decode_str(self.path()).decode_utf8_lossy().into_owned()
    }

    /// The first value of a parameter, from the query or, of a form, from the body.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.parameters(name).into_iter().next()
    }

    /// All values of a parameter.
    pub fn parameters(&self, name: &str) -> Vec<String> {
        let query = self.target.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
        let form = String::from_utf8_lossy(&self.body).into_owned();
        let pairs = query.split('&').chain(form.split('&')).filter_map(|pair| pair.split_once('='));
        let plain = |text: &str| {
            let text = text.replace('+', " ");
            percent_decode_str(&text).decode_utf8_lossy().into_owned()
        };
        pairs.filter(|(key, _)| plain(key) == name).map(|(_, value)| plain(value)).collect()
    }

    /// The value of a header; the name is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The next request; `None` where the connection ends before one is there.
pub(super) fn read(stream: &TcpStream) -> io::Result<Option<HttpRequest>> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    // Nothing of a next request may be read too early: ours wait for the answer before they send another.
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let (mut headers, mut length) = (Vec::new(), 0);
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        let Some((name, value)) = header.split_once(':') else { continue };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_owned());
        if name == "content-length" {
            length = value.parse().unwrap_or(0);
        }
        headers.push((name, value));
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    Ok(Some(HttpRequest { method, target, headers, body }))
}
