//! The polite client against a server that lies and breaks off.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ferrotape_domain::{Cancel, FaultKind, ServiceMemory, Sums};
use ferrotape_services::net::{Address, Download, Keep, Line, Net, Request, Ways};
use ferrotape_testkit::{HttpAnswer, HttpServer, HttpTrouble as Trouble, MemoryOnly, without_https};
use serde_json::json;

use crate::net_downloads::audio;

pub(crate) fn net(stand_in: &HttpServer) -> (Net, Arc<MemoryOnly>) {
    let memory = Arc::new(MemoryOnly::default());
    let ways =
        Ways { stand_in: Some(stand_in.address()), patience: Duration::from_millis(400), ..Ways::default() };
    let remembered: Arc<dyn ServiceMemory> = memory.clone();
    (Net::new(remembered, &ways).unwrap(), memory)
}

fn line() -> Line {
    Line::public("example", Duration::from_millis(1))
}

pub(crate) fn get(path: &str) -> Request {
    Request::get(&line(), Address::parse(&format!("https://example.org{path}")).unwrap())
}

fn counting() -> HttpServer {
    let count = AtomicUsize::new(0);
    HttpServer::start(move |request| match request.path() {
        "/example.org/none" => HttpAnswer::status(404),
        _ => HttpAnswer::json(&json!({ "count": count.fetch_add(1, Ordering::SeqCst) })),
    })
    .unwrap()
}

const ALL_DAY: Keep = Keep::For {
    fresh: Duration::from_secs(86_400),
    none: Duration::from_secs(86_400),
    stale: Duration::from_secs(86_400),
};
const NEVER_FRESH: Keep =
    Keep::For { fresh: Duration::ZERO, none: Duration::ZERO, stale: Duration::from_secs(86_400) };

#[test]
fn passing_trouble_is_asked_again_and_lasting_trouble_is_told() {
    let server = counting();
    let (net, memory) = net(&server);
    for trouble in [
        Trouble::HungUp,
        Trouble::CutAfter(3),
        Trouble::Status(502),
        Trouble::Page,
        Trouble::Silence(Duration::from_secs(1)),
        Trouble::ShortBody,
        Trouble::Rubbish,
        Trouble::Pause(429, 0),
    ] {
        server.spoil("/good", trouble.clone());
        let reply = net.ask(&get("/good"), &Cancel::default());
        assert!(reply.is_ok_and(|reply| reply.is_ok()), "{trouble:?}");
    }
    assert_eq!(memory.standing("example").unwrap().unwrap().failures, 0);
    for _ in 0..4 {
        server.spoil("/bad", Trouble::Status(500));
    }
    let fault = net.ask(&get("/bad"), &Cancel::default()).unwrap_err();
    assert_eq!(fault.source, "example");
    assert!(fault.reason.contains("500") && fault.reason.contains("4 times"), "{fault}");
    let standing = memory.standing("example").unwrap().unwrap();
    assert_eq!((standing.failures, standing.down_since.is_some()), (1, true));
    net.ask(&get("/good"), &Cancel::default()).unwrap();
    let incidents = memory.incidents(9).unwrap();
    assert!(matches!(incidents.as_slice(), [one] if one.until.is_some()), "{incidents:?}");
}

#[test]
fn who_does_not_answer_in_time_is_asked_once_more() {
    let server = counting();
    let (net, _) = net(&server);
    server.spoil("/slow", Trouble::Late(Duration::from_secs(2)));
    assert!(net.ask(&get("/slow"), &Cancel::default()).unwrap().is_ok(), "it may have been asleep");
    let late = (Trouble::Late(Duration::from_secs(2)), "it took too long to answer");
    let silent = (Trouble::Silence(Duration::from_secs(2)), "it fell silent in the middle of its answer");
    for (trouble, says) in [late, silent] {
        (0..2).for_each(|_| server.spoil("/slow", trouble.clone()));
        let fault = net.ask(&get("/slow"), &Cancel::default()).unwrap_err();
        assert_eq!(fault.reason, format!("{says}, 2 times in a row"), "{trouble:?}");
    }
}

