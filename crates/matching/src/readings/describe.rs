//! Both sides of the comparison, taken apart once: what is wanted, and the ways a file's texts can be read.

use std::borrow::Cow;

use ferrotape_domain::{ReleaseKind, ReleaseKinds, Wanted, is_placeholder};

use crate::classical::composers::composer;
use crate::classical::performers::players_of;
use crate::classical::work::{AlbumWorks, Work};
use crate::readings::cut_tags::add_what_the_tag_says;
use crate::readings::disc_folders::without_disc;
use crate::readings::folders::claims_of_folders;
use crate::readings::names::{Names, says_nobody, split};
use crate::readings::own_version::OwnVersion;
use crate::readings::paths::{NameRead, PathWords, without_track_number};
use crate::readings::title::Title;
use crate::search::collection::{File, kept, milliseconds};
use crate::texts::dashes::is_dash;
use crate::texts::normalise::{fold, repair_mojibake, squash};
use crate::versions::album_claims::{claims_of_album, claims_of_folder};
use crate::versions::claims::claims_of_segment;
use crate::versions::productions::Production;
use crate::versions::table::{Claim, Kind};
use crate::weighing::place::Place;

/// Artists looked at of a wanted credit; more are hostile.
pub(crate) const MOST_ARTISTS: usize = 50;

/// What is wanted, folded and taken apart.
#[derive(Debug)]
pub(crate) struct Sought {
    pub(crate) title: Title,
    /// The title as printed, but for short forms of an own version, which are spelt out.
    pub(crate) printed: String,
    /// That, folded whole: for texts cut at 30 characters.
    pub(crate) title_folded: String,
    /// Its `?` and `!`.
    pub(crate) marks: String,
    pub(crate) names: Names,
    /// How many of `names` belong to the main artist.
    pub(crate) lead: usize,
    pub(crate) album: Album,
    /// Its place on the album.
    pub(crate) place: Place,
    /// Playing time in milliseconds.
    pub(crate) duration: Option<u32>,
    pub(crate) isrc: Option<String>,
    pub(crate) mbid: Option<String>,
    pub(crate) explicit: Option<bool>,
    /// Whether the album's name was cut from the title: then only that album may be cut from a file's.
    pub(crate) album_cut: bool,
    /// The classical work its title names, with the composer wherever he stands.
    pub(crate) work: Option<Work>,
    /// How a version that its artists recorded anew may be written.
    pub(crate) own_version: OwnVersion,
}

impl Sought {
    pub(crate) fn of(wanted: &Wanted) -> Self {
        let artists = || wanted.artists.names().take(MOST_ARTISTS).map(kept);
        let first = artists().next().unwrap_or_default();
        let lead = Names::of(std::iter::once(first)).0.len().max(1);
        // A single printed credit may hold several names; only its first part leads.
        let lead = if split(first).len() > 1 { 2 } else { lead };
        let names = Names::of(artists());
        let own_version = OwnVersion::of(&names);
        let spelt = |text: &str| own_version.spelt(text).unwrap_or_else(|| text.to_owned());
        let printed = spelt(kept(&wanted.title));
        let title = Title::parse(&printed);
        let album = Album::of(&spelt(kept(wanted.release.as_deref().unwrap_or_default())));
        let work = Work::of(&printed).map(|work| work.by(names.composer(), &album));
        Self {
            work,
            title_folded: fold(&printed),
            marks: marks(&printed),
            printed,
            title,
            names,
            lead,
            album,
            place: Place::wanted(wanted),
            duration: wanted.duration.map(milliseconds).filter(|ms| *ms > 0),
            isrc: wanted.isrc.as_ref().map(|isrc| isrc.as_str().to_owned()),
            mbid: wanted.recording_mbid.as_ref().map(|mbid| mbid.as_str().to_owned()),
            explicit: wanted.explicit,
            album_cut: false,
            own_version,
        }
    }
}

/// The marks that may be all that tells two titles of one album apart: `In the Flesh?`, `In the Flesh`. Not those of what
/// stands behind the title.
pub(crate) fn marks(title: &str) -> String {
    let title = title.trim_start_matches(['(', '[']);
    let end = [" (", " [", " - "].iter().filter_map(|mark| title.find(mark)).min();
    let title = end.and_then(|end| title.get(..end)).unwrap_or(title);
    let mark = |c: char| match c {
        '?' | '？' => Some('?'),
        '!' | '！' => Some('!'),
        _ => None,
    };
    title.chars().filter_map(mark).collect()
}

