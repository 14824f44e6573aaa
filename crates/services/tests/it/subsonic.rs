//! Subsonic servers of every kind: the contract, and what is theirs alone.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use ferrotape_domain::{Cancel, Catalogue, FaultKind};
use ferrotape_services::Secret;
use ferrotape_services::net::{Address, Net};
use ferrotape_services::subsonic::{Credentials, SIGN_IN, Subsonic};
use ferrotape_testkit::fake_subsonic::{API_KEY, EmptySearch, FakeSubsonic, PASSWORD, SubsonicKind, USER};
use ferrotape_testkit::{FakeCollection, HttpAnswer, HttpServer, HttpTrouble};
use serde_json::json;

use crate::catalogue_contract::{Fixture, fetch, keeps_the_contract, list, mark, net, net_of, whole};

const WRONG: &str = "wr0ng-pass";

struct Server {
    fake: FakeSubsonic,
    /// Whether it is an API key that opens it.
    key: bool,
}

impl Server {
    fn of(kind: SubsonicKind) -> Self {
        let key = kind.takes.0;
        Self { fake: FakeSubsonic::start(kind, FakeCollection::of(1203)).unwrap(), key }
    }

    fn with(&self, password: &str, net: Net) -> Subsonic {
        let secret = Secret::new(password);
        let credentials =
            if self.key { Credentials::api_key(secret) } else { Credentials::password(USER, secret) };
        Subsonic::new("home", Address::parse(&self.fake.server().address()).unwrap(), credentials, net)
    }

    fn known(&self, net: Net) -> Subsonic {
        self.with(if self.key { API_KEY } else { PASSWORD }, net)
    }
}

impl Fixture for Server {
    fn catalogue(&self, net: Net) -> Box<dyn Catalogue> {
        Box::new(self.known(net))
    }

    fn stranger(&self, net: Net) -> Box<dyn Catalogue> {
        Box::new(self.with(WRONG, net))
    }

    fn shown(&self, net: Net) -> String {
        format!("{:?} {:#?}", self.known(net.clone()), self.with(WRONG, net))
    }

    fn server(&self) -> &HttpServer {
        self.fake.server()
    }

    fn ids(&self) -> BTreeSet<String> {
        (0..self.fake.collection().tracks).map(FakeSubsonic::id).collect()
    }

    fn bytes(&self, id: &str) -> Vec<u8> {
        FakeCollection::bytes(id.strip_prefix("tr-").unwrap().parse().unwrap())
    }

    fn grow(&self) {
        self.fake.grow();
    }

    fn of_page(&self) -> &'static str {
        "/rest/search3"
    }

    fn of_file(&self) -> &'static str {
        "/rest/download"
    }

    fn secrets(&self) -> Vec<String> {
        vec![PASSWORD.to_owned(), API_KEY.to_owned(), WRONG.to_owned()]
    }
}

keeps_the_contract!(subsonic_with_keys_and_forms, Server::of(SubsonicKind::open()));
keeps_the_contract!(subsonic_with_tokens, Server::of(SubsonicKind::with_tokens()));
keeps_the_contract!(subsonic_with_passwords, Server::of(SubsonicKind::with_passwords()));

fn calls(server: &Server) -> Vec<String> {
    let asked = server.fake.server().asked();
    let call = |line: &String| line.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    asked.iter().map(call).collect()
}

#[test]
fn subsonic_the_way_in_is_found_once_and_remembered() {
    let server = Server::of(SubsonicKind::with_passwords());
    let (first, memory) = net();
    server.known(first).check(&Cancel::default()).unwrap();
    // Extensions, then a token that is refused, the password, and the call itself.
    assert_eq!(calls(&server), ["getOpenSubsonicExtensions", "ping", "ping", "ping"]);
    server.known(net_of(&memory)).check(&Cancel::default()).unwrap();
    assert_eq!(calls(&server).len(), 5, "another run knows the way");
    // After an update tokens are taken, and passwords are not.
    server.fake.become_kind(SubsonicKind { takes: (false, true, false), ..SubsonicKind::with_tokens() });
    server.known(net_of(&memory)).check(&Cancel::default()).unwrap();
    let asked = server.fake.server().requests();
    assert!(asked.last().unwrap().parameter("t").is_some());
    assert!(asked.last().unwrap().parameter("p").is_none());
}

