//! Right artist and title, and still another recording: other partners, evenings, composers, albums.

use ferrotape_domain::{Choice, Wanted};
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_one, offers, wanted};

type Side<'a> = (&'a str, &'a [&'a str], &'a str);

fn is_chosen((title, artists, album): Side<'_>, file: Side<'_>, wanted_seconds: f64, seconds: f64) -> bool {
    let made = Made::new("Music/x.mp3", file.0, &file.1.join("\u{1f}"), file.2, seconds);
    let index = Index::build(&offers(&[made]));
    matches!(choose_one(&index, &wanted(title, artists, album, wanted_seconds)), Choice::Chosen(_))
}

fn never(one: Side<'_>, other: Side<'_>, times: &[(f64, f64)]) {
    for (wanted_seconds, seconds) in times {
        assert!(!is_chosen(one, other, *wanted_seconds, *seconds), "{one:?} is no {other:?}");
        assert!(!is_chosen(other, one, *wanted_seconds, *seconds), "{other:?} is no {one:?}");
    }
}

const ANY: &[(f64, f64)] = &[(0.0, 200.0), (200.0, 203.0), (200.0, 200.4)];
const NOT_CLOSE: &[(f64, f64)] = &[(0.0, 200.0), (200.0, 203.0)];

#[test]
fn another_partner_is_another_recording() {
    let with: fn(&'static [&'static str]) -> Side<'static> = |artists| ("Ember", artists, "");
    never(with(&["Ana Quill", "Bo Otter"]), with(&["Ana Quill", "Cy Tarn"]), ANY);
    never(with(&["Ana Quill & Bo Otter"]), with(&["Ana Quill & Cy Tarn"]), ANY);
    never(with(&["Ana Quill", "Bo Otter"]), with(&["Cy Tarn", "Bo Otter"]), ANY);
    for same in [&["Ana Quill & Bo Otter"][..], &["Ana Quill"], &["Bo Otter", "Ana Quill"], &["Quill, Ana"]] {
        assert!(is_chosen(with(&["Ana Quill", "Bo Otter"]), with(same), 200.0, 200.4), "{same:?}");
    }
    let remix = ("Ember - Cy Tarn Remix", &["Ana Quill", "Cy Tarn"][..], "");
    assert!(is_chosen(remix, ("Ember (Cy Tarn Remix)", &["Ana Quill"], ""), 200.0, 200.4));
}

#[test]
fn another_partner_on_one_album_is_told_by_its_number_only() {
    const TITLE: &str = "Ember (feat. Bo Otter)";
    let wish = |seconds: f64| Wanted {
        disc_number: Some(1),
        track_number: Some(1),
        ..wanted(TITLE, &["Ana Quill", "Bo Otter"], "Ember EP", seconds)
    };
    let taken = |title: &str, artist: &str, track: u32, seconds: f64| {
        let file = Made {
            track,
            album_artist: "Ana Quill".to_owned(),
            ..Made::new("Music/Ana Quill/Ember EP/x.mp3", title, artist, "Ember EP", 200.0)
        };
        matches!(choose_one(&Index::build(&offers(&[file])), &wish(seconds)), Choice::Chosen(_))
    };
    for (title, artist) in [
        ("Ember (feat. Cy Tarn)", "Ana Quill"),
        ("Ember", "Ana Quill & Cy Tarn"),
        ("Ember", "Ana Quill\u{1f}Cy Tarn"),
        ("Ember ft. Cy Tarn", "Ana Quill"),
    ] {
        for seconds in [200.4, 0.0] {
            assert!(!taken(title, artist, 0, seconds), "{title}, {artist}, {seconds}");
            assert!(!taken(title, artist, 2, seconds), "{title}, {artist}, {seconds}: the second");
        }
        assert!(taken(title, artist, 1, 200.4), "{title}, {artist}: the very track");
    }
    for (title, artist) in [
        ("Ember (feat. B. Otter)", "Ana Quill"),
        ("Ember ft. Bo Ottr", "Ana Quill"),
        ("Ember", "Ana Quill & Bo Otter"),
        ("Ember", "Ana Quill"),
        ("Ember", "Ana Quill\u{1f}Original Tarnholm Cast"),
        ("Ember (feat. 보 오터)", "Ana Quill"),
    ] {
        assert!(taken(title, artist, 0, 200.4), "{title}, {artist}");
    }
}

#[test]
fn a_duet_without_its_partner_needs_a_playing_time() {
    let duet = ("Ember (duet with Bo Otter)", &["Ana Quill"][..], "");
    let alone = ("Ember", &["Ana Quill"][..], "");
    assert!(!is_chosen(duet, alone, 0.0, 200.0));
    assert!(is_chosen(duet, alone, 200.0, 200.4));
}

