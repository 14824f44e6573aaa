//! Asking, and what counts as an answer: only what a service says in its own form. `{}`, an error with a good status, or the
//! page of somebody before it with status 404 is "could not be asked". It is not kept as "has none", which nobody said.

use ferrotape_domain::{Cancel, Fault, FaultKind, KeptAnswer, Lookup};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::loose::number;
use crate::net::{Keep, Net, Reply, Request, Told};

/// Whether the body of an answer with status 404 or 410 is how a service itself says that there is no such thing.
pub(crate) type SaysNone = fn(&[u8]) -> bool;

/// Of a service that never says so by its status.
pub(crate) const NEVER: SaysNone = |_| false;

const NO_ANSWER: &str = "it answers with something else than it should";

/// Asks for JSON. `None`: it answers that there is no such thing.
pub(crate) fn ask<T: DeserializeOwned>(
    net: &Net,
    request: &Request,
    says_none: SaysNone,
    cancel: &Cancel,
) -> Lookup<T> {
    let fault = |kind, reason: String| Err(Fault { source: request.line.name.clone(), kind, reason });
    let Some(reply) = answer(net, request, says_none, cancel)? else { return Err(no_answer(request)) };
    match reply.status {
        _ if reply.is_none() => Ok(None),
        _ if reply.is_ok() => match serde_json::from_slice(&reply.body) {
            Ok(answer) => Ok(Some(answer)),
            Err(_) => fault(FaultKind::Permanent, "its answer has a form that is not known here".to_owned()),
        },
        401 | 403 => fault(
            FaultKind::NeedsUser,
            format!("it does not let ferrotape ask (status {}) – look whether it wants a key", reply.status),
        ),
        status => {
            fault(FaultKind::Permanent, format!("it does not understand the question (status {status})"))
        }
    }
}

/// Asks for anything. `None`: what came is no answer. What is kept in its place is the answer before it, if that was one.
pub(crate) fn answer(
    net: &Net,
    request: &Request,
    says_none: SaysNone,
    cancel: &Cancel,
) -> Result<Option<Reply>, Fault> {
    let is_answer = |status: u16, body: &[u8]| match status {
        404 | 410 => says_none(body),
        200..=299 => request.told.is_none_or(|told| told(body).is_none()),
        _ => true,
    };
    let kept = kept(net, request);
    let is_sound = |kept: &KeptAnswer| is_answer(kept.status, &kept.body);
    // What is kept in place of no answer never comes back.
    let may_come_back = |kept: &KeptAnswer| kept.at != NEVER_FRESH;
    let is_spoilt = kept.as_ref().is_some_and(|kept| may_come_back(kept) && !is_sound(kept));
    let before = kept.filter(is_sound);
    // Once more only where the first answer may be one of earlier that is none: whoever shows a page is not knocked at twice.
    for _ in 0..=usize::from(is_spoilt) {
        let reply = net.ask(request, cancel)?;
        if is_answer(reply.status, &reply.body) {
            return Ok(Some(reply));
        }
        keep_instead(net, request, before.as_ref());
    }
    Ok(None)
}

/// The fault of a service that has given no answer.
pub(crate) fn no_answer(request: &Request) -> Fault {
    let kind = FaultKind::Temporary { retry_after_seconds: None };
    Fault { source: request.line.name.clone(), kind, reason: NO_ANSWER.to_owned() }
}

fn key(request: &Request) -> &str {
    request.key.as_deref().unwrap_or(request.address.reveal())
}

fn kept(net: &Net, request: &Request) -> Option<KeptAnswer> {
    let is_kept = request.keep != Keep::Not;
    if is_kept { net.memory().answer(key(request)).ok().flatten() } else { None }
}

/// When what is kept in place of no answer came, as far as the memory knows.
const NEVER_FRESH: i64 = 0;

/// Without an answer before it one is kept that never counts: it is old, and "has none" does not stand in.
fn keep_instead(net: &Net, request: &Request, before: Option<&KeptAnswer>) {
    if request.keep == Keep::Not {
        return;
    }
    let none = KeptAnswer {
        at: NEVER_FRESH,
        status: 404,
        content_type: String::new(),
        etag: String::new(),
        last_modified: String::new(),
        body: Vec::new(),
    };
    let keeper = request.kept_for.unwrap_or(&request.line.name);
    drop(net.memory().keep(keeper, key(request), before.unwrap_or(&none)));
}

/// What a body says; nothing where it is no JSON.
pub(crate) fn said(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

/// The trouble of a service whose answer is none: an error, or without what each of its answers has.
pub(crate) fn unless(said: &Value, is_answer: bool) -> Option<Told> {
    let mut errors = ["error", "errors"].iter().filter_map(|name| said.get(name));
    let is_error = errors.any(|error| match error {
        Value::Null | Value::Bool(false) => false,
        Value::String(says) => !says.is_empty(),
        Value::Array(all) => !all.is_empty(),
        _ => true,
    });
    (is_error || !is_answer).then(|| Told::Passing(NO_ANSWER.to_owned()))
}

/// Whether this is a list of entries, or an empty one with the 0 beside it that says so. A service that has found something
/// and names nothing has not looked to the end.
pub(crate) fn is_counted(list: Option<&Value>, count: Option<&Value>) -> bool {
    match list {
        Some(Value::Array(entries)) if entries.is_empty() => number(count) == Some(0),
        list => has_entries(list),
    }
}

/// Whether this is a list with entries.
pub(crate) fn has_entries(list: Option<&Value>) -> bool {
    list.and_then(Value::as_array).is_some_and(|entries| entries.iter().any(Value::is_object))
}

/// Whether a member of what is said is a text with these words; they are in lower case.
pub(crate) fn has_words(said: &Value, member: &str, words: &str) -> bool {
    said.get(member).and_then(Value::as_str).is_some_and(|text| text.to_lowercase().contains(words))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_empty_list_counts_only_with_its_zero() {
        for (list, count, counts) in [
            (json!([]), json!(0), true),
            (json!([]), json!("0"), true),
            (json!([]), json!(3), false),
            (json!([]), json!(null), false),
            (json!([{}]), json!(null), true),
            (json!([7, {}]), json!(0), true),
            (json!([7, "x"]), json!(2), false),
            (json!({}), json!(0), false),
            (json!(null), json!(0), false),
        ] {
            assert_eq!(is_counted(Some(&list), Some(&count)), counts, "{list} {count}");
        }
        assert!(!is_counted(None, Some(&json!(0))) && !is_counted(Some(&json!([])), None));
    }

    #[test]
    fn an_error_is_no_answer_whatever_else_is_there() {
        for (error, is_error) in [
            (json!({ "error": "x" }), true),
            (json!({ "error": { "code": 1 } }), true),
            (json!({ "errors": [{}] }), true),
            (json!({ "error": null, "errors": [] }), false),
            (json!({ "error": "" }), false),
            (json!([{ "error": "x" }]), false),
        ] {
            assert_eq!(unless(&error, true).is_some(), is_error, "{error}");
            assert!(unless(&error, false).is_some(), "{error}");
        }
    }
}
