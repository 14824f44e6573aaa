//! How formats that only have an address for a thing name it: links of Spotify's, of local files, of MusicBrainz.

use ferrotape_domain::{Mbid, Wanted, WantedKind};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is in a part of a `spotify:local:` link.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Whether it is a file of the user's own computer, which a link can describe.
pub(crate) fn is_local(wanted: &Wanted) -> bool {
    wanted.kind == WantedKind::LocalFile
}

/// `spotify:track:…`, or for a local file all that such a link can say of it; `None` where there is no link.
pub(crate) fn uri(wanted: &Wanted) -> Option<String> {
    match &wanted.spotify {
        Some(link) => Some(link.to_string()),
        None => is_local(wanted).then(|| local_link(wanted)),
    }
}

/// As [`uri`], but an address that a browser opens, where there is one.
pub(crate) fn address(wanted: &Wanted) -> Option<String> {
    match &wanted.spotify {
        Some(link) => Some(link.web_address()),
        None => uri(wanted),
    }
}

/// `spotify:local:{artist}:{album}:{title}:{seconds}`. A playing time that is no whole number of seconds stays out, so
/// that the format's own field tells it.
fn local_link(wanted: &Wanted) -> String {
    let part = |text: &str| utf8_percent_encode(text, PLAIN).to_string().replace("%20", "+");
    let whole = wanted.duration.filter(|time| time.subsec_nanos() == 0);
    format!(
        "spotify:local:{}:{}:{}:{}",
        part(&wanted.artists.to_string()),
        part(wanted.release.as_deref().unwrap_or_default()),
        part(&wanted.title),
        whole.map(|time| time.as_secs().to_string()).unwrap_or_default(),
    )
}

/// The recording's page at MusicBrainz.
pub(crate) fn musicbrainz(mbid: &Mbid) -> String {
    format!("https://musicbrainz.org/recording/{mbid}")
}