#[test]
fn subsonic_a_key_is_sent_without_a_user_and_by_form_where_that_is_taken() {
    let server = Server::of(SubsonicKind::open());
    list(&server.known(net().0)).unwrap();
    let requests = server.fake.server().requests();
    let (first, rest) = requests.split_first().unwrap();
    assert!(first.target.contains("getOpenSubsonicExtensions") && first.parameter("apiKey").is_none());
    for request in rest {
        assert!(request.method == "POST" && !request.target.contains('?'), "{}", request.target);
        assert_eq!(request.parameter("apiKey").as_deref(), Some(API_KEY));
        assert_eq!(request.parameter("u"), None);
    }
}

#[test]
fn subsonic_tokens_are_fresh_each_time_and_hold_no_password() {
    let server = Server::of(SubsonicKind::with_tokens());
    list(&server.known(net().0)).unwrap();
    let requests = server.fake.server().requests();
    let salts: Vec<String> = requests.iter().filter_map(|request| request.parameter("s")).collect();
    assert!(salts.len() > 3);
    assert_eq!(salts.iter().collect::<BTreeSet<_>>().len(), salts.len(), "a salt was used twice");
    assert!(requests.iter().all(|request| request.parameter("p").is_none()));
}

#[test]
fn subsonic_a_wrong_password_is_not_taken_for_a_way_that_is_not_known() {
    let server = Server::of(SubsonicKind::with_tokens());
    let fault = server.with(WRONG, net().0).check(&Cancel::default()).unwrap_err();
    assert!(fault.reason.contains("does not accept this user name and password"), "{fault}");
    let server = Server::of(SubsonicKind::open());
    let fault = server.with(WRONG, net().0).check(&Cancel::default()).unwrap_err();
    assert!(fault.reason.contains("does not accept this API key"), "{fault}");
    let mut server = Server::of(SubsonicKind::with_passwords());
    server.key = true;
    let fault = server.known(net().0).check(&Cancel::default()).unwrap_err();
    assert!(fault.reason.contains("takes no API keys"), "{fault}");
}

#[test]
fn subsonic_a_wrong_password_is_tried_once() {
    let server = Server::of(SubsonicKind::with_tokens());
    let subsonic = server.with(WRONG, net().0);
    let fault = mark(&subsonic).unwrap_err();
    let asked = calls(&server).len();
    assert_eq!(list(&subsonic), Err(fault), "servers lock out who guesses");
    assert_eq!(calls(&server).len(), asked);
}

#[test]
fn subsonic_a_key_that_is_refused_gives_way_to_the_password() {
    let server = Server::of(SubsonicKind::with_tokens());
    let both = Credentials::password(USER, Secret::new(PASSWORD)).and_api_key(Secret::new(API_KEY));
    let address = Address::parse(&server.fake.server().address()).unwrap();
    Subsonic::new("home", address, both, net().0).check(&Cancel::default()).unwrap();
}

#[test]
fn subsonic_a_password_never_goes_over_an_open_line() {
    // A name is no proof that it is this computer, so this is an open line, which nothing answers.
    let server = Server::of(SubsonicKind::with_passwords());
    let port = server.fake.server().address().rsplit(':').next().unwrap().to_owned();
    let address = Address::parse(&format!("http://localhost:{port}")).unwrap();
    let credentials = Credentials::password(USER, Secret::new(PASSWORD));
    let fault = Subsonic::new("home", address, credentials, net().0).check(&Cancel::default()).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser);
    assert!(fault.reason.contains("never sent unencrypted") && fault.reason.contains("https"), "{fault}");
    assert!(server.fake.server().requests().iter().all(|request| request.parameter("p").is_none()));
}

