//! Who may call, and the errors for who may not.

use md5::{Digest, Md5};

use super::{API_KEY, PASSWORD, SubsonicKind, USER};
use crate::HttpRequest;

const MISSING: (u32, &str) = (10, "A required parameter is missing.");
const WRONG: (u32, &str) = (40, "Wrong username or password.");
const NO_TOKENS: (u32, &str) = (41, "Token authentication not supported for LDAP users.");
const NO_MECHANISM: (u32, &str) = (42, "Provided authentication mechanism not supported.");
const CONFLICT: (u32, &str) = (43, "Multiple conflicting authentication mechanisms provided.");
const WRONG_KEY: (u32, &str) = (44, "Invalid API key.");

/// The error's code and text, if there is one.
pub(super) fn refused(kind: &SubsonicKind, request: &HttpRequest) -> Option<(u32, &'static str)> {
    let (keys, tokens, passwords) = kind.takes;
    let value = |name: &str| request.parameter(name).filter(|value| !value.is_empty());
    if value("v").is_none() || value("c").is_none() {
        return Some(MISSING);
    }
    if newer(&value("v")?, kind.version) {
        return Some((30, "Incompatible Subsonic REST protocol version. Server must upgrade."));
    }
    if let Some(key) = value("apiKey") {
        return match (keys, kind.open, value("u")) {
            (true, _, Some(_)) => Some(CONFLICT),
            (true, _, None) => (key != API_KEY).then_some(WRONG_KEY),
            (false, true, _) => Some(NO_MECHANISM),
            (false, false, _) => Some(MISSING),
        };
    }
    let Some(user) = value("u") else { return Some(MISSING) };
    let good = match (value("t"), value("s"), value("p")) {
        (Some(token), Some(salt), None) if tokens => {
            salt.len() >= 6 && token == md5_hex(&format!("{PASSWORD}{salt}"))
        }
        (Some(_), Some(_), None) => return Some(if kind.open { NO_TOKENS } else { MISSING }),
        (None, None, Some(password)) if passwords => plain(&password) == PASSWORD,
        (None, None, Some(_)) => return Some(NO_MECHANISM),
        (Some(_), _, Some(_)) => return Some(CONFLICT),
        _ => return Some(MISSING),
    };
    (user != USER || !good).then_some(WRONG)
}

fn newer(client: &str, server: &str) -> bool {
    let numbers =
        |version: &str| -> Vec<u32> { version.split('.').filter_map(|part| part.parse().ok()).collect() };
    // Only those of old mind.
    numbers(server) < vec![1, 10] && numbers(client) > numbers(server)
}

/// A password as it was before it was written in hex.
fn plain(password: &str) -> String {
    let Some(hex) = password.strip_prefix("enc:") else { return password.to_owned() };
    let digits: Vec<u8> =
        hex.bytes().filter_map(|digit| char::from(digit).to_digit(16)).map(|digit| digit as u8).collect();
    let bytes = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    String::from_utf8(bytes).unwrap_or_default()
}

/// MD5 of a text in lower-case hex, as tokens are made.
pub fn md5_hex(text: &str) -> String {
    Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
