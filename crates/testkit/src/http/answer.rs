//! Answers, and what goes wrong with them.

use std::io::{self, Write};
use std::net::TcpStream;
use std::ops::Range;
use std::thread;
use std::time::Duration;

use super::{HttpRequest, MadeBody};

/// What goes wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpTrouble {
    /// The connection ends without a byte.
    HungUp,
    /// It ends after so many bytes of the body.
    CutAfter(usize),
    /// One byte of the body, at this place, is another one.
    Corrupt(usize),
    /// So long nothing comes before the answer.
    Late(Duration),
    /// After half of the body so long nothing comes, then the rest.
    Silence(Duration),
    /// The body comes in drops of so many bytes with a pause between them.
    Drops(usize, Duration),
    /// Another status, with nothing in it.
    Status(u16),
    /// 429 or 503 with `Retry-After` in seconds.
    Pause(u16, u64),
    /// A web page with status 200.
    Page,
    /// This status and body: of media type HTML where it begins with `<`, else of JSON.
    Says(u16, &'static str),
    /// A redirect.
    LeadsTo(String),
    /// The range that was asked for is ignored: the whole comes.
    NoRanges,
    /// The range that was asked for is answered with another part.
    WrongRange,
    /// Another ETag, as if the file had changed.
    OtherEtag,
    /// It has no end: blanks come until the other side hangs up.
    Endless,
    /// The head promises more than comes.
    ShortBody,
    /// Nothing that is HTTP.
    Rubbish,
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct HttpAnswer {
    /// The status.
    pub status: u16,
    /// Headers but the length.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// What comes in its place.
    pub made: Option<MadeBody>,
    /// What goes wrong with it.
    pub trouble: Option<HttpTrouble>,
    /// Whether ranges of it may be asked for.
    pub ranges: bool,
}

impl HttpAnswer {
    /// An answer of this status without a body.
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// JSON.
    pub fn json(body: &serde_json::Value) -> Self {
        Self::status(200).of_type("application/json").with_body(body.to_string())
    }

    /// Text of a media type.
    pub fn text(media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::status(200).of_type(media_type).with_body(body)
    }

    /// This status and body: of media type HTML where it begins with `<`, else of JSON.
    pub fn says(status: u16, body: &str) -> Self {
        let media_type = if body.starts_with('<') { "text/html" } else { "application/json" };
        Self::text(media_type, body).and_status(status)
    }

    /// A file, of which ranges may be asked for.
    pub fn file(media_type: &str, etag: &str, body: impl Into<Vec<u8>>) -> Self {
        let file = Self { ranges: true, ..Self::text(media_type, body) };
        if etag.is_empty() { file } else { file.with("ETag", etag) }
    }

    /// The same, made while it is sent.
    pub fn made(media_type: &str, etag: &str, body: MadeBody) -> Self {
        Self { made: Some(body), ..Self::file(media_type, etag, Vec::new()) }
    }

    /// A redirect.
    pub fn leads_to(status: u16, address: &str) -> Self {
        Self::status(status).with("Location", address)
    }

    /// The same with another status.
    #[must_use]
    pub fn and_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same with a header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// The same with trouble.
    #[must_use]
    pub fn but(mut self, trouble: HttpTrouble) -> Self {
        self.trouble = Some(trouble);
        self
    }

    fn of_type(self, media_type: &str) -> Self {
        self.with("Content-Type", media_type)
    }

    fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Sends it; whether the connection stays open.
    pub(super) fn send(
        mut self,
        mut stream: &TcpStream,
        request: &HttpRequest,
        trouble: Option<&HttpTrouble>,
    ) -> io::Result<bool> {
        use HttpTrouble as T;
        match trouble {
            Some(T::HungUp) => return Ok(false),
            Some(T::Rubbish) => return stream.write_all(b"220 ready\r\n").map(|()| false),
            Some(T::Late(time)) => thread::sleep(*time),
            Some(T::Status(status)) => self = Self::status(*status),
            Some(T::Pause(status, seconds)) => self = Self::status(*status).with("Retry-After", seconds),
            Some(T::Page) => self = Self::text("text/html", "<!DOCTYPE html><title>Please sign in</title>"),
            Some(T::Says(status, body)) => self = Self::says(*status, body),
            Some(T::LeadsTo(address)) => self = Self::leads_to(302, address),
            Some(T::OtherEtag) => {
                self.headers.retain(|(name, _)| name != "ETag");
                self = self.with("ETag", "\"another\"");
            }
            _ => {}
        }
        if let (Some(known), Some(own)) = (request.header("if-none-match"), self.header("etag"))
            && known == own
            && self.status == 200
        {
            self = Self::status(304).with("ETag", own.to_owned());
        }
        if !matches!(trouble, Some(T::NoRanges)) {
            self = self.cut_to_range(request, matches!(trouble, Some(T::WrongRange)));
        }
        let length = self.length();
        if let (Some(T::Corrupt(at)), 1..) = (trouble, length) {
            match &mut self.made {
                Some(made) => made.spoil(at % length),
                None => self.body[at % length] ^= 0x55,
            }
        }
        stream.write_all(self.head(trouble).as_bytes())?;
        if request.method == "HEAD" {
            return Ok(true);
        }
        match trouble {
            Some(T::CutAfter(bytes)) => {
                self.write(stream, 0..(*bytes).min(length))?;
                return Ok(false);
            }
            Some(T::Silence(time)) => {
                self.write(stream, 0..length / 2)?;
                thread::sleep(*time);
                self.write(stream, length / 2..length)?;
            }
            Some(T::Drops(size, pause)) => {
                let size = (*size).max(1);
                for at in (0..length).step_by(size) {
                    self.write(stream, at..(at + size).min(length))?;
                    thread::sleep(*pause);
                }
            }
            Some(T::Endless) => loop {
                stream.write_all(" ".repeat(64 << 10).as_bytes())?;
            },
            _ => self.write(stream, 0..length)?,
        }
        Ok(!matches!(trouble, Some(T::ShortBody)))
    }

    /// How many bytes the body has.
    fn length(&self) -> usize {
        self.made.as_ref().map_or(self.body.len(), MadeBody::len)
    }

    /// Sends a part of the body.
    fn write(&self, mut stream: &TcpStream, part: Range<usize>) -> io::Result<()> {
        match &self.made {
            Some(made) => made.write(stream, part),
            None => stream.write_all(&self.body[part]),
        }
    }

    fn head(&self, trouble: Option<&HttpTrouble>) -> String {
        let headers: String =
            self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let more = usize::from(matches!(trouble, Some(HttpTrouble::ShortBody))) * 1000;
        let length = match trouble {
            Some(HttpTrouble::Endless) => String::new(),
            _ => format!("Content-Length: {}\r\n", self.length() + more),
        };
        format!("HTTP/1.1 {} Fake\r\n{headers}{length}\r\n", self.status)
    }

    /// What is left of it when a range is asked for that it has, by the rules of `If-Range`.
    fn cut_to_range(self, request: &HttpRequest, wrong: bool) -> Self {
        let Some(range) = request.header("range").filter(|_| self.ranges && self.status == 200) else {
            return self;
        };
        let proves = |known: &str| [self.header("etag"), self.header("last-modified")].contains(&Some(known));
        if request.header("if-range").is_some_and(|known| !proves(known)) {
            return self;
        }
        let start = range.strip_prefix("bytes=").and_then(|range| range.split('-').next()?.parse().ok());
        let Some(start): Option<usize> = start else { return self };
        let total = self.length();
        if start >= total {
            return Self::status(416).with("Content-Range", format!("bytes */{total}"));
        }
        let start = if wrong { start / 2 } else { start };
        let range = format!("bytes {start}-{}/{total}", total - 1);
        let mut rest = self.and_status(206).with("Content-Range", range);
        match &mut rest.made {
            Some(made) => made.begin_at(start),
            None => rest.body = rest.body.split_off(start),
        }
        rest
    }
}
