//! The listener that the browser comes back to: on this computer only, at a port the system picks.
//!
//! Anyone on the computer, and any page in the browser, can reach it. So it reads little, waits for nobody long, and
//! only a request with this login's `state` ends it; everything else gets a short answer and changes nothing.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use ferrotape_domain::{Cancel, Fault};
use percent_encoding::percent_decode_str;

use super::faults;
use super::secret::Secret;

/// How long the user has to sign in and agree.
const PATIENCE: Duration = Duration::from_secs(300);
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Browsers open connections ahead and send nothing.
const CONNECTION: Duration = Duration::from_secs(5);
const MAX_BYTES: usize = 16 << 10;
const MAX_AT_ONCE: u32 = 32;

/// What the browser brought.
pub(super) type Brought = Result<Secret, String>;

pub(super) struct Callback {
    listener: TcpListener,
    address: SocketAddr,
}

impl Callback {
    pub(super) fn listen() -> Result<Self, Fault> {
        let failed = |error: io::Error| {
            faults::permanent(format!(
                "no port of this computer can be opened for the browser to come back to ({error})"
            ))
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// By address: Spotify refuses the name `localhost`.
    pub(super) fn redirect_uri(&self) -> String {
        format!("http://{}/callback", self.address)
    }

    /// Waits for the code that belongs to `state`.
    pub(super) fn wait(&self, state: &Secret, cancel: &Cancel) -> Result<Secret, Fault> {
        let until = Instant::now() + PATIENCE;
        let (sender, receiver): (Sender<Option<Brought>>, Receiver<Option<Brought>>) = channel();
        let mut open = 0;
        loop {
            match receiver.try_recv() {
                Ok(Some(Ok(code))) => return Ok(code),
                Ok(Some(Err(word))) => return Err(refused(&word)),
                Ok(None) => open -= 1,
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => {}
            }
            if cancel.is_stopped() {
                return Err(faults::needs_user("stopped – no account was connected"));
            }
            if Instant::now() >= until {
                return Err(faults::needs_user(
                    "nobody came back from the browser within five minutes – run the command again",
                ));
            }
            match self.listener.accept() {
                Ok((stream, from)) if from.ip().is_loopback() && open < MAX_AT_ONCE => {
                    open += 1;
                    let (sender, state) = (sender.clone(), state.clone());
                    // It ends by itself within seconds; who listens may be gone by then, and nobody needs to know.
                    thread::spawn(move || drop(sender.send(serve(stream, &state))));
                }
                Ok(_) => {}
                Err(_) => thread::sleep(LOOK_EVERY),
            }
        }
    }
}

fn refused(word: &str) -> Fault {
    match word {
        "access_denied" => faults::needs_user("you did not agree, so no account was connected"),
        word => faults::needs_user(format!("Spotify did not let you sign in ({})", faults::word(word))),
    }
}

/// Answers one connection; what it brought, when it was the one that was waited for.
fn serve(mut stream: TcpStream, state: &Secret) -> Option<Brought> {
    let target = request_target(&mut stream)?;
    let (status, says, brought) = match target.strip_prefix("/callback?") {
        None => ("404 Not Found", "There is nothing here.", None),
        Some(query) if parameter(query, "state").as_deref() != Some(state.reveal()) => {
            ("400 Bad Request", "This does not belong to the sign-in that ferrotape waits for.", None)
        }
        Some(query) => match (parameter(query, "code"), parameter(query, "error")) {
            (Some(code), None) if !code.is_empty() => (
                "200 OK",
                "Thank you. ferrotape goes on in its window; you may close this page.",
                Some(Ok(Secret::new(code))),
            ),
            (_, Some(error)) => {
                ("200 OK", "Nothing was connected. You may close this page.", Some(Err(error)))
            }
            _ => ("400 Bad Request", "Something is missing in this request.", None),
        },
    };
    let _ = stream.write_all(page(status, says).as_bytes());
    let _ = stream.flush();
    brought
}

/// The target of a GET request, read within the limits.
fn request_target(stream: &mut TcpStream) -> Option<String> {
    stream.set_nonblocking(false).ok()?;
    stream.set_write_timeout(Some(CONNECTION)).ok()?;
    let until = Instant::now() + CONNECTION;
    let mut head = Vec::new();
    let mut chunk = [0; 1024];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || head.len() > MAX_BYTES {
            return None;
        }
        stream.set_read_timeout(Some(left)).ok()?;
        match stream.read(&mut chunk).ok()? {
            0 => return None,
            count => head.extend_from_slice(chunk.get(..count)?),
        }
    }
    let line = String::from_utf8(head.split(|byte| *byte == b'\r').next()?.to_vec()).ok()?;
    let mut words = line.split(' ');
    match (words.next(), words.next(), words.next()) {
        (Some("GET"), Some(target), Some(version)) if version.starts_with("HTTP/1.") => {
            Some(target.to_owned())
        }
        _ => None,
    }
}

/// The first parameter of this name.
fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, _)| *key == name)?;
    percent_decode_str(&value.replace('+', " ")).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

fn page(status: &str, says: &str) -> String {
    let body = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>ferrotape</title>\
         <body style=\"font: 1.1rem sans-serif; margin: 4rem auto; max-width: 34rem\"><h1>ferrotape</h1><p>{says}</p>"
    );
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
}

#[cfg(test)]
mod tests;
