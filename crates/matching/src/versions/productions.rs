//! Which production of a musical or film an album is of: `Rent (Original Broadway Cast Recording)`, `Rent (Original Motion
//! Picture Soundtrack)`. Each sang the songs anew, under the same names and by the same composer.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::texts::normalise::{fold, squash};
use crate::texts::phrases::{Words, contains_phrase};
use crate::versions::album_pieces::{is_of_an_edition, is_year};
use crate::versions::album_words::{
    CASTS, FILMS, GAMES, LATER_PRODUCTIONS, OF_ANY_PRODUCTION, PRODUCTIONS_IN_NAMES, SERIES, SOUNDTRACKS,
};

static ON_STAGE: LazyLock<Words> = LazyLock::new(|| Words::of(CASTS));
static AS_FILM: LazyLock<Words> = LazyLock::new(|| Words::of(FILMS));
static AS_SERIES: LazyLock<Words> = LazyLock::new(|| Words::of(SERIES));
static AS_GAME: LazyLock<Words> = LazyLock::new(|| Words::of(GAMES));
static OF_SOUND: LazyLock<Words> = LazyLock::new(|| Words::of(SOUNDTRACKS));
static LATER: LazyLock<Words> = LazyLock::new(|| Words::of(LATER_PRODUCTIONS));
static ANY: LazyLock<Words> = LazyLock::new(|| Words::of(OF_ANY_PRODUCTION));
static IN_NAMES: LazyLock<Words> = LazyLock::new(|| Words::of(PRODUCTIONS_IN_NAMES));

/// Names of one place or recording, and the words that they are read as.
const SPELT: [(&str, &str); 8] = [
    ("off off broadway", "offoffbroadway"),
    ("off broadway", "offbroadway"),
    ("west end", "london"),
    ("motion picture", "film"),
    ("obcr", "original broadway cast"),
    ("obc", "original broadway cast"),
    ("olcr", "original london cast"),
    ("olc", "original london cast"),
];

/// The same, but only beside a word of the stage: `Live in New York` was sung on none of Broadway.
const SPELT_OF_STAGES: (&str, &str) = ("new york", "broadway");

/// Such words, which say nothing alone.
const OF_A_STAGE: [&str; 8] =
    ["revival", "production", "stage", "theatre", "theater", "premiere", "musical", "original"];

/// What a concert says that was given in such a place: `Live at the Beacon Theatre, New York`.
const OF_A_CONCERT: [&str; 3] = ["live in", "live at", "live from"];

/// Where a production was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    Stage,
    Film,
    Series,
    Game,
    /// A soundtrack, and it is not said of what.
    Screen,
}

/// What an album's name says of its production.
#[derive(Debug)]
pub(crate) struct Production {
    /// What the show or film is called, without spaces.
    name: String,
    at: Where,
    is_first: bool,
    is_later: bool,
    years: BTreeSet<String>,
    /// What else tells one cast from another: `london`, `touring`.
    others: BTreeSet<String>,
}

impl Production {
    /// What an album's name says; `None` where it names no production.
    pub(crate) fn of(album: &str) -> Option<Self> {
        // Few albums do, and this is asked of every file that comes near.
        let folded = spelt(&fold(album));
        let says = |words: &Words| folded.split(' ').any(|word| words.has(word));
        let may_be_stage = says(&ON_STAGE) || contains_phrase(&folded, SPELT_OF_STAGES.0);
        if !may_be_stage && !says(&OF_SOUND) && !says(&AS_FILM) && !says(&AS_SERIES) && !says(&AS_GAME) {
            return None;
        }
        let (name, pieces) = taken_apart(album);
        let (at, piece) = pieces.iter().find_map(|piece| Some((place(piece)?, piece)))?;
        let words: BTreeSet<&str> = piece.split(' ').collect();
        let is_edition = words.iter().any(|word| is_of_an_edition(word));
        // `Soundtrack 1994` is mostly when that was printed.
        let ends = piece.rsplit(' ').next().filter(|_| at != Where::Stage);
        let is_its_year = |word: &&&str| is_year(word) && !is_edition && ends != Some(**word);
        let years: BTreeSet<String> =
            words.iter().filter(is_its_year).map(|word| (*word).to_owned()).collect();
        let is_first = ["original", "originals", "premiere"].iter().any(|word| words.contains(word));
        let is_later = !is_first && (!years.is_empty() || words.iter().any(|word| LATER.has(word)));
        let is_other = |word: &&&str| {
            let is_number = word.bytes().all(|b| b.is_ascii_digit());
            let is_known = ANY.has(word) || is_of_an_edition(word) || LATER.has(word) || is_kind(word);
            word.len() > 1 && !is_number && !is_known && !contains_phrase(&name, word)
        };
        let others = words.iter().filter(is_other).map(|word| (*word).to_owned()).collect();
        let name = squash(name.strip_prefix("the ").unwrap_or(&name));
        Some(Self { name, at, is_first, is_later, years, others })
    }

