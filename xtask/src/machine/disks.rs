//! Disks of the guest, held in this process's memory and given to QEMU over NBD, so that a power cut is an honest one: at
//! the n-th write nothing is answered any more, and of what the guest wrote and did not flush any part may be lost.
//!
//! Ending QEMU alone would not do: what the guest sent to a file of the host is there, flushed or not.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fs, io, thread};

use anyhow::{Context, Result};
use ferrotape_testkit::Random;

/// A write of several pages may be cut between them.
const PAGE: usize = 4096;

#[derive(Debug, Default)]
struct Disk {
    /// What the guest reads.
    seen: Vec<u8>,
    /// What stays whatever happens.
    safe: Vec<u8>,
    /// Written since, in order: where, and what.
    waiting: Vec<(usize, Vec<u8>)>,
    /// Without one every write is safe when it is answered.
    has_cache: bool,
}

#[derive(Debug, Default)]
struct Held {
    disks: Vec<Disk>,
    writes: u64,
    /// At which write it happens.
    due: Option<u64>,
    /// It has happened.
    is_due: bool,
    /// Nothing is answered once it has.
    cuts_power: bool,
}

/// All disks of one guest; they lose power together.
#[derive(Debug)]
pub(super) struct Disks {
    held: Arc<Mutex<Held>>,
    sockets: Vec<PathBuf>,
}

impl Disks {
    /// `due` says at which write something is to happen; with `cuts_power` that is the end of all answers.
    pub(super) fn new(due: Option<u64>, cuts_power: bool) -> Self {
        let held = Held { due, cuts_power, ..Held::default() };
        Self { held: Arc::new(Mutex::new(held)), sockets: Vec::new() }
    }

    /// Serves an image at a socket, to one guest.
    pub(super) fn add(&mut self, image: &Path, socket: PathBuf, has_cache: bool) -> Result<()> {
        let seen = fs::read(image).with_context(|| image.display().to_string())?;
        let _ = fs::remove_file(&socket);
        let listener = UnixListener::bind(&socket).with_context(|| socket.display().to_string())?;
        let disk = Disk { safe: seen.clone(), seen, waiting: Vec::new(), has_cache };
        let number = {
            let mut held = lock(&self.held);
            held.disks.push(disk);
            held.disks.len() - 1
        };
        let held = Arc::clone(&self.held);
        thread::spawn(move || {
            // The guest's end, or a cut, shows as an error of the line; the images say what there is to know.
            if let Ok((stream, _)) = listener.accept() {
                drop(listener);
                let _ = serve(stream, &held, number);
            }
        });
        self.sockets.push(socket);
        Ok(())
    }

    pub(super) fn is_due(&self) -> bool {
        lock(&self.held).is_due
    }

    pub(super) fn writes(&self) -> u64 {
        lock(&self.held).writes
    }

    /// Writes what a disk holds now into an image: of what was not flushed a part, between none (0.0) and all (1.0).
    pub(super) fn keep(&self, number: usize, image: &Path, share: f64, random: &mut Random) -> Result<()> {
        let mut held = lock(&self.held);
        // Nothing may be answered any more, for a guest that is ended may still have asked.
        held.is_due = true;
        held.cuts_power = true;
        let disk = held.disks.get_mut(number).context("no such disk")?;
        let mut left = std::mem::take(&mut disk.safe);
        for (at, bytes) in &disk.waiting {
            for (page, bytes) in bytes.chunks(PAGE).enumerate() {
                if random.unit() < share {
                    put(&mut left, at + page * PAGE, bytes);
                }
            }
        }
        fs::write(image, left).with_context(|| image.display().to_string())
    }
}

impl Drop for Disks {
    fn drop(&mut self) {
        for socket in &self.sockets {
            // Has whoever still waits for a guest come to an end.
            let _ = UnixStream::connect(socket);
            let _ = fs::remove_file(socket);
        }
    }
}

impl Held {
    fn is_off(&self) -> bool {
        self.is_due && self.cuts_power
    }

    /// Whether it is to be answered.
    fn write(&mut self, number: usize, at: usize, bytes: Vec<u8>, is_forced: bool) -> bool {
        if self.is_off() {
            return false;
        }
        self.writes += 1;
        self.is_due |= self.due == Some(self.writes);
        let is_off = self.is_off();
        let Some(disk) = self.disks.get_mut(number) else { return false };
        put(&mut disk.seen, at, &bytes);
        disk.waiting.push((at, bytes));
        if !is_off && (is_forced || !disk.has_cache) {
            disk.flush();
        }
        !is_off
    }
}

impl Disk {
    fn flush(&mut self) {
        for (at, bytes) in self.waiting.drain(..) {
            put(&mut self.safe, at, &bytes);
        }
    }
}

