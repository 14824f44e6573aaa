//! How each row of the table gets at its field: the values to write, and what to make of values that were read.

use ferrotape_domain::{Carried, Isrc, Mbid, MoreTags, ReplayGain, TagSet};

use crate::tags::lrc;

/// Where a row's values are in a [`TagSet`].
pub(crate) enum Access {
    /// In a field of the tag set itself, or in several.
    Own {
        /// The values to write.
        get: fn(&TagSet) -> Vec<String>,
        /// Takes the values found, of which there is at least one.
        set: fn(&mut TagSet, Vec<String>),
        /// Whether a scan needs it.
        scanned: bool,
    },
    /// Among what is carried over as it stands.
    Carried(Carried),
}

impl Access {
    pub(crate) fn get(&self, tags: &TagSet) -> Vec<String> {
        match self {
            Self::Own { get, .. } => get(tags),
            Self::Carried(field) => carried(tags, *field).to_vec(),
        }
    }

    pub(crate) fn set(&self, tags: &mut TagSet, values: Vec<String>) {
        match self {
            Self::Own { set, .. } => set(tags, values),
            Self::Carried(field) => carry(tags, *field, values),
        }
    }

    pub(crate) fn is_scanned(&self) -> bool {
        matches!(self, Self::Own { scanned: true, .. })
    }
}

fn carried(tags: &TagSet, field: Carried) -> &[String] {
    tags.more.as_ref().and_then(|more| more.texts.get(&field)).map_or(&[], Vec::as_slice)
}

fn carry(tags: &mut TagSet, field: Carried, values: Vec<String>) {
    more(tags).texts.insert(field, values);
}

pub(crate) fn more(tags: &mut TagSet) -> &mut MoreTags {
    tags.more.get_or_insert_with(Box::default)
}

macro_rules! own {
    ($name:ident: $get:expr, $set:expr) => {
        pub(crate) const $name: Access = Access::Own { get: $get, set: $set, scanned: true };
    };
}

/// Fields of one text.
macro_rules! text {
    ($($name:ident: $field:ident;)*) => {
        $(own!($name: |t| t.$field.iter().cloned().collect(), |t, v| t.$field = one(v));)*
    };
}

/// Fields of several texts.
macro_rules! list {
    ($($name:ident: $field:ident;)*) => { $(own!($name: |t| t.$field.clone(), |t, v| t.$field = v);)* };
}

/// Fields of one id.
macro_rules! id {
    ($($name:ident: $field:ident;)*) => {
        $(own!($name: |t| t.$field.iter().map(ToString::to_string).collect(),
            |t, v| t.$field = ids(&v).into_iter().next());)*
    };
}

text! {
    ALBUM: album; PUBLISHER: publisher; COPYRIGHT: copyright; COMMENT: comment;
    TITLE_SORT: title_sort; ARTIST_SORT: artist_sort; ALBUM_SORT: album_sort; ALBUM_ARTIST_SORT: album_artist_sort;
}
list! { ARTISTS: artists; ALBUM_ARTISTS: album_artists; GENRES: genres; COMPOSERS: composers; }
id! {
    RECORDING_MBID: recording_mbid; RELEASE_MBID: release_mbid; RELEASE_GROUP_MBID: release_group_mbid;
    TRACK_MBID: track_mbid;
}
own!(TITLE: |t| t.title.iter().cloned().collect(), |t, v| t.title = every(v));
own!(ARTIST_LIST: |t| several_artists(t), take_artist_list);
own!(TRACK_NUMBER: |t| number(t.track_number), |t, v| counted(&v, &mut t.track_number, &mut t.track_total));
own!(TRACK_TOTAL: |t| number(t.track_total), |t, v| t.track_total = whole(&v).or(t.track_total));
own!(DISC_NUMBER: |t| number(t.disc_number), |t, v| counted(&v, &mut t.disc_number, &mut t.disc_total));
own!(DISC_TOTAL: |t| number(t.disc_total), |t, v| t.disc_total = whole(&v).or(t.disc_total));
own!(DATE: |t| t.date.as_deref().and_then(date).into_iter().collect(), |t, v| t.date = one(v).and_then(|text| date(&text)));
own!(YEAR: |t| year(t.date.as_deref()), |_, _| {});
own!(DAY_AND_MONTH: |t| day_and_month(t).into_iter().collect(), |_, _| {});
own!(BPM: |t| number(t.bpm), |t, v| t.bpm = whole(&v).filter(|bpm| *bpm > 0));
own!(ISRC: |t| t.isrc.iter().map(ToString::to_string).collect(), |t, v| {
    t.isrc = v.iter().find_map(|text| Isrc::parse(text).ok());
});
own!(COMPILATION: |t| if t.compilation { vec!["1".to_owned()] } else { Vec::new() }, |t, v| {
    t.compilation = v.iter().any(|text| is_yes(text));
});
own!(LYRICS: |t| t.lyrics.iter().map(|text| lrc::without_times(text)).collect(), |t, v| t.lyrics = one(v));
own!(ARTIST_MBIDS: |t| texts(&t.artist_mbids), |t, v| t.artist_mbids = ids(&v));
own!(ALBUM_ARTIST_MBIDS: |t| texts(&t.album_artist_mbids), |t, v| t.album_artist_mbids = ids(&v));
own!(SPOTIFY: |t| t.spotify.iter().map(|uri| uri.web_address()).collect(), |_, _| {});
own!(TRACK_GAIN: |t| gain(t.track_gain).into_iter().collect(), |t, v| set_gain(&mut t.track_gain, &v));
own!(TRACK_PEAK: |t| peak(t.track_gain).into_iter().collect(), |t, v| set_peak(&mut t.track_gain, &v));
own!(ALBUM_GAIN: |t| gain(t.album_gain).into_iter().collect(), |t, v| set_gain(&mut t.album_gain, &v));
own!(ALBUM_PEAK: |t| peak(t.album_gain).into_iter().collect(), |t, v| set_peak(&mut t.album_gain, &v));

