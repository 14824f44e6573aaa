//! Tables of plays: what was scrobbled to Last.fm, and the two histories of Apple's privacy package.
//!
//! Of a record only the cells that are named here are taken; addresses, devices and places are passed over.

use std::collections::HashMap;

use ferrotape_domain::{ArtistCredit, PlaySource, Wanted, WantedKind};
use jiff::civil::Date;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use super::columns::{Columns, Dialect, Layout};
use super::records::{CellReader, Record};
use crate::collector::{Collector, Played, Tally, fold};
use crate::text::TextBytes;

/// What a row tells when it has no time.
const NO_TIME: &str = "it has no time; it was playing when the list was made";

/// How people are told the time in Last.fm's own pages: `19 Aug 2026, 20:48`.
const SPOKEN_TIME: &str = "%d %b %Y, %H:%M";

/// Recognises a table of plays by its header's names, folded, or, where there is no header, by its times.
pub(super) fn recognise(names: &[String], sample: &[Vec<String>]) -> Option<Layout> {
    let at = |wanted: &[&str]| wanted.iter().find_map(|name| names.iter().position(|n| n == name));
    if let (Some(time), Some(artist), Some(title)) = (at(&["uts"]), at(&["artist"]), at(&["track"])) {
        // What Last.fm calls a track's MBID is a recording's for some and a track's for others; it is left out.
        let columns = Columns {
            time: Some(time),
            spoken_time: at(&["utctime"]),
            artist: Some(artist),
            title: Some(title),
            album: at(&["album"]),
            ..Columns::default()
        };
        return Some(Layout::new(Dialect::LastFm, columns, names.len()));
    }
    if let (Some(title), Some(time)) = (at(&["trackdescription"]), at(&["dateplayed"])) {
        let columns = Columns {
            title: Some(title),
            time: Some(time),
            hours: at(&["hours"]),
            duration: at(&["playdurationmilliseconds"]),
            kind: at(&["mediatype"]),
            ..Columns::default()
        };
        return Some(Layout::new(Dialect::AppleDaily, columns, names.len()));
    }
    let times = at(&["eventendtimestamp"]).or_else(|| at(&["eventstarttimestamp"]));
    if let (Some(title), Some(time)) = (at(&["songname"]), times) {
        let columns = Columns {
            title: Some(title),
            artist: at(&["artistname", "containerartistname"]),
            album: at(&["albumname", "containeralbumname"]),
            time: Some(time),
            spoken_time: at(&["eventstarttimestamp"]),
            duration: at(&["playdurationmilliseconds"]),
            kind: at(&["mediatype"]),
            event: at(&["eventtype"]),
            ..Columns::default()
        };
        return Some(Layout::new(Dialect::AppleActivity, columns, names.len()));
    }
    let is_spoken = |row: &&Vec<String>| row.len() == 4 && spoken_time(&row[3]).is_some();
    (!sample.is_empty() && sample.iter().filter(is_spoken).count() * 2 > sample.len()).then(|| {
        let columns = Columns {
            artist: Some(0),
            album: Some(1),
            title: Some(2),
            spoken_time: Some(3),
            ..Columns::default()
        };
        Layout { before: 0, header: None, ..Layout::new(Dialect::LastFm, columns, 4) }
    })
}

