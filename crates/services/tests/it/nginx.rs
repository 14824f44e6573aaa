//! A real web server as the host of feeds and files: nginx, with what it does about ranges, passwords and moved files.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use ferrotape_domain::{
    Asked, Cancel, Catalogue, Fault, FaultKind, Fetched, ServiceMemory, Sums, Wanted, WantedKind,
};
use ferrotape_services::net::{Address, Download, Keep, Line, Net, Request, Ways};
use ferrotape_services::podcasts::{Podcasts, Settings};
use ferrotape_testkit::MemoryOnly;
use tempfile::TempDir;

/// The program; `scripts/test` fetches it and says where it is.
const WHERE: &str = "FERROTAPE_NGINX";
const PATIENCE: Duration = Duration::from_secs(30);
/// Of a feed's episodes, and of a file to be fetched slowly.
const BYTES: usize = 400_000;

struct Nginx {
    folder: TempDir,
    port: u16,
    server: Child,
}

impl Nginx {
    /// Serves `www/HOST/…` as what the client asks of HOST. `None`, and a word about it, where there is no nginx.
    #[expect(clippy::print_stdout, reason = "who runs the tests should know")]
    fn start() -> Option<Self> {
        let Some(program) = env::var_os(WHERE).map(PathBuf::from) else {
            println!("{WHERE} names no nginx: not tried on it – scripts/test fetches it");
            return None;
        };
        assert!(program.exists(), "nginx is not at {}, where {WHERE} says", program.display());
        let folder = tempfile::tempdir().unwrap();
        // Free a moment ago; nothing else of this computer asks for it by number.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        fs::create_dir_all(folder.path().join("tmp")).unwrap();
        fs::write(folder.path().join("nginx.conf"), config(port)).unwrap();
        let at = folder.path().to_str().unwrap();
        let server = Command::new(&program)
            .args(["-p", at, "-c", "nginx.conf", "-e", "errors.log"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut running = Self { folder, port, server };
        let began = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let log = || fs::read_to_string(running.folder.path().join("errors.log")).unwrap_or_default();
            assert!(running.server.try_wait().unwrap().is_none(), "nginx ended at once: {}", log());
            assert!(began.elapsed() < PATIENCE, "nginx does not answer");
            sleep(Duration::from_millis(20));
        }
        Some(running)
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        let place = self.folder.path().join("www").join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
    }

    fn net(&self, memory: &Arc<MemoryOnly>) -> Net {
        let ways = Ways {
            stand_in: Some(format!("http://127.0.0.1:{}", self.port)),
            patience: Duration::from_secs(2),
            ..Ways::default()
        };
        let remembered: Arc<dyn ServiceMemory> = memory.clone();
        Net::new(remembered, &ways).unwrap()
    }

    /// nginx notes a request after it was answered, perhaps after the answer was read here.
    fn requests_once_there_are(&self, count: usize) -> Vec<String> {
        for _ in 0..500 {
            if self.requests().len() >= count {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.requests()
    }

    fn requests(&self) -> Vec<String> {
        let log = fs::read_to_string(self.folder.path().join("access.log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

/// One process without a master, so that ending it ends all of it.
fn config(port: u16) -> String {
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("{kind}_temp_path tmp/{kind}; "))
        .collect();
    format!(
        "daemon off; master_process off; pid nginx.pid; events {{}}\n\
         http {{ {temporary}\n\
         log_format short '$status $request_uri range=$http_range none_match=$http_if_none_match';\n\
         access_log access.log short; types {{ application/rss+xml xml; audio/mpeg mp3; }}\n\
         server {{ listen 127.0.0.1:{port}; root www;\n\
         location = /media.example/whole.mp3 {{ max_ranges 0; limit_rate 200k; alias www/media.example/low.mp3; }}\n\
         location = /media.example/slow.mp3 {{ limit_rate 200k; alias www/media.example/low.mp3; }}\n\
         location = /media.example/moved.mp3 {{ return 302 https://cdn.example/twice.mp3?key=secret; }}\n\
         location = /cdn.example/twice.mp3 {{ return 301 https://media.example/low.mp3; }}\n\
         location = /media.example/away.mp3 {{ return 302 http://127.0.0.1:{port}/media.example/low.mp3; }}\n\
         location = /media.example/gone.mp3 {{ return 410; }}\n\
         location = /media.example/busy.mp3 {{ add_header Retry-After 3600 always; return 503; }}\n\
         }} }}\n"
    )
}

fn audio() -> Vec<u8> {
    (0..BYTES).map(|at| (at * 31 % 251) as u8 | 1).collect()
}

fn get(path: &str) -> Request {
    let line = Line::public("media.example", Duration::from_millis(1));
    Request::get(&line, Address::parse(&format!("https://media.example/{path}")).unwrap())
}

fn fetch(
    net: &Net,
    path: &str,
    to: &Path,
    cancel: &Cancel,
    came: &(dyn Fn(u64) + Sync),
) -> Result<Fetched, Fault> {
    let sums = Sums::default();
    let download = Download { request: get(path), to, size: None, sums: &sums, max_bytes: 10 << 20, came };
    net.download(&download, cancel)
}

#[test]
fn nginx_files_come_whole_also_after_a_stop_in_the_middle() {
    let Some(nginx) = Nginx::start() else { return };
    nginx.put("media.example/low.mp3", &audio());
    let memory = Arc::new(MemoryOnly::default());
    let folder = tempfile::tempdir().unwrap();
    for (path, goes_on) in [("slow.mp3", true), ("whole.mp3", false)] {
        let to = folder.path().join(path);
        let cancel = Cancel::default();
        let stop = |_| cancel.stop();
        let stopped = fetch(&nginx.net(&memory), path, &to, &cancel, &stop);
        assert!(stopped.is_err() && !to.exists(), "{path}: {stopped:?}");
        fetch(&nginx.net(&memory), path, &to, &Cancel::default(), &|_| ()).unwrap();
        assert!(fs::read(&to).unwrap() == audio(), "{path} came otherwise");
        let parts = |line: &String| line.starts_with("206") && line.contains(path);
        assert_eq!(nginx.requests().iter().any(parts), goes_on, "{path}: {:?}", nginx.requests());
    }
}

#[test]
fn nginx_moved_gone_and_busy_files_are_told_apart() {
    let Some(nginx) = Nginx::start() else { return };
    nginx.put("media.example/low.mp3", &audio());
    let memory = Arc::new(MemoryOnly::default());
    let net = nginx.net(&memory);
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.mp3");
    let fetched = fetch(&net, "moved.mp3", &to, &Cancel::default(), &|_| ()).unwrap();
    assert!(fs::read(&to).unwrap() == audio());
    assert!(fetched.url.is_none_or(|url| !url.contains("secret")));
    let to = folder.path().join("b.mp3");
    let try_it = |path| fetch(&net, path, &to, &Cancel::default(), &|_| ()).unwrap_err();
    assert_eq!(try_it("gone.mp3").kind, FaultKind::Permanent);
    let inside = try_it("away.mp3");
    assert!(inside.reason.contains("this computer"), "{inside}");
    let busy = try_it("busy.mp3");
    let FaultKind::Temporary { retry_after_seconds: Some(seconds) } = busy.kind else { panic!("{busy:?}") };
    assert!((3_000..=3_600).contains(&seconds), "{busy:?}");
    assert!(!to.exists());
}

#[test]
fn nginx_confirms_a_feed_that_did_not_change() {
    let Some(nginx) = Nginx::start() else { return };
    nginx.put("media.example/feed.xml", b"<rss/>");
    let memory = Arc::new(MemoryOnly::default());
    let keep = Keep::For { fresh: Duration::ZERO, none: Duration::ZERO, stale: Duration::from_secs(86_400) };
    for _ in 0..2 {
        let reply = nginx
            .net(&memory)
            .ask(&get("feed.xml").header("accept", "application/rss+xml").kept(keep), &Cancel::default())
            .unwrap();
        assert_eq!((reply.status, reply.body.as_slice()), (200, b"<rss/>".as_slice()));
    }
    let asked = nginx.requests_once_there_are(2);
    assert!(asked[0].starts_with("200") && asked[1].starts_with("304"), "{asked:?}");
}

#[test]
fn nginx_episodes_of_a_feed_are_found_and_fetched() {
    let Some(nginx) = Nginx::start() else { return };
    nginx.put("media.example/low.mp3", &audio());
    let item = |number: u32| {
        format!(
            "<item><title>Tide {number}</title><guid>tide-{number}</guid>\
             <pubDate>Mon, {:02} Jun 2026 06:00:00 +0000</pubDate><itunes:duration>1800</itunes:duration>\
             <enclosure url=\"https://media.example/low.mp3?n={number}\" length=\"{BYTES}\" type=\"audio/mpeg\"/></item>",
            number + 1
        )
    };
    let items: String = (1..=5).map(item).collect();
    let feed = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">\
         <channel><title>Low Tide</title>{items}</channel></rss>"
    );
    nginx.put("media.example/tide.xml", feed.as_bytes());
    let memory = Arc::new(MemoryOnly::default());
    let podcasts = Podcasts::new(nginx.net(&memory), Settings::default(), Box::new(|| Ok(Vec::new())));
    let mut wanted = Wanted::of_kind(WantedKind::Episode);
    wanted.title = "Tide 3".to_owned();
    wanted.release = Some("Low Tide".to_owned());
    wanted.released = Some("2026-06-04".to_owned());
    wanted.duration = Some(Duration::from_secs(1800));
    wanted.feed = Some("https://media.example/tide.xml".to_owned());
    let Asked::Search(searches) = podcasts.asked() else { panic!("podcasts are searched") };
    let offers = searches.search(&wanted, &Cancel::default()).unwrap();
    let [offer] = offers.as_slice() else { panic!("one offer, not {offers:?}") };
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join(&offer.file_name);
    let came = podcasts.fetch(offer, &to, &|_| {}, &Cancel::default()).unwrap();
    assert_eq!(came.bytes, BYTES as u64);
    assert!(fs::read(&to).unwrap() == audio());
}
