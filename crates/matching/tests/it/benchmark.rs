//! A benchmark of our own: a made-up catalogue in which every wanted recording meets one named difficulty.
//!
//! Each row plants a right file (or none) and a trap. No wrong pick is allowed anywhere; recall has a floor per class.

use std::collections::BTreeMap;

use ferrotape_domain::{Choice, Offer, Wanted};
use ferrotape_matching::Index;

use crate::catalogue::{Made, Numbers, choose_each, offers, wanted};

/// How the right file's texts are damaged: class, and the least share of them that must still be found.
const DAMAGES: &[(&str, f64)] = &[
    ("clean tags", 1.0),
    ("upper case and other punctuation", 1.0),
    ("guest in the artist field", 1.0),
    ("dash for bracket", 1.0),
    ("swapped", 0.95),
    ("artist inside the title", 0.95),
    ("file name only", 0.95),
    ("file name with underscores", 0.95),
    // Most of the misspelt words are short, and a short word that differs is asked about.
    ("typo", 0.2),
    ("mojibake", 0.95),
    ("cut at 30", 0.9),
    ("compilation", 0.95),
    ("no album", 0.95),
    ("remaster", 0.95),
    ("no playing time", 0.9),
];

/// Recordings that look like the wanted one and are not: suffix, seconds longer.
const TRAPS: &[(&str, f64)] = &[
    (" (Live at Fenmoor)", 31.0),
    (" - Live", 0.4),
    (" (en vivo)", 0.4),
    (" (Tarn Bell Remix)", 62.0),
    (" (Acoustic)", 0.3),
    (" [Inst.]", 0.2),
    (" (Karaoke Version)", 0.5),
    (" (Demo)", 0.6),
    (" (Re-Recorded)", 1.4),
    (" (Radio Clean)", 0.1),
    (" (Sped Up)", -30.0),
    (" (Slowed + Reverb)", 40.0),
    (" (Spanish Version)", 0.7),
    (" - versión en español", 0.7),
    (" (Extended Mix)", 95.0),
    (" (Radio Edit)", -45.0),
    (" Pt. 2", 0.8),
    (" II", 0.8),
    (" (Reprise)", -90.0),
    (" (Take 3)", 0.9),
    (" (Karaoek Version)", 0.5),
    ("", -70.0),
];

const FIRST: &[&str] = &[
    "Amber",
    "Bellow",
    "Cinder",
    "Dapple",
    "Ember",
    "Fallow",
    "Glimmer",
    "Harrow",
    "Ivory",
    "Juniper",
    "Kestrel",
    "Lantern",
    "Marrow",
    "Nettle",
    "Ochre",
    "Pebble",
    "Quarry",
    "Rushlight",
    "Saffron",
    "Thistle",
];
const SECOND: &[&str] = &[
    "Avenue",
    "Bridge",
    "Causeway",
    "Doorway",
    "Evening",
    "Furnace",
    "Garden",
    "Harbour",
    "Island",
    "Journey",
    "Kitchen",
    "Ladder",
    "Meadow",
    "Needle",
    "Orchard",
    "Pavement",
    "Quilt",
    "Railway",
    "Staircase",
    "Telegram",
];
const PEOPLE: &[&str] = &[
    "Oda Brenn",
    "Tarvo Lisk",
    "Mirel Ashby",
    "Jonquil Pratt",
    "Sefa Molander",
    "Ruben Quist",
    "Alda Vorrin",
    "Pim Hasselt",
    "Yrsa Dahlén",
    "Cosmo Tregear",
];

struct Row {
    class: &'static str,
    wanted: Wanted,
    right: Option<i64>,
}

fn damaged(class: &str, title: &str, artist: &str, guest: &str, album: &str, seconds: f64) -> Made {
    let file = |path: String, title: &str, artist: &str, album: &str| {
        Made::new(&path, title, artist, album, seconds)
    };
    let plain = format!("{artist}/{album}/03 {title}.mp3");
    match class {
        "upper case and other punctuation" => {
            let loud = title.to_uppercase().replace('\'', "’");
            file(plain, &loud, &artist.to_uppercase(), album)
        }
        "guest in the artist field" => file(plain, title, &format!("{artist} feat. {guest}"), album),
        "dash for bracket" => file(plain, &title.replace(" (", " - ").replace(')', ""), artist, album),
        "swapped" => file(format!("Loose/{title} - {artist}.mp3"), artist, title, album),
        "artist inside the title" => file("Loose/a.mp3".into(), &format!("{artist} - {title}"), "", album),
        "file name only" => file(format!("Downloads/04 - {artist} - {title}.mp3"), "", "", ""),
        "file name with underscores" => {
            file(format!("Downloads/{artist}-{title}.mp3").replace(' ', "_"), "", "", "")
        }
        "typo" => {
            let mut letters: Vec<char> = title.chars().collect();
            letters.swap(2, 3);
            file("Loose/b.mp3".into(), &letters.iter().collect::<String>(), artist, album)
        }
        "mojibake" => {
            let wrong: String = artist.bytes().map(char::from).collect();
            file("Loose/c.mp3".into(), title, &wrong, album)
        }
        "cut at 30" => {
            let cut = |text: &str| text.chars().take(30).collect::<String>();
            file("Loose/d.mp3".into(), &cut(title), &cut(artist), &cut(album))
        }
        "compilation" => Made {
            album_artist: "Various Artists".into(),
            ..file(format!("Various Artists/Big Hits/07 {title}.mp3"), title, artist, "Big Hits (CD 2)")
        },
        "no album" => file("Loose/e.mp3".into(), title, artist, ""),
        "remaster" => file(plain, &format!("{title} - 2014 Remaster"), artist, album),
        "no playing time" => Made { seconds: 0.0, ..file(plain, title, artist, album) },
        _ => file(plain, title, artist, album),
    }
}

