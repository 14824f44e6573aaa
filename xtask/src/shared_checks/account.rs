//! The account's client and the Spotify it is tested against, judged by a schema checker that is not ours.
//!
//! Prism stands between the two as a proxy, with Spotify's published schema: each request and each answer of a whole
//! pull must fit it. A second pull, of answers that are wrong on purpose, must be found out; else the checker checks
//! nothing.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use ferrotape_testkit::fake_spotify::{CLIENT_ID, FakeLibrary, FakeSpotify, Trouble, agree};

use crate::watch::{self, Ended, Limits};

const SCHEMA: &str = "data/spotify/derived-devmode-open-api.yml";
const RUN: Limits = Limits { time: Duration::from_secs(120), memory_bytes: 512 << 20 };
/// Prism reads the schema for some ten seconds.
const READY: Duration = Duration::from_secs(90);

/// Runs the checks; tells what was found, or why they were skipped.
pub(super) fn check(program: &Path, shared: &Path, prism: Option<&Path>) -> Result<String> {
    let schema = shared.join(SCHEMA);
    let Some(prism) = prism else {
        return Ok(
            "the account's schema check is skipped (no --prism PROGRAM; node and npm are needed for it)"
                .into(),
        );
    };
    if !schema.is_file() {
        return Ok(format!("the account's schema check is skipped ({} is not there)", schema.display()));
    }
    let scratch = tempfile::tempdir().context("could not make a folder for a library")?;
    let spotify = FakeSpotify::start(FakeLibrary::small()).context("the made-up Spotify does not start")?;
    let log = scratch.path().join("prism.log");
    let proxy = Proxy::start(prism, &schema, &spotify.address(), &log)?;
    let user = User {
        program,
        library: scratch.path().join("library"),
        api: proxy.address.clone(),
        accounts: spotify.address(),
    };
    user.connect()?;
    let (ended, said) = user.pull()?;
    let asked = spotify.asked().len();
    let found = violations(&log)?;
    if ended != Some(0) || !found.is_empty() {
        bail!("a whole pull through the checker ended with {ended:?}: {said}\n{}", found.join("\n"));
    }
    spotify.trouble("/me/tracks", 99, Trouble::Malformed);
    let (ended, said) = user.pull()?;
    if ended == Some(0) || violations(&log)?.is_empty() {
        bail!("answers that are wrong on purpose were let through: {said}");
    }
    Ok(format!(
        "{asked} requests of a whole pull and their answers fit Spotify's schema; wrong ones are found"
    ))
}

/// The program, connected through the proxy.
struct User<'a> {
    program: &'a Path,
    library: std::path::PathBuf,
    api: String,
    accounts: String,
}

impl User<'_> {
    fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command.arg("--library").arg(&self.library).arg("spotify");
        command.args(["--api-address", &self.api, "--accounts-address", &self.accounts]);
        command
    }

    fn connect(&self) -> Result<()> {
        let mut command = self.command();
        command.args(["connect", "--no-browser", "--client-id", CLIENT_ID]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("could not start the program")?;
        let mut out = BufReader::new(child.stdout.take().context("it has no output")?);
        let mut address = String::new();
        out.read_line(&mut address).context("it printed no address")?;
        let agreed = agree(address.trim());
        let _ = out.read_to_string(&mut String::new());
        let output = child.wait_with_output().context("the program was lost")?;
        agreed.context("nobody could agree")?;
        if !output.status.success() {
            bail!("it could not connect: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    }

    fn pull(&self) -> Result<(Option<i32>, String)> {
        let ran = watch::run(self.command().args(["--json", "pull"]), RUN)?;
        if ran.ended != Ended::Itself {
            bail!("a pull took {:.0} s and had to be ended", ran.seconds);
        }
        Ok((ran.status.code(), format!("{}{}", ran.stdout.trim(), ran.stderr.trim())))
    }
}

/// Prism as a proxy; ends when it is dropped.
struct Proxy {
    child: Child,
    address: String,
}

impl Proxy {
    fn start(prism: &Path, schema: &Path, upstream: &str, log: &Path) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr());
        let port = port.context("no port is free")?.port();
        let file = File::create(log).with_context(|| log.display().to_string())?;
        let errors = file.try_clone().with_context(|| log.display().to_string())?;
        let child = Command::new(prism)
            .args(["proxy", "-h", "127.0.0.1", "-p", &port.to_string(), "--errors"])
            .arg(schema)
            .arg(upstream)
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(errors)
            .spawn()
            .with_context(|| format!("could not start {}", prism.display()))?;
        let mut proxy = Self { child, address: format!("http://127.0.0.1:{port}") };
        let until = Instant::now() + READY;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let ended = proxy.child.try_wait().context("the checker was lost")?;
            if ended.is_some() || Instant::now() > until {
                bail!("the checker does not start: {}", fs::read_to_string(log).unwrap_or_default().trim());
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(proxy)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the checker complained about.
fn violations(log: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(log).with_context(|| log.display().to_string())?;
    Ok(text.lines().filter(|line| line.to_lowercase().contains("violation")).map(str::to_owned).collect())
}
