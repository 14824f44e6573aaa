//! What an album's or a folder's name claims of all its tracks.
//!
//! Many live recordings say so nowhere but in the album's name, in many ways: `Live at …`, `Unplugged`, a date, a hall.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::readings::title::Title;
use crate::texts::normalise::{fold, with_at_spelt};
use crate::texts::numerals::MONTHS;
use crate::texts::phrases::{Phrases, Words};
use crate::versions::album_pieces::{is_with_orchestra, is_year, made_anew};
use crate::versions::album_words::{
    ALBUM_ALONE, ALBUM_ANYWHERE, ALBUM_BEFORE_EDITION, ALBUM_EDGE, ALBUM_IN_BRACKETS, ALBUM_LAST,
    ALBUM_SET_OFF, BEFORE_PLACES, BEFORE_VERB_LIVE_IN, BEFORE_VERB_LIVE_IN_ALBUMS, BOOTLEG, EDITION_WORDS,
    FAMOUS_PLACES, LIVE_BY_FAME, NO_LANGUAGES_OF_ALBUMS, NO_VERSIONS, PLACES, SYMPHONIC_WORKS,
};
use crate::versions::languages::{IN_A_LANGUAGE, LANGUAGES};
use crate::versions::table::{Claim, Kind, Verdict, rule};
use crate::versions::words::BEFORE_VERB_LIVE;

static ANYWHERE: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_ANYWHERE));
static ALONE: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_ALONE));
static SET_OFF: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_SET_OFF));
static IN_BRACKETS: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_IN_BRACKETS));
static LAST: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_LAST));
static EDGE: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_EDGE));
static BEFORE_EDITION: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_BEFORE_EDITION));
static EDITION: LazyLock<Words> = LazyLock::new(|| Words::of(EDITION_WORDS));
static BEFORE_VERB: LazyLock<Words> = LazyLock::new(|| Words::of(BEFORE_VERB_LIVE));
static BEFORE_VERB_TOO: LazyLock<Words> = LazyLock::new(|| Words::of(BEFORE_VERB_LIVE_IN_ALBUMS));
static BEFORE_VERB_IN: LazyLock<Words> = LazyLock::new(|| Words::of(BEFORE_VERB_LIVE_IN));
static BEFORE_PLACE: LazyLock<Words> = LazyLock::new(|| Words::of(BEFORE_PLACES));
static HALLS: LazyLock<Words> = LazyLock::new(|| Words::of(PLACES));
static FAMOUS: LazyLock<Phrases<()>> = LazyLock::new(|| Phrases::of(&[((), FAMOUS_PLACES)]));
static WORKS_CALLED_SYMPHONIC: LazyLock<Words> = LazyLock::new(|| Words::of(SYMPHONIC_WORKS));
static BY_FAME: LazyLock<Words> = LazyLock::new(|| Words::of(LIVE_BY_FAME));
static SPOKEN: LazyLock<Phrases<&str>> = LazyLock::new(|| Phrases::of(LANGUAGES));
static SUNG_IN: LazyLock<Words> = LazyLock::new(|| Words::of(IN_A_LANGUAGE));
static NOT_SUNG_IN: LazyLock<Words> = LazyLock::new(|| Words::of(NO_LANGUAGES_OF_ALBUMS));
static TAPED: LazyLock<Words> = LazyLock::new(|| Words::of(BOOTLEG));

/// What an album's name claims for all its tracks, and whether it does so plainly (`Live at …`) or only perhaps
/// (`Alive: Red Rocks`).
pub(crate) fn claims_of_album(album: &str) -> Vec<(Claim, bool)> {
    let mut claims = claims_of(album, false);
    // There are albums called `Mono`; a folder tells the mix by it.
    if album.split(['(', '[']).next().is_some_and(|name| fold(name) == "mono") {
        claims.retain(|(claim, _)| claim.kind != Kind::Mono);
    }
    claims
}

/// The same of a folder of an album whose tags name it.
pub(crate) fn claims_of_folder_within(folder: &str) -> Vec<(Claim, bool)> {
    claims_of(folder, false)
}

