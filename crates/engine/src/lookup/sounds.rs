//! What the sounds are called of the files that answer wanted things, or might, and of those that nothing else names.

use std::collections::HashSet;

use ferrotape_domain::{Offer, Phase, SoundRegister, WantedKind};

use super::{LookupRequest, Patience, Question, ServiceAsked, known};
use crate::listening::heard_of;
use crate::matching::{Answer, Matching};
use crate::unnamed::is_unnamed;
use crate::{Context, EngineError};

/// Files that are listened to before their sounds are asked for.
const AT_ONCE: usize = 16;

pub(super) fn ask(
    register: &dyn SoundRegister,
    matching: &Matching,
    request: &LookupRequest,
    context: &Context,
) -> Result<ServiceAsked, EngineError> {
    let name = register.name();
    let known = known(name, request, context)?;
    let mut open = files(matching);
    open.retain(|offer| !known.contains(&offer.content.0));
    let mut asked = ServiceAsked::new(name, Question::Sounds, open.len());
    open.truncate(request.most);
    let mut patience = Patience::default();
    for some in open.chunks(AT_ONCE) {
        let hearing = heard_of(some, context)?;
        context.started(Phase::Ask, Some(some.len() as u64));
        for offer in some {
            if context.cancel.is_stopped() {
                return Ok(asked);
            }
            // Of a file that is away now nobody was asked: the next run does.
            if hearing.unread.contains(&offer.content) {
                context.advanced(Phase::Ask, 1, 0);
                continue;
            }
            // What cannot be decoded is told by the run that converts it.
            let Some(heard) = hearing.heard.get(&offer.content).filter(|heard| !heard.fingerprint.is_empty())
            else {
                context.library.note_asked(name, &offer.content.0, false, context.now)?;
                asked.answered(false, context);
                continue;
            };
            match register.names_of(heard, context.cancel) {
                Ok(names) => {
                    patience.well();
                    context.library.keep_sound_names(name, &offer.content, &names, context.now)?;
                    asked.answered(!names.is_empty(), context);
                }
                Err(fault) => {
                    if !patience.goes_on(&mut asked, offer.path.display().to_string(), fault) {
                        context.finished(Phase::Ask);
                        return Ok(asked);
                    }
                }
            }
        }
        context.finished(Phase::Ask);
    }
    Ok(asked)
}

/// The music files that a person is asked about, then those that are taken, then those without a title; each once.
fn files(matching: &Matching) -> Vec<&Offer> {
    let (mut doubtful, mut taken) = (Vec::new(), Vec::new());
    for one in matching.matched.iter().filter(|one| one.wanted.wanted.kind == WantedKind::Recording) {
        match &one.answer {
            Answer::Review(candidates, _) => doubtful.extend(candidates.iter().map(|found| found.file_id)),
            Answer::File(found) => taken.push(found.file_id),
            _ => {}
        }
    }
    let mut seen = HashSet::new();
    let named = doubtful.into_iter().chain(taken).filter_map(|id| matching.offer(id));
    let all = named.chain(matching.offers.iter().filter(|offer| is_unnamed(offer)));
    all.filter(|offer| seen.insert(offer.content.clone())).collect()
}
