//! What a server says: its answer, that it refuses, or nothing of the protocol.
//!
//! The status says nothing: errors come with 200, unknown calls with 404 and JSON or a page, and errors of files as XML
//! although JSON was asked for.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use serde_json::Value;

use crate::loose;
use crate::net::Reply;

/// What a reply is.
pub(super) enum Said {
    /// The answer, whose members are named after the calls.
    Yes(Value),
    /// An error of the protocol, or that there is no such call.
    No(Refusal),
    /// Something before the server refuses, or the server does without words of the protocol.
    Shut(u16),
    /// Nothing of the protocol.
    Foreign,
}

/// An error as the server words it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: u64,
    pub(super) message: String,
    /// Which version of the protocol the server speaks.
    pub(super) version: Option<String>,
}

/// There is no such call; no code of the protocol.
pub(super) const NO_SUCH_CALL: u64 = 404;
pub(super) const GENERIC: u64 = 0;
pub(super) const MISSING_PARAMETER: u64 = 10;
pub(super) const SERVER_TOO_OLD: u64 = 30;
pub(super) const WRONG_LOGIN: u64 = 40;
pub(super) const WRONG_KEY: u64 = 44;
pub(super) const NOT_ALLOWED: u64 = 50;
pub(super) const NOT_FOUND: u64 = 70;

impl Refusal {
    /// Whether this way of signing in is not known there: 41 and 42 say so, 43 is another way of saying that two were
    /// mixed, and servers that never heard of one miss a parameter.
    pub(super) fn is_about_the_way(&self) -> bool {
        matches!(self.code, MISSING_PARAMETER | 41..=43)
    }

    /// Whether signing in anew may help.
    pub(super) fn is_about_sign_in(&self) -> bool {
        matches!(self.code, WRONG_LOGIN..=WRONG_KEY)
    }

    /// Whether the call, or this way to call it, is not known there.
    pub(super) fn is_about_the_call(&self) -> bool {
        matches!(self.code, GENERIC | MISSING_PARAMETER | NOT_FOUND | NO_SUCH_CALL)
    }
}

/// Reads a reply.
pub(super) fn read(reply: &Reply) -> Said {
    let body = reply.body.trim_ascii_start();
    let refusal = if body.starts_with(b"<") {
        read_xml(body)
    } else {
        let mut whole: Value = serde_json::from_slice(body).unwrap_or_default();
        match whole.get_mut("subsonic-response").map(Value::take) {
            Some(answer) => match refusal_in(&answer) {
                None if is_ok(&answer) => return Said::Yes(answer),
                refusal => refusal,
            },
            None => None,
        }
    };
    match (refusal, reply.status) {
        (Some(refusal), _) => Said::No(refusal),
        (None, status @ (401 | 403 | 407)) => Said::Shut(status),
        (None, 404 | 405 | 410) => {
            Said::No(Refusal { code: NO_SUCH_CALL, message: "no such call".to_owned(), version: None })
        }
        (None, _) => Said::Foreign,
    }
}

/// Each answer says so itself.
fn is_ok(answer: &Value) -> bool {
    answer.get("status").and_then(Value::as_str).is_some_and(|status| status.eq_ignore_ascii_case("ok"))
}

fn refusal_in(answer: &Value) -> Option<Refusal> {
    let error = answer.get("error");
    let failed = answer.get("status").and_then(Value::as_str) == Some("failed");
    (failed || error.is_some()).then(|| Refusal {
        code: error.and_then(|error| loose::number(error.get("code"))).unwrap_or(GENERIC),
        message: error.and_then(|error| loose::text(error.get("message"))).unwrap_or_default(),
        version: loose::text(answer.get("version")),
    })
}

/// The error of an XML document of the protocol.
fn read_xml(body: &[u8]) -> Option<Refusal> {
    let text = String::from_utf8_lossy(body);
    let mut reader = Reader::from_str(&text);
    let mut version = None;
    for _ in 0..64 {
        let (Event::Start(tag) | Event::Empty(tag)) = (match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return None,
            Ok(event) => event,
        }) else {
            continue;
        };
        let value = |name: &str| {
            let attribute = tag.try_get_attribute(name).ok()??;
            let value = unescape(&attribute.value).ok()?;
            loose::text(Some(&Value::String(value.into_owned())))
        };
        match tag.local_name().as_ref() {
            "subsonic-response" => version = value("version"),
            "error" => {
                let code = value("code").and_then(|code| code.parse().ok()).unwrap_or(GENERIC);
                return Some(Refusal { code, message: value("message").unwrap_or_default(), version });
            }
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> Reply {
        let body = body.as_bytes().to_vec();
        Reply { status, headers: Vec::new(), body, stale: None, moved: None, asked_again: None }
    }

    #[test]
    fn errors_come_in_many_forms() {
        let code = |status, body: &str| match read(&reply(status, body)) {
            Said::No(refusal) => Some(refusal.code),
            _ => None,
        };
        let json = r#"{"subsonic-response":{"status":"failed","version":"1.12.0","error":{"code":40,"message":"no"}}}"#;
        assert_eq!(code(200, json), Some(40));
        assert_eq!(code(401, json), Some(40));
        assert_eq!(code(200, &json.replace("40", "\"40\"")), Some(40));
        assert_eq!(code(200, r#"{"subsonic-response":{"status":"failed"}}"#), Some(GENERIC));
        assert_eq!(code(404, "<!DOCTYPE html><title>Not found</title>"), Some(NO_SUCH_CALL));
        let xml = "<?xml version=\"1.0\"?>\n<subsonic-response xmlns=\"http://subsonic.org/restapi\" \
                   status=\"failed\" version=\"1.16.1\"><error code=\"70\" message=\"gone\"/></subsonic-response>";
        let Said::No(refusal) = read(&reply(200, xml)) else { panic!("no error") };
        assert_eq!((refusal.code, refusal.version.as_deref()), (NOT_FOUND, Some("1.16.1")));
    }

    #[test]
    fn what_is_not_of_the_protocol_is_no_answer() {
        let bare = [r#"{"subsonic-response":{}}"#, r#"{"subsonic-response":{"searchResult3":{}}}"#];
        for body in ["", "null", "[]", "{}", "<html>", "<error code=", "\u{0}", "{\"subsonic\":"]
            .into_iter()
            .chain(bare)
        {
            assert!(matches!(read(&reply(200, body)), Said::Foreign), "{body}");
            assert!(matches!(read(&reply(403, body)), Said::Shut(403)), "{body}");
        }
    }
}
