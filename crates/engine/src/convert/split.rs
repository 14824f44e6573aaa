//! Where long spoken word is cut for players that cannot be wound to a place: at chapters, or by the clock.
//!
//! Pure: the same chapters and length give the same pieces, so a second run finds everything as it was.

use std::time::Duration;

use ferrotape_device::{Split, SpokenRules};
use ferrotape_domain::Chapter;

/// A chapter shorter than this stays with the next.
const SHORT_MS: u64 = 60_000;

/// One piece of a file. The pieces of a file follow each other without gaps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where it begins, in milliseconds from the start of the sound.
    pub(super) start_ms: u64,
    /// Where it ends; `None` for the end of the sound.
    pub(super) end_ms: Option<u64>,
    /// Of a piece that begins with a chapter, that chapter's title; empty where there is none.
    pub(super) title: String,
    /// The chapters in it, counted from its own start; none where there is but one.
    pub(super) chapters: Vec<Chapter>,
}

/// The pieces of a file; none where it stays whole.
pub(super) fn cut(chapters: &[Chapter], length: Option<Duration>, rules: &SpokenRules) -> Vec<Piece> {
    let length =
        length.and_then(|length| u64::try_from(length.as_millis()).ok()).filter(|length| *length > 0);
    let chapters = in_order(chapters, length);
    let starts = match (rules.split, length) {
        (Split::Never, _) => Vec::new(),
        (Split::Chapters, _) => by_chapters(&chapters, length),
        (Split::Minutes, Some(length)) => {
            by_minutes(&chapters, length, u64::from(rules.split_minutes) * 60_000)
        }
        (Split::Minutes, None) => Vec::new(),
    };
    if starts.len() < 2 {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).copied().map(Some).chain([None]);
    let piece = |(start_ms, end_ms): (u64, Option<u64>)| Piece {
        start_ms,
        end_ms,
        title: title_at(&chapters, start_ms, end_ms.unwrap_or(u64::MAX)),
        chapters: within(&chapters, start_ms, end_ms.or(length).unwrap_or(u64::MAX)),
    };
    starts.iter().copied().zip(ends).map(piece).collect()
}

/// Chapters by their beginning, each beginning once, none behind the end.
fn in_order(chapters: &[Chapter], length: Option<u64>) -> Vec<Chapter> {
    let mut chapters = chapters.to_vec();
    chapters.retain(|chapter| length.is_none_or(|length| chapter.start_ms < length));
    chapters.sort_by_key(|chapter| chapter.start_ms);
    chapters.dedup_by_key(|chapter| chapter.start_ms);
    chapters
}

/// What lies before the first chapter belongs to it, and a short chapter to the next; the last to the one before.
fn by_chapters(chapters: &[Chapter], length: Option<u64>) -> Vec<u64> {
    let mut starts: Vec<u64> = Vec::new();
    for chapter in chapters {
        match starts.last() {
            None => starts.push(0),
            Some(last) if chapter.start_ms - last >= SHORT_MS => starts.push(chapter.start_ms),
            Some(_) => {}
        }
    }
    let end = length.or_else(|| chapters.last().map(|chapter| chapter.end_ms)).unwrap_or(0);
    if starts.last().is_some_and(|last| end.saturating_sub(*last) < SHORT_MS) {
        starts.pop();
    }
    starts
}

/// Cuts every so many milliseconds; a chapter that begins within a quarter of that is cut at instead. The last piece
/// is never less than half as long.
fn by_minutes(chapters: &[Chapter], length: u64, every: u64) -> Vec<u64> {
    let mut starts = vec![0];
    let mut at = every;
    while at.saturating_add(every / 2) <= length {
        let near = chapters.iter().map(|chapter| chapter.start_ms).min_by_key(|start| start.abs_diff(at));
        let cut = near.filter(|near| near.abs_diff(at) <= every / 4).unwrap_or(at);
        starts.push(cut);
        at = cut + every;
    }
    starts
}

/// The title of the chapter that begins there; of several joined short ones, of the longest.
fn title_at(chapters: &[Chapter], start: u64, end: u64) -> String {
    let within = chapters.iter().enumerate().filter(|(_, chapter)| (start..end).contains(&chapter.start_ms));
    let mut inside = within.clone().peekable();
    // What lies before the first chapter belongs to it.
    let begins =
        inside.peek().is_some_and(|(at, chapter)| chapter.start_ms == start || (*at == 0 && start == 0));
    if !begins {
        return String::new();
    }
    let until = |at: usize| chapters.get(at + 1).map_or(end, |next| next.start_ms).min(end);
    let first_short = |(at, chapter): &(usize, &Chapter)| until(*at) - chapter.start_ms < SHORT_MS;
    let title = within.clone().find(|one| !first_short(one)).or_else(|| within.clone().next());
    title.map(|(_, chapter)| chapter.title.clone()).unwrap_or_default()
}

