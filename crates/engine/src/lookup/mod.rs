//! Lookup: what services know of the things that are wanted and of the files that answer them.
//!
//! Four questions, each to those services that the user added: which recording a wanted thing is (`recordings`), what a
//! file's sound is called (`sounds`), what an album looks like (`covers`), what is sung (`lyrics`). Every answer is kept
//! in the library as it comes, also that there is none, so a run that is stopped goes on where it was, and the next one
//! asks only what is new. What is known is used by matching and by `convert`, which ask nobody; it is forgotten as a
//! whole when the service is removed.

mod covers;
mod lyrics;
mod recordings;
pub(crate) mod releases;
mod sounds;

use std::collections::{BTreeMap, HashSet};

use ferrotape_domain::{
    CoverArchive, Fault, FaultKind, LyricsArchive, MayKnow, Phase, RecordingRegister, SoundRegister,
};

use crate::matching::{Answer, Matching, match_wanted};
use crate::policies::RunPolicy;
use crate::selection::{ImportRules, select};
use crate::{Context, EngineError};

pub use covers::forget_pictures;
pub(crate) use covers::{keep_picture, not_kept, picture_of};

/// What was asked in vain is asked again after so long, in seconds: half a year.
const AGAIN_S: i64 = 180 * 24 * 3600;

/// The services that may be asked.
#[derive(Default)]
pub struct Registers {
    /// Which recording something is.
    pub recordings: Vec<Box<dyn RecordingRegister>>,
    /// What a sound is called.
    pub sounds: Option<Box<dyn SoundRegister>>,
    /// What an album looks like.
    pub covers: Option<Box<dyn CoverArchive>>,
    /// What is sung.
    pub lyrics: Option<Box<dyn LyricsArchive>>,
}

impl Registers {
    /// Whether there is nobody to ask.
    pub fn is_empty(&self) -> bool {
        self.recordings.is_empty() && self.sounds.is_none() && self.covers.is_none() && self.lyrics.is_none()
    }
}

/// What is to be looked up.
pub struct LookupRequest<'a> {
    /// Whom to ask.
    pub registers: &'a Registers,
    /// Things that each service is asked of at most; the rest waits for the next run.
    pub most: usize,
    /// Whether to ask again what was asked before.
    pub again: bool,
}

/// What a service is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Which recording something is.
    Recordings,
    /// What a sound is called.
    Sounds,
    /// What an album looks like.
    Covers,
    /// What is sung.
    Lyrics,
}

impl Question {
    /// A stable word for `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recordings => "recordings",
            Self::Sounds => "sounds",
            Self::Covers => "covers",
            Self::Lyrics => "lyrics",
        }
    }
}

/// What became of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAsked {
    /// Its name.
    pub name: String,
    /// What it was asked for.
    pub question: Question,
    /// Things it answered of.
    pub asked: u64,
    /// Of these, such that it knows something of.
    pub found: u64,
    /// Things still to be asked of.
    pub left: u64,
    /// Things that it cannot be asked of, by what they lack.
    pub cannot: BTreeMap<&'static str, u64>,
    /// Answers that cannot be used: of what, and why.
    pub unusable: Vec<(String, String)>,
    /// Why it could not be asked, or not to the end.
    pub fault: Option<Fault>,
}

impl ServiceAsked {
    fn new(name: &str, question: Question, open: usize) -> Self {
        let (name, left) = (name.to_owned(), open as u64);
        let (cannot, unusable) = (BTreeMap::new(), Vec::new());
        Self { name, question, asked: 0, found: 0, left, cannot, unusable, fault: None }
    }

    fn answered(&mut self, found: bool, context: &Context) {
        self.asked += 1;
        self.found += u64::from(found);
        self.left = self.left.saturating_sub(1);
        context.advanced(Phase::Ask, 1, 0);
    }
}

/// What was looked up, service by service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookedUp {
    /// Each service and question.
    pub services: Vec<ServiceAsked>,
}

