//! Podcasts and audiobooks in the plan: their tags, their order, and the pieces they are cut into.

use std::collections::HashMap;
use std::time::Duration;

use ferrotape_audio::read_all_tags;
use ferrotape_device::{Profile, Shelf, Split, SpokenRules};
use ferrotape_domain::{Carried, Chapter, MoreTags, Offer, Part, TagSet, Wanted, WantedKind};
use ferrotape_matching::spoken::{book_and_chapter, published, title_in_name};

use super::final_tags::final_tags;
use super::from_place::FromPlaces;
use super::split::{Piece, cut};
use crate::matching::{Answer, Matched};

/// A file, or a piece of it, that is to be on the player.
pub(super) struct SpokenTrack {
    /// The audio; of a piece with its part and identity.
    pub(super) offer: Offer,
    /// Its tags.
    pub(super) tags: TagSet,
    /// Where it goes.
    pub(super) shelf: Shelf,
    /// Whether it is a piece of a file.
    pub(super) is_piece: bool,
}

/// Whether it goes to a shelf of spoken word.
pub(super) fn is_spoken(kind: WantedKind) -> bool {
    matches!(kind, WantedKind::Episode | WantedKind::Show | WantedKind::Audiobook)
}

/// The rules for a shelf of spoken word; none for music.
pub(super) fn rules_of<'p>(shelf: &Shelf, profile: &'p Profile) -> Option<&'p SpokenRules> {
    match shelf {
        Shelf::Music => None,
        Shelf::Podcast { .. } => Some(&profile.podcasts),
        Shelf::Audiobook => Some(&profile.audiobooks),
    }
}

/// What the files that answer a podcast, an episode or a book become, each with its pieces, in order.
pub(super) fn spoken_tracks(
    matched: &Matched,
    offers: &[&Offer],
    (profile, places): (&Profile, &FromPlaces),
) -> Vec<Vec<SpokenTrack>> {
    let is_book = matched.wanted.wanted.kind == WantedKind::Audiobook;
    let shelf = if is_book { Shelf::Audiobook } else { Shelf::Podcast { part_of: None } };
    let Some(rules) = rules_of(&shelf, profile) else { return Vec::new() };
    let wanted = for_each_file(matched);
    let in_one = |offer: &&Offer| {
        let mut tags = final_tags(offer, &wanted);
        if offer.tags.title.is_none() && wanted.title.is_empty() {
            tags.title = Some(title_in_name(offer, is_book)).filter(|title| !title.is_empty()).or(tags.title);
        }
        if tags.artists.is_empty() && !is_book {
            tags.artists.extend(tags.album.clone());
        }
        if !rules.genre.is_empty() {
            tags.genres = vec![rules.genre.clone()];
        }
        if !is_book {
            tags.date = published(offer).or(tags.date);
        }
        let (pieces, texts) = pieces_of(offer, rules, places);
        if pieces.is_empty() {
            let shelf = shelf.clone();
            return vec![SpokenTrack { offer: (*offer).clone(), tags, shelf, is_piece: false }];
        }
        cut_up(offer, (&tags, &texts), &pieces, rules, is_book)
    };
    let mut files: Vec<Vec<SpokenTrack>> = offers.iter().map(in_one).collect();
    if is_book && matches!(matched.answer, Answer::Files(..)) {
        number(&mut files);
    }
    files
}

/// What of the wanted thing holds for each of its files: a book's title is that of none of its parts.
fn for_each_file(matched: &Matched) -> Wanted {
    let wanted = &matched.wanted.wanted;
    let nothing = || Wanted::of_kind(wanted.kind);
    let title = Some(wanted.title.clone());
    match (wanted.kind, &matched.answer) {
        (WantedKind::Show, _) => Wanted { release: title, ..nothing() },
        (WantedKind::Audiobook, Answer::Files(..)) => Wanted {
            release: Some(book_and_chapter(wanted).0.to_owned()),
            artists: wanted.artists.clone(),
            release_artists: wanted.artists.clone(),
            spotify: wanted.spotify.clone(),
            ..nothing()
        },
        (WantedKind::Audiobook, _) => Wanted { release_artists: wanted.artists.clone(), ..wanted.clone() },
        _ => wanted.clone(),
    }
}

