//! Files whose own tags give no title, found by what a register of sounds calls them. What is found goes to a person: a
//! register knows the first two minutes, and by somebody else's word.

use std::collections::{HashMap, HashSet};

use ferrotape_domain::{Choice, Match, Objection, Offer, SoundName, Wanted};
use ferrotape_matching::spoken::{Mark, mark};
use ferrotape_matching::{Index, Knowledge, Policy, Question, choose};

use crate::decided::Decisions;
use crate::matching::Answer;

/// Less alike sounds, of 1000, name nothing.
const ALIKE: u16 = 900;

/// Whether nothing but its sound, and perhaps the name of the file, tells what music it is.
pub(crate) fn is_unnamed(offer: &Offer) -> bool {
    offer.part.is_none()
        && !matches!(mark(offer), Mark::Podcast | Mark::Audiobook)
        && offer.tags.title.as_deref().is_none_or(|title| title.trim().is_empty())
}

/// Such files under the names of their sounds.
pub(crate) struct Unnamed {
    index: Index,
    /// The file of each entry, whose number in the index is its place here, and what its sound is known as.
    entries: Vec<(i64, String)>,
}

impl Unnamed {
    /// `None` where no such file's sound is known.
    pub(crate) fn build(offers: &[Offer], known: &HashMap<i64, Vec<SoundName>>) -> Option<Self> {
        let (mut called, mut entries) = (Vec::new(), Vec::new());
        for offer in offers.iter().filter(|offer| is_unnamed(offer)) {
            let all = known.get(&offer.file_id).map(Vec::as_slice).unwrap_or_default();
            for name in all.iter().filter(|name| name.alike >= ALIKE && !name.title.is_empty()) {
                let mut under = offer.clone();
                under.tags.title = Some(name.title.clone());
                under.tags.artists.clone_from(&name.artists);
                under.file_id = i64::try_from(entries.len()).unwrap_or(i64::MAX);
                called.push(under);
                entries.push((offer.file_id, said(name)));
            }
        }
        (!called.is_empty()).then(|| Self { index: Index::build(&called), entries })
    }

    /// The files that may be what is wanted, for a person to say.
    pub(crate) fn answer(&self, wanted: &Wanted, decisions: &Decisions) -> Option<Answer> {
        let refused = |wanted: &Wanted, content: &_| decisions.refuse(wanted, content);
        let known = Knowledge { refused: &refused, ..Knowledge::nothing() };
        let question = Question { wanted, policy: &Policy::default() };
        let found = match choose(&self.index, question, &known) {
            Choice::Chosen(found) => vec![found],
            Choice::Review(found, _) => found,
            Choice::None(_) => return None,
        };
        let mut seen = HashSet::new();
        let found = found.into_iter().filter_map(|one| self.doubted(one));
        let found: Vec<Match> = found.filter(|one| seen.insert(one.file_id)).collect();
        let why = found.first()?.objection.as_ref()?.says.clone();
        Some(Answer::Review(found, why))
    }

    fn doubted(&self, mut found: Match) -> Option<Match> {
        let (file_id, name) = self.entries.get(usize::try_from(found.file_id).ok()?)?;
        found.file_id = *file_id;
        let says = format!("its tags give no title, and its sound is known as {name}");
        found.objection = Some(Objection { kind: "sound", says });
        Some(found)
    }
}

fn said(name: &SoundName) -> String {
    match name.artists.join(", ") {
        by if by.is_empty() => format!("“{}”", name.title),
        by => format!("“{}” by {by}", name.title),
    }
}
