//! When two descriptions are of one thing, and what the one adds to the other.

use std::time::Duration;

use ferrotape_domain::{Wanted, WantedKind};

/// Lower case, with single spaces.
pub(crate) fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Playing times of one recording differ by no more, whoever measured them.
const SAME_TIME: Duration = Duration::from_secs(3);

/// Whether two things of one name carry ids, playing times or places on a release that tell them apart.
pub(super) fn differ(one: &Wanted, other: &Wanted) -> bool {
    let times = one.duration.zip(other.duration);
    differs(&one.isrc, &other.isrc)
        || differs(&one.recording_mbid, &other.recording_mbid)
        || differs(&one.spotify_release, &other.spotify_release)
        || differs(&one.track_number, &other.track_number)
        || differs(&one.disc_number, &other.disc_number)
        || times.is_some_and(|(one, other)| one.abs_diff(other) > SAME_TIME)
}

fn differs<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
    one.as_ref().zip(other.as_ref()).is_some_and(|(one, other)| one != other)
}

/// Kind, maker and title. An episode's maker is its show, which alone stands in histories.
pub(super) fn bare_name(wanted: &Wanted) -> String {
    let maker = match wanted.kind {
        WantedKind::Episode => wanted.release.as_deref(),
        _ => wanted.artists.first(),
    };
    [wanted.kind.as_str(), &fold(maker.unwrap_or_default()), &fold(&wanted.title)].join("\u{1f}")
}

/// Takes over what `known` lacks; what it has stays, but for a credit that names more of the same artists.
pub(super) fn fill_gaps(known: &mut Wanted, more: Wanted) {
    let longer = more.artists.credited().len() > known.artists.credited().len();
    if known.artists.is_empty() || (longer && known.artists.first() == more.artists.first()) {
        known.artists = more.artists;
    }
    if known.title.is_empty() {
        known.title = more.title;
    }
    if known.release_artists.is_empty() {
        known.release_artists = more.release_artists;
    }
    let fill = |known: &mut Option<String>, more: Option<String>| {
        if known.is_none() {
            *known = more;
        }
    };
    fill(&mut known.release, more.release);
    fill(&mut known.released, more.released);
    known.track_number = known.track_number.or(more.track_number);
    known.disc_number = known.disc_number.or(more.disc_number);
    known.duration = known.duration.or(more.duration);
    known.explicit = known.explicit.or(more.explicit);
    known.isrc = known.isrc.take().or(more.isrc);
    known.recording_mbid = known.recording_mbid.take().or(more.recording_mbid);
    known.spotify = known.spotify.take().or(more.spotify);
    known.spotify_release = known.spotify_release.take().or(more.spotify_release);
    known.feed = known.feed.take().or(more.feed);
}
