//! The files that carry a saved album's name, by the editions that they are of: what lies in one album's folder belongs
//! together, and what lies elsewhere is of the same edition only where nothing speaks against it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::Index;
use crate::deciding::albums_of_server::by_albums_of_server;
use crate::deciding::copies::{COPY_APART, are_equal, are_two_tracks};
use crate::deciding::release::AlbumName;
use crate::readings::describe::Album;
use crate::readings::disc_folders::folders_between;
use crate::readings::folders::claims_of_folders;
use crate::readings::title::Title;
use crate::search::album_at::AlbumAt;
use crate::search::collection::File;
use crate::texts::normalise::{fold, squash};
use crate::versions::album_pieces::is_year;
use crate::versions::table::{Claim, Kind, Verdict, differences, rule};
use crate::weighing::advisory::says_karaoke;
use crate::weighing::place::Place;

const TWO_TITLES: &str =
    "files of different editions share this album's name: two titles stand under one track number";
const TWO_LENGTHS: &str =
    "several recordings of this album are here: files of one title differ in their playing time";
const TWO_YEARS: &str = "files of different editions share this album's name: their folders name other years";
const TWO_ALBUMS: &str =
    "two albums of this name are here: the release groups in their tags differ, and they share no title";
const TWO_DATES: &str =
    "files in two folders share this album's name, but no title, and their dates name other years";
const TWO_AT_SERVER: &str = "two albums of this name are on your server, and they share no title";
const NONE_HAS_ALL: &str =
    "files of different editions share this album's name, and none has all of its tracks";

/// One file of the album.
#[derive(Debug, Clone)]
pub(crate) struct Held<'a> {
    at: u32,
    pub(crate) file: File<'a>,
    disc: u16,
    title: String,
    claims: Vec<Claim>,
}

impl<'a> Held<'a> {
    /// `disc` is what its album's name tells, 0 when that tells none.
    pub(crate) fn new(at: u32, file: File<'a>, disc: u16) -> Self {
        let parsed = Title::parse(file.title);
        let stem = || Path::new(file.path).file_stem().unwrap_or_default().to_string_lossy();
        let title = match squash(&parsed.whole()) {
            title if !title.is_empty() => title,
            _ if file.track > 0 => format!("track {}", file.track),
            _ => squash(&fold(&stem())),
        };
        let disc = Place::of(&file).disc.max(disc).max(1);
        Self { at, file, disc, title, claims: parsed.claims }
    }

    /// Whether both are one track by title and number. One title may be that of several tracks.
    fn is_one_track(&self, other: &Self, index: &Index) -> bool {
        let is_another = |claims: &[Claim]| {
            differences(&self.claims, claims).iter().any(|found| found.verdict == Verdict::Reject)
        };
        let is_numbered_alike = self.file.track > 0 && self.file.track == other.file.track;
        self.disc == other.disc
            && self.title == other.title
            && !is_another(&other.claims)
            && (is_numbered_alike || !are_two_tracks(index, self.at, other.at))
    }

    /// Disc and track number; 0 where it has none.
    pub(crate) fn place(&self) -> (u16, u16) {
        (self.disc, self.file.track)
    }

    fn is_copy_of(&self, other: &Self) -> bool {
        let apart = self.file.duration.zip(other.file.duration).map(|(a, b)| a.abs_diff(b));
        are_equal(self.file.content, other.file.content) || apart.is_none_or(|apart| apart <= COPY_APART)
    }

    /// Lower is better.
    fn quality(&self) -> impl Ord + use<> {
        let file = &self.file;
        (Reverse(file.lossless), Reverse(file.bitrate_kbps), Reverse(file.filled_tags), self.at)
    }

    /// What its folders plainly say that the album is not.
    fn versions_by_folders(&self) -> Vec<Kind> {
        let album = Album::of(self.file.album);
        let claims = claims_of_folders(self.file.path, &album, &[self.file.artists, self.file.album_artists]);
        let plain = claims.into_iter().filter(|(_, plain)| *plain).map(|(claim, _)| claim.kind);
        plain.filter(|kind| rule(*kind).extra != Verdict::Allow).collect()
    }
}

/// One track: its copies.
#[derive(Debug, Clone)]
pub(crate) struct Track<'a> {
    disc: u16,
    /// 0 when no copy tells it.
    number: u16,
    copies: Vec<Held<'a>>,
}

impl<'a> Track<'a> {
    fn of(held: Held<'a>) -> Self {
        Self { disc: held.disc, number: held.file.track, copies: vec![held] }
    }

    fn is_one_track(&self, held: &Held<'_>, index: &Index) -> bool {
        self.copies.iter().any(|copy| copy.is_one_track(held, index))
    }

    fn is_copy_of(&self, held: &Held<'_>) -> bool {
        self.copies.iter().all(|copy| copy.is_copy_of(held))
    }

    fn add(&mut self, held: Held<'a>) {
        self.number = if self.number == 0 { held.file.track } else { self.number };
        self.copies.push(held);
    }

    /// Where it stands in the order of the album; what has no number is last.
    pub(crate) fn place(&self) -> (u16, u16) {
        (self.disc, if self.number == 0 { u16::MAX } else { self.number })
    }

    /// The best of its copies.
    pub(crate) fn best(&self) -> Option<&Held<'a>> {
        self.copies.iter().min_by_key(|copy| copy.quality())
    }
}

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

