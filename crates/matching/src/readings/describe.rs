//! Both sides of the comparison, taken apart once: what is wanted, and the ways a file's texts can be read.

use ferrotape_domain::is_placeholder;

use crate::readings::cut_tags::add_what_the_tag_says;
use crate::readings::disc_folders::without_disc;
use crate::readings::folders::claims_of_folders;
use crate::readings::names::says_nobody;
use crate::readings::paths::{PathWords, without_track_number};
use crate::readings::title::Title;
use crate::search::collection::File;
use crate::texts::normalise::{fold, squash};
use crate::versions::album_claims::claims_of_folder;
use crate::versions::table::{Claim, Kind};
pub(crate) use album::Album;
pub(crate) use reading::{Credit, From, Reading};
pub(crate) use sought::{MOST_ARTISTS, Sought, marks};
use ways::{from_file_name, from_tags};

mod album;
mod reading;
mod sought;
mod ways;

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
        album.say_live_by([file.artists, file.album_artists].iter().flat_map(|names| names.split('\u{1f}')));
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

/// Whether claims say "clean".
pub(crate) fn is_clean(claims: &[Claim]) -> bool {
    claims.iter().any(|claim| claim.kind == Kind::Clean)
}
