//! Wanted versions: the file tells the version in other words, and other versions lie about.

use super::kit::{Kit, Planted, Take};
use super::traps::marked;
use super::words;

/// A version that is wanted, how a file tells it, and which others must not be taken.
pub(super) struct Version {
    pub(super) name: &'static str,
    pub(super) wanted: fn(&mut Kit, &mut Take),
    pub(super) written: fn(&mut Kit, &Take, &mut Planted),
    pub(super) traps: &'static [fn(&mut Kit, &Take) -> Planted],
}

/// The same title with another version, or none.
fn instead(kit: &mut Kit, take: &Take, told: &str, from: f64, to: f64) -> Planted {
    let bare = Take { suffix: String::new(), ..take.clone() };
    marked(kit, &bare, told, from, to)
}

fn studio(kit: &mut Kit, take: &Take) -> Planted {
    instead(kit, take, "", -12.0, 4.0)
}

fn studio_same_time(kit: &mut Kit, take: &Take) -> Planted {
    instead(kit, take, "", -0.5, 0.5)
}

/// A bare title on the live album itself would be its live take.
fn studio_elsewhere(kit: &mut Kit, take: &Take) -> Planted {
    let mut file = studio_same_time(kit, take);
    file.album = kit.album();
    file.shelve();
    file
}

fn long_original(kit: &mut Kit, take: &Take) -> Planted {
    instead(kit, take, "", 25.0, 70.0)
}

fn short_original(kit: &mut Kit, take: &Take) -> Planted {
    instead(kit, take, "", -120.0, -50.0)
}

fn live(kit: &mut Kit, take: &Take) -> Planted {
    instead(kit, take, " (Live)", -5.0, 30.0)
}

fn remix(kit: &mut Kit, take: &Take) -> Planted {
    instead(kit, take, " (Hollow Coast Remix)", -1.0, 60.0)
}

fn other_venue(kit: &mut Kit, take: &Take) -> Planted {
    let told = loop {
        let venue = kit.one(words::VENUES);
        if !take.suffix.contains(venue) {
            break format!(" (Live at {venue})");
        }
    };
    instead(kit, take, &told, -3.0, 3.0)
}

fn same_place_other_year(kit: &mut Kit, take: &Take) -> Planted {
    let told = format!("{}, 1971)", take.suffix.trim_end_matches(", 1998)"));
    instead(kit, take, &told, -3.0, 3.0)
}

fn other_remix(kit: &mut Kit, take: &Take) -> Planted {
    let told = loop {
        let by = kit.one(words::REMIXERS);
        if !take.suffix.contains(by) {
            break format!(" ({by} Remix)");
        }
    };
    instead(kit, take, &told, -2.0, 2.0)
}

fn other_mix_of_the_remixer(kit: &mut Kit, take: &Take) -> Planted {
    let told = take.suffix.replace("Remix", "Dub");
    instead(kit, take, &told, -2.0, 2.0)
}

fn spanish(kit: &mut Kit, take: &Take) -> Planted {
    instead(kit, take, " (Spanish Version)", -0.5, 0.5)
}

fn acoustic(kit: &mut Kit, take: &Take) -> Planted {
    instead(kit, take, " (Acoustic)", -2.0, 2.0)
}

fn dashed(_: &mut Kit, take: &Take, file: &mut Planted) {
    let told = take.suffix.trim_matches([' ', '-', '(', ')']);
    file.title = if take.suffix.starts_with(" (") {
        format!("{} - {told}", take.title)
    } else {
        format!("{} ({told})", take.title)
    };
    file.shelve();
}

fn on_live_album(_: &mut Kit, take: &Take, file: &mut Planted) {
    file.title.clone_from(&take.title);
    file.album.clone_from(&take.album);
    file.shelve();
}

/// Gives each kind of version its row of words: as wanted, as another file says it.
macro_rules! written {
    ($name:ident: $($words:literal),*) => {
        fn $name(kit: &mut Kit, take: &Take, file: &mut Planted) {
            file.title = format!("{}{}", take.title, kit.one(&[$($words),*]));
            file.shelve();
        }
    };
}

written!(acoustic_otherwise: " (Acoustic Version)", " - Acoustic", " [acoustic]", " (Acústico)", " (akustisch)");
written!(instrumental_otherwise: " - Instrumental", " [Inst.]", " (Instrumental Version)", " (instr.)");
written!(live_otherwise: " (en vivo)", " (ao vivo)", " [LIVE]", " (En directo)", " - live version");
written!(demo_otherwise: " - Demo", " [demo]", " (Demo Version)", " (demo recording)");
written!(edit_otherwise: " - Radio Edit", " [radio edit]", " (Radio Version)", " (Radio Mix)");
written!(extended_otherwise: " - Extended Mix", " [Extended]", " (Extended Version)");
written!(sped_up_otherwise: " - Sped Up", " [sped up version]", " (Sped-Up)");
written!(clean_otherwise: " [Clean]", " (Clean Version)", " - Clean");
written!(spanish_otherwise: " - Spanish Version", " (Versión en español)", " [en español]");
written!(karaoke_otherwise: " [Karaoke]", " - Karaoke Version", " (Karaoke)");

