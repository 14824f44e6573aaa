//! What services know of wanted things and of sounds, and what they were asked of.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use diesel::prelude::*;
use ferrotape_domain::{ContentId, Fact, FoundLyrics, KnownBy, Mbid, SoundName};

use super::{CHUNK, Db, no_nul, same};
use crate::json;
use crate::model::{StoredFact, StoredWanted};
use crate::schema::{asked_of, facts, lyrics, sound_names};

type FactRow = (i64, String, String, String, String);

fn fact((wanted_id, service, word, value, known_by): FactRow) -> Option<StoredFact> {
    let fact = Fact::from_words(&word, &value)?;
    Some(StoredFact { wanted_id, service, fact, known_by: KnownBy::from_word(&known_by)? })
}

/// Which facts fill gaps.
#[derive(Clone, Copy)]
pub(super) struct From<'s> {
    /// Whether the things are all there are, so that reading all facts is quickest.
    pub(super) all: bool,
    /// Whose are left out.
    pub(super) but: Option<&'s str>,
}

/// Fills gaps of these things by what services recognised by a link or a code; `things` leads from each of their rows to
/// the thing. What was recognised by names tells nothing that the names do not.
pub(super) fn fill(
    db: &mut Db,
    stored: &mut [StoredWanted],
    things: &HashMap<i64, i64>,
    from: From<'_>,
) -> QueryResult<()> {
    let any: Option<i64> = facts::table.select(facts::wanted_id).first(db).optional()?;
    if any.is_none() {
        return Ok(());
    }
    let known: Vec<StoredFact> = if from.all {
        facts_of_all(db)?
    } else {
        let rows: Vec<i64> = things.keys().copied().collect();
        facts_of(db, &rows)?
    };
    let place: HashMap<i64, usize> = stored.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
    let counts = |known: &StoredFact| {
        known.known_by != KnownBy::Names && from.but.is_none_or(|service| service != known.service)
    };
    for known in known.into_iter().filter(counts) {
        let thing = things.get(&known.wanted_id).and_then(|thing| place.get(thing));
        let Some(one) = thing.and_then(|at| stored.get_mut(*at)) else { continue };
        let wanted = &mut one.wanted;
        match known.fact {
            Fact::Recording(mbid) if wanted.recording_mbid.is_none() => wanted.recording_mbid = Some(mbid),
            Fact::Isrc(isrc) if wanted.isrc.is_none() => wanted.isrc = Some(isrc),
            Fact::Length(length) if wanted.duration.is_none() => wanted.duration = Some(length),
            _ => {}
        }
    }
    Ok(())
}

/// All facts, by the thing's first row.
pub(crate) fn facts_of_things(db: &mut Db) -> QueryResult<Vec<StoredFact>> {
    let roots = same::roots(db)?;
    let mut all = facts_of_all(db)?;
    all.iter_mut().for_each(|fact| fact.wanted_id = same::root_of(&roots, fact.wanted_id));
    Ok(all)
}

/// All facts, by row, service and kind.
fn facts_of_all(db: &mut Db) -> QueryResult<Vec<StoredFact>> {
    let rows: Vec<FactRow> = facts::table.order((facts::wanted_id, facts::service, facts::word)).load(db)?;
    Ok(rows.into_iter().filter_map(fact).collect())
}

/// Those of these rows.
pub(crate) fn facts_of(db: &mut Db, ids: &[i64]) -> QueryResult<Vec<StoredFact>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<FactRow> = facts::table
            .filter(facts::wanted_id.eq_any(chunk))
            .order((facts::wanted_id, facts::service, facts::word))
            .load(db)?;
        found.extend(rows.into_iter().filter_map(fact));
    }
    Ok(found)
}

/// Keeps what a service knows of one thing in place of what it knew before.
pub(crate) fn keep_facts(
    db: &mut Db,
    (service, wanted_id): (&str, i64),
    known: &[(Fact, KnownBy)],
    at: i64,
) -> QueryResult<()> {
    let before = facts::table.filter(facts::wanted_id.eq(wanted_id)).filter(facts::service.eq(service));
    diesel::delete(before).execute(db)?;
    for (fact, by) in known {
        diesel::insert_into(facts::table)
            .values((
                facts::wanted_id.eq(wanted_id),
                facts::service.eq(service),
                facts::word.eq(fact.word()),
                facts::value.eq(fact.value()),
                facts::known_by.eq(by.as_str()),
            ))
            .on_conflict((facts::wanted_id, facts::service, facts::word))
            .do_nothing()
            .execute(db)?;
    }
    note_asked(db, (service, &subject_of_wanted(wanted_id)), !known.is_empty(), at)
}

fn subject_of_wanted(wanted_id: i64) -> String {
    format!("wanted:{wanted_id}")
}

/// Keeps that a service was asked of something.
pub(crate) fn note_asked(
    db: &mut Db,
    (service, subject): (&str, &str),
    found: bool,
    at: i64,
) -> QueryResult<()> {
    diesel::insert_into(asked_of::table)
        .values((
            asked_of::service.eq(service),
            asked_of::subject.eq(no_nul(subject)),
            asked_of::at.eq(at),
            asked_of::found.eq(i64::from(found)),
        ))
        .on_conflict((asked_of::service, asked_of::subject))
        .do_update()
        .set((asked_of::at.eq(at), asked_of::found.eq(i64::from(found))))
        .execute(db)
        .map(drop)
}

/// What a service was asked of: found at any time, or in vain since then.
pub(crate) fn asked(db: &mut Db, service: &str, in_vain_since: i64) -> QueryResult<HashSet<String>> {
    let rows: Vec<String> = asked_of::table
        .filter(asked_of::service.eq(service))
        .filter(asked_of::found.eq(1).or(asked_of::at.ge(in_vain_since)))
        .select(asked_of::subject)
        .load(db)?;
    Ok(rows.into_iter().collect())
}

