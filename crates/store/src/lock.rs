//! One writer at a time: an advisory lock on a file beside the database.
//!
//! SQLite keeps single statements apart, but a whole `convert` reads, decides and writes for minutes. The operating
//! system drops the lock when its holder dies in whatever way, so there is no stale lock to clean up.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use ferrotape_domain::Cancel;

use crate::StoreError;
use crate::library::make_folder;

const FILE_NAME: &str = "library.lock";
const POLL: Duration = Duration::from_millis(200);

/// Held for as long as this value lives.
#[derive(Debug)]
pub struct LibraryLock {
    _file: File,
}

/// Takes the writer's lock of the library in `folder`, waiting until it is free.
///
/// `on_wait` is told once who holds it (process number and command). Ends with [`StoreError::Stopped`] when
/// `cancel` is set while waiting.
pub fn lock(folder: &Path, on_wait: &dyn Fn(&str), cancel: &Cancel) -> Result<LibraryLock, StoreError> {
    let mut said = false;
    loop {
        match try_lock(folder) {
            Err(StoreError::Locked { by }) => {
                if cancel.is_stopped() {
                    return Err(StoreError::Stopped { by });
                }
                if !said {
                    said = true;
                    on_wait(&by);
                }
                std::thread::sleep(POLL);
            }
            done => return done,
        }
    }
}

/// Takes the writer's lock of the library in `folder`, or says at once who holds it ([`StoreError::Locked`]).
pub fn try_lock(folder: &Path) -> Result<LibraryLock, StoreError> {
    make_folder(folder)?;
    let path = folder.join(FILE_NAME);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|source| StoreError::io(&path, source))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(StoreError::Locked { by: holder(&mut file) }),
        Err(TryLockError::Error(source)) => return Err(StoreError::io(&path, source)),
    }
    write_holder(&mut file).map_err(|source| StoreError::io(&path, source))?;
    Ok(LibraryLock { _file: file })
}

fn write_holder(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    write!(file, "{}", std::process::id())
}

/// Best effort, for a message only: the holder may end while we look.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.take(20).read_to_string(&mut text);
    match (read, text.trim().parse::<u32>()) {
        (Ok(_), Ok(pid)) => match command_of(pid) {
            Some(command) => format!("process {pid} ({command})"),
            None => format!("process {pid}"),
        },
        _ => "another process".to_owned(),
    }
}

/// The command line of a running process, where the system shows it as a file.
fn command_of(pid: u32) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(format!("/proc/{pid}/cmdline")).ok()?.take(200).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes).replace('\0', " ");
    let command: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    (!command.is_empty()).then_some(command)
}
