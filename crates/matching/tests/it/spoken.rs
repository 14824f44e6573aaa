//! Podcasts and audiobooks: never the wrong one, and what is unsure goes to a person.

use std::path::PathBuf;
use std::time::Duration;

use ferrotape_domain::{
    ArtistCredit, AudioFacts, AudioFormat, ContentId, Isrc, Offer, TagSet, Wanted, WantedKind,
};
use ferrotape_matching::spoken::{
    FeedItem, Mark, Shelf, SpokenChoice, around, choose_spoken, mark, may_be_music, published, title_in_name,
};

/// A file of `Low Tide`, with a genre.
pub(crate) fn file(id: i64, path: &str, title: &str, seconds: u64) -> Offer {
    let format = if path.ends_with("m4b") { AudioFormat::Aac } else { AudioFormat::Mp3 };
    Offer {
        file_id: id,
        path: PathBuf::from(path),
        part: None,
        size: 1,
        content: ContentId(format!("content {id}")),
        facts: AudioFacts {
            format,
            duration: Some(Duration::from_secs(seconds)),
            sample_rate: 44_100,
            channels: 1,
            bits_per_sample: None,
            bitrate_kbps: Some(64),
        },
        tags: TagSet {
            title: Some(title.to_owned()).filter(|title| !title.is_empty()),
            album: Some("Low Tide".to_owned()),
            artists: vec!["Harbour Radio".to_owned()],
            genres: vec!["Podcast".to_owned()],
            ..TagSet::default()
        },
        cover: String::new(),
    }
}

pub(crate) fn with(mut offer: Offer, change: impl FnOnce(&mut TagSet)) -> Offer {
    change(&mut offer.tags);
    offer
}

fn episode(title: &str, seconds: u64) -> Wanted {
    let mut wanted = Wanted::of_kind(WantedKind::Episode);
    wanted.title = title.to_owned();
    wanted.release = Some("Low Tide".to_owned());
    wanted.duration = (seconds > 0).then(|| Duration::from_secs(seconds));
    wanted
}

pub(crate) fn book(title: &str, author: &str) -> Wanted {
    let mut wanted = Wanted::of_kind(WantedKind::Audiobook);
    wanted.title = title.to_owned();
    wanted.artists = ArtistCredit::printed(author);
    wanted
}

/// `file 3`, `files 1 2`, `review 1 2: why`, `none: why`.
pub(crate) fn answer(wanted: &Wanted, offers: &[Offer]) -> String {
    let shelf = Shelf::build(offers, std::iter::once(wanted));
    let said = choose_spoken(&shelf, wanted, &|_, _| false).unwrap();
    let mut turned: Vec<Offer> = offers.to_vec();
    turned.reverse();
    let again = choose_spoken(&Shelf::build(&turned, std::iter::once(wanted)), wanted, &|_, _| false);
    assert_eq!(again.as_ref(), Some(&said), "the order of the files makes no difference");
    let ids = |ids: &mut dyn Iterator<Item = i64>| ids.map(|id| id.to_string()).collect::<Vec<_>>().join(" ");
    match said.choice {
        SpokenChoice::File(found) => format!("file {}", found.file_id),
        SpokenChoice::Files { files, .. } => format!("files {}", ids(&mut files.into_iter())),
        SpokenChoice::Review(found, why) => {
            format!("review {}: {why}", ids(&mut found.into_iter().map(|found| found.file_id)))
        }
        SpokenChoice::None(why) => format!("none: {why}"),
    }
}

