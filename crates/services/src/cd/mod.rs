//! CDs, in a drive or as an image with a cue sheet: read by `cd-paranoia`, checked against what others read.
//!
//! `cd-paranoia` is a program of its own (Debian's `cd-paranoia`): it has corrected scratched discs for twenty years, and
//! images go the same way as drives. `cd-info` (Debian's `libcdio-utils`), where it is there, tells of tracks with data and
//! of CD-TEXT. What they print is outside input like any other.

mod accuraterip;
mod child;
mod image;
mod musicbrainz;
mod progress;
mod register;
mod sectors;
mod sums;
mod toc;

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ferrotape_domain::{
    Cancel, DiscContents, DiscReader, DiscTrack, Event, Fault, FaultKind, Phase, Progress,
};

use child::{Ended, run};
use image::Image;
use progress::Written;

pub use register::Register;
pub use sums::{TrackSums, track_sums};

const RIPPER: &str = "cd-paranoia";
/// Reading where everything is takes seconds, on a slow drive half a minute.
const TOC_TIME: Duration = Duration::from_secs(90);
/// A damaged disc is read again and again, but something is told meanwhile.
const SILENCE: Duration = Duration::from_secs(300);
const SECTOR_BYTES: u64 = 2352;

/// A disc that `cd-paranoia` can read.
#[derive(Debug)]
pub struct CdParanoia {
    /// What people call it: the drive, or the cue sheet of an image.
    disc: PathBuf,
    offset: i32,
    image: Option<Image>,
}

impl CdParanoia {
    /// A drive, by its absolute path; `offset` is the drive's, in samples.
    pub fn drive(device: PathBuf, offset: i32) -> Self {
        Self { disc: device, offset, image: None }
    }

    /// An image, by the absolute paths of its cue sheet and of the one file that is meant there.
    pub fn image(sheet: PathBuf, sound: &Path, offset: i32) -> io::Result<Self> {
        let image = Some(Image::new(&sheet, sound)?);
        Ok(Self { disc: sheet, offset, image })
    }

    /// What the programs are to open.
    fn device(&self) -> PathBuf {
        self.image.as_ref().map_or_else(|| self.disc.clone(), Image::sheet)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("LC_ALL", "C");
        if let Some(folder) = self.disc.parent() {
            command.current_dir(folder);
        }
        command
    }

    fn fault(&self, reason: impl Into<String>) -> Fault {
        Fault { source: self.disc.display().to_string(), kind: FaultKind::NeedsUser, reason: reason.into() }
    }

    fn failed(&self, program: &str, ended: &Ended) -> Fault {
        self.fault(match ended {
            Ended::NotThere if program == RIPPER => format!(
                "the program {RIPPER} is not installed; install the package of that name (Debian, Ubuntu: \
                 `apt install cd-paranoia`)"
            ),
            Ended::NotThere => format!("the program {program} is not installed"),
            Ended::Stopped => "stopped as you asked".to_owned(),
            Ended::Silent => {
                format!("{program} said nothing for a long time and was ended; is the disc all right?")
            }
            Ended::Failed(error) => format!("{program} could not be run: {error}"),
            Ended::Done { said, .. } => {
                let last = said.last().map_or("nothing", String::as_str);
                let failed = if self.is_image() { "cannot read this image" } else { "failed" };
                format!("{program} {failed}; its last words: {last}")
            }
        })
    }

    /// What `cd-info` knows; `None` where it is not there or cannot tell.
    fn by_cd_info(&self, cancel: &Cancel) -> Option<DiscContents> {
        let mut command = self.command("cd-info");
        command.args(["--no-header", "--no-device-info", "--no-cddb"]).arg(self.device());
        let mut lines = Vec::new();
        match run(command, TOC_TIME, cancel, &mut |line| lines.push(line.to_owned())) {
            Ended::Done { well: true, .. } => toc::of_cd_info(&lines),
            _ => None,
        }
    }

    /// Reads what `span` names, so many sectors; `line` gets every line that is said.
    fn read(
        &self,
        span: &str,
        sectors: u32,
        to: &Path,
        cancel: &Cancel,
        line: &mut dyn FnMut(&str),
    ) -> Result<(), Fault> {
        let mut command = self.command(RIPPER);
        command.arg("-d").arg(self.device()).args(["-e", "-r"]);
        if self.offset != 0 {
            command.arg("-O").arg(self.offset.to_string());
        }
        command.arg(span).arg(to);
        let ended = run(command, SILENCE, cancel, line);
        let Ended::Done { well: true, .. } = ended else { return Err(self.failed(RIPPER, &ended)) };
        let bytes = to.metadata().map_err(|error| self.fault(error.to_string()))?.len();
        let expected = u64::from(sectors) * SECTOR_BYTES;
        if bytes != expected {
            return Err(self.fault(format!("track {span} came as {bytes} bytes, not {expected}")));
        }
        Ok(())
    }
}

/// A part of a track as `cd-paranoia` names it, of which the last sector is one: `2[1:05.30]-2[1:06.29]`.
fn span(track: u32, sectors: &Range<u32>) -> String {
    let place =
        |sector: u32| format!("{track}[{}:{:02}.{:02}]", sector / 4500, sector / 75 % 60, sector % 75);
    format!("{}-{}", place(sectors.start), place(sectors.end.saturating_sub(1)))
}

impl DiscReader for CdParanoia {
    fn is_image(&self) -> bool {
        self.image.is_some()
    }

    fn contents(&self, cancel: &Cancel) -> Result<DiscContents, Fault> {
        if let Some(contents) = self.by_cd_info(cancel) {
            return Ok(contents);
        }
        let mut command = self.command(RIPPER);
        command.arg("-d").arg(self.device()).arg("-Q");
        let mut lines = Vec::new();
        let ended = run(command, TOC_TIME, cancel, &mut |line| lines.push(line.to_owned()));
        let Ended::Done { well: true, .. } = ended else { return Err(self.failed(RIPPER, &ended)) };
        toc::of_query(&lines)
            .map(|toc| DiscContents { toc, texts: std::collections::BTreeMap::new() })
            .ok_or_else(|| self.fault("there is no track of sound on it"))
    }

    fn rip(
        &self,
        track: &DiscTrack,
        to: &Path,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<(), Fault> {
        let mut written = Written::of(track);
        self.read(&track.number.to_string(), track.sectors, to, cancel, &mut |line| {
            let by = written.after(line);
            if by > 0 {
                progress.event(Event::Advanced { phase: Phase::Rip, by, bytes: by * SECTOR_BYTES });
            }
        })
    }

    fn read_part(
        &self,
        track: &DiscTrack,
        sectors: Range<u32>,
        to: &Path,
        cancel: &Cancel,
    ) -> Result<(), Fault> {
        let count = sectors.end.saturating_sub(sectors.start);
        self.read(&span(track.number, &sectors), count, to, cancel, &mut |_| {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_track_is_named_by_its_first_and_last_sector() {
        assert_eq!(span(2, &(4_905..4_980)), "2[1:05.30]-2[1:06.29]");
        assert_eq!(span(11, &(0..1)), "11[0:00.00]-11[0:00.00]");
    }
}
