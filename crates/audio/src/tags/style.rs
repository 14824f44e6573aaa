//! How a tag is written for a kind of player, as data.

/// Which ID3v2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Id3Version {
    /// ID3v2.3: every player knows it.
    #[default]
    V23,
    /// ID3v2.4: several values in one field, UTF-8, whole dates.
    V24,
}

/// In which letters texts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextStyle {
    /// UTF-16 with a byte order mark.
    #[default]
    Utf16,
    /// UTF-8. ID3v2.3 has no UTF-8: there it is UTF-16.
    Utf8,
    /// Latin-1 for texts that fit into it, and the version's own Unicode for others.
    Latin1WherePossible,
}

/// How several values of one field are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ValueStyle {
    /// As one text, joined as the table says.
    #[default]
    Joined,
    /// One by one. ID3v2.3 has no way to: there they are joined.
    Separate,
}

/// How a tag is written. Unsynchronisation, compression and extended headers are never used: some players mishear
/// them, and nothing is won.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TagStyle {
    /// Which ID3v2.
    pub version: Id3Version,
    /// In which letters.
    pub text: TextStyle,
    /// How several values stand.
    pub values: ValueStyle,
    /// Whether numbers carry their totals: `3/12`.
    pub totals: bool,
    /// Whether an ID3v1 tag stands at the end, too.
    pub id3v1: bool,
    /// Room left in the tag for later changes, in bytes.
    pub padding_bytes: u16,
}
