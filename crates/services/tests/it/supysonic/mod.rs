//! A real server, made by others: supysonic, with each way of signing in.

mod running;
mod shim;

use std::fs;

use ferrotape_domain::{Cancel, FaultKind};
use ferrotape_services::Secret;
use ferrotape_services::net::{Address, Net};
use ferrotape_services::subsonic::{Credentials, Subsonic};
use ferrotape_testkit::HttpTrouble;

use crate::catalogue_contract::{fetch, list, mark, net, net_of};
use running::{PASSWORD, Supysonic, USER, tracks};
use shim::Takes;

fn at(address: &str, credentials: Credentials, net: Net) -> Subsonic {
    Subsonic::new("real", Address::parse(address).unwrap(), credentials, net)
}

fn password() -> Credentials {
    Credentials::password(USER, Secret::new(PASSWORD))
}

/// All of it is listed with its tags, and comes as it lies there.
fn has_all(subsonic: &Subsonic, supysonic: &Supysonic) {
    let offers = list(subsonic).unwrap();
    let to = tempfile::tempdir().unwrap();
    assert_eq!(offers.len(), tracks().len());
    for track in tracks() {
        let offer = offers.iter().find(|offer| offer.tags.title.as_deref() == Some(track.title.as_str()));
        let offer = offer.unwrap_or_else(|| panic!("{} is not listed", track.title));
        assert_eq!(offer.tags.artists.join("|"), track.artist);
        assert_eq!(offer.tags.album, Some(track.album.clone()));
        assert_eq!(offer.tags.track_number, Some(track.track));
        assert_eq!(offer.tags.disc_number, track.disc.or(Some(1)));
        assert_eq!(offer.format, Some(track.format), "{}", track.title);
        assert_eq!(offer.duration.unwrap().as_secs(), 2);
        let original = supysonic.original(&track.title);
        assert_eq!(offer.size, Some(original.len() as u64));
        let path = to.path().join(&offer.file_name);
        fetch(subsonic, offer, &path).unwrap();
        assert!(fs::read(&path).unwrap() == original, "{} came otherwise", track.title);
    }
}

#[test]
fn subsonic_real_server_by_password_token_and_key() {
    let Some(supysonic) = Supysonic::start() else { return };
    has_all(&at(&supysonic.address(), password(), net().0), &supysonic);
    let tokens = shim::start(Takes::Tokens, supysonic.address());
    has_all(&at(&tokens.address(), password(), net().0), &supysonic);
    let keys = shim::start(Takes::Keys, supysonic.address());
    let key = Credentials::api_key(Secret::new(shim::API_KEY));
    has_all(&at(&keys.address(), key, net().0), &supysonic);
    assert!(keys.requests().iter().skip(1).all(|request| request.method == "POST"));

    for credentials in
        [Credentials::password(USER, Secret::new("wrong")), Credentials::api_key(Secret::new("wrong"))]
    {
        let fault = at(&supysonic.address(), credentials, net().0).check(&Cancel::default()).unwrap_err();
        assert_eq!(fault.kind, FaultKind::NeedsUser, "{fault}");
    }
}

#[test]
fn subsonic_real_server_breaks_off_changes_and_forgets() {
    let Some(supysonic) = Supysonic::start() else { return };
    let shim = shim::start(Takes::Tokens, supysonic.address());
    let (first, memory) = net();
    let subsonic = at(&shim.address(), password(), first);
    let before = mark(&subsonic).unwrap();
    assert!(before.is_some());
    let offers = list(&subsonic).unwrap();
    let offer = offers.iter().max_by_key(|offer| offer.size).unwrap();
    let to = tempfile::tempdir().unwrap();
    shim.spoil("/rest/download", HttpTrouble::CutAfter(5000));
    fetch(&subsonic, offer, &to.path().join("a")).unwrap();
    assert_eq!(
        fs::read(to.path().join("a")).unwrap(),
        supysonic.original(offer.tags.title.as_deref().unwrap())
    );
    assert!(shim.requests().iter().any(|request| request.header("range") == Some("bytes=5000-")));

    let unknown =
        ferrotape_domain::RemoteOffer { id: "00000000-0000-0000-0000-000000000000".into(), ..offer.clone() };
    let fault = fetch(&subsonic, &unknown, &to.path().join("b")).unwrap_err();
    assert!(fault.reason.contains("not on the server any more"), "{fault}");

    assert_eq!(mark(&subsonic).unwrap(), before);
    supysonic.grow();
    let subsonic = at(&shim.address(), password(), net_of(&memory));
    assert_ne!(mark(&subsonic).unwrap(), before);
    assert_eq!(list(&subsonic).unwrap().len(), tracks().len() + 1);
}
