//! A Spotify of our own on this computer: sign-in, tokens, the Web API of 2026, and the trouble they make.
//!
//! A real server on a loopback port and threads of its own, so that the real program can be run against it. What it
//! answers has the form of Spotify's published schema, which an independent checker confirms
//! (`cargo xtask shared-checks`). Refresh tokens work once, codes once and only with their verifier; [`Trouble`] is
//! scripted per path; every request is counted; one can be held so that a test may kill who asks. It ends when it is
//! dropped.

mod answers;
mod browse;
mod library;
mod sign_in;
mod wire;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub use browse::{Page, agree, browse};
pub use library::{FakeLibrary, FakePlaylist};

use sign_in::SignIn;

/// What goes wrong, instead of or around an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// 429, with or without `Retry-After`.
    TooMany(Option<u64>),
    /// 429 with this `Retry-After` and the reason `QUOTA_EXCEEDED`.
    Quota(u64),
    /// 403.
    Forbidden,
    /// Another status, e.g. 500 or 502.
    Status(u16),
    /// The answer's head and the first half of its body, then the end.
    Cut,
    /// The connection ends without a byte.
    HungUp,
    /// The whole answer, byte by byte over this time.
    Slow(Duration),
    /// An answer of the right status with something else in it.
    NotJson,
    /// A page that counts its list's rows and holds none.
    Empty,
    /// Rows and totals of the wrong types: what a schema checker must find.
    Malformed,
}

/// One scripted trouble.
struct Scripted {
    path: String,
    after: usize,
    times: usize,
    trouble: Trouble,
}

/// Which request is held.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    /// The one of this number, from 1, of those to the Web API.
    Number(usize),
    /// The next one for a token.
    Token,
}

/// What the server's threads share.
struct State {
    library: FakeLibrary,
    sign_in: SignIn,
    troubles: Vec<Scripted>,
    requests: Vec<String>,
    hold: Option<Held>,
    is_held: bool,
    ended: bool,
}

type Shared = Arc<(Mutex<State>, Condvar)>;

/// The running server.
pub struct FakeSpotify {
    address: SocketAddr,
    shared: Shared,
    thread: Option<JoinHandle<()>>,
}

impl FakeSpotify {
    /// Starts a server that has this library, and in which the client id [`CLIENT_ID`] is known.
    pub fn start(library: FakeLibrary) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let state = State {
            library,
            sign_in: SignIn::default(),
            troubles: Vec::new(),
            requests: Vec::new(),
            hold: None,
            is_held: false,
            ended: false,
        };
        let shared: Shared = Arc::new((Mutex::new(state), Condvar::new()));
        let of_thread = Arc::clone(&shared);
        let thread = thread::spawn(move || serve(&listener, address, &of_thread));
        Ok(Self { address, shared, thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`, for both the Web API and the sign-in.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far as `METHOD path?query`, those in trouble included.
    pub fn requests(&self) -> Vec<String> {
        self.lock().requests.clone()
    }

    /// The requests to the Web API so far: all but sign-in and tokens.
    pub fn asked(&self) -> Vec<String> {
        self.requests().into_iter().filter(|request| is_api(request)).collect()
    }

    /// Forgets which requests there were.
    pub fn clear(&self) {
        self.lock().requests.clear();
    }

    /// The next `times` requests whose path and query hold `path` get into this trouble.
    pub fn trouble(&self, path: &str, times: usize, trouble: Trouble) {
        self.trouble_after(path, 0, times, trouble);
    }

    /// As [`Self::trouble`], after `after` requests that go well.
    pub fn trouble_after(&self, path: &str, after: usize, times: usize, trouble: Trouble) {
        self.lock().troubles.push(Scripted { path: path.to_owned(), after, times, trouble });
    }

    /// Ends every scripted trouble.
    pub fn calm(&self) {
        self.lock().troubles.clear();
    }

    /// Changes the library, as the user does between two pulls.
    pub fn change(&self, change: impl FnOnce(&mut FakeLibrary)) {
        change(&mut self.lock().library);
    }

    /// Makes every token that was given invalid: the access tokens at once, the refresh tokens with `invalid_grant`.
    pub fn end_agreement(&self) {
        self.lock().sign_in.end();
    }

    /// Makes the access tokens that were given invalid; refreshing helps.
    pub fn expire_access(&self) {
        self.lock().sign_in.expire_access();
    }

    /// Every secret that was given out or came in: tokens, codes, verifiers.
    pub fn secrets(&self) -> Vec<String> {
        self.lock().sign_in.secrets.clone()
    }

    /// Holds the `number`th request to the Web API from now, counted from 1; it never gets an answer.
    pub fn hold(&self, number: usize) {
        let mut state = self.lock();
        let before = state.requests.iter().filter(|request| is_api(request)).count();
        state.hold = Some(Held::Number(before + number));
        state.is_held = false;
    }

    /// Holds the next request for a token; none is given, and the one that was shown stays good.
    pub fn hold_token(&self) {
        let mut state = self.lock();
        state.hold = Some(Held::Token);
        state.is_held = false;
    }

    /// Waits until that request is there; `false` when it has not come within this time.
    pub fn wait_until_held(&self, at_most: Duration) -> bool {
        let (_, changed) = &*self.shared;
        let waited = changed.wait_timeout_while(self.lock(), at_most, |state| !state.is_held);
        waited.unwrap_or_else(PoisonError::into_inner).0.is_held
    }

    /// Lets go of the held request, which ends without an answer.
    pub fn release(&self) {
        self.lock().hold = None;
        self.shared.1.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        locked(&self.shared)
    }
}

impl Drop for FakeSpotify {
    fn drop(&mut self) {
        {
            let mut state = self.lock();
            state.ended = true;
            state.hold = None;
        }
        self.shared.1.notify_all();
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The client id that is known here.
pub const CLIENT_ID: &str = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";

fn locked(shared: &Shared) -> MutexGuard<'_, State> {
    shared.0.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_api(request: &str) -> bool {
    request.starts_with("GET /") && !request.starts_with("GET /authorize")
}

fn serve(listener: &TcpListener, address: SocketAddr, shared: &Shared) {
    for stream in listener.incoming() {
        if locked(shared).ended {
            return;
        }
        let Ok(stream) = stream else { continue };
        let shared = Arc::clone(shared);
        thread::spawn(move || answers::connection(stream, address, &shared));
    }
}
