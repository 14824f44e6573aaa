//! Where a fetched file lies in the collection.
//!
//! The folders say what it is (`podcasts`, `audiobooks`, `music`), as the folders of people do; the name is the one that
//! the file has where it comes from, with a mark of its own so that no two are ever on one name and the same file is
//! always on the same.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ferrotape_device::{Profile, safe_name};
use ferrotape_domain::{RemoteOffer, is_own_place, letters_of};
use ferrotape_matching::{says_another_version, says_nothing_of_an_album};

/// Longest name of a folder, and of a file without mark and ending, in UTF-16 units and bytes.
const UNITS: usize = 60;
const BYTES: usize = 150;

/// The file's place below `root`.
pub(super) fn path_in_collection(root: &Path, place: &str, offer: &RemoteOffer) -> PathBuf {
    let rules = Profile::generic().names;
    let name = |text: &str, otherwise: &str| {
        let name = safe_name(text, &rules, UNITS, BYTES);
        if name.is_empty() { otherwise.to_owned() } else { name }
    };
    let tags = &offer.tags;
    let album = name(&album_of(offer), "no album");
    let artist = tags.album_artists.first().or_else(|| tags.artists.first());
    let artist = name(artist.map(String::as_str).unwrap_or_default(), "no artist");
    let is = |genre: &str| tags.genres.iter().any(|known| known.eq_ignore_ascii_case(genre));
    let folder = if is("podcast") {
        root.join("podcasts").join(album)
    } else if is("audiobook") {
        root.join("audiobooks").join(artist).join(album)
    } else {
        root.join("music").join(name(&folder_of(place), "elsewhere")).join(artist).join(album)
    };
    let given = offer.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, ending) = given.rsplit_once('.').unwrap_or((given, ""));
    let ending = safe_name(ending, &rules, 8, 8);
    let ending = if ending.is_empty() { "audio".to_owned() } else { ending.to_ascii_lowercase() };
    let stem = name(if stem.is_empty() { tags.title.as_deref().unwrap_or_default() } else { stem }, "file");
    let mark = blake3::hash(format!("{place}\n{}", offer.id).as_bytes()).to_hex();
    folder.join(format!("{stem} [{}].{ending}", &mark.as_str()[..8]))
}

/// The album of a file; where only its folder at its place tells that it is live or karaoke, as that is called. Once the file
/// is here its folder is all that says so.
fn album_of(offer: &RemoteOffer) -> Cow<'_, str> {
    let tags = &offer.tags;
    let album = tags.album.as_deref().unwrap_or_default();
    let artist = tags.album_artists.first().or_else(|| tags.artists.first());
    let artist = artist.map(String::as_str).unwrap_or_default();
    let mut folders = offer.folder.rsplit('/').skip_while(|folder| says_nothing_of_an_album(folder));
    let folder = folders.next().unwrap_or_default();
    if album.is_empty() || !says_another_version(folder, album, artist) {
        return Cow::Borrowed(album);
    }
    let names_it = |folder: &str| letters_of(folder).contains(&letters_of(album));
    match folders.next() {
        _ if names_it(folder) => Cow::Borrowed(folder),
        Some(above) if names_it(above) => Cow::Owned(format!("{album} ({folder})")),
        // It may be a shelf.
        _ => Cow::Borrowed(album),
    }
}

/// Where a file lies or is to lie that its place gives now: beside what came under its id before, where that has another
/// size. What came first stays; it may be of use as what it is.
pub(super) fn path_as_it_is_now(usual: PathBuf, offer: &RemoteOffer) -> PathBuf {
    let there = usual.metadata().ok().map(|found| found.len());
    if there.is_none() || offer.size.is_none() || there == offer.size {
        return usual;
    }
    beside(&usual, &format!("{:?}\n{:?}", offer.size, offer.sums))
}

/// The folder of a place's music. Few file systems take a colon.
fn folder_of(place: &str) -> String {
    place.replace(':', " ")
}

/// The place whose music a folder has.
fn place_of(folder: &str) -> String {
    folder.replacen(' ', ":", 1)
}

