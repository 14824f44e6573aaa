//! Playlist files: extended M3U in UTF-8, relative paths, the source's order with every duplicate.

use crate::profile::{Newline, PathStyle, Profile};

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
    let newline = match profile.playlists.newline {
        Newline::Lf => "\n",
        Newline::CrLf => "\r\n",
    };
    let mut out = format!("#EXTM3U{newline}");
    for line in lines {
        let seconds = line.seconds.map_or_else(|| "-1".to_owned(), |seconds| seconds.to_string());
        let label: String =
            line.label.chars().take(LONGEST_LABEL).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let path = match profile.playlists.paths {
            PathStyle::RelativeToPlaylist => relative(playlist_path, line.path),
        };
        out.push_str(&format!("#EXTINF:{seconds},{}{newline}{path}{newline}", label.trim()));
    }
    out.into_bytes()
}

/// The way from a playlist's folder to a file, both relative to the root.
fn relative(playlist: &str, file: &str) -> String {
    let from: Vec<&str> =
        playlist.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect());
    let to: Vec<&str> = file.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    up.chain(to.iter().skip(shared).copied()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_file_is_relative() {
        assert_eq!(relative("Playlists/a.m3u8", "Music/B/c.mp3"), "../Music/B/c.mp3");
        assert_eq!(relative("Music/a.m3u8", "Music/B/c.mp3"), "B/c.mp3");
        assert_eq!(relative("a.m3u8", "Music/B/c.mp3"), "Music/B/c.mp3");
    }

    #[test]
    fn labels_stay_on_their_line() {
        let lines = [Line { path: "Music/a.mp3", label: "A\r\n#EXTM3U - B", seconds: Some(61) }];
        let text = text(&Profile::GENERIC, "Playlists/x.m3u8", lines.into_iter());
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "#EXTM3U\r\n#EXTINF:61,A  #EXTM3U - B\r\n../Music/a.mp3\r\n"
        );
    }
}
