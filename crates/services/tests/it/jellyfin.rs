//! Jellyfin servers: the contract, and getting in.

use std::collections::BTreeSet;
use std::time::Duration;

use ferrotape_domain::{Cancel, Catalogue, FaultKind};
use ferrotape_services::Secret;
use ferrotape_services::jellyfin::{Access, Jellyfin, SignIn};
use ferrotape_services::net::{Address, Net};
use ferrotape_testkit::fake_jellyfin::{
    FakeJellyfin, JELLYFIN_CODE, JELLYFIN_KEY, JELLYFIN_PASSWORD, JELLYFIN_TOKEN, JELLYFIN_USER,
};
use ferrotape_testkit::{FakeCollection, HttpServer};

use crate::catalogue_contract::{Fixture, fetch, keeps_the_contract, list, net, net_of};

const WRONG: &str = "bad0bad0bad0";

struct Server(FakeJellyfin);

impl Server {
    fn start() -> Self {
        Self(FakeJellyfin::start(FakeCollection::of(1203)).unwrap())
    }

    fn address(&self) -> Address {
        Address::parse(&self.0.server().address()).unwrap()
    }

    fn with(&self, access: Access, net: Net) -> Jellyfin {
        Jellyfin::new("attic", self.address(), access, net)
    }

    fn known(&self, net: Net) -> Jellyfin {
        self.with(Access::api_key(Secret::new(JELLYFIN_KEY)), net)
    }

    fn door(&self, net: Net) -> SignIn {
        SignIn::new("attic", self.address(), net)
    }
}

impl Fixture for Server {
    fn catalogue(&self, net: Net) -> Box<dyn Catalogue> {
        Box::new(self.known(net))
    }

    fn stranger(&self, net: Net) -> Box<dyn Catalogue> {
        Box::new(self.with(Access::api_key(Secret::new(WRONG)), net))
    }

    fn shown(&self, net: Net) -> String {
        let access = Access::kept(Secret::new(JELLYFIN_TOKEN), Some("user-id".into()));
        format!("{access:?} {:?}", self.with(access.clone(), net))
    }

    fn server(&self) -> &HttpServer {
        self.0.server()
    }

    fn ids(&self) -> BTreeSet<String> {
        (0..self.0.collection().tracks).map(FakeJellyfin::id).collect()
    }

    fn bytes(&self, id: &str) -> Vec<u8> {
        let track = (0..self.0.collection().tracks).find(|&track| FakeJellyfin::id(track) == id);
        FakeCollection::bytes(track.unwrap())
    }

    fn grow(&self) {
        self.0.grow();
    }

    fn of_page(&self) -> &'static str {
        "/Items?"
    }

    fn of_file(&self) -> &'static str {
        "/Download"
    }

    fn secrets(&self) -> Vec<String> {
        [JELLYFIN_KEY, JELLYFIN_TOKEN, JELLYFIN_PASSWORD, WRONG].map(str::to_owned).into()
    }
}

keeps_the_contract!(jellyfin_with_a_key, Server::start());

#[test]
fn jellyfin_quick_connect_gives_a_token_that_opens() {
    let server = Server::start();
    let (first, memory) = net();
    let door = server.door(first);
    assert_eq!(door.server(&Cancel::default()).unwrap().version, "10.11.5");
    let quick = door.quick_connect(&Cancel::default()).unwrap();
    assert_eq!(quick.code(), JELLYFIN_CODE);
    assert_eq!(quick.poll(&Cancel::default()).unwrap(), None);
    let late = quick.wait(Duration::ZERO, &Cancel::default()).unwrap_err();
    assert!(late.kind == FaultKind::NeedsUser && late.reason.contains("begin again"), "{late}");
    server.0.enter_code();
    let signed_in = quick.wait(Duration::from_secs(5), &Cancel::default()).unwrap();
    assert_eq!(signed_in.user_name, JELLYFIN_USER);
    assert_eq!(signed_in.access.token.reveal(), JELLYFIN_TOKEN);
    let shown = format!("{signed_in:?} {quick:?} {memory:?}");
    assert!(!shown.contains(JELLYFIN_TOKEN) && !shown.contains("quick-0123"), "{shown}");
    let jellyfin = server.with(signed_in.access, net_of(&memory));
    jellyfin.check(&Cancel::default()).unwrap();
    let requests = server.0.server().requests();
    assert!(requests.last().unwrap().parameter("userId").is_some());
    // All of it was one device.
    let devices = requests.iter().filter_map(|request| {
        let says = request.header("authorization")?;
        says.split(", ").find(|part| part.starts_with("DeviceId=")).map(str::to_owned)
    });
    assert_eq!(devices.collect::<BTreeSet<_>>().len(), 1);
}

#[test]
fn jellyfin_quick_connect_that_is_off_is_named() {
    let server = Server::start();
    server.0.switch_quick_connect_off();
    let fault = server.door(net().0).quick_connect(&Cancel::default()).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser);
    assert!(fault.reason.contains("Quick Connect is switched off"), "{fault}");
}

#[test]
fn jellyfin_takes_a_password_over_private_lines_only() {
    let server = Server::start();
    let cancel = Cancel::default();
    let door = server.door(net().0);
    let signed_in = door.with_password(JELLYFIN_USER, &Secret::new(JELLYFIN_PASSWORD), &cancel).unwrap();
    assert_eq!(signed_in.access.token.reveal(), JELLYFIN_TOKEN);
    let fault = door.with_password(JELLYFIN_USER, &Secret::new("wrong one"), &cancel).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser);
    assert!(fault.reason.contains("correct them") && !fault.reason.contains("wrong one"), "{fault}");
    let asked = server.0.server().requests().len();
    let open = Address::parse(&server.0.server().address().replace("127.0.0.1", "localhost")).unwrap();
    let door = SignIn::new("attic", open, net().0);
    let fault = door.with_password(JELLYFIN_USER, &Secret::new(JELLYFIN_PASSWORD), &cancel).unwrap_err();
    assert!(fault.reason.contains("never sent unencrypted"), "{fault}");
    assert_eq!(server.0.server().requests().len(), asked);
}

#[test]
fn jellyfin_a_list_that_ends_too_early_is_a_fault() {
    let server = Server::start();
    server.0.hide(3);
    let fault = list(&server.known(net().0)).unwrap_err();
    assert!(fault.reason.contains("ended after 1200 of 1203"), "{fault}");
}

#[test]
fn jellyfin_where_nothing_may_be_downloaded_the_static_stream_is_taken() {
    let server = Server::start();
    server.0.forbid_downloads();
    let jellyfin = server.known(net().0);
    let offer = &list(&jellyfin).unwrap()[5];
    let to = tempfile::tempdir().unwrap();
    fetch(&jellyfin, offer, &to.path().join("a.mp3")).unwrap();
    assert_eq!(std::fs::read(to.path().join("a.mp3")).unwrap(), server.bytes(&offer.id));
}

#[test]
fn jellyfin_a_key_that_is_none_is_refused_before_it_is_sent() {
    let server = Server::start();
    for key in ["", "a\"b", "a\r\nHost: b", "ä"] {
        let jellyfin = server.with(Access::api_key(Secret::new(key)), net().0);
        let fault = jellyfin.check(&Cancel::default()).unwrap_err();
        assert_eq!(fault.kind, FaultKind::NeedsUser, "{fault}");
    }
    assert!(server.0.server().requests().is_empty());
}