#[test]
fn a_long_pause_is_not_waited_for_and_remembered_by_the_next_run() {
    let server = counting();
    let (first, memory) = net(&server);
    server.spoil("/a", Trouble::Pause(503, 3_600));
    let fault = first.ask(&get("/a"), &Cancel::default()).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Temporary { retry_after_seconds: Some(3_600) });
    let before = server.requests().len();
    let ways = Ways { stand_in: Some(server.address()), ..Ways::default() };
    let second = Net::new(memory, &ways).unwrap();
    let fault = second.ask(&get("/b"), &Cancel::default()).unwrap_err();
    assert!(
        matches!(fault.kind, FaultKind::Temporary { retry_after_seconds: Some(3_590..=3_600) }),
        "{fault:?}"
    );
    assert_eq!(server.requests().len(), before, "it was asked all the same");
}

#[test]
fn three_failures_in_a_row_let_a_line_rest() {
    let server = HttpServer::start(|_| HttpAnswer::status(500)).unwrap();
    let (net, _) = net(&server);
    for _ in 0..3 {
        net.ask(&get("/a"), &Cancel::default()).unwrap_err();
    }
    let before = server.requests().len();
    let fault = net.ask(&get("/a"), &Cancel::default()).unwrap_err();
    assert!(matches!(fault.kind, FaultKind::Temporary { retry_after_seconds: Some(20..=40) }), "{fault:?}");
    assert_eq!(server.requests().len(), before);
    let other = Request { line: Line::public("another", Duration::ZERO), ..get("/a") };
    net.ask(&other, &Cancel::default()).unwrap_err();
    assert!(server.requests().len() > before, "another line does not rest");
}

#[test]
fn a_line_that_leads_to_where_nobody_is_does_not_rest_at_once() {
    // The port of a listener that is gone stands in for the server that is led to.
    let nobody = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let server = HttpServer::start(|_| HttpAnswer::leads_to(302, "https://node.example/a")).unwrap();
    let memory = Arc::new(MemoryOnly::default());
    let ways = Ways { stand_in: Some(format!("http://{nobody}")), ..Ways::default() };
    let net = Net::new(memory.clone(), &ways).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a");
    let at = |place: &str| Address::parse(&format!("{place}/a")).unwrap();
    let request = Request::get(&Line::named("leads", 1), at(&server.address()));
    let download = Download {
        request: request.clone(),
        to: &file,
        size: None,
        sums: &Sums::default(),
        max_bytes: 1000,
        came: &|_| {},
    };
    let mut before = 0;
    for failures in 1..=3 {
        let fault = match failures {
            2 => net.download(&download, &Cancel::default()).unwrap_err(),
            _ => net.ask(&request, &Cancel::default()).unwrap_err(),
        };
        assert!(fault.reason.contains("where it leads: it cannot be reached"), "{fault}");
        let asked = server.requests().len();
        assert!(asked > before, "it was not asked for the time {failures}");
        before = asked;
        let standing = memory.standing("leads").unwrap().unwrap();
        assert_eq!(
            (standing.failures, standing.not_before > 0),
            (failures, failures == 3),
            "three in a row, as with any trouble"
        );
    }
    // Where nobody is at the line's own address, it rests at once.
    let own = Request::get(&Line::named("own", 1), at(&format!("http://{nobody}")));
    net.ask(&own, &Cancel::default()).unwrap_err();
    assert!(memory.standing("own").unwrap().unwrap().not_before > 0);
}

#[test]
fn who_does_not_prove_to_be_the_server_is_not_up_and_not_asked_again_at_once() {
    let memory = Arc::new(MemoryOnly::default());
    let net = Net::new(memory.clone(), &Ways::default()).unwrap();
    let address = Address::parse(&format!("https://{}/a", without_https().unwrap())).unwrap();
    let request = Request::get(&Line::named("own", 1), address);
    for failures in 1..=3 {
        let fault = net.ask(&request, &Cancel::default()).unwrap_err();
        assert!(fault.kind == FaultKind::NeedsUser && fault.reason.contains("https"), "{fault}");
        assert!(!fault.reason.contains("in a row"), "it was asked again: {fault}");
        let standing = memory.standing("own").unwrap().unwrap();
        assert_eq!((standing.failures, standing.down_since.is_some()), (failures, true));
    }
    assert!(memory.standing("own").unwrap().unwrap().not_before > 0, "it rests by then");
    assert_eq!(memory.incidents(9).unwrap().len(), 1);
}

