//! A track of XSPF and of JSPF, which have the same fields in two notations.

use std::time::Duration;

use ferrotape_domain::{ArtistCredit, Wanted, WantedKind};

use crate::json::{Entry, unreadable};
use crate::lines::{RADIO, is_network_address, of_file_name};
use crate::links::recording_mbid;
use crate::wanted::{describe, from_uri, link_of, says_something};

/// What a track says; empty where it says nothing.
#[derive(Debug, Default)]
pub(crate) struct PlaylistTrack {
    /// Identifiers, then places.
    pub(crate) addresses: Vec<String>,
    pub(crate) title: String,
    pub(crate) creator: String,
    pub(crate) album: String,
    pub(crate) track_number: Option<u32>,
    pub(crate) duration: Option<Duration>,
    /// What ferrotape's extension says, for which the formats have no place.
    pub(crate) more: Option<Entry>,
}

/// A wanted thing, what is odd about it, and when it was added.
pub(crate) type Row = (Wanted, Option<String>, Option<String>);

impl PlaylistTrack {
    /// As a wanted thing; `Err` tells why it is none.
    pub(crate) fn wanted(self) -> Result<Row, String> {
        let link = self.addresses.iter().find(|address| link_of(Some(address)).is_some());
        let (mut wanted, _) = from_uri(link.map(String::as_str), WantedKind::Recording);
        if wanted.artists.is_empty() {
            wanted.artists = ArtistCredit::printed(&self.creator);
        }
        let some = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
        describe(&mut wanted, some(&self.title).as_deref(), None, some(&self.album).as_deref());
        wanted.recording_mbid = self.addresses.iter().find_map(|address| recording_mbid(address));
        wanted.track_number = self.track_number;
        wanted.duration = wanted.duration.or(self.duration);
        let (odd, added) = self.more(&mut wanted);
        if wanted.kind == WantedKind::Unavailable {
            return Ok((wanted, odd, added));
        }
        if !says_something(&wanted) {
            self.name_by_file(&mut wanted);
        }
        let is_named =
            !wanted.artists.is_empty() || wanted.spotify.is_some() || wanted.recording_mbid.is_some();
        if !is_named && self.addresses.iter().any(|address| is_network_address(address)) {
            return Err(RADIO.into());
        }
        if says_something(&wanted) {
            Ok((wanted, odd, added))
        } else {
            Err("it has neither a title nor a link".into())
        }
    }

    /// Adds what the extension says. Its artists are those that the track prints, told apart; another creator is
    /// somebody's correction.
    fn more(&self, wanted: &mut Wanted) -> (Option<String>, Option<String>) {
        let Some(more) = &self.more else { return (None, None) };
        let printed = wanted.artists.clone();
        let odd = more.tell(wanted);
        if wanted.artists.to_string() != printed.to_string() {
            wanted.artists = printed;
        }
        (unreadable(&odd), more.added())
    }

    /// Where nothing else speaks, the name of the file does, as in M3U; an address on the network names none.
    fn name_by_file(&self, wanted: &mut Wanted) {
        let is_file = |address: &&String| !address.contains("://") || address.starts_with("file://");
        let Some(named) = self.addresses.iter().filter(is_file).find_map(|address| of_file_name(address))
        else {
            return;
        };
        wanted.title = named.title;
        wanted.track_number = wanted.track_number.or(named.track_number);
        if wanted.artists.is_empty() {
            wanted.artists = ArtistCredit::printed(&named.artist);
        }
    }
}
