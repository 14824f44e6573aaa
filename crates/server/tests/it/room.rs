//! A library with a report, a server on any free port, and the smallest visitor.

use std::collections::HashMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use ferrotape_app::open_to_look;
use ferrotape_domain::{Cancel, Outcome, Silent};
use ferrotape_engine::selection::{ImportRules, What, select};
use ferrotape_engine::{Context, report};
use ferrotape_server::{Server, ServerError};
use tempfile::TempDir;

/// Invented; the second title is an attempt at markup, the fourth a thing that no player takes.
const ROAD_TRIP: &str = "Track URI,Track Name,Album Name,Artist Name(s)\n\
spotify:track:0000000000000000000001,Half the Harbour,Salt Calendar,Marta Quillon\n\
spotify:track:0000000000000000000002,<script>alert(1)</script>,Salt Calendar,Marta Quillon\n\
spotify:track:0000000000000000000003,\"Lys over Åsen, del 2\",Snøfall i juli,Ødegård Vintersol\n\
spotify:track:0000000000000000000004,Paper Engines,Ground Control,The Cardboard Zeppelins\n\
spotify:track:0000000000000000000001,Half the Harbour,Salt Calendar,Marta Quillon\n";

pub(crate) const TARGET: &str = "/media/PLAYER";

/// A running server; stopped when dropped.
pub(crate) struct Room {
    pub(crate) address: SocketAddr,
    pub(crate) cancel: Cancel,
    running: Option<JoinHandle<Result<(), ServerError>>>,
    folder: TempDir,
}

impl Room {
    /// A library that nothing was converted from yet.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let opened = open_to_look(&folder.path().join("library")).unwrap();
        let server = Server::bind(opened, "127.0.0.1:0".parse().unwrap()).unwrap();
        let address = server.address();
        let cancel = Cancel::default();
        let until = cancel.clone();
        let running = Some(std::thread::spawn(move || server.run(&until)));
        Self { address, cancel, running, folder }
    }

    /// A library with one import and the report of one run.
    pub(crate) fn with_report() -> Self {
        let room = Self::empty();
        room.convert(TARGET, 1_700_000_000);
        room
    }

    /// What a conversion leaves in the library, through a connection of its own, as another program would.
    pub(crate) fn convert(&self, target: &str, at: i64) {
        let csv = self.folder.path().join("road_trip.csv");
        fs::write(&csv, ROAD_TRIP).unwrap();
        let opened = open_to_look(&self.folder.path().join("library")).unwrap();
        let context = Context {
            library: &opened.library,
            progress: &Silent,
            cancel: &Cancel::default(),
            now: at,
            listen: false,
            links: None,
        };
        let selection = select(&[What::Path(csv)], &ImportRules::default(), &context).unwrap();
        let outcomes: HashMap<i64, Outcome> =
            selection.wanted.iter().map(|wanted| wanted.id).zip(outcomes()).collect();
        let made = report::assemble(target, &selection.wanted, &selection.lists, outcomes, &context).unwrap();
        report::save(&made, &selection.lists, Vec::new(), &context).unwrap();
    }

    /// Sends the bytes as they are and reads until the server closes.
    pub(crate) fn send(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        let mut bytes = Vec::new();
        // A server that refuses early may close while the request is still under way.
        let _ = stream.read_to_end(&mut bytes);
        Answer::read(&bytes)
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.get_as(path, &self.address.to_string())
    }

    pub(crate) fn get_as(&self, path: &str, host: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())
    }

    /// Waits for the server's own end.
    pub(crate) fn ended(&mut self) -> Result<(), ServerError> {
        self.running.take().unwrap().join().unwrap()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.cancel.stop();
        if let Some(running) = self.running.take() {
            let _ = running.join();
        }
    }
}

fn outcomes() -> [Outcome; 4] {
    [
        Outcome::OnPlayer {
            path: "Music/Marta Quillon/Salt Calendar/01 Half the Harbour.mp3".into(),
            substitute: None,
        },
        Outcome::NeedsReview("two files fit".into()),
        Outcome::NotInSources("no file of that name".into()),
        Outcome::Waiting {
            reason: "the player is full".into(),
            until: "there is space".into(),
            on: Vec::new(),
        },
    ]
}

/// One HTTP answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Status 0 stands for a connection that was closed without an answer.
    fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let of_name =
            |line: &&str| line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name));
        self.head.lines().find(of_name).and_then(|line| line.split_once(':')).map(|(_, value)| value.trim())
    }
}
