//! Saved albums that the user's own servers have files of, and of which nothing tells which edition or recording is meant:
//! told by name, for "none of your files is of this album" would be wrong of them.

use std::collections::{HashMap, HashSet};

use ferrotape_domain::{Catalogue, Offer, WantedKind, letters_of};
use ferrotape_matching::spoken::{Mark, mark};
use ferrotape_matching::{Index, ReleaseChoice, choose_release};

use super::asking::Heard;
use super::choosing::as_offer;
use super::{Elsewhere, Open};

/// So many letters of an album's name make it worth a closer look.
const BEGINNING: usize = 3;

/// What is to be said of open albums, by their numbers.
pub(super) fn told(elsewhere: &Elsewhere, heard: &[Heard], open: &[Open]) -> HashMap<i64, Vec<String>> {
    let is_asked = |one: &&Open| one.wanted.wanted.kind == WantedKind::Release && one.nothing_near;
    let albums: Vec<&Open> = open.iter().filter(is_asked).collect();
    let names: HashSet<String> = albums.iter().map(|one| beginning(&one.wanted.wanted.title)).collect();
    let mut told: HashMap<i64, Vec<String>> = HashMap::new();
    for (place, heard) in elsewhere.catalogues.iter().zip(heard) {
        if albums.is_empty() || !place.is_own() {
            continue;
        }
        let index = Index::build(&offers_of(&**place, heard, &names));
        for one in &albums {
            if let ReleaseChoice::Review { why, .. } = choose_release(&index, &one.wanted.wanted) {
                let says = format!("{} has files of this name that were not taken: {why}", place.name());
                told.entry(one.wanted.id).or_default().push(says);
            }
        }
    }
    told
}

/// The offers of a place whose albums begin like one of these.
fn offers_of(place: &dyn Catalogue, heard: &Heard, names: &HashSet<String>) -> Vec<Offer> {
    let begins_so = |album: &String| names.contains(&beginning(album));
    let offers = heard.offers.iter().enumerate().filter(|(_, offer)| offer.rights.allow_a_copy());
    let offers = offers.filter(|(_, offer)| offer.tags.album.as_ref().is_some_and(begins_so));
    let offers = offers.map(|(at, offer)| as_offer(place.name(), at, offer));
    offers.filter(|offer| !matches!(mark(offer), Mark::Podcast | Mark::Audiobook)).collect()
}

fn beginning(name: &str) -> String {
    letters_of(name).chars().take(BEGINNING).collect()
}
