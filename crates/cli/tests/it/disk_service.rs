//! A bus of our own with a made-up udisks2 on it, by python3-dbusmock. Both end with the test.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const PYTHON: &str = "/usr/bin/python3";
const TEMPLATE: &str = include_str!("udisks.py");
const PATIENCE: Duration = Duration::from_secs(60);
const CONFIG: &str = "<busconfig><type>session</type><listen>unix:dir=FOLDER</listen><auth>EXTERNAL</auth>\
<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
<allow own=\"*\"/></policy></busconfig>";

pub(crate) struct DiskService {
    folder: TempDir,
    address: String,
    children: Vec<Child>,
}

impl DiskService {
    /// `None`, and a word about it, where dbus or dbusmock is not installed.
    pub(crate) fn start(parameters: &Value) -> Option<Self> {
        let has = |program: &str, args: &[&str]| {
            Command::new(program).args(args).output().is_ok_and(|output| output.status.success())
        };
        if !has(PYTHON, &["-c", "import dbusmock"]) || !has("dbus-daemon", &["--version"]) {
            println!("python3-dbusmock or dbus is not installed: ejecting is not judged");
            return None;
        }
        // A socket's path may have 100 characters; the folder of the build may have more.
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("bus.conf");
        fs::write(&config, CONFIG.replace("FOLDER", folder.path().to_str().unwrap())).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .args(["--nofork", "--nopidfile", "--print-address=1", "--config-file"])
            .arg(&config)
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        let mut service = Self { folder, address, children: vec![bus] };
        service.serve(parameters);
        Some(service)
    }

    fn serve(&mut self, parameters: &Value) {
        let template = self.folder.path().join("udisks.py");
        fs::write(&template, TEMPLATE).unwrap();
        let mock = Command::new(PYTHON)
            .args(["-m", "dbusmock", "--logfile"])
            .arg(self.log())
            .arg("--template")
            .arg(&template)
            .args(["--parameters", &parameters.to_string()])
            .env("DBUS_SYSTEM_BUS_ADDRESS", &self.address)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        self.children.push(mock);
        let began = Instant::now();
        while !self.answers() {
            assert!(began.elapsed() < PATIENCE, "the made-up udisks2 does not answer");
            sleep(Duration::from_millis(50));
        }
    }

    fn answers(&self) -> bool {
        let asked = Command::new("dbus-send")
            .args(["--system", "--print-reply", "--dest=org.freedesktop.UDisks2"])
            .args(["/org/freedesktop/UDisks2/Manager", "org.freedesktop.DBus.Properties.Get"])
            .args(["string:org.freedesktop.UDisks2.Manager", "string:Version"])
            .env("DBUS_SYSTEM_BUS_ADDRESS", &self.address)
            .output();
        asked.is_ok_and(|output| output.status.success())
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("calls")
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// What was asked of it, in order: `sdb1 Unmount`.
    pub(crate) fn calls(&self) -> Vec<String> {
        let log = fs::read_to_string(self.log()).unwrap();
        let call = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let method = words.iter().find(|word| ["Unmount", "Eject", "PowerOff"].contains(word))?;
            let object = words.iter().find(|word| word.starts_with("/org/"))?.rsplit('/').next()?;
            Some(format!("{object} {method}"))
        };
        log.lines().filter_map(call).collect()
    }
}

impl Drop for DiskService {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
