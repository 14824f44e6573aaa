//! A wanted podcast: every episode of it that the sources hold, each once, by its day of publication.

use std::collections::BTreeMap;

use ferrotape_domain::Wanted;
use rustc_hash::FxHashSet;

use super::episodes::{is_copy, music};
use super::headings::name_key;
use super::mark::Mark;
use super::namesakes::Whose;
use super::natural::natural_order;
use super::shelf::{File, Shelf};
use super::{OF_ITS_FEED, SHOWN, SpokenAnswer, SpokenChoice, Weighed, near_of, quality};
use crate::question::Refused;

pub(super) fn choose(shelf: &Shelf<'_>, wanted: &Wanted, refused: &Refused<'_>) -> SpokenAnswer {
    let key = name_key(&wanted.title);
    let mut files: Vec<&File<'_>> = if key.is_empty() { Vec::new() } else { shelf.named(&key).collect() };
    files.retain(|file| belongs(file, &key));
    let named: FxHashSet<i64> = files.iter().map(|file| file.offer.file_id).collect();
    let is_named = |file: &File<'_>| named.contains(&file.offer.file_id);
    // A feed that was taken for it is it, whatever it calls itself.
    files.extend(shelf.of_own_feed(wanted).filter(|file| !is_named(file)));
    files.retain(|file| !refused(wanted, &file.offer.content));
    files.retain(|file| shelf.whose(file, wanted) != Whose::Anothers);
    // What lies among episodes is one.
    let of_podcasts = |file: &&File<'_>| file.mark == Mark::Podcast;
    let beside: FxHashSet<_> =
        files.iter().copied().filter(of_podcasts).map(|file| file.offer.path.parent()).collect();
    let is_episode = |file: &File<'_>| match file.mark {
        Mark::Podcast => true,
        Mark::Unmarked => beside.contains(&file.offer.path.parent()),
        Mark::Audiobook | Mark::Music => false,
    };
    let is_its = |file: &File<'_>| shelf.whose(file, wanted) == Whose::Its;
    let doubt = |file: &File<'_>| match is_its(file) {
        true => None,
        false if shelf.is_doubted(file, wanted) => Some(OF_A_DOUBTED_FEED),
        false => Some(WHICH_ONE),
    };
    let mut weighed: Vec<Weighed<'_>> =
        files.iter().map(|file| weigh(file, is_named(file), is_episode(file), doubt(file))).collect();
    let (sure, unsure): (Vec<&File<'_>>, Vec<&File<'_>>) =
        files.iter().copied().filter(|file| is_episode(file)).partition(|file| is_its(file));
    let choice = match (sure.is_empty(), weighed.first()) {
        (false, _) => {
            let files = each_once(&sure, &wanted.title);
            let why = of_this_podcast(files.len(), unsure.len());
            SpokenChoice::Files { files, why, unsure: unsure.iter().map(|file| file.offer.file_id).collect() }
        }
        (true, Some(first)) => {
            SpokenChoice::Review(weighed.iter().take(SHOWN).map(Weighed::found).collect(), first.reason())
        }
        (true, None) => SpokenChoice::None("no file of this podcast in your folders".to_owned()),
    };
    // Whoever asks what was left out is shown the first few only.
    weighed.sort_by_key(|one| is_its(one.file));
    SpokenAnswer { choice, near: near_of(&weighed) }
}

/// What is told of the files that are taken, and of those that are left out beside them.
fn of_this_podcast(sure: usize, unsure: usize) -> String {
    let files = if sure == 1 { "file" } else { "files" };
    let mut says = format!("{sure} {files} of this podcast");
    if unsure > 0 {
        let they_are = if unsure == 1 { "it is" } else { "they are" };
        says.push_str(&format!("; of {unsure} more nothing says of which podcast of this name {they_are}"));
    }
    says
}

/// Why a file may be another podcast's.
const WHICH_ONE: &str = "you want or wanted several podcasts of this name, and nothing says of which it is";

/// Why a file that its name makes this podcast's may be another's.
const OF_A_DOUBTED_FEED: &str = "it came from a feed of this name that may be another podcast's";

/// An artist alone may make several podcasts: it counts only where no album says otherwise.
fn belongs(file: &File<'_>, key: &String) -> bool {
    file.album == *key || file.folder == *key || (file.album.is_empty() && file.artists.contains(key))
}

fn weigh<'a>(file: &'a File<'a>, is_named: bool, is_episode: bool, doubt: Option<&str>) -> Weighed<'a> {
    let mut weighed = Weighed::of(file);
    if let Some(doubt) = doubt {
        weighed.doubts("feed", doubt);
    }
    match is_named {
        true => weighed.says("album", 3.0, "same podcast"),
        false => weighed.says("feed", 3.0, OF_ITS_FEED),
    }
    match file.mark {
        Mark::Podcast => weighed.says("kind", 0.5, "marked as a podcast"),
        Mark::Unmarked if is_episode => weighed.says("kind", 0.3, "among episodes of it"),
        Mark::Unmarked => {
            weighed.doubts("kind", "nothing says that it is a podcast: no genre, no folder of podcasts");
        }
        Mark::Audiobook => weighed.doubts("kind", "marked as an audiobook"),
        Mark::Music => weighed.doubts("kind", music(file)),
    }
    weighed
}

/// One file of each episode, by date, then number, then moment, then name.
fn each_once(files: &[&File<'_>], show: &str) -> Vec<i64> {
    let mut episodes: BTreeMap<(String, Vec<String>), Vec<&File<'_>>> = BTreeMap::new();
    for file in files {
        let title = file.titles(show).into_iter().next().unwrap_or_default();
        let same = episodes.entry((title.words, title.numbers)).or_default();
        match same.iter_mut().find(|known| is_copy(known, file, show)) {
            Some(known) if quality(known.offer) >= quality(file.offer) => {}
            Some(known) => *known = file,
            None => same.push(file),
        }
    }
    let number = |numbers: &[String]| numbers.first().and_then(|number| number.parse::<u64>().ok());
    let mut all: Vec<(Option<String>, Option<u64>, &File<'_>)> = episodes
        .iter()
        .flat_map(|((_, numbers), files)| files.iter().map(|file| (file.date(), number(numbers), *file)))
        .collect();
    let moment = |file: &File<'_>| file.item.as_ref().and_then(|item| item.at);
    all.sort_by(|a, b| {
        let names = || natural_order(&a.2.offer.path.to_string_lossy(), &b.2.offer.path.to_string_lossy());
        (&a.0, a.1, moment(a.2)).cmp(&(&b.0, b.1, moment(b.2))).then_with(names)
    });
    all.into_iter().map(|(_, _, file)| file.offer.file_id).collect()
}