#[test]
fn an_episode_is_its_title_and_its_show() {
    let table = [
        ("#12 – Harbour", "12. Harbour", "file 1"),
        ("Harbour", "Low Tide: Harbour", "file 1"),
        (
            "Harbour, Part 2",
            "Harbour, Part 1",
            "none: no file of it in your folders, which hold 1 file of this podcast",
        ),
        (
            "#12 Harbour",
            "#13 Harbour",
            "none: no file of it in your folders, which hold 1 file of this podcast",
        ),
        // As long to the second: a number before the title only counts it.
        ("#12 Harbour", "Harbour", "file 1"),
        ("Harbour", "S2E3 | Harbour", "file 1"),
        ("Harbour | Low Tide", "Ep. 12: Harbour", "file 1"),
        ("Harbour", "Harbour 2", "review 1: only one of the titles says 2"),
        ("Trailer", "Season 2: Trailer", "review 1: only one of the titles says 2"),
        ("Harbour at Night", "Harbour at Night (Bonus)", "review 1: its title is “Harbour at Night (Bonus)”"),
        ("Harbour", "Gulls", "none: no file of it in your folders, which hold 1 file of this podcast"),
    ];
    for (wanted, title, expected) in table {
        let offers = [file(1, "/p/a.mp3", title, 2_400)];
        assert_eq!(answer(&episode(wanted, 2_400), &offers), expected, "{wanted} / {title}");
    }
    let review = "review 1: only one of the titles says 12";
    for length in [0, 2_440] {
        let offers = [file(1, "/p/a.mp3", "Harbour", 2_400)];
        assert_eq!(answer(&episode("#12 Harbour", length), &offers), review, "{length}");
    }
    let dated =
        with(file(1, "/p/a.mp3", "12. Harbour", 2_400), |tags| tags.date = Some("2024-03-05".to_owned()));
    for (day, expected) in [("2024-03-06", "file 1"), ("2024-03-07", review)] {
        let wanted = Wanted { released: Some(day.to_owned()), ..episode("Harbour", 2_440) };
        assert_eq!(answer(&wanted, std::slice::from_ref(&dated)), expected, "{day}");
    }
    let both = [file(1, "/p/a.mp3", "3. Harbour", 2_400), file(2, "/p/b.mp3", "Harbour", 2_390)];
    assert_eq!(answer(&episode("Harbour", 2_400), &both), "file 2", "the very title goes first");
    let both = [file(1, "/p/a.mp3", "3. Harbour", 2_400), file(2, "/p/b.mp3", "4. Harbour", 2_400)];
    let says = "review 1 2: two different files have its title and its show";
    assert_eq!(answer(&episode("Harbour", 2_400), &both), says);
    let numbered = with(file(1, "/p/a.mp3", "Harbour", 2_400), |tags| tags.track_number = Some(12));
    assert_eq!(answer(&episode("#12 Harbour", 2_400), &[numbered]), "file 1");
}

/// `November 23, 2026` is in every daily show of that day, also in another one of the name.
#[test]
fn a_title_that_says_only_a_day_or_a_number_does_not_outweigh_another_publisher() {
    let saved = Wanted {
        title: "Low Tide".to_owned(),
        artists: ArtistCredit::printed("Harbour Radio"),
        ..Wanted::of_kind(WantedKind::Show)
    };
    let is_taken = |title: &str, artist: &str, shows: &[&Wanted]| {
        let wanted = episode(title, 600);
        let by = |tags: &mut TagSet| tags.artists = vec![artist.to_owned()];
        let offers = [with(file(1, "/own/a.mp3", title, 612), by)];
        let shelf = Shelf::build(&offers, shows.iter().copied().chain([&wanted]));
        matches!(choose_spoken(&shelf, &wanted, &|_, _| false).unwrap().choice, SpokenChoice::File(_))
    };
    for title in ["November 23, 2026", "Low Tide #12"] {
        assert!(!is_taken(title, "Other Station", &[&saved]), "{title}");
        for artist in ["Harbour Radio", "Harbour Radio and a Guest", "Low Tide", ""] {
            assert!(is_taken(title, artist, &[&saved]), "{title} / {artist}");
        }
        assert!(is_taken(title, "Other Station", &[]), "{title}: who publishes it nobody says");
    }
    // A title of its own is the episode's whoever is named beside it: perhaps a guest.
    assert!(is_taken("Gulls at Night", "Other Station", &[&saved]));
}

