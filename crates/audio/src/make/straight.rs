//! A finished MP3 written from its first byte to its last, where the tag in front of the frames is known before them. Its
//! identity is taken of the bytes on their way, so that none is read again.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

use ferrotape_domain::TagSet;

use super::{Errors, finished_tag, identified};
use crate::make::quick_sum::QuickSum;
use crate::make::request::{MadeMp3, MakeError, Mp3Request};
use crate::tags::v1::id3v1_tag;

pub(super) struct Straight<'a> {
    request: &'a Mp3Request<'a>,
    errors: &'a Errors<'a>,
    out: &'a mut File,
    sum: QuickSum,
    made: MadeMp3,
    tags: TagSet,
    tag_bytes: usize,
}

impl<'a> Straight<'a> {
    /// Writes the tag of `made` into `out`, an empty file.
    pub(super) fn begin(
        (request, errors): (&'a Mp3Request<'a>, &'a Errors<'a>),
        mut made: MadeMp3,
        out: &'a mut File,
    ) -> Result<Self, MakeError> {
        let (tags, tag) = finished_tag(request, errors, &mut made)?;
        out.seek(SeekFrom::Start(0)).map_err(|error| errors.write(error))?;
        let sum = QuickSum::default();
        let mut straight = Self { request, errors, out, sum, made, tags, tag_bytes: tag.len() };
        straight.write(&tag).map_err(|error| errors.write(error))?;
        Ok(straight)
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sum.add(bytes);
        self.out.write_all(bytes)
    }

    /// All frames are written.
    pub(super) fn end(mut self) -> Result<MadeMp3, MakeError> {
        if self.request.style.id3v1 {
            let tag = id3v1_tag(&self.tags);
            self.write(&tag).map_err(|error| self.errors.write(error))?;
        }
        Ok(identified(self.made, &self.sum, self.tag_bytes, self.request))
    }
}
