//! What says which kind of player a disk is, from the surest signal to the weakest.

use super::{OF_PLAYERS, UsbIdentity};
use crate::manifest::is_inside;
use crate::storage::{Entry, Storage};

/// A profile of the user's own, on the player. What it says is read elsewhere.
pub const OWN_PROFILE: &str = ".ferrotape/profile.toml";
/// One line: the name of a profile.
const OWN_WORD: &str = ".ferrotape/player";
/// Say “this is a player” to Linux programs, and nothing of which one.
const A_PLAYER: [&str; 2] = [".is_audio_player", ".audio_player.mpi"];
/// What firmware leaves behind: path, the word where no signature claims it, and what it is.
const OF_FIRMWARE: [(&str, &str, &str); 4] = [
    ("default-capability.xml", "sony-walkman", "Sony's list of what it can do"),
    ("capability_00.xml", "sony-walkman", "Sony's list of what it can do"),
    (ROCKBOX, ANY_ROCKBOX, "Rockbox"),
    ("iPod_Control", "ipod-apple", "the iPod's own folder"),
];
/// Where Rockbox says for which model it was built.
pub(crate) const ROCKBOX: &str = ".rockbox/rockbox-info.txt";
/// The profile of all that runs Rockbox, where no other is of its model.
pub(crate) const ANY_ROCKBOX: &str = "rockbox";
/// The file is a page of text; nobody's is longer.
const LONGEST_READ: u64 = 16 * 1024;
const LONGEST_WORD: usize = 64;

/// What a kind of player is recognised by. Comes from the profiles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signature {
    /// The profile's name.
    pub profile: String,
    /// USB ids, `071b:3203`. Players of many makers share the ids of their chip: after a space may stand words that
    /// the maker's and product's names must hold as well, in any case: `071b:3203 echo mini`.
    pub usb: Vec<String>,
    /// Paths below the root; one that is there is enough.
    pub markers: Vec<String>,
    /// Volume labels, in any case.
    pub labels: Vec<String>,
    /// Models that Rockbox is built for, `sansae200`, as its own file names them.
    pub targets: Vec<String>,
}

/// What was seen of a disk from outside.
pub(crate) struct Seen<'a> {
    pub(crate) usb: Option<&'a UsbIdentity>,
    pub(crate) label: Option<&'a str>,
    pub(crate) file_system: &'a str,
    pub(crate) signatures: &'a [Signature],
}

/// The word for the kind of player, and which signal decided.
pub(crate) fn recognise(root: &dyn Storage, seen: &Seen) -> (Option<String>, String) {
    let told = own(root)
        .or_else(|| of_firmware(root, seen.signatures))
        .or_else(|| by_marker(root, seen.signatures))
        .or_else(|| by_usb(seen))
        .or_else(|| by_label(seen))
        .or_else(|| a_player(root));
    match told {
        Some((profile, why)) => (Some(profile), why),
        None if OF_PLAYERS.contains(&seen.file_system) => (
            None,
            format!("nothing on it says which player it is; {} is what players have", seen.file_system),
        ),
        None => (None, format!("nothing says that it is a player, and it has {}", seen.file_system)),
    }
}

type Told = Option<(String, String)>;

fn own(root: &dyn Storage) -> Told {
    if is_file(root, OWN_PROFILE) {
        return Some((OWN_PROFILE.to_owned(), format!("its own profile is on it ({OWN_PROFILE})")));
    }
    let text = read(root, OWN_WORD)?;
    let word = text.lines().next()?.trim();
    let is_word = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_name = (1..=LONGEST_WORD).contains(&word.len()) && word.chars().all(is_word);
    is_name.then(|| (word.to_owned(), format!("a file on it names it ({OWN_WORD})")))
}

