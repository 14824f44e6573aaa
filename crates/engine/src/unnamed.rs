//! Files whose own tags give no title, found by what a register of sounds calls them. What is found goes to a person: a
//! register knows the first two minutes, and by somebody else's word.

use std::collections::HashMap;

use ferrotape_domain::{Choice, Match, Objection, Offer, SoundName, Wanted};
use ferrotape_matching::{Index, Knowledge, Policy, Question, choose};

use crate::matching::{Answer, Decisions};

/// Less alike sounds, of 1000, name nothing.
const ALIKE: u16 = 900;

/// Whether nothing but its sound, and perhaps the name of the file, tells what it is.
pub(crate) fn is_unnamed(offer: &Offer) -> bool {
    offer.part.is_none() && offer.tags.title.as_deref().is_none_or(|title| title.trim().is_empty())
}

/// Such files under the names of their sounds.
pub(crate) struct Unnamed {
    index: Index,
    /// What the sound of each is known as, by the file.
    names: HashMap<i64, String>,
}

impl Unnamed {
    /// `None` where no such file's sound is known.
    pub(crate) fn build(offers: &[Offer], known: &HashMap<i64, Vec<SoundName>>) -> Option<Self> {
        let (mut called, mut names) = (Vec::new(), HashMap::new());
        for offer in offers.iter().filter(|offer| is_unnamed(offer)) {
            let all = known.get(&offer.file_id).map(Vec::as_slice).unwrap_or_default();
            for name in all.iter().filter(|name| name.alike >= ALIKE && !name.title.is_empty()) {
                let mut under = offer.clone();
                under.tags.title = Some(name.title.clone());
                under.tags.artists.clone_from(&name.artists);
                called.push(under);
                names.entry(offer.file_id).or_insert_with(|| said(name));
            }
        }
        (!called.is_empty()).then(|| Self { index: Index::build(&called), names })
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
        let found: Vec<Match> = found.into_iter().map(|one| self.doubted(one)).collect();
        let why = found.first()?.objection.as_ref()?.says.clone();
        Some(Answer::Review(found, why))
    }

    fn doubted(&self, mut found: Match) -> Match {
        let name = self.names.get(&found.file_id).cloned().unwrap_or_default();
        let says = format!("its tags give no title, and its sound is known as {name}");
        found.objection = Some(Objection { kind: "sound", says });
        found
    }
}

fn said(name: &SoundName) -> String {
    match name.artists.join(", ") {
        by if by.is_empty() => format!("“{}”", name.title),
        by => format!("“{}” by {by}", name.title),
    }
}
