//! What the `spotify` verbs say, as text or as the fields of `--json`.
//!
//! Both stand side by side here because they tell the same few facts: with `as_json`, the fields are given back;
//! else the lines are printed.

use ferrotape_app::{PullState, Standing};
use ferrotape_engine::account::{EXPIRY_DAYS, PullReport};
use ferrotape_engine::store::Forgotten;
use serde_json::{Value, json};

use crate::commands::spotify::Agreement;
use crate::json as forms;
use crate::output::{counted, day, line, moment};

const DAY_S: i64 = 24 * 3600;

pub(crate) fn connected(standing: &Standing, as_json: bool) -> Option<Value> {
    if as_json {
        return Some(connection(standing));
    }
    line(&format!(
        "Connected. Spotify ends the agreement after six months: connect again before {}.",
        day(standing.ends_at)
    ));
    line("`ferrotape spotify pull` fetches your library.");
    None
}

/// The end is near.
pub(crate) fn ends_on(time: i64) -> String {
    format!("your agreement ends on {} at the earliest; `ferrotape spotify connect` renews it", day(time))
}

/// What a refresh says of the agreement.
pub(super) fn agreement(agreement: Agreement) {
    match agreement {
        Agreement::EndsOn(time) => line(&format!("The account: {}", ends_on(time))),
        Agreement::Ended => line(ENDED),
    }
}

const ENDED: &str = "The agreement has ended; `ferrotape spotify connect` connects again.";

fn connection(standing: &Standing) -> Value {
    json!({
        "connected": standing.connected, "client_id": standing.client_id,
        "authorised_at": standing.authorised_at, "ends_at": standing.ends_at,
    })
}

pub(crate) fn pulled(report: &PullReport, as_json: bool) -> Option<Value> {
    if as_json {
        let imports = forms::imported(std::slice::from_ref(&report.imported));
        let import = imports.get(0).cloned().unwrap_or_default();
        return Some(json!({ "asked": report.asked, "kept_rows": report.kept_rows, "import": import }));
    }
    super::imported(&report.imported);
    line(&format!(
        "  {} to Spotify; {} known from before",
        counted(report.asked, "request", "requests"),
        counted(report.kept_rows, "row", "rows"),
    ));
    None
}

pub(crate) fn status(
    standing: Option<&Standing>,
    pull: &PullState,
    (kept, oldest): (u64, Option<i64>),
    now: i64,
    as_json: bool,
) -> Option<Value> {
    let not_before = pull.not_before.filter(|then| *then > now);
    if as_json {
        return Some(json!({
            "connection": standing.map(connection), "last_pull": pull.finished_at,
            "continue_after": not_before, "answers": kept, "oldest_answer": oldest,
        }));
    }
    match standing {
        None => line("No account is connected."),
        Some(standing) if !standing.connected => {
            line(ENDED);
        }
        Some(standing) => {
            line(&format!(
                "Connected since {}, with the client id {}",
                moment(standing.authorised_at),
                standing.client_id
            ));
            let left = u64::try_from((standing.ends_at - now) / DAY_S).unwrap_or(0);
            let left = counted(left, "day", "days");
            line(&format!("The agreement holds until {} at least ({left})", day(standing.ends_at)));
        }
    }
    let last = pull.finished_at.map_or_else(|| "none that is still known".to_owned(), moment);
    line(&format!("Last whole pull: {last}"));
    if let Some(then) = not_before {
        line(&format!("Spotify wants a pause; continue after {}", moment(then)));
    }
    let since = oldest.map(|at| format!(", the oldest from {}", day(at))).unwrap_or_default();
    line(&format!("Kept answers: {kept}{since}; they are deleted after {EXPIRY_DAYS} days"));
    None
}

pub(crate) fn disconnected(
    had_tokens: bool,
    forgotten: Forgotten,
    answers: usize,
    as_json: bool,
) -> Option<Value> {
    let Forgotten { wanted, lists, noted } = forgotten;
    if as_json {
        return Some(json!({
            "tokens_deleted": had_tokens, "answers_deleted": answers, "wanted_forgotten": wanted,
            "lists_forgotten": lists, "noted_forgotten": noted,
        }));
    }
    if had_tokens {
        line("Disconnected: the tokens and all that came from the account only are deleted.");
        line(&format!(
            "That was {}, {} and {}; what your own files say stays.",
            counted(wanted, "recording or other item", "recordings and other items"),
            counted(lists, "list", "lists"),
            counted(noted, "followed artist", "followed artists"),
        ));
        line("To take the right back at Spotify, too: https://www.spotify.com/account/apps/");
    } else {
        line("No account was connected; what was kept of one is deleted.");
    }
    None
}

pub(crate) fn purged(answers: usize, as_json: bool) -> Option<Value> {
    if as_json {
        return Some(json!({ "answers_deleted": answers }));
    }
    let answers = counted(answers as u64, "answer", "answers");
    line(&format!("Deleted {answers}; what was imported from them stays."));
    None
}