#[test]
fn subsonic_an_address_without_a_server_is_named() {
    let page = HttpServer::start(|_| {
        ferrotape_testkit::HttpAnswer::text("text/html", "<!DOCTYPE html><title>Welcome</title>")
    });
    let page = page.unwrap();
    let credentials = Credentials::password(USER, Secret::new(PASSWORD));
    let address = Address::parse(&page.address()).unwrap();
    let fault = Subsonic::new("home", address, credentials, net().0).check(&Cancel::default()).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser);
    assert!(fault.reason.contains("no Subsonic server answers at"), "{fault}");
}

#[test]
fn subsonic_a_page_in_place_of_a_server_that_answered_before_is_waited_for() {
    let page_with = Arc::new(AtomicU16::new(200));
    let status = Arc::clone(&page_with);
    let server = HttpServer::start(move |_| match status.load(Ordering::SeqCst) {
        0 => HttpAnswer::json(&json!({ "subsonic-response": { "status": "ok", "version": "1.16.1" } })),
        status => HttpAnswer::text("text/html", "<!DOCTYPE html><title>Back soon</title>").and_status(status),
    });
    let (server, net) = (server.unwrap(), net().0);
    let check = || {
        let credentials = Credentials::password(USER, Secret::new(PASSWORD));
        let address = Address::parse(&server.address()).unwrap();
        Subsonic::new("home", address, credentials, net.clone()).check(&Cancel::default())
    };
    assert_eq!(check().unwrap_err().kind, FaultKind::NeedsUser, "none has answered there yet");
    page_with.store(0, Ordering::SeqCst);
    check().unwrap();
    for status in [200, 404] {
        // As after another password was entered.
        net.memory().keep_note("subsonic:home", SIGN_IN, "").unwrap();
        page_with.store(status, Ordering::SeqCst);
        let fault = check().unwrap_err();
        assert_eq!(fault.kind, FaultKind::Temporary { retry_after_seconds: None }, "{fault}");
        assert!(fault.reason.contains("maintenance"), "{fault}");
    }
    page_with.store(0, Ordering::SeqCst);
    check().unwrap();
    // Who has signed in is told of a page by the same word.
    page_with.store(200, Ordering::SeqCst);
    let fault = check().unwrap_err();
    assert_eq!(fault.kind, FaultKind::Temporary { retry_after_seconds: None }, "{fault}");
    assert!(fault.reason.contains("a web page instead (maintenance?)"), "{fault}");
}

#[test]
fn subsonic_servers_of_old_are_listed_by_albums() {
    let server = Server::of(SubsonicKind::old());
    let subsonic = server.known(net().0);
    let offers = list(&subsonic).unwrap();
    assert_eq!(offers.iter().map(|offer| offer.id.clone()).collect::<BTreeSet<_>>(), server.ids());
    assert_eq!(offers.len(), 1203);
    assert_eq!(offers[0].tags.track_number, Some(1));
    let to = tempfile::tempdir().unwrap();
    fetch(&subsonic, &offers[7], &to.path().join("a.mp3")).unwrap();
    let gone = ferrotape_domain::RemoteOffer { id: "tr-9999".into(), ..offers[7].clone() };
    let fault = fetch(&subsonic, &gone, &to.path().join("b.mp3")).unwrap_err();
    assert!(fault.reason.contains("not on the server any more"), "{fault}");
}