fn put(image: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = image.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

const OPTION: u64 = 0x4948_4156_454F_5054;
const OPTION_REPLY: u64 = 0x0003_E889_0455_65A9;
const REQUEST: u32 = 0x2560_9513;
const REPLY: u32 = 0x6744_6698;

/// Speaks NBD with one guest: as much of it as QEMU asks for.
fn serve(mut stream: UnixStream, held: &Mutex<Held>, number: usize) -> io::Result<()> {
    stream.write_all(b"NBDMAGIC")?;
    stream.write_all(&OPTION.to_be_bytes())?;
    // Of the newer way, and without 124 zeroes.
    stream.write_all(&3u16.to_be_bytes())?;
    let _flags: [u8; 4] = take(&mut stream)?;
    while !agree(&mut stream, held, number)? {}
    loop {
        answer(&mut stream, held, number)?;
    }
}

/// One option of the guest's; `true` once it goes on to reading and writing.
fn agree(stream: &mut UnixStream, held: &Mutex<Held>, number: usize) -> io::Result<bool> {
    let _magic: [u8; 8] = take(stream)?;
    let option = u32::from_be_bytes(take(stream)?);
    let mut data = vec![0; u32::from_be_bytes(take(stream)?) as usize];
    stream.read_exact(&mut data)?;
    let mut reply = |kind: u32, data: &[u8]| {
        let head = [&OPTION_REPLY.to_be_bytes()[..], &option.to_be_bytes(), &kind.to_be_bytes()].concat();
        stream.write_all(&[&head[..], &(data.len() as u32).to_be_bytes(), data].concat())
    };
    // 7 is “go”; of all else this end knows nothing.
    if option != 7 {
        reply(0x8000_0001, &[])?;
        return Ok(false);
    }
    let size = lock(held).disks.get(number).map_or(0, |disk| disk.seen.len() as u64);
    // It has flags, can flush, and can write a thing for good.
    let about = [&0u16.to_be_bytes()[..], &size.to_be_bytes(), &(1u16 | 4 | 8).to_be_bytes()].concat();
    reply(3, &about)?;
    reply(1, &[])?;
    Ok(true)
}

fn answer(stream: &mut UnixStream, held: &Mutex<Held>, number: usize) -> io::Result<()> {
    if u32::from_be_bytes(take(stream)?) != REQUEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let flags = u16::from_be_bytes(take(stream)?);
    let kind = u16::from_be_bytes(take(stream)?);
    let cookie: [u8; 8] = take(stream)?;
    let at = u64::from_be_bytes(take(stream)?) as usize;
    let length = u32::from_be_bytes(take(stream)?) as usize;
    let mut read = Vec::new();
    let is_answered = match kind {
        0 => {
            let held = lock(held);
            let disk = held.disks.get(number);
            read = disk.and_then(|disk| disk.seen.get(at..at + length)).unwrap_or_default().to_vec();
            read.resize(length, 0);
            !held.is_off()
        }
        1 => {
            let mut bytes = vec![0; length];
            stream.read_exact(&mut bytes)?;
            lock(held).write(number, at, bytes, flags & 1 == 1)
        }
        3 => {
            let mut held = lock(held);
            let is_on = !held.is_off();
            if let Some(disk) = held.disks.get_mut(number).filter(|_| is_on) {
                disk.flush();
            }
            is_on
        }
        // It leaves, or asks for what it was not offered.
        _ => return Err(io::ErrorKind::UnexpectedEof.into()),
    };
    if !is_answered {
        return Ok(());
    }
    let head = [&REPLY.to_be_bytes()[..], &0u32.to_be_bytes(), &cookie].concat();
    stream.write_all(&head)?;
    stream.write_all(&read)
}

fn take<const N: usize>(stream: &mut UnixStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(has_cache: bool, due: u64) -> Held {
        let disk = Disk { seen: vec![0; 8], safe: vec![0; 8], waiting: Vec::new(), has_cache };
        Held { disks: vec![disk], due: Some(due), cuts_power: true, ..Held::default() }
    }

    #[test]
    fn what_was_not_flushed_is_not_safe_and_nothing_is_answered_after_the_cut() {
        let mut card = held(true, 3);
        assert!(card.write(0, 0, vec![1], false));
        card.disks[0].flush();
        assert!(card.write(0, 1, vec![2], false));
        assert!(!card.write(0, 2, vec![3], false), "the cut comes before the answer");
        assert!(!card.write(0, 3, vec![4], false));
        assert_eq!(card.disks[0].safe, [1, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(card.disks[0].waiting.len(), 2);
    }

    #[test]
    fn without_a_cache_what_was_answered_is_safe() {
        let mut stick = held(false, 2);
        assert!(stick.write(0, 0, vec![1], false));
        assert!(!stick.write(0, 1, vec![2], false));
        assert_eq!(stick.disks[0].safe, [1, 0, 0, 0, 0, 0, 0, 0]);
    }
}
