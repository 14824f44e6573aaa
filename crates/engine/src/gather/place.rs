//! Where a fetched file lies in the collection.
//!
//! The folders say what it is (`podcasts`, `audiobooks`, `music`), as the folders of people do; the name is the one that
//! the file has where it comes from, with a mark of its own so that no two are ever on one name and the same file is
//! always on the same.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ferrotape_device::{NameRules, Profiles, safe_name};
use ferrotape_domain::{RemoteOffer, is_own_place, letters_of};
use ferrotape_matching::{says_another_version, says_nothing_of_an_album};
use rayon::prelude::*;

/// Longest name of a folder, and of a file without mark and ending, in UTF-16 units and bytes.
const UNITS: usize = 60;
const BYTES: usize = 150;

/// The file's place below `root`.
pub(super) fn path_in_collection(root: &Path, place: &str, offer: &RemoteOffer) -> PathBuf {
    Shelved::of(offer).folder(root, place).join(file_name(place, offer))
}

/// The folders of everything that one place offers. A server lists each album track by track, so each folder is worked out
/// once for all that lie in it.
pub(super) struct FoldersOfAll<'a> {
    root: &'a Path,
    place: &'a str,
    folders: HashMap<Shelved<'a>, PathBuf>,
}

impl<'a> FoldersOfAll<'a> {
    pub(super) fn of(
        root: &'a Path,
        place: &'a str,
        offers: impl IntoIterator<Item = &'a RemoteOffer>,
    ) -> Self {
        let shelved: HashSet<Shelved<'a>> = offers.into_iter().map(Shelved::of).collect();
        let folders = shelved.into_par_iter().map(|shelved| (shelved, shelved.folder(root, place))).collect();
        Self { root, place, folders }
    }

    /// The same as [`path_in_collection`].
    pub(super) fn path(&self, offer: &'a RemoteOffer) -> PathBuf {
        match self.folders.get(&Shelved::of(offer)) {
            Some(folder) => folder.join(file_name(self.place, offer)),
            None => path_in_collection(self.root, self.place, offer),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Podcast,
    Audiobook,
    Music,
}

/// All of an offer that its folder is named by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Shelved<'a> {
    kind: Kind,
    artist: &'a str,
    album: &'a str,
    /// The folders that it lies in at its place.
    there: &'a str,
}

impl<'a> Shelved<'a> {
    fn of(offer: &'a RemoteOffer) -> Self {
        let tags = &offer.tags;
        let is = |genre: &str| tags.genres.iter().any(|known| known.eq_ignore_ascii_case(genre));
        let kind = match (is("podcast"), is("audiobook")) {
            (true, _) => Kind::Podcast,
            (false, true) => Kind::Audiobook,
            (false, false) => Kind::Music,
        };
        let artist = tags.album_artists.first().or_else(|| tags.artists.first());
        Self {
            kind,
            artist: artist.map(String::as_str).unwrap_or_default(),
            album: tags.album.as_deref().unwrap_or_default(),
            there: &offer.folder,
        }
    }

    fn folder(self, root: &Path, place: &str) -> PathBuf {
        let album = name(&album_of(self), "no album");
        let artist = || name(self.artist, "no artist");
        match self.kind {
            Kind::Podcast => root.join("podcasts").join(album),
            Kind::Audiobook => root.join("audiobooks").join(artist()).join(album),
            Kind::Music => {
                let place = name(&folder_of(place), "elsewhere");
                root.join("music").join(place).join(artist()).join(album)
            }
        }
    }
}

/// The name of a file in its folder.
fn file_name(place: &str, offer: &RemoteOffer) -> String {
    let given = offer.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, ending) = given.rsplit_once('.').unwrap_or((given, ""));
    let ending = safe_name(ending, rules(), 8, 8);
    let ending = if ending.is_empty() { "audio".to_owned() } else { ending.to_ascii_lowercase() };
    let title = || offer.tags.title.as_deref().unwrap_or_default();
    let stem = name(if stem.is_empty() { title() } else { stem }, "file");
    let mark = blake3::hash(format!("{place}\n{}", offer.id).as_bytes()).to_hex();
    format!("{stem} [{}].{ending}", &mark.as_str()[..8])
}

/// A text as the name of a file or folder.
fn name(text: &str, otherwise: &str) -> String {
    let name = safe_name(text, rules(), UNITS, BYTES);
    if name.is_empty() { otherwise.to_owned() } else { name }
}

fn rules() -> &'static NameRules {
    &Profiles::built_in().generic().names
}

/// The album of a file; where only its folder at its place tells that it is live or karaoke, as that is called. Once the file
/// is here its folder is all that says so.
fn album_of(Shelved { artist, album, there, .. }: Shelved<'_>) -> Cow<'_, str> {
    let mut folders = there.rsplit('/').skip_while(|folder| says_nothing_of_an_album(folder));
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
            assert_eq!(album_of(Shelved::of(&offer(folder))), album, "{folder}");
        }
    }

    #[test]
    fn files_that_are_named_together_lie_where_each_lies_alone() {
        let offer = |id: &str, album: Option<&str>, genre: &str, folder: &str| RemoteOffer {
            tags: TagSet {
                title: Some(format!("Ebb {id}")),
                album: album.map(str::to_owned),
                artists: vec!["Mara Quill".to_owned()],
                genres: vec![genre.to_owned()],
                ..TagSet::default()
            },
            folder: folder.to_owned(),
            ..RemoteOffer::bare(id, &format!("../{id}.FLAC"), Rights::Own)
        };
        let quill = |offer: RemoteOffer| RemoteOffer {
            tags: TagSet { album_artists: vec!["Quill: Trio".to_owned()], ..offer.tags },
            ..offer
        };
        let offers = [
            offer("1", Some("Low Water"), "Folk", "Mara Quill/Low Water"),
            offer("2", Some("Low Water"), "Folk", "Mara Quill/Low Water"),
            offer("3", Some("Low Water"), "Folk", "Mara Quill/Low Water (Live)"),
            offer("4", Some("Low Water"), "Podcast", "Mara Quill/Low Water"),
            offer("5", Some("Low Water"), "audiobook", "Mara Quill/Low Water"),
            quill(offer("6", Some("Low Water"), "Folk", "Mara Quill/Low Water")),
            offer("7", None, "Folk", ""),
        ];
        let (root, place) = (Path::new("/c"), "subsonic:home");
        let folders = FoldersOfAll::of(root, place, &offers);
        let paths: Vec<PathBuf> = offers.iter().map(|offer| folders.path(offer)).collect();
        let alone: Vec<PathBuf> = offers.iter().map(|offer| path_in_collection(root, place, offer)).collect();
        assert_eq!(paths, alone);
        let in_folders: HashSet<Option<&Path>> = paths.iter().map(|path| path.parent()).collect();
        assert_eq!(in_folders.len(), 6, "only the first two share theirs: {paths:?}");
        let unknown = offer("8", Some("High Water"), "Folk", "");
        assert_eq!(folders.path(&unknown), path_in_collection(root, place, &unknown));
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
