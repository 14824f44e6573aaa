//! The same recording as another edition, album, script or name tells it.

use super::kit::{Kit, Planted, Take};
use super::scripts::{ARABIC, CYRILLIC, GREEK, HANGUL, HEBREW, KANA, KANJI, Script};
use super::words;

/// A version told after the title, which the file writes with other signs.
pub(super) fn some_version(kit: &mut Kit, take: &mut Take) {
    let told =
        kit.one(&["Acoustic", "Instrumental", "Demo", "Live", "Radio Edit", "Extended Mix", "Unplugged"]);
    take.told(if kit.coin() { format!(" ({told})") } else { format!(" - {told}") });
}

pub(super) fn dash_or_bracket(_: &mut Kit, take: &Take, file: &mut Planted) {
    let told = take.suffix.trim_matches([' ', '-', '(', ')']);
    let bracketed = take.suffix.starts_with(" (");
    file.title =
        if bracketed { format!("{} - {told}", take.title) } else { format!("{} [{told}]", take.title) };
    file.shelve();
}

pub(super) fn subtitle(kit: &mut Kit, take: &mut Take) {
    let (a, b) = (kit.one(words::FIRST), kit.one(words::SECOND));
    take.told(match kit.below(3) {
        0 => format!(" (The {a} {b})"),
        1 => format!(" (How I Found the {b})"),
        _ => format!(" ({a} to the {b})"),
    });
}

pub(super) fn subtitle_dropped(_: &mut Kit, take: &Take, file: &mut Planted) {
    file.title.clone_from(&take.title);
    file.shelve();
}

pub(super) fn film(kit: &mut Kit, take: &mut Take) {
    let film = kit.one(words::FILMS);
    take.told(format!(" (From \"{film}\")"));
    take.album = format!("{film} (Original Motion Picture Soundtrack)");
}

pub(super) fn film_dropped(kit: &mut Kit, take: &Take, file: &mut Planted) {
    file.title =
        if kit.coin() { take.title.clone() } else { take.full().replace(" (", " - ").replace(')', "") };
    file.shelve();
}

pub(super) fn remastered_file(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let year = 2005 + kit.below(20);
    file.title.push_str(&match kit.below(4) {
        0 => format!(" - {year} Remaster"),
        1 => format!(" (Remastered {year})"),
        2 => " - Remastered".to_owned(),
        _ => format!(" [{year} Digital Remaster]"),
    });
    file.album = format!("{} (Remastered)", take.album);
    file.shelve();
}

pub(super) fn remaster_wanted(kit: &mut Kit, take: &mut Take) {
    let year = 2005 + kit.below(20);
    take.told(kit.one(&[" - Remastered ", " - Remaster "]).to_owned() + &year.to_string());
}

pub(super) fn plain_title(_: &mut Kit, take: &Take, file: &mut Planted) {
    file.title.clone_from(&take.title);
    file.shelve();
}

pub(super) fn album_version(kit: &mut Kit, _: &Take, file: &mut Planted) {
    file.title.push_str(kit.one(&[
        " (Album Version)",
        " - Original Mix",
        " (Original Version)",
        " [LP Version]",
    ]));
    file.shelve();
}

pub(super) fn stereo(kit: &mut Kit, _: &Take, file: &mut Planted) {
    file.title.push_str(kit.one(&[" (Stereo)", " - Stereo Version", " [Stereo Mix]"]));
    file.shelve();
}

pub(super) fn explicit_file(kit: &mut Kit, _: &Take, file: &mut Planted) {
    file.title.push_str(kit.one(&[" (Explicit)", " [Explicit]", " [E]", " (Explicit Version)"]));
    file.shelve();
}

pub(super) fn explicit_wanted(_: &mut Kit, take: &mut Take) {
    take.explicit = Some(true);
}

pub(super) fn seconds_off(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let by = kit.between(2.2, 3.8);
    file.seconds = take.seconds + if kit.coin() { by } else { -by };
}

