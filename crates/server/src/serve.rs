//! Listening, accepting, stopping.
//!
//! axum's own `serve` sets no time limits, so connections are given to hyper here: one request each, and a limit on
//! its size and time. That also makes stopping simple, for no connection stays open idle.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener as StdListener};
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use ferrotape_app::OpenLibrary;
use ferrotape_domain::Cancel;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::guard::{Guard, guard};
use crate::{ServerError, limits, routes};

/// A server that listens and has not answered yet.
pub struct Server {
    listener: StdListener,
    address: SocketAddr,
    opened: OpenLibrary,
}

impl Server {
    /// Listens on `address`; port 0 takes any free port.
    ///
    /// The library may be open to look only, and may be changed by another ferrotape meanwhile: every answer reads it
    /// anew.
    pub fn bind(opened: OpenLibrary, address: SocketAddr) -> Result<Self, ServerError> {
        let bind_error = |source| ServerError::Bind { address, source };
        let listener = StdListener::bind(address).map_err(bind_error)?;
        let address = listener.local_addr().map_err(bind_error)?;
        Ok(Self { listener, address, opened })
    }

    /// Where it listens, with the port that port 0 became.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `cancel` is set, then gives open answers a moment to end. Blocks.
    pub fn run(self, cancel: &Cancel) -> Result<(), ServerError> {
        let Self { listener, address, opened } = self;
        let start_error = |source: io::Error| ServerError::Start { address, source };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(limits::REPORTS)
            .build()
            .map_err(start_error)?;
        let routes = routes::routes(opened, cancel.clone());
        let done = runtime.block_on(async {
            listener.set_nonblocking(true)?;
            accept(TcpListener::from_std(listener)?, address.ip(), routes, cancel).await;
            Ok(())
        });
        // A report still in the making is of no use to anyone now.
        runtime.shutdown_timeout(limits::GRACE);
        done.map_err(start_error)
    }
}

async fn accept(listener: TcpListener, bound: IpAddr, routes: Router, cancel: &Cancel) {
    let places = Arc::new(Semaphore::new(limits::CONNECTIONS as usize));
    while !cancel.is_stopped() {
        let Ok(Ok(place)) = timeout(limits::TICK, Arc::clone(&places).acquire_owned()).await else {
            continue;
        };
        match timeout(limits::TICK, listener.accept()).await {
            Ok(Ok((stream, _))) => {
                let routes = routes.clone();
                tokio::spawn(async move {
                    // A visitor who is too slow, went away or talks no HTTP is no concern of anyone else.
                    let _ = timeout(limits::CONNECTION_TIME, answer(stream, bound, routes)).await;
                    drop(place);
                });
            }
            // Out of file handles, or a visitor who left at once: there is nothing to do but to go on.
            Ok(Err(_)) => sleep(limits::TICK).await,
            Err(_) => {}
        }
    }
    drop(listener);
    let _ = timeout(limits::GRACE, places.acquire_many(limits::CONNECTIONS)).await;
}

async fn answer(stream: TcpStream, bound: IpAddr, routes: Router) -> Result<(), hyper::Error> {
    let reached = stream.local_addr().map_or(bound, |address| address.ip());
    let service = routes.layer(from_fn_with_state(Guard { bound, reached }, guard));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEAD_TIME)
        .max_headers(limits::HEADERS)
        .max_buf_size(limits::HEAD_BYTES)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .await
}
