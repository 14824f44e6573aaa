//! A web server on a loopback port whose answers are made by a test, and that lies and breaks off when asked to.
//!
//! One thread per connection, connections stay open, ranges and ETags are honoured for files. It ends when it is dropped.

mod answer;
mod made;
mod request;

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

pub use answer::{HttpAnswer, HttpTrouble};
pub use made::{Filling, MadeBody};
pub use request::HttpRequest;

type Answers = dyn Fn(&HttpRequest) -> HttpAnswer + Send + Sync;

struct Shared {
    answers: Box<Answers>,
    requests: Mutex<Vec<HttpRequest>>,
    troubles: Mutex<VecDeque<(String, HttpTrouble)>>,
    ended: AtomicBool,
}

/// Where a server listens that speaks no https, though it is asked so.
pub fn without_https() -> io::Result<SocketAddr> {
    use std::io::{Read, Write};
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut hello = vec![0; 64 << 10];
            // Whoever is gone needs no answer.
            drop(stream.read(&mut hello));
            drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
            drop(stream.read(&mut hello));
        }
    });
    Ok(address)
}

/// The running server.
pub struct HttpServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl HttpServer {
    /// Starts a server that answers with what `answers` makes of each request.
    pub fn start(answers: impl Fn(&HttpRequest) -> HttpAnswer + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            answers: Box::new(answers),
            requests: Mutex::default(),
            troubles: Mutex::default(),
            ended: AtomicBool::new(false),
        });
        let of_thread = Arc::clone(&shared);
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if of_thread.ended.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&of_thread);
                if let Ok(stream) = stream {
                    thread::spawn(move || serve(&stream, &shared));
                }
            }
        });
        Ok(Self { address, shared, thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<HttpRequest> {
        self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every request so far as `METHOD path?query`.
    pub fn asked(&self) -> Vec<String> {
        let requests = self.requests();
        requests.iter().map(|request| format!("{} {}", request.method, request.target)).collect()
    }

    /// Spoils the next answer whose path and query hold `part`; several wait for one another.
    pub fn spoil(&self, part: &str, trouble: HttpTrouble) {
        let mut troubles = self.shared.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        troubles.push_back((part.to_owned(), trouble));
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Wakes the thread up.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Answers until the other side has no more to ask; what goes wrong with the line is what tests are about.
fn serve(stream: &TcpStream, shared: &Shared) {
    // Head and body are written apart; held back, the second would wait for the first to be confirmed.
    drop(stream.set_nodelay(true));
    while let Ok(Some(request)) = request::read(stream) {
        if shared.ended.load(Ordering::SeqCst) {
            return;
        }
        let answer = (shared.answers)(&request);
        shared.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
        let trouble = next_trouble(shared, &request).or_else(|| answer.trouble.clone());
        match answer.send(stream, &request, trouble.as_ref()) {
            Ok(true) => {}
            Ok(false) | Err(_) => return,
        }
    }
}

fn next_trouble(shared: &Shared, request: &HttpRequest) -> Option<HttpTrouble> {
    let mut troubles = shared.troubles.lock().unwrap_or_else(PoisonError::into_inner);
    let at = troubles.iter().position(|(part, _)| request.target.contains(part.as_str()))?;
    troubles.remove(at).map(|(_, trouble)| trouble)
}