pub(super) fn compilation(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let name = kit.one(&["Big Hits", "Now Then", "Summer Party", "Mega Dance Night", "Soft Rock Forever"]);
    file.album = format!("{name} {}", 1 + kit.below(40));
    file.album_artist = kit.one(&["Various Artists", "VA", "Various", "Diverse", ""]).to_owned();
    file.year = take.year + 3;
    file.path = format!(
        "Music/Various Artists/{}/{:02} - {} - {}.mp3",
        file.album,
        kit.below(40) + 1,
        take.artist(),
        file.title
    );
}

pub(super) fn best_of(kit: &mut Kit, take: &Take, file: &mut Planted) {
    file.album = match kit.below(3) {
        0 => "Greatest Hits".to_owned(),
        1 => format!("The Best of {}", take.artist()),
        _ => format!("The Very Best of {} (Disc 2)", take.artist()),
    };
    file.year = take.year + 9;
    file.shelve();
}

pub(super) fn single(_: &mut Kit, take: &Take, file: &mut Planted) {
    file.album = format!("{} - Single", take.title);
    file.track = 1;
    file.shelve();
}

pub(super) fn deluxe(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let edition = kit.one(&["Deluxe Edition", "Expanded Edition", "20th Anniversary", "Bonus Track Version"]);
    file.album = format!("{} ({edition})", take.album);
    file.shelve();
}

pub(super) fn wrong_album(kit: &mut Kit, _: &Take, file: &mut Planted) {
    file.album = kit.album();
    file.year = 1960 + u32::try_from(kit.below(60)).unwrap_or(0);
    file.shelve();
}

pub(super) fn isrc_agrees(kit: &mut Kit, take: &mut Take) {
    take.isrc = Some(kit.isrc());
}

pub(super) fn isrc_kept(_: &mut Kit, take: &Take, file: &mut Planted) {
    file.isrc.clone_from(&take.isrc);
    file.album = "Greatest Hits".to_owned();
    file.shelve();
}

pub(super) fn isrc_differs(kit: &mut Kit, _: &Take, file: &mut Planted) {
    file.isrc = Some(kit.isrc());
}

pub(super) fn self_titled(kit: &mut Kit, take: &mut Take) {
    while !kit.is_new(&format!("self-titled {}", take.artist())) {
        take.artists = vec![kit.artist()];
    }
    take.title = take.artist().to_owned();
    take.album.clone_from(&take.title);
}

pub(super) fn short(kit: &mut Kit, take: &mut Take) {
    title_from(kit, take, words::SHORT);
}

pub(super) fn numeric(kit: &mut Kit, take: &mut Take) {
    title_from(kit, take, words::NUMERIC);
}

