//! Whether a file arrived as it was sent: some devices keep the right number of zeroes.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, Ordering};

use super::link::split;
use super::tree::Object;
use super::{Mtp, Storage};
use crate::error::DeviceError;
use crate::names::clash_key;
use crate::sums::{Summing, Sums};

/// What is read back of each end of a file.
const SAMPLE: u32 = 16 * 1024;

/// How much of what was sent is read back.
#[derive(Debug)]
pub(super) enum Thoroughness {
    /// A piece of each end of every file.
    Samples,
    /// The first file, from a device that gives out whole files only.
    First(AtomicBool),
    /// Every file, from a device that is known for it.
    Whole,
}

impl Thoroughness {
    pub(super) fn of(manufacturer: &str, can_read_pieces: bool) -> Self {
        if manufacturer.to_lowercase().contains("garmin") {
            Self::Whole
        } else if can_read_pieces {
            Self::Samples
        } else {
            Self::First(AtomicBool::new(true))
        }
    }
}

impl Mtp {
    /// What did not arrive as it was sent is deleted again, as far as it is surely that.
    pub(super) fn check_arrival(
        &self,
        source: &mut File,
        bytes: u64,
        path: &str,
        object: &Object,
    ) -> Result<(), DeviceError> {
        let has_its_name = clash_key(&object.name) == clash_key(split(path).1);
        let reason = if !has_its_name {
            Some(format!("it calls it {}", object.name.escape_debug()))
        } else if object.bytes != bytes {
            Some(format!("it keeps {} of {bytes} bytes", object.bytes))
        } else if self.is_same(source, bytes, path)? {
            None
        } else {
            Some("it reads back differently".to_owned())
        };
        let Some(reason) = reason else { return Ok(()) };
        // Of another name and another size it may be what somebody else put there at this moment.
        if has_its_name || object.bytes == bytes {
            self.ask("removed", path, |link| link.delete(object))?;
        }
        Err(DeviceError::NotAsSent { path: path.to_owned(), reason })
    }

    fn is_same(&self, source: &mut File, bytes: u64, path: &str) -> Result<bool, DeviceError> {
        match &self.thoroughness {
            Thoroughness::Samples => match self.are_ends_same(source, bytes, path) {
                // Said to give out pieces, and does not.
                Err(DeviceError::Io { .. }) => self.is_whole_same(source, path),
                told => told,
            },
            // Our own small files are no proof of how it keeps music.
            Thoroughness::First(_) if bytes <= u64::from(SAMPLE) => self.is_whole_same(source, path),
            Thoroughness::First(is_first) if !is_first.swap(false, Ordering::SeqCst) => Ok(true),
            Thoroughness::First(_) | Thoroughness::Whole => self.is_whole_same(source, path),
        }
    }

    fn is_whole_same(&self, source: &mut File, path: &str) -> Result<bool, DeviceError> {
        let (_, sent) = sums_of(source).map_err(|error| self.failed("read", path, error))?;
        Ok(self.fingerprint(path)?.1 == sent)
    }