#[test]
fn a_trailer_of_a_podcast_called_otherwise_is_asked_about_where_nothing_else_tells() {
    let of = |title: &str| {
        let of_the = |tags: &mut TagSet| tags.album = Some("The Low Tide".to_owned());
        [with(file(1, "/own/a.mp3", title, 600), of_the)]
    };
    let says = "review 1: its podcast is “The Low Tide”, and its title is in any podcast";
    assert_eq!(answer(&episode("Trailer", 0), &of("Trailer")), says);
    assert_eq!(answer(&episode("Episode 12", 0), &of("Episode 12")), says);
    assert_eq!(answer(&episode("Trailer", 600), &of("Trailer")), "file 1", "its length tells");
    assert_eq!(answer(&episode("Gulls", 0), &of("Gulls")), "file 1", "its title tells");
    let by_radio = Wanted { artists: ArtistCredit::printed("Harbour Radio"), ..episode("Trailer", 0) };
    assert_eq!(answer(&by_radio, &of("Trailer")), "file 1", "its publisher tells");
}

#[test]
fn an_episode_is_about_as_long_and_of_its_day() {
    let one = |seconds| [file(1, "/p/a.mp3", "Harbour", seconds)];
    // Advertisements come and go: 90 s, or a twentieth.
    assert_eq!(answer(&episode("Harbour", 600), &one(690)), "file 1");
    assert_eq!(answer(&episode("Harbour", 6_000), &one(6_299)), "file 1");
    assert_eq!(answer(&episode("Harbour", 600), &one(700)), "review 1: 2 min longer");
    assert_eq!(answer(&episode("Harbour", 2_400), &one(1_500)), "review 1: 15 min shorter");
    assert_eq!(
        answer(&episode("Harbour", 0), &one(1_500)),
        "file 1",
        "a length that nobody knows forbids nothing"
    );
    let dated = |date: &str| with(file(1, "/p/a.mp3", "News", 600), |tags| tags.date = Some(date.to_owned()));
    let mut news = episode("News", 600);
    news.released = Some("2024-03-05".to_owned());
    assert_eq!(answer(&news, &[dated("2024-03-06")]), "file 1");
    let other = "review 1: published on 2024-03-12, and 2024-03-05 is wanted";
    assert_eq!(answer(&news, &[dated("2024-03-12")]), other);
    let mut both = [dated("2024-03-12"), dated("2024-03-05")];
    both[1].file_id = 2;
    both[1].content = ContentId("two".to_owned());
    assert_eq!(answer(&news, &both), "file 2", "a title for every week is told by its day");
    news.released = None;
    assert_eq!(answer(&news, &both), "review 1 2: two different files have its title and its show");
}

#[test]
fn copies_are_one_episode_and_the_better_one_is_taken() {
    let mut copies = [file(1, "/p/a.mp3", "Harbour", 600), file(2, "/q/a.mp3", "Harbour", 601)];
    copies[1].facts.bitrate_kbps = Some(128);
    assert_eq!(answer(&episode("Harbour", 600), &copies), "file 2");
    copies[1].facts.duration = Some(Duration::from_secs(640));
    assert_eq!(
        answer(&episode("Harbour", 600), &copies),
        "review 1 2: two different files have its title and its show"
    );
}

#[test]
fn names_of_files_and_folders_stand_in_for_tags() {
    let bare = |path: &str| {
        let mut offer = file(1, path, "", 600);
        offer.tags = TagSet::default();
        offer
    };
    let wanted = episode("#12: Harbour", 0);
    for path in [
        "/x/Podcasts/Low Tide/2024-03-05 - 12 Harbour.mp3",
        "/x/gPodder/Low_Tide/12_Harbour.mp3",
        "/x/podcasts/The Low Tide Podcast/Low Tide - Episode 12 - Harbour.mp3",
    ] {
        assert_eq!(answer(&wanted, &[bare(path)]), "file 1", "{path}");
    }
    let unmarked = bare("/x/Low Tide/12 Harbour.mp3");
    let why = "review 1: nothing says that it is a podcast: no genre, no folder of podcasts";
    assert_eq!(answer(&wanted, std::slice::from_ref(&unmarked)), why);
    assert_eq!(answer(&episode("#12: Harbour", 610), &[unmarked]), "file 1", "its length speaks for it");
    assert_eq!(published(&bare("/x/2024-03-05 Harbour.mp3")).as_deref(), Some("2024-03-05"));
    assert_eq!(title_in_name(&bare("/x/2024-03-05 - 12_Harbour.mp3"), false), "12 Harbour");
    assert_eq!(title_in_name(&bare("/x/03 - The Fog.mp3"), true), "The Fog");
}

