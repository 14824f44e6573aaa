//! A sheet as it is written: files, tracks in them, and when those begin.

use ferrotape_domain::{Isrc, ReplayGain};

use crate::cue::words::{text, word};

/// A disc has 99; files of more than one disc in one sheet are met.
const MOST_TRACKS: usize = 999;
/// The number of a track that was refused.
const UNUSABLE: u32 = 0;
/// Longest text kept of one field.
const LONGEST_TEXT: usize = 1_000;
/// What is said about one sheet.
const MOST_PROBLEMS: usize = 20;
/// Times count in these, 75 to a second.
pub(super) const FRAMES_A_SECOND: u64 = 75;

/// A cue sheet. Texts that are not there are empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CueSheet {
    /// The album's title.
    pub title: String,
    /// The album's artist.
    pub performer: String,
    /// Who wrote all of it.
    pub songwriter: String,
    /// `REM DATE`.
    pub date: String,
    /// `REM GENRE`.
    pub genre: String,
    /// `REM DISCNUMBER` and `REM TOTALDISCS`.
    pub disc: (Option<u32>, Option<u32>),
    /// `REM DISCID`: see [`CueSheet::is_of_disc`].
    pub disc_id: Option<u32>,
    /// `REM REPLAYGAIN_ALBUM_*`.
    pub album_gain: Option<ReplayGain>,
    /// The files it is about, in its order.
    pub files: Vec<CueFile>,
    /// Lines that were not understood, for people.
    pub problems: Vec<String>,
}

/// One `FILE` of a sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CueFile {
    /// The name as it is written.
    pub name: String,
    /// The tracks that begin in it, in the sheet's order.
    pub tracks: Vec<CueTrack>,
    /// Whether a track that may begin in it could not be used: the others need not be all of it.
    pub has_lost: bool,
}

/// One track of a sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CueTrack {
    /// Its number.
    pub number: u32,
    /// Whether it is sound, not data.
    pub is_sound: bool,
    /// Its title.
    pub title: String,
    /// Its artist.
    pub performer: String,
    /// Who wrote it.
    pub songwriter: String,
    /// Its code.
    pub isrc: Option<Isrc>,
    /// `FLAGS`, e.g. `DCP PRE`.
    pub flags: String,
    /// `REM REPLAYGAIN_TRACK_*`.
    pub gain: Option<ReplayGain>,
    /// Where it begins (`INDEX 01`), in 1/75 s of its file.
    pub start: Option<Start>,
    /// Whether one that may begin behind it in its file could not be used: nobody knows where it ends then.
    pub has_no_end: bool,
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// As sheets write it, in 1/75 s.
    Frame(u64),
    /// As the block of a FLAC has it.
    Sample(u64),
}

impl CueSheet {
    /// Understands what it can of `sheet`.
    pub fn parse(sheet: &str) -> Self {
        let mut reading = Reading::default();
        // Old Macs ended lines by a carriage return alone.
        for line in sheet.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()) {
            let (command, rest) = word(line);
            if reading.line(&command.to_ascii_uppercase(), rest).is_none() {
                reading.problem(format!("not understood: {}", line.chars().take(80).collect::<String>()));
            }
        }
        reading.end_track();
        reading.sheet
    }
}

/// A sheet in the middle of being read.
#[derive(Default)]
struct Reading {
    sheet: CueSheet,
    /// The track that lines are about. It belongs to the file in which its `INDEX 01` stands, which may be named after
    /// its beginning.
    track: Option<CueTrack>,
    /// How many files were named when it began.
    files_before: usize,
    tracks: usize,
}

impl Reading {
    fn line(&mut self, command: &str, rest: &str) -> Option<()> {
        match command {
            "FILE" => self.file(rest),
            "TRACK" => return self.begin_track(rest),
            "TITLE" => *self.texts().0 = short(rest),
            "PERFORMER" => *self.texts().1 = short(rest),
            "SONGWRITER" => *self.texts().2 = short(rest),
            "ISRC" => self.track.as_mut()?.isrc = Isrc::parse(&text(rest)).ok(),
            "FLAGS" => self.track.as_mut()?.flags = short(rest),
            "INDEX" => return self.index(rest),
            "REM" => self.remark(rest),
            "CATALOG" | "CDTEXTFILE" | "PREGAP" | "POSTGAP" => {}
            _ => return None,
        }
        Some(())
    }

    fn file(&mut self, rest: &str) {
        let rest = rest.trim();
        let name = match rest.strip_prefix('"') {
            // A name may hold quotes itself.
            Some(quoted) => quoted.rsplit_once('"').map_or(quoted, |(name, _)| name),
            None => rest.rsplit_once(char::is_whitespace).map_or(rest, |(name, _)| name),
        };
        if self.track.as_ref().is_some_and(|track| track.start.is_some()) {
            self.end_track();
        }
        if self.sheet.files.len() < MOST_TRACKS {
            self.sheet.files.push(CueFile { name: short(name), ..CueFile::default() });
        }
    }

