//! Bodies that are made while they are sent come as those that are held.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use ferrotape_testkit::{HttpAnswer, HttpServer, HttpTrouble as Trouble, MadeBody};

/// More than two pieces.
const LENGTH: usize = 150_000;

fn fill(number: usize, at: usize, into: &mut [u8]) {
    for (offset, byte) in into.iter_mut().enumerate() {
        *byte = ((at + offset) * 31 % 251 + number) as u8;
    }
}

fn get(server: &HttpServer, path: &str, more: &str) -> io::Result<Vec<u8>> {
    let address = server.address();
    let mut stream = TcpStream::connect(address.trim_start_matches("http://"))?;
    stream.write_all(format!("GET /{path} HTTP/1.1\r\n{more}\r\n").as_bytes())?;
    // Nothing more is asked for, so that the server hangs up.
    stream.shutdown(Shutdown::Write)?;
    let mut came = Vec::new();
    stream.read_to_end(&mut came)?;
    Ok(came)
}

#[test]
fn a_body_that_is_made_comes_as_one_that_is_held_also_in_parts_and_spoilt() {
    let server = HttpServer::start(|request| {
        let mut held = vec![0; LENGTH];
        fill(7, 0, &mut held);
        match request.path() {
            "/held" => HttpAnswer::file("audio/flac", "\"a\"", held),
            _ => HttpAnswer::made("audio/flac", "\"a\"", MadeBody::new(7, LENGTH, fill)),
        }
    })
    .unwrap();
    let moment = Duration::from_millis(1);
    for trouble in [
        None,
        Some(Trouble::CutAfter(70_000)),
        Some(Trouble::Corrupt(69_999)),
        Some(Trouble::Silence(moment)),
        Some(Trouble::Drops(40_000, moment)),
        Some(Trouble::NoRanges),
        Some(Trouble::WrongRange),
        Some(Trouble::OtherEtag),
        Some(Trouble::ShortBody),
        Some(Trouble::Page),
    ] {
        for more in ["", "Range: bytes=70001-\r\nIf-Range: \"a\"\r\n", "Range: bytes=150000-\r\n"] {
            let [held, made] = ["held", "made"].map(|path| {
                trouble.iter().for_each(|trouble| server.spoil(path, trouble.clone()));
                get(&server, path, more).unwrap()
            });
            assert!(held == made, "{trouble:?} {more}: {} and {} bytes", held.len(), made.len());
            assert!(held.len() > 60, "{trouble:?} {more}");
        }
    }
}
