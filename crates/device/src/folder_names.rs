//! The folders on the way to a file: names that are cut to what the player takes, and what tells those apart that were.

use crate::names::{clash_key, safe_name, units};
use crate::profile::{NameRules, Profile};

/// So much of a path is left to the name in it: a number, some of the title, the extension.
pub(crate) const ROOM_FOR_NAME: usize = 24;
/// Between texts that become one name.
pub(crate) const BETWEEN: &str = " - ";

/// A folder on the way to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FolderName {
    /// Safe, and as long as the player takes it.
    pub(crate) name: String,
    /// The key of what it is called in full, where the name was cut: folders that differ in this are kept apart.
    pub(crate) in_full: Option<String>,
    /// Whether the profile names it; the others are made from tags.
    pub(crate) is_of_profile: bool,
}

/// The folders that the profile names, which may be several deep, or none: the root itself.
pub(crate) fn of_profile(path: &str) -> Vec<FolderName> {
    let names = path.split('/').filter(|name| !name.is_empty());
    names.map(|name| FolderName { name: name.to_owned(), in_full: None, is_of_profile: true }).collect()
}

/// Folders below that of a shelf, each made from the texts that are joined to its name. Where they would leave a path no
/// room for a name, the longer ones are cut.
pub(crate) fn folders_below(shelf: &str, made: &[Vec<String>], profile: &Profile) -> Vec<FolderName> {
    let rules = &profile.names;
    let mut all = of_profile(shelf);
    let taken: usize = all.iter().map(|folder| units(&folder.name) + 1).sum();
    let left = rules.max_path_units.saturating_sub(taken + made.len() + ROOM_FOR_NAME);
    let within = |rooms: &[usize]| -> Vec<FolderName> {
        made.iter().zip(rooms).map(|(texts, room)| made_from(texts, *room, profile)).collect()
    };
    let mut folders = within(&vec![rules.max_folder_units.min(rules.max_name_units); made.len()]);
    let lengths: Vec<usize> = folders.iter().map(|folder| units(&folder.name)).collect();
    if lengths.iter().sum::<usize>() > left {
        folders = within(&shares(&lengths, left));
    }
    all.append(&mut folders);
    all
}

fn made_from(texts: &[String], room: usize, profile: &Profile) -> FolderName {
    let rules = &profile.names;
    let in_full = safe_name(&texts.join(BETWEEN), rules, usize::MAX, usize::MAX);
    let name = joined(texts, rules, (room, rules.max_name_bytes));
    if name.is_empty() {
        let name = safe_name(&profile.folders.untitled, rules, room, rules.max_name_bytes);
        return FolderName { name, in_full: None, is_of_profile: false };
    }
    let in_full = (name != in_full).then(|| clash_key(&in_full));
    FolderName { name, in_full, is_of_profile: false }
}

/// One safe name of several texts. Where it has to be cut, each of them is, to its share: what tells names apart may stand
/// in the last.
pub(crate) fn joined(
    texts: &[String],
    rules: &NameRules,
    (most_units, most_bytes): (usize, usize),
) -> String {
    let in_full = safe_name(&texts.join(BETWEEN), rules, usize::MAX, usize::MAX);
    let fits = units(&in_full) <= most_units && in_full.len() <= most_bytes;
    if fits || texts.len() < 2 {
        return safe_name(&texts.join(BETWEEN), rules, most_units, most_bytes);
    }
    let whole: Vec<String> =
        texts.iter().map(|text| safe_name(text, rules, usize::MAX, usize::MAX)).collect();
    let between = BETWEEN.len() * (texts.len() - 1);
    let lengths = |of: fn(&str) -> usize| whole.iter().map(|text| of(text)).collect::<Vec<usize>>();
    let of_units = shares(&lengths(units), most_units.saturating_sub(between));
    let of_bytes = shares(&lengths(str::len), most_bytes.saturating_sub(between));
    let rooms = of_units.into_iter().zip(of_bytes);
    let cut = texts.iter().zip(rooms).map(|(text, (units, bytes))| safe_name(text, rules, units, bytes));
    safe_name(&cut.collect::<Vec<_>>().join(BETWEEN), rules, most_units, most_bytes)
}

/// The room that each of these lengths gets: what a short one leaves is the longer ones'.
fn shares(lengths: &[usize], room: usize) -> Vec<usize> {
    let mut shortest_first: Vec<(usize, usize)> = lengths.iter().copied().enumerate().collect();
    shortest_first.sort_by_key(|(_, length)| *length);
    let mut given = vec![0; lengths.len()];
    let mut left = room;
    for (done, (at, length)) in shortest_first.into_iter().enumerate() {
        let share = length.min(left / (lengths.len() - done));
        left -= share;
        given.get_mut(at).into_iter().for_each(|given| *given = share);
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn what_a_short_text_leaves_is_the_long_ones() {
        assert_eq!(shares(&[2, 10, 40, 40], 60), [2, 10, 24, 24]);
        assert_eq!(shares(&[3, 4], 60), [3, 4]);
        assert_eq!(shares(&[30, 30], 7), [3, 4]);
    }

    #[test]
    fn of_artist_and_album_both_are_told() {
        let rules = &Profile::generic().names;
        let name = |album: &str| joined(&texts(&["Creedence Clearwater Revival", album]), rules, (31, 255));
        assert_eq!(name("Bayou Country"), "Creedence Clear - Bayou Country");
        assert_ne!(name("Bayou Country"), name("Cosmo's Factory"));
        assert_eq!(name("X"), "Creedence Clearwater Reviva - X");
    }

    #[test]
    fn what_was_cut_is_known_in_full_and_a_path_keeps_room_for_a_name() {
        let mut profile = Profile::generic();
        let long = |end: &str| vec![texts(&["Ada"]), texts(&[&format!("{}{end}", "Overtures ".repeat(9))])];
        let (one, two) =
            (folders_below("Music", &long("1"), &profile), folders_below("Music", &long("2"), &profile));
        assert_eq!(one[2].name, two[2].name);
        assert_ne!(one[2].in_full, two[2].in_full);
        assert_eq!((&one[1].in_full, one[0].is_of_profile), (&None, true));
        profile.names.max_path_units = 100;
        let both = vec![texts(&["Quartets ".repeat(9).as_str()]), texts(&["Overtures ".repeat(9).as_str()])];
        let names: Vec<String> =
            folders_below("Music", &both, &profile).into_iter().map(|folder| folder.name).collect();
        assert!(units(&names.join("/")) + 1 + ROOM_FOR_NAME <= 100, "{names:?}");
    }
}
