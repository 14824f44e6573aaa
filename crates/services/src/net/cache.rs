//! What was answered before: given again while it is fresh, confirmed when it is not, and given all the same, and said
//! so, when asking fails for whatever reason. Only "has none" never stands in: it may have one by now, and "could not ask"
//! is no absence.

use std::sync::Arc;
use std::time::Duration;

use ferrotape_domain::{Cancel, KeptAnswer, ServiceMemory};

use super::Transport;
use super::body::{Head, Sink, Whole};
use super::request::{Keep, Payload, Request, Stale};
use super::trouble::{Trouble, TroubleKind};
use crate::clock::Clock;

/// Keeps what is within.
pub(super) struct Cache<T> {
    within: T,
    memory: Arc<dyn ServiceMemory>,
    clock: Arc<dyn Clock>,
    /// Whether nothing kept is given.
    is_shut: bool,
    /// Whether nothing kept is fresh.
    asks_anew: bool,
}

impl<T: Transport> Cache<T> {
    pub(super) fn new(within: T, memory: Arc<dyn ServiceMemory>, clock: Arc<dyn Clock>) -> Self {
        Self { within, memory, clock, is_shut: false, asks_anew: false }
    }

    /// Gives nothing that was kept: whether a service answers, only the service can tell.
    pub(super) fn shut_if(self, is_shut: bool) -> Self {
        Self { is_shut, ..self }
    }

    /// Takes nothing for fresh; on a failure it still stands in.
    pub(super) fn anew_if(self, asks_anew: bool) -> Self {
        Self { asks_anew, ..self }
    }

    fn ask(
        &self,
        request: &Request,
        kept: Option<&KeptAnswer>,
        cancel: &Cancel,
    ) -> Result<(Head, Vec<u8>), Trouble> {
        let mut request = request.clone();
        if let Some(kept) = kept.filter(|kept| is_ok(kept.status)) {
            if !kept.etag.is_empty() {
                request = request.header("if-none-match", &kept.etag);
            }
            if !kept.last_modified.is_empty() {
                request = request.header("if-modified-since", &kept.last_modified);
            }
        }
        let mut whole = Whole::new(request.max_bytes);
        let head = self.within.send(&request, &mut whole, cancel)?;
        let body = match &request.hides {
            Some(secret) => without(&whole.bytes, secret),
            None => whole.bytes,
        };
        Ok((head, body))
    }

    /// Keeps an answer that came at that time; that failing is no failure.
    fn keep(&self, request: &Request, head: &Head, body: &[u8], at: i64) {
        if !(is_ok(head.status) || is_none(head.status)) {
            return;
        }
        let pared = match request.pared.filter(|_| is_ok(head.status)) {
            Some(pared) => pared(body),
            None => Some(body.to_vec()),
        };
        let Some(body) = pared else { return };
        let text = |name: &str| head.header(name).unwrap_or_default().to_owned();
        let answer = KeptAnswer {
            at,
            status: head.status,
            content_type: text("content-type"),
            etag: text("etag"),
            last_modified: text("last-modified"),
            body,
        };
        drop(self.memory.keep(request.keeper(), &request.cache_key(), &answer));
    }
}