/// The same of a folder. Where one word is all of its name it may be no album's but a shelf's: `Acoustic`.
pub(crate) fn claims_of_folder(folder: &str) -> Vec<(Claim, bool)> {
    claims_of(folder, true)
}

/// Whether an album's name plainly says of its tracks that they are another version than the title and album of what is
/// wanted say: `Live 1999`, where `Ebb` of `Low Water` is wanted.
pub fn album_tells_another_version(title: &str, album: Option<&str>, other_album: &str) -> bool {
    let mut wanted: Vec<Kind> = Title::parse(title).claims.iter().map(|claim| claim.kind).collect();
    wanted.extend(claims_of_album(album.unwrap_or_default()).iter().map(|(claim, _)| claim.kind));
    claims_of_album(other_album).iter().any(|(claim, plain)| {
        *plain && rule(claim.kind).extra == Verdict::Reject && !wanted.contains(&claim.kind)
    })
}

fn claims_of(album: &str, is_folder: bool) -> Vec<(Claim, bool)> {
    let album = with_at_spelt(album);
    let album = without_other_words(&album);
    let album: &str = &album;
    let folded = fold(album);
    let mut found: Vec<(Claim, bool)> = Vec::new();
    let mut add = |kind: Kind, plain: bool| match found.iter_mut().find(|(claim, _)| claim.kind == kind) {
        Some((_, known)) => *known |= plain,
        None => found.push((Claim { kind, particulars: Vec::new() }, plain)),
    };
    for (phrase, kind) in ANYWHERE.found_in(&folded) {
        if !is_verb_everywhere(phrase, &folded) && !begins_another_name(phrase, &folded) {
            add(kind, true);
        }
    }
    let pieces = set_off(album);
    for (kind, plain) in pieces.iter().flat_map(|piece| claims_of_piece(piece, is_folder)) {
        add(kind, plain);
    }
    let brackets: Vec<String> =
        pieces.iter().filter(|piece| piece.in_brackets).map(|piece| fold(piece.text)).collect();
    if let Some(plain) = is_with_orchestra(&folded, &brackets, is_of_edition) {
        add(Kind::Named, plain);
    }
    let performs =
        ["performs ", "plays ", "tribute ", "salute to "].iter().any(|start| folded.starts_with(start));
    if performs {
        add(Kind::Cover, false);
    }
    let is_famous = || album.split(['(', '[']).next().is_some_and(|name| BY_FAME.has(&fold(name)));
    if ["alive ", "an evening with ", "evening with "].iter().any(|start| folded.starts_with(start))
        || is_famous()
    {
        add(Kind::Live, false);
    }
    if pieces.iter().any(|piece| is_in_a_language(&fold(piece.text))) {
        add(Kind::Language, true);
    }
    if is_symphonic(&folded) {
        add(Kind::Named, false);
    }
    if let Some(plain) = concert(album, &folded) {
        add(Kind::Live, plain);
    }
    found
}

/// The name without words of another meaning that hold one of a version: `ドライブ` (drive) holds `ライブ` (live). In `バンドライブ`
/// (band, live) it is no word.
fn without_other_words(album: &str) -> Cow<'_, str> {
    let is_joined = |c: char| matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}' | '\u{ac00}'..='\u{d7af}');
    let mut text = Cow::Borrowed(album);
    for word in NO_VERSIONS {
        let begins = |at: &usize| !text.get(..*at).unwrap_or_default().ends_with(is_joined);
        let found = text.match_indices(word).map(|(at, _)| at).find(begins);
        if let Some(at) = found {
            text.to_mut().replace_range(at..at + word.len(), " ");
        }
    }
    text
}

