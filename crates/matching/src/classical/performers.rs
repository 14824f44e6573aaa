//! Who plays a classical work. Of the same movement there are many recordings; the composer's name tells none apart.

use std::sync::LazyLock;

use crate::classical::work::{Work, names_only_works};
use crate::readings::describe::{Reading, Sought};
use crate::readings::names::{Agreement, Name, Names};
use crate::search::collection::File;
use crate::texts::normalise::fold;
use crate::texts::phrases::{Words, contains_phrase};
use crate::versions::album_words::{ORCHESTRAS, SOME_ORCHESTRA};
use crate::weighing::objection::{Against, Objections};

/// What is said of a file that others play.
pub(crate) const OTHERS: &str = "other performers, so another recording";

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
    let one_composer = works.0.shares_composer(works.1);
    if found < Agreement::Part && !one_composer {
        return found;
    }
    if !beside.id && is_conducted_by_another(sought, file, beside) {
        against.raise(Against::Version, "another conductor, so another recording");
    }
    let (wanted, offered) = (sought.names.players(), offered_players(sought, file, reading, beside));
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
                against.raise(Against::Version, OTHERS);
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

/// The players that a file's artist names, or where that is the composer the fields beside it: unless these settle nothing.
fn offered_players(sought: &Sought, file: &File<'_>, reading: &Reading, beside: Beside) -> Names {
    let (own, played) = (reading.own_names().players(), reading.beside());
    let settles =
        || sought.names.players().share_one(&played) || plays_another(sought, file, reading, beside);
    if own.is_empty() && settles() { played } else { own }
}

/// Whether the fields beside a composer name players, and none of those that are wanted. Orchestras have names in many
/// languages: where release and length are the wanted ones, these alone tell nothing.
pub(crate) fn plays_another(sought: &Sought, file: &File<'_>, reading: &Reading, beside: Beside) -> bool {
    let played = reading.beside();
    if played.is_empty() {
        return false;
    }
    let wanted = sought.names.players();
    let are_strangers = !wanted.is_empty() && !wanted.share_one(&played);
    let is_likely = beside.close && beside.same_release;
    are_strangers
        && (!is_likely || wanted.0.iter().any(is_person) && played.0.iter().any(is_person))
        && !are_told(&wanted, &[file.title, file.album_artists, file.album, file.path], beside.close)
}

/// Whether a file has conductors and none of them is wanted, but an ensemble is, and somebody whom its artist and those fields
/// leave out: the wanted conductor. A soloist may be left out on the wanted release.
fn is_conducted_by_another(sought: &Sought, file: &File<'_>, beside: Beside) -> bool {
    if file.players.is_empty() {
        return false;
    }
    let conductors = conductors_of(file);
    if conductors.is_empty() || sought.names.share_one(&conductors) {
        return false;
    }
    let is_anybodys = names_only_works(&sought.album, &sought.title_folded);
    let is_likely = beside.close && beside.same_release && !is_anybodys;
    let wanted = sought.names.players();
    let here = Names::of(file.artists.split('\u{1f}')).and(players_of(file.players));
    let is_left_out = |one: &Name| is_person(one) && !Names(vec![one.clone()]).share_one(&here);
    !is_likely
        && !wanted.0.iter().all(is_person)
        && wanted.0.iter().any(is_left_out)
        && !are_told(&conductors, &[sought.album.printed.as_str()], true)
}

/// Whether two files have conductors, and none in common.
pub(crate) fn have_other_conductors(a: &File<'_>, b: &File<'_>) -> bool {
    if a.players.is_empty() || b.players.is_empty() {
        return false;
    }
    let (ours, theirs) = (conductors_of(a), conductors_of(b));
    !ours.is_empty() && !theirs.is_empty() && !ours.share_one(&theirs)
}

fn conductors_of(file: &File<'_>) -> Names {
    Names::of(file.players.split('\u{1e}').next().unwrap_or_default().split('\u{1f}'))
}

/// Everybody whom [`File::players`] names.
pub(crate) fn players_of(players: &str) -> Names {
    Names::of(players.split(['\u{1e}', '\u{1f}'])).players()
}

/// Words of ensembles' names, beside those of orchestras.
static OF_ENSEMBLES: LazyLock<Words> = LazyLock::new(|| {
    let others = "academy, akademie, baroque, camerata, cappella, chamber, choeur, choir, chor, chorus, collegium, \
        concertgebouw, concertgebouworkest, consort, coro, ensemble, gewandhausorchester, kammerorchester, kapelle, kor, musici, \
        musiciens, opera, players, quartet, quartett, quartetto, quatuor, schola, singers, sinfonia, solisti, soloists, \
        staatskapelle, staatsoper, symphony, trio";
    Words::of(&[ORCHESTRAS, SOME_ORCHESTRA, others].join(","))
});

/// Whether a name is a person's, as far as its words tell.
fn is_person(name: &Name) -> bool {
    !name.folded.split(' ').any(|word| OF_ENSEMBLES.has(word))
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
    let texts = [file.artists, file.album_artists, file.title, file.album, file.path, file.players].map(fold);
    let is_told = |player: &Name| texts.iter().any(|text| contains_phrase(text, &player.folded));
    !players.is_empty() && !players.0.iter().any(is_told)
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
