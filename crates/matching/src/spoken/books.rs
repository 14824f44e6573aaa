//! A wanted audiobook: title and author agree, nothing of it is missing, and it is not another edition.

use std::time::Duration;

use ferrotape_domain::{Match, Wanted};

use super::episodes::music;
use super::folders::author_above;
use super::groups::{Group, Parts, groups};
use super::headings::{
    NumberedTitle, Reading, abridged, disc_in_name, main_title, name_key, names_reader, reading_of,
};
use super::mark::Mark;
use super::shelf::{File, Shelf};
use super::{SHOWN, SpokenAnswer, SpokenChoice, Weighed, book_and_chapter, chapters};
use crate::question::{Near, Refused};
use crate::readings::names::{Agreement, Names};

/// Files of a chosen book that are shown with the reasons.
const MOST_SHOWN: usize = 16;

/// A book that came near, weighed as a whole by its first file.
struct Book<'a> {
    group: &'a Group<'a>,
    weighed: Weighed<'a>,
    /// Whether its name says that it was read again: the first reading goes before it.
    is_again: bool,
}

pub(super) fn choose(shelf: &Shelf<'_>, wanted: &Wanted, refused: &Refused<'_>) -> SpokenAnswer {
    let (title, chapter) = book_and_chapter(wanted);
    let near = near_groups(shelf, title);
    let mut books: Vec<Book<'_>> =
        near.iter().filter_map(|group| weigh(group, wanted, title, chapter.is_none())).collect();
    books.retain(|book| !book.group.files.iter().any(|file| refused(wanted, &file.offer.content)));
    books.sort_by_key(|book| book.weighed.doubts.len());
    let near = near_of(&books);
    let mut fits: Vec<&Book<'_>> = books.iter().filter(|book| book.weighed.doubts.is_empty()).collect();
    if fits.iter().any(|book| !book.is_again) {
        fits.retain(|book| !book.is_again);
    }
    let shown = |books: &[&Book<'_>]| {
        books.iter().take(SHOWN).map(|book| book.weighed.found()).collect::<Vec<Match>>()
    };
    let choice = match (fits.as_slice(), books.first()) {
        ([one], _) => match chapter {
            Some(chapter) => chapters::choose(one.group, (title, chapter)),
            None => whole(one.group),
        },
        ([_, ..], _) => {
            SpokenChoice::Review(shown(&fits), "you have it in two editions or two copies".to_owned())
        }
        ([], Some(best)) => {
            SpokenChoice::Review(shown(&books.iter().collect::<Vec<_>>()), best.weighed.reason())
        }
        ([], None) => SpokenChoice::None("no file of it in your folders".to_owned()),
    };
    SpokenAnswer { choice, near }
}

fn whole(group: &Group<'_>) -> SpokenChoice {
    let files: Vec<i64> = group.files.iter().map(|file| file.offer.file_id).collect();
    let count = files.len();
    let noun = if count == 1 { "file carries" } else { "files carry" };
    let why = format!("{count} {noun} the title and the author of this book");
    SpokenChoice::Files { files, why, unsure: Vec::new() }
}

/// The books whose name, or main title, is the wanted one's; each file in one of them at most.
fn near_groups<'a>(shelf: &'a Shelf<'a>, title: &str) -> Vec<Group<'a>> {
    let (key, main) = (name_key(title), name_key(main_title(title)));
    let mut seen: Vec<i64> = Vec::new();
    let mut found: Vec<&'a File<'a>> = Vec::new();
    for key in [&key, &main] {
        let new = shelf.named(key).filter(|file| !key.is_empty() && !seen.contains(&file.offer.file_id));
        let new: Vec<&'a File<'a>> = new.collect();
        seen.extend(new.iter().map(|file| file.offer.file_id));
        found.extend(new);
    }
    let by_album = |file: &&'a File<'a>| {
        let mains =
            file.offer.tags.album.as_deref().map(|album| name_key(main_title(album))).unwrap_or_default();
        [&key, &main].into_iter().any(|name| *name == file.album || *name == mains)
            || (file.album.is_empty() && [&key, &main].contains(&&file.folder))
    };
    let (together, alone): (Vec<&'a File<'a>>, Vec<&'a File<'a>>) = found.into_iter().partition(by_album);
    let titled = |file: &&'a File<'a>| {
        let title = file.offer.tags.title.as_deref().unwrap_or_default();
        [&key, &main].contains(&&name_key(title)) && !title.is_empty()
    };
    let mut all = groups(together.into_iter(), false);
    all.extend(groups(alone.into_iter().filter(titled), true));
    all
}

