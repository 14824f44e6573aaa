//! Hard texts: each class with what must meet and the near miss that must not. All names are invented but for those of
//! classical works, which are what the rules are about.

use ferrotape_domain::{Choice, Wanted};
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_one, offers, wanted};

fn decide(file: &Made, wanted: &Wanted) -> Choice {
    choose_one(&Index::build(&offers(std::slice::from_ref(file))), wanted)
}

fn made(title: &str, artist: &str, album: &str, seconds: f64) -> Made {
    Made::new("Loose/a.mp3", title, artist, album, seconds)
}

fn is_chosen(choice: &Choice) -> bool {
    matches!(choice, Choice::Chosen(_))
}

/// Title and artist as wanted and as a file has them, all else agreeing.
fn chosen(wanted_texts: (&str, &str), offered: (&str, &str)) -> bool {
    let want = wanted(wanted_texts.0, &[wanted_texts.1], "Cinders", 200.0);
    is_chosen(&decide(&made(offered.0, offered.1, "Cinders", 200.4), &want))
}

const ODA: &str = "Oda Brenn";

#[track_caller]
fn titles_meet(pairs: &[(&str, &str)]) {
    for (a, b) in pairs {
        assert!(chosen((a, ODA), (b, ODA)), "{a} / {b}");
        assert!(chosen((b, ODA), (a, ODA)), "{b} / {a}");
    }
}

#[track_caller]
fn titles_part(pairs: &[(&str, &str)]) {
    for (a, b) in pairs {
        assert!(!chosen((a, ODA), (b, ODA)), "{a} / {b}");
        assert!(!chosen((b, ODA), (a, ODA)), "{b} / {a}");
    }
}

#[track_caller]
fn artists_meet(pairs: &[(&str, &str)]) {
    for (a, b) in pairs {
        assert!(chosen(("Ember Railway", a), ("Ember Railway", b)), "{a} / {b}");
        assert!(chosen(("Ember Railway", b), ("Ember Railway", a)), "{b} / {a}");
    }
}

#[track_caller]
fn artists_part(pairs: &[(&str, &str)]) {
    for (a, b) in pairs {
        assert!(!chosen(("Ember Railway", a), ("Ember Railway", b)), "{a} / {b}");
        assert!(!chosen(("Ember Railway", b), ("Ember Railway", a)), "{b} / {a}");
    }
}

#[test]
fn versions_are_the_same_in_every_language_and_never_the_plain_recording() {
    titles_meet(&[
        ("Ember (Live)", "Ember - En Vivo"),
        ("Ember (Acoustic)", "Ember (Versión acústica)"),
        ("Ember (Instrumental)", "Ember [Inst.]"),
        ("Ember - Karaoke", "Ember (カラオケ)"),
        ("Ember (Remastered 2011)", "Ember"),
        ("Ember (Original Mix)", "Ember"),
        ("Ember (Album Version)", "Ember"),
        ("Ember [Explicit]", "Ember"),
        ("Ember - Lisk Remix", "Ember (Lisk Remix)"),
    ]);
    for claim in [
        "en vivo",
        "ao vivo",
        "dal vivo",
        "na żywo",
        "živě",
        "élőben",
        "Концертная запись",
        "наживо",
        "canlı",
        "ζωντανά",
        "הופעה חיה",
        "حفلة",
        "ライブ",
        "라이브",
        "现场版",
        "लाइव",
        "KEXP",
        "BBC Session",
        "Akustik",
        "Акустическая версия",
        "アコースティック",
        "어쿠스틱",
        "不插电",
        "Strumentale",
        "伴奏",
        "Караоке",
        "翻唱",
        "кавер",
        "Демо",
        "デモ",
        "Maqueta",
        "Neuaufnahme",
        "新録",
        "Edited",
        "Censored",
        "ускоренная версия",
        "日本語版",
        "En Español",
        "Deutsche Version",
        "Svensk Version",
        "Versión Banda",
        "Rework",
        "VIP",
        "Langversion",
    ] {
        titles_part(&[("Ember", &format!("Ember ({claim})")), ("Ember", &format!("Ember - {claim}"))]);
    }
}