#[test]
fn music_is_never_taken_for_spoken_word_nor_spoken_word_for_music() {
    let rock = with(file(1, "/m/a.mp3", "Harbour", 600), |tags| tags.genres = vec!["Rock".to_owned()]);
    let why = "review 1: its genre is “Rock”, which is none of spoken word";
    assert_eq!(answer(&episode("Harbour", 600), std::slice::from_ref(&rock)), why);
    assert_eq!(mark(&rock), Mark::Music);
    let coded = with(file(1, "/m/a.mp3", "Harbour", 600), |tags| {
        tags.genres.clear();
        tags.isrc = Isrc::parse("QZTST2400001").ok();
    });
    assert_eq!(mark(&coded), Mark::Music);
    let talk = file(1, "/m/a.mp3", "Harbour", 600);
    let mut song = Wanted::of_kind(WantedKind::Recording);
    song.duration = Some(Duration::from_secs(600));
    song.release = Some("Low Tide".to_owned());
    assert!(may_be_music(&song, &rock) && !may_be_music(&song, &talk));
    // What is sold as music in most countries: only where its code and its length agree.
    let play = with(talk, |tags| tags.genres = vec!["Audiobook".to_owned()]);
    assert!(!may_be_music(&song, &play), "names are no proof");
    song.isrc = Isrc::parse("QZTST2400001").ok();
    let play = with(play, |tags| tags.isrc = Isrc::parse("QZTST2400001").ok());
    assert!(may_be_music(&song, &play));
    song.duration = Some(Duration::from_secs(240));
    assert!(!may_be_music(&song, &play));
    assert!(!may_be_music(&Wanted::of_kind(WantedKind::Release), &play));
    assert!(answer(&episode("Harbour", 600), &[play]).ends_with("marked as an audiobook"));
}

#[test]
fn a_podcast_is_all_its_episodes_each_once_by_day() {
    let mut show = Wanted::of_kind(WantedKind::Show);
    show.title = "The Low Tide".to_owned();
    let dated = |id, date: &str, title: &str| {
        with(file(id, &format!("/p/{id}.mp3"), title, 600), |tags| tags.date = Some(date.to_owned()))
    };
    let mut offers = vec![
        dated(1, "2024-03-12", "Gulls"),
        dated(2, "2024-03-05", "Harbour"),
        dated(3, "2024-03-05", "Harbour"),
        dated(4, "2024-03-19", "Harbour"),
    ];
    offers[2].facts.bitrate_kbps = Some(32);
    offers.push(with(file(5, "/m/5.mp3", "Song", 200), |tags| tags.genres = vec!["Rock".to_owned()]));
    offers.push(with(file(6, "/p/6.mp3", "Extra", 200), |tags| tags.genres.clear()));
    assert_eq!(answer(&show, &offers), "files 6 2 1 4");
    let music_alone = answer(&show, &offers[4..5]);
    assert_eq!(music_alone, "review 5: its genre is “Rock”, which is none of spoken word");
    show.title = "Ebb".to_owned();
    assert_eq!(answer(&show, &offers), "none: no file of this podcast in your folders");
}

