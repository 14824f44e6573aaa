//! Recordings that look like the wanted one and are not.

use super::kit::{Kit, Planted, Take};
use super::words;

/// A recording that must not be taken for the wanted one.
#[derive(Clone, Copy)]
pub(super) struct Trap {
    pub(super) name: &'static str,
    pub(super) make: fn(&mut Kit, &Take) -> Planted,
    /// Whether nothing but the playing time tells: without it the row is not asked.
    pub(super) by_time: bool,
}

const fn trap(name: &'static str, make: fn(&mut Kit, &Take) -> Planted) -> Trap {
    Trap { name, make, by_time: false }
}

const fn by_time(name: &'static str, make: fn(&mut Kit, &Take) -> Planted) -> Trap {
    Trap { name, make, by_time: true }
}

/// Every kind of wrong recording, for a plain one that is wanted.
pub(super) const TRAPS: &[Trap] = &[
    trap("live", |kit, take| {
        let told = kit.one(&[" (Live)", " - Live", " [live]", " (Live Version)", " (Live 1998)"]);
        marked(kit, take, told, 3.0, 40.0)
    }),
    trap("live at a place", |kit, take| {
        let told =
            format!("{}{}", kit.one(&[" (Live at ", " (Live in ", " (Live from "]), kit.one(words::VENUES));
        marked(kit, take, &format!("{told})"), -4.0, 30.0)
    }),
    trap("live in another language", |kit, take| {
        let told = kit.one(&[
            " (en vivo)",
            " (ao vivo)",
            " (en directo)",
            " (dal vivo)",
            " - en concert",
            "（ライブ）",
            " (на концерте)",
        ]);
        marked(kit, take, told, 0.1, 20.0)
    }),
    trap("live by its album only", |kit, take| {
        let mut file = marked(kit, take, "", -1.0, 1.0);
        file.album = match kit.below(4) {
            0 => format!("Live at {}", kit.one(words::VENUES)),
            1 => format!("{} (Live)", take.album),
            2 => format!("{} Unplugged", kit.one(words::VENUES)),
            _ => format!("In Concert: {}", kit.one(words::VENUES)),
        };
        file.shelve();
        file
    }),
    trap("remix", |kit, take| {
        let by = kit.one(words::REMIXERS);
        let told = match kit.below(4) {
            0 => format!(" ({by} Remix)"),
            1 => format!(" - {by} Remix"),
            2 => format!(" [{by} Club Mix]"),
            _ => " (Remix)".to_owned(),
        };
        marked(kit, take, &told, -20.0, 90.0)
    }),
    trap("acoustic", |kit, take| {
        let told = kit.one(&[
            " (Acoustic)",
            " - Acoustic Version",
            " (Unplugged)",
            " [Stripped]",
            " (Piano Version)",
        ]);
        marked(kit, take, told, -9.0, 9.0)
    }),
    trap("instrumental", |kit, take| {
        let told = kit.one(&[" (Instrumental)", " - Instrumental", " [Inst.]", " (Instrumental Version)"]);
        marked(kit, take, told, -0.5, 0.5)
    }),
    trap("a cappella", |kit, take| {
        let told = kit.one(&[" (A Cappella)", " - Acapella", " [Vocals Only]"]);
        marked(kit, take, told, -1.0, 1.0)
    }),
    trap("karaoke", |kit, take| {
        let told = kit.one(&[" (Karaoke Version)", " [Karaoke]", " (Backing Track)", " (Karaoek Version)"]);
        let mut file = marked(kit, take, told, -1.0, 1.0);
        if kit.coin() {
            file.artist = "Sing Along Stars".to_owned();
            file.title = format!("{} (In the Style of {}) [Karaoke Version]", take.full(), take.artist());
            file.shelve();
        }
        file
    }),
    trap("tribute", |kit, take| {
        let mut file = marked(kit, take, "", -2.0, 2.0);
        match kit.below(3) {
            0 => file.artist = format!("{} Tribute Band", take.artist()),
            1 => file.title = format!("{} (Tribute to {})", take.full(), take.artist()),
            _ => {
                file.artist = "The Cover Factory".to_owned();
                file.title = format!("{} (Made Famous by {})", take.full(), take.artist());
            }
        }
        // Most name the tribute as the album's artist too; some lie in the folder of the real one.
        if kit.below(3) > 0 {
            file.album_artist.clone_from(&file.artist);
        }
        file.shelve();
        file
    }),
    trap("cover", |kit, take| {
        let mut file = marked(kit, take, &format!(" ({} Cover)", take.artist()), -3.0, 3.0);
        file.artist = kit.other_artist(&take.artists);
        file.album_artist.clone_from(&file.artist);
        file.shelve();
        file
    }),
    trap("demo", |kit, take| {
        let told = kit.one(&[" (Demo)", " - Demo Version", " [Early Demo]", " (Rough Mix)", " (Home Demo)"]);
        marked(kit, take, told, -5.0, 5.0)
    }),
    trap("another take", |kit, take| {
        let told = kit.one(&[
            " (Take 3)",
            " - Alternate Take",
            " (Outtake)",
            " (Alternative Version)",
            " [Rehearsal]",
        ]);
        marked(kit, take, told, -4.0, 4.0)
    }),
    trap("recorded anew", |kit, take| {
        let told = kit.one(&[
            " (Re-Recorded)",
            " (2015 Version)",
            " - Rerecorded",
            " (New Recording)",
            " (Oda's Version)",
        ]);
        marked(kit, take, told, -2.0, 2.0)
    }),
    trap("sped up", |kit, take| {
        let told = kit.one(&[" (Sped Up)", " - Sped Up Version", " (Nightcore)", " [sped up]"]);
        let longer = -take.seconds * 0.18;
        marked(kit, take, told, longer, longer)
    }),
    trap("slowed", |kit, take| {
        let told = kit.one(&[" (Slowed)", " (Slowed + Reverb)", " - slowed down", " (Chopped & Screwed)"]);
        let longer = take.seconds * 0.15;
        marked(kit, take, told, longer, longer)
    }),
    trap("clean", |kit, take| {
        let told = kit.one(&[" (Clean)", " [Clean Version]", " - Clean", " (Radio Clean)", " (Censored)"]);
        marked(kit, take, told, -0.4, 0.4)
    }),
    trap("another language", |kit, take| {
        let told = kit.one(&[
            " (Spanish Version)",
            " - versión en español",
            " (French Version)",
            " (auf Deutsch)",
            " [Korean Ver.]",
        ]);
        marked(kit, take, told, -0.9, 0.9)
    }),
    trap("radio edit", |kit, take| {
        let told = kit.one(&[" (Radio Edit)", " - Single Edit", " [Radio Version]", " (Edit)"]);
        marked(kit, take, told, -60.0, -20.0)
    }),
    trap("extended", |kit, take| {
        let told =
            kit.one(&[" (Extended Mix)", " - Extended Version", " (12\" Version)", " (Club Extended)"]);
        marked(kit, take, told, 50.0, 150.0)
    }),
    trap("another part", |kit, take| {
        let told = kit.one(&[" Pt. 2", " II", " (Part Two)", " 2", ", Part 3", " Vol. 2"]);
        let title = format!("{}{told}{}", take.title, take.suffix);
        other_title(kit, take, title)
    }),
    trap("reprise", |kit, take| marked(kit, take, " (Reprise)", -100.0, -60.0)),
    trap("interlude", |kit, take| {
        let told = kit.one(&[" (Interlude)", " - Intro", " (Skit)", " (Outro)", " (Commentary)"]);
        marked(kit, take, told, -90.0, -0.0)
    }),
    trap("orchestral", |kit, take| {
        let told = kit.one(&[
            " (Orchestral Version)",
            " (String Quartet Version)",
            " - Symphonic",
            " (Lullaby Version)",
        ]);
        marked(kit, take, told, -6.0, 6.0)
    }),
    trap("mash-up", |kit, take| {
        let told = format!(" / {} {} (Medley)", kit.one(words::FIRST), kit.one(words::SECOND));
        marked(kit, take, &told, 1.0, 60.0)
    }),
    by_time("other guest", |kit, take| {
        let told = format!(" (feat. {})", kit.other_artist(&take.artists));
        marked(kit, take, &told, 10.0, 30.0)
    }),
    trap("same title by another artist", |kit, take| {
        let mut file = marked(kit, take, "", -1.0, 1.0);
        file.artist = kit.other_artist(&take.artists);
        file.album_artist.clone_from(&file.artist);
        file.album = if kit.coin() { take.album.clone() } else { kit.album() };
        file.shelve();
        file
    }),
    trap("title holds the title", |kit, take| {
        let (a, b) = (kit.one(words::FIRST), kit.one(words::SECOND));
        let full = take.full();
        let title =
            if kit.coin() { format!("{a} {full}") } else { format!("{} {b}{}", take.title, take.suffix) };
        other_title(kit, take, title)
    }),
    trap("other track of the artist", |kit, take| {
        let title = kit.title();
        other_title(kit, take, title)
    }),
    trap("similar artist", |kit, take| {
        let mut file = marked(kit, take, "", -1.0, 1.0);
        let artist = take.artist();
        file.artist = match kit.below(4) {
            0 => format!("{artist} Trio"),
            1 => format!("Young {artist}"),
            2 => format!("{artist} Junior"),
            _ => format!("The {artist} Experience"),
        };
        file.album_artist.clone_from(&file.artist);
        file.shelve();
        file
    }),
    trap("another title under its ISRC", |kit, take| {
        let title = kit.title();
        Planted { isrc: take.isrc.clone(), ..other_title(kit, take, title) }
    }),
    trap("a remix under its ISRC", |kit, take| {
        let mut file = marked(kit, take, " (Selva Remix)", -1.0, 1.0);
        file.isrc = take.isrc.clone();
        file
    }),
    by_time("cut short", |kit, take| {
        let shorter = -take.seconds * kit.between(0.15, 0.9);
        marked(kit, take, "", shorter, shorter)
    }),
    by_time("another take, not marked", |kit, take| {
        let by = kit.between(12.0, 60.0);
        marked(kit, take, "", by, by)
    }),
    by_time("preview of 30 s", |kit, take| {
        let shorter = 30.0 - take.seconds;
        marked(kit, take, "", shorter, shorter)
    }),
];

