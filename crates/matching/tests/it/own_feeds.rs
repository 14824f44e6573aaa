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