/// `None` where its author is another, or it is another volume.
fn weigh<'a>(group: &'a Group<'a>, wanted: &Wanted, title: &str, is_whole: bool) -> Option<Book<'a>> {
    let first = group.files.first()?;
    let mut weighed = Weighed::of(first);
    weigh_title(&mut weighed, title)?;
    weigh_author(&mut weighed, wanted)?;
    let album = first.offer.tags.album.as_deref().unwrap_or_default();
    let path = &first.offer.path;
    let names = [path.file_stem(), path.parent().and_then(|folder| folder.file_name())];
    let names = names.map(|name| name.map(|name| name.to_string_lossy()).unwrap_or_default());
    let own_title = first.offer.tags.title.as_deref().unwrap_or_default();
    let own = [album, own_title, &names[0], &names[1]].into_iter().find_map(abridged);
    match (abridged(title), own) {
        (Some(false), Some(true)) => weighed.doubts("version", "abridged, and the unabridged book is wanted"),
        (None, Some(true)) => {
            weighed.doubts("version", "abridged, and nothing says that the abridged book is wanted");
        }
        (Some(true), Some(false)) => weighed.doubts("version", "unabridged, and the abridged book is wanted"),
        // As long as the abridged book is said to be, it is that.
        (Some(true), None) if !(is_whole && lasts_as_long(group, wanted.duration)) => {
            weighed.doubts("version", "nothing says that it is abridged, and the abridged book is wanted");
        }
        _ => {}
    }
    let as_long = is_whole && weigh_length(&mut weighed, group, wanted.duration);
    weigh_marks(&mut weighed, group, as_long);
    // Of a missing part only who wants the whole must be told.
    if is_whole {
        weigh_parts(&mut weighed, group, (title, as_long));
    }
    if group.files.len() > 1 {
        weighed.says("parts", 0.0, format!("the first of {} files", group.files.len()));
    }
    let is_again =
        matches!(reading_of(album).1, Some(Reading::Again(_))) && name_key(album) != name_key(title);
    Some(Book { group, weighed, is_again })
}

fn weigh_title(weighed: &mut Weighed<'_>, title: &str) -> Option<()> {
    let (key, file) = (name_key(title), weighed.file);
    let own_title = file.offer.tags.title.as_deref().unwrap_or_default();
    let album = file.offer.tags.album.as_deref().unwrap_or_default();
    let bare = if names_reader(title) { name_key(main_title(title)) } else { key.clone() };
    // What the album says of a reading is not undone by the title of its only file.
    if let (book, Some(reading)) = reading_of(album)
        && file.album != key
        && name_key(reading_of(book).0) == bare
    {
        match reading {
            Reading::Again(which) if bare != key => {
                weighed.says("title", 3.5, "same title");
                weighed.doubts("version", format!("this is {which}, and nothing says who reads it"));
            }
            Reading::Again(which) => weighed.says("title", 3.5, format!("same title, read again: {which}")),
            Reading::Told(how) => {
                weighed.says("title", 3.5, "same title");
                weighed.doubts("version", format!("this reading is {how}"));
            }
        }
        return Some(());
    }
    if file.album == key || (file.album.is_empty() && file.folder == key) || name_key(own_title) == key {
        weighed.says("title", 4.0, "same title");
        return Some(());
    }
    let own = file.offer.tags.album.as_deref().filter(|album| !album.is_empty()).unwrap_or(own_title);
    let (volumes, others) = (NumberedTitle::of(title, "").numbers, NumberedTitle::of(own, "").numbers);
    if volumes != others && !volumes.is_empty() && !others.is_empty() {
        return None;
    }
    weighed.says("title", 2.0, "the same main title");
    weighed.doubts("title", format!("its title is “{own}”"));
    Some(())
}

