//! Music that was tagged anew on this computer: other bytes, but the same sound. What earlier runs made of it, or found there
//! as the user's own, is there for the same recording still, so it is carried along to the identity of the new bytes.
//!
//! Only where the sound is known to be the same: by what the player's list says of what its file was made of, and by the file
//! at hand. Where either tells nothing, the one takes the place of the other as any two files do.

use std::collections::{BTreeMap, HashMap, HashSet};

use ferrotape_device::Target;
use ferrotape_domain::ContentId;

use super::kept::Kept;
use super::reuse::sound_mark;
use super::step_1_plan::PlannedTrack;
use crate::matching::{Matched, Matching};

/// Identities of what is tagged anew, by those that it had.
pub(super) type Retagged = BTreeMap<String, String>;

/// Which files on the player hold the sound of planned tracks that answer the same wanted things, under other bytes that are
/// nowhere at hand any more.
pub(super) fn retagged(
    matching: &Matching,
    target: &Target,
    (planned, fills): (&[PlannedTrack], &HashMap<i64, Vec<usize>>),
) -> Retagged {
    let at_hand = matching.offers.iter().map(|offer| ContentId::file_of(&offer.content.0));
    let at_hand: HashSet<&str> = at_hand.collect();
    let mut sounds: HashMap<usize, Option<String>> = HashMap::new();
    let (mut retagged, mut taken) = (Retagged::new(), HashSet::new());
    for matched in &matching.matched {
        let Some(tracks) = fills.get(&matched.wanted.id) else { continue };
        for (identity, sound) in without_source(matched, target, &at_hand) {
            if retagged.contains_key(&identity) {
                continue;
            }
            let same = tracks.iter().find_map(|at| {
                let track = planned.get(*at).filter(|track| track.reachable)?;
                if taken.contains(at) || target.lists(&track.identity) {
                    return None;
                }
                let mark = || sound_mark(&track.source, track.part, &track.identity);
                let is_same = sounds.entry(*at).or_insert_with(mark).as_ref() == Some(&sound);
                is_same.then_some((*at, track))
            });
            if let Some((at, track)) = same {
                taken.insert(at);
                retagged.insert(identity, track.identity.clone());
            }
        }
    }
    retagged
}

/// What answers it on the player, was not refused, and is of bytes that are not at hand: identity and sound.
fn without_source(matched: &Matched, target: &Target, at_hand: &HashSet<&str>) -> Vec<(String, String)> {
    let is_refused = |identity: &str| matched.refused.iter().any(|content| content.0 == identity);
    let keys = std::iter::once(&matched.wanted.key).chain(&matched.wanted.aliases);
    let there = keys.flat_map(|key| target.sounds_answering(key));
    there
        .filter(|(identity, _)| !at_hand.contains(ContentId::file_of(identity)) && !is_refused(identity))
        .collect()
}

/// What is carried along does not stay as it is. Another thing that it is there for as well, and that the new tags do not
/// answer, has it under its new identity until somebody says otherwise, and not where he did.
pub(super) fn let_go(
    kept: &mut BTreeMap<i64, Kept>,
    retagged: &Retagged,
    matching: &Matching,
    (planned, fills): (&[PlannedTrack], &HashMap<i64, Vec<usize>>),
) {
    if retagged.is_empty() {
        return;
    }
    for matched in &matching.matched {
        let Some(one) = kept.get_mut(&matched.wanted.id) else { continue };
        let tracks = fills.get(&matched.wanted.id).into_iter().flatten().filter_map(|at| planned.get(*at));
        let filled: HashSet<&str> = tracks.map(|track| track.identity.as_str()).collect();
        let is_refused = |new: &str| matched.refused.iter().any(|content| content.0 == new);
        for identities in [&mut one.identities, &mut one.in_doubt] {
            let carried = std::mem::take(identities).into_iter().filter_map(|old| match retagged.get(&old) {
                Some(new) => (!filled.contains(new.as_str()) && !is_refused(new)).then(|| new.clone()),
                None => Some(old),
            });
            *identities = carried.collect();
        }
    }
    kept.retain(|_, one| !one.identities.is_empty());
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{Wanted, WantedKind};
    use ferrotape_store::StoredWanted;

    use super::*;
    use crate::matching::Answer;

    #[test]
    fn what_was_refused_for_a_thing_is_not_carried_along_for_it() {
        let matched = |id: i64, refused: &[&str]| Matched {
            wanted: StoredWanted {
                id,
                key: id.to_string(),
                aliases: Vec::new(),
                wanted: Wanted::of_kind(WantedKind::Recording),
            },
            answer: Answer::None(String::new()),
            decided: !refused.is_empty(),
            refused: refused.iter().map(|content| ContentId((*content).to_owned())).collect(),
        };
        let mut matching = Matching::default();
        matching.matched.extend([matched(1, &[]), matched(2, &["new"])]);
        let there = || Kept {
            path: "Music/a.mp3".to_owned(),
            identities: vec!["old".to_owned()],
            settles: true,
            in_doubt: Vec::new(),
            held_back: Vec::new(),
        };
        let mut kept = BTreeMap::from([(1, there()), (2, there())]);
        let retagged = Retagged::from([("old".to_owned(), "new".to_owned())]);
        let planned: &[PlannedTrack] = &[];
        let_go(&mut kept, &retagged, &matching, (planned, &HashMap::new()));
        let left: Vec<(i64, Vec<String>)> = kept.into_iter().map(|(id, one)| (id, one.identities)).collect();
        assert_eq!(left, [(1, vec!["new".to_owned()])]);
    }
}
