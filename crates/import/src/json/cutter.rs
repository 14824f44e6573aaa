//! Cuts JSON into the pieces that matter, without holding the file or trusting its shape.
//!
//! A piece is one element of the outermost array, one value of the outermost object, or, where such a value is an
//! array, one element of that. Each piece is then parsed by `serde_json` on its own, so a piece that is wrong inside
//! costs nobody else anything; `serde_json`'s own streaming was rejected because it ends a file at the first syntax
//! error. Only strings and brackets are understood here. Several documents in a row are taken as they come: one real
//! export had two in one file.

use std::borrow::Cow;
use std::io::{self, BufRead};

use crate::Limits;

/// One piece of a document.
#[derive(Debug)]
pub(crate) struct Piece<'c> {
    /// The outermost object's key it stands under; empty in an outermost array.
    pub(crate) key: &'c str,
    /// Whether it is one element of an array, in contrast to the one value of `key`.
    pub(crate) in_list: bool,
    /// Its text, brackets and quotes included; a lone `[` where the list of `key` begins, before its elements.
    pub(crate) text: &'c [u8],
    /// The file ended or broke inside it: the text is only its beginning.
    pub(crate) is_broken: bool,
}

impl Piece<'_> {
    /// Whether it only tells that `key` holds a list, which may turn out to be empty.
    pub(crate) fn begins_list(&self) -> bool {
        !self.in_list && self.text == b"["
    }
}

/// Why a file could not be cut to its end.
#[derive(Debug)]
pub(crate) struct Trouble {
    /// Whether a piece was begun and not finished.
    pub(crate) in_piece: bool,
    /// What happened.
    pub(crate) what: What,
}

/// What ended the cutting.
#[derive(Debug, thiserror::Error)]
pub(crate) enum What {
    #[error("it cannot be read further: {0}")]
    Read(#[from] io::Error),
    #[error("it is cut off in the middle; ask for the file again")]
    CutOff,
    #[error("its brackets nest deeper than {0} levels, as no export's do; the rest was left out")]
    TooDeep(usize),
    #[error("one element is longer than {0} bytes; the rest was left out")]
    TooLong(usize),
    #[error("a bracket is closed that was not opened; the rest was left out")]
    Unbalanced,
    #[error("something stands there that is not JSON; the rest was left out")]
    NotJson,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Outside of pieces.
    Between,
    /// Inside the string of an outermost key.
    Key,
    /// Inside a piece that began at this depth.
    Piece { base: usize, string: bool, scalar: bool },
}

struct Cutter<'l> {
    limits: &'l Limits,
    open: Vec<u8>,
    state: State,
    escaped: bool,
    after_colon: bool,
    key: Vec<u8>,
    piece: Vec<u8>,
}

