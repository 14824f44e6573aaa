//! What is wanted, folded and taken apart once.

use ferrotape_domain::Wanted;

use super::Album;
use crate::classical::work::Work;
use crate::readings::names::{Names, split};
use crate::readings::own_version::OwnVersion;
use crate::readings::title::Title;
use crate::search::collection::{kept, milliseconds};
use crate::texts::normalise::fold;
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
        let mut album = Album::of(&spelt(kept(wanted.release.as_deref().unwrap_or_default())));
        album.say_live_by(artists());
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
