//! Files go on to the disk while they are made, and while the next ones are; else all of it would wait for the sync at the
//! end, and a stick is slower than many an encoder. Whether they do changes nothing but the time.

use std::fs::File;

/// So many new bytes are worth a write of their own.
const WORTH_IT: u64 = 1 << 20;

/// A file that is being written from its beginning to its end, and how far it was sent on.
#[derive(Debug)]
pub struct Onward {
    file: File,
    begun: u64,
}

impl Onward {
    pub(crate) fn of(file: &File) -> Option<Self> {
        let file = file.try_clone().ok().filter(waits_in_memory)?;
        Some(Self { file, begun: 0 })
    }

    /// Sends on what came in since, if it is enough. Each byte is sent on once: what has reached the disk already would be
    /// forgotten, and would have to be read from there for the file's hash.
    pub fn some(&mut self) {
        let len = self.len();
        if len >= self.begun + WORTH_IT {
            begin_writing(&self.file, self.begun);
            self.begun = len;
        }
    }

    /// Sends on all that came in since.
    pub fn rest(&mut self) {
        let len = self.len();
        if len > self.begun {
            begin_writing(&self.file, self.begun);
            self.begun = len;
        }
    }

    fn len(&self) -> u64 {
        self.file.metadata().map_or(0, |found| found.len())
    }
}

/// Has the system begin to write what lies behind `from` and is not on the disk yet.
#[cfg(target_os = "linux")]
pub(crate) fn begin_writing(file: &File, from: u64) {
    let _ = rustix::fs::fadvise(file, from, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn begin_writing(_: &File, _: u64) {}

/// Behind FUSE, bytes are with who serves them already; all that could be had is that they are read from there again.
#[cfg(target_os = "linux")]
pub(crate) fn waits_in_memory(file: &File) -> bool {
    const FUSE: u64 = 0x6573_5546;
    rustix::fs::fstatfs(file).is_ok_and(|stat| stat.f_type as u64 != FUSE)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn waits_in_memory(_: &File) -> bool {
    false
}
