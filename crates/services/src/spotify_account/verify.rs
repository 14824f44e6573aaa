//! A new agreement comes into its place when it is known whose it is.
//!
//! Until then its tokens lie beside the connection before. Trouble on the way costs neither: the next pull asks again.

use ferrotape_domain::{Cancel, Fault, FaultKind, Progress};
use serde_json::Value;

use super::client::Client;
use super::faults;
use super::pkce::fingerprint;
use super::session::{Given, Session};
use super::tokens::TokenFile;
use crate::clock::Clock;

/// Puts the tokens of a new agreement into their place, if there are any, unless they are another account's.
pub(super) fn verify(
    client: &Client,
    file: &TokenFile,
    clock: &dyn Clock,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<(), Fault> {
    let unverified = file.unverified();
    let Some(connection) = unverified.load()? else { return Ok(()) };
    // What this refreshes is saved where the new tokens are.
    let session = Session::new(client, &unverified, connection, clock, progress, cancel);
    let whose = match whose(&session) {
        Ok(whose) => whose,
        Err(fault) if matches!(fault.kind, FaultKind::Temporary { .. }) => return Err(kept(fault)),
        Err(fault) => return unverified.delete().and(Err(fault)),
    };
    let before = file.load()?.and_then(|before| before.whose);
    if before.is_some() && whose.is_some() && before != whose {
        unverified.delete()?;
        return Err(faults::needs_user(
            "this is another account than the one that is connected – `ferrotape spotify disconnect` first; \
             nothing was changed",
        ));
    }
    let mut connection = session.into_connection();
    connection.whose = whose.or(before);
    unverified.save(&connection)?;
    unverified.take_place_of(file)
}

/// Asks whose account it is; a fingerprint only.
fn whose(session: &Session<'_>) -> Result<Option<String>, Fault> {
    let Given::Json(me) = session.get("/me")? else {
        return Err(faults::not_let_in("account"));
    };
    let id = ["account_id", "id"].iter().find_map(|key| me.get(*key).and_then(Value::as_str));
    Ok(id.map(fingerprint))
}

fn kept(fault: Fault) -> Fault {
    let reason =
        format!("{}; your agreement is kept, `ferrotape spotify pull` goes on with it", fault.reason);
    Fault { reason, ..fault }
}
