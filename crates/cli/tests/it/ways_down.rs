//! The ways in which places are down.

use std::net::TcpStream;

use ferrotape_testkit::{HttpAnswer, HttpServer, HttpTrouble};

/// How a place is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Nobody is there; where one server stands in for many hosts, it hangs up.
    Refuses,
    /// It asks for a pause of hours, with this status.
    Pauses(u16),
    /// It answers with this status, and says no more.
    Unwell(u16),
    /// A web page with a good status stands where its answer should.
    Page,
    /// Its answers break off.
    Cut,
    /// Its answers have no end.
    Endless,
    /// It tells what it has, and gives no files.
    WithoutFiles,
}

/// All of them, in turn.
pub(crate) const WAYS: [Way; 9] = [
    Way::Refuses,
    Way::Pauses(503),
    Way::Page,
    Way::Unwell(500),
    Way::Pauses(429),
    Way::Unwell(503),
    Way::Cut,
    Way::Endless,
    Way::WithoutFiles,
];

/// Seconds of a pause that nobody waits for.
const PAUSE: u64 = 2 * 3_600;

impl Way {
    /// What comes in place of an answer.
    pub(crate) fn instead_of(self, answer: HttpAnswer) -> HttpAnswer {
        let trouble = match self {
            Self::Refuses => HttpTrouble::HungUp,
            Self::Pauses(status) => HttpTrouble::Pause(status, PAUSE),
            Self::Unwell(status) => HttpTrouble::Status(status),
            Self::Page => HttpTrouble::Page,
            Self::Cut => HttpTrouble::CutAfter(10),
            Self::Endless => HttpTrouble::Endless,
            Self::WithoutFiles if answer.ranges => HttpTrouble::Status(503),
            Self::WithoutFiles => return answer,
        };
        answer.but(trouble)
    }

    /// What a program says that is down.
    pub(crate) fn of_program(self) -> &'static str {
        match self {
            Self::Refuses => "",
            Self::Page => "<!DOCTYPE html>\n",
            Self::Cut => "{\"offer\":{\"id\":",
            _ => "{\"error\":\"closed\"}\n",
        }
    }
}

/// An address at which nobody listens, nor can: our own connection to `server` has its port.
pub(crate) fn nobody_beside(server: &HttpServer) -> (TcpStream, String) {
    let own = TcpStream::connect(server.address().trim_start_matches("http://")).unwrap();
    let address = format!("http://{}", own.local_addr().unwrap());
    (own, address)
}
