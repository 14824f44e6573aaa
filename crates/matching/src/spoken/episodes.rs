//! A wanted episode: title and show agree, every number is equal, and it is about as long.
//!
//! A number before all words only counts: where one place leaves it out, the day or the length tells that it is the same episode.
//! A title that only repeats the day or a number is in any podcast of the name. Then nobody else may be named as its publisher.

use std::time::Duration;

use ferrotape_domain::{Wanted, says_nothing_of_its_own};
use rustc_hash::FxHashSet;
use unicode_normalization::UnicodeNormalization;

use super::headings::{Likeness, NumberedTitle, name_key, only_counts};
use super::mark::Mark;
use super::namesakes::are_of_other_publishers;
use super::shelf::{File, Shelf};
use super::{OF_ITS_FEED, SHOWN, SpokenAnswer, SpokenChoice, Weighed, best_first, near_of, quality};
use crate::question::Refused;
use crate::texts::normalise::fold;

/// Advertisements are put into an episode as it is fetched, so its length may differ by this, or by a twentieth.
const APART: Duration = Duration::from_secs(90);
/// Copies of one file in several formats last as long.
const COPIES: Duration = Duration::from_secs(2);
/// Where a day begins is another question than which one it is.
const ONE_DAY: u64 = 1;
/// A feed that moved may date its episodes anew by a little.
const DAYS: i64 = 3;
/// What a feed lists twice has about one moment, in seconds; bulletins of one day are farther apart.
const MOMENTS: u64 = 15 * 60;
/// A title of so many letters is worth showing though it stands under another show.
const TELLING: usize = 12;
/// Why a file is not taken that only the podcast's name speaks for.
const IN_ANY: &str =
    "its title says only a day, a number or the podcast's name, and its tags name another publisher";
/// Why a file is not taken that may be another podcast's of the name.
const WHICH_ONE: &str =
    "you want several podcasts of this name, and neither publisher, day nor length tells of which it is";

pub(super) fn choose(shelf: &Shelf<'_>, wanted: &Wanted, refused: &Refused<'_>) -> SpokenAnswer {
    let show = wanted.release.as_deref().unwrap_or_default();
    let title = NumberedTitle::of(&wanted.title, show);
    let mut of_show = 0;
    let mut weighed: Vec<Weighed<'_>> = Vec::new();
    // A feed that was taken for its podcast is that, whatever it calls itself.
    let own: FxHashSet<i64> = shelf.of_own_feed(wanted).map(|file| file.offer.file_id).collect();
    let is_own = |file: &File<'_>| own.contains(&file.offer.file_id);
    let is_bare = is_bare(&wanted.title, show);
    let weigh = |file, is_own| {
        let mut weighed = weigh(file, wanted, &title, is_own)?;
        let is_told = weighed.evidence.iter().any(|one| matches!(one.kind, "duration" | "date"));
        if !is_told && shelf.may_be_namesakes(file, wanted) {
            weighed.doubts("artist", WHICH_ONE);
        }
        if is_bare && !is_own && shelf.names_others(file, wanted) {
            weighed.doubts("artist", IN_ANY);
        }
        if is_bare && !is_own && !is_told && is_of_the(file, show) && !shelf.names_publisher(file, wanted) {
            let album = file.offer.tags.album.as_deref().unwrap_or_default();
            weighed.doubts("artist", format!("its podcast is “{album}”, and its title is in any podcast"));
        }
        Some(weighed)
    };
    let key = name_key(show);
    let named = shelf.named(&key).filter(|file| !is_own(file));
    for file in shelf.of_own_feed(wanted).chain(named) {
        of_show += usize::from(file.mark == Mark::Podcast);
        weighed.extend(weigh(file, is_own(file)));
    }
    let seen: Vec<i64> = weighed.iter().map(|one| one.file.offer.file_id).collect();
    let elsewhere = shelf.titled(&title.words).filter(|file| !seen.contains(&file.offer.file_id));
    if title.words.chars().count() >= TELLING || show.is_empty() {
        weighed.extend(elsewhere.filter_map(|file| weigh(file, false)));
    }
    weighed.retain(|one| !refused(wanted, &one.file.offer.content));
    best_first(&mut weighed);
    SpokenAnswer { choice: settle(&weighed, (show, of_show)), near: near_of(&weighed) }
}