/// An album name: what it is called without edition words, and what it claims.
#[derive(Debug, Default)]
pub(crate) struct Album {
    pub(crate) printed: String,
    /// Folded whole.
    pub(crate) folded: String,
    /// Folded, without brackets and dash suffixes.
    pub(crate) base: String,
    /// The production of a musical or film that it names.
    production: Option<Production>,
    /// What it claims for its tracks, and whether plainly.
    pub(crate) claims: Vec<(Claim, bool)>,
    /// What of it only the type of the release says, not the name.
    pub(crate) by_type: Vec<Kind>,
    /// What the folders of a file claim beside it, and whether plainly.
    pub(crate) by_folders: Vec<(Claim, bool)>,
}

impl Album {
    /// The classical works its name lists.
    pub(crate) fn works(&self) -> AlbumWorks {
        AlbumWorks::of(&self.folded)
    }
}

impl Album {
    /// An album that only its folder names.
    fn of_folder(name: &str) -> Self {
        let album = Self::of(name);
        Self { claims: claims_of_folder(&repair_mojibake(name)), ..album }
    }

    pub(crate) fn of(name: &str) -> Self {
        if name.is_empty() {
            return Self::default();
        }
        let repaired = repair_mojibake(name);
        let folded = fold(&repaired);
        let base = repaired.split(['(', '[', '{']).next().map(fold).filter(|b| !b.is_empty());
        Self {
            base: base.unwrap_or_else(|| folded.clone()),
            production: Production::of(&repaired),
            claims: claims_of_album(&repaired),
            folded,
            printed: name.trim().to_owned(),
            by_type: Vec::new(),
            by_folders: Vec::new(),
        }
    }

    /// Adds what the type of the release says: `album; live`. A mix by a DJ may have its tracks whole.
    fn say_type(&mut self, kinds: ReleaseKinds) {
        for kind in kinds.kinds() {
            let (kind, plain) = match kind {
                ReleaseKind::Live => (Kind::Live, true),
                ReleaseKind::Remix => (Kind::Remix, true),
                ReleaseKind::Demo => (Kind::Demo, true),
                ReleaseKind::DjMix => (Kind::Medley, false),
                ReleaseKind::Interview => (Kind::Named, false),
            };
            match self.claims.iter_mut().find(|(claim, _)| claim.kind == kind) {
                Some((_, known)) => *known |= plain,
                None => {
                    self.claims.push((Claim { kind, particulars: Vec::new() }, plain));
                    self.by_type.push(kind);
                }
            }
        }
    }

    /// Whether both name a production of one show or film, and not the same.
    pub(crate) fn is_other_production(&self, other: &Self) -> bool {
        let both = self.production.as_ref().zip(other.production.as_ref());
        both.is_some_and(|(one, other)| one.is_other_than(other))
    }

    /// Whether both have one name without words of an edition; how its words are parted is nothing.
    pub(crate) fn has_name_of(&self, other: &Self) -> bool {
        let name = squash(&self.base);
        !name.is_empty() && name == squash(&other.base)
    }
}

/// From which texts a reading took title and artist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum From {
    Tags,
    ArtistInTitle,
    Swapped,
    FileName,
    FileNameSwapped,
}

/// Which text named a reading's artists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credit {
    /// The track's own.
    Own,
    /// The album artist or a folder, where the track names nobody.
    Indirect,
    /// The album artist, though the track's own artist is another text.
    Contradicted,
}

/// One way to read a file's texts as title and artist.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) from: From,
    pub(crate) title: Title,
    /// The text the title was parsed from.
    text: String,
    /// That text folded whole, and its length in characters.
    pub(crate) folded: String,
    pub(crate) length: usize,
    /// Printed artist texts; several names in one are separated by U+001F.
    artists: Vec<String>,
    /// Their names for sorting.
    sort_names: String,
    /// Who plays by other fields, as in [`File`].
    players: String,
    /// Where the names come from.
    pub(crate) credit: Credit,
    /// Whether what was cut off the file's name may tell which part of a title it is: `Ebb (2)`.
    pub(crate) may_be_part: bool,
    /// The subtitle of the title's tag that the name leaves out which this was read from; mostly none.
    pub(crate) unsaid: String,
}

