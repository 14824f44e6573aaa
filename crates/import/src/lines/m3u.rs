//! M3U and M3U8.

use std::time::Duration;

use ferrotape_domain::{ArtistCredit, Wanted, WantedKind};

use super::names::{Named, named, of_file_name};
use super::{LONGEST_LINE, RADIO, file_list, is_network_address, lines, linked};
use crate::collector::{Collector, Tally};
use crate::links::{parse_link, recording_mbid};
use crate::text::{TextBytes, list_name, shown};

/// What the lines before an entry said of it.
#[derive(Default)]
pub(super) struct Described {
    /// Row of the `#EXTINF` line, when there was one.
    pub(super) row: Option<u64>,
    pub(super) seconds: Option<u64>,
    pub(super) says: String,
    /// Empty where it is said that there is none.
    pub(super) artist: Option<String>,
    pub(super) album: String,
}

/// Reads an M3U or M3U8.
pub(super) fn read(text: &TextBytes, file: &str, collector: &mut Collector) {
    let mut tally = collector.open(file, "M3U playlist");
    if let Some(remark) = text.remark() {
        collector.remark(&mut tally, None, remark);
    }
    let mut name = list_name(file);
    let list = file_list(&name, collector);
    let mut described = Described::default();
    for (number, line) in lines(text).filter(|(_, line)| !line.is_empty()) {
        if line.len() > LONGEST_LINE {
            collector.incomplete(list);
            collector.refuse(&mut tally, number, "the line is far too long for an entry");
            continue;
        }
        if let Some(remark) = text.remark_on(line) {
            collector.remark(&mut tally, Some(number), remark);
        }
        let line = text.decode(line);
        if let Some(directive) = line.strip_prefix('#') {
            if let Some(title) = after(directive, "PLAYLIST:").filter(|title| !title.is_empty()) {
                name = shown(title);
                collector.rename(list, &name);
            } else if after(directive, "EXTINF:").is_some() {
                orphan(&described, &mut tally, collector);
                described = Described::default();
            }
            described.hear(directive, number);
            continue;
        }
        match entry(&line, &std::mem::take(&mut described)) {
            Ok(wanted) => collector.entry_with_id(&mut tally, list, wanted, None, Some(&line)),
            Err(reason) => collector.refuse(&mut tally, number, reason),
        }
    }
    orphan(&described, &mut tally, collector);
    collector.close(tally);
}

/// A description whose entry never came is a row that is lost.
fn orphan(described: &Described, tally: &mut Tally, collector: &mut Collector) {
    if let Some(row) = described.row {
        collector.refuse(tally, row, "an #EXTINF line without an entry after it");
    }
}

fn after<'t>(directive: &'t str, word: &str) -> Option<&'t str> {
    let start = directive.get(..word.len())?;
    if start.eq_ignore_ascii_case(word) { directive.get(word.len()..).map(str::trim) } else { None }
}

impl Described {
    fn hear(&mut self, directive: &str, number: u64) {
        if let Some(text) = after(directive, "EXTINF:") {
            self.row = Some(number);
            let (length, says) = text.split_once(',').unwrap_or((text, ""));
            // Attributes may follow the length: `-1 tvg-id="…"`.
            let length = length.split_whitespace().next().and_then(|number| number.parse::<f64>().ok());
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "limited to days")]
            let seconds = length.filter(|s| *s >= 1.0 && *s < 604_800.0).map(|s| s.round() as u64);
            self.seconds = seconds;
            says.trim().clone_into(&mut self.says);
        } else if let Some(text) = after(directive, "EXTART:") {
            self.artist = Some(text.to_owned());
        } else if let Some(text) = after(directive, "EXTALB:") {
            text.clone_into(&mut self.album);
        }
    }
}

impl Described {
    /// `Artist - Title`. Where a line of its own names the artist before the dash, or says that there is none, a dash
    /// in a name is no riddle.
    fn named(&self) -> Option<Named> {
        let Some(artist) = &self.artist else { return named(&self.says) };
        let title = match artist.as_str() {
            "" => Some(self.says.as_str()),
            artist => self.says.strip_prefix(artist).and_then(|rest| rest.strip_prefix(" - ")),
        };
        match title.map(str::trim).filter(|title| !title.is_empty()) {
            Some(title) => {
                Some(Named { artist: artist.clone(), title: title.to_owned(), track_number: None })
            }
            None => named(&self.says),
        }
    }
}

/// The thing that a place and what was said of it name.
pub(super) fn entry(line: &str, described: &Described) -> Result<Wanted, String> {
    let spotify = parse_link(line);
    let has_link = spotify.is_ok();
    let mut wanted = match spotify {
        Ok(_) => linked(line)?,
        Err(_) => Wanted { recording_mbid: recording_mbid(line), ..Wanted::of_kind(WantedKind::Recording) },
    };
    if wanted.title.is_empty() {
        let named = described.named();
        let is_file = !has_link && wanted.recording_mbid.is_none();
        let named = named.or_else(|| if is_file { of_file_name(line) } else { None });
        if let Some(named) = named {
            wanted.title = named.title;
            wanted.artists = ArtistCredit::printed(&named.artist);
            wanted.track_number = named.track_number;
        }
    }
    if wanted.artists.is_empty() {
        wanted.artists = ArtistCredit::printed(described.artist.as_deref().unwrap_or_default());
    }
    if wanted.release.is_none() && !described.album.is_empty() {
        wanted.release = Some(described.album.clone());
    }
    wanted.duration = wanted.duration.or(described.seconds.map(Duration::from_secs));
    let is_identified = wanted.spotify.is_some() || wanted.recording_mbid.is_some();
    if is_network_address(line) && !is_identified && wanted.artists.is_empty() {
        return Err(RADIO.into());
    }
    if wanted.title.is_empty() && wanted.spotify.is_none() && wanted.kind == WantedKind::Recording {
        return Err("neither the entry nor its #EXTINF line names anything".into());
    }
    Ok(wanted)
}
