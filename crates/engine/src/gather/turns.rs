//! Fetching in turns: what came is matched again as it says of itself, and where it is not what is wanted the next offer or
//! place is asked in the same run. One server's wrong file is nobody else's.

use std::collections::HashMap;
use std::path::PathBuf;

use ferrotape_domain::WantedKind;
use ferrotape_store::StoredWanted;

use super::asking::Heard;
use super::choosing::{self, Pick};
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

/// Fetches what was picked, and for what that does not answer what is next; `picks` is all that was picked in the end.
pub(super) fn fetch_in_turns(
    (gathered, heard, picks): (&mut Gathered, &mut [Heard], &mut HashMap<i64, Vec<Pick>>),
    elsewhere: &Elsewhere,
    open: &[Open],
    (roots, run): (&[PathBuf], &RunPolicy),
    context: &Context,
) -> Result<(), EngineError> {
    fetch_and_look((&mut *gathered, &*heard), elsewhere, (open, &*picks), context)?;
    let mut turn = picks.clone();
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
        // It lies in the collection, where all that is wanted had its look at it, or cannot be had.
        for (place, at) in gathered.tried.drain() {
            if let Some(heard) = heard.get_mut(place) {
                heard.no_use.insert(at);
            }
        }
        turn = choosing::choose(elsewhere.catalogues, heard, &still, run, context)?;
        turn.values_mut().for_each(|picks| picks.retain(|pick| pick.sure && !pick.offers.is_empty()));
        turn.retain(|_, picks| !picks.is_empty());
        if turn.is_empty() {
            break;
        }
        fetch_and_look((&mut *gathered, &*heard), elsewhere, (still.as_slice(), &turn), context)?;
        for (id, more) in &turn {
            picks.entry(*id).or_default().extend(more.iter().cloned());
        }
    }
    Ok(())
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
