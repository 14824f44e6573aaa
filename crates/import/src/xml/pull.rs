//! XML as a row of tags, within limits: depth, the length of a text, the length of anything between two `<`.
//!
//! Entities that a file defines itself are not resolved, so none can grow.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use encoding_rs::Encoding;
use quick_xml::XmlVersion;
use quick_xml::encoding::DecodingReader;
use quick_xml::errors::SyntaxError;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

/// Bytes of one element's own text that are kept.
const LONGEST_TEXT: usize = 64 * 1024;
/// Attributes of one element that are looked at.
const MOST_ATTRIBUTES: usize = 64;
/// Bytes between two `<` that are read.
const LONGEST_PIECE: usize = 1 << 20;

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// An element begins.
    Open(String),
    /// An element ends; with the text that stood in it itself.
    Close { name: String, text: String },
}

/// Why there is no next tag.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("it cannot be read further: {0}")]
    Read(io::Error),
    #[error("it is cut off in the middle; ask for the file again")]
    CutOff,
    #[error("its elements nest deeper than {0} levels, as no list's do; the rest was left out")]
    TooDeep(usize),
    #[error("something stands there that is not XML ({0}); the rest was left out")]
    NotXml(String),
}

pub(super) struct Pull<R> {
    reader: Reader<DecodingReader<Bounded<R>>>,
    buffer: Vec<u8>,
    /// Names and texts of the open elements, the outermost first.
    open: Vec<(String, String)>,
    deepest: usize,
    /// Names of the attributes that are kept, and what the element that began last says in them.
    kept: &'static [&'static str],
    attributes: Vec<(&'static str, String)>,
}

impl<R: BufRead> Pull<R> {
    pub(super) fn new(reader: R, deepest: usize) -> Self {
        let mut bounded = Bounded { inner: reader, since: 0 };
        // An error met here is met, and told, again by the reading itself.
        let declared = declared_encoding(bounded.fill_buf().unwrap_or_default());
        let mut decoding = DecodingReader::new(bounded);
        // Set before anything is read: later it may panic.
        decoding.set_encoding(declared.unwrap_or(encoding_rs::UTF_8));
        let mut reader = Reader::from_reader(decoding);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), open: Vec::new(), deepest, kept: &[], attributes: Vec::new() }
    }

    /// From now on keeps these attributes of each element; all others are passed over.
    pub(super) fn keep_attributes(&mut self, names: &'static [&'static str]) {
        self.kept = names;
    }

    /// What the element that began last says in an attribute; empty where it says nothing.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(kept, _)| *kept == name).map_or("", |(_, value)| value.as_str())
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The element that is open `up` levels above the innermost one.
    pub(super) fn open(&self, up: usize) -> &str {
        let at = self.open.len().checked_sub(up + 1);
        at.and_then(|at| self.open.get(at)).map_or("", |(name, _)| name)
    }

    /// `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Tag>, Broken> {
        loop {
            self.buffer.clear();
            match self.reader.read_event_into(&mut self.buffer).map_err(broken)? {
                Event::Start(tag) => {
                    let name = tag.local_name().as_ref().to_owned();
                    if self.open.len() >= self.deepest {
                        return Err(Broken::TooDeep(self.deepest));
                    }
                    self.attributes = attributes(&tag, self.kept);
                    self.open.push((name.clone(), String::new()));
                    return Ok(Some(Tag::Open(name)));
                }
                Event::End(_) => {
                    if let Some((name, text)) = self.open.pop() {
                        return Ok(Some(Tag::Close { name, text: text.trim().to_owned() }));
                    }
                }
                Event::Text(text) => add(&mut self.open, &text),
                Event::CData(text) => add(&mut self.open, &text),
                Event::GeneralRef(reference) => add(&mut self.open, &resolved(&reference)),
                Event::Eof if self.open.is_empty() => return Ok(None),
                Event::Eof => return Err(Broken::CutOff),
                _ => {}
            }
        }
    }
}

/// What `<?xml … encoding="…"?>` says, where one need not know it to read it.
fn declared_encoding(head: &[u8]) -> Option<&'static Encoding> {
    let declaration = head.get(..head.len().min(200))?.strip_prefix(b"<?xml")?;
    let declaration = std::str::from_utf8(declaration.split(|byte| *byte == b'>').next()?).ok()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let label = value.get(1..)?.split(quote).next()?;
    Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
}

/// The attributes of a tag that are asked for; of two with one name, the first.
fn attributes(tag: &BytesStart<'_>, kept: &'static [&'static str]) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if kept.is_empty() {
        return found;
    }
    // The library's check for doubles takes quadratic time.
    for attribute in tag.attributes().with_checks(false).take(MOST_ATTRIBUTES).flatten() {
        let key = attribute.key.local_name();
        let Some(name) = kept.iter().find(|name| name.eq_ignore_ascii_case(key.as_ref())) else { continue };
        let value = attribute.normalized_value(XmlVersion::Explicit1_0);
        let value = value.unwrap_or(attribute.value.clone());
        let value = value.get(..value.floor_char_boundary(LONGEST_TEXT)).unwrap_or_default();
        found.push((*name, value.trim().to_owned()));
    }
    found
}

fn add(open: &mut [(String, String)], text: &str) {
    if let Some((_, own)) = open.last_mut() {
        let room = LONGEST_TEXT.saturating_sub(own.len());
        own.push_str(text.get(..text.floor_char_boundary(room)).unwrap_or_default());
    }
}

fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return letter.to_string();
    }
    resolve_predefined_entity(reference).map_or_else(|| format!("&{};", &**reference), str::to_owned)
}

fn broken(error: quick_xml::Error) -> Broken {
    match error {
        quick_xml::Error::Io(error) => Broken::Read(
            Arc::try_unwrap(error).unwrap_or_else(|error| io::Error::new(error.kind(), error.to_string())),
        ),
        // The others are all something that was opened and never closed.
        quick_xml::Error::Syntax(error) if error != SyntaxError::InvalidBangMarkup => Broken::CutOff,
        other => Broken::NotXml(crate::text::shown(&other.to_string())),
    }
}

/// Ends a reader in which one text or tag would fill the memory.
struct Bounded<R> {
    inner: R,
    /// Bytes since the last `<`.
    since: usize,
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since > LONGEST_PIECE {
            let says = format!("one piece of it is longer than {LONGEST_PIECE} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, says));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed was filled before, so this reads nothing.
        let filled = self.inner.fill_buf().unwrap_or_default();
        let taken = filled.get(..amount).unwrap_or_default();
        self.since = match memchr::memrchr(b'<', taken) {
            Some(at) => taken.len() - at,
            None => self.since + amount,
        };
        self.inner.consume(amount);
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let amount = self.fill_buf()?.read(buffer)?;
        self.consume(amount);
        Ok(amount)
    }
}