#[test]
fn ordinary_titles_claim_nothing() {
    titles_meet(&[
        ("Live Forever", "Live Forever"),
        ("Demolition", "Demolition"),
        ("Alive", "Alive"),
        ("Recovered", "Recovered"),
        ("Cover Me", "Cover Me"),
        ("Clean", "Clean"),
        ("Acoustic", "Acoustic"),
        ("Remix", "Remix"),
        ("Karaoke Night", "Karaoke Night"),
        ("Ember (I Want to Live)", "Ember - I Want to Live"),
    ]);
    titles_part(&[("Live Forever", "Forever"), ("Cover Me", "Me"), ("Acoustic", "Acoustic (Acoustic)")]);
}

#[test]
fn remixers_and_takes_that_differ_by_a_letter_are_two() {
    titles_part(&[
        ("Ember (Ana Remix)", "Ember (Ann Remix)"),
        ("Ember (Tarn Remix)", "Ember (Torn Remix)"),
        ("Ember (Take 2)", "Ember (Take 3)"),
        ("Ember (Live at Fenmoor)", "Ember (Live at Fenmore)"),
        ("Ember (Lisk Remix)", "Ember (Lisk Dub)"),
    ]);
}

#[test]
fn albums_that_are_concerts_in_all_but_a_word_are_not_the_studio_recording() {
    let want = wanted("Ember Railway", &[ODA], "Cinders", 200.0);
    for album in [
        "Live at Fenmoor",
        "1998-06-09 Fenmoor Hall SBD",
        "Fenmoor Unplugged",
        "BBC Sessions",
        "KEXP",
        "Tiny Desk Concert",
        "En Concert",
        "Концерт в Фенмуре",
        "Fenmoor FM Broadcast, June 9, 1998",
        "演唱會",
    ] {
        let choice = decide(&made("Ember Railway", ODA, album, 204.0), &want);
        assert!(!is_chosen(&choice), "{album}: {choice:?}");
    }
    for album in ["Livestock", "The Hall of Lanterns", "1998", "Best of 1990-1998"] {
        let choice = decide(&made("Ember Railway", ODA, album, 200.4), &want);
        assert!(is_chosen(&choice), "{album}: {choice:?}");
    }
}

#[test]
fn guests_and_films_make_no_other_title() {
    titles_meet(&[
        ("Ember (feat. Mara Quill)", "Ember ft. Mara Quill"),
        ("Ember (feat. Mara Quill)", "Ember [Featuring Mara Quill]"),
        ("Ember (con Mara Quill)", "Ember (feat. Mara Quill)"),
        ("Ember (с участием Mara Quill)", "Ember feat. Mara Quill"),
        ("Ember (From \"The Fen\")", "Ember"),
        ("Ember - From \"The Fen\"", "Ember [From the Motion Picture The Fen]"),
        ("Ember (Original Motion Picture Soundtrack)", "Ember"),
        ("Ember (Prod. by Lisk)", "Ember"),
        ("Lantern, The", "The Lantern"),
        ("Ember: Railway", "Ember - Railway"),
        ("Ember (Railway)", "Ember - Railway"),
    ]);
    titles_part(&[
        ("Ember - From \"The Fen\"", "Ember - From \"The Fen\" - Instrumental"),
        ("Ember (From \"The Fen\")", "Ember (From \"The Fen\") [Karaoke]"),
    ]);
}

