//! Plays: which thing each is of.

use ferrotape_domain::{Play, PlaySource, Wanted, WantedKind};

use super::same::{bare_name, differ};
use super::{Collector, Tally};

/// A play before its thing has a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Played {
    pub(crate) ended_at: i64,
    pub(crate) played_ms: u32,
    pub(crate) source: PlaySource,
}

impl Collector {
    /// A row that became a play of a thing with a link, or of one that has no names either.
    pub(crate) fn play(&mut self, tally: &mut Tally, wanted: Wanted, play: Played) {
        self.count(tally).plays += 1;
        let wanted = self.place(wanted);
        self.push_play(wanted, play);
    }

    /// A row that became a play of a thing of which only maker and title are known.
    ///
    /// It is the one thing of these words met so far; were there two, saying which would be a guess, and the play
    /// gets a thing of its own.
    pub(crate) fn play_by_name(&mut self, tally: &mut Tally, wanted: Wanted, play: Played) {
        self.count(tally).plays += 1;
        let wanted = match self.only_of_bare_name(&wanted) {
            Some(at) => at,
            None => self.place(wanted),
        };
        self.push_play(wanted, play);
    }

    /// A row that became a play of a thing whose album may be known, too.
    ///
    /// It is the thing of just these words, or the only one of this maker and title as long as the albums do not
    /// differ; a recording of another album may be another recording.
    pub(crate) fn play_on_release(&mut self, tally: &mut Tally, wanted: Wanted, play: Played) {
        let only = self.only_of_bare_name(&wanted).filter(|at| {
            let other = &self.wishlist.wanted[*at];
            (wanted.release.is_none() || other.release.is_none()) && !differ(&wanted, other)
        });
        match only.filter(|_| self.known(&wanted, &wanted.name_key(), None).is_none()) {
            Some(at) => self.play_at(tally, at, play),
            None => self.play(tally, wanted, play),
        }
    }

    /// A row that became a play of the thing at a place that [`Self::recordings`] told.
    pub(crate) fn play_at(&mut self, tally: &mut Tally, at: usize, play: Played) {
        self.count(tally).plays += 1;
        self.push_play(at, play);
    }

    /// The recordings met so far with their places, for histories that tell no artist.
    pub(crate) fn recordings(&self) -> impl Iterator<Item = (usize, &Wanted)> {
        let all = self.wishlist.wanted.iter().enumerate();
        all.filter(|(_, wanted)| wanted.kind == WantedKind::Recording && !wanted.title.is_empty())
    }

    fn push_play(&mut self, wanted: usize, Played { ended_at, played_ms, source }: Played) {
        self.wishlist.plays.push(Play { wanted, ended_at, played_ms, source });
    }

    fn only_of_bare_name(&self, wanted: &Wanted) -> Option<usize> {
        let key = bare_name(wanted);
        let same = |at: &usize| self.wishlist.wanted.get(*at).is_some_and(|other| bare_name(other) == key);
        let mut found = self.by_bare_name.candidates(&key).filter(same);
        match (found.next(), found.next()) {
            (Some(at), None) => Some(at),
            _ => None,
        }
    }
}