/// What a service was asked of in vain since then.
pub(crate) fn asked_in_vain(db: &mut Db, service: &str, since: i64) -> QueryResult<HashSet<String>> {
    let rows: Vec<String> = asked_of::table
        .filter(asked_of::service.eq(service))
        .filter(asked_of::found.eq(0).and(asked_of::at.ge(since)))
        .select(asked_of::subject)
        .load(db)?;
    Ok(rows.into_iter().collect())
}

/// Keeps what a service calls a sound.
pub(crate) fn keep_sound_names(
    db: &mut Db,
    (service, content): (&str, &ContentId),
    names: &[SoundName],
    at: i64,
) -> QueryResult<()> {
    let of_it = sound_names::table
        .filter(sound_names::content.eq(&content.0))
        .filter(sound_names::service.eq(service));
    diesel::delete(of_it).execute(db)?;
    for name in names {
        diesel::insert_into(sound_names::table)
            .values((
                sound_names::content.eq(&content.0),
                sound_names::service.eq(service),
                sound_names::recording.eq(name.recording.as_str()),
                sound_names::title.eq(no_nul(&name.title)),
                sound_names::artists.eq(no_nul(&json::names_to_text(&name.artists)?)),
                sound_names::alike.eq(i64::from(name.alike)),
            ))
            .on_conflict((sound_names::content, sound_names::service, sound_names::recording))
            .do_nothing()
            .execute(db)?;
    }
    note_asked(db, (service, &content.0), !names.is_empty(), at)
}

/// What every sound is called that a service knows, the most alike first.
pub(crate) fn sound_names(db: &mut Db) -> QueryResult<HashMap<ContentId, Vec<SoundName>>> {
    let rows: Vec<(String, String, String, String, i64)> = sound_names::table
        .order((sound_names::content, sound_names::alike.desc(), sound_names::recording))
        .select((
            sound_names::content,
            sound_names::recording,
            sound_names::title,
            sound_names::artists,
            sound_names::alike,
        ))
        .load(db)?;
    let mut all: HashMap<ContentId, Vec<SoundName>> = HashMap::new();
    for (content, recording, title, artists, alike) in rows {
        let Ok(recording) = Mbid::parse(&recording) else { continue };
        let artists = json::names_from_text(&artists)?;
        let name = SoundName { recording, title, artists, alike: u16::try_from(alike).unwrap_or(1000) };
        all.entry(ContentId(content)).or_default().push(name);
    }
    Ok(all)
}

/// Keeps the lyrics of a thing, or that there are none.
pub(crate) fn keep_lyrics(
    db: &mut Db,
    (service, wanted_id): (&str, i64),
    found: Option<(&FoundLyrics, Duration)>,
    at: i64,
) -> QueryResult<()> {
    diesel::delete(lyrics::table.find(wanted_id)).execute(db)?;
    if let Some((found, of)) = found {
        diesel::insert_into(lyrics::table)
            .values((
                lyrics::wanted_id.eq(wanted_id),
                lyrics::service.eq(service),
                lyrics::plain.eq(found.plain.as_deref().map(no_nul)),
                lyrics::synced.eq(found.synced.as_deref().map(no_nul)),
                lyrics::instrumental.eq(i64::from(found.instrumental)),
                lyrics::duration_ms.eq(i64::try_from(of.as_millis()).unwrap_or(i64::MAX)),
            ))
            .execute(db)?;
    }
    note_asked(db, (service, &subject_of_wanted(wanted_id)), found.is_some(), at)
}

/// The lyrics of every thing that some are known of, with the playing time that they were had for.
pub(crate) fn all_lyrics(db: &mut Db) -> QueryResult<HashMap<i64, (FoundLyrics, Duration)>> {
    type Row = (i64, Option<String>, Option<String>, i64, i64);
    let roots = same::roots(db)?;
    let rows: Vec<Row> = lyrics::table
        .select((lyrics::wanted_id, lyrics::plain, lyrics::synced, lyrics::instrumental, lyrics::duration_ms))
        .load(db)?;
    let found = rows.into_iter().map(|(wanted_id, plain, synced, instrumental, ms)| {
        let thing = same::root_of(&roots, wanted_id);
        let of = Duration::from_millis(u64::try_from(ms).unwrap_or(0));
        (thing, (FoundLyrics { plain, synced, instrumental: instrumental != 0 }, of))
    });
    Ok(found.collect())
}

/// Forgets all that a service ever said; how many things and sounds that was about.
pub(crate) fn forget(db: &mut Db, service: &str) -> QueryResult<u64> {
    diesel::delete(facts::table.filter(facts::service.eq(service))).execute(db)?;
    diesel::delete(sound_names::table.filter(sound_names::service.eq(service))).execute(db)?;
    diesel::delete(lyrics::table.filter(lyrics::service.eq(service))).execute(db)?;
    let asked = asked_of::table.filter(asked_of::service.eq(service));
    Ok(diesel::delete(asked).execute(db)? as u64)
}

/// Forgets what services said of these things.
pub(super) fn forget_wanted(db: &mut Db, ids: &[i64]) -> QueryResult<()> {
    for chunk in ids.chunks(CHUNK) {
        diesel::delete(facts::table.filter(facts::wanted_id.eq_any(chunk))).execute(db)?;
        diesel::delete(lyrics::table.filter(lyrics::wanted_id.eq_any(chunk))).execute(db)?;
        let subjects: Vec<String> = chunk.iter().map(|id| subject_of_wanted(*id)).collect();
        diesel::delete(asked_of::table.filter(asked_of::subject.eq_any(subjects))).execute(db)?;
    }
    Ok(())
}
