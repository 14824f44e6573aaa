//! Rows that take more than one file to tell: whole albums, copies, and what nobody could decide.

use super::kit::{Kit, Planted, Take};
use super::sheet::Sheet;
use super::traps::marked;
use super::{Asked, Truth, damage_fields as fields, damage_texts as texts, words};

/// A kind of album: what its title list looks like, what a twin of it holds.
const ALBUMS: &[&str] = &[
    "album with damaged siblings",
    "album beside its live twin",
    "album of alike titles",
    "album of file names",
    "album with tracks missing",
    "album of classical movements",
];
const TRACKS: u32 = 10;
const ALBUMS_PER_KIND: usize = 4;
const COPIES: usize = 12;

pub(super) fn albums(kit: &mut Kit, sheet: &mut Sheet) {
    for kind in ALBUMS {
        kit.begin(kind);
        for _ in 0..ALBUMS_PER_KIND {
            album(kit, sheet, kind);
        }
    }
}

fn album(kit: &mut Kit, sheet: &mut Sheet, kind: &'static str) {
    let mut first = kit.take();
    if kind.contains("movements") {
        first.artists = vec![kit.one(words::COMPOSERS).to_owned(), kit.one(words::PERFORMERS).to_owned()];
    }
    let base = first.title.clone();
    let opus = 10 + kit.below(80);
    for track in 1..=TRACKS {
        let mut take =
            Take { track, isrc: None, seconds: kit.between(120.0, 330.0).round(), ..first.clone() };
        take.title = match kind {
            "album of alike titles" => format!("{base}, Pt. {track}"),
            "album of classical movements" => {
                format!(
                    "Suite No. {} in G Major, Op. {opus}: {track}. {}",
                    opus % 7 + 1,
                    kit.one(words::TEMPI)
                )
            }
            _ => kit.title(),
        };
        let mut file = kit.file(&take);
        let absent = track % 5 == 0;
        siblings(kit, kind, track, &take, &mut file);
        let truth = if absent { Truth::Absent } else { sheet.present(file) };
        if kind.contains("live twin") {
            let mut live = marked(kit, &take, "", -3.0, 25.0);
            live.album = format!("{} (Live at {})", take.album, "Fenmoor");
            live.shelve();
            sheet.plant(live);
        }
        sheet.ask(kind, &take, truth, Asked::Always);
    }
}

/// What befell one file of an album.
fn siblings(kit: &mut Kit, kind: &str, track: u32, take: &Take, file: &mut Planted) {
    let shelf = file.path.clone();
    match (kind, track) {
        ("album with damaged siblings", 2) => texts::typo_title(kit, take, file),
        ("album with damaged siblings", 4) => texts::typo_title_twice(kit, take, file),
        ("album with damaged siblings", 6) => fields::swapped(kit, take, file),
        ("album with damaged siblings", 8) => file.artist.clear(),
        ("album with damaged siblings", 9) => file.title.clear(),
        ("album of file names", _) => fields::name_folder_artist_album(kit, take, file),
        ("album of classical movements", _) => file.artist = take.artists.get(1).cloned().unwrap_or_default(),
        _ => {}
    }
    if kind == "album with damaged siblings" {
        // Whatever befell a file, it lies beside its siblings.
        file.path = shelf;
    }
}

/// Several copies of one recording: the best must be chosen.
pub(super) fn copies(kit: &mut Kit, sheet: &mut Sheet) {
    let copy = |kit: &mut Kit, take: &Take, lossless: bool, kbps: u32, folder: &str| {
        let mut file = Planted { lossless, kbps, ..kit.file(take) };
        file.shelve();
        file.path = file.path.replacen("Music/", &format!("{folder}/"), 1);
        file
    };
    let kinds: &[&'static str] = &[
        "copies: lossless and lossy",
        "copies: by bitrate",
        "copies: the wanted album first",
        "copies: the lossless one cut short",
        "copies: a live one sounds better",
    ];
    for kind in kinds {
        kit.begin(kind);
        for _ in 0..COPIES {
            let take = kit.take();
            let best = copy(kit, &take, kind.ends_with("lossy"), 320, "B");
            let mut lesser = vec![copy(kit, &take, false, 128, "A")];
            match *kind {
                "copies: the wanted album first" => {
                    let mut sampler = copy(kit, &take, true, 900, "C");
                    sampler.album = "Big Hits 7".to_owned();
                    lesser.push(sampler);
                }
                "copies: the lossless one cut short" => {
                    let cut = copy(kit, &take, true, 900, "C");
                    sheet.plant(Planted { seconds: take.seconds * 0.6, ..cut });
                }
                "copies: a live one sounds better" => {
                    let live = marked(kit, &take, " (Live)", -1.0, 1.0);
                    sheet.plant(Planted { lossless: true, kbps: 1_000, ..live });
                }
                _ => lesser.push(copy(kit, &take, false, 192, "C")),
            }
            let truth = sheet.best_of(best, lesser);
            sheet.ask(kind, &take, truth, Asked::Always);
        }
    }
}

/// What nobody could decide by texts and times alone: it must be asked about.
pub(super) fn undecidable(kit: &mut Kit, sheet: &mut Sheet) {
    type Made = fn(&mut Kit, &Take) -> Vec<Planted>;
    let kinds: &[(&'static str, Asked, Made)] = &[
        ("asked: an artist known by another name", Asked::Always, |kit, take| {
            let mut file = kit.file(take);
            file.isrc.clone_from(&take.isrc);
            file.artist = kit.other_artist(&take.artists);
            file.album_artist.clone_from(&file.artist);
            file.shelve();
            vec![file]
        }),
        ("asked: nothing tells the artist", Asked::Always, |kit, take| {
            let mut file = kit.file(take);
            file.untagged(format!("Downloads/{}.mp3", take.full()));
            vec![file]
        }),
        ("asked: seven to nine seconds apart, no album", Asked::WithTimes, |kit, take| {
            let mut file = kit.file(take);
            (file.album, file.isrc) = (String::new(), None);
            file.seconds = take.seconds + kit.between(7.0, 8.9);
            file.path = "Downloads/a.mp3".to_owned();
            vec![file]
        }),
        ("asked: two lengths on two other albums", Asked::WithoutTimes, |kit, take| {
            let mut one = marked(kit, take, "", 0.0, 1.0);
            let mut two = marked(kit, take, "", 25.0, 60.0);
            (one.album, two.album) = (kit.album(), kit.album());
            one.shelve();
            two.shelve();
            vec![one, two]
        }),
    ];
    for (kind, asked, make) in kinds {
        kit.begin(kind);
        for _ in 0..COPIES {
            let mut take = kit.take();
            take.isrc = kind.contains("another name").then(|| kit.isrc());
            for file in make(kit, &take) {
                sheet.plant(file);
            }
            sheet.ask(kind, &take, Truth::Undecidable, *asked);
        }
    }
}
