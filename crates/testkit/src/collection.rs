//! A collection of any size for made-up servers: each track is made when it is asked for, the same on every run.

/// Tracks on an album.
const PER_ALBUM: usize = 10;
/// Albums by an artist.
const PER_ARTIST: usize = 3;
const WORDS: [&str; 16] = [
    "River", "Window", "Ember", "Harbour", "Winter", "Mirror", "Garden", "Signal", "Paper", "Thunder",
    "Velvet", "Morning", "Copper", "Island", "Shadow", "Lantern",
];

/// Tracks on a made-up server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FakeCollection {
    /// How many there are.
    pub tracks: usize,
    /// How often anything was changed.
    pub changes: u64,
}

impl FakeCollection {
    /// So many tracks.
    pub fn of(tracks: usize) -> Self {
        Self { tracks, changes: 0 }
    }

    /// One track more.
    pub fn grow(&mut self) {
        (self.tracks, self.changes) = (self.tracks + 1, self.changes + 1);
    }

    /// How many albums there are.
    pub fn albums(&self) -> usize {
        self.tracks.div_ceil(PER_ALBUM)
    }

    /// The tracks of an album.
    pub fn on_album(&self, album: usize) -> std::ops::Range<usize> {
        let from = (album * PER_ALBUM).min(self.tracks);
        from..(from + PER_ALBUM).min(self.tracks)
    }

    /// The bytes of a track's file; they look like no audio that could be played.
    pub fn bytes(track: usize) -> Vec<u8> {
        let mut bytes = vec![0; Self::size(track)];
        let mut hasher = blake3::Hasher::new();
        hasher.update(&track.to_le_bytes());
        hasher.finalize_xof().fill(&mut bytes);
        bytes[..3].copy_from_slice(b"ID3");
        bytes
    }

    pub(crate) fn size(track: usize) -> usize {
        20_000 + track % 97 * 31
    }

    pub(crate) fn title(track: usize) -> String {
        format!("{} {}", word(track * 7 + 3), track + 1)
    }

    pub(crate) fn album(track: usize) -> String {
        let album = track / PER_ALBUM;
        format!("{} & {} {album}", word(album), word(album * 5 + 1))
    }

    pub(crate) fn artist(track: usize) -> String {
        let artist = Self::artist_number(track);
        format!("The {} {}s {artist}", word(artist * 3), word(artist * 11 + 5))
    }

    pub(crate) fn artist_number(track: usize) -> usize {
        track / PER_ALBUM / PER_ARTIST
    }

    pub(crate) fn album_number(track: usize) -> usize {
        track / PER_ALBUM
    }

    pub(crate) fn number(track: usize) -> usize {
        track % PER_ALBUM + 1
    }

    pub(crate) fn year(track: usize) -> usize {
        1970 + track / PER_ALBUM % 55
    }

    pub(crate) fn seconds(track: usize) -> usize {
        120 + track % 240
    }

    pub(crate) fn isrc(track: usize) -> String {
        format!("ZZFTP{:02}{:05}", track / 100_000 % 100, track % 100_000)
    }

    pub(crate) fn mbid(track: usize) -> String {
        format!("00000000-0000-4000-8000-{track:012x}")
    }
}

fn word(number: usize) -> &'static str {
    WORDS[number % WORDS.len()]
}
