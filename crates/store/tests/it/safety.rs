//! Killed processes, two processes, newer and damaged libraries.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use ferrotape_domain::{Event, Progress, ServiceMemory, Silent};
use ferrotape_store::{ImportOptions, Library, ServiceFile, StoreError, try_lock};

use crate::wishlists::{import, numbered};

const TASK: &str = "FERROTAPE_STORE_TEST_TASK";
const FOLDER: &str = "FERROTAPE_STORE_TEST_FOLDER";

/// Another process: this test binary once more, running only [`child_process`] with a task.
pub(crate) struct Child {
    process: std::process::Child,
    ready: PathBuf,
}

impl Child {
    pub(crate) fn start(task: &str, folder: &Path) -> Self {
        let process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "safety::child_process", "--nocapture"])
            .env(TASK, task)
            .env(FOLDER, folder)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        Self { process, ready: folder.join("ready") }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn wait_until_ready(&mut self) {
        let started = Instant::now();
        while !self.ready.exists() {
            assert!(started.elapsed() < Duration::from_secs(30), "the other process never got ready");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Stops for ever in the middle of an import's transaction, so that the parent can kill it there.
struct HangInTheMiddle(PathBuf);

impl Progress for HangInTheMiddle {
    fn event(&self, _event: Event) {
        std::fs::write(self.0.join("ready"), "").unwrap();
        std::thread::sleep(Duration::from_secs(60));
    }
}

/// No test of its own: what [`Child`] runs.
#[test]
fn child_process() {
    let (Ok(task), Some(folder)) = (std::env::var(TASK), std::env::var_os(FOLDER)) else { return };
    let folder = PathBuf::from(folder);
    match task.as_str() {
        "hold the lock" => {
            let _held = try_lock(&folder).unwrap();
            std::fs::write(folder.join("ready"), "").unwrap();
            std::thread::sleep(Duration::from_secs(60));
        }
        "hold a turn" => {
            let _held = ServiceFile::open(&folder).unwrap().hold("musicbrainz", "1").unwrap().unwrap();
            std::fs::write(folder.join("ready"), "").unwrap();
            std::thread::sleep(Duration::from_secs(60));
        }
        "import and hang" => {
            let library = Library::open(&folder).unwrap();
            let progress = HangInTheMiddle(folder);
            let _ = library.record_import(&numbered("Big", 0, 2_000), &ImportOptions::default(), &progress);
        }
        other => panic!("unknown task {other}"),
    }
}

#[test]
fn an_import_that_is_killed_in_the_middle_leaves_nothing_and_can_be_run_again() {
    let folder = tempfile::tempdir().unwrap();
    import(&Library::open(folder.path()).unwrap(), &numbered("Small", 0, 3));
    let mut child = Child::start("import and hang", folder.path());
    child.wait_until_ready();
    let reader = Library::open(folder.path()).unwrap();
    assert_eq!(reader.counts().unwrap().wanted, 3, "a reader goes on and sees nothing half done");
    child.kill();

    let library = Library::open(folder.path()).unwrap();
    let counts = library.counts().unwrap();
    assert_eq!((counts.wanted, counts.playlists, counts.entries), (3, 1, 3));
    assert_eq!(library.check(), Vec::<String>::new());
    assert_eq!(import(&library, &numbered("Big", 0, 2_000)).wanted_new, 1_997);
    assert!(import(&library, &numbered("Big", 0, 2_000)).unchanged);
}

struct Crash;

impl Progress for Crash {
    fn event(&self, _event: Event) {
        panic!("on purpose");
    }
}

#[test]
fn after_a_crash_in_the_middle_of_a_step_nothing_is_written_into_its_open_transaction() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path()).unwrap();
    let crashed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        library.record_import(&numbered("Big", 0, 10), &ImportOptions::default(), &Crash)
    }));
    assert!(crashed.is_err());
    let next = library.record_import(&numbered("Other", 0, 10), &ImportOptions::default(), &Silent);
    assert!(matches!(next, Err(StoreError::Broken { .. })), "{next:?}");
    drop(library);
    assert_eq!(Library::open(folder.path()).unwrap().counts().unwrap().wanted, 0);
}

#[test]
fn one_library_serves_many_threads_and_two_openings() {
    let folder = tempfile::tempdir().unwrap();
    let openings = [Library::open(folder.path()).unwrap(), Library::open(folder.path()).unwrap()];
    std::thread::scope(|scope| {
        for thread in 0..8_u32 {
            let library = &openings[thread as usize % 2];
            scope.spawn(move || {
                for round in 0..5 {
                    import(library, &numbered(&format!("List {thread}"), thread * 100 + round * 10, 10));
                }
            });
        }
    });
    let counts = openings[0].counts().unwrap();
    assert_eq!((counts.wanted, counts.playlists), (400, 8));
    assert_eq!(openings[1].check(), Vec::<String>::new());
}

#[test]
fn a_newer_library_is_refused_and_left_alone() {
    use diesel::connection::SimpleConnection;
    use diesel::{Connection, SqliteConnection};
    let folder = tempfile::tempdir().unwrap();
    drop(Library::open(folder.path()).unwrap());
    let path = folder.path().join("library.sqlite");
    let mut db = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    db.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')").unwrap();
    let refused = Library::open(folder.path());
    assert!(
        matches!(&refused, Err(StoreError::Newer { found, .. }) if found == "99990101000000"),
        "{refused:?}"
    );
}

#[test]
fn a_file_that_is_no_library_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("library.sqlite");
    let text = "not a library, ".repeat(1_000);
    std::fs::write(&path, &text).unwrap();
    let refused = Library::open(folder.path());
    assert!(matches!(&refused, Err(StoreError::Broken { path: named, .. }) if *named == path), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[cfg(unix)]
#[test]
fn only_the_user_may_look_into_a_new_library() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("a/b");
    drop(Library::open(&inner).unwrap());
    assert_eq!(std::fs::metadata(&inner).unwrap().permissions().mode() & 0o777, 0o700);
    std::fs::write(folder.path().join("file"), "").unwrap();
    assert!(matches!(Library::open(&folder.path().join("file/x")), Err(StoreError::Io { .. })));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_library_wherever_it_lies() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let library = Library::open(folder.path()).unwrap();
    import(&library, &numbered("Road", 0, 3));
    for name in ["library.sqlite", "library.sqlite-wal", "library.sqlite-shm"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