#[test]
fn subsonic_pages_that_are_short_or_the_same_make_no_short_list() {
    let kinds = [
        SubsonicKind { longest_page: 37, ..SubsonicKind::with_tokens() },
        SubsonicKind { empty_search: EmptySearch::Error, ..SubsonicKind::with_tokens() },
        SubsonicKind { longest_page: 5000, turns_pages: false, ..SubsonicKind::with_tokens() },
    ];
    for kind in kinds {
        let server = Server::of(kind.clone());
        let offers = list(&server.known(net().0)).unwrap();
        assert_eq!(offers.len(), 1203, "{kind:?}");
    }
    let kind = SubsonicKind { turns_pages: false, ..SubsonicKind::with_tokens() };
    let fake = FakeSubsonic::start(kind, FakeCollection::of(6000)).unwrap();
    let server = Server { fake, key: false };
    let fault = list(&server.known(net().0)).unwrap_err();
    assert!(fault.reason.contains("same page again and again"), "{fault}");
}

#[test]
fn subsonic_a_list_that_is_shorter_than_what_the_server_counts_is_asked_for_again() {
    const EMPTY: &str = r#"{"subsonic-response":{"status":"ok","version":"1.16.1","searchResult3":{}}}"#;
    let server = Server::of(SubsonicKind::with_tokens());
    let cut = |subsonic: &Subsonic, times: usize| {
        let (mut came, mut pages) = (0, 0);
        let listed = whole(subsonic).list(&Cancel::default(), &mut |page| {
            if pages == 0 {
                (0..times)
                    .for_each(|_| server.server().spoil("/rest/search3", HttpTrouble::Says(200, EMPTY)));
            }
            came += page.len();
            pages += 1;
            Ok(())
        });
        listed.unwrap();
        came
    };
    let wanted = ferrotape_domain::Wanted::of_kind(ferrotape_domain::WantedKind::Recording);
    let (first, memory) = net();
    let subsonic = server.known(first);
    let before = mark(&subsonic).unwrap();
    assert_eq!(cut(&subsonic, 1), 1203, "one empty page is asked for once more");
    assert_eq!((mark(&subsonic).unwrap(), subsonic.says_of(&wanted)), (before.clone(), None));
    assert_eq!(cut(&subsonic, 2), 500);
    let next = server.known(net_of(&memory));
    assert_ne!(mark(&next).unwrap(), before, "it is listed again, though nothing has changed there");
    let says = next.says_of(&wanted).unwrap();
    assert!(says.starts_with("subsonic:home lists 500 of the 1203 tracks that it counts"), "{says}");
    assert_eq!(list(&next).unwrap().len(), 1203);
    assert_eq!((mark(&next).unwrap(), next.says_of(&wanted)), (before, None));
}

#[test]
fn subsonic_where_nothing_may_be_downloaded_the_raw_stream_is_taken() {
    let server = Server::of(SubsonicKind { downloads: false, ..SubsonicKind::with_tokens() });
    let subsonic = server.known(net().0);
    let offers = list(&subsonic).unwrap();
    let to = tempfile::tempdir().unwrap();
    for offer in &offers[..2] {
        let path = to.path().join(&offer.id);
        fetch(&subsonic, offer, &path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), server.bytes(&offer.id));
    }
    let calls = calls(&server);
    assert_eq!(calls.iter().filter(|call| *call == "download").count(), 1, "it is refused once");
}

#[test]
fn subsonic_an_empty_server_is_no_server_that_is_away() {
    let kind = SubsonicKind { empty_search: EmptySearch::Nothing, ..SubsonicKind::with_tokens() };
    let server = Server { fake: FakeSubsonic::start(kind, FakeCollection::of(0)).unwrap(), key: false };
    let subsonic = server.known(net().0);
    assert_eq!(list(&subsonic).unwrap(), []);
    drop(server);
    assert!(list(&subsonic).is_err() && mark(&subsonic).is_err());
}

#[test]
fn subsonic_that_only_says_ok_is_no_empty_server() {
    let ok = HttpTrouble::Says(200, r#"{"subsonic-response":{"status":"ok","version":"1.16.1"}}"#);
    let server = Server::of(SubsonicKind::with_tokens());
    (0..20).for_each(|_| server.server().spoil("/rest/", ok.clone()));
    let fault = list(&server.known(net().0)).unwrap_err();
    assert!(fault.reason.contains("something else than it should be"), "{fault}");
}
