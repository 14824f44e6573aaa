//! Names of files that every file system takes, that differ in more than upper and lower case, and from which a reader
//! learns the name of the list where the format tells it nowhere else.

use std::collections::HashSet;

use ferrotape_domain::PlaylistKind;

/// Bytes of a name without its ending; file systems take 255.
const LONGEST: usize = 160;
/// Names of devices, which Windows takes for no file whatever their ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Gives each list a name that no other has.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// The name, without ending, for a list.
    ///
    /// A second one of the same name ends in `_2`: `_` sorts behind the dot of the ending, so that a folder that is
    /// imported again gives the lists in their order.
    pub(crate) fn name(&mut self, kind: PlaylistKind, name: &str) -> String {
        let plain = if kind == PlaylistKind::LikedTracks { "Liked Songs".to_owned() } else { safe(name) };
        let numbered = (2..).map(|number| format!("{plain}_{number}"));
        // Readers take a file of this name for the liked tracks.
        let would_be_liked = kind != PlaylistKind::LikedTracks && is_liked(&plain);
        let mut names = std::iter::once(plain.clone()).filter(|_| !would_be_liked).chain(numbered);
        let free = names.find(|name| self.taken.insert(name.to_lowercase()));
        free.unwrap_or(plain)
    }
}

/// What readers take for the list's name.
pub(crate) fn read_back(stem: &str) -> String {
    let spaced = if stem.contains(' ') { stem.to_owned() } else { stem.replace('_', " ") };
    spaced.trim().to_owned()
}

fn is_liked(name: &str) -> bool {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    matches!(letters.to_ascii_lowercase().as_str(), "liked" | "likedsongs" | "likedtracks")
}

fn safe(name: &str) -> String {
    let odd = |c: char| {
        c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{fffd}')
    };
    let mut kept: String = name.chars().map(|c| if odd(c) { '-' } else { c }).collect();
    kept.truncate(kept.floor_char_boundary(LONGEST));
    // Windows drops dots and spaces at the end; a dot at the beginning hides the file elsewhere.
    let kept = kept.trim_end_matches(['.', ' ']).trim_start().trim_start_matches('.');
    let lower = kept.to_lowercase();
    let before_dot = lower.split('.').next().unwrap_or_default().trim_end();
    let is_port = |word: &str| {
        before_dot.strip_prefix(word).is_some_and(|rest| rest.chars().count() == 1 && !rest.starts_with(' '))
    };
    let is_device = DEVICES.contains(&before_dot) || is_port("com") || is_port("lpt");
    match kept {
        "" => "Playlist".to_owned(),
        device if is_device => format!("{device}_"),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_gets_a_name_of_its_own_that_any_file_system_takes() {
        let mut names = Names::default();
        let mut of = |name: &str| names.name(PlaylistKind::Playlist, name);
        assert_eq!(of("Road Trip"), "Road Trip");
        assert_eq!(of("road trip"), "road trip_2");
        assert_eq!(of("ROAD TRIP"), "ROAD TRIP_3");
        assert_eq!(of("AC/DC: *live*"), "AC-DC- -live-");
        assert_eq!(of("../../etc/passwd"), "-..-etc-passwd");
        assert_eq!(of("NUL.txt"), "NUL.txt_");
        assert_eq!(of("com1"), "com1_");
        assert_eq!(of("..."), "Playlist");
        assert_eq!(of("a\nb\u{0}"), "a-b-");
        assert_eq!(of("Liked Songs"), "Liked Songs_2");
        assert!(of(&"é".repeat(500)).len() <= LONGEST);
        assert_eq!(names.name(PlaylistKind::LikedTracks, "whatever"), "Liked Songs");
    }
}