#[test]
fn parts_and_volumes_must_agree_however_they_are_counted() {
    titles_meet(&[
        ("Ember, Pt. 1", "Ember (Part One)"),
        ("Ember Part I", "Ember - Pt. 1"),
        ("Ember (II)", "Ember 2"),
        ("Ember, Pt. 2", "Ember 2"),
        ("Ember, часть 2", "Ember (Teil 2)"),
        ("Sketches, Vol. 4", "Sketches Volume IV"),
        ("1979", "1979"),
        ("7", "7"),
    ]);
    titles_part(&[
        ("Ember, Pt. 1", "Ember, Pt. 2"),
        ("Ember", "Ember, Pt. 2"),
        ("Ember (I)", "Ember (II)"),
        ("Sketches Vol. 4", "Sketches Vol. 4.5"),
        ("1979", "1997"),
        ("7", "77"),
        ("Ember 3 A.M.", "Ember 4 A.M."),
    ]);
}

#[test]
fn artists_are_joined_turned_and_named_in_many_ways() {
    artists_meet(&[
        ("Mara Quill & Ben Otter", "Mara Quill, Ben Otter"),
        ("Mara Quill and Ben Otter", "Mara Quill x Ben Otter"),
        ("Mara Quill × Ben Otter", "Mara Quill vs. Ben Otter"),
        ("Mara Quill", "Mara Quill feat. Ben Otter"),
        ("The Violet Oars", "Violet Oars, The"),
        ("Die Laternen", "Laternen, Die"),
        ("Los Faroles", "Faroles, Los"),
        ("Oda Brenn", "Brenn, Oda"),
        ("Quillon", "DJ Quillon"),
        ("Oda Brenn", "Oda Brenn & His Orchestra"),
        ("KoЯn Bell", "Korn Bell"),
        ("P!nk Otter", "Pink Otter"),
        ("A$AP Otter", "ASAP Otter"),
        ("Ødegarð", "Odegard"),
        ("ＭＡＲＡ Quill", "Mara Quill"),
        ("Снуп Лиск", "Snup Lisk"),
        ("Прокопенко", "Prokopenko"),
    ]);
    artists_part(&[
        ("Mara Quill", "Mara Quilt"),
        ("Oda", "Oda Brenn"),
        ("Die Laternen", "Laternen"),
        ("MC Bo", "Bo"),
        ("Oda 12", "Oda 13"),
        ("Кот", "Кит"),
        ("Violet Oars", "Violent Oars"),
    ]);
}

#[test]
fn other_scripts_meet_their_latin_spellings_only() {
    for (title, latin) in [
        ("Тихая река", "Tikhaya Reka"),
        ("Щедрая душа", "Schedraja Dusha"),
        ("とうきょう", "Tokyo"),
        ("ラーメン", "Raamen"),
        ("Θάλασσα", "Thalassa"),
        ("Grüne Brücke", "Gruene Bruecke"),
    ] {
        assert!(chosen((latin, ODA), (title, ODA)), "{latin} / {title}");
        assert!(chosen((title, ODA), (latin, ODA)), "{title} / {latin}");
    }
    titles_part(&[
        ("Тихая река", "Тихая рука"),
        ("Тихая река", "Tikhaya Ruka"),
        ("夜の庭", "夜の街"),
        ("とうきょう", "Kyoto"),
        ("さくら", "さくらんぼ"),
    ]);
}

#[test]
fn scripts_without_vowels_and_like_sounding_characters_are_asked_about() {
    for (a, b) in [("שלום עולם", "Shalom Olam"), ("愛のうた", "爱のうた")] {
        let want = wanted(a, &[ODA], "Cinders", 200.0);
        let choice = decide(&made(b, ODA, "Cinders", 200.4), &want);
        assert!(!is_chosen(&choice), "{a} / {b}: {choice:?}");
    }
}

#[test]
fn texts_read_in_the_wrong_encoding_are_understood() {
    titles_meet(&[
        ("Canción de la Brasa", "CanciÃ³n de la Brasa"),
        ("Canción de la Brasa", "Canci√≥n de la Brasa"),
        ("Тихая река", "Òèõàÿ ðåêà"),
    ]);
    titles_part(&[("Canción de la Brasa", "Canción de la Brisa"), ("ÆØÅ", "Жша")]);
}

const FIFTH: &str = "Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio";

