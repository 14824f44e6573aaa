//! What only an album's name or a shelf of folders tells of a version: asked about, and music whose names merely sound so is
//! taken.

use std::fs;

use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{MadeTrack, Track, make_music};
use serde_json::json;

use crate::home::{Home, outcome_of};

/// Title, album and folder of a file, and whether it is taken for the title of `Low Water`.
const FILES: [(&str, &str, &str, bool); 14] = [
    ("Ebb", "Low Water (2021 Version)", "Mara Quill/Low Water (2021 Version)", false),
    ("Flood", "Work Tapes", "Mara Quill/Work Tapes", false),
    ("Slack", "Low Water with the Oslo Philharmonic", "Mara Quill/With Orchestra", false),
    ("Neap", "Low Water", "Karaoke/Mara Quill/Low Water", false),
    ("Gull", "Low Water", "Instrumentals/Mara Quill/Low Water", false),
    ("Wren", "Low Water (Inst.)", "Mara Quill/Low Water (Inst.)", false),
    ("Owl", "Low Water (German Version)", "Mara Quill/Low Water (German Version)", false),
    ("Heron", "Live Mara Quill", "Mara Quill/Live Mara Quill", false),
    ("Rook", "Low Water (Japanese Edition)", "Mara Quill/Low Water (Japanese Edition)", true),
    ("Tern", "Low Water (2021 Edition)", "Mara Quill/Low Water (2021 Edition)", true),
    ("Marsh", "Rough Mix", "Mara Quill/Rough Mix", true),
    ("Pebble", "The World We Live In", "Mara Quill/The World We Live In", true),
    ("Raven", "Low Water", "Karaoke Night/Mara Quill/Low Water", true),
    ("Cove", "Low Water", "Instrumental Rock/Mara Quill/Low Water", true),
];

#[test]
fn albums_and_shelves_of_other_versions_are_asked_about() {
    let home = Home::new();
    let made = FILES.iter().zip(1..).map(|((title, album, folder, _), number)| {
        let file = MadeTrack::new("Mara Quill", album, number, title).seconds(4.0);
        file.at(&format!("{folder}/{title}.flac"))
    });
    make_music(&home.path("music"), &made.collect::<Vec<_>>()).unwrap();
    let wish =
        |title: &str| Track { duration_ms: Some(4_000), ..Track::new("Mara Quill", "Low Water", title) };
    home.csv("a.csv", &FILES.map(|(title, ..)| wish(title)));
    let last = home.json("convert a.csv --from music --to ./player");
    for (title, album, folder, is_it) in FILES {
        let outcome = outcome_of(&last["report"], title);
        assert_eq!(outcome, if is_it { "on_player" } else { "needs_review" }, "{title}: {album} in {folder}");
    }
}

const NOCTURNE: &str = "Nocturne No. 2 in E-Flat Major, Op. 9 No. 2";

