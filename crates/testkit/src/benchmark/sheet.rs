//! Collects files and rows, and fills the sheet class by class.

use std::path::PathBuf;
use std::time::Duration;

use ferrotape_domain::{
    ArtistCredit, AudioFacts, AudioFormat, ContentId, Isrc, Offer, TagSet, Wanted, WantedKind,
};

use super::classes::{DAMAGES, Damage};
use super::kit::{Kit, Planted, Take};
use super::traps::{self, TRAPS, Trap};
use super::versions::{VERSIONS, Version};
use super::{Asked, BenchRow, Truth, damage_editions, whole};

/// Rows per damage: two thirds of them with the right file.
const PER_DAMAGE: u32 = 24;
/// Rows per trap: half of them with the right file.
const PER_TRAP: u32 = 20;
/// Rows per wanted version: two thirds with the right file.
const PER_VERSION: u32 = 18;
/// Files that nobody asks for.
const OTHERS: usize = 2_000;

#[derive(Default)]
pub(super) struct Sheet {
    pub(super) offers: Vec<Offer>,
    pub(super) rows: Vec<BenchRow>,
}

impl Sheet {
    pub(super) fn filled() -> Self {
        let (mut kit, mut sheet) = (Kit::new(), Self::default());
        for damage in DAMAGES {
            kit.begin(damage.name);
            (0..PER_DAMAGE).for_each(|row| sheet.damage(&mut kit, damage, row % 3 < 2));
        }
        for trap in TRAPS {
            kit.begin(trap.name);
            (0..PER_TRAP).for_each(|row| sheet.trap(&mut kit, trap, row % 2 == 0));
        }
        kit.begin("one letter apart");
        (0..PER_TRAP).for_each(|row| sheet.neighbour(&mut kit, row % 2 == 0));
        for version in VERSIONS {
            kit.begin(version.name);
            (0..PER_VERSION).for_each(|row| sheet.version(&mut kit, version, row % 3 < 2));
        }
        whole::albums(&mut kit, &mut sheet);
        whole::copies(&mut kit, &mut sheet);
        whole::undecidable(&mut kit, &mut sheet);
        kit.begin("others");
        for _ in 0..OTHERS {
            let take = kit.take();
            let file = kit.file(&take);
            sheet.plant(file);
        }
        sheet
    }

    fn damage(&mut self, kit: &mut Kit, damage: &Damage, present: bool) {
        let mut take = kit.take();
        (damage.wanted)(kit, &mut take);
        let mut file = kit.file(&take);
        (damage.file)(kit, &take, &mut file);
        let truth = if present { self.present(file) } else { Truth::Absent };
        if damage.name == "dash or bracket" {
            // Two versions told one after the other would be no fair trap.
            let bare = Take { suffix: String::new(), ..take.clone() };
            let original = traps::marked(kit, &bare, "", -40.0, -20.0);
            self.plant(original);
        } else {
            let wrong = traps::any(kit, &take);
            self.plant(wrong);
        }
        self.neighbours(kit, &take);
        self.ask(damage.name, &take, truth, Asked::Always);
    }

    /// Other music of the artist, and half the time another trap.
    fn neighbours(&mut self, kit: &mut Kit, take: &Take) {
        if kit.coin() && take.suffix.is_empty() {
            let wrong = traps::any(kit, take);
            self.plant(wrong);
        }
        if kit.coin() {
            let other = Take { title: kit.title(), suffix: String::new(), isrc: None, ..take.clone() };
            let file = kit.file(&other);
            self.plant(file);
        }
    }

    fn trap(&mut self, kit: &mut Kit, trap: &Trap, present: bool) {
        let mut take = kit.take();
        if trap.name.ends_with("ISRC") {
            damage_editions::isrc_agrees(kit, &mut take);
        }
        if trap.name == "clean" && kit.coin() {
            damage_editions::explicit_wanted(kit, &mut take);
        }
        let wrong = (trap.make)(kit, &take);
        // Without a playing time nothing tells these from the right one, unless the right one is there and longer.
        let tells = !trap.by_time || (present && wrong.seconds < take.seconds);
        self.plant(wrong);
        let truth = if present { self.clean(kit, &take) } else { Truth::Absent };
        let asked = if tells { Asked::Always } else { Asked::WithTimes };
        self.ask(&format!("trap: {}", trap.name), &take, truth, asked);
    }

