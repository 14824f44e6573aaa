//! Which recording each wanted thing is.

use ferrotape_domain::{Phase, RecordingRegister, Wanted, WantedKind};

use super::{Cannot, LookupRequest, Question, ServiceAsked, known, subject_of};
use crate::matching::Matching;
use crate::{Context, EngineError};

pub(super) fn ask(
    register: &dyn RecordingRegister,
    matching: &Matching,
    request: &LookupRequest,
    context: &Context,
) -> Result<ServiceAsked, EngineError> {
    let name = register.name();
    let known = known(name, request, context)?;
    // What other services told counts, also what one told in this run; its own word must not keep it from being asked.
    let ids: Vec<i64> = matching.matched.iter().map(|one| one.wanted.id).collect();
    let mut open = context.library.wanted_without(&ids, name)?;
    let mut cannot = Cannot::default();
    open.retain(|one| {
        let is_music = matches!(one.wanted.kind, WantedKind::Recording | WantedKind::Release);
        is_music && cannot.may_know(register.may_know(&one.wanted)) && !known.contains(&subject_of(one.id))
    });
    let mut asked =
        ServiceAsked { cannot: cannot.0, ..ServiceAsked::new(name, Question::Recordings, open.len()) };
    open.truncate(request.most);
    if open.is_empty() {
        return Ok(asked);
    }
    context.started(Phase::Ask, Some(open.len() as u64));
    let wanted: Vec<&Wanted> = open.iter().map(|one| &one.wanted).collect();
    let mut kept = Ok(());
    let said = register.identify(&wanted, context.cancel, &mut |told| {
        let Some(id) = open.get(told.at).map(|one| one.id).filter(|_| kept.is_ok()) else { return };
        kept = context.library.keep_facts(name, id, &told.facts, context.now);
        asked.answered(!told.facts.is_empty(), context);
    });
    context.finished(Phase::Ask);
    kept?;
    asked.fault = said.err();
    Ok(asked)
}