/// The take as a file with this after its title, and this much longer.
pub(super) fn marked(kit: &mut Kit, take: &Take, told: &str, from: f64, to: f64) -> Planted {
    let mut file = kit.file(take);
    file.title.push_str(told);
    file.seconds = (take.seconds + kit.between(from, to)).max(8.0);
    file.isrc = None;
    file.shelve();
    file
}

/// Another title, with all else as it is.
fn other_title(kit: &mut Kit, take: &Take, title: String) -> Planted {
    let mut file = marked(kit, take, "", -1.0, 1.0);
    file.title = title;
    file.shelve();
    file
}

/// A wrong recording that texts alone tell apart.
pub(super) fn any(kit: &mut Kit, take: &Take) -> Planted {
    // Of two names in one text nobody could tell which one the additions of these belong to.
    let joined = [" & ", " and ", " x ", " + "].iter().any(|joint| take.artist().contains(joint));
    loop {
        let fits =
            |trap: &Trap| !(trap.by_time || joined && matches!(trap.name, "similar artist" | "tribute"));
        if let Some(trap) = kit.random.pick(TRAPS).copied().filter(fits) {
            return (trap.make)(kit, take);
        }
    }
}

/// The neighbour of a short word: needs a take of its own. Were it the same track of the same album and as long, it
/// would be a misspelling.
pub(super) fn neighbour(kit: &mut Kit, take: &mut Take) -> Planted {
    let (one, other): (&str, &str) = kit.one(words::NEIGHBOURS);
    let (one, other) = if kit.coin() { (one, other) } else { (other, one) };
    let rest = if kit.coin() { format!(" {}", kit.one(words::SECOND)) } else { String::new() };
    take.title = format!("{one}{rest}");
    let mut file = other_title(kit, take, format!("{other}{rest}"));
    file.track = take.track % 12 + 1;
    if kit.coin() {
        file.album = kit.album();
    } else {
        let by = kit.between(5.0, 50.0);
        file.seconds += if kit.coin() { by } else { -by };
    }
    file.shelve();
    file
}