    fn are_ends_same(&self, source: &mut File, bytes: u64, path: &str) -> Result<bool, DeviceError> {
        let tail = bytes.saturating_sub(SAMPLE.into());
        for offset in if tail == 0 { vec![0] } else { vec![0, tail] } {
            let sent = piece_of(source, offset).map_err(|error| self.failed("read", path, error))?;
            let length = u32::try_from(sent.len()).unwrap_or(SAMPLE);
            if self.ask("read", path, |link| link.piece(path, offset, length))? != sent {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn sums_of(source: &mut File) -> io::Result<(u64, Sums)> {
    source.rewind()?;
    Summing::default().read_all(source)
}

fn piece_of(source: &mut File, offset: u64) -> io::Result<Vec<u8>> {
    source.seek(SeekFrom::Start(offset))?;
    let mut piece = Vec::new();
    source.take(SAMPLE.into()).read_to_end(&mut piece)?;
    Ok(piece)
}

#[cfg(test)]
#[cfg(feature = "virtual-mtp")]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::path::Path;
    use std::time::Duration;

    use mtp_rs::ObjectHandle;
    use mtp_rs::virtual_device::{clear_object_info_errors, force_object_info_error, rekey_virtual_object};

    use super::*;
    use crate::detect::System;
    use crate::storage::mtp::kept::Kept;
    use crate::storage::mtp::{FoundMtp, connect, find_mtp};
    use crate::sums::sum_of;

    /// A made-up device whose music lies in `music` below a folder.
    fn made_up(below: &std::path::Path, whole_files_only: bool, manufacturer: &str) -> FoundMtp {
        fs::create_dir(below.join("music")).unwrap();
        fs::create_dir(below.join("mtp")).unwrap();
        let said = serde_json::json!({
            "manufacturer": manufacturer, "model": "M", "serial": format!("{manufacturer}{whole_files_only}"),
            "vendor": "0000", "product": "0000", "whole_files_only": whole_files_only,
            "storages": [{ "name": "S", "folder": "../music", "capacity": 100_000_000 }],
        });
        fs::write(below.join("mtp/m.json"), said.to_string()).unwrap();
        find_mtp(&System::at(below)).unwrap().swap_remove(0)
    }

    /// Sends a file, spoils what arrived, and looks.
    fn spoilt(
        whole_files_only: bool,
        manufacturer: &str,
        spoil: impl Fn(&mut Vec<u8>),
    ) -> Result<(), DeviceError> {
        let below = tempfile::tempdir().unwrap();
        let music = below.path().join("music");
        let device = made_up(below.path(), whole_files_only, manufacturer);
        let mtp = connect(&device).unwrap().storage(None).unwrap().storage;
        let mut source = tempfile::tempfile().unwrap();
        let mut bytes: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        source.write_all(&bytes).unwrap();
        mtp.send(&mut source, "a.mp3")?;
        spoil(&mut bytes);
        fs::write(music.join("a.mp3"), &bytes).unwrap();
        // As the first file of a session.
        let again = connect(&device).unwrap().storage(None).unwrap().storage;
        let object = again.ask("read", "a.mp3", |link| link.file("a.mp3"))?;
        let checked = again.check_arrival(&mut source, 800_000, "a.mp3", &object);
        assert_eq!(music.join("a.mp3").exists(), checked.is_ok(), "what did not arrive is taken off");
        checked
    }

    #[test]
    fn what_did_not_arrive_is_noticed() {
        let zero = |bytes: &mut Vec<u8>| bytes.fill(0);
        let middle = |bytes: &mut Vec<u8>| bytes[400_000] ^= 1;
        for whole_files_only in [false, true] {
            assert!(spoilt(whole_files_only, "Acme", |_| {}).is_ok());
            assert!(matches!(spoilt(whole_files_only, "Acme", zero), Err(DeviceError::NotAsSent { .. })));
            assert!(matches!(spoilt(whole_files_only, "Garmin", middle), Err(DeviceError::NotAsSent { .. })));
            let cut = spoilt(whole_files_only, "Acme", |bytes| bytes.truncate(5)).unwrap_err().to_string();
            assert!(cut.contains("5 of 800000 bytes"), "{cut}");
        }
    }

    #[test]
    fn what_may_be_somebody_elses_is_not_taken_off() {
        let below = tempfile::tempdir().unwrap();
        let device = made_up(below.path(), false, "Other");
        fs::write(below.path().join("music/mine.txt"), "mine").unwrap();
        let mtp = connect(&device).unwrap().storage(None).unwrap().storage;
        let object = mtp.ask("read", "mine.txt", |link| link.file("mine.txt")).unwrap();
        let checked = mtp.check_arrival(&mut tempfile::tempfile().unwrap(), 800_000, "a.mp3", &object);
        assert!(matches!(checked, Err(DeviceError::NotAsSent { .. })), "{checked:?}");
        assert_eq!(fs::read(below.path().join("music/mine.txt")).unwrap(), b"mine");
    }

    /// A device may know what it took only a moment later, or under another number: it is there once all the same.
    #[test]
    fn what_is_known_a_moment_after_it_was_sent_is_sent_once() {
        const NO_SUCH_HANDLE: u16 = 0x2009;
        for (maker, serial, is_renumbered) in
            [("Later", "Laterfalse", false), ("Renumbered", "Renumberedfalse", true)]
        {
            let below = tempfile::tempdir().unwrap();
            let device = made_up(below.path(), false, maker);
            let mtp = connect(&device).unwrap().storage(None).unwrap().storage;
            let mut source = tempfile::tempfile().unwrap();
            source.write_all(b"all of it").unwrap();
            mtp.send(&mut source, "a.mp3").unwrap();
            let before = mtp.ask("read", "a.mp3", |link| link.file("a.mp3")).unwrap().handle;
            let next = ObjectHandle(before.0 + 1);
            assert!(force_object_info_error(serial, next, Some(NO_SUCH_HANDLE)));
            let arrived = below.path().join("music/b.mp3");
            let later = std::thread::spawn(move || {
                let looks = (0..3000).find(|_| {
                    std::thread::sleep(Duration::from_millis(10));
                    arrived.exists()
                });
                assert!(looks.is_some(), "it was not sent");
                std::thread::sleep(Duration::from_millis(300));
                match is_renumbered {
                    true => assert!(rekey_virtual_object(serial, Path::new("b.mp3")).is_some()),
                    false => assert!(clear_object_info_errors(serial)),
                }
            });
            mtp.send(&mut source, "b.mp3").unwrap();
            later.join().unwrap();
            let there = mtp.ask("read", "b.mp3", |link| link.file("b.mp3")).unwrap().handle;
            assert_eq!(there == next, !is_renumbered, "{there:?}");
            assert_eq!(fs::read(below.path().join("music/b.mp3")).unwrap(), b"all of it");
            assert_eq!(fs::read_dir(below.path().join("music")).unwrap().count(), 2);
        }
    }

    /// What a device gives out is kept once, also where it is asked twice: it told of its trouble after the last byte.
    #[test]
    fn what_is_asked_for_again_is_kept_once() {
        let below = tempfile::tempdir().unwrap();
        let device = made_up(below.path(), false, "Again");
        fs::write(below.path().join("music/a.mp3"), "all of it").unwrap();
        let mtp = connect(&device).unwrap().storage(None).unwrap().storage;
        let twice = |to: &mut dyn Kept| {
            let mut asked = 0;
            let given = mtp.ask("read", "a.mp3", |link| {
                let given = link.fetch("a.mp3", to)?;
                asked += 1;
                if asked == 1 { Err(mtp_rs::Error::StaleHandle) } else { Ok(given) }
            });
            assert_eq!((given.unwrap().unwrap(), asked), (9, 2));
        };
        let mut bytes = b"what was there before".to_vec();
        twice(&mut bytes);
        assert_eq!(bytes, b"all of it");
        let mut summing = Summing::default();
        twice(&mut summing);
        assert_eq!(summing.end().1, *sum_of(b"all of it"));
        let dir = cap_std::fs::Dir::open_ambient_dir(below.path(), cap_std::ambient_authority()).unwrap();
        twice(&mut dir.create("kept").unwrap());
        assert_eq!(fs::read(below.path().join("kept")).unwrap(), b"all of it");
    }
}
