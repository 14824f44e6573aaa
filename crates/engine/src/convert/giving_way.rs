//! What another file takes the place of. The new one may find no room, be out of reach or turn out to be broken, so what
//! is there stays until the new one is.

use std::collections::{BTreeMap, HashMap, HashSet};

use ferrotape_device::{SyncPlan, Target};
use ferrotape_domain::{ContentId, SoundName, Wanted, WantedKind};
use ferrotape_matching::is_known_as_another;
use ferrotape_store::Library;

use super::in_doubt::in_words;
use super::kept::Kept;
use super::retagged::Retagged;
use super::step_1_plan::{ConversionPlan, PlannedTrack};
use crate::EngineError;
use crate::matching::{Matched, Matching};

/// Files of earlier runs that others take the place of, by the wanted thing: identity and path of each.
pub(super) type GivingWay = BTreeMap<i64, Vec<(String, String)>>;

/// What answers wanted things on the player and gives way to the tracks that fill them now.
pub(super) fn giving_way(
    matching: &Matching,
    target: &Target,
    (planned, fills): (&[PlannedTrack], &HashMap<i64, Vec<usize>>),
    (kept, retagged): (&BTreeMap<i64, Kept>, &Retagged),
    library: &Library,
) -> Result<GivingWay, EngineError> {
    let planned = planned.iter().map(|track| track.identity.as_str());
    let kept = kept.values().flat_map(|kept| &kept.identities).chain(retagged.keys());
    let stays: HashSet<&str> = planned.chain(kept.map(String::as_str)).collect();
    let waits = |one: &&Matched| fills.contains_key(&one.wanted.id) && waits_for_the_new(one);
    let mut all: Vec<(&Matched, Vec<(String, String)>)> = Vec::new();
    for matched in matching.matched.iter().filter(waits) {
        let keys = std::iter::once(&matched.wanted.key).chain(&matched.wanted.aliases);
        let mut seen = HashSet::new();
        let old = keys.flat_map(|key| target.answering(key));
        let old = old.filter(|(one, _)| !stays.contains(one.as_str()) && seen.insert(one.clone()));
        let old: Vec<(String, String)> = old.collect();
        if !old.is_empty() {
            all.push((matched, old));
        }
    }
    if !all.is_empty() {
        let names = library.sound_names()?;
        for (matched, old) in &mut all {
            old.retain(|(identity, _)| !is_known_for_another(identity, &matched.wanted.wanted, &names));
        }
    }
    Ok(all.into_iter().map(|(matched, old)| (matched.wanted.id, old)).collect())
}

/// What is known by its sound as another recording waits for nothing.
fn is_known_for_another(identity: &str, wanted: &Wanted, names: &HashMap<ContentId, Vec<SoundName>>) -> bool {
    let names = names.get(&ContentId(identity.to_owned())).filter(|_| wanted.kind == WantedKind::Recording);
    names.is_some_and(|names| is_known_as_another(wanted, names))
}

/// What the user said is carried out at once; and of a podcast the older episodes make room for the newer ones.
fn waits_for_the_new(matched: &Matched) -> bool {
    !matched.decided && matched.wanted.wanted.kind != WantedKind::Show
}

/// Those of them that are on the player as long as nothing is done.
pub(super) fn there(mut giving_way: GivingWay, sync: &SyncPlan) -> GivingWay {
    let going = sync.removals.iter().map(|removal| removal.identity.as_str());
    let staying = sync.unchanged.iter().map(|file| file.identity.as_str());
    let there: HashSet<&str> = going.chain(staying).collect();
    for old in giving_way.values_mut() {
        old.retain(|(identity, _)| there.contains(identity.as_str()));
    }
    giving_way
}

/// Where those lie that stay if what takes their place does not come, in words, by the wanted thing. After a run that is where
/// they are on record.
pub(super) fn staying(plan: &ConversionPlan, target: &Target, is_done: bool) -> BTreeMap<i64, String> {
    let place = |(identity, path): &(String, String)| match is_done {
        true => target.listed_at(identity),
        false => Some(path.clone()),
    };
    let of_one = |(id, old): (&i64, &Vec<(String, String)>)| {
        let places: Vec<String> = old.iter().filter_map(place).collect();
        Some((*id, in_words(places.iter())?))
    };
    plan.gives_way.iter().filter_map(of_one).collect()
}

#[cfg(test)]
mod tests {
    use ferrotape_audio::LoudnessUse;
    use ferrotape_device::Profile;

    use super::*;

    #[test]
    fn after_a_run_only_what_is_on_record_stays() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::open(folder.path(), Profile::generic()).unwrap();
        let nothing = (BTreeMap::new(), 0);
        let mut plan = ConversionPlan::nothing_to_do(SyncPlan::default(), LoudnessUse::Off, nothing);
        plan.gives_way.insert(7, vec![("old".to_owned(), "Music/a.mp3".to_owned())]);
        let planned = BTreeMap::from([(7, "Music/a.mp3".to_owned())]);
        assert_eq!(staying(&plan, &target, false), planned);
        assert_eq!(staying(&plan, &target, true), BTreeMap::new());
        // What goes before for its room gives way to nothing that comes, so it is none of these.
        plan.sync.remove_first = true;
        assert_eq!(staying(&plan, &target, false), planned);
    }
}
