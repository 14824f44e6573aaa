//! A running supysonic with a little music, on this computer only; it ends with the test.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{MadeTrack, make_music, make_track};
use tempfile::TempDir;

/// The folder of the virtual environment that has it; `scripts/test` makes it and says where it is.
const WHERE: &str = "FERROTAPE_SUPYSONIC";
const PATIENCE: Duration = Duration::from_secs(60);
pub(crate) const USER: &str = "ann";
pub(crate) const PASSWORD: &str = "Open, sesame & ü";
const CONFIG: &str = "[base]\ndatabase_uri = sqlite:///supysonic.db\nscanner_extensions = mp3 flac ogg m4a\n\
                      [webapp]\ncache_dir = cache\nlog_file = web.log\nmount_webui = off\n\
                      [daemon]\nsocket = none.sock\n";

pub(crate) struct Supysonic {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    server: Child,
}

impl Supysonic {
    /// `None`, and a word about it, where nobody says that it is installed.
    #[expect(clippy::print_stdout, reason = "who runs the tests should know")]
    pub(crate) fn start() -> Option<Self> {
        let Some(environment) = env::var_os(WHERE) else {
            println!("{WHERE} names no supysonic: not tried on it – scripts/test installs it");
            return None;
        };
        let programs = Path::new(&environment).join("bin");
        let program = programs.join("supysonic-server");
        assert!(
            program.exists(),
            "supysonic is not at {}, where {WHERE} says – delete that folder and run scripts/test, which installs it",
            program.display()
        );
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("supysonic.conf"), CONFIG).unwrap();
        make_music(&folder.path().join("media"), &tracks()).unwrap();
        let media = folder.path().join("media");
        let cli = |words: &[&str]| run(&programs.join("supysonic-cli"), words, folder.path());
        cli(&["user", "add", USER, "-p", PASSWORD]);
        cli(&["folder", "add", "Music", media.to_str().unwrap()]);
        cli(&["folder", "scan", "-f", "Music"]);
        // Free a moment ago; nothing else of this computer asks for it by number.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let server = Command::new(&program)
            .args(["-S", "waitress", "-h", "127.0.0.1", "-p", &port.to_string()])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut running = Self { folder, programs, port, server };
        let began = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(running.server.try_wait().unwrap().is_none(), "supysonic ended at once");
            assert!(began.elapsed() < PATIENCE, "supysonic does not answer");
            sleep(Duration::from_millis(50));
        }
        Some(running)
    }

    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The bytes of a track, found by its title.
    pub(crate) fn original(&self, title: &str) -> Vec<u8> {
        let track = tracks().into_iter().find(|track| track.title == title).unwrap();
        fs::read(self.folder.path().join("media").join(track.relative_path())).unwrap()
    }

    /// One track more, which the server has looked at.
    pub(crate) fn grow(&self) {
        let track = MadeTrack::new("Late Comers", "Afterwards", 1, "One More").seconds(1.0);
        make_track(&self.folder.path().join("media").join(track.relative_path()), &track).unwrap();
        // It counts in seconds.
        sleep(Duration::from_millis(1100));
        run(&self.programs.join("supysonic-cli"), &["folder", "scan", "-f", "Music"], self.folder.path());
    }
}

impl Drop for Supysonic {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

fn run(program: &Path, words: &[&str], folder: &Path) {
    let output = Command::new(program).args(words).current_dir(folder).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

pub(crate) fn tracks() -> Vec<MadeTrack> {
    let made = |artist, album, number, title| MadeTrack::new(artist, album, number, title).seconds(2.0);
    let formats = [AudioFormat::Flac, AudioFormat::Mp3, AudioFormat::Vorbis, AudioFormat::Alac];
    let first = ["Low Water", "Ebb & Flow", "Über Grund", "Q: “What?”"];
    let tracks = first.iter().zip(formats).zip(1..);
    let mut all: Vec<MadeTrack> = tracks
        .map(|((title, format), number)| MadeTrack {
            disc: Some(2),
            ..made("Nørd", "Tides", number, title).format(format)
        })
        .collect();
    all.push(MadeTrack { date: Some("1998".into()), ..made("Ada + Bo", "Ninety-Eight", 7, "Slow") });
    all
}