/// A file's texts, read in every sensible way.
#[derive(Debug)]
pub(crate) struct Readings {
    pub(crate) all: Vec<Reading>,
    pub(crate) album: Album,
    /// Claims that stand in the file's name, not in its tags.
    pub(crate) name_claims: Vec<Claim>,
    /// Guests that the file's artist tags name, folded.
    pub(crate) credit: String,
}

impl Readings {
    pub(crate) fn of(file: &File<'_>) -> Self {
        Self::with_folders(file, &PathWords::of(file.path))
    }

    /// The same, with the folders read in this way.
    pub(crate) fn with_folders(file: &File<'_>, path: &PathWords<'_>) -> Self {
        let mut readings = Vec::new();
        let artists = if says_nobody(file.artists) { "" } else { file.artists };
        let album_artists = if says_nobody(file.album_artists) { "" } else { file.album_artists };
        let titled = !is_placeholder(file.title);
        if titled {
            from_tags(&mut readings, file.title, artists, album_artists, path);
        }
        // A sort tag speaks of the artist tag beside it.
        for reading in readings
            .iter_mut()
            .filter(|one: &&mut Reading| one.from == From::Tags && one.credit == Credit::Own)
        {
            reading.sort_names = file.sort_names.to_owned();
        }
        let cut = (27..=30).contains(&file.title.chars().count());
        if !titled || artists.is_empty() || cut {
            from_file_name(&mut readings, path, artists, album_artists);
        }
        if titled {
            add_what_the_tag_says(&mut readings, file.title);
        }
        if !file.players.is_empty() {
            readings.iter_mut().for_each(|reading| file.players.clone_into(&mut reading.players));
        }
        let mut album = if file.album.is_empty() {
            let mut album = Album::of_folder(folder_album(path.parent));
            // `Artist - In Concert - The Barn`: what the whole folder name claims counts too.
            album.claims.extend(claims_of_folder(path.parent));
            album
        } else {
            Album::of(file.album)
        };
        album.say_type(file.release_kinds);
        album.by_folders = claims_of_folders(file.path, &album, &[file.artists, file.album_artists]);
        // A file name that ends in the title adds nothing: `Artist - Polska` is no Polish version.
        let repeats =
            titled && squash(&fold(&path.stem)).ends_with(&squash(&fold(without_track_number(file.title))));
        let name_claims = if titled && !repeats {
            Title::parse(&without_album_behind(&path.stem, &album)).claims
        } else {
            Vec::new()
        };
        Self { all: readings, album, name_claims, credit: fold(file.artists) }
    }
}

/// A file's name without pieces that only repeat the album: `Ebb - Mara Quill - Sessions` says nothing of the track.
fn without_album_behind(stem: &str, album: &Album) -> String {
    let repeats = |piece: &&str| !album.folded.is_empty() && fold(piece) == album.folded;
    stem.split(" - ").filter(|piece| !repeats(piece)).collect::<Vec<_>>().join(" - ")
}

/// `Artist - Album (1999)`, `Album [CD2]` or `[1999] Album` as an album's name.
fn folder_album(folder: &str) -> &str {
    let name = without_disc(folder);
    without_disc(name.rsplit_once(" - ").map_or(name, |(_, album)| album))
}

/// `In the Style of Somebody`, `Somebody Cover`: a piece that says which version it is names no artist of it.
fn says_version(text: &str) -> bool {
    const BEGIN: &[&str] = &[
        "in the style of ",
        "originally performed by ",
        "made famous by ",
        "made popular by ",
        "tribute to ",
    ];
    const END: &[&str] = &[" cover", " remix", " version", " edit", " mix"];
    let folded = fold(text);
    // `Lisk Remix (Japanese Ver.)`
    let before = text.split(['(', '[']).next().map(fold).unwrap_or_default();
    BEGIN.iter().any(|start| folded.starts_with(start))
        || [&folded, &before].iter().any(|text| END.iter().any(|end| text.trim_end().ends_with(end)))
        || is_somebodys_version(&before, text)
}

