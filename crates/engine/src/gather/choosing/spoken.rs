//! Podcasts, episodes and audiobooks: by the rules of spoken word.

use std::collections::BTreeSet;

use ferrotape_domain::{Match, Offer, WantedKind};
use ferrotape_matching::spoken::{Shelf, SpokenChoice, around, choose_spoken};

use super::{Answered, Offered, Pick, WORTH_HEARING, at_of, at_of_id, places_of};
use crate::feeds_of_shows::{feeds_of, item_of_offer};
use crate::gather::contest::MOST_TOGETHER;
use crate::gather::{Open, told};
use crate::listed;

impl Offered<'_> {
    pub(super) fn of_spoken(&self, asked: &[&Open]) -> Vec<Answered> {
        let is_spoken = |one: &&&Open| {
            matches!(one.wanted.wanted.kind, WantedKind::Episode | WantedKind::Show | WantedKind::Audiobook)
        };
        // The rest of a book is had from where its first parts came from: elsewhere it is read by another voice.
        let is_of_here = |one: &&&Open| one.list.as_ref().is_none_or(|list| list.source == self.place.name());
        let is_asked = |one: &&&Open| is_spoken(one) && is_of_here(one);
        let spoken: Vec<&&Open> = asked.iter().filter(is_asked).collect();
        if spoken.is_empty() {
            return Vec::new();
        }
        let shelf = self.shelf(&self.offers, &spoken);
        let had = self
            .offers
            .iter()
            .filter(|offer| at_of_id(offer.file_id).is_some_and(|at| !self.not_had.contains(&at)));
        let had: Vec<Offer> = if self.not_had.is_empty() { Vec::new() } else { had.cloned().collect() };
        let instead = self.shelf(&had, &spoken);
        let answer = |one: &&&Open| {
            let found = choose_spoken(&shelf, &one.wanted.wanted, &|_, _| false)?;
            let pick = match found.choice {
                SpokenChoice::File(found) => {
                    let at = at_of(&found)?;
                    let other = || match choose_spoken(&instead, &one.wanted.wanted, &|_, _| false)?.choice {
                        SpokenChoice::File(other) => self.copy_of(at, &other),
                        _ => None,
                    };
                    self.pick(vec![other().unwrap_or(at)], true)
                }
                SpokenChoice::Files { files, .. } => {
                    let files = places_of(&files);
                    let is_book = one.wanted.wanted.kind == WantedKind::Audiobook;
                    let tracks = if is_book { listed::parts(files.len()) } else { BTreeSet::new() };
                    Pick { tracks, ..self.pick(files, true) }
                }
                SpokenChoice::Review(found, _) if one.wanted.wanted.kind == WantedKind::Audiobook => {
                    let fits = found.iter().filter(|one| one.objection.is_none()).count();
                    let contested =
                        || (one.nothing_near && fits > 1).then(|| told::rivals(self.name(), fits));
                    match self.near_book(one, &found) {
                        Some(pick) => pick,
                        None => return Some((one.wanted.id, Err(contested()?))),
                    }
                }
                SpokenChoice::Review(found, _) => {
                    self.near(one, &found, &|files: &[usize]| self.would_be_played(one, files))?
                }
                SpokenChoice::None(_) => return None,
            };
            Some((one.wanted.id, Ok(pick)))
        };
        spoken.iter().filter_map(answer).collect()
    }

    /// These offers of spoken word, as they are chosen from.
    fn shelf<'o>(&self, offers: &'o [Offer], spoken: &[&&Open]) -> Shelf<'o> {
        let place = self.place.name();
        let remote = |offer: &Offer| self.remote.get(at_of_id(offer.file_id)?);
        let feed_of = |offer: &Offer| Some(remote(offer)?.feed(place)?.to_owned());
        let shelf = Shelf::build(offers, spoken.iter().map(|one| &one.wanted.wanted));
        // What is fetched is matched again, and then it is settled whose it is.
        let of_shows = feeds_of(self.feeds, spoken.iter().map(|one| &one.wanted.wanted));
        let shelf = shelf.with_items(|offer| item_of_offer(remote(offer)?, place));
        shelf.with_feeds(feed_of).with_feeds_of_shows(of_shows).to_look()
    }

    /// Whether these alone would be taken for the spoken word that is wanted, without a question.
    fn would_be_played(&self, one: &Open, files: &[usize]) -> bool {
        let some: Vec<Offer> = files.iter().filter_map(|at| self.offer(*at)).cloned().collect();
        let found = choose_spoken(&self.shelf(&some, &[&one]), &one.wanted.wanted, &|_, _| false);
        found.is_some_and(|found| matches!(found.choice, SpokenChoice::File(_) | SpokenChoice::Files { .. }))
    }

    /// The best of the books that only come near: whole, for whoever says that it is the one has all of it. Of a public place
    /// only another reading of the very book, with its author: there are few, and one of them may be what is meant. Of two
    /// that fit both come, or none where one of them alone would be taken.
    fn near_book(&self, one: &Open, found: &[Match]) -> Option<Pick> {
        let best = found.first().filter(|best| one.nothing_near && best.score >= WORTH_HEARING)?;
        let is_reading = best.evidence.iter().all(|says| says.weight >= 0.0 || says.kind == "version");
        if !self.is_own(best.file_id) && !is_reading {
            return None;
        }
        let files_of = |found: &Match| Some(places_of(&around(self.offer(at_of(found)?)?, &self.offers)));
        let mut book = files_of(best)?;
        if !self.would_be_played(one, &book) {
            return Some(self.pick(book, false));
        }
        let others = found.iter().skip(1).filter(|other| other.objection.is_none());
        for more in others.take(MOST_TOGETHER - 1).filter_map(files_of) {
            book.extend(more.into_iter().filter(|at| !book.contains(at)).collect::<Vec<_>>());
        }
        let is_whole_question = found.len() <= MOST_TOGETHER && !self.would_be_played(one, &book);
        self.question(&book).filter(|_| is_whole_question && self.is_own(best.file_id))
    }
}