fn symphony(title: &str, artist: &str, album: &str, seconds: f64) -> Choice {
    let want = wanted(
        FIFTH,
        &["Ludwig van Beethoven", "Fenmoor Philharmonic", "Oda Brenn"],
        "Beethoven: Symphonies Nos. 5 & 7",
        440.0,
    );
    decide(&made(title, artist, album, seconds), &want)
}

#[test]
fn a_movement_printed_in_another_way_is_the_same() {
    for (title, artist) in [
        ("Sinfonie Nr. 5 c-Moll op. 67 – 1. Satz", "Oda Brenn, Fenmoor Philharmonic"),
        ("Symphonie n° 5 en ut mineur, op. 67: I. Allegro con brio", "Fenmoor Philharmonic/Oda Brenn"),
        ("Beethoven: Symphony No. 5, Op. 67: I. Allegro con brio", "Oda Brenn"),
        ("I. Allegro con brio", "Fenmoor Philharmonic"),
    ] {
        let choice = symphony(title, artist, "Beethoven: Symphonies 5 & 7", 440.5);
        assert!(is_chosen(&choice), "{title} by {artist}: {choice:?}");
    }
    let Choice::Chosen(found) = symphony(
        "Sinfonie Nr. 5 c-Moll op. 67 – 1. Satz",
        "Fenmoor Philharmonic",
        "Beethoven: Symphonies Nos. 5 & 7",
        440.5,
    ) else {
        panic!("the same work and movement");
    };
    assert!(found.evidence.iter().any(|e| e.says.contains("same work and movement")), "{:?}", found.evidence);
}

#[test]
fn another_movement_work_or_key_is_never_chosen() {
    for title in [
        "Symphony No. 5 in C Minor, Op. 67: II. Andante con moto",
        "Sinfonie Nr. 5 c-Moll op. 67 – 2. Satz",
        "Symphony No. 7 in A Major, Op. 92: I. Poco sostenuto - Vivace",
        "Symphony No. 5 in D Minor, Op. 67: I. Allegro con brio",
        "Symphony No. 5 in C Minor, Op. 68: I. Allegro con brio",
        "Symphony No. 6 in C Minor, Op. 67: I. Allegro con brio",
        "Symphony No. 5 in C Minor, Op. 67",
        "II. Allegro con brio",
    ] {
        let choice =
            symphony(title, "Fenmoor Philharmonic, Oda Brenn", "Beethoven: Symphonies Nos. 5 & 7", 440.0);
        assert!(!is_chosen(&choice), "{title}: {choice:?}");
    }
}

#[test]
fn other_performers_are_asked_about() {
    for artist in
        ["Ludwig van Beethoven, Tarnholm Symphony", "Tarnholm Symphony", "Ludwig van Beethoven; Tarvo Lisk"]
    {
        for title in [FIFTH, "Sinfonie Nr. 5 c-Moll op. 67 – 1. Satz"] {
            let choice = symphony(title, artist, "Beethoven: Symphonies Nos. 5 & 7", 440.0);
            assert!(!is_chosen(&choice), "{title} by {artist}: {choice:?}");
        }
    }
    let Choice::Review(_, why) =
        symphony(FIFTH, "Beethoven; Tarnholm Symphony", "Beethoven: Symphonies Nos. 5 & 7", 440.0)
    else {
        panic!("another recording of the same movement is shown");
    };
    assert!(why.contains("other performers"), "{why}");
}

