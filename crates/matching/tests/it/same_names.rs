//! Files of the wanted title and artist that only something small tells from the wanted recording: the production that the
//! album is of, a mark of shops, a word that is cut off, two letters.

use ferrotape_domain::{Advisory, Choice, Isrc, Wanted};
use ferrotape_matching::{Allowed, Index, Knowledge, Policy, Question, choose};

use crate::catalogue::{Made, choose_one, offers, wanted};

/// A wanted playing time, and none.
const TIMES: [f64; 2] = [200.0, 0.0];

fn is_taken(files: &[Made], wanted: &Wanted) -> bool {
    matches!(choose_one(&Index::build(&offers(files)), wanted), Choice::Chosen(_))
}

fn file(title: &str, artist: &str, album: &str) -> Made {
    Made::new("Loose/a.mp3", title, artist, album, 200.4)
}

#[test]
fn another_cast_or_film_is_asked_about_and_another_edition_is_taken() {
    let film = "Low Water (Original Motion Picture Soundtrack)";
    let cast = "Low Water (Original Broadway Cast Recording)";
    for (own, wish, is_it) in [
        (film, "Low Water (Original 1986 London Cast)", false),
        (film, cast, false),
        (film, "Low Water (Original 2019 Motion Picture Soundtrack)", false),
        (cast, "Low Water (Original London Cast Recording)", false),
        (cast, "Low Water (2022 Broadway Cast Recording)", false),
        (cast, "Low Water: Highlights From The Motion Picture Soundtrack", false),
        (film, "Low Water (Original Soundtrack)", true),
        (film, "Low Water (Music from the Motion Picture)", true),
        (film, "Low Water (Original Motion Picture Soundtrack) [Deluxe]", true),
        (cast, "Low Water (Original Broadway Cast Recording) [Expanded Edition]", true),
        (cast, "Low Water (Original Cast Recording)", true),
    ] {
        for seconds in TIMES {
            let ebb = |album: &str| wanted("Ebb", &["Mara Quill"], album, seconds);
            assert_eq!(is_taken(&[file("Ebb", "Mara Quill", own)], &ebb(wish)), is_it, "{own} / {wish}");
            assert_eq!(is_taken(&[file("Ebb", "Mara Quill", wish)], &ebb(own)), is_it, "{wish} / {own}");
        }
    }
}

#[test]
fn a_file_that_shops_mark_clean_is_the_clean_version() {
    let marked = |mark| Made { advisory: Some(mark), ..file("Ebb", "Mara Quill", "Low Water") };
    let clean = [marked(Advisory::Clean)];
    for seconds in TIMES {
        let ebb = |title: &str, explicit| Wanted {
            explicit,
            ..wanted(title, &["Mara Quill"], "Low Water", seconds)
        };
        assert!(!is_taken(&clean, &ebb("Ebb", Some(true))), "{seconds}");
        assert!(!is_taken(&clean, &ebb("Ebb", None)), "{seconds}");
        assert!(is_taken(&clean, &ebb("Ebb", Some(false))), "{seconds}: it may be the clean one");
        assert!(is_taken(&clean, &ebb("Ebb (Clean)", None)), "{seconds}: just that is wanted");
        for explicit in [Some(true), Some(false), None] {
            let wish = ebb("Ebb", explicit);
            assert!(is_taken(&[marked(Advisory::Explicit)], &wish), "{seconds}, {explicit:?}: marks differ");
        }
        let never =
            Policy { allowed: Allowed { never_clean: true, ..Allowed::default() }, ..Policy::default() };
        let wish = ebb("Ebb", Some(false));
        let question = Question { wanted: &wish, policy: &never };
        let choice = choose(&Index::build(&offers(&clean)), question, &Knowledge::nothing());
        assert!(!matches!(choice, Choice::Chosen(_)), "{seconds}: {choice:?}");
    }
}