    /// Whether both are of one show or film, and not the same.
    pub(crate) fn is_other_than(&self, other: &Self) -> bool {
        self.name == other.name && self.contradicts(other)
    }

    fn contradicts(&self, other: &Self) -> bool {
        let years_differ =
            !self.years.is_empty() && !other.years.is_empty() && self.years.is_disjoint(&other.years);
        let is_one_kind = self.at == other.at
            || self.at != Where::Stage
                && other.at != Where::Stage
                && (self.at == Where::Screen || other.at == Where::Screen);
        if !is_one_kind || years_differ {
            return true;
        }
        if self.at != Where::Stage {
            // `Original 2019 Motion Picture Soundtrack`: the year is told because there is another film of that name.
            return self.years.is_empty() != other.years.is_empty();
        }
        let each_names_its_own =
            !self.others.is_subset(&other.others) && !other.others.is_subset(&self.others);
        each_names_its_own || self.is_first && other.is_later || self.is_later && other.is_first
    }
}

/// The name of the show, folded, and what follows it in pieces, folded and spelt alike.
fn taken_apart(album: &str) -> (String, Vec<String>) {
    const SIGNS: [char; 7] = ['(', ')', '[', ']', '{', '}', ':'];
    let dashed = [" - ", " – ", " — "].iter().fold(album.to_owned(), |text, dash| text.replace(dash, ":"));
    let mut pieces = dashed.split(SIGNS).map(|piece| spelt(&fold(piece))).filter(|piece| !piece.is_empty());
    let first = pieces.next().unwrap_or_default();
    let mut behind: Vec<String> = pieces.collect();
    // `Mamma Mia! The Movie Soundtrack`, `Cats Original London Cast`: no sign parts them.
    let begins = first.match_indices(' ').map(|(at, _)| at).find(|at| {
        let rest = first.get(at + 1..).unwrap_or_default();
        IN_NAMES.iter().any(|phrase| {
            rest.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
    });
    match begins.and_then(|at| first.split_at_checked(at)) {
        Some((name, rest)) => {
            behind.insert(0, rest.trim().to_owned());
            (name.to_owned(), behind)
        }
        None => (first, behind),
    }
}

/// With places and abbreviations in one spelling.
fn spelt(folded: &str) -> String {
    let mut text = format!(" {folded} ");
    let of_stages = is_of_a_stage(folded).then_some(SPELT_OF_STAGES);
    for (name, word) in SPELT.into_iter().chain(of_stages) {
        let name = format!(" {name} ");
        if text.contains(&name) {
            text = text.replace(&name, &format!(" {word} "));
        }
    }
    text.trim().to_owned()
}

/// Whether a place beside these words is that of a stage.
fn is_of_a_stage(folded: &str) -> bool {
    let mut words = folded.split(' ');
    let is_concert = || OF_A_CONCERT.iter().any(|phrase| contains_phrase(folded, phrase));
    contains_phrase(folded, "cast") || words.any(|word| OF_A_STAGE.contains(&word)) && !is_concert()
}

/// Whether a piece names a production, and where it was.
fn place(piece: &str) -> Option<Where> {
    let says = |words: &Words| piece.split(' ').any(|word| words.has(word));
    let (cast, sound) = (says(&ON_STAGE), says(&OF_SOUND));
    let of_sound = [(&*AS_FILM, Where::Film), (&*AS_SERIES, Where::Series), (&*AS_GAME, Where::Game)];
    let named = of_sound.into_iter().find(|(words, _)| says(words)).map(|(_, at)| at);
    match named {
        Some(at) if cast || sound || says_music(piece) => Some(at),
        _ if cast => Some(Where::Stage),
        _ if sound => Some(Where::Screen),
        _ => None,
    }
}

/// `Music from the Film`, `Songs from the Series`: a film alone in a name may be anything.
fn says_music(piece: &str) -> bool {
    ["music from", "music of", "songs from", "music inspired", "from the film"]
        .iter()
        .any(|phrase| contains_phrase(piece, phrase))
}

fn is_kind(word: &str) -> bool {
    // Places are among the words of the stage.
    let is_cast = word == "cast" || word == "casts";
    is_cast || [&*AS_FILM, &*AS_SERIES, &*AS_GAME, &*OF_SOUND].iter().any(|words| words.has(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn are_others(one: &str, other: &str) -> bool {
        let (one, other) = (Production::of(one), Production::of(other));
        let Some((one, other)) = one.as_ref().zip(other.as_ref()) else { return false };
        assert_eq!(one.is_other_than(other), other.is_other_than(one), "{one:?} / {other:?}");
        one.is_other_than(other)
    }

    #[test]
    fn another_cast_or_film_is_another_production() {
        for (one, other) in [
            (
                "Low Water (Original Broadway Cast Recording)",
                "Low Water (Original Motion Picture Soundtrack)",
            ),
            (
                "Low Water (Original Broadway Cast)",
                "Low Water: Highlights From The Motion Picture Soundtrack",
            ),
            (
                "Low Water (Original London Cast Recording)",
                "Low Water (The Complete Motion Picture Music Soundtrack)",
            ),
            ("Low Water (Original Broadway Cast Recording)", "Low Water (2022 Broadway Cast Recording)"),
            ("Low Water (Original London Cast Recording)", "Low Water (Original Broadway Cast Recording)"),
            ("Low Water (Original Off-Broadway Cast)", "Low Water (The New Broadway Cast Recording)"),
            ("Low Water (Original Motion Picture Soundtrack)", "Low Water (Original 1986 London Cast)"),
            (
                "Low Water (Original Motion Picture Soundtrack)",
                "Low Water (Original 2019 Motion Picture Soundtrack)",
            ),
            ("Low Water! (Original Cast Recording)", "Low Water! The Movie Soundtrack"),
            ("Low Water - Original Cast", "Low Water (Soundtrack)"),
            ("Low Water [OLC]", "Low Water [OBC]"),
            ("Low Water (Original Game Soundtrack)", "Low Water (Music from the Netflix Series)"),
            ("Low Water (1998 Revival Cast)", "Low Water (2014 Revival Cast)"),
            ("Low Water (Original Broadway Cast Recording)", "Low Water (New York Revival)"),
            ("Low Water (New York Stage Recording)", "Low Water (London Cast Recording)"),
            ("Low Water (Original New York Production)", "Low Water (Original London Cast)"),
            ("Low Water: New York Premiere", "Low Water (Original Motion Picture Soundtrack)"),
            ("Low Water (Live) [New York Revival]", "Low Water (Original Broadway Cast Recording)"),
        ] {
            assert!(are_others(one, other), "{one} / {other}");
        }
    }

    #[test]
    fn one_production_has_many_names_and_editions() {
        let film = "Low Water (Original Motion Picture Soundtrack)";
        for other in [
            "Low Water (Original Soundtrack)",
            "Low Water (Music from the Motion Picture)",
            "Low Water [Music From And Inspired By The Motion Picture]",
            "Low Water (Original Motion Picture Soundtrack) [Deluxe]",
            "Low Water (Original Motion Picture Soundtrack / Deluxe Edition)",
            "Low Water (Original Motion Picture Soundtrack - 2019 Remaster)",
            "Low Water (Original Motion Picture Soundtrack) [2019 Remastered]",
            "Low Water OST",
            "Low Water",
            "Low Water (Deluxe)",
            "Neap Tide (Original Broadway Cast)",
        ] {
            assert!(!are_others(film, other), "{other}");
        }
        let cast = "Low Water (Original Broadway Cast Recording)";
        for other in [
            "Low Water (Original Broadway Cast Recording) [Deluxe Edition]",
            "Low Water: Original New York Cast",
            "Low Water (Original Cast Recording)",
            "Low Water (Broadway Cast Recording)",
            "Low Water (Original 1986 Broadway Cast)",
            "Low Water (Original Broadway Cast Recording - 2009 Remaster)",
            "Low Water: A New Musical (Original Broadway Cast Recording)",
        ] {
            assert!(!are_others(cast, other), "{other}");
        }
        assert!(!are_others("Cast Away", "Cast Away (Original Motion Picture Soundtrack)"));
        assert!(!are_others(cast, "Low Water (Original New York Stage Production)"));
        for in_york in [
            "Low Water (Live in New York City)",
            "Low Water (Live at the Fenmoor Theatre, New York)",
            "Low Water: New York Sessions",
            "New York, New York (Original Mix)",
            "New York",
        ] {
            assert!(Production::of(in_york).is_none(), "{in_york} is no cast's");
        }
        assert!(!are_others("Low Water (Film Version)", "Low Water (Original Cast)"), "nothing says music");
    }
}
