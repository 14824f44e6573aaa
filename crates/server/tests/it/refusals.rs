//! What is not answered.

use crate::room::Room;

#[test]
fn only_names_of_this_machine_are_answered() {
    let room = Room::with_report();
    let port = room.address.port();
    let ours = ["localhost", "127.0.0.1", "[::1]"];
    for host in ours.iter().map(|host| format!("{host}:{port}")).chain(["localhost".into()]) {
        assert_eq!(room.get_as("/report.json", &host).status, 200, "{host}");
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "192.168.1.9", "localhost@evil.example", "", "a b"]
    {
        let answer = room.get_as("/report.json", host);
        assert!((400..500).contains(&answer.status), "{host}: {answer:?}");
        assert!(!answer.body.contains("Harbour"), "{host}");
    }
    assert_eq!(room.get_as("/", &format!("evil.example:{port}")).status, 421);
}

#[test]
fn a_second_host_or_one_in_the_request_line_does_not_get_past() {
    let room = Room::with_report();
    for request in [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET http://localhost/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    ] {
        let answer = room.send(request.as_bytes());
        assert_eq!(answer.status, 421, "{request:?}: {answer:?}");
    }
}

#[test]
fn it_only_shows() {
    let room = Room::with_report();
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"] {
        let answer = room.send(format!("{method} / HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes());
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")), "{method}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
    let with_body = room.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
    assert_eq!(with_body.status, 413);
}

#[test]
fn malformed_and_oversized_requests_are_refused_and_the_rest_goes_on() {
    let room = Room::with_report();
    let long_path = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(100_000));
    let many_headers = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X-Again: yes\r\n".repeat(500));
    let requests: [&[u8]; 6] = [
        b"hello there\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nBad Name: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        long_path.as_bytes(),
        many_headers.as_bytes(),
    ];
    for request in requests {
        let answer = room.send(request);
        assert!(
            answer.status == 0 || (400..500).contains(&answer.status),
            "{:?}: {answer:?}",
            String::from_utf8_lossy(&request[..request.len().min(40)])
        );
    }
    assert_eq!(room.get("/?to=%ff%00").status, 404);
    assert_eq!(room.get("/?to=a&to=b").status, 400);
    assert_eq!(room.get("/health").status, 200);
}

#[test]
fn silent_visitors_do_not_lock_out_others() {
    let room = Room::with_report();
    let silent: Vec<_> = (0..20).map(|_| room.connect()).collect();
    assert_eq!(room.get("/health").status, 200);
    drop(silent);
}
