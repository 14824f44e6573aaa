//! What stands before and behind an episode's title and tells nothing of it: its number, and its podcast's name. One place
//! says `#12 - Harbour`, another `Harbour | Low Tide`, and the next only `Harbour`.

/// Words that only announce an episode's number.
const ANNOUNCING: &[&str] = &[
    "episode",
    "episodes",
    "ep",
    "eps",
    "e",
    "folge",
    "episodio",
    "aflevering",
    "avsnitt",
    "afsnit",
    "odcinek",
    "jakso",
    "выпуск",
    "no",
    "nr",
    "season",
    "staffel",
    "s",
];

/// What parts a title from the name behind it.
const MARKS: [&str; 7] = ["|", " - ", " – ", " — ", " · ", " (", " ["];

/// Whether a folded word only announces an episode's number: `episode`, `folge`, `season`.
pub fn announces_a_number(word: &str) -> bool {
    ANNOUNCING.contains(&word)
}

/// The numbers that a folded word is, without leading zeros: `012`, `s02e05`, `e7`; none where it is a word.
pub fn numbers_in(word: &str) -> Option<Vec<String>> {
    let bare = |digits: &str| {
        let number = digits.trim_start_matches('0');
        let sound = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        sound.then(|| if number.is_empty() { "0".to_owned() } else { number.to_owned() })
    };
    if let Some(number) = bare(word) {
        return Some(vec![number]);
    }
    if let Some((season, episode)) = word.strip_prefix('s').and_then(|rest| rest.split_once('e')) {
        return Some(vec![bare(season)?, bare(episode)?]);
    }
    let rest =
        word.strip_prefix("ep").or_else(|| word.strip_prefix('e')).or_else(|| word.strip_prefix('s'))?;
    Some(vec![bare(rest)?])
}

/// The numbers before all words of a folded title, and what stands behind them: 12 and `harbour` of `ep 12 harbour`.
pub fn numbers_in_front(folded: &str) -> (Vec<String>, &str) {
    let (mut numbers, mut rest) = (Vec::new(), folded);
    loop {
        let (word, behind) = rest.split_once(' ').unwrap_or((rest, ""));
        let next = behind.split(' ').next().unwrap_or_default();
        match numbers_in(word) {
            Some(more) => numbers.extend(more),
            None if announces_a_number(word) && numbers_in(next).is_some() => {}
            None => return (numbers, rest),
        }
        rest = behind;
    }
}

/// A title without a name that stands behind it, in brackets or parted by a stroke or a dash; the whole where nothing else is
/// left.
pub fn without_name_behind(title: &str, is_name: impl Fn(&str) -> bool) -> &str {
    let before = MARKS.iter().find_map(|mark| {
        let (before, behind) = title.rsplit_once(*mark)?;
        let behind = behind.trim().trim_end_matches([')', ']']);
        (!before.trim().is_empty() && is_name(behind)).then(|| before.trim_end())
    });
    before.unwrap_or(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_before_a_title_are_told_from_those_within() {
        for (folded, numbers, rest) in [
            ("12 harbour", vec!["12"], "harbour"),
            ("ep 012 harbour", vec!["12"], "harbour"),
            ("s2e3 harbour", vec!["2", "3"], "harbour"),
            ("season 2 episode 3 harbour", vec!["2", "3"], "harbour"),
            ("harbour 12", vec![], "harbour 12"),
            ("part 2 harbour", vec![], "part 2 harbour"),
            ("no more harbours", vec![], "no more harbours"),
            ("12", vec!["12"], ""),
            ("", vec![], ""),
        ] {
            let (found, behind) = numbers_in_front(folded);
            assert_eq!((found, behind), (numbers.into_iter().map(str::to_owned).collect(), rest), "{folded}");
        }
    }

    #[test]
    fn the_name_behind_a_title_is_left_out() {
        let bare = |title| without_name_behind(title, |name| name == "Low Tide");
        for title in ["Harbour | Low Tide", "Harbour - Low Tide", "Harbour – Low Tide", "Harbour (Low Tide)"]
        {
            assert_eq!(bare(title), "Harbour", "{title}");
        }
        for title in ["Harbour at Low Tide", "Low Tide", "| Low Tide", "Harbour | Low Tide | Bonus"] {
            assert_eq!(bare(title), title);
        }
    }
}
