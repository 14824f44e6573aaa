//! The shapes that Jamendo answers in.

use serde::Deserialize;

use crate::answers::{Many, Texts, is_counted, said, unless};
use crate::net::Told;

const MOST_TRACKS: usize = 200;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    headers: Headers,
    pub(super) results: Many<Track, MOST_TRACKS>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Headers {
    status: Texts,
    code: Texts,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Track {
    pub(super) id: Texts,
    pub(super) name: Texts,
    pub(super) duration: Texts,
    pub(super) artist_name: Texts,
    pub(super) album_name: Texts,
    pub(super) position: Texts,
    pub(super) releasedate: Texts,
    pub(super) license_ccurl: Texts,
    pub(super) audiodownload: Texts,
    pub(super) audiodownload_allowed: Texts,
    pub(super) shareurl: Texts,
}

/// What its codes say, and answers without what each has. Its own words are not shown: they may repeat what was sent.
pub(super) fn told(body: &[u8]) -> Option<Told> {
    let headers = serde_json::from_slice::<Answer>(body).unwrap_or_default().headers;
    let code = headers.code.number().unwrap_or(0);
    if code == 0 && !headers.status.has("failed") {
        let said = said(body);
        let found = is_counted(said.get("results"), said.pointer("/headers/results_count"));
        return unless(&said, headers.status.has("success") && found);
    }
    Some(match code {
        0 | 1 => Told::Passing("it answers that it failed".to_owned()),
        6 => Told::Busy,
        5 => Told::NeedsUser("it does not know your client id – look at it in your settings".to_owned()),
        10..=13 => Told::NeedsUser(format!(
            "it does not accept your client id (code {code}) – look at your application at devportal.jamendo.com"
        )),
        code => Told::Hopeless(format!("it does not understand the question (code {code})")),
    })
}