/// Whether a file is of `The Low Tide` and the podcast is `Low Tide`, or the other way round: perhaps two podcasts.
fn is_of_the(file: &File<'_>, show: &str) -> bool {
    let begins = |name: &str| fold(name).starts_with("the ");
    let album = file.offer.tags.album.as_deref().unwrap_or_default();
    file.album == name_key(show) && begins(album) != begins(show)
}

/// Whether every podcast of the name may have an episode of this title.
fn is_bare(title: &str, show: &str) -> bool {
    let [title, show] = [title, show].map(|text| text.nfc().collect::<String>());
    says_nothing_of_its_own(&title, &[&show])
}

/// The one that fits, copies of it taken together; else what a person may choose from.
fn settle(weighed: &[Weighed<'_>], (show, of_show): (&str, usize)) -> SpokenChoice {
    let shown = |several: &[&Weighed<'_>]| several.iter().take(SHOWN).map(|one| one.found()).collect();
    let mut fits: Vec<&Weighed<'_>> = weighed.iter().filter(|one| one.doubts.is_empty()).collect();
    // The very title goes before one that is it but for a number.
    if fits.iter().any(|one| !one.is_counted) {
        fits.retain(|one| !one.is_counted);
    }
    let Some(first) = fits.first() else {
        let all: Vec<&Weighed<'_>> = weighed.iter().collect();
        return match all.first() {
            Some(best) => SpokenChoice::Review(shown(&all), best.reason()),
            None if of_show > 0 => {
                let files = if of_show == 1 { "1 file".to_owned() } else { format!("{of_show} files") };
                SpokenChoice::None(format!(
                    "no file of it in your folders, which hold {files} of this podcast"
                ))
            }
            None => SpokenChoice::None("no file of it in your folders".to_owned()),
        };
    };
    // Two that are counted otherwise are two episodes of one title.
    let title = |file: &File<'_>| file.titles(show).into_iter().next();
    let is_else = |file: &File<'_>| first.is_counted && title(first.file) != title(file);
    if fits.iter().any(|other| is_else(other.file) || !is_copy(first.file, other.file, show)) {
        return SpokenChoice::Review(
            shown(&fits),
            "two different files have its title and its show".to_owned(),
        );
    }
    let best = fits.iter().max_by_key(|one| quality(one.file.offer)).unwrap_or(first);
    SpokenChoice::File(best.found())
}

/// Whether two files are the same episode: the same bytes, or the same names (which were compared before), day and length,
/// where they are not two items of feeds.
pub(super) fn is_copy(one: &File<'_>, other: &File<'_>, show: &str) -> bool {
    if one.offer.content == other.offer.content {
        return true;
    }
    let lengths = one.offer.facts.duration.zip(other.offer.facts.duration);
    let dates = full_date(one.date().as_deref()).zip(full_date(other.date().as_deref()));
    lengths.is_some_and(|(one, other)| one.abs_diff(other) <= COPIES)
        && dates.is_none_or(|(one, other)| one == other)
        && !are_two_items(one, other, show)
}

/// Whether files of one title came as two episodes. A feed that lists several under a title that tells nothing, as `News`, has
/// so many; under one that tells, what was published at about one moment is the same, listed twice. What two feeds have is
/// a copy, unless its title tells nothing and others publish it.
fn are_two_items(one: &File<'_>, other: &File<'_>, show: &str) -> bool {
    let Some((item, others)) = one.item.as_ref().zip(other.item.as_ref()) else { return false };
    let title = |file: &File<'_>| file.offer.tags.title.clone().unwrap_or_default();
    let tells_nothing = || is_bare(&title(one), show) || is_bare(&title(other), show);
    if item.feed != others.feed {
        return tells_nothing() && are_of_other_publishers(&one.offer.tags, &other.offer.tags, show);
    }
    let is_later = || item.at.zip(others.at).is_some_and(|(one, other)| one.abs_diff(other) >= MOMENTS);
    item.name != others.name && (tells_nothing() || is_later())
}

/// `None` where the file is not near.
fn weigh<'a>(
    file: &'a File<'a>,
    wanted: &Wanted,
    title: &NumberedTitle,
    is_own: bool,
) -> Option<Weighed<'a>> {
    let mut weighed = Weighed::of(file);
    let show = wanted.release.as_deref().unwrap_or_default();
    weigh_title(&mut weighed, wanted, title)?;
    weigh_show(&mut weighed, show, is_own);
    let as_long = weigh_length(&mut weighed, wanted.duration);
    let same_day = weigh_date(&mut weighed, wanted.released.as_deref());
    match file.mark {
        Mark::Podcast => weighed.says("kind", 0.5, "marked as a podcast"),
        Mark::Unmarked if as_long || same_day => {}
        Mark::Unmarked => {
            weighed.doubts("kind", "nothing says that it is a podcast: no genre, no folder of podcasts");
        }
        Mark::Audiobook => weighed.doubts("kind", "marked as an audiobook"),
        Mark::Music => weighed.doubts("kind", music(file)),
    }
    Some(weighed)
}

