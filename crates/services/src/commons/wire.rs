//! The shapes that MediaWiki answers in.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::answers::{Many, Texts, has_entries, plain, said, unless};
use crate::net::Told;

const MOST_PAGES: usize = 50;
/// Parameters to go on with.
const MOST_PARAMETERS: usize = 6;
/// Of a longer piece of HTML only the beginning is read, and of its words.
const MOST_HTML: usize = 8000;
const MOST_CHARS: usize = 300;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    batchcomplete: Texts,
    #[serde(rename = "continue")]
    on: BTreeMap<String, Texts>,
    pub(super) query: Query,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    pub(super) pages: Many<Page, MOST_PAGES>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Page {
    pub(super) title: Texts,
    pub(super) imageinfo: Many<Info, 1>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Info {
    pub(super) descriptionurl: Texts,
    pub(super) size: Texts,
    pub(super) duration: Texts,
    pub(super) sha1: Texts,
    pub(super) mime: Texts,
    pub(super) mediatype: Texts,
    pub(super) extmetadata: Extended,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Extended {
    pub(super) license_url: Field,
    pub(super) license: Field,
    pub(super) copyrighted: Field,
    pub(super) artist: Field,
    pub(super) object_name: Field,
}

/// A field of what is said of a file: `{"value": …}`, with HTML in some.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Field {
    value: Value,
}

impl Field {
    /// Its words on one line; empty where it says nothing.
    pub(super) fn words(&self) -> String {
        let html: String = self.value.as_str().unwrap_or_default().chars().take(MOST_HTML).collect();
        let words: String =
            plain(&html).chars().filter(|letter| !letter.is_control()).take(MOST_CHARS).collect();
        words.trim().to_owned()
    }
}

impl Answer {
    /// Whether all is said of what was found, though there may be more to find. An empty text says so, too.
    pub(super) fn is_whole(&self) -> bool {
        self.batchcomplete.is_true()
    }

    /// What to ask with for the rest.
    pub(super) fn goes_on_with(&self) -> Vec<(String, String)> {
        let is_name = |name: &str| name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let plain = self.on.iter().filter(|(name, _)| is_name(name) && *name != "action");
        let plain = plain.filter_map(|(name, value)| Some((name.clone(), value.first()?.to_owned())));
        plain.take(MOST_PARAMETERS).collect()
    }
}

/// Trouble comes with a good status: one error, or a list of them. An answer says that it is whole, or how it goes on.
pub(super) fn told(body: &[u8]) -> Option<Told> {
    let said = said(body);
    let codes = [said.pointer("/error/code"), said.pointer("/errors/0/code")];
    let Some(code) = codes.into_iter().flatten().find_map(Value::as_str) else {
        let is_answer = ["batchcomplete", "continue"].iter().any(|member| said.get(member).is_some());
        return unless(&said, is_answer || has_entries(said.pointer("/query/pages")));
    };
    Some(match code {
        "maxlag" | "ratelimited" => Told::Busy,
        _ if code.starts_with("internal_api_error") || code == "readonly" || code.contains("search") => {
            Told::Passing("it has trouble of its own".to_owned())
        }
        _ => Told::Hopeless("it does not understand the question".to_owned()),
    })
}
