//! Podcasts of one name, whose files only their feeds tell apart.

use ferrotape_domain::{ArtistCredit, Offer, Wanted, WantedKind};
use ferrotape_matching::spoken::{Shelf, SpokenChoice, choose_spoken, name_key};

use crate::spoken::file;

const PUBLIC: &str = "https://feeds.example/tide";
const PRIVATE: &str = "https://me:pw@paid.example/tide";

fn show(feed: &str) -> Wanted {
    Wanted { title: "Low Tide".to_owned(), feed: Some(feed.to_owned()), ..Wanted::of_kind(WantedKind::Show) }
}

fn named(id: i64, path: &str) -> Offer {
    file(id, path, &format!("Harbour {id}"), 600)
}

/// `files [1, 2]: why`, `review [1, 2]: why`.
fn said(shelf: &Shelf<'_>, wanted: &Wanted) -> String {
    let answer = choose_spoken(shelf, wanted, &|_, _| false).unwrap();
    match answer.choice {
        SpokenChoice::Files { files, why, .. } => format!("files {files:?}: {why}"),
        SpokenChoice::Review(found, why) => {
            format!("review {:?}: {why}", found.iter().map(|found| found.file_id).collect::<Vec<_>>())
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn podcasts_of_one_name_are_told_apart_by_their_feeds() {
    let public = show(PUBLIC);
    let private = show(PRIVATE);
    let wanted = [public.clone(), private.clone()];
    let offers = [named(1, "/c/1.mp3"), named(2, "/c/2.mp3"), named(3, "/own/3.mp3")];
    let feed_of = |offer: &Offer| match offer.file_id {
        1 => Some("http://feeds.example/tide/".to_owned()),
        2 => Some("private:0011".to_owned()),
        _ => None,
    };
    let build = |offers| Shelf::build(offers, wanted.iter());
    let shelf = build(&offers).with_feeds(feed_of);
    let more = "1 file of this podcast; of 1 more nothing says of which podcast of this name it is";
    assert!(shelf.has_feeds());
    assert_eq!(said(&shelf, &public), format!("files [1]: {more}"));
    assert_eq!(said(&shelf, &private), format!("files [2]: {more}"), "the other one's address is seen");
    let answer = choose_spoken(&shelf, &public, &|_, _| false).unwrap();
    let near: Vec<i64> = answer.near.iter().map(|near| near.found.file_id).collect();
    assert_eq!(near, [3, 1], "what is left out is shown first");
    // Without a file of the public feed, the sum may be of either.
    let unsure = "you want or wanted several podcasts of this name, and nothing says of which it is";
    let shelf = build(&offers[1..]).with_feeds(feed_of);
    assert_eq!(said(&shelf, &public), format!("review [2, 3]: {unsure}"));
    assert_eq!(said(&shelf.to_look(), &private), "files [2, 3]: 2 files of this podcast");
    // The same bytes are in both feeds.
    let both = |_: &Offer| [PUBLIC.to_owned(), "private:0011".to_owned()];
    let shelf = build(&offers[..1]).with_feeds(both);
    for wanted in [&public, &private] {
        assert_eq!(said(&shelf, wanted), "files [1]: 1 file of this podcast");
    }
    // Whichever of them is asked about, both are wanted.
    for (wanted_one, expected) in [(&public, "files [1]: "), (&private, "files [2]: ")] {
        let one = Shelf::build(&offers, std::iter::once(wanted_one)).with_namesakes(wanted.iter());
        assert_eq!(said(&one.with_feeds(feed_of), wanted_one), format!("{expected}{more}"));
    }
    // One alone of its name is told by that, and so is one that has no feed of its own.
    let alone = Shelf::build(&offers, wanted.iter().take(1)).with_feeds(feed_of);
    assert_eq!(said(&alone, &public), "files [1, 2, 3]: 3 files of this podcast");
    let shelf = build(&offers).with_feeds(feed_of);
    assert_eq!(said(&shelf, &Wanted { feed: None, ..public }), "files [1, 2, 3]: 3 files of this podcast");
}

#[test]
fn files_of_a_third_feed_are_not_what_is_left_over() {
    let wanted = [show(PUBLIC), show(PRIVATE)];
    let offers = [named(1, "/c/1.mp3"), named(2, "/c/2.mp3")];
    let shelf = Shelf::build(&offers, wanted.iter()).with_feeds(|offer| match offer.file_id {
        1 => Some(PUBLIC.to_owned()),
        _ => Some("https://third.example/tide".to_owned()),
    });
    // Nothing came of the private feed yet.
    let [public, private] = wanted.each_ref().map(|wanted| said(&shelf, wanted));
    assert!(public.starts_with("files [1]: 1 file of this podcast; of 1 more"), "{public}");
    assert!(private.starts_with("review [2]: "), "{private}");
}

#[test]
fn files_of_a_podcast_that_is_not_wanted_any_more_are_not_its_namesakes() {
    const OTHER: &str = "https://other.example/rss";
    let wanted = show(PUBLIC);
    let offers = [named(1, "/c/1.mp3"), named(2, "/c/2.mp3")];
    let feed_of = |offer: &Offer| Some(if offer.file_id == 1 { PUBLIC } else { OTHER }.to_owned());
    let build = |offers| Shelf::build(offers, std::iter::once(&wanted)).with_feeds(feed_of);
    let others = || [(name_key("The Low Tide Podcast"), OTHER.to_owned())];
    let shelf = build(&offers[..]).with_feeds_of_others(others());
    let sure = said(&shelf, &wanted);
    assert!(sure.starts_with("files [1]: 1 file of this podcast; of 1 more"), "{sure}");
    let alone = build(&offers[1..]).with_feeds_of_others(others());
    assert!(said(&alone, &wanted).starts_with("review [2]: "), "{}", said(&alone, &wanted));
    // An address that was named for no other is where its own feed said that it moved to.
    assert_eq!(said(&build(&offers[..]), &wanted), "files [1, 2]: 2 files of this podcast");
    let another = build(&offers[..]).with_feeds_of_others([(name_key("Ebb"), OTHER.to_owned())]);
    assert_eq!(said(&another, &wanted), "files [1, 2]: 2 files of this podcast", "of another name");
}

/// `Low Tide` as saved at a service that names no feed.
fn saved(publisher: &str) -> Wanted {
    Wanted { feed: None, artists: ArtistCredit::printed(publisher), ..show(PUBLIC) }
}

fn published_by(author: &str, mut offer: Offer) -> Offer {
    offer.tags.album_artists = vec![author.to_owned()];
    offer
}

const NOTHING: &str = "None(\"no file of this podcast in your folders\")";

#[test]
fn a_saved_podcast_has_no_files_of_another_publishers_namesake() {
    let of_feed = |_: &Offer| Some(PUBLIC.to_owned());
    let table = [
        ("Other Person", "Mara Quill", false),
        ("Mara Quill and a Station", "Mara Quill", true),
        ("Mara Quill", "mara quill", true),
        // Nothing is known, or only the podcast's name for want of an author.
        ("", "Mara Quill", true),
        ("The Low Tide Podcast", "Mara Quill", true),
        ("Other Person", "", true),
    ];
    for (author, publisher, is_its) in table {
        let offers = [published_by(author, named(1, "/c/1.mp3"))];
        let all = [show(PUBLIC), saved(publisher)];
        let files = "files [1]: 1 file of this podcast";
        for wanted in [&all[..], &all[1..]] {
            let shelf = Shelf::build(&offers, wanted.iter()).with_feeds(of_feed);
            let expected = if is_its { files } else { NOTHING };
            assert_eq!(said(&shelf, &all[1]), expected, "{author} / {publisher}, {} wanted", wanted.len());
        }
        // Its own place took the feed for it: it knows more than names.
        let shelf = Shelf::build(&offers, all.iter()).with_feeds(of_feed);
        let taken = shelf.with_feeds_of_shows(all.iter().map(|one| (one, vec![PUBLIC.to_owned()])));
        assert_eq!(said(&taken, &all[1]), files, "{author} / {publisher}");
        assert_eq!(said(&taken, &all[0]), files, "the one that names it");
    }
    // Of a file whose feed is not known, its artist says nothing.
    let offers = [published_by("Other Person", named(1, "/own/1.mp3"))];
    let shelf = Shelf::build(&offers, std::iter::once(&saved("Mara Quill")));
    assert_eq!(said(&shelf, &saved("Mara Quill")), "files [1]: 1 file of this podcast");
}

#[test]
fn a_feed_that_was_taken_for_one_alone_fills_that_one_alone() {
    const HERS: &str = "https://hers.example/tide";
    let [named_one, saved_one] = [show(PUBLIC), saved("Mara Quill")];
    let wanted = [named_one.clone(), saved_one.clone()];
    let offers = [named(1, "/c/1.mp3"), named(2, "/c/2.mp3")];
    let feed_of = |offer: &Offer| Some(if offer.file_id == 1 { PUBLIC } else { HERS }.to_owned());
    let build = |of_named: &[&str], of_saved: &[&str]| {
        let [of_named, of_saved] =
            [of_named, of_saved].map(|feeds| feeds.iter().map(|feed| (*feed).to_owned()).collect::<Vec<_>>());
        Shelf::build(&offers, wanted.iter())
            .with_feeds(feed_of)
            .with_feeds_of_shows([(&named_one, of_named), (&saved_one, of_saved)])
    };
    let both = |shelf: &Shelf<'_>| [said(shelf, &named_one), said(shelf, &saved_one)];
    let of = |id: i64| format!("files [{id}]: 1 file of this podcast");
    assert_eq!(both(&build(&[PUBLIC], &[HERS])), [of(1), of(2)]);
    assert_eq!(both(&build(&[PUBLIC], &[HERS]).to_look()), [of(1), of(2)], "nor is it fetched for both");
    // It is one podcast, saved twice: where its feed went is the way of both.
    let all = "files [1, 2]: 2 files of this podcast".to_owned();
    let table = [
        (vec![PUBLIC], vec![PUBLIC, HERS]),
        (vec![PUBLIC, HERS], vec![HERS]),
        // Its list is new, and nobody was asked for it yet: its address is all that is known.
        (vec![], vec![PUBLIC, HERS]),
    ];
    for (of_named, of_saved) in table {
        assert_eq!(
            both(&build(&of_named, &of_saved)),
            [all.clone(), all.clone()],
            "{of_named:?} / {of_saved:?}"
        );
    }
}