#[test]
fn a_line_that_is_down_is_not_up_again_because_it_refuses() {
    let status = Arc::new(AtomicUsize::new(500));
    let now = Arc::clone(&status);
    let server =
        HttpServer::start(move |_| HttpAnswer::status(u16::try_from(now.load(Ordering::SeqCst)).unwrap()))
            .unwrap();
    let (net, memory) = net(&server);
    net.ask(&get("/a"), &Cancel::default()).unwrap_err();
    for (answer, is_down) in [(400, true), (403, true), (404, false), (400, false)] {
        status.store(answer, Ordering::SeqCst);
        net.ask(&get("/a"), &Cancel::default()).unwrap();
        let standing = memory.standing("example").unwrap().unwrap();
        assert_eq!(standing.down_since.is_some(), is_down, "{answer}");
    }
}

#[test]
fn what_is_kept_is_given_while_fresh_and_stands_in_on_any_failure() {
    let server = counting();
    let (net, _) = net(&server);
    let ask = |path: &str, keep| net.ask(&get(path).kept(keep), &Cancel::default());
    let first = ask("/a", ALL_DAY).unwrap();
    assert_eq!(ask("/a", ALL_DAY).unwrap().body, first.body);
    assert_eq!(server.requests().len(), 1);
    assert!(ask("/none", ALL_DAY).unwrap().is_none() && ask("/none", ALL_DAY).unwrap().is_none());
    assert_eq!(server.requests().len(), 2, "that there is none is remembered, too");
    for trouble in [Trouble::Status(500), Trouble::HungUp, Trouble::Page, Trouble::Pause(429, 7_200)] {
        for _ in 0..4 {
            server.spoil("/a", trouble.clone());
        }
        let reply = ask("/a", NEVER_FRESH).unwrap();
        assert_eq!(reply.body, first.body, "{trouble:?}");
        assert!(reply.stale.is_some_and(|stale| stale.line == "example"), "{trouble:?}");
    }
    // The line rests now, which is a failure like any other.
    assert!(ask("/a", NEVER_FRESH).unwrap().stale.is_some());
    assert!(ask("/never-asked", NEVER_FRESH).is_err());
    assert_eq!(net.stale_used().len(), 1, "each line is told of once");
}

#[test]
fn an_old_none_is_no_answer_of_a_service_that_is_down() {
    let server = counting();
    let (net, _) = net(&server);
    let ask = || net.ask(&get("/none").kept(NEVER_FRESH), &Cancel::default());
    assert!(ask().unwrap().is_none());
    (0..4).for_each(|_| server.spoil("/none", Trouble::Status(500)));
    let fault = ask().unwrap_err();
    assert!(matches!(fault.kind, FaultKind::Temporary { .. }), "{fault:?}");
    assert!(ask().unwrap().is_none(), "it answers again");
}

#[test]
fn a_status_that_means_too_often_lets_the_line_rest() {
    let server = HttpServer::start(|_| HttpAnswer::status(403)).unwrap();
    let (net, memory) = net(&server);
    let plain = net.ask(&get("/a"), &Cancel::default()).unwrap();
    assert_eq!(plain.status, 403, "of others it is an answer");
    let request = get("/a").busy_by(403, Duration::from_secs(90));
    for _ in 0..2 {
        let fault = net.ask(&request, &Cancel::default()).unwrap_err();
        assert!(
            matches!(fault.kind, FaultKind::Temporary { retry_after_seconds: Some(80..=90) }),
            "{fault:?}"
        );
    }
    assert_eq!(server.requests().len(), 2, "it is left alone");
    assert_eq!(memory.standing("example").unwrap().unwrap().failures, 1);
}