fn rows() -> (Vec<Row>, Vec<Offer>) {
    let mut numbers = Numbers(20_261_123);
    let mut files: Vec<Made> = Vec::new();
    let mut rows = Vec::new();
    for (round, person) in PEOPLE.iter().enumerate() {
        for (nth, (class, _)) in DAMAGES.iter().enumerate() {
            let words = [numbers.one_of(FIRST), SECOND[nth], numbers.one_of(SECOND)];
            let title = match *class {
                "dash for bracket" => format!("{} {} (Acoustic)", words[0], words[1]),
                "cut at 30" => format!("{} {} Beyond the {} of Sleep", words[0], words[1], words[2]),
                _ => format!("{} {}", words[0], words[1]),
            };
            let album = format!("{} {}", FIRST[(round + nth) % FIRST.len()], words[2]);
            let guest = PEOPLE[(round + 3) % PEOPLE.len()];
            let seconds = 150.0 + numbers.below(120) as f64;
            let present = numbers.below(4) > 0;
            let (suffix, longer) = TRAPS[numbers.below(TRAPS.len())];
            let trap_title = format!("{title}{suffix}");
            files.push(Made::new(
                &format!("{person}/{album}/09 {trap_title}.flac"),
                &trap_title,
                person,
                &album,
                (seconds + longer).max(30.0),
            ));
            files.push(Made::new("Other/f.mp3", &title, "Somebody Elsewhere", &album, seconds));
            if present {
                files.push(damaged(class, &title, person, guest, &album, seconds + 0.6));
            }
            let right = present.then(|| i64::try_from(files.len()).unwrap());
            // A guest is wanted where the class is about guests.
            let artists: &[&str] = if class.starts_with("guest") { &[person, guest] } else { &[person] };
            rows.push(Row { class, wanted: wanted(&title, artists, &album, seconds), right });
        }
    }
    (rows, offers(&files))
}

#[test]
fn no_wrong_pick_and_recall_by_class() {
    let (rows, offers) = rows();
    let index = Index::build(&offers);
    let wanted: Vec<&Wanted> = rows.iter().map(|row| &row.wanted).collect();
    let choices = choose_each(&index, &wanted);
    let mut found: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (row, choice) in rows.iter().zip(&choices) {
        let picked = match choice {
            Choice::Chosen(best) => Some(best.file_id),
            _ => None,
        };
        let count = found.entry(row.class).or_default();
        count.1 += u32::from(row.right.is_some());
        count.0 += u32::from(picked.is_some() && picked == row.right);
        if picked.is_some() && picked != row.right {
            wrong.push(format!("{}: {} got {picked:?}: {choice:?}", row.class, row.wanted.label()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (class, floor) in DAMAGES {
        let (right, present) = found[class];
        let recall = f64::from(right) / f64::from(present.max(1));
        println!("{class:<34} {right:>3} of {present:>3}");
        assert!(
            present > 0 && recall >= *floor,
            "{class}: {right} of {present} found, at least {floor} wanted"
        );
    }
}

#[test]
fn the_same_answers_in_any_order_and_on_any_number_of_threads() {
    let (rows, mut offers) = rows();
    let wanted: Vec<&Wanted> = rows.iter().map(|row| &row.wanted).collect();
    let decide = |offers: &[Offer], threads: usize| {
        let pool = rayon_pool(threads);
        pool.install(|| {
            let index = Index::build(offers);
            choose_each(&index, &wanted)
        })
    };
    let first = decide(&offers, 1);
    offers.reverse();
    assert_eq!(first, decide(&offers, 4));
    let middle = offers.len() / 2;
    offers.rotate_left(middle);
    assert_eq!(first, decide(&offers, 3));
}

fn rayon_pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}
