//! How "could not ask" is said for this service. No text here ever holds a secret.

use ferrotape_domain::{Fault, FaultKind};

fn fault(kind: FaultKind, reason: impl Into<String>) -> Fault {
    Fault { source: "Spotify".to_owned(), kind, reason: reason.into() }
}

/// Asking again will not help.
pub(super) fn permanent(reason: impl Into<String>) -> Fault {
    fault(FaultKind::Permanent, reason)
}

/// The user must do something first.
pub(super) fn needs_user(reason: impl Into<String>) -> Fault {
    fault(FaultKind::NeedsUser, reason)
}

/// Later, at a time nobody said.
pub(super) fn later(reason: impl Into<String>) -> Fault {
    fault(FaultKind::Temporary { retry_after_seconds: None }, reason)
}

/// Later, after this time.
pub(super) fn after(seconds: u64, reason: impl Into<String>) -> Fault {
    fault(FaultKind::Temporary { retry_after_seconds: Some(seconds) }, reason)
}

/// No account, or none any more.
pub(super) fn not_connected() -> Fault {
    needs_user("no account is connected – `ferrotape spotify connect --client-id ID` connects one")
}

/// Connecting needs an id, and none is known.
pub(super) fn no_client_id() -> Fault {
    needs_user(format!(
        "no client id is known yet – `ferrotape spotify connect --client-id ID`; {WHERE_FROM}"
    ))
}

/// What was given cannot be a client id.
pub(super) fn not_a_client_id() -> Fault {
    needs_user(format!("a client id has 32 characters, 0 to 9 and a to f; {WHERE_FROM}"))
}

/// `docs/account.md` in short.
const WHERE_FROM: &str = "you get one at https://developer.spotify.com/dashboard: create an app with Web API and the \
     redirect URI http://127.0.0.1/callback, and copy its Client ID (docs/account.md)";

/// The client id is good, but not for this account or not for this.
pub(super) fn not_let_in(what: &str) -> Fault {
    needs_user(format!(
        "it does not let this client id see your {what} – see docs/account.md: its owner needs Premium, and you must be \
         among its users"
    ))
}

/// The user asked to stop.
pub(super) fn stopped() -> Fault {
    later("stopped – what came so far is kept; the same command goes on from there")
}

/// A word of the service, as far as it can be shown: short and plain.
pub(super) fn word(text: &str) -> &str {
    let plain = text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain && !text.is_empty() { text } else { "no reason that can be shown" }
}