macro_rules! rare {
    ($name:ident: $get:expr, $set:expr) => {
        pub(crate) const $name: Access = Access::Own { get: $get, set: $set, scanned: false };
    };
}

rare!(ORIGINAL_DATE: |t| dates(carried(t, Carried::OriginalDate)), |t, v| carry_date(t, Carried::OriginalDate, &v));
rare!(ORIGINAL_YEAR: |t| year(carried(t, Carried::OriginalDate).first().map(String::as_str)), |_, _| {});
rare!(RELEASE_DATE: |t| dates(carried(t, Carried::ReleaseDate)), |t, v| carry_date(t, Carried::ReleaseDate, &v));
rare!(PODCAST: |t| carried(t, Carried::Podcast).to_vec(), |t, v| {
    if v.iter().any(|text| is_yes(text)) {
        carry(t, Carried::Podcast, vec!["1".to_owned()]);
    }
});
rare!(MOVEMENT_NUMBER: |t| carried(t, Carried::MovementNumber).to_vec(), |t, v| {
    let (mut at, mut total) = (None, None);
    counted(&v, &mut at, &mut total);
    for (field, value) in [(Carried::MovementNumber, at), (Carried::MovementTotal, total)] {
        if value.is_some() {
            carry(t, field, number(value));
        }
    }
});

fn several_artists(tags: &TagSet) -> Vec<String> {
    let named = tags.artists.iter().filter(|name| !name.trim().is_empty());
    if named.count() > 1 { tags.artists.clone() } else { Vec::new() }
}

/// The list of artists tells more than their names as printed. Where it had to be put into one text, it is a list again
/// only if that cannot be a mistake.
fn take_artist_list(tags: &mut TagSet, values: Vec<String>) {
    let [printed] = tags.artists.as_slice() else {
        if tags.artists.is_empty() {
            tags.artists = values;
        }
        return;
    };
    if values.len() > 1 {
        tags.artists = values;
    } else if let [text] = values.as_slice() {
        let parts: Vec<&str> = text.split("; ").collect();
        if parts.len() > 1 && parts.join(", ") == *printed {
            tags.artists = parts.into_iter().map(str::to_owned).collect();
        }
    }
}

fn is_yes(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "1" | "true" | "yes")
}

fn dates(texts: &[String]) -> Vec<String> {
    texts.iter().filter_map(|text| date(text)).take(1).collect()
}

fn carry_date(tags: &mut TagSet, field: Carried, values: &[String]) {
    let dates = dates(values);
    if !dates.is_empty() {
        carry(tags, field, dates);
    }
}

fn one(values: Vec<String>) -> Option<String> {
    values.into_iter().next()
}

/// A file with several titles is several tracks in one, or a medley. Taking the first would pass it off as that one
/// track, so all are kept in one text.
fn every(mut values: Vec<String>) -> Option<String> {
    let mut seen = std::collections::HashSet::new();
    values.retain(|value| seen.insert(value.trim().to_lowercase()));
    (!values.is_empty()).then(|| values.join(" / "))
}

fn number(value: Option<u32>) -> Vec<String> {
    value.iter().map(ToString::to_string).collect()
}