/// Files that came as items of a feed: each with the feed, its name there, and the minute of the day.
fn answer_of_items(wanted: &Wanted, offers: &[Offer], items: &[(&str, &str, i64)]) -> String {
    let item_of = |offer: &Offer| {
        let (feed, name, minute) = items[usize::try_from(offer.file_id).unwrap() - 1];
        Some(FeedItem { feed: feed.to_owned(), name: name.to_owned(), at: Some(minute * 60) })
    };
    let shelf = Shelf::build(offers, std::iter::once(wanted)).with_items(item_of);
    match choose_spoken(&shelf, wanted, &|_, _| false).unwrap().choice {
        SpokenChoice::File(found) => format!("file {}", found.file_id),
        SpokenChoice::Files { files, .. } => format!("files {files:?}"),
        SpokenChoice::Review(_, why) => format!("review: {why}"),
        SpokenChoice::None(why) => format!("none: {why}"),
    }
}

#[test]
fn several_bulletins_of_one_day_and_length_are_no_copies() {
    let show = Wanted { title: "Low Tide".to_owned(), ..Wanted::of_kind(WantedKind::Show) };
    let files = |title: &str| {
        [1, 2, 3].map(|id| {
            let offer = with(file(id, &format!("/p/{id}.mp3"), title, 300), |tags| {
                tags.date = Some("2024-03-05".to_owned());
                tags.album_artists = vec![if id < 3 { "Harbour Radio" } else { "Other Station" }.to_owned()];
            });
            Offer { content: ContentId(format!("sound {id}")), ..offer }
        })
    };
    let of_show = |title: &str, items: [(&str, &str, i64); 3]| answer_of_items(&show, &files(title), &items);
    for title in ["News", "Nachrichten", "Trailer"] {
        // In the order of their moments; without one they are told by their names there.
        assert_eq!(of_show(title, [("f", "a", 720), ("f", "b", 360), ("f", "c", 480)]), "files [2, 3, 1]");
        assert_eq!(of_show(title, [("f", "a", 0), ("f", "b", 0), ("f", "b", 0)]), "files [1, 2]", "{title}");
    }
    // A title that tells is listed twice, or sent again later.
    assert_eq!(of_show("Harbour", [("f", "a", 360), ("f", "b", 361), ("f", "c", 700)]), "files [1, 3]");
    // What another feed has is a copy, where it may be of the same publisher.
    assert_eq!(of_show("News", [("f", "a", 360), ("g", "b", 360), ("f", "a", 360)]), "files [1]");
    let mut equal = files("News");
    equal[1].content = equal[0].content.clone();
    let items = [("f", "a", 360), ("f", "b", 480), ("f", "c", 600)];
    assert_eq!(answer_of_items(&show, &equal, &items), "files [1, 3]", "equal bytes are copies");
    // One of them is wanted, and nothing tells which.
    let two = "review: two different files have its title and its show";
    assert_eq!(answer_of_items(&episode("News", 300), &files("News"), &items), two);
    let of_two_stations = [("f", "a", 360), ("f", "a", 360), ("g", "a", 360)];
    assert_eq!(answer_of_items(&episode("News", 300), &files("News"), &of_two_stations), two);
    assert_eq!(answer_of_items(&episode("Harbour", 300), &files("Harbour"), &of_two_stations), "file 3");
}

#[test]
fn an_episode_of_one_of_two_podcasts_of_a_name_is_told_by_publisher_day_or_length() {
    let saved = |publisher: &str| Wanted {
        title: "Low Tide".to_owned(),
        artists: ArtistCredit::printed(publisher),
        ..Wanted::of_kind(WantedKind::Show)
    };
    let offers = [with(file(1, "/p/a.mp3", "Harbour", 600), |tags| {
        tags.album_artists = vec!["Mara Quill".to_owned()];
    })];
    let says = |wanted: &Wanted, publishers: &[&str]| {
        let shows: Vec<Wanted> = publishers.iter().map(|publisher| saved(publisher)).collect();
        let shelf = Shelf::build(&offers, shows.iter().chain([wanted]));
        match choose_spoken(&shelf, wanted, &|_, _| false).unwrap().choice {
            SpokenChoice::File(_) => "taken".to_owned(),
            other => format!("{other:?}"),
        }
    };
    let both = ["Mara Quill", "Other Person"];
    let nothing_known = episode("Harbour", 0);
    assert!(says(&nothing_known, &both).contains("you want several podcasts of this name"));
    assert_eq!(says(&nothing_known, &both[..1]), "taken", "there is one of the name");
    assert_eq!(says(&nothing_known, &["Mara Quill", "Mara Quill and Friends"]), "taken");
    assert_eq!(says(&episode("Harbour", 600), &both), "taken", "its length tells");
    let by_mara = Wanted { artists: ArtistCredit::printed("Mara Quill"), ..episode("Harbour", 0) };
    assert_eq!(says(&by_mara, &both), "taken", "its publisher tells");
}