/// Where a file is cut, and what it says beyond what the library keeps. Only files that may be cut are opened.
fn pieces_of(offer: &Offer, rules: &SpokenRules, places: &FromPlaces) -> (Vec<Piece>, MoreTags) {
    let long = Duration::from_secs(u64::from(rules.split_minutes) * 60);
    let may_be_cut = match rules.split {
        Split::Never => false,
        Split::Chapters => true,
        Split::Minutes => offer.facts.duration.is_some_and(|length| length > long),
    };
    if !may_be_cut || offer.part.is_some() || offer.facts.sample_rate == 0 {
        return Default::default();
    }
    // Of a file that cannot be read, making it will tell why.
    let mut more = read_all_tags(&offer.path).ok().and_then(|tags| tags.more);
    places.of(offer).add_to(&mut more);
    let more = more.map(|more| *more).unwrap_or_default();
    (cut(&more.chapters, offer.facts.duration, rules), more)
}

fn cut_up(
    offer: &Offer,
    (tags, more): (&TagSet, &MoreTags),
    pieces: &[Piece],
    rules: &SpokenRules,
    is_book: bool,
) -> Vec<SpokenTrack> {
    let whole = tags.title.clone().unwrap_or_default();
    let total = pieces.len();
    let one = |(at, piece): (usize, &Piece)| {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let title =
            if piece.title.is_empty() { format!("{whole} ({number}/{total})") } else { piece.title.clone() };
        let chapters = if rules.chapters { piece.chapters.clone() } else { Vec::new() };
        let part = part(piece, number, offer.facts.sample_rate);
        let mut own = offer.clone();
        own.content = part.content(&offer.content);
        own.facts.duration = part.duration(offer.facts.duration);
        own.part = Some(part);
        SpokenTrack {
            tags: TagSet {
                title: Some(title),
                track_number: Some(number),
                track_total: u32::try_from(total).ok(),
                disc_number: None,
                disc_total: None,
                more: Some(Box::new(more_of_piece(more, chapters, is_book))),
                ..of_no_whole(tags.clone())
            },
            offer: own,
            shelf: if is_book { Shelf::Audiobook } else { Shelf::Podcast { part_of: Some(whole.clone()) } },
            is_piece: true,
        }
    };
    pieces.iter().enumerate().map(one).collect()
}

/// Counted in samples, a piece ends where the next begins.
fn part(piece: &Piece, number: u32, sample_rate: u32) -> Part {
    let samples = |ms: u64| {
        let samples = u128::from(ms) * u128::from(sample_rate) / 1_000;
        u64::try_from(samples).unwrap_or(u64::MAX)
    };
    Part { number, sample_rate, start: samples(piece.start_ms), end: piece.end_ms.map(samples) }
}

/// What is said of the sound of a whole file is not so of a piece.
fn of_no_whole(tags: TagSet) -> TagSet {
    TagSet {
        lyrics: None,
        isrc: None,
        recording_mbid: None,
        track_mbid: None,
        title_sort: None,
        track_gain: None,
        album_gain: None,
        ..tags
    }
}

fn more_of_piece(more: &MoreTags, chapters: Vec<Chapter>, is_book: bool) -> MoreTags {
    let mut texts = more.texts.clone();
    texts.remove(&Carried::AcoustId);
    let mut own = MoreTags { texts, chapters, user: more.user.clone(), ..MoreTags::default() };
    if !is_book {
        own.texts.insert(Carried::Podcast, vec!["1".to_owned()]);
    }
    own
}

/// The parts of a book count through, whatever discs and files they come from.
fn number(files: &mut [Vec<SpokenTrack>]) {
    let total = files.iter().map(Vec::len).sum::<usize>();
    for (at, track) in files.iter_mut().flatten().enumerate() {
        let tags = &mut track.tags;
        (tags.disc_number, tags.disc_total) = (None, None);
        let counted = |count: usize| u32::try_from(count).ok().filter(|_| total > 1);
        (tags.track_number, tags.track_total) = (counted(at + 1), counted(total));
    }
}

/// The tags of a whole file as they are read when it is made, with what its shelf adds.
pub(super) fn of_shelf(
    more: Option<Box<MoreTags>>,
    shelf: &Shelf,
    keeps_chapters: bool,
) -> Option<Box<MoreTags>> {
    let mut more = more;
    if let Shelf::Podcast { .. } = shelf {
        more.get_or_insert_default().texts.insert(Carried::Podcast, vec!["1".to_owned()]);
    }
    if let Some(more) = more.as_mut().filter(|_| !keeps_chapters) {
        more.chapters = Vec::new();
    }
    more
}

/// Planned tracks by the content of the whole file.
pub(super) type ByFile = HashMap<String, Vec<usize>>;
