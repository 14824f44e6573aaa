//! The listener against a browser, and against what else may knock.

use super::*;

/// What the listener answers to these bytes.
fn knock(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    // It may have hung up already: too much was sent.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").into_bytes()
}

/// The result of a login, and the answers to what knocked.
fn login(knocks: &[Vec<u8>]) -> (Result<Secret, Fault>, Vec<String>) {
    let callback = Callback::listen().unwrap();
    let (address, cancel) = (callback.address, Cancel::default());
    thread::scope(|scope| {
        let knocking = scope.spawn(|| knocks.iter().map(|bytes| knock(address, bytes)).collect::<Vec<_>>());
        let brought = callback.wait(&Secret::new("right state"), &cancel);
        (brought, knocking.join().unwrap())
    })
}

#[test]
fn only_the_request_with_the_right_state_ends_the_login() {
    let (code, said) = login(&[
        get("/"),
        get("/callback"),
        get("/callback?code=evil&state=wrong"),
        get("/callback?code=evil"),
        get("/callback?state=right+state"),
        b"POST /callback?code=evil&state=right+state HTTP/1.1\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01 \r\n\r\n".to_vec(),
        vec![b'x'; 4 * MAX_BYTES],
        get("/callback?code=go%2Fod&state=right%20state"),
    ]);
    assert_eq!(code.unwrap().reveal(), "go/od");
    let statuses: Vec<&str> = said.iter().map(|answer| answer.get(9..12).unwrap_or("-")).collect();
    assert_eq!(statuses, ["404", "404", "400", "400", "400", "-", "-", "-", "200"]);
    assert!(said.iter().all(|answer| !answer.contains("evil") && !answer.contains("state=")));
}

#[test]
fn who_does_not_agree_is_told_so() {
    let (refusal, said) = login(&[get("/callback?error=access_denied&state=right+state")]);
    assert!(refusal.unwrap_err().reason.contains("did not agree"));
    assert!(said[0].starts_with("HTTP/1.1 200"));
}

#[test]
fn an_odd_error_word_is_not_repeated() {
    let (refusal, _) = login(&[get("/callback?error=%1b%5b31mred&state=right+state")]);
    assert!(!refusal.unwrap_err().reason.contains('\u{1b}'));
}

#[test]
fn a_silent_connection_keeps_nobody_waiting() {
    let callback = Callback::listen().unwrap();
    let silent = TcpStream::connect(callback.address).unwrap();
    thread::scope(|scope| {
        let address = callback.address;
        let knocking = scope.spawn(move || knock(address, &get("/callback?code=good&state=s")));
        let code = callback.wait(&Secret::new("s"), &Cancel::default());
        assert_eq!(code.unwrap().reveal(), "good");
        assert!(knocking.join().unwrap().contains("Thank you"));
        drop(silent);
    });
}

#[test]
fn a_stop_ends_the_wait() {
    let cancel = Cancel::default();
    cancel.stop();
    assert!(Callback::listen().unwrap().wait(&Secret::new("s"), &cancel).is_err());
}
