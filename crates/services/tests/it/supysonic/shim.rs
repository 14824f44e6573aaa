//! Stands before supysonic, which takes the password only: checks tokens or API keys as other servers do, and hands on
//! what is asked with the password.

use std::io::Read;

use ferrotape_testkit::fake_subsonic::md5_hex;
use ferrotape_testkit::{HttpAnswer, HttpRequest, HttpServer};
use serde_json::{Value, json};

use super::running::{PASSWORD, USER};

pub(crate) const API_KEY: &str = "key-of-the-shim-1b7f";
/// What is of the sign-in, and not handed on.
const OURS: [&str; 5] = ["u", "p", "t", "s", "apiKey"];
const HANDED_BACK: [&str; 6] =
    ["content-type", "etag", "last-modified", "content-range", "accept-ranges", "date"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    Tokens,
    /// By forms, too.
    Keys,
}

pub(crate) fn start(takes: Takes, behind: String) -> HttpServer {
    HttpServer::start(move |request| answer(takes, &behind, request)).unwrap()
}

fn answer(takes: Takes, behind: &str, request: &HttpRequest) -> HttpAnswer {
    let keys = takes == Takes::Keys;
    if request.path() == "/rest/getOpenSubsonicExtensions" && keys {
        let names = ["apiKeyAuthentication", "formPost"].map(|name| json!({"name": name, "versions": [1]}));
        return said("ok", "openSubsonicExtensions", json!(names));
    }
    let value = |name: &str| request.parameter(name);
    let refused = match takes {
        Takes::Keys if value("u").is_some() => Some((43, "Multiple conflicting authentication mechanisms")),
        Takes::Keys => (value("apiKey").as_deref() != Some(API_KEY)).then_some((44, "Invalid API key")),
        Takes::Tokens if value("t").is_none() => Some((42, "Authentication mechanism not supported")),
        Takes::Tokens => {
            let token = md5_hex(&format!("{PASSWORD}{}", value("s").unwrap_or_default()));
            let good = value("u").as_deref() == Some(USER) && value("t") == Some(token);
            (!good).then_some((40, "Wrong username or password"))
        }
    };
    match refused {
        Some((code, message)) => said("failed", "error", json!({"code": code, "message": message})),
        None => hand_on(behind, request),
    }
}

fn said(status: &str, name: &str, what: Value) -> HttpAnswer {
    let mut answer = json!({"status": status, "version": "1.16.1"});
    answer[name] = what;
    HttpAnswer::json(&json!({"subsonic-response": answer}))
}

fn hand_on(behind: &str, request: &HttpRequest) -> HttpAnswer {
    let query = request.target.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
    let form = String::from_utf8_lossy(&request.body).into_owned();
    let hex: String = PASSWORD.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut fields = vec![format!("u={USER}"), format!("p=enc:{hex}")];
    let others = query.split('&').chain(form.split('&')).filter(|pair| !pair.is_empty());
    fields.extend(others.filter(|pair| !OURS.contains(&pair.split('=').next().unwrap())).map(str::to_owned));
    let mut get = ureq::get(format!("{behind}{}?{}", request.path(), fields.join("&")));
    for name in ["range", "if-range"] {
        if let Some(value) = request.header(name) {
            get = get.header(name, value);
        }
    }
    let mut answer = get.config().http_status_as_error(false).build().call().unwrap();
    let mut body = Vec::new();
    answer.body_mut().as_reader().read_to_end(&mut body).unwrap();
    let handed = HttpAnswer { status: answer.status().as_u16(), body, ..HttpAnswer::default() };
    let headers = answer.headers().iter().filter(|(name, _)| HANDED_BACK.contains(&name.as_str()));
    headers.fold(handed, |handed, (name, value)| handed.with(name.as_str(), value.to_str().unwrap()))
}