/// `Modha & Lisk Rework`, but neither a band called `Live` nor a name with a year's mark behind it.
fn is_somebodys_version(folded: &str, raw: &str) -> bool {
    use Kind::{Cover, Karaoke, Language, ReRecording, Remix};
    let is_of_hands = |claim: &Claim| matches!(claim.kind, Remix | Cover | Karaoke | Language | ReRecording);
    folded.trim().contains(' ') && claims_of_segment(folded.trim(), raw).iter().any(is_of_hands)
}

/// Ways to read one file; more are hostile.
const MOST_READINGS: usize = 40;

fn add(readings: &mut Vec<Reading>, from: From, title: &str, artists: &[&str], credit: Credit) {
    let title = title.trim();
    let claimed = matches!(from, From::ArtistInTitle | From::FileName | From::FileNameSwapped)
        && artists.iter().any(|text| says_version(text));
    let is_known = |known: &Reading| {
        let same = known.from == from && known.credit == credit && known.text == title;
        same && known.artists.iter().map(String::as_str).eq(artists.iter().copied())
    };
    if title.is_empty() || readings.len() >= MOST_READINGS || claimed || readings.iter().any(is_known) {
        return;
    }
    let parsed = Title::parse(title);
    readings.push(Reading {
        from,
        text: title.to_owned(),
        folded: fold(title),
        length: title.chars().count(),
        title: parsed,
        artists: artists.iter().map(|text| (*text).to_owned()).collect(),
        sort_names: String::new(),
        players: String::new(),
        credit,
        may_be_part: false,
        unsaid: String::new(),
    });
}

impl Reading {
    /// The title as it is printed.
    pub(crate) fn printed(&self) -> &str {
        &self.text
    }

    /// The classical work this title names; `composers` is what the file's tag says.
    pub(crate) fn work(&self, composers: &str, album: &Album) -> Option<Work> {
        let tagged = composers.split('\u{1f}').find_map(|name| composer(&fold(name)));
        Work::of(&self.text).map(|work| work.by(tagged.or_else(|| self.names().composer()), album))
    }

    /// A file's tag that holds this title and nothing beside it.
    #[cfg(test)]
    pub(crate) fn of_title(title: &str) -> Self {
        Self {
            from: From::Tags,
            title: Title::parse(title),
            text: title.to_owned(),
            folded: fold(title),
            length: title.chars().count(),
            artists: Vec::new(),
            sort_names: String::new(),
            players: String::new(),
            credit: Credit::Own,
            may_be_part: false,
            unsaid: String::new(),
        }
    }

    /// The artists this reading names, and who plays beside them. Guests in the title are not among them: `Song (feat. Guest)`
    /// by somebody else is another recording.
    pub(crate) fn names(&self) -> Names {
        self.own_names().and(self.beside())
    }

    /// Who plays by the fields beside the artist, where that is a composer alone; a band's sessions name everybody.
    pub(crate) fn beside(&self) -> Names {
        let is_composer = || {
            let own = self.own_names();
            !own.is_empty() && own.players().is_empty()
        };
        if self.players.is_empty() || !is_composer() { Names::default() } else { players_of(&self.players) }
    }

    /// The artists alone.
    pub(crate) fn own_names(&self) -> Names {
        let names = Names::of(self.artists.iter().flat_map(|text| text.split('\u{1f}')));
        names.with_sort_names(self.sort_names.split(['\u{1f}', ';']))
    }
}

fn from_tags(
    readings: &mut Vec<Reading>,
    title: &str,
    artists: &str,
    album_artists: &str,
    path: &PathWords<'_>,
) {
    let own: Vec<&str> = if artists.is_empty() { Vec::new() } else { vec![artists] };
    let fallback: Vec<&str> =
        [album_artists, path.grandparent].into_iter().filter(|t| !t.is_empty() && !says_nobody(t)).collect();
    let (names, credit) = if own.is_empty() { (&fallback, Credit::Indirect) } else { (&own, Credit::Own) };
    add(readings, From::Tags, title, names, credit);
    if !album_artists.is_empty() && credit == Credit::Own && album_artists != artists {
        add(readings, From::Tags, title, &[album_artists], Credit::Contradicted);
    }
    let bare = without_track_number(title);
    if bare != title {
        add(readings, From::Tags, bare, names, credit);
    }
    for keeps_numbers in [false, true] {
        let pieces = pieces(title, keeps_numbers);
        if let [artist, .., last] = pieces.as_slice()
            && pieces.len() <= 4
        {
            let rest = pieces.get(1..).unwrap_or_default().join(" - ");
            let rest = if keeps_numbers { rest.as_str() } else { without_track_number(&rest) };
            add(readings, From::ArtistInTitle, rest, &[artist], Credit::Own);
            let before = pieces.split_last().map_or(String::new(), |(_, before)| before.join(" - "));
            add(readings, From::ArtistInTitle, &before, &[last], Credit::Own);
        }
    }
    if !artists.is_empty() {
        add(readings, From::Swapped, artists, &[title], Credit::Own);
    }
}

