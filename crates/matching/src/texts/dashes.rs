//! The many dashes that texts are typed with, brought to the two that frame and part titles.

use std::borrow::Cow;

/// The same text with `-` for every dash and `~` for every wave: MusicBrainz writes `Ebb ‐album edit‐`.
pub(crate) fn plain_dashes(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let plain = |c: char| match c {
        c if is_dash(c) => '-',
        '〜' | '～' => '~',
        _ => c,
    };
    Cow::Owned(text.chars().map(plain).collect())
}

/// Whether it is a dash of any kind.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | '﹣')
}
