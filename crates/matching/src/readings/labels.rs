//! What download sites and programs write beside a title, which says nothing of the recording: how good picture and sound are,
//! that there is a picture, where the file is from. `Ebb (Official 4K Video)`, `Ebb [MV]`, `Ebb HQ`.

use std::sync::LazyLock;

use crate::texts::normalise::fold;
use crate::texts::phrases::Words;
use crate::versions::album_pieces::is_year;
use crate::versions::words::{LABELS, QUALITIES, SITE_ENDINGS, WORDS_OF_LABELS};

static SURE: LazyLock<Words> = LazyLock::new(|| Words::of(LABELS));
static BESIDE: LazyLock<Words> = LazyLock::new(|| Words::of(WORDS_OF_LABELS));
static QUALITY: LazyLock<Words> = LazyLock::new(|| Words::of(QUALITIES));
static ENDINGS: LazyLock<Words> = LazyLock::new(|| Words::of(SITE_ENDINGS));

/// What parts artist and title: behind it stands a title.
const DASHES: [char; 4] = ['-', '–', '—', '_'];
/// More words behind a title are no label.
const MOST_WORDS: usize = 4;

/// Whether a folded bracket or suffix is nothing but such a label: one word of it must say so, the others may stand beside it.
pub(crate) fn is_label(folded: &str) -> bool {
    let words: Vec<&str> = folded.split(' ').collect();
    let is_rate = |at: usize, word: &str| {
        let next = words.get(at + 1).copied().unwrap_or_default();
        word.bytes().all(|byte| byte.is_ascii_digit()) && matches!(next, "kbps" | "kbit" | "kb")
    };
    let may_be = |at: usize, word: &str| is_sure(word) || BESIDE.has(word) || is_rate(at, word);
    SURE.has(folded)
        || words.iter().any(|word| is_sure(word))
            && words.iter().enumerate().all(|(at, word)| may_be(at, word))
}

/// `video`, `hd`, `1080p`, `128kbps`.
fn is_sure(word: &str) -> bool {
    SURE.has(word) || is_quality(word)
}

fn is_quality(word: &str) -> bool {
    let counted = |unit: &str| {
        let number = word.strip_suffix(unit).unwrap_or_default();
        (3..=4).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    QUALITY.has(word) || ["p", "kbps"].into_iter().any(counted)
}

/// Whether a bracket is the address of a site: `mp3.pm`.
pub(crate) fn is_site(raw: &str) -> bool {
    let raw = raw.trim();
    let named = raw.rsplit_once('.').filter(|(name, _)| !name.is_empty() && !raw.contains(' '));
    named.is_some_and(|(_, ending)| ENDINGS.has(&ending.to_lowercase()))
}

/// `Ebb Official Video` as `Ebb (Official Video)`, and whether it surely is a label: a lone `lyrics` may as well be the title's own
/// word. A remaster told so is put in brackets, too.
pub(crate) fn with_label_in_brackets(name: &str) -> Option<(String, bool)> {
    let starts: Vec<usize> = name.match_indices(' ').map(|(at, _)| at).collect();
    let tails = starts.iter().rev().take(MOST_WORDS).rev();
    tails.filter_map(|at| Some((name.get(..*at)?.trim_end(), name.get(at + 1..)?))).find_map(
        |(head, tail)| {
            let folded = fold(tail);
            let is_plain_text = !tail.contains(['(', ')', '[', ']', '{', '}']) && !tail.starts_with(DASHES);
            let is_name = !head.is_empty() && !head.ends_with(DASHES);
            if !is_plain_text || !is_name {
                return None;
            }
            let is_sure = is_remaster(&folded) || folded.contains(' ') || is_quality(&folded);
            (is_remaster(&folded) || is_label(&folded)).then(|| (format!("{head} ({tail})"), is_sure))
        },
    )
}

/// `remastered 2011`, `2011 remaster`, `remastered`.
fn is_remaster(folded: &str) -> bool {
    let mut words = folded.split(' ').filter(|word| !is_year(word)).peekable();
    words.peek().is_some()
        && words.all(|word| matches!(word, "remaster" | "remastered" | "digital" | "digitally"))
        && folded.contains("remaster")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_that_only_say_how_good_it_looks_are_labels() {
        for text in [
            "Official HD Video",
            "MV",
            "M/V",
            "Official Video HD",
            "Official MV",
            "Full HD",
            "Official Music Video HD",
            "Official 4K Video",
            "1080p",
            "128 kbps",
            "with lyrics",
            "YouTube",
        ] {
            assert!(is_label(&fold(text)), "{text}");
        }
        for text in [
            "Official Live Video",
            "Official",
            "Full",
            "Music",
            "2015",
            "128",
            "Clip",
            "Hidden Video",
            "Acoustic HD",
            "Part 2",
            "99p",
        ] {
            assert!(!is_label(&fold(text)), "{text}");
        }
        assert!(is_site("mp3.pm") && is_site("muzmo.ru"));
        assert!(!is_site("No.1") && !is_site("St. Ru") && !is_site(".ru") && !is_site("Ebb"));
    }

    #[test]
    fn labels_without_brackets_get_some() {
        for (name, bracketed, is_sure) in [
            ("Mara Quill - Ebb Official Video", "Mara Quill - Ebb (Official Video)", true),
            ("Mara Quill - Ebb HQ", "Mara Quill - Ebb (HQ)", true),
            ("Mara Quill - Ebb with lyrics", "Mara Quill - Ebb (with lyrics)", true),
            ("Mara Quill - Ebb lyrics", "Mara Quill - Ebb (lyrics)", false),
            ("Mara Quill - Ebb Remastered 2011", "Mara Quill - Ebb (Remastered 2011)", true),
        ] {
            assert_eq!(with_label_in_brackets(name), Some((bracketed.to_owned(), is_sure)), "{name}");
        }
        for name in
            ["Mara Quill - Ebb", "Mara Quill - HD", "HD", "Mara Quill - Ebb 2011", "Ebb (Live) [HD]", ""]
        {
            assert_eq!(with_label_in_brackets(name), None, "{name}");
        }
    }
}
