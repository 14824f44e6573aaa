//! Which release a file belongs to, by its own tags and by what services know of the wanted thing.

use std::collections::HashMap;

use ferrotape_domain::{Fact, Offer, Wanted};

use crate::{Context, EngineError};

/// The releases that services know of wanted things, by the thing's number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Releases(HashMap<i64, Vec<Fact>>);

impl Releases {
    pub(crate) fn load(context: &Context) -> Result<Self, EngineError> {
        let mut all: HashMap<i64, Vec<Fact>> = HashMap::new();
        for known in context.library.facts()? {
            if matches!(known.fact, Fact::Release(_) | Fact::ReleaseGroup(_)) {
                all.entry(known.wanted_id).or_default().push(known.fact);
            }
        }
        // The one edition before all of them.
        all.values_mut().for_each(|facts| facts.sort_by_key(|fact| matches!(fact, Fact::ReleaseGroup(_))));
        Ok(Self(all))
    }

    /// What a picture of the file's album can be had by, the surest first. What services know of the wanted thing counts
    /// only where the file is of that very album.
    pub(crate) fn of(&self, offer: &Offer, wanted_id: i64, wanted: &Wanted) -> Vec<Fact> {
        let tags = &offer.tags;
        let own = tags.release_mbid.clone().map(Fact::Release);
        let mut found: Vec<Fact> =
            own.into_iter().chain(tags.release_group_mbid.clone().map(Fact::ReleaseGroup)).collect();
        if found.is_empty() && is_of_album(tags.album.as_deref(), wanted) {
            found.extend(self.0.get(&wanted_id).into_iter().flatten().cloned());
        }
        found
    }
}

fn is_of_album(album: Option<&str>, wanted: &Wanted) -> bool {
    let folded = |text: &str| text.trim().to_lowercase();
    let release = match wanted.kind {
        ferrotape_domain::WantedKind::Release => Some(wanted.title.as_str()),
        _ => wanted.release.as_deref(),
    };
    match (album.map(folded).filter(|album| !album.is_empty()), release.map(folded)) {
        (Some(album), Some(release)) => album == release,
        _ => false,
    }
}
