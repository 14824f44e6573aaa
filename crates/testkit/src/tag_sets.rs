//! Made-up tag sets in many scripts, with everything that goes wrong in tags: joined and combining letters, both
//! directions of writing, letters beyond 16 bits, quotes, slashes, line ends, nothing but spaces, texts far too long.

use std::collections::BTreeMap;

use ferrotape_domain::{
    Carried, Chapter, Isrc, Mbid, MoreTags, ReleaseKinds, ReplayGain, SyncedLyrics, TagSet,
};

use crate::Random;

/// Four chapters of this length fit into the shortest sounds that tests tag; what ends behind the sound is cut.
const CHAPTER_MS: u64 = 50;

/// Texts that a tag must carry; invented, in all scripts.
pub const TEXTS: [&str; 36] = [
    "Low Water",
    "Ünter dem Öl",
    "Ça va, naïve œuvre",
    "Þórður & Ægir",
    "Dvořák's Żółw",
    "Ἀνάβασις τοῦ φεγγαριοῦ",
    "Сіль і дорога",
    "Ёжик в тумане",
    "مدينة الملح",
    "ليلٌ طويلٌ",
    "עיר המלח",
    "שָׁלוֹם",
    "नमक का शहर",
    "เมืองเกลือ",
    "塩の町",
    "盐之城",
    "鹽之城",
    "소금 도시",
    "ソルト・シティ",
    "𠮷野家の𩸽",
    "🎵🎶",
    "👩‍👩‍👧‍👦 family",
    "🇺🇦🏳️‍🌈",
    "e\u{301}a\u{308}o\u{302}",
    "Z\u{351}\u{36b}\u{343}a\u{321}lgo",
    "\u{202b}abc עברית\u{202c}",
    "He said \u{201c}no\u{201d}",
    "\"quoted\" 'twice'",
    "AC/DC\\slash",
    "a; b, c & d",
    "line one\nline two",
    "tab\tbed",
    "   ",
    "",
    "  spaced  ",
    "=;#[brackets]",
];

/// `count` tag sets that depend on nothing but the seed.
pub fn tag_sets(seed: u64, count: usize) -> Vec<TagSet> {
    let mut random = Random::seeded(seed);
    (0..count).map(|at| tag_set(&mut random, at)).collect()
}

fn text(random: &mut Random) -> String {
    let words = 1 + random.below(2);
    let mut texts: Vec<&str> = (0..words).filter_map(|_| random.pick(&TEXTS).copied()).collect();
    if random.below(60) == 0 {
        texts.extend(std::iter::repeat_n("long 長い 🎵 ", 200));
    }
    texts.join(" ")
}

fn maybe<T>(random: &mut Random, make: impl FnOnce(&mut Random) -> T) -> Option<T> {
    (random.below(3) > 0).then(|| make(random))
}

fn several(random: &mut Random) -> Vec<String> {
    (0..random.below(4)).map(|_| text(random)).collect()
}

fn mbid(random: &mut Random) -> Mbid {
    let (high, low) = (random.next_u64(), random.next_u64());
    let text = format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    );
    Mbid::parse(&text).unwrap_or_else(|_| mbid(random))
}

fn mbids(random: &mut Random) -> Vec<Mbid> {
    (0..random.below(4)).map(|_| mbid(random)).collect()
}

fn date(random: &mut Random) -> String {
    let (year, month, day) = (1900 + random.below(130), 1 + random.below(12), 1 + random.below(28));
    match random.below(3) {
        0 => format!("{year}"),
        1 => format!("{year}-{month:02}"),
        _ => format!("{year}-{month:02}-{day:02}"),
    }
}

fn gain(random: &mut Random) -> ReplayGain {
    let gain_db = (random.below(4000) as f64 - 2000.0) / 100.0;
    ReplayGain { gain_db, peak: random.below(1_500_000) as f64 / 1_000_000.0 }
}

