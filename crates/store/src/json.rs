//! The JSON kept inside rows: credits, facts, tags, verdicts, runs. Private shapes; the domain is never serialised.
//!
//! Fields may be added with `#[serde(default)]`; none may be renamed without a migration.

use std::collections::BTreeMap;
use std::time::Duration;

use diesel::result::Error as QueryError;
use ferrotape_domain::{
    Advisory, ArtistCredit, AudioFacts, AudioFormat, ContentId, CreditedArtist, Isrc, Mbid, Outcome, Players,
    ReleaseKinds, ReplayGain, SpotifyUri, TagSet, Verdict,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::json_heard::HeardJson;
use crate::json_more::MoreJson;
use crate::model::{SavedList, SavedRun, SavedWait};

type Result<T> = std::result::Result<T, QueryError>;

pub(crate) fn to_text<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| QueryError::SerializationError(error.into()))
}

pub(crate) fn from_text<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| QueryError::DeserializationError(error.into()))
}

/// A stored word or number that this program does not know.
pub(crate) fn unknown(what: &str, found: &str) -> QueryError {
    QueryError::DeserializationError(format!("the library holds an unknown {what}: “{found}”").into())
}

pub(crate) fn credit_to_text(credit: &ArtistCredit) -> Result<String> {
    let pairs: Vec<(&str, &str)> =
        credit.credited().iter().map(|artist| (artist.name.as_str(), artist.join_phrase.as_str())).collect();
    to_text(&pairs)
}

pub(crate) fn names_to_text(names: &[String]) -> Result<String> {
    to_text(&names)
}

pub(crate) fn names_from_text(text: &str) -> Result<Vec<String>> {
    from_text(text)
}

pub(crate) fn credit_from_text(text: &str) -> Result<ArtistCredit> {
    let pairs: Vec<(String, String)> = from_text(text)?;
    let credited = pairs.into_iter().map(|(name, join_phrase)| CreditedArtist { name, join_phrase });
    Ok(ArtistCredit::of_credited(credited.collect()))
}

#[derive(Serialize, Deserialize)]
struct FactsJson {
    format: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    duration_ns: Option<u64>,
    sample_rate: u32,
    channels: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bits: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kbps: Option<u32>,
}

pub(crate) fn facts_to_text(facts: &AudioFacts) -> Result<String> {
    to_text(&FactsJson {
        format: facts.format.as_str().to_owned(),
        duration_ns: facts.duration.map(|time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)),
        sample_rate: facts.sample_rate,
        channels: facts.channels,
        bits: facts.bits_per_sample,
        kbps: facts.bitrate_kbps,
    })
}

pub(crate) fn facts_from_text(text: &str) -> Result<AudioFacts> {
    let facts: FactsJson = from_text(text)?;
    Ok(AudioFacts {
        format: AudioFormat::from_word(&facts.format)
            .ok_or_else(|| unknown("audio format", &facts.format))?,
        duration: facts.duration_ns.map(Duration::from_nanos),
        sample_rate: facts.sample_rate,
        channels: facts.channels,
        bits_per_sample: facts.bits,
        bitrate_kbps: facts.kbps,
    })
}

/// Almost every field of almost every file is empty, so empty ones are left out: half the bytes to load.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct TagsJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    artists: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    album: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    album_artists: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track_total: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disc_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disc_total: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    genres: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    composers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copyright: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lyrics: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bpm: Option<u32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    compilation: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    isrc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recording_mbid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release_mbid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release_group_mbid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track_mbid: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    artist_mbids: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    album_artist_mbids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title_sort: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    artist_sort: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    album_sort: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    album_artist_sort: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spotify: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track_gain: Option<(f64, f64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    album_gain: Option<(f64, f64)>,
    /// By the words of MusicBrainz.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    release_kinds: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conductors: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    performers: Vec<String>,
    /// As tags have it: 1 explicit, 2 clean.
    #[serde(skip_serializing_if = "Option::is_none")]
    advisory: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    album_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<MoreJson>,
}

