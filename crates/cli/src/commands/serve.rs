//! `ferrotape serve`: the last run's report in a browser.

use std::net::SocketAddr;
use std::process::ExitCode;

use ferrotape_server::Server;
use serde_json::json;

use crate::args::{Args, Serve};
use crate::error::CliError;
use crate::session::Session;
use crate::{json as forms, output};

pub(crate) fn run(args: &Args, wanted: &Serve) -> Result<ExitCode, CliError> {
    let Session { opened, cancel, .. } = Session::to_look(args)?;
    if !wanted.bind.is_loopback() {
        output::talk(&format!(
            "warning: --bind {}: whoever can reach this address can read your report, without a password",
            wanted.bind
        ));
    }
    let address = SocketAddr::new(wanted.bind, wanted.port);
    let server = Server::bind(opened, address).map_err(|error| CliError::new(error.to_string()))?;
    let address = format!("http://{}/", server.address());
    if args.json {
        output::line(&json!({ "event": "listening", "address": address }).to_string());
    } else {
        output::line(&address);
        output::talk("open it in a browser; Ctrl-C stops");
    }
    server.run(&cancel).map_err(|error| CliError::new(error.to_string()))?;
    if args.json {
        output::line(&forms::result("serve", json!({})));
    }
    Ok(ExitCode::SUCCESS)
}