/// Cuts everything `reader` gives and hands out each piece in order. `take` answers whether to go on.
pub(crate) fn cut(
    mut reader: impl BufRead,
    limits: &Limits,
    mut take: impl FnMut(Piece<'_>) -> bool,
) -> Result<(), Trouble> {
    let mut cutter = Cutter {
        limits,
        open: Vec::new(),
        state: State::Between,
        escaped: false,
        after_colon: false,
        key: Vec::new(),
        piece: Vec::new(),
    };
    loop {
        let chunk = match reader.fill_buf() {
            Ok([]) if cutter.is_complete() => return Ok(()),
            Ok([]) => return Err(cutter.trouble(What::CutOff, &mut take)),
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(cutter.trouble(error.into(), &mut take)),
        };
        let length = chunk.len();
        match cutter.chunk(chunk, &mut take) {
            Ok(true) => reader.consume(length),
            Ok(false) => return Ok(()),
            Err(what) => return Err(cutter.trouble(what, &mut take)),
        }
    }
}

impl Cutter<'_> {
    /// Ends the cutting; what there is of the last piece is still handed out.
    fn trouble(&self, what: What, take: &mut impl FnMut(Piece<'_>) -> bool) -> Trouble {
        let in_piece = matches!(self.state, State::Piece { .. });
        if in_piece {
            let in_list =
                !matches!(self.state, State::Piece { base: 1, .. }) || self.open.first() == Some(&b'[');
            take(Piece { key: &self.key(), in_list, text: &self.piece, is_broken: true });
        }
        Trouble { in_piece, what }
    }

    fn is_complete(&self) -> bool {
        self.open.is_empty() && self.state == State::Between
    }

    fn key(&self) -> Cow<'_, str> {
        if self.open.first() == Some(&b'{') { String::from_utf8_lossy(&self.key) } else { Cow::Borrowed("") }
    }

    fn chunk(&mut self, chunk: &[u8], take: &mut impl FnMut(Piece<'_>) -> bool) -> Result<bool, What> {
        let mut at = 0;
        while let Some(rest) = chunk.get(at..).filter(|rest| !rest.is_empty()) {
            match self.state {
                State::Between => {
                    let begins = rest[0] == b'[' && self.open.as_slice() == b"{" && self.after_colon;
                    at += usize::from(self.between(rest[0])?);
                    let key = &self.key();
                    if begins && !take(Piece { key, in_list: false, text: b"[", is_broken: false }) {
                        return Ok(false);
                    }
                }
                State::Key => {
                    at += 1;
                    self.key_byte(rest[0])?;
                }
                State::Piece { base, .. } => {
                    let (length, done) = self.piece_bytes(rest)?;
                    self.piece.extend_from_slice(&rest[..length]);
                    if self.piece.len() > self.limits.element_bytes {
                        return Err(What::TooLong(self.limits.element_bytes));
                    }
                    at += length;
                    if done && !self.hand_out(base, take) {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    /// A byte outside of pieces; answers whether it is used up.
    fn between(&mut self, byte: u8) -> Result<bool, What> {
        if matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',') {
            return Ok(true);
        }
        let in_object = self.open.as_slice() == b"{";
        match byte {
            b'[' | b'{' if self.open.is_empty() => self.open.push(byte),
            b'[' if in_object && self.after_colon => self.open.push(byte),
            b']' | b'}' => {
                self.close(byte)?;
                self.after_colon = false;
            }
            _ if self.open.is_empty() => return Err(What::NotJson),
            b':' if in_object => self.after_colon = true,
            b'"' if in_object && !self.after_colon => {
                self.key.clear();
                self.state = State::Key;
            }
            _ if in_object && !self.after_colon => return Err(What::NotJson),
            _ => {
                let scalar = !matches!(byte, b'[' | b'{' | b'"');
                self.piece.clear();
                self.state = State::Piece { base: self.open.len(), string: false, scalar };
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn close(&mut self, byte: u8) -> Result<(), What> {
        let opened = if byte == b']' { b'[' } else { b'{' };
        if self.open.pop() == Some(opened) { Ok(()) } else { Err(What::Unbalanced) }
    }

    fn key_byte(&mut self, byte: u8) -> Result<(), What> {
        if byte == b'"' && !self.escaped {
            self.state = State::Between;
            return Ok(());
        }
        self.escaped = byte == b'\\' && !self.escaped;
        self.key.push(byte);
        if self.key.len() > 1024 { Err(What::NotJson) } else { Ok(()) }
    }

    /// How many of these bytes belong to the piece, and whether it ends with them.
    fn piece_bytes(&mut self, bytes: &[u8]) -> Result<(usize, bool), What> {
        let State::Piece { base, mut string, scalar } = self.state else { return Ok((0, false)) };
        let mut at = 0;
        let mut done = false;
        while let (Some(&byte), false) = (bytes.get(at), done) {
            at += 1;
            if self.escaped {
                self.escaped = false;
            } else if string {
                match byte {
                    b'"' => (string, done) = (false, self.open.len() == base),
                    b'\\' => self.escaped = true,
                    _ => at += memchr::memchr2(b'"', b'\\', &bytes[at..]).unwrap_or(bytes.len() - at),
                }
            } else if scalar {
                if matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n') {
                    (at, done) = (at - 1, true);
                }
            } else {
                match byte {
                    b'"' => string = true,
                    b'[' | b'{' if self.open.len() >= self.limits.json_depth => {
                        return Err(What::TooDeep(self.limits.json_depth));
                    }
                    b'[' | b'{' => self.open.push(byte),
                    b']' | b'}' => {
                        self.close(byte)?;
                        done = self.open.len() == base;
                    }
                    _ => {}
                }
            }
        }
        self.state = State::Piece { base, string, scalar };
        Ok((at, done))
    }

    fn hand_out(&mut self, base: usize, take: &mut impl FnMut(Piece<'_>) -> bool) -> bool {
        self.state = State::Between;
        let in_list = self.open.last() == Some(&b'[');
        // The value of a key is complete; the next string is a key again.
        self.after_colon = self.after_colon && base != 1;
        take(Piece { key: &self.key(), in_list, text: &self.piece, is_broken: false })
    }
}