impl<T: Transport> Transport for Cache<T> {
    fn send(&self, request: &Request, sink: &mut dyn Sink, cancel: &Cancel) -> Result<Head, Trouble> {
        let Keep::For { fresh, none, stale } = request.keep else {
            return self.within.send(request, sink, cancel);
        };
        debug_assert!(
            request.payload == Payload::None || request.key.is_some(),
            "what is sent makes the answer"
        );
        let kept = self.memory.answer(&request.cache_key()).ok().flatten().filter(|_| !self.is_shut);
        let age = |kept: &KeptAnswer| {
            let age = self.clock.now_ms().saturating_sub(kept.at);
            // From the future: the clock was set back, and nobody knows how old it is; it may still stand in.
            u64::try_from(age).ok().map(Duration::from_millis)
        };
        if let Some(kept) = kept.as_ref().filter(|_| !self.asks_anew)
            && age(kept).is_some_and(|age| age < if is_none(kept.status) { none } else { fresh })
        {
            let head = give(kept, None, sink)?;
            return Ok(Head { asked_again: asked_again(head.status, kept.at, none), ..head });
        }
        match (self.ask(request, kept.as_ref(), cancel), kept) {
            (Ok((head, _)), Some(kept)) if head.status == 304 => {
                let confirmed = KeptAnswer { at: self.clock.now_ms(), ..kept };
                drop(self.memory.keep(request.keeper(), &request.cache_key(), &confirmed));
                give(&confirmed, None, sink).map(|given| Head { moved: head.moved, ..given })
            }
            (Ok((head, body)), _) => {
                let now = self.clock.now_ms();
                self.keep(request, &head, &body, now);
                let asked_again = asked_again(head.status, now, none);
                if sink.begin(&head)? {
                    sink.take(&body)?;
                }
                Ok(Head { asked_again, ..head })
            }
            (Err(trouble), Some(kept))
                if trouble.kind != TroubleKind::Stopped
                    && !is_none(kept.status)
                    && age(&kept).is_none_or(|age| age <= stale) =>
            {
                let because = Stale { line: request.line.name.clone(), at: kept.at, because: trouble.says };
                give(&kept, Some(because), sink)
            }
            (Err(trouble), _) => Err(trouble),
        }
    }
}

fn give(kept: &KeptAnswer, stale: Option<Stale>, sink: &mut dyn Sink) -> Result<Head, Trouble> {
    let headers =
        [("content-type", &kept.content_type), ("etag", &kept.etag), ("last-modified", &kept.last_modified)];
    let headers = headers.into_iter().filter(|(_, value)| !value.is_empty());
    let headers = headers.map(|(name, value)| (name.to_owned(), value.clone())).collect();
    let head = Head { status: kept.status, headers, stale, moved: None, asked_again: None };
    if sink.begin(&head)? {
        sink.take(&kept.body)?;
    }
    Ok(head)
}

/// What stands in place of a secret.
const HIDDEN: &[u8] = b"hidden";

/// A body without a secret, wherever it stands in it. One of digits alone may also be a number that says something: it is
/// taken out where it is the value of a parameter.
fn without(body: &[u8], secret: &str) -> Vec<u8> {
    let secret = secret.as_bytes();
    let is_number = secret.iter().all(u8::is_ascii_digit);
    let mut kept: Vec<u8> = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((first, behind)) = rest.split_first() {
        let found = rest.strip_prefix(secret).filter(|_| !secret.is_empty());
        match found.filter(|_| !is_number || matches!(kept.last(), Some(b'=' | b'-'))) {
            Some(after) => {
                kept.extend_from_slice(HIDDEN);
                rest = after;
            }
            None => {
                kept.push(*first);
                rest = behind;
            }
        }
    }
    kept
}

fn is_ok(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Until when "has none", which came at that time, is fresh.
fn asked_again(status: u16, at: i64, none: Duration) -> Option<i64> {
    let holds = i64::try_from(none.as_millis()).unwrap_or(i64::MAX);
    is_none(status).then(|| at.saturating_add(holds))
}

fn is_none(status: u16) -> bool {
    matches!(status, 404 | 410)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_taken_out_wherever_it_stands() {
        let table = [
            (
                r#"{"a":"x?from=app-9c0f&b=1","9c0f":1}"#,
                "9c0f",
                r#"{"a":"x?from=app-hidden&b=1","hidden":1}"#,
            ),
            (r#"{"id":1234,"a":"x?client_id=1234"}"#, "1234", r#"{"id":1234,"a":"x?client_id=hidden"}"#),
            ("9c0", "9c0f", "9c0"),
            ("ä", "", "ä"),
            ("", "9c0f", ""),
        ];
        for (body, secret, expected) in table {
            assert_eq!(String::from_utf8_lossy(&without(body.as_bytes(), secret)), expected);
        }
    }
}
