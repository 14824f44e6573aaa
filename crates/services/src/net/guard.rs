//! What came from outside must not lead inside: no address of this computer or its network, whatever its name says.
//!
//! Names are looked up here and only public addresses are handed on, so that a name cannot mean something else at the
//! moment of the connection.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::address::Address;

/// Why such an address is not asked.
pub(crate) const INSIDE: &str =
    "it leads into this computer or its network, where nothing from outside may lead";

/// Looks names up. Systems have many words for a name that cannot be looked up, and some of them are none at all.
#[derive(Debug, Default)]
pub(super) struct Names(DefaultResolver);

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        self.0.resolve(uri, config, timeout).map_err(|error| match error {
            Error::Io(_) => Error::HostNotFound,
            error => error,
        })
    }
}

/// Looks names up and hands on public addresses only.
#[derive(Debug, Default)]
pub(super) struct PublicOnly(Names);

impl Resolver for PublicOnly {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        let mut public = self.empty();
        found.iter().filter(|address| is_public(address.ip())).for_each(|address| public.push(*address));
        if public.is_empty() {
            return Err(Error::Io(io::Error::new(io::ErrorKind::PermissionDenied, INSIDE)));
        }
        Ok(public)
    }
}

/// Whether an address says already that it leads inside.
pub(crate) fn leads_inside(address: &Address) -> bool {
    match address.ip() {
        Some(ip) => !is_public(ip),
        None => is_inside_name(address.host()),
    }
}

/// Names that networks use for themselves, or that no public host has.
fn is_inside_name(host: &str) -> bool {
    const ENDINGS: [&str; 8] = ["localhost", "local", "internal", "lan", "home", "intranet", "arpa", "onion"];
    let host = host.trim_end_matches('.');
    let last = host.rsplit('.').next().unwrap_or_default();
    !host.contains('.') || ENDINGS.contains(&last)
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_for_protocols = (a, b, c) == (192, 0, 0) || (a, b, c) == (192, 88, 99);
    let is_for_benchmarks = a == 198 && (b == 18 || b == 19);
    let is_of_standard = ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_documentation();
    !(a == 0 || a >= 224 || is_shared || is_for_protocols || is_for_benchmarks || is_of_standard)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let v4_at = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match (a, b) {
        // An IPv4 address in another form: mapped, translated (also locally), compatible, 6to4.
        (0, 0) if (c, d, e) == (0, 0, 0) && (f == 0xffff || f == 0) => f != 0 && is_public_v4(v4_at(g, h)),
        (0x64, 0xff9b) => (c, d, e, f) == (0, 0, 0, 0) && is_public_v4(v4_at(g, h)),
        (0x2002, high) => is_public_v4(v4_at(high, c)),
        // Tunnels, documentation, and what is not given out at all.
        (0x2001, 0 | 0xdb8) => false,
        _ => (0x2000..0x4000).contains(&a),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_has_many_forms() -> Result<(), String> {
        for inside in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://017700000001/",
            "http://0/",
            "http://10.1.2.3/",
            "http://172.16.0.1/",
            "http://192.168.1.1/",
            "http://169.254.169.254/",
            "http://100.64.0.1/",
            "http://198.18.0.1/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://192.0.2.1/",
            "http://240.0.0.1/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::127.0.0.1]/",
            "http://[fe80::1]/",
            "http://[fc00::1]/",
            "http://[fd12::1]/",
            "http://[ff02::1]/",
            "http://[2002:7f00:1::]/",
            "http://[2001::1]/",
            "http://[2001:db8::1]/",
            "http://[64:ff9b:1::1]/",
            "http://localhost/",
            "http://LOCALHOST:8080/",
            "http://a.localhost/",
            "http://printer/",
            "http://nas.local/",
            "http://metadata.google.internal/",
            "http://fritz.box.lan/",
            "http://１２７.０.０.１/",
            "http://127。0。0。1/",
            "http://router.home./",
            "http://1.0.168.192.in-addr.arpa/",
        ] {
            assert!(leads_inside(&Address::parse(inside)?), "{inside}");
        }
        for outside in [
            "https://archive.org/",
            "http://8.8.8.8/",
            "http://[2a00:1450:4001::1]/",
            "http://local.example.org/",
        ] {
            assert!(!leads_inside(&Address::parse(outside)?), "{outside}");
        }
        Ok(())
    }

    #[test]
    fn a_name_that_means_this_computer_is_not_connected_to() {
        let agent = ureq::Agent::with_parts(
            Config::default(),
            ureq::unversioned::transport::DefaultConnector::default(),
            PublicOnly::default(),
        );
        let refused = agent.get("http://localhost:9/").call();
        assert!(matches!(refused, Err(Error::Io(why)) if why.kind() == io::ErrorKind::PermissionDenied));
    }

    #[test]
    fn a_name_that_cannot_be_looked_up_is_not_known() {
        let agent = ureq::Agent::with_parts(
            ureq::Agent::config_builder().proxy(None).build(),
            ureq::unversioned::transport::DefaultConnector::default(),
            Names::default(),
        );
        // No server is asked for so long a name.
        let unknown = agent.get(format!("http://{}.example/", "a".repeat(70))).call();
        assert!(matches!(unknown, Err(Error::HostNotFound)), "{unknown:?}");
    }
}
