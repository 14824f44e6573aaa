//! How many ask at the same time, of clients that remember in the same place, as processes do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use ferrotape_domain::{Cancel, ServiceMemory};
use ferrotape_services::net::{Address, Line, Net, Request, Ways};
use ferrotape_testkit::{HttpAnswer, HttpServer, MemoryOnly};
use serde_json::json;

const MOMENT: Duration = Duration::from_millis(1);

/// A server that takes its time, and how many it was answering at the same time, at most.
fn slow(time: Duration) -> (HttpServer, Arc<AtomicUsize>) {
    let (now, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&most);
    let server = HttpServer::start(move |_| {
        seen.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(time);
        now.fetch_sub(1, Ordering::SeqCst);
        HttpAnswer::json(&json!({}))
    });
    (server.unwrap(), most)
}

fn ways(server: &HttpServer) -> Ways {
    Ways { stand_in: Some(server.address()), ..Ways::default() }
}

fn client(memory: &Arc<MemoryOnly>, ways: &Ways) -> Net {
    let remembered: Arc<dyn ServiceMemory> = memory.clone();
    Net::new(remembered, ways).unwrap()
}

fn get(path: &str, at_once: usize) -> Request {
    let line = Line { at_once, ..Line::public("example", Duration::ZERO) };
    Request::get(&line, Address::parse(&format!("https://example.org{path}")).unwrap())
}

fn is_free(memory: &MemoryOnly, name: &str) -> bool {
    memory.hold("example", name).unwrap().is_some()
}

#[test]
fn no_more_ask_at_the_same_time_than_may_however_many_clients_there_are() {
    let (server, most) = slow(Duration::from_millis(10));
    let memory = Arc::new(MemoryOnly::default());
    let clients: Vec<Net> = (0..3).map(|_| client(&memory, &ways(&server))).collect();
    thread::scope(|scope| {
        for net in clients.iter().flat_map(|net| [net; 4]) {
            scope.spawn(move || {
                (0..3).for_each(|_| drop(net.ask(&get("/a", 2), &Cancel::default()).unwrap()));
            });
        }
    });
    assert_eq!(most.load(Ordering::SeqCst), 2);
    assert_eq!(server.requests().len(), 3 * 4 * 3);
}

#[test]
fn who_asks_and_asks_leaves_turns_to_others() {
    const SO_OFTEN: usize = 500;
    let (server, most) = slow(2 * MOMENT);
    let memory = Arc::new(MemoryOnly::default());
    let (busy, other) = (client(&memory, &ways(&server)), client(&memory, &ways(&server)));
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) && asked.fetch_add(1, Ordering::SeqCst) < SO_OFTEN {
                busy.ask(&get("/busy", 1), &Cancel::default()).unwrap();
            }
        });
        while asked.load(Ordering::SeqCst) < 3 {
            thread::sleep(MOMENT);
        }
        (0..5).for_each(|_| drop(other.ask(&get("/other", 1), &Cancel::default()).unwrap()));
        done.store(true, Ordering::SeqCst);
    });
    let asked = asked.load(Ordering::SeqCst);
    assert!(asked < SO_OFTEN / 2, "{asked} times before the other had asked five times");
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[test]
fn questions_do_not_wait_behind_files_that_another_client_fetches() {
    let goes_on = Arc::new(AtomicBool::new(true));
    let (long, until) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&goes_on));
    let begun = Arc::clone(&long);
    let server = HttpServer::start(move |request| {
        if request.path().ends_with("/file") {
            begun.fetch_add(1, Ordering::SeqCst);
            while until.load(Ordering::SeqCst) {
                thread::sleep(MOMENT);
            }
        }
        HttpAnswer::json(&json!({}))
    });
    let server = server.unwrap();
    let memory = Arc::new(MemoryOnly::default());
    let (one, other) = (client(&memory, &ways(&server)), client(&memory, &ways(&server)));
    let fetch = |net: &Net| drop(net.ask(&get("/file", 2), &Cancel::default()).unwrap());
    thread::scope(|scope| {
        scope.spawn(|| fetch(&one));
        scope.spawn(|| fetch(&one));
        while long.load(Ordering::SeqCst) < 2 {
            thread::sleep(MOMENT);
        }
        scope.spawn(|| fetch(&other));
        while is_free(&memory, "next-1-of-2") {
            thread::sleep(MOMENT);
        }
        let said = other.ask(&get("/question", 3), &Cancel::default());
        let fetched = long.load(Ordering::SeqCst);
        goes_on.store(false, Ordering::SeqCst);
        assert!(said.unwrap().is_ok() && fetched == 2, "{fetched}");
    });
    assert_eq!(long.load(Ordering::SeqCst), 3);
}

#[test]
fn waiting_for_another_client_is_told_once_and_ends_when_the_user_stops() {
    static TOLD: AtomicUsize = AtomicUsize::new(0);
    let (server, _) = slow(Duration::ZERO);
    let memory = Arc::new(MemoryOnly::default());
    let on_wait: fn(&str) = |line| {
        assert_eq!(line, "example");
        TOLD.fetch_add(1, Ordering::SeqCst);
    };
    let ways = Ways { on_wait: Some(on_wait), patience: Duration::from_secs(1), ..ways(&server) };
    let net = client(&memory, &ways);
    let held = memory.hold("example", "1").unwrap().unwrap();
    for _ in 0..2 {
        let cancel = Cancel::default();
        thread::scope(|scope| {
            let asks = scope.spawn(|| net.ask(&get("/a", 1), &cancel));
            while TOLD.load(Ordering::SeqCst) == 0 || is_free(&memory, "next-1-of-1") {
                thread::sleep(MOMENT);
            }
            cancel.stop();
            assert_eq!(asks.join().unwrap().unwrap_err().reason, "stopped");
        });
    }
    assert_eq!((TOLD.load(Ordering::SeqCst), server.requests().len()), (1, 0));
    drop(held);
    net.ask(&get("/a", 1), &Cancel::default()).unwrap();
    assert!(is_free(&memory, "1") && is_free(&memory, "next-1-of-1"));
}

#[test]
fn who_holds_a_turn_for_ever_is_not_waited_for_for_ever() {
    let (server, _) = slow(Duration::ZERO);
    let memory = Arc::new(MemoryOnly::default());
    let net = client(&memory, &Ways { patience: Duration::from_millis(100), ..ways(&server) });
    let held = memory.hold("example", "1").unwrap();
    for _ in 0..2 {
        net.ask(&get("/a", 1), &Cancel::default()).unwrap();
    }
    assert!(held.is_some() && server.requests().len() == 2);
}

#[test]
fn what_a_drill_refuses_waits_for_nobody() {
    let (server, _) = slow(Duration::ZERO);
    let memory = Arc::new(MemoryOnly::default());
    let net = client(&memory, &Ways { down: ["all".to_owned()].into(), ..ways(&server) });
    let held = memory.hold("example", "1").unwrap();
    let fault = net.ask(&get("/a", 1), &Cancel::default()).unwrap_err();
    assert!(fault.reason.contains("drill") && held.is_some(), "{fault}");
}