/// Whether a phrase such as `live in` has the verb wherever it stands: nothing follows that says where (`The World We Live
/// In`), or somebody lives there (`We Live in Houses`).
fn is_verb_everywhere(phrase: &str, folded: &str) -> bool {
    const PLACED: [&str; 8] = ["at", "in", "from", "on", "with", "i", "im", "aus"];
    let is_placed = phrase.strip_prefix("live ").is_some_and(|rest| PLACED.contains(&rest));
    let is_verb = |at: usize| {
        let (before, behind) = folded.split_at_checked(at).unwrap_or_default();
        let before = before.split(' ').rev().find(|word| !word.is_empty());
        behind.trim() == phrase || before.is_some_and(|word| BEFORE_VERB_IN.has(word))
    };
    is_placed && folded.match_indices(phrase).all(|(at, _)| is_verb(at))
}

/// Whether a name begins with the word as with any other: `Remixed Emotions`, not `Remixed by Lisk` or `Remixed Vol. 2`.
fn begins_another_name(phrase: &str, folded: &str) -> bool {
    let mut words = folded.split(' ');
    let begins = matches!(phrase, "remixed" | "reworked" | "slowed") && words.next() == Some(phrase);
    let next = words.next().filter(|_| begins);
    let is_said = |next: &str| matches!(next, "by" | "with" | "for" | "from" | "down") || is_of_edition(next);
    next.is_some_and(|next| !is_said(next)) && !words.any(|word| word == phrase)
}

/// What one piece of a name claims, and whether plainly.
fn claims_of_piece(piece: &Piece<'_>, is_folder: bool) -> Vec<(Kind, bool)> {
    let words = fold(piece.text);
    let is_behind = piece.at > 0;
    let wholly = |table: &Phrases<Kind>| -> Vec<Kind> {
        let found = table.found_in(&words).into_iter().filter(|(phrase, _)| *phrase == words);
        found.map(|(_, kind)| kind).collect()
    };
    let mut found = Vec::new();
    for kind in wholly(&ALONE) {
        // An album called `Clean` is one; `Ember (Clean)` says something.
        if is_behind || kind != Kind::Clean {
            found.push((kind, words == "live" && kind == Kind::Live));
        }
    }
    found.extend(wholly(&SET_OFF).into_iter().map(|kind| (kind, is_behind)));
    if piece.in_brackets {
        found.extend(wholly(&IN_BRACKETS).into_iter().map(|kind| (kind, true)));
    }
    for (kind, plain) in at_the_edge(&words) {
        let is_shelf = is_folder && !is_behind && kind != Kind::Live && !words.contains(' ');
        found.push((kind, plain && !is_shelf));
    }
    if is_behind && let Some(kind) = made_anew(piece.text, &words) {
        found.push((kind, true));
    }
    found
}

/// A piece of a name that signs set off.
struct Piece<'a> {
    /// Its place among the pieces; the first is mostly the name itself.
    at: usize,
    in_brackets: bool,
    text: &'a str,
}

/// The pieces of a name that signs set off: the first, the last, and what stands in brackets.
fn set_off(album: &str) -> Vec<Piece<'_>> {
    const SIGNS: [char; 12] = [':', '(', ')', '[', ']', '-', '–', '—', ',', '/', '!', '_'];
    let mut pieces: Vec<(Option<char>, &str)> = Vec::new();
    let (mut sign, mut rest) = (None, album);
    while let Some((piece, behind)) = rest.find(SIGNS).and_then(|at| rest.split_at_checked(at)) {
        pieces.push((sign, piece));
        let mut signs = behind.chars();
        sign = signs.next();
        rest = signs.as_str();
    }
    pieces.push((sign, rest));
    pieces.retain(|(_, piece)| !fold(piece).is_empty());
    let last = pieces.len().saturating_sub(1);
    let pieces = pieces.into_iter().enumerate().map(|(at, (sign, text))| Piece {
        at,
        in_brackets: matches!(sign, Some('(' | '[')),
        text,
    });
    pieces.filter(|piece| piece.at == 0 || piece.at == last || piece.in_brackets).collect()
}

