//! The files that carry a saved album's name, by the editions that they are of: what lies in one album's folder belongs
//! together, and what lies elsewhere is of the same edition only where nothing speaks against it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::Index;
use crate::deciding::albums_of_server::by_albums_of_server;
use crate::deciding::release::AlbumName;
use crate::readings::describe::Album;
use crate::readings::disc_folders::folders_between;
use crate::texts::normalise::fold;
use crate::versions::album_pieces::is_year;
use crate::versions::table::{Kind, Verdict, rule};
use crate::weighing::advisory::says_karaoke;
pub(crate) use relation::are_apart;
pub(crate) use tracks::{Held, Track};

mod relation;
mod tracks;

const TWO_TITLES: &str =
    "files of different editions share this album's name: two titles stand under one track number";
const TWO_LENGTHS: &str =
    "several recordings of this album are here: files of one title differ in their playing time";

/// What lies in the folder of one album, and its tracks.
#[derive(Debug, Clone)]
pub(crate) struct Edition<'a> {
    pub(crate) tracks: Vec<Track<'a>>,
    /// Why its files cannot be of one edition.
    pub(crate) doubt: Option<&'static str>,
    /// The years in its folder's name.
    years: Vec<String>,
    /// The folder of its album, with those above it.
    folder: String,
}

impl<'a> Edition<'a> {
    /// The editions that these files are of. What contradicts itself in one folder may be one of each format.
    pub(crate) fn all_of(files: Vec<Held<'a>>, index: &Index) -> Vec<Self> {
        let mut folders: BTreeMap<String, Vec<Held<'a>>> = BTreeMap::new();
        for held in files {
            folders.entry(folder_of_album(held.file.path)).or_default().push(held);
        }
        let mut editions = Vec::new();
        for files in folders.into_values().flat_map(by_albums_of_server) {
            let whole = Self::of(files.clone(), index);
            let mut by_ending: BTreeMap<String, Vec<Held<'a>>> = BTreeMap::new();
            for held in files {
                by_ending.entry(ending(held.file.path)).or_default().push(held);
            }
            match whole.doubt {
                Some(_) if by_ending.len() > 1 => {
                    editions.extend(by_ending.into_values().map(|files| Self::of(files, index)));
                }
                _ => editions.push(whole),
            }
        }
        editions
    }

    fn of(files: Vec<Held<'a>>, index: &Index) -> Self {
        let path = files.first().map(|held| held.file.path).unwrap_or_default();
        let (years, folder) = (years_of_folder(path), folder_of_album(path));
        let mut doubt = None;
        let mut titled: BTreeMap<(u16, String), Vec<Track<'a>>> = BTreeMap::new();
        for held in files {
            let tracks = titled.entry((held.disc, held.title.clone())).or_default();
            match tracks.iter_mut().find(|track| track.is_one_track(&held, index)) {
                Some(track) => {
                    if !track.is_copy_of(&held) {
                        doubt = Some(TWO_LENGTHS);
                    }
                    track.add(held);
                }
                None => tracks.push(Track::of(held)),
            }
        }
        let tracks: Vec<Track<'a>> = titled.into_values().flatten().collect();
        if has_two_at_one_place(&tracks) {
            doubt = Some(TWO_TITLES);
        }
        Self { tracks, doubt, years, folder }
    }

    /// More is better: how much of the album it has, and how well it sounds.
    pub(crate) fn rank(&self) -> impl Ord + use<> {
        let best = || self.tracks.iter().filter_map(Track::best);
        let lossless = best().filter(|held| held.file.lossless).count();
        let kbps: u64 = best().map(|held| u64::from(held.file.bitrate_kbps)).sum();
        (self.tracks.len(), lossless, kbps, Reverse(best().map(|held| held.at).min()))
    }

    /// The file that stands for it where a person is asked.
    pub(crate) fn first_file(&self) -> Option<i64> {
        let first = self.tracks.iter().min_by_key(|track| track.place())?;
        first.best().map(|held| held.file.file_id)
    }

    /// As which version its folder, its marks or nearly all of its titles plainly make it known, where the wanted album's name
    /// says nothing of that, and who tells. A studio album may well end in some live tracks.
    pub(crate) fn other_version(&self, wanted: &Album, is_compilation: bool) -> Option<(Kind, &'static str)> {
        let is_wanted = |kind: Kind| wanted.claims.iter().any(|(claim, _)| claim.kind == kind);
        let files: Vec<&Held<'a>> = self.tracks.iter().flat_map(|track| &track.copies).collect();
        let mut by_folders = files.iter().map(|held| held.versions_by_folders());
        let first = by_folders.next().unwrap_or_default();
        let in_all = by_folders.fold(first, |mut kinds, of_file| {
            kinds.retain(|kind| of_file.contains(kind));
            kinds
        });
        if let Some(kind) = in_all.into_iter().find(|kind| !is_wanted(*kind)) {
            return Some((kind, "its folder"));
        }
        let by_genre = |held: &&Held<'a>| held.file.is_karaoke && !says_karaoke(&fold(held.file.artists));
        if files.iter().all(by_genre) && !is_wanted(Kind::Karaoke) {
            return Some((Kind::Karaoke, "its genre"));
        }
        if self.is_marked_clean(is_compilation) && !is_wanted(Kind::Clean) {
            return Some((Kind::Clean, "the mark of shops"));
        }
        self.version_of_titles(is_compilation, is_wanted)
    }