#[test]
fn an_answer_is_confirmed_and_not_sent_again() {
    let server = HttpServer::start(|_| HttpAnswer::json(&json!({})).with("ETag", "\"one\"")).unwrap();
    let (net, _) = net(&server);
    for _ in 0..2 {
        let reply = net.ask(&get("/a").kept(NEVER_FRESH), &Cancel::default()).unwrap();
        assert_eq!((reply.status, reply.body.as_slice(), reply.stale), (200, b"{}".as_slice(), None));
    }
    assert_eq!(server.requests()[1].header("if-none-match"), Some("\"one\""));
}

#[test]
fn too_much_is_refused_also_when_it_is_packed() {
    use std::io::Write;
    let mut packed = Vec::new();
    let mut gzip = std::process::Command::new("gzip")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut into = gzip.stdin.take().unwrap();
    let writer = std::thread::spawn(move || into.write_all(&vec![b' '; 64 << 20]));
    std::io::Read::read_to_end(&mut gzip.stdout.take().unwrap(), &mut packed).unwrap();
    writer.join().unwrap().unwrap();
    gzip.wait().unwrap();
    assert!(packed.len() < 100_000);
    let server = HttpServer::start(move |_| {
        HttpAnswer::text("application/json", packed.clone()).with("Content-Encoding", "gzip")
    })
    .unwrap();
    let (net, _) = net(&server);
    let fault = net.ask(&get("/bomb"), &Cancel::default()).unwrap_err();
    assert!(fault.kind == FaultKind::Permanent && fault.reason.contains("KiB"), "{fault}");
}

/// Addresses that mean this computer, its network, or no web at all.
fn ways_in(at: &str) -> Vec<String> {
    let (host, port) = at.trim_start_matches("http://").split_once(':').unwrap();
    let mut ways_in: Vec<String> = vec![format!("{at}/x"), format!("http://localhost:{port}/x")];
    let forms = [
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "0",
        "[::]",
        "127.0.0.1.",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "127.000.000.001",
        "LOCALHOST",
        "a.localhost",
        "①②⑦.0.0.1",
    ];
    ways_in.extend(forms.iter().map(|host| format!("http://{host}:{port}/x")));
    for private in ["10", "172.16", "192.168", "169.254", "100.64", "0", "198.18", "224", "240"] {
        for rest in ["0.0.1", "0.1", "7.7", "255.255"] {
            let host = format!("{private}.{rest}");
            let parts = host.split('.').count();
            if parts == 4 {
                ways_in.push(format!("http://{host}/x"));
            }
        }
    }
    let schemes = [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "gopher://127.0.0.1/",
        "data:audio/mpeg,x",
        "//127.0.0.1/x",
    ];
    ways_in.extend(schemes.iter().map(|address| (*address).to_owned()));
    ways_in.push(format!("http://user@{host}:{port}/x"));
    ways_in
}

/// Who is in the user's own network may lead to itself, and nowhere else there.
fn lead_on_from_a_server_that_the_user_named(inside: &str) -> usize {
    let mut attempts = 0;
    for way_in in &ways_in(inside) {
        for status in [301_u16, 302, 303, 307, 308] {
            let to = way_in.clone();
            let server = HttpServer::start(move |request| match request.path() {
                "/first" => HttpAnswer::leads_to(302, "/second"),
                _ => HttpAnswer::leads_to(status, &to),
            })
            .unwrap();
            let (net, _) = net(&server);
            let first = Address::parse(&format!("{}/first", server.address())).unwrap();
            let request = Request::get(&Line::named("own", 1), first);
            assert!(net.ask(&request, &Cancel::default()).is_err(), "{way_in} by {status}");
            assert_eq!(server.requests().len(), 2, "it may lead to itself");
            attempts += 1;
        }
    }
    attempts
}

