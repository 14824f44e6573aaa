//! An album's name says what its tracks are, where their titles say nothing.

use ferrotape_domain::Choice;
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_one, offers, wanted};

fn choice(wanted_album: &str, wanted_seconds: f64, album: &str, seconds: f64) -> Choice {
    let file = Made::new("Loose/a.mp3", "Ebb", "Mara Quill", album, seconds);
    choose_one(&Index::build(&offers(&[file])), &wanted("Ebb", &["Mara Quill"], wanted_album, wanted_seconds))
}

#[test]
fn an_album_of_another_version_is_asked_about_however_near_its_length_is() {
    for album in [
        "Live EP",
        "The Live EP",
        "Live 1999",
        "Live '99",
        "Live Vol. 1",
        "Live & Acoustic",
        "Live Anthology",
        "The Live Collection",
        "Live Rarities",
        "Greatest Hits Live 2010",
        "Concerts 2004",
        "Concert in Oslo",
        "Gig at the Barn",
        "Soundcheck",
        "Bootleg",
        "A Cappella",
        "Acapella",
        "Low Water (Acapellas)",
        "Low Water (Mara's Version)",
        "Low Water Demo",
        "Demo EP",
        "Alternate Versions",
        "Low Water Reimagined",
        "8D Audio",
        "Acoustic",
        "Covers",
    ] {
        for seconds in [213.0, 214.5, 217.0] {
            let choice = choice("Low Water", 213.0, album, seconds);
            assert!(matches!(choice, Choice::Review(..)), "{album}, {seconds}: {choice:?}");
        }
        let own = choice(album, 213.0, album, 213.4);
        assert!(matches!(own, Choice::Chosen(_)), "{album} is wanted: {own:?}");
        // What a bracket says of the wanted album a careless tag leaves out.
        if !album.contains('(') {
            let elsewhere = choice(album, 213.0, "Low Water", 213.4);
            assert!(!matches!(elsewhere, Choice::Chosen(_)), "{album} is wanted: {elsewhere:?}");
        }
    }
}

#[test]
fn albums_with_such_letters_and_verbs_are_other_albums_only() {
    for album in [
        "Greatest Hits",
        "The Best of Mara Quill",
        "Low Water (Deluxe Edition)",
        "Low Water (Bonus Track Version)",
        "Live Through This",
        "Live Forever",
        "Live and Let Die",
        "Long Live",
        "Born to Live",
        "Demolition",
        "Concertos",
        "Cover Story",
        "Alternate Routes",
    ] {
        for seconds in [213.0, 216.0] {
            let choice = choice("Low Water", 213.0, album, seconds);
            assert!(matches!(choice, Choice::Chosen(_)), "{album}, {seconds}: {choice:?}");
        }
    }
}