#[test]
fn an_album_called_clean_makes_its_mark_no_weaker() {
    for album in ["Low Water (Clean)", "Low Water [Edited]", "Low Water (Amended)"] {
        for advisory in [Some(Advisory::Clean), None] {
            let file = Made { advisory, ..file("Ebb", "Mara Quill", album) };
            let takes = |title: &str, of: &str, explicit| {
                is_taken(
                    std::slice::from_ref(&file),
                    &Wanted { explicit, ..wanted(title, &["Mara Quill"], of, 200.0) },
                )
            };
            for explicit in [Some(true), None] {
                assert!(!takes("Ebb", "Low Water", explicit), "{album}, {advisory:?}, {explicit:?}");
            }
            for (title, of) in [("Ebb (Explicit)", "Low Water"), ("Ebb", "Low Water [Explicit]")] {
                assert!(!takes(title, of, Some(false)), "{album}, {advisory:?}: {title} of {of}");
            }
            assert!(takes("Ebb", "Low Water", Some(false)), "{album}, {advisory:?}: it may be just that");
            assert!(takes("Ebb", album, Some(false)), "{album}, {advisory:?}: just that is wanted");
            assert!(takes("Ebb", album, None), "{album}, {advisory:?}: just that is wanted");
        }
    }
}

#[test]
fn a_genre_that_is_just_karaoke_says_so() {
    let of = |genre: &str, album: &str| Made { genre: genre.into(), ..file("Ebb", "Mara Quill", album) };
    for seconds in TIMES {
        let ebb = |title: &str| wanted(title, &["Mara Quill"], "Low Water", seconds);
        for (genre, album) in [("Karaoke", "Sunfly 231"), ("Karaoke", "Low Water"), ("노래방", "Low Water")]
        {
            assert!(!is_taken(&[of(genre, album)], &ebb("Ebb")), "{genre}, {album}, {seconds}");
        }
        assert!(is_taken(&[of("Folk", "Low Water")], &ebb("Ebb")), "{seconds}");
        assert!(is_taken(&[of("Karaoke Pop", "Low Water")], &ebb("Ebb")), "{seconds}");
        assert!(
            is_taken(&[of("Karaoke", "Low Water")], &ebb("Ebb (Karaoke)")),
            "{seconds}: just that is wanted"
        );
    }
}

#[test]
fn of_two_marks_the_wanted_one_is_taken_and_an_isrc_says_more() {
    let isrc = "QZAAA2600001";
    let marked = |mark| Made { advisory: Some(mark), ..file("Ebb", "Mara Quill", "Low Water") };
    let wish = Wanted {
        explicit: Some(true),
        isrc: Isrc::parse(isrc).ok(),
        ..wanted("Ebb", &["Mara Quill"], "Low Water", 200.0)
    };
    let both = [marked(Advisory::Clean), Made { path: "Loose/b.mp3".into(), ..marked(Advisory::Explicit) }];
    let choice = choose_one(&Index::build(&offers(&both)), &wish);
    assert!(matches!(&choice, Choice::Chosen(best) if best.file_id == 2), "{choice:?}");
    let proved = Made { isrc: isrc.into(), ..marked(Advisory::Clean) };
    assert!(is_taken(&[proved], &wish), "a mark is easily wrong");
}

#[test]
fn what_a_cut_tag_says_more_than_the_name_is_not_left_out() {
    let named = |tag: &str| Made {
        path: "Loose/01 Oda Brenn - Rivers of Fenmoor Again.mp3".into(),
        ..file(tag, "Oda Brenn", "Best Of")
    };
    for mark in ["(Karao", "(Rerec", "(Acous", "(Live)", "(Remix", "[Instr"] {
        let tag = format!("Rivers of Fenmoor Again {mark}");
        for seconds in TIMES {
            let wish = wanted("Rivers of Fenmoor Again", &["Oda Brenn"], "Cinders", seconds);
            assert!(!is_taken(&[named(&tag)], &wish), "{mark}, {seconds}");
        }
    }
    let wish = wanted("Ready or Not", &["Oda Brenn"], "Cinders", 200.0);
    assert!(!is_taken(&[file("Ready or Not (Tarn Bell/Lisk)", "Oda Brenn", "Best Of")], &wish));
}

#[test]
fn a_name_completes_what_a_tag_cuts_off() {
    let whole = "Rivers of Fenmoor Again and the Long Night";
    let named = |tag: &str, name: &str| Made {
        path: format!("Loose/01 Oda Brenn - {name}.mp3"),
        ..file(tag, "Oda Brenn", "Best Of")
    };
    let wish = wanted(whole, &["Oda Brenn"], "Cinders", 200.0);
    assert!(is_taken(&[named("Rivers of Fenmoor Again and th", whole)], &wish));
    let with_guest = wanted("Rivers of Fenmoor", &["Oda Brenn", "Ben Otter"], "Cinders", 200.0);
    assert!(is_taken(&[named("Rivers of Fenmoor (feat. Ben O", "Rivers of Fenmoor")], &with_guest));
}

