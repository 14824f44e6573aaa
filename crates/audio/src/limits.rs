//! The last line of defence against hostile files: a panic in a library becomes an error for that one file.
//!
//! Readers and decoders are all written without `unsafe` of ours and return errors, yet every parser library
//! has panicked on some input in its life (Symphonia #485 on 33 bytes of ID3v2). One rotten file among a hundred
//! thousand must not end a scan, so the two calls that touch foreign bytes run behind [`guarded`].

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `work`; `Err` with the panic's message when it panics.
///
/// What `work` was changing is dropped or thrown away by the callers, so nothing half-changed is seen again.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        format!("a reader gave up on it ({})", text.chars().take(120).collect::<String>())
    })
}