/// What words claim that nothing but words of an edition follow, and whether plainly: `Greatest Hits Live 2010`,
/// `Demo EP`, `Low Water Acoustic`, `Concert in Oslo`.
fn at_the_edge(piece: &str) -> Vec<(Kind, bool)> {
    let words: Vec<&str> = piece.split(' ').collect();
    let mut found = Vec::new();
    if let [_, .., last] = words.as_slice() {
        found.extend(LAST.found_in(last).into_iter().map(|(_, kind)| (kind, false)));
    }
    for (at, word) in words.iter().enumerate() {
        let behind = words.get(at + 1..).unwrap_or_default();
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied();
        let before_edition = !behind.is_empty()
            && (behind.first().is_some_and(|next| is_year(next)) || behind.iter().all(|w| is_of_edition(w)));
        let (alone, ends) = (words.len() == 1, behind.is_empty());
        for (_, kind) in EDGE.found_in(word) {
            let is_verb = *word == "live"
                && before.is_some_and(|before| BEFORE_VERB.has(before) || BEFORE_VERB_TOO.has(before));
            // `The Best of Live`: there is a band of that name.
            let may_be_a_name = *word == "live" && ends && before == Some("of");
            if (before_edition || ends) && !is_verb {
                found.push((kind, !may_be_a_name));
            }
        }
        for (_, kind) in BEFORE_EDITION.found_in(word) {
            if before_edition || ends || (kind == Kind::Live && names_a_place(behind)) {
                found.push((kind, alone || !ends));
            }
        }
    }
    found
}

/// `in Oslo`, `at the Barn`; `in A minor` is a key.
fn names_a_place(words: &[&str]) -> bool {
    matches!(words, [before, place, ..] if BEFORE_PLACE.has(before) && (place.len() > 1 || !place.is_ascii()))
}