pub(super) fn music(file: &File<'_>) -> String {
    match file.offer.tags.genres.first() {
        Some(genre) => format!("its genre is “{genre}”, which is none of spoken word"),
        None => "it has a code of the music industry".to_owned(),
    }
}

fn weigh_title(weighed: &mut Weighed<'_>, wanted: &Wanted, title: &NumberedTitle) -> Option<()> {
    let show = wanted.release.as_deref().unwrap_or_default();
    let rank = |likeness: &Likeness| match likeness {
        Likeness::Same => 0,
        Likeness::NumberMissing => 1,
        Likeness::Near => 2,
        Likeness::Differs => 3,
    };
    let titles = weighed.file.titles(show);
    let (likeness, own) =
        titles.iter().map(|own| (title.likeness(own), own)).min_by_key(|(likeness, _)| rank(likeness))?;
    match likeness {
        Likeness::Same => weighed.says("title", 4.0, "same title"),
        Likeness::NumberMissing => {
            let counted = if own.numbers.is_empty() { &title.numbers } else { &own.numbers };
            // The number that one title leaves out may be the number of the track.
            let track = weighed.file.offer.tags.track_number.map(|number| number.to_string());
            match (own.numbers.is_empty(), counted.as_slice(), track) {
                (true, [number], Some(track)) if *number == track => {
                    weighed.says("title", 3.5, format!("same title, number {number} by its track number"));
                }
                _ => weigh_missing_number(weighed, wanted, counted),
            }
        }
        Likeness::Near => {
            weighed.says("title", 1.0, "a similar title");
            let own = weighed.file.offer.tags.title.clone().unwrap_or_default();
            weighed.doubts("title", format!("its title is “{own}”"));
        }
        Likeness::Differs => return None,
    }
    Some(())
}

/// Weighs what one title counts as and the other does not. A number before all words tells of no other episode where day or
/// length is the same; one within the title may be a part's.
fn weigh_missing_number(weighed: &mut Weighed<'_>, wanted: &Wanted, counted: &[String]) {
    let show = wanted.release.as_deref().unwrap_or_default();
    let own = weighed.file.offer.tags.title.as_deref().unwrap_or_default();
    let titles = [own, wanted.title.as_str()];
    let is_count = titles.iter().any(|title| only_counts(title, show) && !is_bare(title, show));
    let number = counted.join(", ");
    let alike = is_count.then(|| is_of_one_time(weighed.file, wanted));
    if alike == Some(Some(true)) {
        weighed.is_counted = true;
        return weighed.says("title", 3.5, format!("same title, which only one place counts as {number}"));
    }
    // Nothing that is known speaks against it.
    let kind = if alike == Some(None) { "unproven" } else { "title" };
    weighed.says("title", 2.0, "same words in the title");
    weighed.doubts(kind, format!("only one of the titles says {number}"));
}

