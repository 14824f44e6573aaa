//! Faults in ferrotape itself. A panic is shown like any other error: what happened, and what to do.
//!
//! Decoders of hostile files may panic and be caught where they are called; those never reach the user, so the hook
//! only remembers and `main` speaks.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::sync::{Mutex, PoisonError};

use crate::error::CliError;

/// The last panic: what it said and where.
static LAST: Mutex<String> = Mutex::new(String::new());

/// Runs the program; a panic becomes an error.
pub(crate) fn shown<T>(run: impl FnOnce() -> Result<T, CliError>) -> Result<T, CliError> {
    set_hook(Box::new(remember));
    // Nothing is used after a panic but the text of the error.
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let said = LAST.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Err(CliError::new(format!("ferrotape has a fault: {said}")).hint(
            "nothing that was finished is lost; run the same command again. If it happens again, please report it \
             with this text",
        ))
    })
}

fn remember(panic: &PanicHookInfo) {
    let said = panic.payload_as_str().unwrap_or("something that should not happen did");
    let place =
        panic.location().map(|place| format!(" ({}:{})", place.file(), place.line())).unwrap_or_default();
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = format!("{said}{place}");
}