/// The parts of `Salt` by Mara Quill, in a folder of audiobooks.
fn parts(numbers: &[u32]) -> Vec<Offer> {
    let part = |number: &u32| {
        let path = format!("/x/Audiobooks/Mara Quill/Salt/{number:02} - Part {number}.mp3");
        with(file(i64::from(*number), &path, &format!("Part {number}"), 1_800), |tags| {
            tags.genres.clear();
            tags.album = Some("Salt (Unabridged)".to_owned());
            tags.artists = vec!["Mara Quill".to_owned()];
            tags.track_number = Some(*number);
        })
    };
    numbers.iter().map(part).collect()
}

#[test]
fn a_book_is_its_title_and_its_author_with_nothing_missing() {
    let salt = book("Salt", "Mara Quill");
    assert_eq!(answer(&salt, &parts(&[3, 1, 10, 2, 4, 5, 6, 7, 8, 9])), "files 1 2 3 4 5 6 7 8 9 10");
    assert_eq!(answer(&salt, &parts(&[1, 3])), "review 1: part 2 of 3 is missing");
    let mut of_nine = parts(&[1, 2, 3]);
    of_nine[0].tags.track_total = Some(9);
    assert_eq!(answer(&salt, &of_nine), "review 1: parts 4, 5, 6, 7, 8, 9 of 9 are missing");
    let mut twice = parts(&[1, 2, 3]);
    twice[2].tags.track_number = Some(2);
    assert_eq!(answer(&salt, &twice), "review 1: two of its files have the number 2");
    let mut names = parts(&[1, 2, 10]);
    names.iter_mut().for_each(|offer| offer.tags.track_number = None);
    let why = "review 1: 7 of 10 parts are missing";
    assert_eq!(answer(&salt, &names), why, "without numbers in tags the names tell");
    let long =
        |hours: f32| Wanted { duration: Some(Duration::from_secs_f32(hours * 3_600.0)), ..salt.clone() };
    assert_eq!(answer(&long(1.5), &names), "files 1 2 10", "as long as the book is said to be");
    assert_eq!(answer(&book("Salt", "Oda Brenn"), &parts(&[1, 2])), "none: no file of it in your folders");
    assert_eq!(answer(&book("Ebb", "Mara Quill"), &parts(&[1, 2])), "none: no file of it in your folders");
    let nobody = "review 1: its author is not known, and several books may have this title";
    assert_eq!(answer(&book("Salt", ""), &parts(&[1])), nobody);
}