/// Whether the day or the length is the same; `None` where neither can be compared.
fn is_of_one_time(file: &File<'_>, wanted: &Wanted) -> Option<bool> {
    let days = full_date(wanted.released.as_deref()).zip(full_date(file.date().as_deref()));
    let lengths = wanted.duration.filter(|wanted| !wanted.is_zero()).zip(file.offer.facts.duration);
    let same_day = days.map(|(wanted, own)| wanted.abs_diff(own) <= ONE_DAY);
    let as_long = lengths.map(|(wanted, own)| wanted.abs_diff(own) <= COPIES.max(wanted / 100));
    match (same_day, as_long) {
        (None, None) => None,
        (same_day, as_long) => Some(same_day == Some(true) || as_long == Some(true)),
    }
}

/// `is_own`: the file is of a feed that was taken for the podcast.
fn weigh_show(weighed: &mut Weighed<'_>, show: &str, is_own: bool) {
    let (key, file) = (name_key(show), weighed.file);
    let says = if key.is_empty() && is_own {
        return weighed.says("feed", 3.0, OF_ITS_FEED);
    } else if key.is_empty() {
        return weighed.doubts("artist", "nobody says which podcast it is wanted of");
    } else if file.album == key {
        "same podcast, as its album says"
    } else if file.artists.contains(&key) {
        "same podcast, as its artist says"
    } else if [&file.folder, &file.above].contains(&&key) {
        "same podcast, as its folder says"
    } else if is_own {
        return weighed.says("feed", 3.0, OF_ITS_FEED);
    } else {
        let own =
            file.offer.tags.album.as_deref().or_else(|| file.offer.tags.artists.first().map(String::as_str));
        let says = own
            .map_or("it does not say of which podcast it is".to_owned(), |own| format!("it is of “{own}”"));
        return weighed.doubts("artist", says);
    };
    weighed.says("album", 3.0, says);
}

/// Whether the lengths are known and agree.
fn weigh_length(weighed: &mut Weighed<'_>, wanted: Option<Duration>) -> bool {
    let wanted = wanted.filter(|wanted| !wanted.is_zero());
    let Some((wanted, own)) = wanted.zip(weighed.file.offer.facts.duration) else { return false };
    let apart = wanted.abs_diff(own);
    if apart <= APART.max(wanted / 20) {
        weighed.says("duration", 1.0, if apart <= COPIES { "same length" } else { "about as long" });
        return true;
    }
    let more = if own > wanted { "longer" } else { "shorter" };
    let minutes = (apart.as_secs() + 30) / 60;
    weighed.doubts("duration", format!("{minutes} min {more}"));
    false
}

/// Whether both name the same day.
fn weigh_date(weighed: &mut Weighed<'_>, wanted: Option<&str>) -> bool {
    let own = weighed.file.date();
    let days = full_date(wanted).zip(full_date(own.as_deref()));
    let years = wanted.and_then(|date| date.get(..4)).zip(own.as_deref().and_then(|date| date.get(..4)));
    match (days, years) {
        (Some((wanted, own)), _) if wanted.abs_diff(own) <= DAYS.unsigned_abs() => {
            weighed.says("date", 1.0, "published at that time");
            true
        }
        (Some(_), _) => {
            let (wanted, own) = (wanted.unwrap_or_default(), own.unwrap_or_default());
            weighed.doubts("date", format!("published on {own}, and {wanted} is wanted"));
            false
        }
        (None, Some((wanted, own))) if wanted != own => {
            weighed.doubts("date", format!("published in {own}, and {wanted} is wanted"));
            false
        }
        _ => false,
    }
}

/// Days since some day long ago; only of a whole date.
pub fn full_date(date: Option<&str>) -> Option<i64> {
    let mut parts = date?.get(..10)?.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    // Counted from March, a leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day)
}
