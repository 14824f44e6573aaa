//! The openly licensed catalogues: the contract, and what is special about each.

use std::sync::Arc;

use ferrotape_domain::{ArtistCredit, Asked, Cancel, Catalogue, FaultKind, RemoteOffer, Rights, Wanted, WantedKind};
use ferrotape_services::commons::Commons;
use ferrotape_services::internet_archive::InternetArchive;
use ferrotape_services::jamendo::Jamendo;
use ferrotape_services::librivox::LibriVox;
use ferrotape_services::net::{Net, Ways};
use ferrotape_services::openverse::Openverse;
use ferrotape_testkit::fake_catalogues::{FakeCatalogues, FakeTrack, JAMENDO_CLIENT_ID};
use ferrotape_testkit::{HttpAnswer, HttpServer, MemoryOnly};
use serde_json::{Value, json};

use crate::search_contract::{Fixture, keeps};

const ARCHIVE: Fixture = Fixture {
    name: "internet-archive",
    make: |net| Box::new(InternetArchive::new(net)),
    kind: WantedKind::Recording,
    search: "/archive.org/advancedsearch.php",
    file: "us.archive.org/0/items",
    may_lack_rights: true,
    has_sums: true,
    secret: None,
};

#[test]
fn the_internet_archive_keeps_the_search_contract() {
    keeps(&ARCHIVE);
}

#[test]
fn librivox_keeps_the_search_contract() {
    keeps(&Fixture {
        name: "librivox",
        make: |net| Box::new(LibriVox::new(net)),
        kind: WantedKind::Audiobook,
        search: "/librivox.org/",
        may_lack_rights: false,
        ..ARCHIVE
    });
}

#[test]
fn jamendo_keeps_the_search_contract() {
    keeps(&Fixture {
        name: "jamendo",
        make: |net| Box::new(Jamendo::new(net, JAMENDO_CLIENT_ID).unwrap()),
        search: "/api.jamendo.com/v3.0/tracks/?",
        file: "/prod-1.storage.jamendo.com/",
        has_sums: false,
        secret: Some(JAMENDO_CLIENT_ID),
        ..ARCHIVE
    });
}

#[test]
fn wikimedia_commons_keeps_the_search_contract() {
    keeps(&Fixture {
        name: "wikimedia-commons",
        make: |net| Box::new(Commons::new(net)),
        search: "/commons.wikimedia.org/w/api.php",
        file: "/upload.wikimedia.org/",
        ..ARCHIVE
    });
}

#[test]
fn openverse_keeps_the_search_contract() {
    keeps(&Fixture {
        name: "openverse",
        make: |net| Box::new(Openverse::new(net)),
        search: "/api.openverse.org/v1/audio/?",
        file: "/files.example.org/",
        has_sums: false,
        ..ARCHIVE
    });
}
