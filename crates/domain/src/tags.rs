//! Tags: one set of fields, read from every format and written to MP3.

use crate::{Isrc, Mbid, SpotifyUri};

/// ReplayGain 2.0 values of one recording (reference −18 LUFS).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReplayGain {
    /// Gain in dB.
    pub gain_db: f64,
    /// Peak, 1.0 = full scale.
    pub peak: f64,
}

/// The fields ferrotape reads and writes. Multiple values keep their order.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(missing_docs, reason = "each field is the tag of that name")]
pub struct TagSet {
    pub title: Option<String>,
    /// The recording's artists; one entry when the file prints them as one text.
    pub artists: Vec<String>,
    pub album: Option<String>,
    pub album_artists: Vec<String>,
    pub track_number: Option<u32>,
    pub track_total: Option<u32>,
    pub disc_number: Option<u32>,
    pub disc_total: Option<u32>,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub date: Option<String>,
    pub genres: Vec<String>,
    pub composers: Vec<String>,
    pub publisher: Option<String>,
    pub copyright: Option<String>,
    pub comment: Option<String>,
    pub lyrics: Option<String>,
    pub bpm: Option<u32>,
    pub compilation: bool,
    pub isrc: Option<Isrc>,
    pub recording_mbid: Option<Mbid>,
    pub release_mbid: Option<Mbid>,
    pub release_group_mbid: Option<Mbid>,
    pub track_mbid: Option<Mbid>,
    pub artist_mbids: Vec<Mbid>,
    pub album_artist_mbids: Vec<Mbid>,
    pub title_sort: Option<String>,
    pub artist_sort: Option<String>,
    pub album_sort: Option<String>,
    pub album_artist_sort: Option<String>,
    /// Where the user wanted it from; written as a link frame.
    pub spotify: Option<SpotifyUri>,
    pub track_gain: Option<ReplayGain>,
    pub album_gain: Option<ReplayGain>,
}

/// A picture ready to be embedded: baseline JPEG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The JPEG file's bytes.
    pub jpeg: Vec<u8>,
}
