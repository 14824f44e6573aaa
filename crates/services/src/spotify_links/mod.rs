//! What a link alone can tell when the user allows asking for it: where a short link leads, and the title that the
//! documented oEmbed endpoint gives. Nothing else is asked: the pages themselves are undocumented and not for programs.
//!
//! A short link is followed by hand: HEAD requests only, four hops at most, https only, and only between the hosts that
//! such links really pass. What lies behind another host is not asked for at all.

use std::io::Read;
use std::time::Duration;

use ferrotape_domain::{Fault, FaultKind, LinkLookup};
use serde::Deserialize;
use ureq::Agent;
use ureq::http::{Uri, header};

use crate::loopback::is_loopback;

/// Hops from a short link to what it names.
const MOST_HOPS: usize = 4;
/// Hosts that may be asked where a link leads.
const ASKED: [&str; 3] = ["spotify.link", "spotify.app.link", "spoti.fi"];
/// Where links end.
const ENDS: [&str; 2] = ["open.spotify.com", "play.spotify.com"];
const OEMBED: &str = "https://open.spotify.com/oembed";
/// An oEmbed answer has about one kilobyte.
const MAX_BYTES: u64 = 256 << 10;
const WHOLE: Duration = Duration::from_secs(20);

/// Asks over the network.
#[derive(Debug)]
pub struct SpotifyLinks {
    agent: Agent,
    stand_in: Option<String>,
}

impl SpotifyLinks {
    /// With a stand-in on this computer that gets every request, for tests: `https://HOST/PATH` is asked there as
    /// `/HOST/PATH`.
    pub fn new(stand_in: Option<&str>) -> Result<Self, Fault> {
        if stand_in.is_some_and(|address| !is_loopback(address)) {
            return Err(fault(FaultKind::Permanent, "only an address of this computer can stand in"));
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_global(Some(WHOLE))
            .user_agent(concat!("ferrotape/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Ok(Self { agent, stand_in: stand_in.map(|address| address.trim_end_matches('/').to_owned()) })
    }

    /// Where a request for this https address goes.
    fn asked_at(&self, address: &str) -> String {
        match &self.stand_in {
            Some(stand_in) => format!("{stand_in}/{}", address.trim_start_matches("https://")),
            None => address.to_owned(),
        }
    }

    /// The next hop of a short link.
    fn hop(&self, address: &str) -> Result<String, Fault> {
        let answer = self.agent.head(self.asked_at(address)).call().map_err(|error| unreachable(&error))?;
        let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
        match (answer.status().as_u16(), to) {
            (301 | 302 | 303 | 307 | 308, Some(to)) => Ok(to),
            (404 | 410, _) => Err(fault(FaultKind::Permanent, "the link leads nowhere (any more)")),
            (429 | 500..=599, _) => Err(refused(answer.status().as_u16())),
            _ => Err(fault(FaultKind::Permanent, "the address does not say where the link leads")),
        }
    }
}

/// What oEmbed says; the rest of it (a player, a cover) is of no use here.
#[derive(Debug, Deserialize)]
struct Embed {
    #[serde(default)]
    title: Option<String>,
}

impl LinkLookup for SpotifyLinks {
    fn follow(&self, short: &str) -> Result<String, Fault> {
        let mut at = https(short)?;
        for _ in 0..MOST_HOPS {
            let host = host_of(&at)?;
            if ENDS.contains(&host.as_str()) {
                return Ok(at);
            }
            if !ASKED.contains(&host.as_str()) {
                let why =
                    format!("the link leads to {host}, which is none of Spotify's; it was not followed");
                return Err(fault(FaultKind::Permanent, &why));
            }
            at = https(&self.hop(&at)?)?;
        }
        match host_of(&at)? {
            host if ENDS.contains(&host.as_str()) => Ok(at),
            _ => Err(fault(FaultKind::Permanent, "the link leads on and on; it was followed four times")),
        }
    }

    fn title(&self, address: &str) -> Result<Option<String>, Fault> {
        let request = self.agent.get(self.asked_at(OEMBED)).query("url", address);
        let mut answer =
            request.header(header::ACCEPT, "application/json").call().map_err(|error| unreachable(&error))?;
        match answer.status().as_u16() {
            200 => {}
            400 | 404 => return Ok(None),
            status => return Err(refused(status)),
        }
        let mut body = Vec::new();
        let reader = answer.body_mut().with_config().limit(u64::MAX).reader();
        let cut = |_| fault(temporary(), "the answer broke off");
        reader.take(MAX_BYTES + 1).read_to_end(&mut body).map_err(cut)?;
        if body.len() as u64 > MAX_BYTES {
            return Err(fault(FaultKind::Permanent, "the answer is far too long"));
        }
        let embed: Embed = serde_json::from_slice(&body)
            .map_err(|_| fault(FaultKind::Permanent, "the answer is none that oEmbed would give"))?;
        Ok(embed.title.map(|title| title.trim().to_owned()).filter(|title| !title.is_empty()))
    }
}

/// A whole https address; links are often given without `https://`, and Branch's redirects may name http.
fn https(address: &str) -> Result<String, Fault> {
    let address = address.trim();
    let bare = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    if bare.is_none() && address.contains("://") {
        return Err(fault(FaultKind::Permanent, "the link leads to something that is no web address"));
    }
    Ok(format!("https://{}", bare.unwrap_or(address)))
}

/// A name of a host and nothing beside it: no user, no port.
fn host_of(address: &str) -> Result<String, Fault> {
    let uri: Option<Uri> = address.parse().ok();
    let authority =
        uri.as_ref().and_then(Uri::authority).map(|authority| authority.as_str().to_ascii_lowercase());
    authority.filter(|host| !host.is_empty() && !host.contains(['@', ':'])).ok_or_else(|| {
        fault(FaultKind::Permanent, "the link leads to something that is no plain web address")
    })
}

fn temporary() -> FaultKind {
    FaultKind::Temporary { retry_after_seconds: None }
}

fn refused(status: u16) -> Fault {
    fault(temporary(), &format!("it does not answer now (status {status}); try again later"))
}

fn unreachable(error: &ureq::Error) -> Fault {
    let why = match error {
        ureq::Error::HostNotFound => "it cannot be reached; is the network on?",
        ureq::Error::Timeout(_) => "it took too long to answer",
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => "its certificate cannot be trusted",
        _ => "it cannot be reached",
    };
    fault(temporary(), why)
}

fn fault(kind: FaultKind, reason: &str) -> Fault {
    Fault { source: "Spotify's links".to_owned(), kind, reason: reason.to_owned() }
}