#[test]
fn files_that_nothing_counts_are_a_book_only_by_its_length() {
    let named = |names: &[&str]| {
        let mut all = parts(&(1..=names.len() as u32).collect::<Vec<_>>());
        for (offer, name) in all.iter_mut().zip(names) {
            offer.tags.track_number = None;
            offer.path.set_file_name(format!("{name}.mp3"));
        }
        all
    };
    let salt = book("Salt", "Mara Quill");
    let fog = named(&["The Boat", "The Fog", "The Shore"]);
    let why = "review 1: nothing tells whether a part of it is missing: its files have no numbers, and the book's length \
               is not known";
    assert_eq!(answer(&salt, &fog), why);
    let long = |minutes: u64| Wanted { duration: Some(Duration::from_secs(minutes * 60)), ..salt.clone() };
    assert_eq!(answer(&long(90), &fog), "files 1 2 3");
    assert_eq!(answer(&long(120), &fog), "review 1: 30 min shorter");
    for (names, expected) in [
        (&["01 - The Boat", "02 - The Fog", "03 - The Shore"][..], "files 1 2 3"),
        (&["Salt 1", "Salt 2", "Salt 3"], "files 1 2 3"),
        (&["Salt, part 1 of 3", "Salt, part 2 of 3", "Salt, part 3 of 3"], why),
        (&["1899 - The Boat", "1901 - The Fog"], why),
        (&["Salt 1", "Salt 3"], "review 1: part 2 of 3 is missing"),
        (&["The whole of it"], "files 1"),
        (&["Salt 2"], "files 1"),
    ] {
        assert_eq!(answer(&salt, &named(names)), expected, "{names:?}");
    }
}

/// `Salt` by Mara Quill as one file, under this name.
fn whole(album: &str) -> Vec<Offer> {
    vec![with(file(1, "/x/Salt.m4b", album, 36_000), |tags| {
        tags.album = Some(album.to_owned());
        tags.artists = vec!["Mara Quill".to_owned()];
        tags.genres.clear();
    })]
}

#[test]
fn editions_and_volumes_are_told_apart() {
    let table = [
        ("Salt", "Salt", "files 1"),
        ("Salt (Unabridged)", "Salt", "files 1"),
        ("Salt", "Salt (Abridged)", "review 1: abridged, and nothing says that the abridged book is wanted"),
        ("Salt (Unabridged)", "Salt (Abridged)", "review 1: abridged, and the unabridged book is wanted"),
        (
            "Salt (Abridged)",
            "Salt",
            "review 1: nothing says that it is abridged, and the abridged book is wanted",
        ),
        ("Salt (Abridged)", "Salt (Abridged)", "files 1"),
        ("Salt, Volume 2", "Salt Vol. II", "files 1"),
        ("Salt, Volume 2", "Salt, Volume 1", "none: no file of it in your folders"),
        ("Salt: Volume 2", "Salt: Volume 1", "none: no file of it in your folders"),
        ("Salt: A History", "Salt", "review 1: its title is “Salt”"),
        ("Salt (German Edition)", "Salt", "review 1: its title is “Salt”"),
        ("Salt", "Salt (German Edition)", "review 1: its title is “Salt (German Edition)”"),
    ];
    for (wanted, album, expected) in table {
        assert_eq!(answer(&book(wanted, "Mara Quill"), &whole(album)), expected, "{wanted} / {album}");
    }
    let as_long =
        Wanted { duration: Some(Duration::from_secs(36_000)), ..book("Salt (Abridged)", "Mara Quill") };
    assert_eq!(answer(&as_long, &whole("Salt")), "files 1", "it lasts as long as the abridged book");
    let mut both = whole("Salt");
    both.extend(parts(&[2, 1]).into_iter().map(|mut part| {
        part.file_id += 10;
        part
    }));
    let two = answer(&book("Salt", "Mara Quill"), &both);
    assert_eq!(two, "review 1 11: you have it in two editions or two copies");
    let album = with(whole("Salt").remove(0), |tags| tags.genres = vec!["Rock".to_owned()]);
    let mut song = album;
    song.path = PathBuf::from("/x/Salt.mp3");
    let why = "review 1: its genre is “Rock”, which is none of spoken word";
    assert_eq!(answer(&book("Salt", "Mara Quill"), &[song]), why);
}