    /// Whether what shops mark of its words says that it is an album's clean version. They mark the songs that there are
    /// in two versions, and of a clean album no others; a sampler may have some of them on it.
    pub(crate) fn is_marked_clean(&self, is_compilation: bool) -> bool {
        let count = |is: fn(&Held<'a>) -> bool| {
            self.tracks.iter().filter(|track| track.copies.iter().all(is)).count()
        };
        let (clean, explicit) = (count(Held::is_marked_clean), count(Held::is_marked_explicit));
        let of = if is_compilation { self.tracks.len() } else { clean + explicit };
        clean > 0 && clean * 4 >= of * 3
    }

    /// Whether another edition has a song that this one lacks.
    pub(crate) fn lacks_one_of(&self, other: &Self) -> bool {
        let songs = |edition: &Self| -> BTreeSet<(u16, String)> {
            let all = edition.tracks.iter().flat_map(|track| &track.copies);
            all.map(|held| (held.disc, held.title.clone())).collect()
        };
        !songs(other).is_subset(&songs(self))
    }

    /// What nearly all of its titles say.
    fn version_of_titles(
        &self,
        is_compilation: bool,
        is_wanted: impl Fn(Kind) -> bool,
    ) -> Option<(Kind, &'static str)> {
        let counts = |kind: Kind| {
            // Samplers and mixes are made of remixes and long versions, whatever they are called.
            let of_samplers = is_compilation && matches!(kind, Kind::Remix | Kind::Extended);
            let is_piece = matches!(kind, Kind::Named | Kind::Medley | Kind::Reprise);
            rule(kind).extra == Verdict::Reject && !of_samplers && !is_piece && !is_wanted(kind)
        };
        let mut told: BTreeMap<Kind, usize> = BTreeMap::new();
        for track in &self.tracks {
            let mut kinds: Vec<Kind> =
                track.copies.iter().flat_map(|held| &held.claims).map(|claim| claim.kind).collect();
            kinds.sort_unstable();
            kinds.dedup();
            kinds
                .into_iter()
                .filter(|kind| counts(*kind))
                .for_each(|kind| *told.entry(kind).or_default() += 1);
        }
        let nearly_all = told.into_iter().find(|(_, count)| count * 4 >= self.tracks.len() * 3);
        nearly_all.map(|(kind, _)| (kind, "its titles"))
    }
}

/// The files without the clean version of what is there as another, too: their words part them, however well it sounds. A
/// karaoke version in a folder of its own is none instead of it.
pub(crate) fn without_clean_beside_others<'a>(files: Vec<Held<'a>>) -> Vec<Held<'a>> {
    if !files.iter().any(Held::is_marked_clean) {
        return files;
    }
    let (clean, others): (Vec<Held<'a>>, Vec<Held<'a>>) = files.into_iter().partition(Held::is_marked_clean);
    let is_plain = |other: &&Held<'a>| !other.file.is_karaoke && other.versions_by_folders().is_empty();
    let plain: Vec<&Held<'a>> = others.iter().filter(is_plain).collect();
    let alone: Vec<Held<'a>> =
        clean.into_iter().filter(|held| !plain.iter().any(|other| other.is_one_song(held))).collect();
    others.into_iter().chain(alone).collect()
}

/// Whether two of these tracks stand at one place by the number of any of their copies.
fn has_two_at_one_place(tracks: &[Track<'_>]) -> bool {
    let mut places: BTreeMap<(u16, u16), usize> = BTreeMap::new();
    tracks.iter().enumerate().any(|(at, track)| {
        let mut numbered = track.copies.iter().filter(|held| held.file.track > 0);
        numbered.any(|held| *places.entry((held.disc, held.file.track)).or_insert(at) != at)
    })
}

/// The folder of a file's album, with the folders above it: without those of discs and formats, and without the disc that
/// its own name tells.
fn folder_of_album(path: &str) -> String {
    let above: Vec<&str> = path.rsplit(['/', '\\']).skip(1 + folders_between(path)).collect();
    let Some((folder, above)) = above.split_first() else { return String::new() };
    format!("{}/{}", above.join("/"), AlbumName::of(folder).key)
}

fn years_of_folder(path: &str) -> Vec<String> {
    let folder = path.rsplit(['/', '\\']).nth(1 + folders_between(path)).unwrap_or_default();
    fold(folder).split(' ').filter(|word| is_year(word)).map(str::to_owned).collect()
}

fn ending(path: &str) -> String {
    Path::new(path).extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_discs_and_formats_are_of_one_album() {
        let own = folder_of_album("m/Mara Quill/Low Water/a.flac");
        for path in [
            "m/Mara Quill/Low Water/CD1/a.flac",
            "m/Mara Quill/Low Water/CD 2/FLAC/a.flac",
            "m/Mara Quill/Low Water (Disc 2)/a.flac",
            "m/Mara Quill/low water CD1/a.mp3",
        ] {
            assert_eq!(folder_of_album(path), own, "{path}");
        }
        for path in [
            "m/Mara Quill/Low Water (1990)/a.flac",
            "m/Mara Quill/Low Water/Karaoke/a.flac",
            "n/Mara Quill/Low Water/a.flac",
            "a.flac",
        ] {
            assert_ne!(folder_of_album(path), own, "{path}");
        }
        assert_eq!(years_of_folder("m/1990 - Low Water [2004]/CD1/a.flac"), ["1990", "2004"]);
        assert_eq!(years_of_folder("1990/Low Water/a.flac"), [""; 0]);
        assert_eq!((ending("a/b.FLAC"), ending("a/b")), ("flac".to_owned(), String::new()));
    }
}