fn of_firmware(root: &dyn Storage, signatures: &[Signature]) -> Told {
    let (path, word, what) = OF_FIRMWARE.iter().find(|(path, ..)| is_there(root, path))?;
    let claimed = signatures.iter().find(|signature| has_marker(signature, path));
    let mut profile = claimed.map_or_else(|| (*word).to_owned(), |signature| signature.profile.clone());
    let target = (*path == ROCKBOX).then(|| rockbox_target(root)).flatten();
    let is_of =
        |signature: &&Signature| target.as_ref().is_some_and(|target| signature.targets.contains(target));
    if profile == ANY_ROCKBOX
        && let Some(signature) = signatures.iter().find(is_of)
    {
        profile.clone_from(&signature.profile);
    }
    let target = target.map(|target| format!(" for {target}")).unwrap_or_default();
    Some((profile, format!("{what}{target} is on it ({path})")))
}

fn has_marker(signature: &Signature, path: &str) -> bool {
    signature.markers.iter().any(|marker| marker.trim_end_matches('/') == path)
}

fn rockbox_target(root: &dyn Storage) -> Option<String> {
    target_in(&read(root, ROCKBOX)?)
}

/// `Target: sansaclipplus`
pub(crate) fn target_in(text: &str) -> Option<String> {
    let target = text.lines().find_map(|line| line.strip_prefix("Target:"))?.trim().to_owned();
    let is_plain = target.len() <= LONGEST_WORD && target.chars().all(|c| c.is_ascii_graphic());
    (is_plain && !target.is_empty()).then_some(target)
}

fn by_marker(root: &dyn Storage, signatures: &[Signature]) -> Told {
    let mut all = signatures.iter().flat_map(|one| one.markers.iter().map(move |marker| (one, marker)));
    let (signature, marker) = all.find(|(_, marker)| is_there(root, marker))?;
    Some((signature.profile.clone(), format!("{marker} is on it")))
}

/// Ids that ask for words, too, are surer than bare ones.
fn by_usb(seen: &Seen) -> Told {
    let usb = seen.usb?;
    let id = format!("{}:{}", usb.vendor, usb.product);
    let says = [usb.manufacturer.as_deref(), usb.model.as_deref()];
    let says = says.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let fits = |pattern: &str, with_words: bool| {
        let (wanted, words) = pattern.split_once(' ').unwrap_or((pattern, ""));
        let words = words.trim().to_lowercase();
        wanted.eq_ignore_ascii_case(&id)
            && words.is_empty() != with_words
            && says.to_lowercase().contains(&words)
    };
    let find = |with_words: bool| {
        seen.signatures.iter().find(|one| one.usb.iter().any(|pattern| fits(pattern, with_words)))
    };
    let signature = find(true).or_else(|| find(false))?;
    let says = if says.is_empty() { String::new() } else { format!(" ({says})") };
    Some((signature.profile.clone(), format!("its USB ids are {id}{says}")))
}

fn by_label(seen: &Seen) -> Told {
    let label = seen.label?;
    let is_it = |other: &String| other.to_lowercase() == label.to_lowercase();
    let signature = seen.signatures.iter().find(|signature| signature.labels.iter().any(is_it))?;
    Some((signature.profile.clone(), format!("its label is {label}")))
}

fn a_player(root: &dyn Storage) -> Told {
    let path = A_PLAYER.iter().find(|path| is_file(root, path))?;
    Some(("generic".to_owned(), format!("{path} is on it, and nothing says which player it is")))
}

/// What cannot be asked is not there: a damaged folder on one player must not hide the others.
fn is_there(root: &dyn Storage, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    is_inside(path) && root.entry(path).ok().flatten().is_some()
}

fn is_file(root: &dyn Storage, path: &str) -> bool {
    matches!(root.entry(path), Ok(Some(Entry::File { .. })))
}

/// The beginning of a plain file. Links are not followed, and a pipe is not waited for.
fn read(root: &dyn Storage, path: &str) -> Option<String> {
    if !is_file(root, path) {
        return None;
    }
    let bytes = root.beginning(path, LONGEST_READ).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