fn is_of_edition(word: &str) -> bool {
    EDITION.has(word) || word.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a piece of a name ends in what it is sung in: `En Español`, `Sings in German`, `Japanese Versions`. A `Japanese Edition` is
/// for that market.
fn is_in_a_language(piece: &str) -> bool {
    let is_language = |word: &str| {
        !NOT_SUNG_IN.has(word) && SPOKEN.found_in(word).into_iter().any(|(phrase, _)| phrase == word)
    };
    let mut words = piece.rsplit(' ');
    match (words.next(), words.next()) {
        (Some("versions" | "versiones" | "versionen"), Some(language)) => is_language(language),
        (Some(language), Some(before)) => SUNG_IN.has(before) && is_language(language),
        _ => false,
    }
}

/// `Symphonic Mara Quill`; `Symphonic Dances` are a work.
fn is_symphonic(folded: &str) -> bool {
    let next = folded.strip_prefix("symphonic ").and_then(|rest| rest.split(' ').next());
    next.is_some_and(|next| !WORKS_CALLED_SYMPHONIC.has(next))
}

/// `Glastonbury 2003`, `Wembley '86`.
fn is_at_a_famous_place(folded: &str) -> bool {
    let is_year_behind = |place: &str| {
        let behind = folded.match_indices(place).filter_map(|(at, _)| folded.get(at + place.len()..));
        let mut next = behind.filter_map(|rest| rest.strip_prefix(' ')?.split(' ').next());
        next.any(|word| is_year(word) || word.len() == 2 && word.parse::<u8>().is_ok_and(|year| year >= 50))
    };
    FAMOUS.found_in(folded).into_iter().any(|(place, ())| is_year_behind(place))
}

/// Whether the name is that of a concert: a day, or a hall after `at`; `Some(true)` where that is certain.
fn concert(album: &str, folded: &str) -> Option<bool> {
    let words: Vec<&str> = folded.split(' ').collect();
    if is_at_a_famous_place(folded) {
        return Some(true);
    }
    let taped = words.iter().any(|word| TAPED.has(word));
    if names_a_day(album, &words) {
        return Some(taped || words.iter().any(|word| HALLS.has(word)));
    }
    let place = words.iter().position(|word| matches!(*word, "at" | "from" | "en" | "im" | "au" | "al"));
    let hall = place.is_some_and(|at| words.iter().skip(at + 1).any(|word| HALLS.has(word)));
    // `A Night at the Opera` is a studio album; a hall alone never settles it.
    hall.then_some(false)
}

/// `1973-06-09`, `09.06.1973`, `June 9, 1973`.
fn names_a_day(album: &str, words: &[&str]) -> bool {
    let number = |text: &str| text.parse::<u16>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    let year = |text: &str| text.len() == 4 && number(text).is_some_and(|n| (1900..2100).contains(&n));
    let small =
        |text: &str, most: u16| text.len() <= 2 && number(text).is_some_and(|n| (1..=most).contains(&n));
    let dated = album.split([' ', '_', '(', ')', '[', ']', ',']).any(|word| {
        let parts: Vec<&str> = word.split(['-', '.', '/']).collect();
        match parts.as_slice() {
            [y, m, d] if year(y) => small(m, 12) && small(d, 31),
            [a, b, y] if year(y) => small(a, 31) && small(b, 31) && (small(a, 12) || small(b, 12)),
            _ => false,
        }
    });
    let month = |text: &str| text.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(text));
    let day = |text: &str| small(text.trim_end_matches(|c: char| c.is_ascii_alphabetic()), 31);
    dated
        || words
            .windows(3)
            .any(|three| matches!(three, [a, b, y] if year(y) && (month(a) && day(b) || day(a) && month(b))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(album: &str) -> Vec<(Kind, bool)> {
        claims_of_album(album).into_iter().map(|(c, plain)| (c.kind, plain)).collect()
    }

    #[test]
    fn album_names_speak_for_their_tracks() {
        for sure in [
            "Live at Red Barn",
            "In Concert - the Harbour",
            "Cinders Unplugged",
            "KEXP Session",
            "Ember: BBC Sessions",
            "Tiny Desk Concert",
            "En vivo en Fenmoor",
            "Концерт в Фенмуре",
            "演唱會 2004",
            "2004-05-12 Fenmoor FM",
            "12.05.2004 Red Hall",
            "Ember (Live)",
            "Fenmoor, June 9, 1973 SBD",
            "Canlı",
            "The Who Live in Oslo",
            "The World We Live In and Live in Oslo",
            "バンドライブ",
        ] {
            assert_eq!(kinds(sure), [(Kind::Live, true)], "{sure}");
        }
        for perhaps in [
            "Alive: Red Barn",
            "1973-06-09 Fenmoor",
            "A Night at the Opera",
            "From the Fenmoor Ballroom",
            "Babylon by Bus",
        ] {
            assert_eq!(kinds(perhaps), [(Kind::Live, false)], "{perhaps}");
        }
        for other in
            ["Livestock", "1999", "The Concertina Book", "Hall of Lanterns", "Clean", "Alive", "2004-05"]
        {
            assert!(kinds(other).iter().all(|(_, plain)| !plain), "{other}: {:?}", kinds(other));
        }
        assert_eq!(kinds("Clean"), []);
        assert_eq!(kinds("The Köln Concert"), [(Kind::Live, false)]);
        assert_eq!(kinds("The Best of Live"), [(Kind::Live, false)]);
        assert_eq!(kinds("Tales Without Covers"), [(Kind::Cover, false)]);
        assert_eq!(kinds("Ember (Clean)"), [(Kind::Clean, false)]);
        assert_eq!(kinds("Under the Covers, Vol. 2"), [(Kind::Cover, true)]);
        assert_eq!(kinds("Cinders Remixed"), [(Kind::Remix, true)]);
    }

    #[test]
    fn words_of_an_edition_behind_a_version_leave_it_one() {
        let claims = [
            (
                Kind::Live,
                "Live EP | The Live EP | Live 1999 | Live '99 | Live 1999 Oslo | Live Vol. 1 | Live & Acoustic | \
                Live Anthology | Live Rarities | The Live Collection | Greatest Hits Live 2010 | Greatest Hits Live | \
                Live II | Live, Vol. 2 | Low Water: Live Film Soundtrack | Low Water (Live) [Remastered] | Live | +Live+ | \
                Concert in Oslo | Concert 2004 | Concerts 2004 | Konzert in Hamburg | Gig at the Barn | Bootleg | \
                The Oslo Bootleg | Soundcheck | LIVE! | Livealbum | Live @ Oslo | Live@Oslo | Low Water (Live @ Oslo) | \
                Low Water - Live@Oslo | Concert @ the Barn | Low Water Live Off the Floor | Live to Air | Session EP | \
                Studio Session 2012",
            ),
            (
                Kind::Acapella,
                "A Cappella | Acapella | Low Water (Acapellas) | A-Cappella Collection | Акапелла | アカペラ | 아카펠라",
            ),
            (
                Kind::ReRecording,
                "Low Water (Mara's Version) | Low Water (Mara’s Version) [Deluxe] | New Recordings | \
                Low Water (New Recording 2019) | Low Water (New Version) | Low Water (2021 Version) | \
                Low Water (2021 Version) [Deluxe] | Low Water - 2021 Version | Low Water (Versión 2021)",
            ),
            (
                Kind::Demo,
                "Low Water Demo | Demo EP | Demo | Low Water (Demo) | Alternate Versions | \
                Low Water (Alternate Versions) | Versões Alternativas | Maquetas 1998 | Home Recordings | \
                Rough Cuts | Rough Mixes | Work Tapes | Low Water: The Work Tapes | Low Water (Rough Mix) | \
                Low Water [Rough Cut]",
            ),
            (
                Kind::Acoustic,
                "Acoustic | Low Water Acoustic | Acoustic 2004 | Acústico | Akustik Vol. 2 | Acoustique | \
                Low Water (Piano Versions) | Low Water (Stripped) | Low Water (Acoustic Guitar) | \
                The Naked Sessions | Low Water (Piano & Voice)",
            ),
            (
                Kind::Named,
                "Low Water Reimagined | Re-Imagined | Low Water (Orchestral Versions) | The Orchestral Album | \
                Low Water (Lofi Version) | Low Water (Symphonic) | Low Water (Orchestral) | \
                Low Water with the Oslo Philharmonic | Mara Quill with the Royal Philharmonic Orchestra | \
                Low Water (feat. the Oslo Symphony Orchestra)",
            ),
            (Kind::Karaoke, "Low Water (Playback)"),
            (Kind::Speed, "8D Audio | Low Water (Sped Up)"),
            (Kind::Cover, "Covers | Covers 2 | The Covers EP"),
            (Kind::Instrumental, "Instrumental | Low Water (Instrumental Edition)"),
            (
                Kind::Remix,
                "Remix EP | Ember (Tarn Bell Remix) | Low Water Remix | Remixed by Lisk | Remixed & Revisited | \
                Low Water (2017 Mix) | Low Water (2017 Stereo Mix)",
            ),
            (Kind::Extended, "Club Mixes | The Extended Mixes"),
            (Kind::Edit, "Radio Edits"),
        ];
        for (kind, albums) in claims {
            for album in albums.split('|').map(str::trim) {
                assert!(kinds(album).contains(&(kind, true)), "{album}: {:?}", kinds(album));
            }
        }
    }

    #[test]
    fn verbs_and_words_in_other_words_claim_nothing_of_an_album() {
        for plain in [
            "Live Through This",
            "Live Forever",
            "Live and Let Die",
            "Live Free or Die",
            "Live Your Life",
            "Live Wire",
            "Long Live",
            "Long Live Vol. 2",
            "Born to Live",
            "The Way We Live",
            "How We Live 2",
            "Let It Live",
            "Demolition",
            "Demon Days",
            "Concertos",
            "Concerto in D Minor",
            "Konzert in A-Moll",
            "Cover Story",
            "Alternate Routes",
            "Acoustics",
            "The Mix",
            "Greatest Hits",
            "The Very Best Of (Disc 2)",
            "Low Water (Deluxe Edition)",
            "Low Water (Bonus Track Version)",
            "Low Water (2011 Remaster)",
            "Low Water - Single",
            "Barney's Version",
            "Gigantic",
            "Capella",
            "Piano Concertos",
            "Symphonic Poem",
            "Symphonic Poems (Complete)",
            "Symphonic Dances",
            "Piano Sonatas",
            "Orchestral Works",
            "The Complete Orchestral Music",
            "Works for Voice and Piano",
            "Stripped Down to the Bone",
            "Acoustic Guitars in the Rain",
            "Play Back the Tapes",
            "New Recorder Music",
            "C@T",
            "@maraquill",
        ] {
            assert_eq!(kinds(plain), [], "{plain}");
        }
    }

    #[test]
    fn names_with_words_of_takes_orchestras_and_years_claim_nothing() {
        for plain in [
            "Rough Mix",
            "Rough Cut Stones",
            "Working Class Tapes",
            "The Basement Tapes",
            "Remixed Emotions",
            "Concerto for Group and Orchestra",
            "Symphonica",
            "Symphonicities",
            "The Manchester Orchestra",
            "Mara Quill with the Tom Dorn Orchestra",
            "Violin Concertos with the Oslo Philharmonic",
            "Philharmonic Nights",
            "Low Water (2021 Edition)",
            "Low Water (2021 Remaster)",
            "Low Water (2021 Remastered Version)",
            "Low Water (Deluxe Version)",
            "Version 2.0",
            "Mono",
            "Mono (Remastered)",
            "The World We Live In",
            "Live On",
            "Memories Live On",
            "A Place to Live In Peace",
            "Love Live! Sunshine!! Best",
            "ラブライブ!スーパースター!!",
            "ドライブ・ソングス",
            "드라이브 송",
            "ディスカバー・ジャパン",
        ] {
            assert_eq!(kinds(plain), [], "{plain}");
        }
    }

    #[test]
    fn names_that_may_be_a_studio_albums_claim_only_perhaps() {
        for (perhaps, kind) in [
            ("Stripped", Kind::Acoustic),
            ("Piano & Voice", Kind::Acoustic),
            ("Low Water Stripped", Kind::Acoustic),
            ("Symphonic", Kind::Named),
            ("Low Water Symphonic", Kind::Named),
            ("Beethoven: Orchestral", Kind::Named),
            ("Playback", Kind::Karaoke),
            ("An Evening with Mara Quill", Kind::Live),
            ("Low Water Orchestral", Kind::Named),
            ("Symphonic Mara Quill", Kind::Named),
            ("Low Water (with the Tom Dorn Orchestra)", Kind::Named),
        ] {
            assert_eq!(kinds(perhaps), [(kind, false)], "{perhaps}");
        }
    }

    #[test]
    fn a_folder_of_one_word_may_be_a_shelf() {
        let of = |folder: &str| -> Vec<(Kind, bool)> {
            claims_of_folder(folder).into_iter().map(|(claim, plain)| (claim.kind, plain)).collect()
        };
        assert_eq!(of("Acoustic"), [(Kind::Acoustic, false)]);
        assert_eq!(of("Live"), [(Kind::Live, true)]);
        assert_eq!(of("Oda Brenn - Acoustic"), [(Kind::Acoustic, true)]);
    }

    #[test]
    fn another_version_is_told_by_the_album_alone() {
        let tells =
            |title: &str, album: Option<&str>, other: &str| album_tells_another_version(title, album, other);
        assert!(tells("Ebb", Some("Low Water"), "Live 1999") && tells("Ebb", None, "Karaoke Hits"));
        assert!(!tells("Ebb", Some("Low Water"), "Greatest Hits"));
        assert!(!tells("Ebb (Live)", Some("Low Water"), "Live 1999"));
        assert!(!tells("Ebb", Some("Live at Fenmoor"), "Live 1999"));
        assert!(!tells("Ebb", Some("Low Water"), "In Mono"), "the words are the same");
    }
}