/// A title of the list, which many artists have, and an artist who has it once.
fn title_from(kit: &mut Kit, take: &mut Take, titles: &[&'static str]) {
    loop {
        kit.one(titles).clone_into(&mut take.title);
        take.artists = vec![kit.artist()];
        if kit.is_new(&format!("{}|{}", take.artist(), take.title)) {
            return;
        }
    }
}

pub(super) fn part_number(kit: &mut Kit, take: &mut Take) {
    let number = 1 + kit.below(4);
    take.title = format!("{}, Pt. {number}", take.title);
}

pub(super) fn part_written_otherwise(kit: &mut Kit, take: &Take, file: &mut Planted) {
    if let Some((base, number)) = take.title.rsplit_once(", Pt. ") {
        let roman = match number {
            "1" => "I",
            "2" => "II",
            "3" => "III",
            _ => "IV",
        };
        file.title = match kit.below(3) {
            0 => format!("{base} (Part {number})"),
            1 => format!("{base} - Part {roman}"),
            _ => format!("{base} pt.{number}"),
        };
    }
    file.shelve();
}

/// Only the first letter of the given name, an added name, letters turned into signs.
pub(super) fn alias_that_shows(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let artist = take.artist();
    let initial = artist.chars().next().unwrap_or('X');
    file.artist = match kit.below(4) {
        0 => format!("{initial}. {}", artist.rsplit(' ').next().unwrap_or_default()),
        1 => format!("{} (aka {artist})", kit.one(words::REMIXERS)),
        2 => artist.replace(['S', 's'], "$").replace('R', "Я"),
        _ => format!("{artist} (Official)"),
    };
    file.shelve();
}

pub(super) fn person(kit: &mut Kit, take: &mut Take) {
    take.artists = vec![kit.person()];
}

/// The old name on the track, the present one on the album.
pub(super) fn renamed(kit: &mut Kit, take: &Take, file: &mut Planted) {
    file.artist = kit.other_artist(&take.artists);
    take.artist().clone_into(&mut file.album_artist);
    file.shelve();
}

pub(super) fn work(kit: &mut Kit, take: &mut Take) {
    let composer = kit.one(words::COMPOSERS);
    loop {
        let (number, opus) = (1 + kit.below(9), 10 + kit.below(90));
        let key = kit.one(&["C Major", "D Minor", "E-flat Major", "F-sharp Minor", "G Major", "A Minor"]);
        let form = kit.one(&["Symphony", "String Quartet", "Piano Sonata", "Violin Concerto", "Suite"]);
        let movement = kit.below(4);
        let roman = ["I", "II", "III", "IV"].get(movement).copied().unwrap_or_default();
        take.title = format!("{form} No. {number} in {key}, Op. {opus}: {roman}. {}", kit.one(words::TEMPI));
        if kit.is_new(&format!("{composer}{form}{number}{roman}")) {
            break;
        }
    }
    take.artists = vec![composer.to_owned(), kit.one(words::PERFORMERS).to_owned()];
    take.album = format!("{}: Works", composer.rsplit(' ').next().unwrap_or_default());
}

/// Composer first, performers elsewhere, the work without commas.
pub(super) fn work_otherwise(kit: &mut Kit, take: &Take, file: &mut Planted) {
    let (composer, player) = (take.artist().to_owned(), take.artists.get(1).cloned().unwrap_or_default());
    match kit.below(4) {
        0 => (file.artist, file.album_artist) = (player, composer),
        1 => {
            let family = composer.rsplit(' ').next().unwrap_or_default();
            file.title = format!("{family}: {}", take.title);
            file.artist = player;
        }
        2 => file.title = take.title.replace(", Op.", " op.").replace(": ", " - "),
        _ => file.artist = format!("{composer}; {player}"),
    }
    file.path = format!("Music/Classical/{:02} {}.flac", take.track, file.title.replace(':', "_"));
}

fn either_way(kit: &mut Kit, take: &mut Take, script: &Script) {
    kit.in_script(take, script);
    if kit.below(3) == 0
        && let Some((title, artist)) = take.latin.take()
    {
        let native = (std::mem::replace(&mut take.title, title), take.artist().to_owned());
        take.artists = vec![artist];
        take.latin = Some(native);
    }
}

/// The spelling that is not the wanted one.
pub(super) fn other_spelling(_: &mut Kit, take: &Take, file: &mut Planted) {
    if let Some((title, artist)) = &take.latin {
        (file.title, file.artist) = (title.clone(), artist.clone());
        file.album_artist.clone_from(artist);
        file.shelve();
    }
}

pub(super) fn both_spellings(_: &mut Kit, take: &Take, file: &mut Planted) {
    if let Some((title, artist)) = &take.latin {
        file.title = format!("{} ({title})", take.title);
        file.artist = format!("{} ({artist})", take.artist());
        file.shelve();
    }
}

macro_rules! in_script {
    ($($native:ident $romanised:ident $script:ident),*) => {$(
        pub(super) fn $native(kit: &mut Kit, take: &mut Take) {
            kit.in_script(take, &$script);
        }
        pub(super) fn $romanised(kit: &mut Kit, take: &mut Take) {
            either_way(kit, take, &$script);
        }
    )*};
}

in_script!(
    cyrillic cyrillic_either CYRILLIC,
    greek greek_either GREEK,
    hebrew hebrew_either HEBREW,
    arabic arabic_either ARABIC,
    kana kana_either KANA,
    kanji kanji_either KANJI,
    hangul hangul_either HANGUL
);
