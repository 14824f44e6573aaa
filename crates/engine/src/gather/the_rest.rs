//! What is said of what no place gave: whom it waits for, or who was asked and what came near.

use std::collections::HashSet;

use ferrotape_domain::{Fault, WantedKind};

use super::asking::Heard;
use super::choosing::{Choices, Pick};
use super::held_up::Word;
use super::{Elsewhere, Gathered, Open, Wait, something_else};
use crate::Context;

/// A few of what is said of one thing.
fn each_once(said: &[String]) -> Vec<String> {
    const TOLD: usize = 3;
    let mut seen = HashSet::new();
    said.iter().filter(|one| seen.insert(one.as_str())).take(TOLD).cloned().collect()
}

/// What a thing waits for that a place surely has, in a run that fetches nothing: that run's end, where one of those places
/// answers, and else the place. That it listed the thing once brings no file now.
fn not_fetched(
    elsewhere: &Elsewhere,
    heard: &[Heard],
    (id, picks): (i64, &[Pick]),
    now: i64,
) -> Option<Wait> {
    // That a place could not be asked for something else says nothing of what it answered.
    let fault_of = |pick: &Pick| {
        let asked = heard.get(pick.place)?;
        asked.not_asked(id).or_else(|| elsewhere.why_shut(pick.place))
    };
    let sure = || picks.iter().filter(|pick| pick.sure);
    if let Some(pick) = sure().find(|pick| fault_of(pick).is_none()) {
        let place = elsewhere.catalogues.get(pick.place).map(|place| place.name()).unwrap_or_default();
        return Some(Wait::for_us(format!("{place} has it"), "it is fetched, by a run without --dry-run"));
    }
    let faults: Vec<&Fault> = sure().filter_map(fault_of).collect();
    Wait::for_places(&faults, &[], now)
}

/// Notes what places have under the name of an album that nobody surely has, where only single songs of it may be here.
pub(super) fn note_not_taken(gathered: &mut Gathered, one: &Open, choices: &Choices) {
    let id = one.wanted.id;
    let may_lack = one.wanted.wanted.kind == WantedKind::Release
        && (one.nothing_near || one.is_unsettled || !one.here.is_empty());
    let is_sure = choices.picks.get(&id).is_some_and(|picks| picks.iter().any(|pick| pick.sure));
    let near = choices.told.get(&id).map(Vec::as_slice).unwrap_or_default();
    if may_lack && !is_sure && !near.is_empty() {
        gathered.not_taken.insert(id, each_once(near).join("; "));
    }
}

/// Of what no place surely has: whom it waits for, or who was asked.
pub(super) fn note_the_rest(
    gathered: &mut Gathered,
    elsewhere: &Elsewhere,
    open: &[Open],
    (heard, choices): (&[Heard], &Choices),
    context: &Context,
) {
    let picks = &choices.picks;
    for one in open {
        let id = one.wanted.id;
        let may_hold = |at: &usize| {
            elsewhere.catalogues.get(*at).is_some_and(|place| place.may_hold(one.wanted.wanted.kind))
        };
        let asked: Vec<usize> = (0..heard.len()).filter(may_hold).collect();
        let sure = picks.get(&id).and_then(|picks| picks.iter().find(|pick| pick.sure));
        // Of what came, the file itself may still say that it is something else: then the rest tells how it ends.
        if sure.is_some() && !elsewhere.fetch {
            let of_it = picks.get(&id).map(Vec::as_slice).unwrap_or_default();
            gathered
                .waiting
                .extend(not_fetched(elsewhere, heard, (id, of_it), context.now).map(|wait| (id, wait)));
            continue;
        }
        let names = asked.iter().filter_map(|at| elsewhere.catalogues.get(*at)).map(|place| place.name());
        let names: Vec<&str> = names.collect();
        let says = asked.iter().filter_map(|at| elsewhere.catalogues.get(*at));
        let mut says: Vec<String> = says.filter_map(|place| place.says_of(&one.wanted.wanted)).collect();
        let faults: Vec<&Fault> = asked.iter().filter_map(|at| heard.get(*at)?.not_asked(id)).collect();
        let sure =
            sure.and_then(|pick| Some((elsewhere.catalogues.get(pick.place)?.name(), pick.offers.len())));
        let more = asked.iter().filter_map(|at| elsewhere.catalogues.get(*at));
        let more: Vec<Fault> = more.filter_map(|place| place.may_have_more(&one.wanted.wanted)).collect();
        let word = Word { sure, not_asked: &faults, says: &says, asked: &names, may_have_more: &more };
        gathered.hold_up(one, &word, context.now);
        if says.is_empty() && !names.is_empty() {
            says.push(format!("asked as well: {}", names.join(", ")));
        }
        note_not_taken(gathered, one, choices);
        let near = choices.told.get(&id).map(Vec::as_slice).unwrap_or_default();
        says = each_once(near).into_iter().chain(says).collect();
        let of_it = picks.get(&id).map(Vec::as_slice).unwrap_or_default();
        let came = something_else::told(gathered, elsewhere, heard, of_it);
        if !came.is_empty() {
            says.insert(0, came);
        }
        if !says.is_empty() {
            gathered.notes.insert(id, says.join("; "));
        }
        gathered.wait(id, &faults, context.now);
    }
}