/// The number a text begins with; sane sizes only.
fn leading(text: &str) -> Option<u32> {
    let digits: String = text.trim().chars().take_while(char::is_ascii_digit).take(6).collect();
    digits.parse().ok()
}

fn whole(values: &[String]) -> Option<u32> {
    values.iter().find_map(|text| leading(text))
}

/// `3`, `03` or `3/12`.
fn counted(values: &[String], number: &mut Option<u32>, total: &mut Option<u32>) {
    *number = whole(values).filter(|number| *number > 0);
    let behind = values.iter().find_map(|text| text.split_once('/')).and_then(|(_, total)| leading(total));
    if let Some(behind) = behind.filter(|total| *total > 0) {
        *total = Some(behind);
    }
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD` from what stands in files; `None` when there is no year.
fn date(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = |from: usize, to: usize| {
        text.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let within = |part: &str, most: u32| part.parse().is_ok_and(|value: u32| (1..=most).contains(&value));
    let year = digits(0, 4).filter(|year| *year != "0000")?;
    let parted = |at: usize| matches!(text.as_bytes().get(at), Some(b'-' | b'/' | b'.'));
    let Some(month) = digits(5, 7).filter(|month| parted(4) && within(month, 12)) else {
        return Some(year.to_owned());
    };
    match digits(8, 10).filter(|day| parted(7) && within(day, 31)) {
        Some(day) => Some(format!("{year}-{month}-{day}")),
        None => Some(format!("{year}-{month}")),
    }
}

fn year(text: Option<&str>) -> Vec<String> {
    text.and_then(date).and_then(|date| date.get(..4).map(str::to_owned)).into_iter().collect()
}

fn day_and_month(tags: &TagSet) -> Option<String> {
    let date = tags.date.as_deref().and_then(date)?;
    Some(format!("{}{}", date.get(8..10)?, date.get(5..7)?))
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn ids(values: &[String]) -> Vec<Mbid> {
    let parts = values.iter().flat_map(|text| text.split(|c: char| "/;, \0".contains(c)));
    parts.filter_map(|part| Mbid::parse(part).ok()).take(64).collect()
}

fn gain(gain: Option<ReplayGain>) -> Option<String> {
    gain.map(|gain| format!("{:.2} dB", gain.gain_db))
}

fn peak(gain: Option<ReplayGain>) -> Option<String> {
    gain.map(|gain| format!("{:.6}", gain.peak))
}

/// Gains beyond ±60 dB and peaks beyond 64 are taken for rubbish.
fn set_gain(gain: &mut Option<ReplayGain>, values: &[String]) {
    let text = values.first().map_or("", |text| text.trim());
    let text = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c.is_whitespace());
    let parsed = text.trim_start_matches('+').replace(',', ".").parse::<f64>().ok();
    if let Some(gain_db) = parsed.filter(|db| db.abs() <= 60.0) {
        let peak = gain.map_or(f64::NAN, |gain| gain.peak);
        *gain = Some(ReplayGain { gain_db, peak });
    }
}

fn set_peak(gain: &mut Option<ReplayGain>, values: &[String]) {
    let parsed = values.first().and_then(|text| text.trim().replace(',', ".").parse::<f64>().ok());
    if let (Some(gain), Some(peak)) = (gain, parsed.filter(|peak| (0.0..=64.0).contains(peak))) {
        gain.peak = peak;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_found_become_dates_as_kept() {
        for (found, kept) in [
            ("1999", Some("1999")),
            ("1999-12", Some("1999-12")),
            ("1999-12-31T00:00:00Z", Some("1999-12-31")),
            ("1999/12/31", Some("1999-12-31")),
            ("1999-00-00", Some("1999")),
            ("0000", None),
            ("née", None),
            ("", None),
        ] {
            assert_eq!(date(found).as_deref(), kept, "{found}");
        }
    }

    #[test]
    fn numbers_may_carry_a_total() {
        let (mut number, mut total) = (None, None);
        counted(&["3/12".to_owned()], &mut number, &mut total);
        assert_eq!((number, total), (Some(3), Some(12)));
        let (mut number, mut total) = (None, Some(9));
        counted(&["A1".to_owned()], &mut number, &mut total);
        assert_eq!((number, total), (None, Some(9)));
    }

    #[test]
    fn gains_are_read_in_the_forms_files_have() {
        for text in ["-7.03 dB", "-7,03", "-7.03dB"] {
            let mut found = None;
            set_gain(&mut found, &[text.to_owned()]);
            assert_eq!(gain(found).as_deref(), Some("-7.03 dB"), "{text}");
        }
        let mut found = None;
        set_gain(&mut found, &["9999 dB".to_owned()]);
        assert!(found.is_none());
    }
}
