//! What stays on the player although its source is not at hand, or a question is open about it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;

use ferrotape_device::Target;
use ferrotape_domain::{ContentId, Offer, Provenance, WantedKind};
use ferrotape_store::{Former, Library};

use super::in_doubt::{Against, is_in_doubt};
use super::newest_there::NewestThere;
use super::spoken::is_spoken;
use super::unchanged::bytes_of;
use crate::gather::made_way;
use crate::matching::{Answer, Matched, Matching};
use crate::policies::RunPolicy;
use crate::{Context, EngineError};

/// Files that earlier runs put on the player for a wanted thing and that stay as they are.
pub(super) struct Kept {
    pub(super) path: String,
    pub(super) identities: Vec<String>,
    /// Whether they settle the wanted thing; an album goes on with what is at hand.
    pub(super) settles: bool,
    /// Those of them that nothing is sure of any more.
    pub(super) in_doubt: Vec<String>,
    /// Files at hand that stay off the player, as newer episodes stay there.
    pub(super) held_back: Vec<i64>,
}

impl Kept {
    fn of(matched: &Matched, matching: &Matching, there: Vec<Staying>, newest: &NewestThere) -> Option<Self> {
        let sure: Vec<&str> =
            there.iter().filter(|one| !one.in_doubt).map(|one| one.identity.as_str()).collect();
        let held_back = newest.held_back(&sure, matched, matching);
        let path = there.first()?.path.clone();
        let in_doubt = there.iter().filter(|one| one.in_doubt).map(|one| one.identity.clone());
        let in_doubt: Vec<String> = in_doubt.collect();
        let settles = match &matched.answer {
            Answer::Files(files, _) => {
                let away = away(matched, matching);
                let is_away = !away.is_empty() && away.len() == files.len();
                is_away || (!held_back.is_empty() && held_back.len() == files.len())
            }
            _ => in_doubt.is_empty(),
        };
        let identities = there.into_iter().map(|one| one.identity).collect();
        Some(Self { path, identities, settles, in_doubt, held_back })
    }

    /// Whether some of what stays was cut from this file.
    pub(super) fn holds_pieces_of(&self, file: &ContentId) -> bool {
        let is_of_it = |identity: &String| ContentId::file_of(identity) == file.0;
        self.identities.iter().any(|identity| is_of_it(identity) && *identity != file.0)
    }
}

/// A file on the player that stays.
struct Staying {
    identity: String,
    path: String,
    /// Its source is at hand, and does not surely answer the wanted thing any more.
    in_doubt: bool,
}

/// The music never stops: what answers a wanted thing on the player stays there when its source is unplugged or gone, and
/// when nobody is sure of it any more, until a person answers. The player's own manifest remembers, so this holds for any
/// library and any earlier run. What the user refused does not stay, nor what made way for the newest
/// of a feed that tells its days by nothing else, nor, where only the newest unplayed are kept, what was heard.
pub(super) fn kept(
    matching: &Matching,
    (target, target_name): (&Target, &str),
    run: &RunPolicy,
    context: &Context,
) -> Result<BTreeMap<i64, Kept>, EngineError> {
    let library = context.library;
    let at_hand: HashSet<&str> = matching.offers.iter().map(|offer| offer.content.0.as_str()).collect();
    let newest = NewestThere::load(matching, (target, &at_hand), run, context)?;
    let mut stays = Vec::new();
    for matched in &matching.matched {
        let there = staying(matched, matching, target, (&at_hand, &newest));
        if !there.is_empty() {
            stays.push((matched, there));
        }
    }
    let replaced = Replaced::load(&stays, library)?;
    let newer = Newer::load(&stays, library)?;
    let any_in_doubt = stays.iter().flat_map(|(_, there)| there).any(|one| one.in_doubt);
    let against = any_in_doubt.then(|| Against::load(matching, target_name, library)).transpose()?;
    let speaks_against = |one: &Staying, matched: &Matched| {
        one.in_doubt && against.as_ref().is_some_and(|against| against.speaks(&one.identity, matched))
    };
    let mut kept = BTreeMap::new();
    for (matched, mut there) in stays {
        there.retain(|one| {
            !replaced.holds(&one.identity, matched, matching)
                && (one.in_doubt || !newest.is_over(&one.identity, matched))
                && !newer.hold(one, matched, matching)
                && !speaks_against(one, matched)
        });
        if let Some(of_it) = Kept::of(matched, matching, there, &newest) {
            kept.insert(matched.wanted.id, of_it);
        }
    }
    Ok(kept)
}

/// What answers it on the player and has no source at hand, or one that a question is open about.
fn staying(
    matched: &Matched,
    matching: &Matching,
    target: &Target,
    (at_hand, newest): (&HashSet<&str>, &NewestThere),
) -> Vec<Staying> {
    let away = away(matched, matching);
    // A copy that gave way to another file goes.
    let has_no_source = |identity: &str| {
        let is_piece = is_spoken(matched.wanted.wanted.kind) && !at_hand.contains(identity);
        if is_piece && at_hand.contains(ContentId::file_of(identity)) {
            return away.contains(ContentId::file_of(identity));
        }
        let has_answer = matches!(matched.answer, Answer::File(_) | Answer::LeftOut(_) | Answer::NotYet(_))
            && !newest.were_all_heard(matched);
        !at_hand.contains(identity) && !has_answer
    };
    let is_refused = |identity: &str| matched.refused.iter().any(|content| content.0 == identity);
    let keys = std::iter::once(&matched.wanted.key).chain(&matched.wanted.aliases);
    // What two keys of one thing name is one file.
    let mut seen = HashSet::new();
    keys.flat_map(|key| target.answering(key))
        .filter(|(identity, _)| !is_refused(identity) && seen.insert(identity.clone()))
        .filter_map(|(identity, path)| {
            let in_doubt = !has_no_source(&identity);
            let stays = !in_doubt || is_in_doubt(&identity, matched, matching);
            stays.then_some(Staying { identity, path, in_doubt })
        })
        .collect()
}

