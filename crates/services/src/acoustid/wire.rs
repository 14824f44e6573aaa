//! The shape of its answers. Every field may be missing.

use ferrotape_domain::{Mbid, SoundName};
use serde::Deserialize;
use serde_json::Value;

use crate::answers::{Many, Texts, said, unless};
use crate::net::Told;

const MOST_RESULTS: usize = 100;
const MOST_RECORDINGS: usize = 200;
const MOST_ARTISTS: usize = 30;
/// Names of one sound that are handed on.
const MOST_NAMES: usize = 20;
/// Of sounds that are less alike nothing is to be had but wrong names; of 1000.
const LEAST_ALIKE: u16 = 800;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    status: Texts,
    error: Reason,
    results: Many<Hit, MOST_RESULTS>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reason {
    code: Texts,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Hit {
    score: Texts,
    recordings: Many<Recording, MOST_RECORDINGS>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Recording {
    id: Texts,
    title: Texts,
    artists: Many<Artist, MOST_ARTISTS>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Artist {
    name: Texts,
}

impl Hit {
    /// From 0 to 1000.
    fn alike(&self) -> u16 {
        let score: f64 = self.score.first().and_then(|text| text.parse().ok()).unwrap_or(0.0);
        // What is no number is 0.
        (score.clamp(0.0, 1.0) * 1000.0).round() as u16
    }
}

impl Answer {
    /// Each recording once, the most alike first.
    pub(super) fn names(&self) -> Vec<SoundName> {
        let mut hits: Vec<&Hit> = self.results.0.iter().filter(|hit| hit.alike() >= LEAST_ALIKE).collect();
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.alike()));
        let mut names: Vec<SoundName> = Vec::new();
        for (hit, recording) in hits.iter().flat_map(|hit| hit.recordings.0.iter().map(move |one| (hit, one)))
        {
            let Some(id) = recording.id.first().and_then(|id| Mbid::parse(id).ok()) else { continue };
            if names.len() == MOST_NAMES {
                break;
            }
            if names.iter().all(|known| known.recording != id) {
                names.push(SoundName {
                    recording: id,
                    title: recording.title.first().unwrap_or_default().to_owned(),
                    artists: recording
                        .artists
                        .0
                        .iter()
                        .filter_map(|one| one.name.first())
                        .map(str::to_owned)
                        .collect(),
                    alike: hit.alike(),
                });
            }
        }
        names
    }
}

/// What its codes say; a good answer has a list of what was found. Its own words are not shown: they may repeat what was sent.
pub(super) fn told(body: &[u8]) -> Option<Told> {
    let answer: Answer = serde_json::from_slice(body).unwrap_or_default();
    if answer.status.has("ok") {
        let said = said(body);
        return unless(&said, said.get("results").is_some_and(Value::is_array));
    }
    Some(match answer.error.code.number() {
        Some(4 | 17) => Told::NeedsUser("it does not know your key – look at it in your settings".to_owned()),
        Some(12) => Told::NeedsUser("it does not let your application ask (code 12)".to_owned()),
        Some(14) => Told::Busy,
        Some(code @ (5 | 13)) => Told::Passing(format!("it has trouble of its own (code {code})")),
        Some(code) => Told::Hopeless(format!("it does not understand the question (code {code})")),
        None => Told::Hopeless("its answer has a form that is not known here".to_owned()),
    })
}