    fn begin_track(&mut self, rest: &str) -> Option<()> {
        self.end_track();
        self.files_before = self.sheet.files.len();
        // What follows is said of this track, also where it cannot be used.
        self.track = Some(CueTrack { number: UNUSABLE, ..CueTrack::default() });
        let (number, kind) = word(rest);
        let number = number.parse().ok().filter(|number| (1..=999).contains(number))?;
        if self.tracks >= MOST_TRACKS {
            return None;
        }
        self.tracks += 1;
        let is_sound = kind.trim().eq_ignore_ascii_case("AUDIO") || kind.trim().is_empty();
        self.track = Some(CueTrack { number, is_sound, ..CueTrack::default() });
        Some(())
    }

    /// Puts the track into the file it begins in.
    fn end_track(&mut self) {
        let Some(track) = self.track.take() else { return };
        let is_usable = track.number != UNUSABLE;
        match self.sheet.files.last_mut() {
            Some(file) if is_usable && track.start.is_some() => return file.tracks.push(track),
            _ if is_usable => self.problem(format!("track {} has no beginning", track.number)),
            _ => {}
        }
        // Any of the files since it was named may be the one that it begins in.
        for file in self.sheet.files.iter_mut().skip(self.files_before.saturating_sub(1)) {
            file.has_lost = true;
            if let Some(before) = file.tracks.last_mut() {
                before.has_no_end = true;
            }
        }
    }

    /// Title, performer and songwriter of what lines are about now.
    fn texts(&mut self) -> (&mut String, &mut String, &mut String) {
        let sheet = &mut self.sheet;
        match &mut self.track {
            Some(track) => (&mut track.title, &mut track.performer, &mut track.songwriter),
            None => (&mut sheet.title, &mut sheet.performer, &mut sheet.songwriter),
        }
    }

    /// `INDEX 01` is where players begin. `INDEX 00`, the gap before, belongs to the track before; later ones are marks
    /// within the track.
    fn index(&mut self, rest: &str) -> Option<()> {
        let (number, time) = word(rest);
        let number: u32 = number.parse().ok()?;
        let frame = frames(time)?;
        let track = self.track.as_mut()?;
        if number == 1 && track.start.replace(Start::Frame(frame)).is_some() {
            // The line that begins another was lost, and what was said since may be said of either.
            let number = std::mem::replace(&mut track.number, UNUSABLE);
            if number != UNUSABLE {
                self.problem(format!("track {number} begins twice, so it was not used"));
            }
        }
        Some(())
    }

    fn remark(&mut self, rest: &str) {
        let (name, value) = word(rest);
        let number = || text(value).parse().ok();
        match (name.to_ascii_uppercase().as_str(), &mut self.track) {
            ("DATE", None) => self.sheet.date = short(value),
            ("GENRE", None) => self.sheet.genre = short(value),
            ("DISCNUMBER", None) => self.sheet.disc.0 = number(),
            ("TOTALDISCS" | "DISCTOTAL", None) => self.sheet.disc.1 = number(),
            ("DISCID", None) => self.sheet.disc_id = u32::from_str_radix(&text(value), 16).ok(),
            ("REPLAYGAIN_ALBUM_GAIN", _) => set_gain(&mut self.sheet.album_gain, value),
            ("REPLAYGAIN_ALBUM_PEAK", _) => set_peak(&mut self.sheet.album_gain, value),
            ("REPLAYGAIN_TRACK_GAIN", Some(track)) => set_gain(&mut track.gain, value),
            ("REPLAYGAIN_TRACK_PEAK", Some(track)) => set_peak(&mut track.gain, value),
            ("COMPOSER", _) => *self.texts().2 = short(value),
            _ => {}
        }
    }

    fn problem(&mut self, says: String) {
        if self.sheet.problems.len() < MOST_PROBLEMS {
            self.sheet.problems.push(says);
        }
    }
}

fn short(rest: &str) -> String {
    text(rest).chars().filter(|letter| !letter.is_control()).take(LONGEST_TEXT).collect()
}

/// `mm:ss:ff`; minutes go on above 99.
fn frames(time: &str) -> Option<u64> {
    let mut fields = time.trim().split(':').map(|field| field.trim().parse::<u64>());
    let (minutes, seconds, frames) = (fields.next()?.ok()?, fields.next()?.ok()?, fields.next()?.ok()?);
    let sensible = minutes < 100_000 && seconds < 60 && frames < FRAMES_A_SECOND && fields.next().is_none();
    sensible.then_some((minutes * 60 + seconds) * FRAMES_A_SECOND + frames)
}

/// `-7.89 dB`.
fn set_gain(gain: &mut Option<ReplayGain>, value: &str) {
    let value = text(value);
    let Ok(gain_db) = word(&value).0.parse::<f64>() else { return };
    if (-60.0..=60.0).contains(&gain_db) {
        let peak = gain.map_or(1.0, |gain| gain.peak);
        *gain = Some(ReplayGain { gain_db, peak });
    }
}

/// Only of use beside a gain, which sheets write first.
fn set_peak(gain: &mut Option<ReplayGain>, value: &str) {
    if let (Some(gain), Ok(peak)) = (gain, text(value).parse::<f64>())
        && (0.0..=16.0).contains(&peak)
    {
        gain.peak = peak;
    }
}
