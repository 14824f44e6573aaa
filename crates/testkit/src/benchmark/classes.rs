//! The table of damages: what is wanted, and what became of its file.

use super::damage_editions as editions;
use super::damage_fields as fields;
use super::damage_texts as texts;
use super::kit::{Kit, Planted, Take};

/// One kind of damage.
pub(super) struct Damage {
    pub(super) name: &'static str,
    /// Gives the wanted recording what the damage needs.
    pub(super) wanted: fn(&mut Kit, &mut Take),
    /// Does it to the well-tagged file.
    pub(super) file: fn(&mut Kit, &Take, &mut Planted),
}

const fn to_file(name: &'static str, file: fn(&mut Kit, &Take, &mut Planted)) -> Damage {
    Damage { name, wanted: |_, _| {}, file }
}

const fn to_wanted(name: &'static str, wanted: fn(&mut Kit, &mut Take)) -> Damage {
    Damage { name, wanted, file: |_, _, _| {} }
}

const fn to_both(
    name: &'static str,
    wanted: fn(&mut Kit, &mut Take),
    file: fn(&mut Kit, &Take, &mut Planted),
) -> Damage {
    Damage { name, wanted, file }
}

/// Every damage; a new one goes to the end of its group.
pub(super) const DAMAGES: &[Damage] = &[
    to_file("clean tags", |_, _, _| {}),
    to_file("letter case", texts::loud),
    to_both("signs in names", texts::signs, texts::signs_lost),
    to_both("accents stripped", texts::accented, texts::stripped),
    to_both("mojibake", texts::accented, texts::mojibake),
    to_both("mojibake, Cyrillic", editions::cyrillic, texts::mojibake_cyrillic),
    to_both("cut at 30", texts::long_title, texts::cut),
    to_file("typo in the title", texts::typo_title),
    to_file("two typos in the title", texts::typo_title_twice),
    to_both("typo in the artist", editions::person, texts::typo_artist),
    to_both("typos in both", editions::person, texts::typo_both),
    to_file("restyled", texts::restyled),
    to_file("junk in the title", texts::junk),
    to_file("swapped", fields::swapped),
    to_file("artist in the title", fields::artist_in_title),
    to_file("artist in both fields", fields::artist_in_title_too),
    to_file("artist in the title, uploader as artist", fields::artist_is_uploader),
    to_file("file name: artist, title", fields::name_artist_title),
    to_file("file name: number, artist, title", fields::name_number_artist_title),
    to_file("file name: underscores", fields::name_underscores),
    to_file("file name: folders", fields::name_folders),
    to_file("file name: folder of artist and album", fields::name_folder_artist_album),
    to_file("file name: artist, album, number, title", fields::name_long),
    to_file("file name: title, artist", fields::name_title_artist),
    to_file("file name: small letters, no order", fields::name_lower),
    to_file("sparse: title and folders", fields::sparse),
    to_file("no album", fields::no_album),
    to_file("album artist only", fields::album_artist_only),
    to_file("file without playing time", fields::no_duration),
    to_both("several artists", fields::several_artists, fields::joined),
    to_both("several artists in one text", fields::joined_wanted, fields::joined_otherwise),
    to_both("artists in another order", fields::guest, fields::reversed),
    to_both("guest moved to the title", fields::guest, fields::guest_to_title),
    to_both("guest moved to the artist", fields::guest_in_wanted_title, fields::guest_to_artist),
    to_both("guest left out", fields::guest_in_wanted_title, fields::guest_dropped),
    to_both("The moved or left out", fields::the_band, fields::the_moved),
    to_both("dash or bracket", editions::some_version, editions::dash_or_bracket),
    to_both("subtitle left out", editions::subtitle, editions::subtitle_dropped),
    to_both("film in brackets", editions::film, editions::film_dropped),
    to_file("remaster as file", editions::remastered_file),
    to_both("remaster as wanted", editions::remaster_wanted, editions::plain_title),
    to_file("album version", editions::album_version),
    to_file("stereo", editions::stereo),
    to_both("explicit", editions::explicit_wanted, editions::explicit_file),
    to_file("two to four seconds off", editions::seconds_off),
    to_file("compilation", editions::compilation),
    to_file("best of", editions::best_of),
    to_file("single", editions::single),
    to_file("deluxe edition", editions::deluxe),
    to_file("wrong album and year", editions::wrong_album),
    to_both("ISRC agrees", editions::isrc_agrees, editions::isrc_kept),
    to_both("ISRC differs", editions::isrc_agrees, editions::isrc_differs),
    to_wanted("self-titled", editions::self_titled),
    to_wanted("short title", editions::short),
    to_wanted("numeric title", editions::numeric),
    to_both("part number", editions::part_number, editions::part_written_otherwise),
    to_both("alias that shows", editions::person, editions::alias_that_shows),
    to_file("renamed artist", editions::renamed),
    to_both("classical", editions::work, editions::work_otherwise),
    to_wanted("Cyrillic", editions::cyrillic),
    to_wanted("Greek", editions::greek),
    to_wanted("Hebrew", editions::hebrew),
    to_wanted("Arabic", editions::arabic),
    to_wanted("kana", editions::kana),
    to_wanted("kanji", editions::kanji),
    to_wanted("Hangul", editions::hangul),
    to_both("Cyrillic romanised", editions::cyrillic_either, editions::other_spelling),
    to_both("Greek romanised", editions::greek_either, editions::other_spelling),
    to_both("Hebrew romanised", editions::hebrew_either, editions::other_spelling),
    to_both("Arabic romanised", editions::arabic_either, editions::other_spelling),
    to_both("kana romanised", editions::kana_either, editions::other_spelling),
    to_both("kanji romanised", editions::kanji_either, editions::other_spelling),
    to_both("Hangul romanised", editions::hangul_either, editions::other_spelling),
    to_both("both spellings", editions::kanji, editions::both_spellings),
];