/// Files whose bytes changed where they lie, as those do that are tagged anew.
struct Replaced {
    by_content: HashMap<String, Vec<Former>>,
}

/// The same sound lasts as long, whatever its tags; this is what a tag at the end may add to an estimate.
const APART: Duration = Duration::from_millis(100);

impl Replaced {
    fn load(stays: &[(&Matched, Vec<Staying>)], library: &Library) -> Result<Self, EngineError> {
        let of_many = stays.iter().filter(|(matched, _)| matches!(matched.answer, Answer::Files(..)));
        let contents: BTreeSet<&str> =
            of_many.flat_map(|(_, there)| there).map(|one| bytes_of(&one.identity)).collect();
        let contents: Vec<ContentId> = contents.into_iter().map(|one| ContentId(one.to_owned())).collect();
        let mut by_content: HashMap<String, Vec<Former>> = HashMap::new();
        for former in library.former_contents(&contents)? {
            by_content.entry(former.content.0.clone()).or_default().push(former);
        }
        Ok(Self { by_content })
    }

    /// Whether what this was made of lies where it lay, under other bytes, and answers the same wanted thing. Then it
    /// is not without a source: what is made of the new bytes takes its place.
    fn holds(&self, identity: &str, matched: &Matched, matching: &Matching) -> bool {
        let Some(formers) = self.by_content.get(bytes_of(identity)) else { return false };
        let Answer::Files(files, _) = &matched.answer else { return false };
        files.iter().filter_map(|id| matching.offer(*id)).any(|offer| {
            formers.iter().any(|former| former.path == offer.path && sounds_alike(former, identity, offer))
                && offer.path.exists()
        })
    }
}

/// What came from feeds, where what some podcast has on the player is gone: a feed that gives each day's sound under one title has
/// the newest kept, and the one before made way for it in the collection.
struct Newer(Vec<Provenance>);

impl Newer {
    fn load(stays: &[(&Matched, Vec<Staying>)], library: &Library) -> Result<Self, EngineError> {
        let any = stays
            .iter()
            .any(|(matched, there)| of_a_podcast(matched).is_some() && there.iter().any(|one| !one.in_doubt));
        Ok(Self(if any { library.provenance()? } else { Vec::new() }))
    }

    /// Whether one of a podcast's files took the place of this one.
    fn hold(&self, one: &Staying, matched: &Matched, matching: &Matching) -> bool {
        let Some(files) = of_a_podcast(matched).filter(|_| !one.in_doubt && !self.0.is_empty()) else {
            return false;
        };
        let offers: Vec<&Offer> = files.iter().filter_map(|id| matching.offer(*id)).collect();
        let is_there = |content: &ContentId| {
            offers
                .iter()
                .any(|offer| ContentId::file_of(&offer.content.0) == content.0 && offer.path.exists())
        };
        made_way(ContentId::file_of(&one.identity), is_there, &self.0)
    }
}

/// The files of a podcast that is wanted as a whole.
fn of_a_podcast(matched: &Matched) -> Option<&[i64]> {
    match &matched.answer {
        Answer::Files(files, _) if matched.wanted.wanted.kind == WantedKind::Show => Some(files),
        _ => None,
    }
}

/// As far as headers tell: another recording that came to lie there has another length.
fn sounds_alike(former: &Former, identity: &str, offer: &Offer) -> bool {
    let (old, new) = (&former.facts, &offer.facts);
    let same_kind =
        (old.format, old.sample_rate, old.channels) == (new.format, new.sample_rate, new.channels);
    let same_length = match offer.part {
        Some(_) => bounds_of(identity) == bounds_of(&offer.content.0),
        None => old.duration.zip(new.duration).is_some_and(|(old, new)| old.abs_diff(new) <= APART),
    };
    same_kind && same_length
}

/// Where a part begins and ends, as its identity says it.
fn bounds_of(identity: &str) -> Option<&str> {
    identity.split_once(':').map(|(_, bounds)| bounds)
}

/// The files of a podcast or book that are known but cannot be reached now: what was cut from them stays as it is.
fn away<'m>(matched: &Matched, matching: &'m Matching) -> HashSet<&'m str> {
    let files = match &matched.answer {
        _ if !is_spoken(matched.wanted.wanted.kind) => return HashSet::new(),
        Answer::File(found) => std::slice::from_ref(&found.file_id),
        Answer::Files(files, _) => files.as_slice(),
        _ => return HashSet::new(),
    };
    let offers = files.iter().filter_map(|id| matching.offer(*id));
    let unreachable = |offer: &&Offer| !offer.path.exists();
    offers.filter(unreachable).map(|offer| offer.content.0.as_str()).collect()
}