fn weigh_author(weighed: &mut Weighed<'_>, wanted: &Wanted) -> Option<()> {
    let tags = &weighed.file.offer.tags;
    let authors = Names::of(wanted.artists.names());
    let above = author_above(weighed.file.offer);
    let folder: Vec<String> = Some(above).filter(|name| !name.is_empty()).into_iter().collect();
    let tagged = [&tags.album_artists, &tags.artists];
    let agree =
        |names: &Vec<String>| authors.agreement(&Names::of(names.iter().map(String::as_str)), usize::MAX);
    let best = tagged.into_iter().map(agree).max().unwrap_or(Agreement::Unknown);
    let best = if best == Agreement::Unknown { agree(&folder) } else { best };
    match best {
        Agreement::Same | Agreement::Listed | Agreement::Alias | Agreement::Romanised => {
            weighed.says("artist", 3.0, "same author");
        }
        Agreement::Unknown if authors.is_empty() => {
            weighed.doubts("artist", "its author is not known, and several books may have this title");
        }
        Agreement::Unknown => weighed.doubts("artist", "it names no author"),
        Agreement::Typo | Agreement::Near | Agreement::Part => {
            let own = tags.album_artists.first().or(tags.artists.first()).cloned().unwrap_or_default();
            weighed.doubts("artist", format!("its author is “{own}”"));
        }
        // Where a reader stands for the author, the folder may still name that.
        Agreement::Differs if agree(&folder) >= Agreement::Listed => {
            weighed.says("artist", 2.0, "same author, as its folder says");
        }
        Agreement::Differs => return None,
    }
    Some(())
}

/// Files that play for about as long as the book is said to.
fn is_near(wanted: Duration, own: Duration) -> bool {
    wanted.abs_diff(own) <= Duration::from_secs(90).max(wanted / 20)
}

/// The length that is wanted and the one that is here, where both are known.
fn lengths(group: &Group<'_>, wanted: Option<Duration>) -> Option<(Duration, Duration)> {
    let own: Option<Duration> = group.files.iter().map(|file| file.offer.facts.duration).sum();
    wanted.filter(|wanted| !wanted.is_zero()).zip(own)
}

fn lasts_as_long(group: &Group<'_>, wanted: Option<Duration>) -> bool {
    lengths(group, wanted).is_some_and(|(wanted, own)| is_near(wanted, own))
}

/// Whether the lengths are known and agree.
fn weigh_length(weighed: &mut Weighed<'_>, group: &Group<'_>, wanted: Option<Duration>) -> bool {
    let Some((wanted, own)) = lengths(group, wanted) else { return false };
    let apart = wanted.abs_diff(own);
    if is_near(wanted, own) {
        weighed.says("duration", 1.0, "about as long");
        return true;
    }
    let more = if own > wanted { "longer" } else { "shorter" };
    weighed.doubts("duration", format!("{} min {more}", (apart.as_secs() + 30) / 60));
    false
}

/// Numbers tell whether a part is missing; without any, the length does.
fn weigh_parts(weighed: &mut Weighed<'_>, group: &Group<'_>, (title, as_long): (&str, bool)) {
    let has_length_doubt = weighed.doubts.iter().any(|(kind, _)| *kind == "duration");
    match group.parts() {
        Parts::Trouble(trouble) => weighed.doubts("parts", trouble),
        Parts::TroubleInNames(trouble) if !as_long => weighed.doubts("parts", trouble),
        Parts::Unknown if !as_long && !has_length_doubt => weighed.doubts(
            "parts",
            "nothing tells whether a part of it is missing: its files have no numbers, and the book's length is not known",
        ),
        // Whoever wants the first disc by its name has it whole.
        Parts::All if !as_long && !has_length_doubt && disc_in_name(title).is_none() => {
            if let Some(why) = group.may_be_more() {
                weighed.doubts("parts", why);
            }
        }
        Parts::Unknown | Parts::TroubleInNames(_) | Parts::All => {}
    }
}

fn weigh_marks(weighed: &mut Weighed<'_>, group: &Group<'_>, as_long: bool) {
    let has = |mark: Mark| group.files.iter().copied().find(|file| file.mark == mark);
    match (has(Mark::Music), has(Mark::Podcast), has(Mark::Audiobook)) {
        (Some(file), ..) => weighed.doubts("kind", music(file)),
        (_, Some(_), _) => weighed.doubts("kind", "marked as a podcast"),
        (.., Some(_)) => weighed.says("kind", 0.5, "marked as an audiobook"),
        _ if as_long => {}
        _ => {
            weighed.doubts("kind", "nothing says that it is an audiobook: no genre, no folder of audiobooks");
        }
    }
}

fn near_of(books: &[Book<'_>]) -> Vec<Near> {
    let files = books.iter().flat_map(|book| {
        let reason = (!book.weighed.doubts.is_empty()).then(|| book.weighed.reason());
        let near = book.weighed.near();
        book.group.files.iter().map(move |file| {
            let mut found = near.found.clone();
            found.file_id = file.offer.file_id;
            Near { found, rejected: reason.clone() }
        })
    });
    files.take(MOST_SHOWN).collect()
}
