//! Where files came from.

use ferrotape_domain::{ContentId, Provenance, Rights, TagSet};
use ferrotape_store::Library;

fn came_from(feed: &str) -> Provenance {
    Provenance {
        content: ContentId("a".to_owned()),
        source: "podcasts".to_owned(),
        remote_id: format!("{feed} tide 1"),
        url: None,
        page: None,
        rights: Rights::PublicFeed,
        note: String::new(),
        at: 5,
        sha256: String::new(),
        said: TagSet::default(),
    }
}

#[test]
fn every_feed_that_gave_a_file_is_kept() {
    let library = Library::open_in_memory().unwrap();
    let (public, paid) = (came_from("https://feeds.example/tide"), came_from("private:0011"));
    let shop = Provenance { rights: Rights::Own, ..came_from("shop.zip") };
    library.keep_provenance(std::slice::from_ref(&public)).unwrap();
    library.keep_provenance(&[paid, public.clone(), shop]).unwrap();
    assert_eq!(library.provenance().unwrap(), [public.clone()], "the first word stands");
    let feeds = library.feeds_of_files().unwrap();
    assert_eq!(feeds.len(), 1);
    assert_eq!(feeds[&public.content], ["https://feeds.example/tide", "private:0011"]);
}
