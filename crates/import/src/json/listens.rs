//! Listens as ListenBrainz exports them: one object a line, or all of them in one list.
//!
//! The recording's MBID is taken where the program that played it told it. ListenBrainz' own mapping is not: it was
//! found by names, and a match made of it would be told as one by id.

use std::io::{BufRead, Error, Read};

use ferrotape_domain::{Isrc, Mbid, PlaySource, Wanted, WantedKind};
use serde::Deserialize;

use super::lenient::{self, Maybe, Text};
use crate::Limits;
use crate::collector::{Collector, Played, Tally};
use crate::wanted::{describe, link_of};

/// Bytes of the longest line; real ones have one or two thousand.
const LONGEST_LINE: usize = 1 << 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Listen {
    listened_at: Text,
    track_metadata: Metadata,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    artist_name: Text,
    track_name: Text,
    release_name: Text,
    additional_info: Maybe<More>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct More {
    recording_mbid: Text,
    isrc: Text,
    spotify_id: Text,
    duration_ms: Text,
}

/// Takes one listen.
pub(super) fn row(number: u64, text: &[u8], tally: &mut Tally, collector: &mut Collector) {
    let read = lenient::object::<Listen>(text).and_then(|listen| {
        let time = listen.listened_at.get().ok_or("it has no time; it was playing when it was asked for")?;
        let ended_at = time.parse::<i64>().ok().filter(|at| *at > 0).ok_or("its time cannot be read")?;
        let played = Played { ended_at, played_ms: 0, source: PlaySource::Scrobbles };
        Ok((wanted_of(&listen.track_metadata)?, played))
    });
    match read {
        Ok((wanted, played)) if wanted.spotify.is_some() => collector.play(tally, wanted, played),
        Ok((wanted, played)) => collector.play_on_release(tally, wanted, played),
        Err(reason) => collector.refuse(tally, number, reason),
    }
}

fn wanted_of(listen: &Metadata) -> Result<Wanted, String> {
    let more = listen.additional_info.0.as_ref();
    let link = more.and_then(|more| link_of(more.spotify_id.get()));
    let link = link.filter(|link| crate::links::wanted_kind(link.kind) == Some(WantedKind::Recording));
    let mut wanted = Wanted { spotify: link, ..Wanted::of_kind(WantedKind::Recording) };
    describe(&mut wanted, listen.track_name.get(), listen.artist_name.get(), listen.release_name.get());
    if wanted.title.is_empty() {
        return Err("it has no title".into());
    }
    if let Some(more) = more {
        wanted.recording_mbid = Mbid::parse(more.recording_mbid.or_empty()).ok();
        wanted.isrc = Isrc::parse(more.isrc.or_empty()).ok();
        wanted.duration = more.duration_ms.playing_time();
    }
    Ok(wanted)
}

/// Reads a file of one listen a line; answers what went wrong with the reading itself.
pub(super) fn read_lines(
    mut reader: impl BufRead,
    limits: &Limits,
    tally: &mut Tally,
    collector: &mut Collector,
) -> Option<Error> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        match reader.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut line) {
            Ok(0) => return None,
            Ok(_) if line.len() > LONGEST_LINE => {
                let reason = format!(
                    "its line is longer than {LONGEST_LINE} bytes, as no listen is; the rest was left out"
                );
                collector.refuse(tally, number, reason);
                return None;
            }
            Ok(_) if line.trim_ascii().is_empty() => {}
            Ok(_) => row(number, line.trim_ascii(), tally, collector),
            Err(error) => {
                let reason = format!("it cannot be read further: {error}");
                if line.trim_ascii().is_empty() {
                    collector.remark(tally, None, reason);
                } else {
                    collector.refuse(tally, number, reason);
                }
                return Some(error);
            }
        }
        if collector.rows() > limits.rows {
            return None;
        }
    }
    None
}
