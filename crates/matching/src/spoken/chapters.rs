//! A chapter that is wanted for itself: its own file, else the book that holds it.

use super::groups::Group;
use super::headings::{Likeness, NumberedTitle};
use super::{SpokenChoice, Weighed};

/// The chapter among the files of its book, which is sure to be the right one.
pub(super) fn choose(group: &Group<'_>, (book, chapter): (&str, &str)) -> SpokenChoice {
    let wanted = NumberedTitle::of(chapter, book);
    let is_it = |titles: &[NumberedTitle]| titles.iter().any(|own| wanted.likeness(own) == Likeness::Same);
    let mut found = group.files.iter().filter(|file| is_it(&file.titles(book)));
    if let (Some(file), None) = (found.next(), found.next()) {
        let mut weighed = Weighed::of(file);
        weighed.says("title", 4.0, "same chapter");
        weighed.says("album", 3.0, "same book and author");
        return SpokenChoice::File(weighed.found());
    }
    let files: Vec<i64> = group.files.iter().map(|file| file.offer.file_id).collect();
    let why = "the whole book, for the chapter has no file of its own".to_owned();
    SpokenChoice::Files { files, why, unsure: Vec::new() }
}