impl LookedUp {
    /// Whether a service could not be asked.
    pub fn has_failed(&self) -> bool {
        self.services.iter().any(|service| service.fault.is_some())
    }
}

/// Asks for all that is on a list, and for the files that answer it, what was not asked before.
pub fn look_up(request: &LookupRequest, context: &Context) -> Result<LookedUp, EngineError> {
    let mut looked_up = LookedUp::default();
    let wanted = select(&[], &ImportRules::default(), context)?.wanted;
    let mut matching = match_wanted(wanted, &[], &RunPolicy::default(), context)?;
    // What no file answers gains most.
    matching.matched.sort_by_key(|one| matches!(one.answer, Answer::File(_) | Answer::Files(..)));
    for register in &request.registers.recordings {
        let asked = recordings::ask(register.as_ref(), &matching, request, context)?;
        looked_up.services.push(asked);
        stop_if_told(context)?;
    }
    if looked_up.services.iter().any(|service| service.found > 0) {
        matching = again(matching, context)?;
    }
    if let Some(register) = &request.registers.sounds {
        let asked = sounds::ask(register.as_ref(), &matching, request, context)?;
        if asked.found > 0 {
            matching = again(matching, context)?;
        }
        looked_up.services.push(asked);
        stop_if_told(context)?;
    }
    if let Some(archive) = &request.registers.covers {
        looked_up.services.push(covers::ask(archive.as_ref(), &matching, request, context)?);
        stop_if_told(context)?;
    }
    if let Some(archive) = &request.registers.lyrics {
        looked_up.services.push(lyrics::ask(archive.as_ref(), &matching, request, context)?);
        stop_if_told(context)?;
    }
    Ok(looked_up)
}

/// The answers with what is known by now.
fn again(matching: Matching, context: &Context) -> Result<Matching, EngineError> {
    let ids: Vec<i64> = matching.matched.iter().map(|one| one.wanted.id).collect();
    match_wanted(context.library.wanted_by_ids(&ids)?, &[], &RunPolicy::default(), context)
}

/// What a service cannot be asked of, counted by what it lacks.
#[derive(Default)]
struct Cannot(BTreeMap<&'static str, u64>);

impl Cannot {
    fn may_know(&mut self, may_know: MayKnow) -> bool {
        if let MayKnow::NothingToAskBy(lacks) = may_know {
            *self.0.entry(lacks).or_default() += 1;
        }
        may_know == MayKnow::Yes
    }
}

/// So many answers in a row that cannot be used are the service's fault, not that of what was asked of.
const UNUSABLE_IN_A_ROW: usize = 3;

/// What comes of faults in the course of questions to one service.
struct Patience {
    in_a_row: usize,
    most: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self::of(UNUSABLE_IN_A_ROW)
    }
}

impl Patience {
    /// Until so many answers in a row cannot be used.
    fn of(most: usize) -> Self {
        Self { in_a_row: 0, most }
    }

    fn well(&mut self) {
        self.in_a_row = 0;
    }

    /// Takes a fault down; whether the next question is worth asking. What was asked of is not taken for asked.
    fn goes_on(&mut self, asked: &mut ServiceAsked, of: String, fault: Fault) -> bool {
        self.in_a_row += 1;
        if fault.kind == FaultKind::Permanent && self.in_a_row < self.most {
            asked.unusable.push((of, fault.reason));
            return true;
        }
        asked.fault = Some(fault);
        false
    }
}

fn stop_if_told(context: &Context) -> Result<(), EngineError> {
    if context.cancel.is_stopped() { Err(EngineError::Interrupted) } else { Ok(()) }
}

/// What a service need not be asked of.
fn known(service: &str, request: &LookupRequest, context: &Context) -> Result<HashSet<String>, EngineError> {
    if request.again {
        return Ok(HashSet::new());
    }
    Ok(context.library.asked_of(service, context.now.saturating_sub(AGAIN_S))?)
}

fn subject_of(wanted_id: i64) -> String {
    format!("wanted:{wanted_id}")
}
