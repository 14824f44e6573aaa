//! By how much sound is turned up or down before it is encoded, and which gains its tags then tell.
//!
//! Sound that is only passed on – whole numbers, one or two channels, its own rate – keeps its level to the last bit:
//! its samples cannot exceed full scale. What is computed anew (another rate, fewer channels) or was lossy or floating
//! point can: it is turned down when its true peak lies above 0 dBTP, by exactly that. The tracks of an album are turned
//! down together, or their levels would step where one runs into the next.

use ferrotape_domain::{Loudness, ReplayGain};

use crate::make::request::{LoudnessRequest, LoudnessUse};
use crate::mpeg::gain::step_db;

/// Loudness that a ReplayGain of 0 dB stands for.
const REPLAY_GAIN_LUFS: f64 = -18.0;
/// The highest true peak of what is turned down because it might clip.
const HEADROOM_DBTP: f64 = 0.0;
/// The highest true peak of what is turned up or down to a loudness (EBU R 128).
const APPLIED_DBTP: f64 = -1.0;
/// Limits of a gain that is written, far beyond all music.
const MOST_DB: f64 = 60.0;
/// A file's own gains are on our scale when its track gain is this near to what is measured.
const SAME_SCALE_DB: f64 = 0.5;

/// The change of level in dB; `exact` is sound that is only passed on.
pub(crate) fn level_db(request: &LoudnessRequest<'_>, exact: bool, track: &Loudness) -> f64 {
    let together = request.album.unwrap_or(track);
    let headroom = |limit: f64, of: &Loudness| limit - of.true_peak_dbtp();
    if let LoudnessUse::Apply { target_lufs, by_album } = request.purpose {
        let of = if by_album { together } else { track };
        if let Some(lufs) = of.integrated_lufs() {
            return (target_lufs - lufs).min(headroom(APPLIED_DBTP, of)).clamp(-MOST_DB, MOST_DB);
        }
    }
    if exact { 0.0 } else { headroom(HEADROOM_DBTP, together).clamp(-MOST_DB, 0.0) }
}

/// The change of level in steps of the frames' own volume, for an MP3 that is copied: the nearest, but none that lifts
/// its peak beyond the limit. Only ever what the user asked for: a copied MP3 is as loud as it was.
pub(crate) fn volume_steps(request: &LoudnessRequest<'_>, track: &Loudness) -> i32 {
    let LoudnessUse::Apply { by_album, .. } = request.purpose else { return 0 };
    let wanted = level_db(request, true, track) / step_db();
    let of = if by_album { request.album.unwrap_or(track) } else { track };
    let most = ((APPLIED_DBTP - of.true_peak_dbtp()) / step_db()).floor();
    wanted.round().min(most).clamp(-MOST_DB, MOST_DB) as i32
}

/// A change of level as a factor; exactly 1 for none.
pub(crate) fn factor(level_db: f64) -> f32 {
    if level_db == 0.0 { 1.0 } else { 10f64.powf(level_db / 20.0) as f32 }
}

/// The gain for sound of this loudness whose level was changed by `level_db`; `None` for silence and what is too short
/// to measure (under 0.4 s).
pub(crate) fn replay_gain(loudness: &Loudness, level_db: f64) -> Option<ReplayGain> {
    let lufs = loudness.integrated_lufs()? + level_db;
    Some(ReplayGain {
        gain_db: (REPLAY_GAIN_LUFS - lufs).clamp(-MOST_DB, MOST_DB),
        peak: f64::from(loudness.true_peak * factor(level_db)),
    })
}

/// The album gain to write: of the measured album, or else the file's own when its scale is ours.
pub(crate) fn album_gain(
    request: &LoudnessRequest<'_>,
    own_track: Option<ReplayGain>,
    own_album: Option<ReplayGain>,
    track: Option<ReplayGain>,
    level_db: f64,
) -> Option<ReplayGain> {
    if let Some(album) = request.album {
        return replay_gain(album, level_db);
    }
    // Compared at the file's own level.
    let apart = own_track?.gain_db - (track?.gain_db + level_db);
    let own = own_album.filter(|_| apart.abs() <= SAME_SCALE_DB)?;
    let peak = own.peak * f64::from(factor(level_db));
    Some(ReplayGain { gain_db: own.gain_db - level_db, peak })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loud(lufs: f64, dbtp: f64) -> Loudness {
        let mut loudness = Loudness { true_peak: 10f64.powf(dbtp / 20.0) as f32, ..Loudness::default() };
        loudness.momentary.add(lufs);
        loudness
    }

    fn level(purpose: LoudnessUse, exact: bool, track: &Loudness, album: Option<&Loudness>) -> f64 {
        let request = LoudnessRequest { purpose, known: None, album };
        (level_db(&request, exact, track) * 10.0).round() / 10.0
    }

    #[test]
    fn only_what_could_clip_is_turned_down_and_never_up() {
        let (hot, tame, album) = (loud(-8.0, 1.2), loud(-20.0, -6.0), loud(-9.0, 2.0));
        let tags = LoudnessUse::default();
        assert!(level_db(&LoudnessRequest::default(), true, &hot) == 0.0);
        assert!(level(tags, false, &hot, None) == -1.2);
        assert!(level(tags, false, &tame, None) == 0.0);
        assert!(level(LoudnessUse::Off, false, &hot, None) == -1.2);
        assert!(level(tags, false, &tame, Some(&album)) == -2.0, "an album goes down together");
        assert!(level(tags, false, &Loudness::default(), None) == 0.0);
    }

    #[test]
    fn an_applied_gain_stops_below_the_peak() {
        let apply = |by_album| LoudnessUse::Apply { target_lufs: -18.0, by_album };
        let (hot, quiet, album) = (loud(-8.0, 1.2), loud(-30.0, -6.0), loud(-12.0, 0.0));
        assert!(level(apply(false), true, &hot, Some(&album)) == -10.0);
        assert!(level(apply(false), true, &quiet, None) == 5.0, "−1 dBTP is reached before −18 LUFS");
        assert!(level(apply(true), true, &quiet, Some(&album)) == -6.0);
        assert!(
            level(apply(false), false, &Loudness { true_peak: 2.0, ..Loudness::default() }, None) == -6.0
        );
    }

    #[test]
    fn a_files_own_album_gain_is_kept_when_its_scale_is_ours() {
        let gain = |gain_db| Some(ReplayGain { gain_db, peak: 0.5 });
        let request = LoudnessRequest::default();
        let kept = album_gain(&request, gain(-7.2), gain(-6.5), gain(-7.0), 0.0);
        assert_eq!(kept, gain(-6.5));
        assert_eq!(album_gain(&request, gain(-12.2), gain(-6.5), gain(-7.0), 0.0), None);
        assert_eq!(album_gain(&request, None, gain(-6.5), gain(-7.0), 0.0), None);
        let lower = album_gain(&request, gain(-7.0), gain(-6.5), gain(-6.0), -1.0).map(|kept| kept.gain_db);
        assert_eq!(lower, Some(-5.5));
    }
}
