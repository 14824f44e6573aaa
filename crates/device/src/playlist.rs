//! Playlist files: M3U as the profile wants it, the source's order with every duplicate.

use crate::profile::{Newline, PathStyle, PlaylistRules, Profile, TextEncoding};

/// Longest text of one entry, in characters; players cut it much earlier.
const LONGEST_LABEL: usize = 300;

/// What a playlist must hold in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlaylistTarget {
    pub(crate) key: String,
    pub(crate) name: String,
    /// Where its file goes, if it gets one.
    pub(crate) path: Option<String>,
    /// Identities in order.
    pub(crate) entries: Vec<String>,
    /// Whether this run names it; else it stays as it is.
    pub(crate) is_of_run: bool,
    /// Whether a file is wanted for it, though the player may read none, or have no place for another list.
    pub(crate) write_file: bool,
}

/// One line of a playlist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    pub(crate) path: &'a str,
    pub(crate) label: &'a str,
    pub(crate) seconds: Option<u64>,
}

/// The file's text.
pub(crate) fn text<'a>(
    profile: &Profile,
    playlist_path: &str,
    lines: impl Iterator<Item = Line<'a>>,
) -> Vec<u8> {
    let rules = &profile.playlists;
    let mut entries = Vec::new();
    lines.for_each(|line| entries.extend(entry(rules, playlist_path, line)));
    let mut out = heading(rules, entries.is_ascii());
    out.extend(entries);
    out
}

/// How many bytes an entry takes.
pub(crate) fn length_of(profile: &Profile, playlist_path: &str, line: Line<'_>) -> usize {
    entry(&profile.playlists, playlist_path, line).len()
}

/// What stands before the first entry. Plain ASCII is the same in all letters and needs no mark, which would only be in the
/// way of players that do not know it; where one is needed it stands on a line of its own, so that these lose no entry.
pub(crate) fn heading(rules: &PlaylistRules, is_ascii: bool) -> Vec<u8> {
    let marked = !is_ascii && rules.encoding == TextEncoding::Utf8Mark;
    let mut out = if marked { mark(rules.encoding).to_vec() } else { Vec::new() };
    if rules.titles || marked {
        out.extend(encoded(rules, &format!("#EXTM3U{}", newline(rules))));
    }
    out
}

/// What a text in these letters begins with.
pub(crate) fn mark(encoding: TextEncoding) -> &'static [u8] {
    if encoding == TextEncoding::Utf8Mark { b"\xef\xbb\xbf" } else { b"" }
}

fn entry(rules: &PlaylistRules, playlist_path: &str, line: Line<'_>) -> Vec<u8> {
    let newline = newline(rules);
    let path = match rules.paths {
        PathStyle::Relative => relative(playlist_path, line.path),
        PathStyle::RelativeBackslash => relative(playlist_path, line.path).replace('/', "\\"),
        PathStyle::FromRoot => format!("/{}", line.path),
        PathStyle::FromRootBackslash => format!("/{}", line.path).replace('/', "\\"),
    };
    if !rules.titles {
        return encoded(rules, &format!("{path}{newline}"));
    }
    let seconds = line.seconds.map_or_else(|| "-1".to_owned(), |seconds| seconds.to_string());
    let label: String =
        line.label.chars().take(LONGEST_LABEL).map(|c| if c.is_control() { ' ' } else { c }).collect();
    encoded(rules, &format!("#EXTINF:{seconds},{}{newline}{path}{newline}", label.trim()))
}

fn newline(rules: &PlaylistRules) -> &'static str {
    match rules.newline {
        Newline::Lf => "\n",
        Newline::CrLf => "\r\n",
    }
}

/// Paths fit into Latin-1 by the profile's own names; titles are written in its letters.
fn encoded(rules: &PlaylistRules, text: &str) -> Vec<u8> {
    in_letters(rules.encoding, text)
}

/// A text in these letters, without a mark at its beginning.
pub(crate) fn in_letters(encoding: TextEncoding, text: &str) -> Vec<u8> {
    if encoding != TextEncoding::Latin1 {
        return text.as_bytes().to_vec();
    }
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u8::try_from(u32::from(c)) {
            Ok(byte) => bytes.push(byte),
            Err(_) => bytes.extend(any_ascii::any_ascii_char(c).bytes()),
        }
    }
    bytes
}

/// The way from a playlist's folder to a file, both relative to the root. A line that begins with `#` is a comment to a
/// player, so a name that does gets `./` before it.
fn relative(playlist: &str, file: &str) -> String {
    let from: Vec<&str> =
        playlist.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect());
    let to: Vec<&str> = file.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    let way = up.chain(to.iter().skip(shared).copied()).collect::<Vec<_>>().join("/");
    if way.starts_with('#') { format!("./{way}") } else { way }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_file_is_relative() {
        assert_eq!(relative("Playlists/a.m3u8", "Music/B/c.mp3"), "../Music/B/c.mp3");
        assert_eq!(relative("Music/a.m3u8", "Music/B/c.mp3"), "B/c.mp3");
        assert_eq!(relative("a.m3u8", "Music/B/c.mp3"), "Music/B/c.mp3");
        assert_eq!(relative("Music/a.m3u8", "Music/#1 Band/c.mp3"), "./#1 Band/c.mp3", "no comment");
        assert_eq!(relative("Playlists/a.m3u8", "#1 Band/c.mp3"), "../#1 Band/c.mp3");
    }

    #[test]
    fn labels_stay_on_their_line() {
        let lines = [Line { path: "Music/a.mp3", label: "A\r\n#EXTM3U - B", seconds: Some(61) }];
        let text = text(&Profile::generic(), "Playlists/x.m3u8", lines.into_iter());
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "#EXTM3U\r\n#EXTINF:61,A  #EXTM3U - B\r\n../Music/a.mp3\r\n"
        );
    }

    #[test]
    fn a_playlist_is_written_as_the_profile_says() {
        let mut profile = Profile::generic();
        let line = Line { path: "Music/Björk/a.mp3", label: "Björk – Łódź", seconds: Some(61) };
        let rules = &mut profile.playlists;
        (rules.paths, rules.newline) = (PathStyle::RelativeBackslash, Newline::Lf);
        (rules.encoding, rules.titles) = (TextEncoding::Utf8Mark, false);
        let written = text(&profile, "Playlists/x.m3u", [line].into_iter());
        assert_eq!(written, "\u{feff}#EXTM3U\n..\\Music\\Björk\\a.mp3\n".as_bytes());
        let plain = Line { path: "Music/Ada/a.mp3", label: "Ada – Ash", seconds: None };
        let written = text(&profile, "Playlists/x.m3u", [plain].into_iter());
        assert_eq!(written, b"..\\Music\\Ada\\a.mp3\n", "the same in all letters: no mark");
        let rules = &mut profile.playlists;
        (rules.paths, rules.encoding, rules.titles) = (PathStyle::FromRoot, TextEncoding::Latin1, true);
        let written = text(&profile, "Playlists/x.m3u", [line].into_iter());
        assert_eq!(written, b"#EXTM3U\n#EXTINF:61,Bj\xf6rk - L\xf3dz\n/Music/Bj\xf6rk/a.mp3\n");
        let rules = &mut profile.playlists;
        rules.paths = PathStyle::FromRootBackslash;
        assert!(text(&profile, "x.m3u", [line].into_iter()).ends_with(b"\n\\Music\\Bj\xf6rk\\a.mp3\n"));
    }
}