/// What files of another folder are to those of an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// Of the same edition, as far as anything tells.
    Same,
    /// Most of their recordings are the same, but they are another edition.
    Alike { lacks_some: bool },
    /// Another album, or other recordings of it.
    Other(&'static str),
    /// Another album by what its tags tell, however little of it is there.
    Apart(&'static str),
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

    /// As which version its folder or nearly all of its titles plainly make it known, where the wanted album's name says
    /// nothing of that, and who tells. A studio album may well end in some live tracks.
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

    /// Takes from files of another folder what this edition lacks, and its better copies, where they are of the same edition.
    /// Otherwise why a person must say which of the two is meant, unless what is there beside this one is little.
    pub(crate) fn take_from(&mut self, other: Self, index: &Index) -> Option<&'static str> {
        match self.relation(&other, index) {
            Relation::Same => {
                other.tracks.into_iter().for_each(|track| self.take(track, index));
                None
            }
            Relation::Alike { lacks_some } => lacks_some.then_some(NONE_HAS_ALL),
            Relation::Other(why) => {
                let is_much = other.tracks.len() * 2 >= self.tracks.len();
                // Of two that a server has under one name either may be the one that is wanted.
                (is_much || self.is_another_of_its_server(&other)).then_some(why)
            }
            Relation::Apart(why) => Some(why),
        }
    }

    fn take(&mut self, track: Track<'a>, index: &Index) {
        let is_own = |own: &&mut Track<'a>| track.copies.iter().any(|held| own.is_one_track(held, index));
        match self.tracks.iter_mut().find(is_own) {
            Some(own) => {
                // What another edition numbers anew would stand at another's place.
                let number = own.number;
                let fits = |held: &Held<'_>| number == 0 || held.file.track == 0 || held.file.track == number;
                track.copies.into_iter().filter(fits).for_each(|held| own.add(held));
            }
            None => self.tracks.push(track),
        }
    }

    fn files(&self) -> impl Iterator<Item = &File<'a>> {
        self.tracks.iter().flat_map(|track| &track.copies).map(|held| &held.file)
    }

    fn release_groups(&self) -> BTreeSet<u32> {
        self.files().map(|file| file.release_group).filter(|group| *group != 0).collect()
    }

    /// Whether its files all have one date's year, and the other's all another. Dates of several years are those of the songs,
    /// discs may have come out one by one, and one release group has editions of every year.
    fn is_of_another_year(&self, other: &Self) -> bool {
        let years = |edition: &Self| -> BTreeSet<u16> {
            edition.files().map(|file| file.year).filter(|year| *year != 0).collect()
        };
        let (ours, theirs) = (years(self), years(other));
        ours.len() == 1
            && theirs.len() == 1
            && ours != theirs
            && !are_apart(&self.discs(), &other.discs())
            && self.release_groups().is_disjoint(&other.release_groups())
    }

    /// Whether the server that lists both has them as two albums of one name and artist. Some take the folder of each disc for
    /// an album.
    fn is_another_of_its_server(&self, other: &Self) -> bool {
        let albums = |edition: &Self| -> BTreeSet<AlbumAt> {
            edition.files().map(|file| file.album_at).filter(|album| album.is_known()).collect()
        };
        let (ours, theirs) = (albums(self), albums(other));
        self.folder == other.folder
            && ours.iter().any(|album| theirs.iter().any(|other| album.is_apart(*other)))
            && ours.is_disjoint(&theirs)
            && !are_apart(&self.discs(), &other.discs())
    }

    fn discs(&self) -> BTreeSet<u16> {
        self.tracks.iter().map(|track| track.disc).collect()
    }

    fn relation(&self, other: &Self, index: &Index) -> Relation {
        let (mut same, mut two_lengths, mut two_titles, mut lacking) = (0_usize, 0_usize, 0_usize, 0_usize);
        for track in &other.tracks {
            let is_own = |own: &&Track<'a>| track.copies.iter().any(|held| own.is_one_track(held, index));
            match self.tracks.iter().find(is_own) {
                Some(own) if track.copies.iter().all(|held| own.is_copy_of(held)) => same += 1,
                Some(_) => two_lengths += 1,
                None if track.number > 0 && self.tracks.iter().any(|own| own.place() == track.place()) => {
                    two_titles += 1;
                }
                None => lacking += 1,
            }
        }
        let differ = two_lengths + two_titles;
        let of_two_years = !self.years.is_empty()
            && !other.years.is_empty()
            && self.years.iter().all(|year| !other.years.contains(year));
        // What shares no title with this one only fills its gaps: then the tags must not tell that it is another album.
        let of_two_groups = are_apart(&self.release_groups(), &other.release_groups());
        let shares_none = same + two_lengths == 0;
        if shares_none && of_two_groups {
            return Relation::Apart(TWO_ALBUMS);
        }
        let of_two_at_server = self.is_another_of_its_server(other);
        if shares_none && of_two_at_server {
            return Relation::Apart(TWO_AT_SERVER);
        }
        if let Some(why) = other.doubt {
            return Relation::Other(why);
        }
        if shares_none && differ == 0 && !of_two_years && self.is_of_another_year(other) {
            return Relation::Apart(TWO_DATES);
        }
        // A copy may bear the id of another group by mistake, but it adds nothing then.
        if differ == 0 && !of_two_years && !of_two_at_server && !(of_two_groups && lacking > 0) {
            return Relation::Same;
        }
        if same > 0 && same >= 3 * differ {
            return Relation::Alike { lacks_some: lacking > 0 };
        }
        Relation::Other(match (two_titles, two_lengths) {
            (0, 0) => TWO_YEARS,
            (titles, lengths) if lengths >= titles => TWO_LENGTHS,
            _ => TWO_TITLES,
        })
    }
}

/// Whether both tell something, and nothing in common.
pub(crate) fn are_apart<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> bool {
    !one.is_empty() && !other.is_empty() && one.is_disjoint(other)
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
