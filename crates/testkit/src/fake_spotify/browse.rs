//! A browser as small as can be: it opens an address and follows where it leads.

use std::io::{self, Read, Write};
use std::net::TcpStream;

/// What a browser sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The status.
    pub status: u16,
    /// Where it leads to.
    pub location: Option<String>,
    /// The text of the page.
    pub text: String,
}

/// Opens an `http` address with an IP address and a port.
pub fn browse(address: &str) -> io::Result<Page> {
    let odd = || io::Error::new(io::ErrorKind::InvalidInput, format!("not an address of ours: {address}"));
    let rest = address.strip_prefix("http://").ok_or_else(odd)?;
    let (host, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let mut stream = TcpStream::connect(host)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, text) = answer.split_once("\r\n\r\n").ok_or_else(odd)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(odd)?;
    let location = head.lines().find_map(|line| line.strip_prefix("Location: ")).map(str::to_owned);
    Ok(Page { status, location, text: text.to_owned() })
}

/// Opens the address that `spotify connect` prints, agrees, and goes back to where the browser is sent.
pub fn agree(address: &str) -> io::Result<Page> {
    let page = browse(address)?;
    let to = page.location.ok_or_else(|| io::Error::other(format!("nobody could agree: {}", page.text)))?;
    browse(&to)
}