/// Reads all rows of a table of plays.
pub(super) fn read(
    text: &TextBytes,
    rows: &[Record<'_>],
    reader: &mut CellReader,
    layout: &Layout,
    tally: &mut Tally,
    collector: &mut Collector,
) {
    let columns = &layout.columns;
    let wanted = [
        columns.artist,
        columns.title,
        columns.album,
        columns.time,
        columns.spoken_time,
        columns.hours,
        columns.duration,
        columns.kind,
        columns.event,
    ];
    let mut plays = Plays { taken: HashMap::new(), titles: HashMap::new(), no_plays: 0 };
    if layout.dialect == Dialect::AppleActivity {
        plays.learn_titles(collector);
    }
    for record in rows {
        if record.unclosed {
            collector.refuse(
                tally,
                record.row,
                "its quotes do not match: one is not closed, or stands alone",
            );
            continue;
        }
        let cells = reader.picked(&text.decode(record.bytes), wanted);
        let told = match layout.dialect {
            Dialect::AppleDaily => plays.day(&cells, tally, collector),
            Dialect::AppleActivity => plays.event(&cells, tally, collector),
            _ => scrobble(&cells, tally, collector),
        };
        match told {
            Err(reason) => collector.refuse(tally, record.row, reason),
            Ok(()) => {
                if let Some(remark) = text.remark_on(record.bytes) {
                    collector.remark(tally, Some(record.row), remark);
                }
            }
        }
    }
    if plays.no_plays > 0 {
        let reason = format!(
            "{} rows tell of no play's end (lyrics shown, a play begun); they are left out",
            plays.no_plays
        );
        collector.refuse_all(tally, plays.no_plays, reason);
    }
}

type Cells = [String; 9];

fn scrobble(cells: &Cells, tally: &mut Tally, collector: &mut Collector) -> Result<(), String> {
    let [artist, title, album, time, spoken, ..] = cells;
    if title.is_empty() {
        return Err("it has no title".into());
    }
    if time.is_empty() && spoken.is_empty() {
        return Err(NO_TIME.into());
    }
    let seconds = time.parse().ok().filter(|at| *at > 0);
    let ended_at = seconds.or_else(|| spoken_time(spoken)).ok_or("when it was played cannot be read")?;
    let played = Played { ended_at, played_ms: 0, source: PlaySource::Scrobbles };
    collector.play_on_release(tally, recording(artist, title, album), played);
    Ok(())
}

/// What Apple's histories need to know of the rows before.
struct Plays {
    /// Plays of one thing that have the same hour. Apple tells no closer time, and no two may have the same.
    taken: HashMap<(String, i64), i64>,
    /// Places of the recordings of one title, with their albums.
    titles: HashMap<String, Vec<(usize, Option<String>)>>,
    /// Rows that tell of something else.
    no_plays: u64,
}

impl Plays {
    /// The plays of one track on one day: `Artist - Title`, the day, its hours and the whole time.
    fn day(&mut self, cells: &Cells, tally: &mut Tally, collector: &mut Collector) -> Result<(), String> {
        let [_, description, _, day, _, hours, length, kind, _] = cells;
        if is_video(kind) {
            return Err("it is a video".into());
        }
        if description.is_empty() {
            return Err("it does not say what was played".into());
        }
        let hour = hours.rsplit(',').next().and_then(|hour| hour.trim().parse().ok());
        let hour: i64 = hour.filter(|hour| (0..24).contains(hour)).unwrap_or(0);
        let begin = day_of(day).ok_or("when it was played cannot be read")? + hour * 3600;
        let before = self.taken.entry((fold(description), begin)).or_default();
        let played = Played {
            ended_at: begin + *before,
            played_ms: milliseconds(length)?,
            source: PlaySource::AppleHistory,
        };
        *before += 1;
        let (artist, title) = description.split_once(" - ").unwrap_or(("", description));
        collector.play_by_name(tally, recording(artist, title, ""), played);
        Ok(())
    }

    /// One event, as a rule the end of a play. Until about 2023 no artist is told.
    fn event(&mut self, cells: &Cells, tally: &mut Tally, collector: &mut Collector) -> Result<(), String> {
        let [artist, title, album, ended, begun, _, length, kind, event] = cells;
        if !event.is_empty() && !event.eq_ignore_ascii_case("PLAY_END") {
            self.no_plays += 1;
            return Ok(());
        }
        if is_video(kind) {
            return Err("it is a video".into());
        }
        if title.is_empty() {
            return Err("it does not say what was played".into());
        }
        let time = if ended.is_empty() { begun } else { ended };
        let ended_at = time.parse::<jiff::Timestamp>().map_err(|_| "when it was played cannot be read")?;
        let played = Played {
            ended_at: ended_at.as_second(),
            played_ms: milliseconds(length)?,
            source: PlaySource::AppleHistory,
        };
        let known = if artist.is_empty() { self.only_of_title(title, album) } else { None };
        match known {
            Some(at) => collector.play_at(tally, at, played),
            None => collector.play_on_release(tally, recording(artist, title, album), played),
        }
        Ok(())
    }

    fn learn_titles(&mut self, collector: &Collector) {
        for (at, wanted) in collector.recordings() {
            let release = wanted.release.as_deref().map(fold);
            self.titles.entry(fold(&wanted.title)).or_default().push((at, release));
        }
    }

    /// The one recording of this title and album, or of this title where no album is told.
    fn only_of_title(&self, title: &str, album: &str) -> Option<usize> {
        let (found, album) = (self.titles.get(&fold(title))?, fold(album));
        let fits = |release: &Option<String>| album.is_empty() || release.as_deref() == Some(&album);
        let mut fitting = found.iter().filter(|(_, release)| fits(release));
        match (fitting.next(), fitting.next()) {
            (Some((at, _)), None) => Some(*at),
            _ => None,
        }
    }
}

fn recording(artist: &str, title: &str, album: &str) -> Wanted {
    Wanted {
        title: title.trim().to_owned(),
        artists: ArtistCredit::printed(artist.trim()),
        release: Some(album.to_owned()).filter(|album| !album.is_empty()),
        ..Wanted::of_kind(WantedKind::Recording)
    }
}

fn is_video(kind: &str) -> bool {
    kind.to_ascii_lowercase().contains("video")
}

/// Apple writes some lengths below zero; nothing was heard then. An empty one is unknown.
fn milliseconds(text: &str) -> Result<u32, String> {
    if text.is_empty() {
        return Ok(0);
    }
    let number: i64 = text
        .strip_suffix(".0")
        .unwrap_or(text)
        .parse()
        .map_err(|_| "for how long it was played cannot be read")?;
    Ok(u32::try_from(number.max(0)).unwrap_or(u32::MAX))
}

/// `20150701` in seconds since 1970.
fn day_of(text: &str) -> Option<i64> {
    let day: Date = strtime::parse("%Y%m%d", text).ok()?.to_date().ok()?;
    TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok().map(jiff::Timestamp::as_second)
}

fn spoken_time(text: &str) -> Option<i64> {
    let time = strtime::parse(SPOKEN_TIME, text).ok()?.to_datetime().ok()?;
    TimeZone::UTC.to_timestamp(time).ok().map(jiff::Timestamp::as_second).filter(|at| *at > 0)
}