pub(crate) fn tags_to_text(tags: &TagSet) -> Result<String> {
    let mbid = |id: &Option<Mbid>| id.as_ref().map(|id| id.as_str().to_owned());
    let mbids = |ids: &[Mbid]| ids.iter().map(|id| id.as_str().to_owned()).collect();
    // JSON has no word for infinity or not-a-number; such a gain is no gain.
    let gain = |gain: Option<ReplayGain>| {
        gain.map(|gain| (gain.gain_db, gain.peak)).filter(|(gain, peak)| gain.is_finite() && peak.is_finite())
    };
    let tags = tags.clone();
    let Players { conductors, others: performers } = tags.players.map(|players| *players).unwrap_or_default();
    to_text(&TagsJson {
        isrc: tags.isrc.map(|isrc| isrc.as_str().to_owned()),
        recording_mbid: mbid(&tags.recording_mbid),
        release_mbid: mbid(&tags.release_mbid),
        release_group_mbid: mbid(&tags.release_group_mbid),
        track_mbid: mbid(&tags.track_mbid),
        artist_mbids: mbids(&tags.artist_mbids),
        album_artist_mbids: mbids(&tags.album_artist_mbids),
        spotify: tags.spotify.map(|uri| uri.to_string()),
        track_gain: gain(tags.track_gain),
        album_gain: gain(tags.album_gain),
        release_kinds: tags.release_kinds.words().map(str::to_owned).collect(),
        conductors,
        performers,
        advisory: tags.advisory.map(Advisory::number),
        album_id: tags.album_id.map(String::from),
        more: tags.more.as_deref().and_then(MoreJson::of),
        title: tags.title,
        artists: tags.artists,
        album: tags.album,
        album_artists: tags.album_artists,
        track_number: tags.track_number,
        track_total: tags.track_total,
        disc_number: tags.disc_number,
        disc_total: tags.disc_total,
        date: tags.date,
        genres: tags.genres,
        composers: tags.composers,
        publisher: tags.publisher,
        copyright: tags.copyright,
        comment: tags.comment,
        lyrics: tags.lyrics,
        bpm: tags.bpm,
        compilation: tags.compilation,
        title_sort: tags.title_sort,
        artist_sort: tags.artist_sort,
        album_sort: tags.album_sort,
        album_artist_sort: tags.album_artist_sort,
    })
}