#[test]
fn another_composer_wrote_another_piece() {
    let by = |composer: &'static str| -> Side<'static> {
        match composer {
            "Schubert" => ("Ave Maria", &["Franz Schubert", "Ana Quill"], ""),
            _ => ("Ave Maria", &["Charles Gounod", "Ana Quill"], ""),
        }
    };
    never(by("Schubert"), by("Gounod"), ANY);
}

#[test]
fn two_live_albums_hold_two_performances() {
    let on = |album: &'static str| -> Side<'static> { ("Ember", &["Oda Brenn"], album) };
    never(on("Live in Paris"), on("Live in Rome"), NOT_CLOSE);
    never(on("Live in Paris 1998"), on("Live in Paris 2004"), NOT_CLOSE);
    let marked = |album: &'static str| -> Side<'static> { ("Ember (Live)", &["Oda Brenn"], album) };
    never(marked("Live in Paris"), marked("Live in Rome"), NOT_CLOSE);
    assert!(is_chosen(on("Live in Paris"), on("Live in Paris (Remastered)"), 200.0, 200.4));
}

#[test]
fn every_album_has_an_intro() {
    for title in ["Intro", "Interlude", "Main Title", "Overture"] {
        never((title, &["Oda Brenn"], "Cinders"), (title, &["Oda Brenn"], "Ashes"), ANY);
        let own = (title, &["Oda Brenn"][..], "Cinders");
        assert!(is_chosen(own, (title, &["Oda Brenn"], "Cinders (Deluxe)"), 200.0, 200.4), "{title}");
    }
}

#[test]
fn the_right_one_of_hundreds_of_one_title_is_found() {
    let live = |n: u32| {
        let album = format!("Live at Hall {n}");
        Made::new(&format!("a/{n:04}.mp3"), &format!("Ember (Live at Hall {n})"), "Oda Brenn", &album, 900.0)
    };
    let mut files: Vec<Made> = (0..200).map(live).collect();
    files.push(Made::new("z/Ember.mp3", "Ember", "Oda Brenn", "Cinders", 200.0));
    let index = Index::build(&offers(&files));
    let choice = choose_one(&index, &wanted("Ember", &["Oda Brenn"], "Cinders", 200.0));
    assert!(matches!(&choice, Choice::Chosen(found) if found.file_id == 201), "{choice:?}");
}

#[test]
fn endless_wanted_texts_are_read_as_far_as_tags_are() {
    let endless = "Ember - ".repeat(100_000);
    let index = Index::build(&offers(&[Made::new("a.mp3", "Ember", "Oda Brenn", "", 200.0)]));
    let began = std::time::Instant::now();
    choose_one(&index, &wanted(&endless, &[&endless], &endless, 200.0));
    assert!(began.elapsed() < std::time::Duration::from_secs(20));
}

#[test]
fn brackets_that_name_two_albums_are_two_titles() {
    let file = Made::new("a.mp3", "Ember (Ashes)", "Oda Brenn", "Ashes", 0.0);
    let index = Index::build(&offers(&[file]));
    let choice = choose_one(&index, &wanted("Ember (Cinders)", &["Oda Brenn"], "Cinders", 0.0));
    assert!(!matches!(choice, Choice::Chosen(_)), "{choice:?}");
    let own = Made::new("a.mp3", "Ember (Cinders)", "Oda Brenn", "Cinders", 0.0);
    let index = Index::build(&offers(&[own]));
    let choice = choose_one(&index, &wanted("Ember", &["Oda Brenn"], "Cinders", 0.0));
    assert!(matches!(choice, Choice::Chosen(_)), "{choice:?}");
}

#[test]
fn a_track_may_be_called_untitled() {
    let file = Made::new("a/b/c.mp3", "Untitled", "Oda Brenn", "Cinders", 200.0);
    let index = Index::build(&offers(&[file]));
    let choice = choose_one(&index, &wanted("Untitled", &["Oda Brenn"], "Cinders", 200.0));
    assert!(matches!(choice, Choice::Chosen(_)), "{choice:?}");
}

#[test]
fn swapped_names_need_more_than_the_names() {
    let file = Made::new("a.mp3", "Chicago", "Boston", "", 0.0);
    let index = Index::build(&offers(&[file]));
    let choice = choose_one(&index, &wanted("Boston", &["Chicago"], "", 0.0));
    assert!(!matches!(choice, Choice::Chosen(_)), "{choice:?}");
}
