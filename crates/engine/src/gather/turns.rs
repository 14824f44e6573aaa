//! Fetching in turns: what came is matched again as it says of itself, and where it is not what is wanted the next offer or
//! place is asked in the same run. One server's wrong file is nobody else's.

use std::collections::HashMap;
use std::path::PathBuf;

use ferrotape_domain::WantedKind;
use ferrotape_store::StoredWanted;

use super::asking::Heard;
use super::choosing::{self, Choices, Pick};
use super::{Elsewhere, Gathered, Open, RunPolicy, fetching, open_things};
use crate::scan::scan;
use crate::{Context, EngineError};

/// So often it is gone on in one run; the next one begins behind what this one found to be something else.
const MOST_TURNS: usize = 10;

/// Whether another offer is looked for where what came does not answer a thing. Podcasts have new episodes, and are never
/// done.
pub(super) fn goes_on(one: &Open) -> bool {
    one.wanted.wanted.kind != WantedKind::Show
}

/// Fetches what was picked, and for what that does not answer what is next; `choices` is all that was picked in the end. What
/// could not be had is waited for: only a copy of it is taken in its place.
pub(super) fn fetch_in_turns(
    (gathered, heard, choices): (&mut Gathered, &mut [Heard], &mut Choices),
    elsewhere: &Elsewhere,
    open: &[Open],
    (roots, run): (&[PathBuf], &RunPolicy),
    context: &Context,
) -> Result<(), EngineError> {
    fetch_and_look((&mut *gathered, &*heard), elsewhere, (open, &choices.picks), context)?;
    let mut turn = choices.picks.clone();
    for _ in 0..MOST_TURNS {
        let is_asked = |one: &&Open| {
            let picked = turn.get(&one.wanted.id).map(Vec::as_slice).unwrap_or_default();
            goes_on(one) && picked.iter().any(|pick| pick.sure && !pick.offers.is_empty())
        };
        let asked: Vec<Open> = open.iter().filter(is_asked).cloned().collect();
        let still = match gathered.came {
            true => {
                let wanted: Vec<StoredWanted> = asked.into_iter().map(|one| one.wanted).collect();
                open_things(&wanted, roots, run, elsewhere, context)?
            }
            false => asked,
        };
        if still.is_empty() {
            break;
        }
        note_tried(gathered, heard);
        let next = choosing::choose(elsewhere.catalogues, heard, &still, run, context)?;
        for (id, says) in next.told {
            choices.told.entry(id).or_default().extend(says);
        }
        turn = next.picks;
        turn.values_mut().for_each(|picks| keep_what_is_had(picks, heard));
        turn.retain(|_, picks| !picks.is_empty());
        if turn.is_empty() {
            break;
        }
        fetch_and_look((&mut *gathered, &*heard), elsewhere, (still.as_slice(), &turn), context)?;
        for (id, more) in &turn {
            choices.picks.entry(*id).or_default().extend(more.iter().cloned());
        }
    }
    Ok(())
}

/// What came lies in the collection, where all that is wanted had its look at it.
fn note_tried(gathered: &mut Gathered, heard: &mut [Heard]) {
    for (place, at) in gathered.tried.drain() {
        if let Some(heard) = heard.get_mut(place) {
            heard.no_use.insert(at);
        }
    }
    for (place, at) in gathered.not_had.drain() {
        if let Some(heard) = heard.get_mut(place) {
            heard.not_had.insert(at);
        }
    }
}

/// Leaves what is sure and was not asked for in vain in this run.
fn keep_what_is_had(picks: &mut Vec<Pick>, heard: &[Heard]) {
    let is_had = |place: usize, at: usize| heard.get(place).is_none_or(|heard| !heard.not_had.contains(&at));
    for pick in picks.iter_mut() {
        let place = pick.place;
        pick.offers.retain(|at| is_had(place, *at));
        pick.beside.retain(|(place, at)| is_had(*place, *at));
    }
    picks.retain(|pick| pick.sure && !pick.offers.is_empty());
}

fn fetch_and_look(
    (gathered, heard): (&mut Gathered, &[Heard]),
    elsewhere: &Elsewhere,
    (open, picks): (&[Open], &HashMap<i64, Vec<Pick>>),
    context: &Context,
) -> Result<(), EngineError> {
    gathered.came = false;
    fetching::fetch_all(gathered, elsewhere, heard, open, picks, context)?;
    // Also what an earlier run fetched and did not come to look at.
    if gathered.came {
        scan(std::slice::from_ref(elsewhere.collection), context)?;
    }
    for (path, how) in std::mem::take(&mut gathered.cut_off) {
        context.library.record_broken(&path, &how)?;
    }
    Ok(())
}