#[test]
fn nothing_from_outside_leads_inside() {
    let inside = HttpServer::start(|_| HttpAnswer::file("audio/flac", "", audio(10))).unwrap();
    let mut attempts = 0;
    for way_in in &ways_in(&inside.address()) {
        // Named by a feed, and behind redirects of every kind, also of two steps.
        for status in [0_u16, 301, 302, 303, 307, 308] {
            let to = way_in.clone();
            let server = HttpServer::start(move |request| match request.path() {
                "/example.org/second" => HttpAnswer::leads_to(status, &to),
                _ if status == 308 => HttpAnswer::leads_to(302, "https://example.org/second"),
                _ => HttpAnswer::leads_to(status, &to),
            })
            .unwrap();
            let (net, _) = net(&server);
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("x");
            let address = match status {
                0 => Address::parse(way_in),
                _ => Address::parse("https://example.org/first"),
            };
            let Ok(address) = address else { continue };
            let request = Request::get(&line(), address);
            let download = Download {
                request: request.clone(),
                to: &file,
                size: None,
                sums: &Sums::default(),
                max_bytes: 1000,
                came: &|_| {},
            };
            assert!(net.download(&download, &Cancel::default()).is_err(), "{way_in} by {status}");
            assert!(net.ask(&request, &Cancel::default()).is_err(), "{way_in} by {status}");
            // Whoever followed it would come here again: this server stands in for every address.
            let each = match status {
                0 => 0,
                308 => 2,
                _ => 1,
            };
            assert_eq!(server.requests().len(), 2 * each, "{way_in} by {status} was followed");
            attempts += 2;
        }
    }
    assert!(attempts >= 200, "{attempts}");
    attempts += lead_on_from_a_server_that_the_user_named(&inside.address());
    assert!(attempts >= 400, "{attempts}");
    assert_eq!(inside.requests().len(), 0);
}

#[test]
fn secrets_do_not_follow_to_other_servers() {
    let server = HttpServer::start(|request| match request.path() {
        "/example.org/a" => HttpAnswer::leads_to(302, "https://other.example/b"),
        _ => HttpAnswer::json(&json!({})),
    })
    .unwrap();
    let (net, _) = net(&server);
    let request = get("/a").header("authorization", "Bearer secret").header("x-emby-token", "secret");
    net.ask(&request, &Cancel::default()).unwrap();
    let asked = server.requests();
    assert!(asked[0].header("authorization").is_some());
    assert!(asked[1].headers.iter().all(|(_, value)| !value.contains("secret")), "{asked:?}");
}

#[test]
fn a_drill_refuses_and_remembers_nothing() {
    let server = counting();
    let (net_before, memory) = net(&server);
    net_before.ask(&get("/a").kept(NEVER_FRESH), &Cancel::default()).unwrap();
    for down in ["all", "example"] {
        let ways =
            Ways { stand_in: Some(server.address()), down: [down.to_owned()].into(), ..Ways::default() };
        let drill = Net::new(memory.clone(), &ways).unwrap();
        assert!(drill.ask(&get("/a").kept(NEVER_FRESH), &Cancel::default()).unwrap().stale.is_some());
        assert!(drill.ask(&get("/b"), &Cancel::default()).is_err());
    }
    assert_eq!(server.requests().len(), 1);
    assert_eq!(memory.standing("example").unwrap().unwrap().failures, 0);
}

#[test]
fn turns_keep_their_gap_between_clients_that_share_a_memory() {
    use ferrotape_services::spotify_account::Clock;
    use std::sync::Mutex;

    /// Sleeping moves it on.
    struct Counted(Mutex<Duration>);
    impl Clock for Counted {
        fn now_ms(&self) -> i64 {
            i64::try_from(self.running().as_millis()).unwrap()
        }
        fn running(&self) -> Duration {
            *self.0.lock().unwrap()
        }
        fn sleep(&self, time: Duration, _cancel: &Cancel) {
            *self.0.lock().unwrap() += time;
        }
    }
    let server = counting();
    let clock = Arc::new(Counted(Mutex::default()));
    let memory = Arc::new(MemoryOnly::default());
    let one = Net::with_clock(memory.clone(), &Ways::default(), clock.clone()).unwrap();
    let two = Net::with_clock(memory, &Ways::default(), clock.clone()).unwrap();
    let line = Line { gap: Duration::from_secs(1), ..Line::named("slow", 1) };
    let request = Request::get(&line, Address::parse(&format!("{}/a", server.address())).unwrap());
    for net in [&one, &two, &one, &two] {
        net.ask(&request, &Cancel::default()).unwrap();
    }
    assert_eq!(clock.running(), Duration::from_secs(3));
}
