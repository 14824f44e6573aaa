//! The connected account: its library pulled into ours, and forgotten again.
//!
//! The account is asked through a port; its answers are kept in the library until they expire, and what they mean is
//! recorded as an import of its own origin. A pull that ends early records nothing: its answers are kept, and the next
//! one goes on from there.

use ferrotape_domain::{AccountSource, AnswerCache, Fault, FaultKind, Phase};
use ferrotape_import::{Limits, read_account};
use ferrotape_store::{Forgotten, ImportOptions, Library, Origin, StoreError};

use crate::selection::Imported;
use crate::{Context, EngineError};

/// Answers are deleted when they are this old, unless the user says otherwise.
pub const EXPIRY_DAYS: u32 = 30;

/// How imports of the account are called.
const LABEL: &str = "Spotify account";

const DAY_S: i64 = 24 * 3600;

/// The library as the place where answers are kept.
pub struct KeptAnswers<'a>(pub &'a Library);

impl AnswerCache for KeptAnswers<'_> {
    fn answer(&self, asked: &str) -> Result<Option<(i64, Vec<u8>)>, Fault> {
        self.0.account_answer(asked).map_err(|error| fault(&error))
    }

    fn keep(&self, asked: &str, at: i64, answer: &[u8]) -> Result<(), Fault> {
        self.0.keep_account_answer(asked, at, answer).map_err(|error| fault(&error))
    }
}

fn fault(error: &StoreError) -> Fault {
    Fault { source: "the library".to_owned(), kind: FaultKind::Permanent, reason: error.to_string() }
}

/// What a pull brought.
#[derive(Debug, Clone, PartialEq)]
pub struct PullReport {
    /// Its rows and what became of them, as of any import.
    pub imported: Imported,
    /// Requests that were made.
    pub asked: u64,
    /// Rows that were known and not asked for.
    pub kept_rows: u64,
}

/// Pulls the account's library and records it.
pub fn pull(
    source: &dyn AccountSource,
    accept_shrink: bool,
    context: &Context,
) -> Result<PullReport, EngineError> {
    let cache = KeptAnswers(context.library);
    context.started(Phase::Pull, None);
    let pulled =
        source.pull(&cache, context.progress, context.cancel).map_err(|fault| stopped(fault, context))?;
    context.finished(Phase::Pull);
    context.started(Phase::Import, None);
    let wishlist = read_account(&pulled.answers, &Limits::default());
    let options = ImportOptions {
        origin: Origin::Account,
        label: LABEL.to_owned(),
        at: context.now,
        accept_shrink,
        ..ImportOptions::default()
    };
    let receipt = context.library.record_import(&wishlist, &options, context.progress)?;
    context.finished(Phase::Import);
    source.recorded(&cache).map_err(EngineError::Account)?;
    let (accounts, problems) = (wishlist.accounts, wishlist.problems);
    let imported = Imported { path: LABEL.into(), receipt, accounts, problems };
    Ok(PullReport { imported, asked: pulled.asked, kept_rows: pulled.kept_rows })
}

fn stopped(fault: Fault, context: &Context) -> EngineError {
    if context.cancel.is_stopped() { EngineError::Interrupted } else { EngineError::Account(fault) }
}

/// Deletes the account's answers that are older than so many days; all of them for 0. Says how many there were.
pub fn purge(older_than_days: u32, context: &Context) -> Result<usize, EngineError> {
    let before = match older_than_days {
        0 => i64::MAX,
        days => context.now - i64::from(days) * DAY_S,
    };
    Ok(context.library.purge_account_answers(before)?)
}

/// As [`purge`], when the user asks for it: not even the bytes are left.
pub fn purge_traceless(older_than_days: u32, context: &Context) -> Result<usize, EngineError> {
    let answers = purge(older_than_days, context)?;
    context.library.leave_no_trace()?;
    Ok(answers)
}

/// Forgets what came from the account only; says what that was, and how many answers were deleted. The tokens are the
/// caller's to delete.
pub fn disconnect(context: &Context) -> Result<(Forgotten, usize), EngineError> {
    let answers = purge(0, context)?;
    Ok((context.library.forget_account()?, answers))
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{AccountAnswer, AccountPart, Cancel, Progress, Pulled, Silent};

    use super::*;

    /// Answers one saved track, or nothing at all.
    struct Source(Result<&'static str, FaultKind>);

    impl AccountSource for Source {
        fn pull(&self, cache: &dyn AnswerCache, _: &dyn Progress, _: &Cancel) -> Result<Pulled, Fault> {
            cache.keep("page", 100, b"half")?;
            let rows = match &self.0 {
                Ok(title) => format!(r#"{{"items": [{{"track": {{"name": "{title}"}}}}]}}"#).into_bytes(),
                Err(kind) => {
                    let (source, reason) = ("test".to_owned(), "no more today".to_owned());
                    return Err(Fault { source, kind: kind.clone(), reason });
                }
            };
            let answers = vec![AccountAnswer { part: AccountPart::Tracks, rows: Ok(rows) }];
            Ok(Pulled { answers, asked: 1, kept_rows: 0 })
        }

        fn recorded(&self, cache: &dyn AnswerCache) -> Result<(), Fault> {
            cache.keep("pull", 100, b"done")
        }
    }

    fn with_library(test: impl FnOnce(&Context)) {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path()).unwrap();
        let (progress, cancel) = (Silent, Cancel::default());
        let now = 100 + i64::from(EXPIRY_DAYS) * DAY_S;
        test(&Context {
            library: &library,
            progress: &progress,
            cancel: &cancel,
            now,
            listen: false,
            links: None,
        });
    }

    #[test]
    fn a_whole_pull_is_recorded_and_then_marked_as_such() {
        with_library(|context| {
            let report = pull(&Source(Ok("Undertow")), false, context).unwrap();
            assert_eq!(report.imported.receipt.wanted_new, 1);
            assert_eq!(context.library.account_answer("pull").unwrap().unwrap().1, b"done");
        });
    }

    #[test]
    fn half_a_pull_is_kept_and_not_recorded() {
        with_library(|context| {
            let kind = FaultKind::Temporary { retry_after_seconds: Some(9) };
            let error = pull(&Source(Err(kind.clone())), false, context).unwrap_err();
            assert!(matches!(error, EngineError::Account(fault) if fault.kind == kind));
            assert!(context.library.playlists().unwrap().is_empty());
            assert!(context.library.account_answer("page").unwrap().is_some());
            assert!(context.library.account_answer("pull").unwrap().is_none());
        });
    }

    #[test]
    fn answers_expire_and_what_they_meant_stays() {
        with_library(|context| {
            pull(&Source(Ok("Undertow")), false, context).unwrap();
            assert_eq!(purge(EXPIRY_DAYS, context).unwrap(), 0, "not older than that yet");
            assert_eq!(purge(EXPIRY_DAYS, &Context { now: context.now + 1, ..*context }).unwrap(), 2);
            assert_eq!(context.library.playlists().unwrap().len(), 1);
        });
    }
}