/// A home with one pianist's recording, where another's is wanted as the data export and a CSV of one account tell of it.
fn with_a_nocturne() -> Home {
    let home = Home::new();
    let file = MadeTrack {
        more_tags: vec![("composer".to_owned(), "Frédéric Chopin".to_owned())],
        ..MadeTrack::new("Oda Brenn", "Chopin: Nocturnes", 2, NOCTURNE).seconds(4.0)
    };
    make_music(&home.path("music"), &[file]).unwrap();
    let uri = "spotify:track:4aawyAB9vmqN3uQ7FjR001";
    let library = json!({ "albums": [], "shows": [], "episodes": [], "artists": [],
        "tracks": [{ "artist": "Frédéric Chopin", "album": "Chopin: Nocturnes", "track": NOCTURNE, "uri": uri }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    let header = "Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,Explicit,Added By,Added At";
    let row = format!(
        "{uri},\"{NOCTURNE}\",Chopin: Nocturnes,\"Frédéric Chopin,Ben Otter\",1997-01-01,4000,50,false,me,2024-01-05T10:00:00Z"
    );
    fs::write(home.path("Liked.csv"), format!("{header}\n{row}\n")).unwrap();
    home
}

#[test]
fn another_player_of_a_work_is_asked_about_whatever_was_imported_first() {
    for inputs in
        ["YourLibrary.json", "Liked.csv", "YourLibrary.json Liked.csv", "Liked.csv YourLibrary.json"]
    {
        let home = with_a_nocturne();
        let last = home.json(&format!("convert {inputs} --from music --to ./player"));
        assert_eq!(outcome_of(&last["report"], NOCTURNE), "needs_review", "{inputs}: {last:#}");
    }
}

#[test]
fn another_piece_of_a_work_is_not_taken_for_the_wanted_one() {
    let home = Home::new();
    let (composer, album) = ("Wolfgang Amadeus Mozart", "Mozart: Requiem");
    let titled = |piece: &str| format!("Requiem in D Minor, K. 626: {piece}");
    let made =
        |number: u32, piece: &str| MadeTrack::new(composer, album, number, &titled(piece)).seconds(4.0);
    make_music(&home.path("music"), &[made(1, "Introitus"), made(8, "Lacrimosa")]).unwrap();
    let wish = |number: u32, piece: &str| Track {
        duration_ms: Some(4_000),
        track_number: Some(number),
        ..Track::new(composer, album, &titled(piece))
    };
    home.csv("a.csv", &[wish(1, "Introitus"), wish(2, "Dies irae"), wish(8, "Lacrimosa")]);
    let report = &home.json("convert a.csv --from music --to ./player")["report"];
    assert_eq!(outcome_of(report, &titled("Introitus")), "on_player", "{report:#}");
    assert_eq!(outcome_of(report, &titled("Lacrimosa")), "on_player", "{report:#}");
    assert_ne!(outcome_of(report, &titled("Dies irae")), "on_player", "{report:#}");
}

#[test]
fn a_sharp_or_a_flat_makes_another_piece_however_it_is_written() {
    let home = Home::new();
    let made = |number: u32, title: &str| MadeTrack::new("Oda Brenn", "Cinders", number, title).seconds(4.0);
    let music = [made(1, "Nocturne in C minor"), made(2, "Waltz in A♭ major"), made(3, "Jam in F# minor")];
    make_music(&home.path("music"), &music).unwrap();
    let wish = |title: &str| Track { duration_ms: Some(4_000), ..Track::new("Oda Brenn", "Cinders", title) };
    let wanted = [
        ("Nocturne in C# minor", "needs_review"),
        ("Waltz in A-Flat Major", "on_player"),
        ("Jam in F-sharp minor", "on_player"),
    ];
    home.csv("a.csv", &wanted.map(|(title, _)| wish(title)));
    let report = &home.json("convert a.csv --from music --to ./player")["report"];
    for (title, outcome) in wanted {
        assert_eq!(outcome_of(report, title), outcome, "{title}: {report:#}");
    }
}

#[test]
fn a_key_or_a_numeral_is_no_misspelling() {
    let home = Home::new();
    let pairs = [
        (("Oda Brenn", "Prelude in Eb"), ("Oda Brenn", "Prelude in E")),
        (("Oda Brenn", "Sonata in E"), ("Oda Brenn", "Sonata in Es")),
        (("Gull Quay II", "Slack"), ("Gull Quay III", "Slack")),
    ];
    let made =
        pairs.iter().map(|((artist, title), _)| MadeTrack::new(artist, "Cinders", 1, title).seconds(4.0));
    make_music(&home.path("music"), &made.collect::<Vec<_>>()).unwrap();
    let wish = |(artist, title): (&str, &str)| Track {
        duration_ms: Some(4_000),
        ..Track::new(artist, "Cinders", title)
    };
    home.csv("a.csv", &pairs.map(|(_, wanted)| wish(wanted)));
    let report = &home.json("convert a.csv --from music --to ./player")["report"];
    for (_, (_, title)) in pairs {
        assert_eq!(outcome_of(report, title), "needs_review", "{title}: {report:#}");
    }
}

#[test]
fn the_type_of_a_release_in_its_tags_tells_a_concert_from_the_studio() {
    let home = Home::new();
    let typed = |title: &str, album: &str, number, (name, value): (&str, &str)| MadeTrack {
        more_tags: vec![(name.to_owned(), value.to_owned())],
        ..MadeTrack::new("Mara Quill", album, number, title).seconds(4.0)
    };
    let by_picard = "MusicBrainz Album Type";
    let music = [
        typed("Ebb", "Afterglow", 1, ("RELEASETYPE", "album; live")),
        typed("Flood", "Afterglow", 2, (by_picard, "album; live")).format(AudioFormat::Mp3),
        typed("Tern", "Reeds", 1, ("RELEASETYPE", "album; compilation")),
    ];
    make_music(&home.path("music"), &music).unwrap();
    let wish = |title: &str, album: &str| Track {
        duration_ms: Some(4_000),
        ..Track::new("Mara Quill", album, title)
    };
    home.csv("a.csv", &["Ebb", "Flood", "Tern"].map(|title| wish(title, "Low Water")));
    let last = home.json("convert a.csv --from music --to ./player");
    for (title, outcome) in [("Ebb", "needs_review"), ("Flood", "needs_review"), ("Tern", "on_player")] {
        assert_eq!(outcome_of(&last["report"], title), outcome, "{title}");
    }
    // Where the concert is wanted, the type stands for the word that its titles leave out.
    home.csv("b.csv", &["Ebb - Live", "Flood - Live"].map(|title| wish(title, "Afterglow (Live)")));
    let last = home.json("convert b.csv --from music --to ./other");
    for title in ["Ebb - Live", "Flood - Live"] {
        assert_eq!(outcome_of(&last["report"], title), "on_player", "{title}");
    }
}

#[test]
fn who_plays_is_told_by_the_fields_beside_the_composer() {
    let home = Home::new();
    let composer = "Ludwig van Beethoven";
    let titled = |piece: &str| format!("Symphony No. 5 in C Minor, Op. 67: {piece}");
    let played = |number, piece: &str, conductor: &str| MadeTrack {
        more_tags: [("CONDUCTOR", conductor), ("ORCHESTRA", "Fenmoor Philharmonic")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        ..MadeTrack::new(composer, "Classical Gold", number, &titled(piece)).seconds(4.0)
    };
    let music =
        [played(1, "I. Allegro con brio", "Oda Brenn"), played(2, "II. Andante con moto", "Ben Otter")];
    make_music(&home.path("music"), &music).unwrap();
    let pieces = ["I. Allegro con brio", "II. Andante con moto"].map(titled);
    let artists = format!("{composer}, Fenmoor Philharmonic, Oda Brenn");
    let wish =
        |title: &String| Track { duration_ms: Some(4_000), ..Track::new(&artists, "Symphonies", title) };
    home.csv("a.csv", &[wish(&pieces[0]), wish(&pieces[1])]);
    let report = &home.json("convert a.csv --from music --to ./player")["report"];
    assert_eq!(outcome_of(report, &pieces[0]), "on_player", "{report:#}");
    assert_eq!(outcome_of(report, &pieces[1]), "needs_review", "{report:#}");
}

#[test]
fn another_cast_a_short_form_and_a_word_that_is_cut_off_are_asked_about() {
    let home = Home::new();
    let (cast, film) =
        ("Low Water (Original Broadway Cast Recording)", "Low Water (Original Motion Picture Soundtrack)");
    let cut = "Rivers of Fenmoor Again (Karao";
    let made = |artist: &str, album: &str, number, title: &str| {
        MadeTrack::new(artist, album, number, title).seconds(4.0)
    };
    let music = [
        made("Mara Quill", cast, 1, "Ebb"),
        made("Mara Quill", "Neap Tide (Music from the Motion Picture)", 1, "Flood"),
        made("Taylor Swift", "Marsh (TV)", 1, "Slack"),
        made("Oda Brenn", "Best Of", 1, cut).at("Loose/01 Oda Brenn - Rivers of Fenmoor Again.flac"),
    ];
    make_music(&home.path("music"), &music).unwrap();
    let wish = |artist: &str, album: &str, title: &str| Track {
        duration_ms: Some(4_000),
        ..Track::new(artist, album, title)
    };
    let wishes = [
        wish("Mara Quill", film, "Ebb"),
        wish("Mara Quill", "Neap Tide (Original Motion Picture Soundtrack)", "Flood"),
        wish("Taylor Swift", "Marsh", "Slack"),
        wish("Oda Brenn", "Cinders", "Rivers of Fenmoor Again"),
    ];
    home.csv("a.csv", &wishes);
    let report = &home.json("convert a.csv --from music --to ./player")["report"];
    for title in ["Ebb", "Slack", "Rivers of Fenmoor Again"] {
        assert_eq!(outcome_of(report, title), "needs_review", "{report:#}");
    }
    assert_eq!(outcome_of(report, "Flood"), "on_player", "{report:#}");
}

#[test]
fn the_clean_version_is_known_by_the_mark_of_shops() {
    let home = Home::new();
    // Title, album and mark of its file, whether the list calls it explicit, and what becomes of it.
    let songs = [
        ("Ebb", "Low Water", "2", true, "needs_review"),
        ("Flood", "Low Water", "1", true, "on_player"),
        ("Slack", "Low Water", "2", false, "on_player"),
        ("Neap", "Low Water", "1", false, "on_player"),
        ("Gull", "Low Water (Clean)", "2", true, "needs_review"),
        ("Tern", "Low Water [Edited]", "0", true, "needs_review"),
        ("Wren", "Low Water (Clean)", "2", false, "on_player"),
    ];
    let music = songs.iter().zip(1..).map(|((title, album, mark, ..), number)| MadeTrack {
        more_tags: vec![("ITUNESADVISORY".to_owned(), (*mark).to_owned())],
        ..MadeTrack::new("Mara Quill", album, number, title).seconds(4.0)
    });
    make_music(&home.path("music"), &music.collect::<Vec<_>>()).unwrap();
    let header = "Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,Explicit,Added By,Added At";
    let rows = songs.iter().zip(1..).map(|((title, _, _, explicit, _), number)| {
        let uri = format!("spotify:track:4aawyAB9vmqN3uQ7FjR00{number}");
        format!("{uri},{title},Low Water,Mara Quill,1997-01-01,4000,50,{explicit},me,2024-01-05T10:00:00Z")
    });
    let text = format!("{header}\n{}\n", rows.collect::<Vec<_>>().join("\n"));
    fs::write(home.path("Liked.csv"), text).unwrap();
    let report = &home.json("convert Liked.csv --from music --to ./player")["report"];
    for (title, album, mark, explicit, outcome) in songs {
        let said = outcome_of(report, title);
        assert_eq!(said, outcome, "{title}, {album}, {mark}, {explicit}: {report:#}");
    }
}
