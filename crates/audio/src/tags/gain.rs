//! The two ways in which tags tell a gain: ReplayGain's decibels, and the whole numbers of Opus files.

use ferrotape_domain::{ReplayGain, TagSet};

/// Loudness that R 128 gains refer to lies this far below ReplayGain's: −23 LUFS and −18.
const R128_BELOW_DB: f64 = 5.0;

/// How a gain is written; `None` in its place writes none, not even the source's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GainForm {
    /// `REPLAYGAIN_TRACK_GAIN` and its kin, from the table.
    ReplayGain,
    /// `R128_TRACK_GAIN`, `R128_ALBUM_GAIN`: 256ths of a decibel, without a peak.
    R128,
}

/// The tags without gains where there are to be none.
pub(crate) fn with_form(tags: &TagSet, form: Option<GainForm>) -> TagSet {
    match form {
        Some(_) => tags.clone(),
        None => TagSet { track_gain: None, album_gain: None, ..tags.clone() },
    }
}

/// What takes the place of the table's gains.
pub(crate) fn r128(tags: &TagSet) -> [(&'static str, Option<String>); 2] {
    let text = |gain: Option<ReplayGain>| {
        let steps = gain.map(|gain| ((gain.gain_db - R128_BELOW_DB) * 256.0).round());
        steps.map(|steps| format!("{}", steps.clamp(-32_768.0, 32_767.0) as i16))
    };
    [("R128_TRACK_GAIN", text(tags.track_gain)), ("R128_ALBUM_GAIN", text(tags.album_gain))]
}