fn venue(kit: &mut Kit, take: &mut Take) {
    let venue = kit.one(words::VENUES);
    take.told(format!(" (Live at {venue})"));
}

fn remixed(kit: &mut Kit, take: &mut Take) {
    let by = kit.one(words::REMIXERS);
    take.told(format!(" ({by} Remix)"));
}

const fn version(
    name: &'static str,
    wanted: fn(&mut Kit, &mut Take),
    written: fn(&mut Kit, &Take, &mut Planted),
    traps: &'static [fn(&mut Kit, &Take) -> Planted],
) -> Version {
    Version { name, wanted, written, traps }
}

pub(super) const VERSIONS: &[Version] = &[
    version("live at a place", venue, dashed, &[studio, other_venue]),
    version(
        "live at a place in a year",
        |kit, take| {
            venue(kit, take);
            let told = take.suffix.replace(')', ", 1998)");
            take.told(told);
        },
        dashed,
        &[other_venue, same_place_other_year],
    ),
    version("live, in other words", |_, take| take.told(" - Live"), live_otherwise, &[studio, remix]),
    version(
        "live, bare titles on the album",
        |kit, take| {
            take.album = format!("Live at {}", kit.one(words::VENUES));
            let told = format!(" - {}", take.album);
            take.told(told);
        },
        on_live_album,
        &[studio_elsewhere],
    ),
    version(
        "bare title on a live album",
        |kit, take| take.album = format!("Live in {}", kit.one(words::VENUES)),
        on_live_album,
        &[studio_elsewhere],
    ),
    version("remix by one", remixed, dashed, &[other_remix, studio, other_mix_of_the_remixer]),
    version("acoustic", |_, take| take.told(" (Acoustic)"), acoustic_otherwise, &[studio_same_time, live]),
    version(
        "instrumental",
        |_, take| take.told(" (Instrumental)"),
        instrumental_otherwise,
        &[studio_same_time],
    ),
    version("demo", |_, take| take.told(" (Demo)"), demo_otherwise, &[studio, acoustic]),
    version("radio edit", |_, take| take.told(" (Radio Edit)"), edit_otherwise, &[long_original, remix]),
    version("extended", |_, take| take.told(" (Extended Mix)"), extended_otherwise, &[short_original]),
    version("sped up", |_, take| take.told(" (Sped Up)"), sped_up_otherwise, &[long_original]),
    version("clean", |_, take| take.told(" (Clean)"), clean_otherwise, &[studio_same_time]),
    version(
        "another language",
        |_, take| take.told(" (Spanish Version)"),
        spanish_otherwise,
        &[studio_same_time],
    ),
    version("original, not the Spanish one", |_, _| {}, |_, _, _| {}, &[spanish]),
    version("karaoke", |_, take| take.told(" (Karaoke Version)"), karaoke_otherwise, &[studio_same_time]),
    version(
        "part two",
        |_, take| take.told(", Pt. 2"),
        |kit, take, file| {
            let told = kit.one(&[" (Part 2)", " Part II", " pt. 2", ", Part Two"]);
            file.title = format!("{}{told}", take.title);
            file.shelve();
        },
        &[|kit, take| instead(kit, take, ", Pt. 1", -0.9, 0.9), studio_same_time],
    ),
    version(
        "volume four",
        |_, take| take.told(" Vol. 4"),
        |kit, take, file| {
            file.title = format!("{}{}", take.title, kit.one(&[" Volume 4", ", Vol. IV", " (Vol.4)"]));
            file.shelve();
        },
        &[
            |kit, take| instead(kit, take, " Vol. 4.5", -0.9, 0.9),
            |kit, take| instead(kit, take, " Vol. 5", -0.9, 0.9),
        ],
    ),
    version(
        "reprise",
        |_, take| take.told(" (Reprise)"),
        dashed,
        &[|kit, take| instead(kit, take, "", 0.5, 90.0)],
    ),
    version(
        "a take by number",
        |_, take| take.told(" (Take 3)"),
        dashed,
        &[|kit, take| instead(kit, take, " (Take 7)", -0.9, 0.9), studio_same_time],
    ),
    version(
        "re-recording",
        |_, take| take.told(" (Re-Recorded)"),
        |kit, take, file| {
            file.title =
                format!("{}{}", take.title, kit.one(&[" - Re-Recorded", " (Rerecorded)", " [re-recording]"]));
            file.shelve();
        },
        &[studio_same_time],
    ),
];
