//! The services that know something of recordings: made of their settings, and tried.

use std::time::Duration;

use ferrotape_domain::{
    Cancel, CoverArchive, Fact, Fault, Health, Heard, LyricsArchive, Mbid, RecordingRegister, SoundRegister,
    SungTrack,
};
use ferrotape_engine::lookup::Registers;
use ferrotape_services::Secret;
use ferrotape_services::acoustid::AcoustId;
use ferrotape_services::cover_art_archive::CoverArtArchive;
use ferrotape_services::deezer::Deezer;
use ferrotape_services::lrclib::LrcLib;
use ferrotape_services::musicbrainz::MusicBrainz;
use ferrotape_services::net::Net;

use super::kind::PlaceKind;
use super::network::a_well_known_piece;
use super::servers::lacks;
use super::settings::{PlaceSecrets, PlaceSettings, Places};

/// Those that are set up, in the order in which they are asked.
pub(super) fn all(places: &Places, net: &Net) -> (Registers, Vec<Fault>) {
    let (mut registers, mut unusable) = (Registers::default(), Vec::new());
    let named = |kind: PlaceKind| places.all.iter().find(|place| place.kind == kind);
    if named(PlaceKind::Musicbrainz).is_some() {
        registers.recordings.push(Box::new(MusicBrainz::new(net.clone())));
    }
    if named(PlaceKind::Deezer).is_some() {
        registers.recordings.push(Box::new(Deezer::new(net.clone())));
    }
    if let Some(place) = named(PlaceKind::Acoustid) {
        match acoustid(place, &places.secrets(&place.full_name()), net) {
            Ok(service) => registers.sounds = Some(Box::new(service)),
            Err(fault) => unusable.push(fault),
        }
    }
    if named(PlaceKind::CoverArtArchive).is_some() {
        registers.covers = Some(Box::new(CoverArtArchive::new(net.clone())));
    }
    if named(PlaceKind::Lrclib).is_some() {
        registers.lyrics = Some(Box::new(LrcLib::new(net.clone())));
    }
    (registers, unusable)
}

fn acoustid(place: &PlaceSettings, secrets: &PlaceSecrets, net: &Net) -> Result<AcoustId, Fault> {
    let key = secrets.key.as_ref().ok_or_else(|| lacks(place, "an application key (--key-file)"))?;
    AcoustId::new(net.clone(), &Secret::new(key.clone()))
}

/// Whether a service is there and answers: what it says, or why not.
pub(super) fn check(
    place: &PlaceSettings,
    secrets: &PlaceSecrets,
    net: &Net,
    cancel: &Cancel,
) -> Result<String, Fault> {
    let piece = a_well_known_piece(place.kind);
    let net = || net.clone();
    match place.kind {
        PlaceKind::Musicbrainz => MusicBrainz::new(net()).identify(&[&piece], cancel, &mut |_| ())?,
        PlaceKind::Deezer => Deezer::new(net()).identify(&[&piece], cancel, &mut |_| ())?,
        PlaceKind::Acoustid => {
            acoustid(place, secrets, &net())?.names_of(&any_sound(), cancel)?;
        }
        PlaceKind::CoverArtArchive => {
            CoverArtArchive::new(net()).front_cover(&any_release(), cancel)?;
        }
        _ => {
            let (title, artist) = (piece.title, piece.artists.first().unwrap_or_default().to_owned());
            let duration = Duration::from_secs(300);
            let track = SungTrack { title, artist, album: None, duration };
            LrcLib::new(net()).lyrics(&track, &|_| true, cancel)?;
        }
    }
    Ok("it answers".to_owned())
}

/// A sound that nobody knows, in a form that every register takes.
fn any_sound() -> Heard {
    let next = |last: &u32| Some(last.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let fingerprint = std::iter::successors(Some(1), next).take(900).collect();
    Heard { fingerprint, duration: Duration::from_secs(120), health: Health::Sound }
}

/// A release that may have a cover or not; both are an answer.
fn any_release() -> Fact {
    let none = "00000000-0000-4000-8000-000000000000";
    Mbid::parse(none).map_or(Fact::DeezerTrack(0), Fact::Release)
}
