//! Which of the wanted things a text means.

use ferrotape_domain::{SpotifyKind, Wanted};
use ferrotape_import::{Link, looks_like_link, parse_link};
use ferrotape_store::StoredWanted;

use crate::EngineError;

/// The things that a text may mean, by index, the likeliest first.
pub(super) fn meant_by(text: &str, all: &[StoredWanted]) -> Result<Vec<usize>, EngineError> {
    if let Ok(number) = text.trim().parse::<i64>()
        && let Some(at) = all.iter().position(|wanted| wanted.id == number)
    {
        return Ok(vec![at]);
    }
    let all = all.iter().enumerate();
    if looks_like_link(text) {
        let Link::Spotify(uri) = parse_link(text)? else { return Ok(Vec::new()) };
        let same = |wanted: &Wanted| match uri.kind {
            SpotifyKind::Album => {
                wanted.spotify_release.as_ref() == Some(&uri) || wanted.spotify.as_ref() == Some(&uri)
            }
            _ => wanted.spotify.as_ref() == Some(&uri),
        };
        return Ok(all.filter(|(_, wanted)| same(&wanted.wanted)).map(|(at, _)| at).collect());
    }
    let words = words(text);
    let mut meant: Vec<(bool, usize, usize)> = all
        .filter_map(|(at, wanted)| {
            let label = self::words(&format!("{} {}", wanted.wanted.artists, wanted.wanted.title));
            let begins = |word: &String| label.iter().any(|own| own.starts_with(word.as_str()));
            // Whole words go before beginnings of words, and what has little else beside them first.
            let whole = words.iter().all(|word| label.contains(word));
            let apart = label.len().abs_diff(words.len());
            (!words.is_empty() && words.iter().all(begins)).then_some((!whole, apart, at))
        })
        .collect();
    meant.sort_unstable();
    let count = |fits: &dyn Fn(&(bool, usize, usize)) -> bool| meant.iter().filter(|one| fits(one)).count();
    let only_one = count(&|(cut, apart, _)| !cut && *apart == 0) == 1 || count(&|(cut, ..)| !cut) == 1;
    meant.truncate(if only_one { 1 } else { usize::MAX });
    Ok(meant.into_iter().map(|(_, _, at)| at).collect())
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}