#[test]
fn readings_of_a_book_are_told_apart() {
    let table = [
        ("Salt", "Salt (version 2)", "files 1"),
        ("Salt (version 2)", "Salt", "review 1: its title is “Salt”"),
        (
            "Salt",
            "Salt (in German, read by O. Brenn)",
            "review 1: this reading is in German, read by O. Brenn",
        ),
        ("Salt - Read by Ann Ebb", "Salt (read by O. Brenn)", "review 1: this reading is read by O. Brenn"),
        (
            "Salt - Read by Ann Ebb",
            "Salt (version 2)",
            "review 1: this is version 2, and nothing says who reads it",
        ),
        ("Salt", "Salt (version 2) (in German)", "review 1: this reading is in German"),
        ("Salt - Read by O. Brenn", "Salt (read by O. Brenn)", "files 1"),
        ("Salt (read by O. Brenn)", "Salt (read by O. Brenn)", "files 1"),
    ];
    for (wanted, album, expected) in table {
        assert_eq!(answer(&book(wanted, "Mara Quill"), &whole(album)), expected, "{wanted} / {album}");
    }
    let mut only = whole("Salt (in German, read by O. Brenn)");
    only[0].tags.title = Some("Salt".to_owned());
    let why = "review 1: this reading is in German, read by O. Brenn";
    assert_eq!(answer(&book("Salt", "Mara Quill"), &only), why, "whatever its only file is called");
    let mut readings = whole("Salt (version 2)");
    readings.extend(whole("Salt").into_iter().map(|first| Offer {
        file_id: 2,
        path: "/y/Salt.m4b".into(),
        ..first
    }));
    assert_eq!(answer(&book("Salt", "Mara Quill"), &readings), "files 2", "the first reading goes before");
}

#[test]
fn discs_count_on_or_begin_anew() {
    let on_disc = |id: i64, disc: u32, number: u32| {
        let path = format!("/x/Audiobooks/Mara Quill/Salt/CD {disc}/{number:02}.mp3");
        with(file(id, &path, "", 1_800), |tags| {
            *tags = TagSet { track_number: Some(number), ..TagSet::default() };
            tags.artists = vec!["Mara Quill".to_owned()];
        })
    };
    let salt = book("Salt", "Mara Quill");
    let anew = [on_disc(1, 2, 1), on_disc(2, 1, 1), on_disc(3, 1, 2), on_disc(4, 2, 2)];
    assert_eq!(answer(&salt, &anew), "files 2 3 1 4");
    let on = [on_disc(1, 1, 1), on_disc(2, 1, 2), on_disc(3, 2, 3)];
    assert_eq!(answer(&salt, &on), "files 1 2 3");
    let gap = [on_disc(1, 1, 1), on_disc(2, 3, 1)];
    assert_eq!(answer(&salt, &gap), "review 1: disc 2 is missing");
}

#[test]
fn a_chapter_is_its_file_or_the_whole_book() {
    let mut chapter = book("Part 2", "Mara Quill");
    chapter.release = Some("Salt".to_owned());
    assert_eq!(answer(&chapter, &parts(&[1, 2, 3])), "file 2");
    assert_eq!(answer(&chapter, &parts(&[2])), "file 2", "what else is missing does not matter");
    chapter.title = "The Fog".to_owned();
    assert_eq!(answer(&chapter, &parts(&[1, 2, 3])), "files 1 2 3");
}

#[test]
fn what_a_person_chooses_stands_for_the_whole_book() {
    let mut offers = parts(&[1, 2, 3]);
    offers.push(file(9, "/x/Audiobooks/Mara Quill/Salt/notes.mp3", "Notes", 60));
    assert_eq!(around(&offers[1], &offers), [1, 2, 3]);
    let bare = |id, path: &str| with(file(id, path, "", 60), |tags| *tags = TagSet::default());
    let loose = [bare(1, "/x/A.m4b"), bare(2, "/x/B.m4b")];
    assert_eq!(around(&loose[0], &loose), [1]);
}

#[test]
fn refused_files_are_not_proposed_again() {
    let offers = [file(1, "/p/a.mp3", "Harbour", 600)];
    let wanted = episode("Harbour", 600);
    let shelf = Shelf::build(&offers, std::iter::once(&wanted));
    let said = choose_spoken(&shelf, &wanted, &|_, content| content.0 == "content 1").unwrap();
    assert!(matches!(said.choice, SpokenChoice::None(_)), "{said:?}");
}