pub(crate) fn tags_from_text(text: &str) -> Result<TagSet> {
    let tags: TagsJson = from_text(text)?;
    let mbid = |id: Option<String>| id.and_then(|id| Mbid::parse(&id).ok());
    let mbids = |ids: Vec<String>| ids.iter().filter_map(|id| Mbid::parse(id).ok()).collect();
    let gain = |gain: Option<(f64, f64)>| gain.map(|(gain_db, peak)| ReplayGain { gain_db, peak });
    let players = Players { conductors: tags.conductors, others: tags.performers };
    Ok(TagSet {
        isrc: tags.isrc.and_then(|isrc| Isrc::parse(&isrc).ok()),
        recording_mbid: mbid(tags.recording_mbid),
        release_mbid: mbid(tags.release_mbid),
        release_group_mbid: mbid(tags.release_group_mbid),
        track_mbid: mbid(tags.track_mbid),
        artist_mbids: mbids(tags.artist_mbids),
        album_artist_mbids: mbids(tags.album_artist_mbids),
        spotify: tags.spotify.and_then(|uri| SpotifyUri::parse(&uri).ok()),
        track_gain: gain(tags.track_gain),
        album_gain: gain(tags.album_gain),
        release_kinds: ReleaseKinds::of_words(tags.release_kinds.iter().map(String::as_str)),
        players: (players != Players::default()).then(|| Box::new(players)),
        advisory: tags.advisory.and_then(|number| Advisory::of_number(&number.to_string())),
        album_id: tags.album_id.map(String::into_boxed_str),
        title: tags.title,
        artists: tags.artists,
        album: tags.album,
        album_artists: tags.album_artists,
        track_number: tags.track_number,
        track_total: tags.track_total,
        disc_number: tags.disc_number,
        disc_total: tags.disc_total,
        date: tags.date,
        genres: tags.genres,
        composers: tags.composers,
        publisher: tags.publisher,
        copyright: tags.copyright,
        comment: tags.comment,
        lyrics: tags.lyrics,
        bpm: tags.bpm,
        compilation: tags.compilation,
        title_sort: tags.title_sort,
        artist_sort: tags.artist_sort,
        album_sort: tags.album_sort,
        album_artist_sort: tags.album_artist_sort,
        more: tags.more.map(|more| Box::new(more.more())),
    })
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
enum VerdictJson {
    UseFile {
        content: String,
        path: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        heard: Option<HeardJson>,
    },
    NoneOfThese {
        refused: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        heard: Vec<HeardJson>,
    },
    LeaveOut,
}

pub(crate) fn verdict_to_text(verdict: &Verdict) -> Result<String> {
    to_text(&match verdict {
        Verdict::UseFile { content, path, heard } => VerdictJson::UseFile {
            content: content.0.clone(),
            path: path.clone(),
            heard: heard.as_ref().map(HeardJson::of),
        },
        Verdict::NoneOfThese { refused, heard } => VerdictJson::NoneOfThese {
            refused: refused.iter().map(|id| id.0.clone()).collect(),
            heard: heard.iter().map(HeardJson::of).collect(),
        },
        Verdict::LeaveOut => VerdictJson::LeaveOut,
    })
}

pub(crate) fn verdict_from_text(text: &str) -> Result<Verdict> {
    Ok(match from_text(text)? {
        VerdictJson::UseFile { content, path, heard } => Verdict::UseFile {
            content: ContentId(content),
            path,
            heard: heard.map(|heard| heard.heard()).transpose()?,
        },
        VerdictJson::NoneOfThese { refused, heard } => Verdict::NoneOfThese {
            refused: refused.into_iter().map(ContentId).collect(),
            heard: heard.iter().map(HeardJson::heard).collect::<Result<_>>()?,
        },
        VerdictJson::LeaveOut => Verdict::LeaveOut,
    })
}

#[derive(Serialize, Deserialize)]
struct RunJson {
    lists: Vec<(String, String, Vec<i64>)>,
    /// Wanted row, outcome's word, its text, and (waiting) until when or (on the player) what it stands in as.
    rows: Vec<(i64, String, String, Option<String>)>,
    /// The services that rows wait for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    waits_on: BTreeMap<i64, Vec<String>>,
    /// What waits beside the rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    waits: Vec<WaitJson>,
}

/// Wanted row, since when, when it was last so, reason, until when, and the services.
type WaitJson = (i64, i64, i64, String, String, Vec<String>);

pub(crate) fn run_to_text(run: &SavedRun) -> Result<String> {
    let rows = run.rows.iter().map(|(id, outcome)| {
        let (text, more) = match outcome {
            Outcome::OnPlayer { path, substitute } => (path, substitute.clone()),
            Outcome::Waiting { reason, until, .. } => (reason, Some(until.clone())),
            Outcome::NeedsReview(why)
            | Outcome::NotInSources(why)
            | Outcome::Failed(why)
            | Outcome::LeftOut(why)
            | Outcome::NotYet(why) => (why, None),
        };
        (*id, outcome.word().to_owned(), text.clone(), more)
    });
    let lists = run.lists.iter().map(|list| (list.key.clone(), list.name.clone(), list.entries.clone()));
    let waits_on = run.rows.iter().filter_map(|(id, outcome)| match outcome {
        Outcome::Waiting { on, .. } if !on.is_empty() => Some((*id, on.clone())),
        _ => None,
    });
    let wait =
        |one: &SavedWait| (one.id, one.since, one.at, one.reason.clone(), one.until.clone(), one.on.clone());
    to_text(&RunJson {
        lists: lists.collect(),
        rows: rows.collect(),
        waits_on: waits_on.collect(),
        waits: run.waits.iter().map(wait).collect(),
    })
}

pub(crate) fn run_from_text(target: String, at: i64, text: &str) -> Result<SavedRun> {
    let run: RunJson = from_text(text)?;
    let mut waits_on = run.waits_on;
    let rows = run.rows.into_iter().map(|(id, word, text, more)| {
        let outcome = match word.as_str() {
            "on_player" => Outcome::OnPlayer { path: text, substitute: more },
            "needs_review" => Outcome::NeedsReview(text),
            "not_in_sources" => Outcome::NotInSources(text),
            "waiting" => {
                let on = waits_on.remove(&id).unwrap_or_default();
                Outcome::Waiting { reason: text, until: more.unwrap_or_default(), on }
            }
            "failed" => Outcome::Failed(text),
            "left_out" => Outcome::LeftOut(text),
            "not_yet" => Outcome::NotYet(text),
            other => return Err(unknown("outcome", other)),
        };
        Ok((id, outcome))
    });
    let lists = run.lists.into_iter().map(|(key, name, entries)| SavedList { key, name, entries });
    let wait = |(id, since, at, reason, until, on): WaitJson| SavedWait { id, since, at, reason, until, on };
    let waits = run.waits.into_iter().map(wait).collect();
    Ok(SavedRun { target, at, rows: rows.collect::<Result<_>>()?, lists: lists.collect(), waits })
}
