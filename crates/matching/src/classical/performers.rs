//! Who plays a classical work. Of the same movement there are many recordings; the composer's name tells none apart.

use crate::classical::composers::composer;
use crate::classical::work::{Work, names_only_works};
use crate::readings::describe::{Reading, Sought};
use crate::readings::names::{Agreement, Name, Names};
use crate::search::collection::File;
use crate::texts::normalise::fold;
use crate::texts::phrases::contains_phrase;
use crate::weighing::objection::{Against, Objections};

/// What agrees beside the names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beside {
    /// Playing times within two seconds of each other.
    pub(crate) close: bool,
    /// No playing time is wanted, so that none can agree.
    pub(crate) no_time_wanted: bool,
    pub(crate) same_release: bool,
    /// An ISRC or MusicBrainz id.
    pub(crate) id: bool,
}

/// How the artists agree when composers are not taken for players, and what that forbids. `found` is how they agree
/// when they are.
pub(crate) fn players_agree(
    sought: &Sought,
    (file, reading): (&File<'_>, &Reading),
    works: (&Work, &Work),
    found: Agreement,
    beside: Beside,
    against: &mut Objections,
) -> Agreement {
    let (wanted, offered) = (sought.names.players(), reading.names().players());
    let one_composer = works.0.shares_composer(works.1);
    if found < Agreement::Part && !one_composer {
        return found;
    }
    let sure = beside.id || beside.same_release && (beside.close || beside.no_time_wanted);
    if wanted.is_empty() || offered.is_empty() {
        let both_silent = wanted.is_empty() && offered.is_empty();
        // Every player has made an album called `Chopin: Nocturnes`.
        let by_name_only = !beside.id && !beside.close;
        let is_anybodys = by_name_only && names_only_works(&sought.album, &sought.title_folded);
        let is_told = || {
            are_told(&wanted, &[file.album_artists, file.album, file.path], beside.close)
                || are_told(&offered, &[sought.album.printed.as_str()], beside.close)
        };
        if !(sure && !is_anybodys || both_silent && beside.same_release || is_told()) {
            let says = if both_silent {
                "nobody says who plays, and a work has many recordings"
            } else {
                "only one side says who plays"
            };
            against.raise(Against::ArtistPart, says);
        }
        return found.max(Agreement::Listed);
    }
    match wanted.agreement(&offered, usize::MAX) {
        Agreement::Differs | Agreement::Unknown => {
            if !beside.id {
                against.raise(Against::Version, "other performers, so another recording");
            }
            found.max(Agreement::Near)
        }
        Agreement::Part if !sure => {
            against.raise(Against::ArtistPart, "the performers' names are only similar");
            found.max(Agreement::Near)
        }
        players => found.max(players),
    }
}

/// Whether these texts name the players that an artist's field leaves out: `Symphonien (Wiener Philharmoniker, Carlos Kleiber)`. One
/// of several may have recorded the work with others, too: then the playing time must agree.
fn are_told(players: &Names, texts: &[&str], close: bool) -> bool {
    let texts: Vec<String> = texts.iter().map(|text| fold(text)).collect();
    let holds = |whole: &str, part: &str| whole.len() > part.len() && contains_phrase(whole, part);
    // A credit printed as one text stands beside its parts.
    let is_whole = |one: &Name| players.0.iter().any(|part| holds(&one.folded, &part.folded));
    let is_told = |one: &Name| texts.iter().any(|text| contains_phrase(text, &one.folded));
    let single: Vec<&Name> = players.0.iter().filter(|one| !is_whole(one)).collect();
    let told = single.iter().filter(|one| is_told(one)).count();
    told > 0 && (close || told == single.len())
}

/// Whether players are wanted beside a composer, and a file of his names none of them anywhere. Pieces without number or
/// key, such as `Clair de lune`, are read as no work.
pub(crate) fn leaves_out_who_plays(sought: &Sought, file: &File<'_>, reading: &Reading) -> bool {
    let wanted = &sought.names;
    if wanted.composer().is_none() || reading.names().composer().is_none() {
        return false;
    }
    let players = wanted.players();
    let is_player = |name: &&Name| {
        let mut composers = wanted.0.iter().filter(|one| composer(&one.folded).is_some());
        !composers.any(|composer| is_part_of(name, composer))
    };
    let mut players = players.0.iter().filter(is_player).peekable();
    let texts = [file.artists, file.album_artists, file.title, file.album, file.path].map(fold);
    players.peek().is_some()
        && !players.any(|player| texts.iter().any(|text| contains_phrase(text, &player.folded)))
}

/// `Beethoven, Ludwig van` is one name, though it can be taken for two.
fn is_part_of(part: &Name, whole: &Name) -> bool {
    part.folded.split(' ').all(|word| whole.folded.split(' ').any(|other| other == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn players_are_told_by_other_texts() {
        let told = |players: &str, text: &str, close: bool| {
            are_told(&Names::of(std::iter::once(players)).players(), &[text], close)
        };
        let both = "Ludwig van Beethoven, Oda Brenn, Fenmoor Philharmonic";
        assert!(told(both, "Symphonien Nos. 5 & 7 (Fenmoor Philharmonic, Oda Brenn)", false));
        assert!(told(both, "Beethoven: Symphonies (Fenmoor Philharmonic)", true));
        assert!(!told(both, "Beethoven: Symphonies (Fenmoor Philharmonic, Ben Otter)", false));
        assert!(!told(both, "Beethoven: Symphonies", true));
        assert!(!told("Ludwig van Beethoven", "Beethoven: Symphonies", true));
    }
}
