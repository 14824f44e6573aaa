//! Titles of tracks that hold several songs: `Ebb / Slack`, `End/Neap`.

use crate::texts::normalise::fold;
use crate::texts::numerals::numerals;

/// The songs that a title without brackets names, folded; none where it is one. `9/11` and `w/o` name no songs.
pub(crate) fn songs_of(title: &str) -> Vec<String> {
    let printed: Vec<&str> = title.split(['/', '／']).collect();
    let is_one_letter = |word: Option<&str>| word.is_some_and(|word| word.chars().count() == 1);
    let is_abbreviation = |pair: &[&str]| match pair {
        [before, after] => is_one_letter(before.rsplit(' ').next()) || is_one_letter(after.split(' ').next()),
        _ => false,
    };
    if printed.windows(2).any(is_abbreviation) {
        return Vec::new();
    }
    let songs: Vec<String> = printed.iter().map(|song| numerals(&fold(song))).collect();
    let is_song = |song: &String| song.chars().count() > 1 && !song.bytes().all(|b| b.is_ascii_digit());
    if songs.len() > 1 && songs.iter().all(is_song) { songs } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn songs_stand_between_slashes() {
        assert_eq!(songs_of("Ebb / Slack"), ["ebb", "slack"]);
        assert_eq!(songs_of("Ebb/Golden Girl"), ["ebb", "golden girl"]);
        for one in ["Ebb", "9/11", "Ebb w/o You", "/ Ebb", "Ebb / "] {
            assert_eq!(songs_of(one), Vec::<String>::new(), "{one}");
        }
    }
}