fn tag_set(random: &mut Random, at: usize) -> TagSet {
    let number = |random: &mut Random| 1 + random.below(99) as u32;
    TagSet {
        // Every text is some set's title, whatever chance says.
        title: TEXTS.get(at).map(ToString::to_string).or_else(|| maybe(random, text)),
        artists: several(random),
        album: maybe(random, text),
        album_artists: several(random),
        track_number: maybe(random, number),
        track_total: maybe(random, number),
        disc_number: maybe(random, number),
        disc_total: maybe(random, number),
        date: maybe(random, date),
        genres: several(random),
        composers: several(random),
        publisher: maybe(random, text),
        copyright: maybe(random, text),
        comment: maybe(random, text),
        lyrics: maybe(random, text),
        bpm: maybe(random, number),
        compilation: random.below(2) == 0,
        isrc: maybe(random, |random| Isrc::parse(&format!("QZES8{:07}", random.below(10_000_000))).ok())
            .flatten(),
        recording_mbid: maybe(random, mbid),
        release_mbid: maybe(random, mbid),
        release_group_mbid: maybe(random, mbid),
        track_mbid: maybe(random, mbid),
        artist_mbids: mbids(random),
        album_artist_mbids: mbids(random),
        title_sort: maybe(random, text),
        artist_sort: maybe(random, text),
        album_sort: maybe(random, text),
        album_artist_sort: maybe(random, text),
        spotify: None,
        track_gain: maybe(random, gain),
        album_gain: maybe(random, gain),
        // Only a scan reads them.
        release_kinds: ReleaseKinds::NONE,
        players: None,
        advisory: None,
        album_id: None,
        more: maybe(random, |random| Box::new(more(random))),
    }
}

fn more(random: &mut Random) -> MoreTags {
    use Carried::*;
    let mut texts = BTreeMap::new();
    for field in [
        Subtitle,
        DiscSubtitle,
        Grouping,
        Work,
        Movement,
        Conductor,
        Lyricist,
        Remixer,
        Producer,
        Engineer,
        Mixer,
        Arranger,
        DjMixer,
        ComposerSort,
        Mood,
        Key,
        Language,
        Script,
        EncodedBy,
        OriginalArtist,
        OriginalAlbum,
        Media,
        Barcode,
        CatalogNumber,
        ReleaseCountry,
        ReleaseStatus,
        ReleaseType,
        PodcastId,
        PodcastDescription,
        PodcastKeywords,
        PodcastCategory,
    ] {
        texts.insert(field, several(random));
    }
    texts.insert(Performer, vec![format!("{} (鼓)", text(random)), text(random)]);
    texts.insert(OriginalDate, vec![date(random)]);
    texts.insert(ReleaseDate, vec![date(random)]);
    texts.insert(MovementNumber, vec!["2".to_owned()]);
    texts.insert(MovementTotal, vec!["5".to_owned()]);
    texts.insert(Podcast, vec!["1".to_owned()]);
    for field in [AudioPage, ArtistPage, SourcePage, PublisherPage, CopyrightPage, BuyPage, PodcastFeed] {
        texts.insert(field, vec![format!("https://example.org/{field:?}?q={}", random.below(1000))]);
    }
    texts.retain(|_, _| random.below(2) == 0);
    let lines = (0..random.below(5)).map(|line| (line as u32 * 1500, text(random))).collect();
    let lyrics = SyncedLyrics { language: "ukr".to_owned(), description: String::new(), lines };
    let chapters = (0..random.below(5)).map(|part| Chapter {
        title: text(random),
        start_ms: part * CHAPTER_MS,
        end_ms: (part + 1) * CHAPTER_MS,
    });
    MoreTags {
        texts,
        chapters: chapters.collect(),
        synced_lyrics: Some(lyrics).filter(|lyrics| !lyrics.lines.is_empty()),
        user: vec![("Mein Feld ☂".to_owned(), several(random)), ("LOCATION".to_owned(), vec![text(random)])],
        ..MoreTags::default()
    }
}
