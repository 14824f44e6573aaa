//! Podcasts whose feeds call themselves something else than the user does.

use ferrotape_domain::{Offer, Wanted, WantedKind};
use ferrotape_matching::spoken::{Shelf, SpokenChoice, choose_spoken};

use crate::spoken::file;

const TAKEN: &str = "https://feeds.example/tide";
const OTHER: &str = "https://other.example/tide";

fn titled_otherwise(id: i64) -> Offer {
    let mut offer = file(id, &format!("/c/{id}.mp3"), "Harbour", 600);
    offer.tags.album = Some("Low Tide with Mara Quill".to_owned());
    offer
}

/// The files that are chosen.
fn chosen(shelf: &Shelf<'_>, wanted: &Wanted) -> Vec<i64> {
    match choose_spoken(shelf, wanted, &|_, _| false).unwrap().choice {
        SpokenChoice::File(found) => vec![found.file_id],
        SpokenChoice::Files { files, .. } => files,
        SpokenChoice::Review(..) | SpokenChoice::None(_) => Vec::new(),
    }
}

fn wanted() -> [Wanted; 3] {
    let show = Wanted { title: "Low Tide".to_owned(), ..Wanted::of_kind(WantedKind::Show) };
    let episode = Wanted {
        title: "Harbour".to_owned(),
        release: Some("Low Tide".to_owned()),
        ..Wanted::of_kind(WantedKind::Episode)
    };
    [Wanted { feed: Some(TAKEN.to_owned()), ..show.clone() }, show, episode]
}

#[test]
fn a_feed_that_was_taken_for_a_podcast_is_it_whatever_its_title() {
    let offers = [titled_otherwise(1), titled_otherwise(2)];
    let feed_of = |offer: &Offer| Some(if offer.file_id == 1 { TAKEN } else { OTHER }.to_owned());
    for one in wanted() {
        let shelf = || Shelf::build(&offers, std::iter::once(&one)).with_feeds(feed_of);
        let none: [i64; 0] = [];
        assert_eq!(chosen(&shelf(), &one), none, "{one:?}");
        let taken = shelf().with_feeds_of_shows([(&one, vec![TAKEN.to_owned()])]);
        assert_eq!(chosen(&taken, &one), [1], "{one:?}");
        let evidence: Vec<String> = choose_spoken(&taken, &one, &|_, _| false).unwrap().near[0]
            .found
            .evidence
            .iter()
            .map(|evidence| evidence.says.clone())
            .collect();
        assert!(evidence.iter().any(|says| says.contains("feed that was taken")), "{evidence:?}");
    }
}

#[test]
fn of_two_podcasts_of_one_name_that_one_has_the_files_for_which_the_feed_was_taken() {
    // Where the public one's own feed said that it moved, and all that is known of a private one.
    const MOVED: &str = "https://new.example/tide";
    const SUM: &str = "private:0011";
    let [public, show, _] = wanted();
    let paid = Wanted { feed: Some("https://me:pw@paid.example/tide".to_owned()), ..show };
    let all = [public.clone(), paid.clone()];
    let offers = [titled_otherwise(1), titled_otherwise(2)].map(|mut offer| {
        offer.tags.album = Some("Low Tide".to_owned());
        offer
    });
    let feed_of = |offer: &Offer| Some(if offer.file_id == 1 { MOVED } else { SUM }.to_owned());
    let shelf = || Shelf::build(&offers, all.iter()).with_feeds(feed_of);
    let both = |shelf: &Shelf<'_>| [chosen(shelf, &public), chosen(shelf, &paid)];
    let none: Vec<i64> = Vec::new();
    assert_eq!(both(&shelf()), [none.clone(), none.clone()], "nothing says of which");
    let moved = shelf().with_feeds_of_shows([(&public, vec![MOVED.to_owned()])]);
    assert_eq!(both(&moved), [vec![1], none]);
    let known = moved.with_feeds_of_shows([(&paid, vec![SUM.to_owned()])]);
    assert_eq!(both(&known), [vec![1], vec![2]]);
}

#[test]
fn the_feed_of_a_namesake_is_not_taken_for_it() {
    let [named, unnamed, episode] = wanted();
    let offers = [titled_otherwise(1)];
    let all = [named.clone(), unnamed.clone(), episode.clone()];
    let shelf = Shelf::build(&offers, all.iter())
        .with_feeds(|_| Some(TAKEN.to_owned()))
        .with_feeds_of_shows([(&named, vec![TAKEN.to_owned()])]);
    assert_eq!(chosen(&shelf, &named), [1]);
    let none: [i64; 0] = [];
    assert_eq!((chosen(&shelf, &unnamed), chosen(&shelf, &episode)), (none.to_vec(), none.to_vec()));
}

#[test]
fn what_came_from_a_doubted_feed_is_not_taken_by_its_name() {
    let [_, show, _] = wanted();
    let offers = [1, 2].map(|id| {
        let mut offer = titled_otherwise(id);
        offer.tags.album = Some("Low Tide".to_owned());
        offer
    });
    let doubted = || [(&show, vec![OTHER.to_owned()])];
    let shelf = |feed_of: &dyn Fn(&Offer) -> Vec<String>| {
        Shelf::build(&offers, std::iter::once(&show)).with_feeds(feed_of).with_doubted_feeds(doubted())
    };
    let both = |_: &Offer| vec![OTHER.to_owned()];
    assert_eq!(chosen(&shelf(&both), &show), [0_i64; 0]);
    let answer = choose_spoken(&shelf(&both), &show, &|_, _| false).unwrap().choice;
    let SpokenChoice::Review(found, why) = &answer else { panic!("{answer:?}") };
    assert!(found.len() == 2 && why.contains("a feed of this name that may be another podcast's"), "{why}");
    // The second is in another feed as well, or of no known one.
    for more in [vec![OTHER.to_owned(), TAKEN.to_owned()], Vec::new()] {
        let feed_of = |offer: &Offer| if offer.file_id == 1 { vec![OTHER.to_owned()] } else { more.clone() };
        assert_eq!(chosen(&shelf(&feed_of), &show), [2], "{more:?}");
    }
    // It was taken all the same since.
    let taken = shelf(&both).with_feeds_of_shows([(&show, vec![OTHER.to_owned()])]);
    assert_eq!(chosen(&taken, &show).len(), 1, "two copies of one episode");
}