#[test]
fn a_composer_standing_as_the_artist_is_not_enough_alone() {
    let own = symphony(FIFTH, "Ludwig van Beethoven", "Beethoven: Symphonies Nos. 5 & 7", 440.5);
    assert!(is_chosen(&own), "same album and length: {own:?}");
    for (album, seconds) in [("Classical Gold", 440.5), ("Beethoven: Symphonies Nos. 5 & 7", 446.0)] {
        let asked = symphony(FIFTH, "Ludwig van Beethoven", album, seconds);
        assert!(matches!(asked, Choice::Review(..)), "{album}: {asked:?}");
    }
    let want = wanted(FIFTH, &["Ludwig van Beethoven"], "Beethoven: Symphonies", 440.0);
    let tagged = |artist: &str, album: &str| {
        decide(&made(&format!("Beethoven: {FIFTH}"), artist, album, 440.5), &want)
    };
    assert!(is_chosen(&tagged("Fenmoor Philharmonic", "Beethoven: Symphonies")));
    let elsewhere = tagged("Fenmoor Philharmonic", "Fenmoor Philharmonic Plays");
    assert!(matches!(elsewhere, Choice::Review(..)), "{elsewhere:?}");
}

#[test]
fn a_bare_movement_needs_the_same_release() {
    let want = wanted("II. Andante", &[ODA], "Mozart: Symphony No. 40", 300.0);
    assert!(is_chosen(&decide(&made("II. Andante", ODA, "Mozart: Symphony No. 40", 300.5), &want)));
    let other = decide(&made("II. Andante", ODA, "Mozart: Symphony No. 41", 300.5), &want);
    assert!(!is_chosen(&other), "{other:?}");
}

#[test]
fn another_piece_of_the_work_is_never_chosen() {
    for (wish, file, album) in [
        ("Requiem in D Minor, K. 626: Dies irae", "Requiem in D Minor, K. 626: Lacrimosa", "Mozart: Requiem"),
        (
            "Goldberg Variations, BWV 988: Variation 7 a 1 ovvero 2 Clav.",
            "Goldberg Variations, BWV 988: Variation 1 a 1 Clav.",
            "Bach: Goldberg Variations",
        ),
        (
            "Messiah, HWV 56, Pt. 2: Behold the Lamb of God",
            "Messiah, HWV 56, Pt. 2: Hallelujah",
            "Handel: Messiah",
        ),
        (
            "Mass in B Minor, BWV 232: Gloria in excelsis Deo",
            "Mass in B Minor, BWV 232: Kyrie eleison",
            "Bach: Mass in B Minor",
        ),
    ] {
        let want = Wanted { track_number: Some(2), ..wanted(wish, &[ODA], album, 64.0) };
        for track in [0, 2, 8] {
            let choice = decide(&Made { track, ..made(file, ODA, album, 64.2) }, &want);
            assert!(!is_chosen(&choice), "{wish} / {file}: {choice:?}");
        }
    }
}

#[test]
fn of_a_whole_requiem_each_piece_is_found_without_lengths() {
    let pieces = ["Introitus", "Kyrie", "Dies irae", "Tuba mirum", "Rex tremendae", "Recordare", "Lacrimosa"];
    let titled = |piece: &str| format!("Requiem in D Minor, K. 626: {piece}");
    let album = "Oda Brenn Conducts Mozart";
    let files: Vec<Made> = pieces
        .iter()
        .zip(1..)
        .map(|(piece, track)| Made {
            path: format!("Requiem/{track:02}.mp3"),
            track,
            ..made(&titled(piece), "Wolfgang Amadeus Mozart, Oda Brenn", album, 60.0 + f64::from(track % 3))
        })
        .collect();
    let index = Index::build(&offers(&files));
    for (piece, number) in pieces.iter().zip(1_i64..) {
        let want = wanted(&titled(piece), &["Wolfgang Amadeus Mozart"], album, 0.0);
        let choice = choose_one(&index, &want);
        assert!(matches!(&choice, Choice::Chosen(found) if found.file_id == number), "{piece}: {choice:?}");
    }
}