fn within(chapters: &[Chapter], start: u64, end: u64) -> Vec<Chapter> {
    let mut inside: Vec<Chapter> = Vec::new();
    for (at, chapter) in chapters.iter().enumerate() {
        let ends = chapters.get(at + 1).map_or(chapter.end_ms.max(chapter.start_ms), |next| next.start_ms);
        let (from, to) = (chapter.start_ms.max(start), ends.min(end));
        if from < to {
            let title = chapter.title.clone();
            inside.push(Chapter { title, start_ms: from - start, end_ms: to - start });
        }
    }
    if inside.len() < 2 { Vec::new() } else { inside }
}

#[cfg(test)]
mod tests {
    use ferrotape_device::Profile;

    use super::*;

    fn chapters(starts: &[u64], end: u64) -> Vec<Chapter> {
        let ends = starts.iter().skip(1).copied().chain([end]);
        let chapter = |(at, (start, end)): (usize, (&u64, u64))| Chapter {
            title: format!("C{}", at + 1),
            start_ms: start * 1_000,
            end_ms: end * 1_000,
        };
        starts.iter().zip(ends).enumerate().map(chapter).collect()
    }

    fn pieces(split: Split, starts: &[u64], seconds: u64) -> Vec<(u64, Option<u64>, String)> {
        let rules = SpokenRules { split, split_minutes: 10, ..Profile::generic().audiobooks };
        let cut = cut(&chapters(starts, seconds), Some(Duration::from_secs(seconds)), &rules);
        let shown = |piece: Piece| (piece.start_ms / 1_000, piece.end_ms.map(|end| end / 1_000), piece.title);
        cut.into_iter().map(shown).collect()
    }

    fn piece(start: u64, end: u64, title: &str) -> (u64, Option<u64>, String) {
        (start, (end > 0).then_some(end), title.to_owned())
    }

    #[test]
    fn chapters_are_pieces_and_short_ones_join_the_next() {
        let all = pieces(Split::Chapters, &[5, 25, 600, 1_200], 1_800);
        assert_eq!(all, [piece(0, 600, "C2"), piece(600, 1_200, "C3"), piece(1_200, 0, "C4")]);
        let last = pieces(Split::Chapters, &[0, 600, 1_200], 1_230);
        assert_eq!(last, [piece(0, 600, "C1"), piece(600, 0, "C2")]);
        assert_eq!(pieces(Split::Chapters, &[], 1_800), []);
        assert_eq!(pieces(Split::Chapters, &[0], 1_800), []);
        assert_eq!(pieces(Split::Never, &[0, 600], 1_800), []);
    }

    #[test]
    fn minutes_are_cut_at_chapters_that_are_near() {
        let plain = pieces(Split::Minutes, &[], 1_830);
        assert_eq!(plain, [piece(0, 600, ""), piece(600, 1_200, ""), piece(1_200, 0, "")]);
        let near = pieces(Split::Minutes, &[0, 700, 1_600], 1_830);
        assert_eq!(near, [piece(0, 700, "C1"), piece(700, 1_300, "C2"), piece(1_300, 0, "")]);
        assert_eq!(pieces(Split::Minutes, &[], 890), [], "half a piece more stays where it is");
    }

    #[test]
    fn chapters_of_a_piece_count_from_its_start() {
        let rules = SpokenRules { split: Split::Minutes, split_minutes: 10, ..Profile::generic().audiobooks };
        let cut = cut(&chapters(&[0, 300, 500, 900], 1_200), Some(Duration::from_secs(1_200)), &rules);
        let shown = |at: usize| -> Vec<(u64, u64)> {
            cut[at].chapters.iter().map(|c| (c.start_ms / 1_000, c.end_ms / 1_000)).collect()
        };
        assert_eq!(cut[0].end_ms, Some(500_000));
        assert_eq!((shown(0), shown(1)), (vec![(0, 300), (300, 500)], vec![(0, 400), (400, 700)]));
    }
}