/// Whether a file lies as music does that a place for everybody gave. Where the library knows no more where it is from – it
/// was lost, and the collection was not – it is not taken for the user's own.
pub(crate) fn lies_as_of_everybody(path: &Path) -> bool {
    let mut parts = path.iter().rev().map(OsStr::to_string_lossy);
    let Some(name) = parts.next() else { return false };
    // Between them are the album and the artist.
    let (place, kind) = (parts.nth(2), parts.next());
    kind.is_some_and(|kind| kind == "music")
        && place.is_some_and(|folder| !is_own_place(&place_of(&folder)))
        && has_mark(&name)
}

/// Whether a name ends with a mark, as all do that fetched files get.
fn has_mark(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mark = stem.strip_suffix(']').and_then(|stem| stem.rsplit_once(" [")).map(|(_, mark)| mark);
    let is_digit = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    mark.is_some_and(|mark| mark.len() == 8 && mark.bytes().all(is_digit))
}

/// A place beside the usual one; `told` tells it from others.
pub(super) fn beside(usual: &Path, told: &str) -> PathBuf {
    let mark = blake3::hash(told.as_bytes()).to_hex();
    let text = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = (text(usual.file_stem()), text(usual.extension()));
    usual.with_file_name(format!("{stem} [{}].{ending}", &mark.as_str()[..8]))
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{Rights, TagSet};

    use super::*;

    #[test]
    fn what_only_a_folder_tells_of_the_version_stays_told() {
        let offer = |folder: &str| RemoteOffer {
            tags: TagSet {
                album: Some("Low Water".to_owned()),
                artists: vec!["Mara Quill".to_owned()],
                ..TagSet::default()
            },
            folder: folder.to_owned(),
            ..RemoteOffer::bare("s1", "Ebb.flac", Rights::Own)
        };
        for (folder, album) in [
            ("", "Low Water"),
            ("Mara Quill/Low Water", "Low Water"),
            ("Mara Quill/1990 - Low Water/CD 1", "Low Water"),
            ("Mara Quill/Low Water (Karaoke)", "Low Water (Karaoke)"),
            ("Mara Quill/Low Water (Live)/CD 1", "Low Water (Live)"),
            ("Mara Quill/Low Water/Karaoke", "Low Water (Karaoke)"),
            ("Music/Mara Quill/Live", "Low Water"),
        ] {
            assert_eq!(album_of(&offer(folder)), album, "{folder}");
        }
    }

    #[test]
    fn a_file_that_changed_at_its_place_is_put_beside_what_came_before() -> std::io::Result<()> {
        let root = tempfile::tempdir()?;
        let bare = || RemoteOffer::bare("s1", "Ebb.flac", Rights::Own);
        let offer = |size: Option<u64>| RemoteOffer { size, ..bare() };
        let usual_of = |offer: &RemoteOffer| path_in_collection(root.path(), "subsonic:home", offer);
        let at = |size| path_as_it_is_now(usual_of(&offer(size)), &offer(size));
        let usual = at(Some(4));
        assert_eq!(at(Some(9)), usual, "nothing is there yet");
        std::fs::create_dir_all(usual.parent().unwrap_or(root.path()))?;
        std::fs::write(&usual, "gull")?;
        assert_eq!((at(Some(4)), at(None)), (usual.clone(), usual.clone()));
        let changed = at(Some(9));
        assert!(changed != usual && changed.parent() == usual.parent(), "{}", changed.display());
        assert_eq!(at(Some(9)), changed, "where it is found again");
        assert_ne!(at(Some(8)), changed);
        Ok(())
    }

    #[test]
    fn what_places_for_everybody_gave_is_told_by_where_it_lies() {
        let offer = RemoteOffer::bare("1000", "1000.mp3", Rights::Unknown);
        let is = |place: &str| lies_as_of_everybody(&path_in_collection(Path::new("/c"), place, &offer));
        assert!(is("jamendo") && is("internet-archive") && is("program:shelf"));
        assert!(!is("subsonic:home") && !is("jellyfin:den"));
        let at = |path: &str| lies_as_of_everybody(Path::new(path));
        assert!(at("/c/music/jamendo/Mara Quill/Low Water/Ebb [0011aabb] [22334455].mp3"));
        assert!(!at("/c/music/jamendo/Mara Quill/Low Water/Ebb [Live2004].mp3"), "the user put it there");
        assert!(!at("/c/bought/Mara Quill/Low Water/Ebb [0011aabb].mp3") && !at("Ebb [0011aabb].mp3"));
    }
}