#[test]
fn the_short_forms_of_taylors_version_are_read_for_her_alone() {
    let anew = wanted("Ebb (Taylor's Version)", &["Taylor Swift"], "Low Water (Taylor's Version)", 200.0);
    for (title, album) in [
        ("Ebb", "Low Water (TV)"),
        ("Ebb", "Low Water TV"),
        ("Ebb", "Low Water [Taylor's]"),
        ("Ebb (TV)", "Low Water"),
        ("Ebb (Taylors Version)", "Low Water (Taylors Version)"),
        ("Ebb (TV)", "Low Water (TV)"),
    ] {
        let own = [file(title, "Taylor Swift", album)];
        for seconds in TIMES {
            let first = wanted("Ebb", &["Taylor Swift"], "Low Water", seconds);
            assert!(!is_taken(&own, &first), "{title} of {album}, {seconds}");
        }
        assert!(is_taken(&own, &anew), "{title} of {album}");
    }
    let in_folder =
        Made { path: "Music/Taylor Swift/Low Water TV/01 Ebb.mp3".into(), ..file("Ebb", "Taylor Swift", "") };
    assert!(!is_taken(&[in_folder], &wanted("Ebb", &["Taylor Swift"], "Low Water", 200.0)));
    let theme = wanted("Ebb", &["Mara Quill"], "Low Water", 200.0);
    assert!(is_taken(&[file("Ebb", "Mara Quill", "Low Water (TV)")], &theme));
}

#[test]
fn whatever_sign_a_short_form_has_it_is_an_own_version() {
    let first = |seconds: f64| wanted("Ebb", &["Mara Quill"], "Low Water", seconds);
    for sign in ["'", "’", "‘", "ʼ", "＇", "′", "ʹ", "´", "`", "_", ""] {
        for (title, album) in [
            (format!("Ebb [Quill{sign}s]"), "Low Water".to_owned()),
            ("Ebb".to_owned(), format!("Low Water (Quill{sign}s)")),
            ("Ebb".to_owned(), format!("Low Water (Quill{sign}s Version)")),
        ] {
            for seconds in TIMES {
                let own = [file(&title, "Mara Quill", &album)];
                assert!(!is_taken(&own, &first(seconds)), "{title} of {album}, {seconds}");
            }
        }
        let in_folder = Made {
            path: format!("Music/Mara Quill/Low Water (Mara{sign}s Version)/01 Ebb.mp3"),
            ..file("Ebb", "Mara Quill", "")
        };
        for seconds in TIMES {
            assert!(!is_taken(std::slice::from_ref(&in_folder), &first(seconds)), "{sign}, {seconds}");
        }
    }
    let lowe = |title: &str| wanted(title, &["Kid Lowe"], "Low Water", 200.0);
    assert!(is_taken(&[file("Kids", "Kid Lowe", "Low Water")], &lowe("Kids")), "a plural is a title");
    assert!(is_taken(&[file("Ebb (Kids)", "Kid Lowe", "Low Water")], &lowe("Ebb (Kids)")));
    assert!(is_taken(&[file("Ebb", "Kid Lowe", "Low Water (Kids of the Tide)")], &lowe("Ebb")));
}

#[test]
fn two_years_in_the_names_of_albums_are_two_recordings_of_a_work() {
    let title = "Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio";
    let own = [file(title, "Oda Brenn", "Beethoven: 9 Symphonies (1963)")];
    let wish = |album: &str| wanted(title, &["Ludwig van Beethoven", "Oda Brenn"], album, 200.0);
    assert!(!is_taken(&own, &wish("Beethoven: 9 Symphonien (1977)")));
    for album in [
        "Beethoven: 9 Symphonien (1963)",
        "Beethoven: 9 Symphonies (1963) [2014 Remaster]",
        "Beethoven: 9 Symphonies (2014 Remastered Edition)",
        "Beethoven: 9 Symphonies",
    ] {
        assert!(is_taken(&own, &wish(album)), "{album}");
    }
    let song = wanted("Ebb", &["Mara Quill"], "Low Water (1999)", 200.0);
    assert!(
        is_taken(&[file("Ebb", "Mara Quill", "Low Water (2004)")], &song),
        "a song has editions of years"
    );
}
