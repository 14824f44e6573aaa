//! Audiobooks whose discs lie in folders of their own: the first is not the whole.

use std::time::Duration;

use ferrotape_domain::{Offer, TagSet, Wanted};
use ferrotape_matching::spoken::around;

use crate::spoken::{answer, book, file, with};

/// A part of a book by Mara Quill, in this folder under this album.
fn part(id: i64, folder: &str, album: &str, number: u32) -> Offer {
    let path = format!("/x/Audiobooks/{folder}/{number:02}.mp3");
    with(file(id, &path, "", 1_800), |tags| {
        *tags = TagSet {
            album: Some(album.to_owned()),
            artists: vec!["Mara Quill".to_owned()],
            track_number: Some(number),
            ..TagSet::default()
        };
    })
}

/// Two discs of two parts each.
fn two_discs(folders: [&str; 2], albums: [&str; 2]) -> Vec<Offer> {
    let disc = |at: usize| {
        [1, 2].map(|number: u32| {
            let id = i64::try_from(2 * at).unwrap() + i64::from(number);
            part(id, folders[at], albums[at], number)
        })
    };
    [disc(0), disc(1)].into_iter().flatten().collect()
}

fn on_disc(mut offers: Vec<Offer>, disc: impl Fn(i64) -> u32) -> Vec<Offer> {
    offers.iter_mut().for_each(|offer| offer.tags.disc_number = Some(disc(offer.file_id)));
    offers
}

fn salt() -> Wanted {
    book("Salt", "Mara Quill")
}

#[test]
fn discs_in_folders_of_their_own_are_one_book() {
    let albums = [
        ["Salt (Disc 1)", "Salt (Disc 2)"],
        ["Salt [Disc 1]", "Salt [Disc 2]"],
        ["Salt - Disc 1", "Salt - Disc 2"],
        ["Salt (CD 1) (Unabridged)", "Salt (CD 2) (Unabridged)"],
        ["Salt CD1", "Salt CD2"],
    ];
    for albums in albums {
        let offers = two_discs(["a", "b"], albums);
        assert_eq!(answer(&salt(), &offers), "files 1 2 3 4", "{albums:?}");
        assert_eq!(around(&offers[0], &offers), [1, 2, 3, 4], "{albums:?}");
    }
    let folders = two_discs(["Salt CD1", "Salt CD2"], ["Salt"; 2]);
    assert_eq!(answer(&salt(), &folders), "files 1 2 3 4");
    let tags = on_disc(two_discs(["a", "b"], ["Salt"; 2]), |id| if id < 3 { 1 } else { 2 });
    assert_eq!(answer(&salt(), &tags), "files 1 2 3 4");
    let all_say_1 = on_disc(two_discs(["a", "b"], ["Salt (CD 1)", "Salt (CD 2)"]), |_| 1);
    assert_eq!(answer(&salt(), &all_say_1), "files 1 2 3 4", "ripped disc by disc");
}

#[test]
fn numbers_that_go_on_are_one_book() {
    let offers = |folder: &str| {
        let second = [3, 4].map(|number: u32| part(i64::from(number), folder, "Salt", number));
        [vec![part(1, "p/one", "Salt", 1), part(2, "p/one", "Salt", 2)], second.to_vec()].concat()
    };
    assert_eq!(answer(&salt(), &offers("p/two")), "files 1 2 3 4");
    let elsewhere = offers("q/two");
    assert_eq!(answer(&salt(), &elsewhere), "review 1 3: it may go on in “two”");
    let mut counted = elsewhere;
    counted.iter_mut().for_each(|offer| offer.tags.track_total = Some(2));
    assert_eq!(answer(&salt(), &counted), "files 1 2", "its tags say that these are all");
}

#[test]
fn what_may_be_another_edition_is_not_joined() {
    let mut years = two_discs(["a", "b"], ["Salt (Disc 1)", "Salt (Disc 2)"]);
    years[2].tags.date = Some("2019".to_owned());
    assert_eq!(answer(&salt(), &years), "review 1 3: disc 2 may be in “b”");
    assert_eq!(around(&years[0], &years), [1, 2]);
    let one_and_three = two_discs(["a", "b"], ["Salt (CD 1)", "Salt (CD 3)"]);
    assert_eq!(answer(&salt(), &one_and_three), "review 1: disc 2 is missing");
}

#[test]
fn the_first_disc_alone_is_not_the_whole_without_a_word() {
    let why = "review 1: all of it here is disc 1, and nothing says how many discs there are";
    let first = |folder: &str, album: &str| vec![part(1, folder, album, 1), part(2, folder, album, 2)];
    assert_eq!(answer(&salt(), &first("a", "Salt (Disc 1)")), why);
    assert_eq!(answer(&salt(), &first("Salt CD1", "Salt")), why);
    assert_eq!(answer(&salt(), &first("Salt/CD1", "Salt")), why);
    assert_eq!(answer(&salt(), &on_disc(first("a", "Salt"), |_| 1)), why);
    let mut only = on_disc(first("a", "Salt"), |_| 1);
    only.iter_mut().for_each(|offer| offer.tags.disc_total = Some(1));
    assert_eq!(answer(&salt(), &only), "files 1 2", "its tags say that it is the only one");
    let hour = Wanted { duration: Some(Duration::from_secs(3_600)), ..salt() };
    assert_eq!(answer(&hour, &first("a", "Salt (Disc 1)")), "files 1 2", "as long as the book is said to be");
    let disc = book("Salt (Disc 1)", "Mara Quill");
    assert_eq!(answer(&disc, &first("a", "Salt (Disc 1)")), "files 1 2", "that disc is wanted");
}