#[test]
fn an_album_called_by_its_works_does_not_tell_who_plays() {
    let title = "Nocturne No. 2 in E-Flat Major, Op. 9 No. 2";
    for (album, seconds, is_it) in [
        ("Chopin: Nocturnes", 0.0, false),
        ("Frédéric Chopin: Complete Nocturnes", 0.0, false),
        ("Chopin: Nocturnes", 264.0, true),
        ("Oda Brenn Plays Chopin", 0.0, true),
        ("Chopin: Nocturnes (Oda Brenn)", 0.0, true),
    ] {
        let choice =
            decide(&made(title, ODA, album, 264.0), &wanted(title, &["Frédéric Chopin"], album, seconds));
        assert_eq!(is_chosen(&choice), is_it, "{album}, {seconds} s wanted: {choice:?}");
        assert!(is_it || matches!(choice, Choice::Review(..)), "{album}: {choice:?}");
    }
}

#[test]
fn players_that_the_album_names_are_named() {
    for (album, is_it) in [
        ("Symphonien Nos. 5 & 7 (Fenmoor Philharmonic, Oda Brenn)", true),
        ("Symphonien Nos. 5 & 7 (Oda Brenn)", true),
        ("Symphonien Nos. 5 & 7 (Ben Otter)", false),
        ("Symphonien Nos. 5 & 7", false),
    ] {
        let choice = symphony(FIFTH, "Ludwig van Beethoven", album, 440.5);
        assert_eq!(is_chosen(&choice), is_it, "{album}: {choice:?}");
    }
}

/// A file at the second place of the album, where the second is wanted.
fn second(want: (&str, &str), have: (&str, &str), seconds: f64) -> Choice {
    let wanted = Wanted { track_number: Some(2), ..wanted(want.0, &[want.1], "Cinders", 200.0) };
    decide(&Made { track: 2, ..made(have.0, have.1, "Cinders", seconds) }, &wanted)
}

#[test]
fn an_ensemble_is_its_player_where_album_number_and_length_agree() {
    for ensemble in
        ["The Oda Brenn Quartet", "Oda Brenn Trio", "Oda Brenn Orchestra", "Oda Brenn & Her Big Band"]
    {
        for (want, have) in [(ensemble, ODA), (ODA, ensemble)] {
            let close = second(("Ember", want), ("Ember", have), 200.4);
            assert!(is_chosen(&close), "{want} / {have}: {close:?}");
        }
        let longer = second(("Ember", ODA), ("Ember", "Oda Brenn Quartet"), 203.0);
        assert!(!is_chosen(&longer), "{longer:?}");
    }
    let tribute = second(("Ember", ODA), ("Ember", "Oda Brenn Tribute Band"), 200.4);
    assert!(!is_chosen(&tribute), "{tribute:?}");
}

#[test]
fn a_title_within_a_longer_one_is_taken_or_asked_about_on_its_album() {
    let (long, short) = ("Low Tide: Acknowledgement", "Acknowledgement");
    for (want, have) in [(long, short), (short, long)] {
        let close = second((want, ODA), (have, ODA), 200.4);
        assert!(is_chosen(&close), "{want} / {have}: {close:?}");
        let longer = second((want, ODA), (have, ODA), 203.0);
        assert!(matches!(longer, Choice::Review(..)), "{want} / {have}: {longer:?}");
    }
    let another = second((short, ODA), ("Low Tide: Resolution", ODA), 200.4);
    assert!(!is_chosen(&another), "{another:?}");
    let reprise = second(("Ember", ODA), ("Ember Reprise", ODA), 200.4);
    assert!(!is_chosen(&reprise), "{reprise:?}");
}

#[test]
fn several_parts_in_one_title_meet() {
    titles_meet(&[
        ("Ember Diamond (Pts. 1-5)", "Ember Diamond, Parts I–V"),
        ("Ember Diamond (Pts. 6-9)", "Ember Diamond, Parts VI–IX"),
        ("Ember Diamond (Pt. 2)", "Ember Diamond, Part II"),
    ]);
    titles_part(&[
        ("Ember Diamond (Pts. 1-5)", "Ember Diamond, Parts VI–IX"),
        ("Ember Diamond (Pts. 1-5)", "Ember Diamond, Part I"),
        ("Ember Diamond, Part I", "Ember Diamond, Part V"),
    ]);
}
