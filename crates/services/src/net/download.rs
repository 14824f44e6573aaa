//! Files: fetched whole, gone on with where a line broke, checked, and only then given their name.
//!
//! What came so far lies in `NAME.partial`, and beside it what it is a part of. It is gone on with only where the server
//! proves that it is the same file (a strong ETag, with If-Range; servers of the user's may do so by a date), or a
//! promised sum will. The rest must show that proof again, and the same total as the beginning. Parts of different files
//! are never joined: podcasts put new advertisements into each copy.

use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{Cancel, Fault, Fetched, ServiceMemory, Sums};

use super::Transport;
use super::breaker::{may_be_asked, take_down};
use super::partial::{Ended, Partial};
use super::request::{Reply, Request};
use super::retries::{pause, trouble_of};
use super::sums;
use super::trouble::{Trouble, TroubleKind};
use crate::clock::Clock;

/// A file may break off so often without getting any further than before.
const TRIES: u32 = 4;
/// And so often in all.
const MOST_TRIES: u32 = 40;
/// The longest a file may take.
const WHOLE: Duration = Duration::from_secs(12 * 3600);

/// A file to be fetched.
pub struct Download<'a> {
    /// Its address and headers; how long it is kept means nothing here.
    pub request: Request,
    /// Where it is to be.
    pub to: &'a Path,
    /// The size that it must have, where that is known for sure.
    pub size: Option<u64>,
    /// Sums that it must have.
    pub sums: &'a Sums,
    /// The most bytes that it may have.
    pub max_bytes: u64,
    /// Told of each piece that came, in bytes.
    pub came: &'a (dyn Fn(u64) + Sync),
}

/// What was there instead of a file: a page, an error in JSON. At most 64 KiB of it.
pub type NotAudio = Reply;

/// What came.
#[derive(Debug)]
pub enum Got {
    /// The file, whole and checked.
    File(Fetched),
    /// Something else.
    Else(NotAudio),
}

/// How far the tries for a file come.
#[derive(Default)]
struct Headway {
    /// The furthest, in bytes from the beginning of the file.
    furthest: u64,
    /// Tries after the first that came just as far.
    ends_alike: u32,
}

impl Headway {
    /// Whether the last try came further than any before it.
    fn is_made(&mut self, partial: &Partial) -> bool {
        let reached = partial.reached();
        if reached > self.furthest {
            *self = Self { furthest: reached, ends_alike: 0 };
            return true;
        }
        self.ends_alike += u32::from(partial.has_grown() && reached == self.furthest);
        false
    }

    /// Why the file cannot be had as it is, where that is so: a line that breaks does not break at one place, and who gives
    /// as much of the file time and again is there.
    fn tells_of_the_file(&self, trouble: &Trouble) -> Option<Trouble> {
        let is_of_answer = matches!(trouble.kind, TroubleKind::Passing | TroubleKind::Slow);
        let is_so = self.ends_alike > 0 && is_of_answer;
        let says = || format!("{}, {} times at the same place", trouble.says, self.ends_alike + 1);
        is_so.then(|| Trouble::hopeless(says()))
    }
}

/// Fetches.
pub(super) struct Fetcher<'a> {
    pub(super) files: &'a dyn Transport,
    pub(super) memory: &'a dyn ServiceMemory,
    pub(super) clock: &'a dyn Clock,
    pub(super) hurry: bool,
}

impl Fetcher<'_> {
    pub(super) fn fetch(&self, what: &Download, cancel: &Cancel) -> Result<Got, Fault> {
        let line = &what.request.line.name;
        let got = self.try_all(what, cancel).map_err(|trouble| trouble.into_fault(line));
        // Sums are the file's own matter, so a line is only blamed by its tries.
        got.map(|got| match got {
            Ok(fetched) => Got::File(fetched),
            Err(reply) => Got::Else(reply),
        })
    }

    fn try_all(&self, what: &Download, cancel: &Cancel) -> Result<Result<Fetched, NotAudio>, Trouble> {
        let line = &what.request.line.name;
        let (mut failures, mut spoilt) = (0, false);
        let mut headway = Headway::default();
        let mut partial = Partial::open(what)?;
        for _ in 0..MOST_TRIES {
            may_be_asked(self.memory, line, self.clock.now_ms())?;
            let tried = self.once(what, &mut partial, cancel);
            let trouble = match tried {
                Ok(Ended::Else(reply)) => {
                    take_down(self.memory, line, self.clock.now_ms(), None);
                    return Ok(Err(*reply));
                }
                Ok(Ended::Whole) => match self.finish(what, &mut partial)? {
                    Ok(fetched) => {
                        take_down(self.memory, line, self.clock.now_ms(), None);
                        return Ok(Ok(fetched));
                    }
                    // Once more from the start: what lay there may have been of another file.
                    Err(wrong) if !spoilt => {
                        spoilt = true;
                        Trouble::passing(wrong)
                    }
                    Err(wrong) => return Err(Trouble::hopeless(wrong)),
                },
                Err(trouble) => trouble,
            };
            failures = if headway.is_made(&partial) { 1 } else { failures + 1 };
            let wait = pause(&trouble, failures, self.hurry).filter(|_| failures < TRIES);
            let Some(wait) = wait else {
                partial.settle();
                if let Some(of_file) = headway.tells_of_the_file(&trouble) {
                    take_down(self.memory, line, self.clock.now_ms(), None);
                    return Err(of_file);
                }
                take_down(self.memory, line, self.clock.now_ms(), Some(&trouble));
                return Err(trouble);
            };
            self.clock.sleep(wait, cancel);
            if cancel.is_stopped() {
                return Err(Trouble::stopped());
            }
        }
        Err(Trouble::passing(format!("the file broke off {MOST_TRIES} times")))
    }

    /// One request: for the rest, or for all of it.
    fn once(&self, what: &Download, partial: &mut Partial, cancel: &Cancel) -> Result<Ended, Trouble> {
        let mut request = what.request.clone();
        request.whole = WHOLE;
        request = request.header("accept", "*/*").header("accept-encoding", "identity");
        if let Some((range, proof)) = partial.rest() {
            request = request.header("range", range);
            if let Some(proof) = proof {
                request = request.header("if-range", proof);
            }
        }
        let sent = self.files.send(&request, partial, cancel);
        match sent {
            Ok(head) => match trouble_of(&head, self.clock.now_ms()) {
                Some(trouble) => Err(trouble),
                None => partial.ended(&head),
            },
            Err(trouble) => {
                partial.settle();
                Err(trouble)
            }
        }
    }

    /// Checks the file and gives it its name; `Err` says what is wrong with it, and it is gone then.
    fn finish(&self, what: &Download, partial: &mut Partial) -> Result<Result<Fetched, String>, Trouble> {
        partial.sync()?;
        let checked = sums::check(partial.path(), what.sums).map_err(|error| partial.trouble(&error))?;
        let wrong = match checked {
            Ok(sha256) => {
                let bytes = partial.publish()?;
                return Ok(Ok(Fetched { bytes, sha256, url: Some(what.request.address.shown()) }));
            }
            Err(sum) => format!("what came has not the {sum} sum that was promised"),
        };
        partial.start_anew()?;
        Ok(Err(wrong))
    }
}