/// The parts between dashes; unless they are kept, without numbers before them and numbers that stand alone.
fn pieces(text: &str, keeps_numbers: bool) -> Vec<Cow<'_, str>> {
    let numbered =
        |piece: &str| !keeps_numbers && piece.len() <= 3 && piece.bytes().all(|b| b.is_ascii_digit());
    let text = if keeps_numbers { text } else { without_track_number(text) };
    let mut parts: Vec<&str> = Vec::new();
    let mut start = 0;
    for (at, dash) in text.char_indices().filter(|(_, c)| is_dash(*c)) {
        let end = at + dash.len_utf8();
        let spaced = text.get(..at).is_some_and(|t| t.ends_with(' '))
            && text.get(end..).is_some_and(|t| t.starts_with(' '));
        if spaced && at >= start {
            parts.push(text.get(start..at).unwrap_or_default());
            start = end;
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    let parts = parts.into_iter().map(str::trim);
    parts.filter(|piece| !piece.is_empty() && !numbered(piece)).map(Cow::Borrowed).collect()
}

/// Every way to read the name; it may begin with a number that is a track's or a word.
fn from_file_name(readings: &mut Vec<Reading>, path: &PathWords<'_>, artists: &str, album_artists: &str) {
    for name in path.names() {
        let before = readings.len();
        from_name(readings, &name, path, artists, album_artists);
        for reading in readings.iter_mut().skip(before) {
            reading.may_be_part = name.may_be_part;
        }
    }
}

fn from_name(
    readings: &mut Vec<Reading>,
    name: &NameRead,
    path: &PathWords<'_>,
    artists: &str,
    album_artists: &str,
) {
    let parts = pieces(&name.text, name.keeps_numbers);
    // `Artist - CD 2` has its dash before the disc only.
    let mut folder_names = [without_disc(path.parent), path.parent].into_iter();
    let folder_artist = folder_names.find_map(|name| Some(name.split_once(" - ")?.0)).unwrap_or_default();
    let above: Vec<&str> = [artists, album_artists, path.grandparent, folder_artist]
        .into_iter()
        .filter(|text| !text.is_empty() && !says_nobody(text))
        .collect();
    let above: Vec<&str> = if artists.is_empty() { above } else { vec![artists] };
    if let Some((first, rest)) = parts.split_first().filter(|(_, rest)| !rest.is_empty()) {
        let title = rest.join(" - ");
        let title = if name.keeps_numbers { title.as_str() } else { without_track_number(&title) };
        add(readings, From::FileName, title, &[first], Credit::Own);
        if let Some((last, before)) = parts.split_last() {
            add(readings, From::FileNameSwapped, &before.join(" - "), &[last], Credit::Own);
        }
        // "Title - Artist (Live)": the claim stands behind the artist, so it is the title's.
        if parts.len() == 3
            && let [a, b, c] = parts.as_slice()
        {
            add(readings, From::FileNameSwapped, &format!("{a} - {c}"), &[b], Credit::Own);
        }
    }
    if !above.is_empty() {
        add(
            readings,
            From::FileName,
            &parts.join(" - "),
            &above,
            if artists.is_empty() { Credit::Indirect } else { Credit::Own },
        );
    }
    if above.is_empty() && parts.len() == 1 {
        add(readings, From::FileName, &name.text, &[], Credit::Indirect);
    }
}

/// Whether claims say "clean".
pub(crate) fn is_clean(claims: &[Claim]) -> bool {
    claims.iter().any(|claim| claim.kind == Kind::Clean)
}