    fn neighbour(&mut self, kit: &mut Kit, present: bool) {
        let mut take = kit.take();
        let wrong = traps::neighbour(kit, &mut take);
        self.plant(wrong);
        let truth = if present { self.clean(kit, &take) } else { Truth::Absent };
        self.ask("trap: one letter apart", &take, truth, Asked::Always);
    }

    fn version(&mut self, kit: &mut Kit, version: &Version, present: bool) {
        let mut take = kit.take();
        (version.wanted)(kit, &mut take);
        for trap in version.traps {
            let wrong = trap(kit, &take);
            self.plant(wrong);
        }
        let mut file = kit.file(&take);
        (version.written)(kit, &take, &mut file);
        let truth = if present { self.present(file) } else { Truth::Absent };
        self.ask(&format!("wanted: {}", version.name), &take, truth, Asked::Always);
    }

    fn clean(&mut self, kit: &mut Kit, take: &Take) -> Truth {
        let file = kit.file(take);
        self.present(file)
    }

    /// Adds a file; gives its number.
    pub(super) fn plant(&mut self, file: Planted) -> i64 {
        let number = i64::try_from(self.offers.len()).unwrap_or(0) + 1;
        self.offers.push(offer(number, file));
        number
    }

    pub(super) fn present(&mut self, file: Planted) -> Truth {
        Truth::Present { best: self.plant(file), copies: Vec::new() }
    }

    pub(super) fn best_of(&mut self, best: Planted, lesser: Vec<Planted>) -> Truth {
        let copies = lesser.into_iter().map(|file| self.plant(file)).collect();
        Truth::Present { best: self.plant(best), copies }
    }

    pub(super) fn ask(&mut self, class: &str, take: &Take, truth: Truth, asked: Asked) {
        let number = self.rows.iter().rev().take_while(|row| row.class == class).count() + 1;
        self.rows.push(BenchRow {
            class: class.to_owned(),
            name: format!("{class} #{number}"),
            wanted: wanted(take),
            truth,
            asked,
        });
    }
}

fn wanted(take: &Take) -> Wanted {
    Wanted {
        title: take.full(),
        artists: ArtistCredit::of_names(&take.artists),
        release: Some(take.album.clone()),
        released: Some(take.year.to_string()),
        duration: Some(Duration::from_secs_f64(take.seconds)),
        isrc: take.isrc.as_deref().and_then(|code| Isrc::parse(code).ok()),
        explicit: take.explicit,
        ..Wanted::of_kind(WantedKind::Recording)
    }
}

fn offer(number: i64, file: Planted) -> Offer {
    let filled = |text: String| (!text.is_empty()).then_some(text);
    Offer {
        file_id: number,
        path: PathBuf::from(file.path),
        part: None,
        size: (file.seconds * f64::from(file.kbps) * 125.0) as u64,
        content: ContentId(format!("{number:032x}")),
        facts: AudioFacts {
            format: if file.lossless { AudioFormat::Flac } else { AudioFormat::Mp3 },
            duration: (file.seconds > 0.0)
                .then(|| Duration::from_millis((file.seconds * 1_000.0).round() as u64)),
            sample_rate: 44_100,
            channels: 2,
            bits_per_sample: file.lossless.then_some(16),
            bitrate_kbps: Some(file.kbps),
        },
        tags: TagSet {
            title: filled(file.title),
            artists: filled(file.artist).into_iter().collect(),
            album: filled(file.album),
            album_artists: filled(file.album_artist).into_iter().collect(),
            track_number: (file.track > 0).then_some(file.track),
            date: (file.year > 0).then(|| file.year.to_string()),
            isrc: file.isrc.as_deref().and_then(|code| Isrc::parse(code).ok()),
            ..TagSet::default()
        },
        cover: String::new(),
    }
}
