//! Where a fetched file lies in the collection.
//!
//! The folders say what it is (`podcasts`, `audiobooks`, `music`), as the folders of people do; the name is the one that
//! the file has where it comes from, with a mark of its own so that no two are ever on one name and the same file is
//! always on the same.

use std::path::{Path, PathBuf};

use ferrotape_device::{Profile, safe_name};
use ferrotape_domain::RemoteOffer;

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
    let album = name(tags.album.as_deref().unwrap_or_default(), "no album");
    let artist = tags.album_artists.first().or_else(|| tags.artists.first());
    let artist = name(artist.map(String::as_str).unwrap_or_default(), "no artist");
    let is = |genre: &str| tags.genres.iter().any(|known| known.eq_ignore_ascii_case(genre));
    let folder = if is("podcast") {
        root.join("podcasts").join(album)
    } else if is("audiobook") {
        root.join("audiobooks").join(artist).join(album)
    } else {
        root.join("music").join(name(&place.replace(':', " "), "elsewhere")).join(artist).join(album)
    };
    let given = offer.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, ending) = given.rsplit_once('.').unwrap_or((given, ""));
    let ending = safe_name(ending, &rules, 8, 8);
    let ending = if ending.is_empty() { "audio".to_owned() } else { ending.to_ascii_lowercase() };
    let stem = name(if stem.is_empty() { tags.title.as_deref().unwrap_or_default() } else { stem }, "file");
    let mark = blake3::hash(format!("{place}\n{}", offer.id).as_bytes()).to_hex();
    folder.join(format!("{stem} [{}].{ending}", &mark.as_str()[..8]))
}
