//! Listening history: plays, each counted once.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::dsl::{count_star, max, min, sum};
use diesel::prelude::*;
use ferrotape_domain::{Event, Phase, Play, PlaySource, Progress};

use super::{CHUNK, Db, same};
use crate::json;
use crate::model::{Listening, StoredPlay};
use crate::schema::{plays, wanted};

const ACCOUNT: i64 = 1;
const EXTENDED: i64 = 2;
const SCROBBLES: i64 = 3;
const APPLE: i64 = 4;

/// Two histories put one play this many seconds apart at most: one keeps minutes only, and clocks differ.
const CLOCKS_DIFFER: i64 = 120;

#[derive(Insertable, PartialEq, Eq, PartialOrd, Ord)]
#[diesel(table_name = plays, treat_none_as_default_value = false)]
struct PlayRow {
    wanted_id: i64,
    ended_at: i64,
    source: i64,
    played_ms: i32,
}

/// Adds the plays not yet known; `ids` gives the row of each wanted thing of the import. Returns how many were new.
pub(crate) fn record(db: &mut Db, heard: &[Play], ids: &[i64], progress: &dyn Progress) -> QueryResult<u64> {
    let mut rows: Vec<PlayRow> = heard.iter().filter_map(|play| row_of(play, ids)).collect();
    leave_out_known(db, &mut rows)?;
    // In key order the table grows at one end per recording: a million rows in seconds, not minutes.
    rows.sort_unstable();
    let mut new = 0;
    for chunk in rows.chunks(CHUNK) {
        let added = diesel::insert_into(plays::table).values(chunk).on_conflict_do_nothing().execute(db)?;
        new += added as u64;
        progress.event(Event::Advanced { phase: Phase::Import, by: chunk.len() as u64, bytes: 0 });
    }
    Ok(new)
}

/// Leaves out plays that the library has under another description of the same thing.
fn leave_out_known(db: &mut Db, rows: &mut Vec<PlayRow>) -> QueryResult<()> {
    let mut members: HashMap<i64, Vec<i64>> = HashMap::new();
    let roots = same::roots(db)?;
    if rows.is_empty() || roots.is_empty() {
        return Ok(());
    }
    for (member, root) in &roots {
        members.entry(*root).or_insert_with(|| vec![*root]).push(*member);
    }
    let described_twice: BTreeSet<i64> = rows
        .iter()
        .map(|row| row.wanted_id)
        .filter(|id| members.contains_key(&same::root_of(&roots, *id)))
        .collect();
    let described_twice: Vec<i64> = described_twice.into_iter().collect();
    let mut known: HashSet<(i64, i64, i64)> = HashSet::new();
    for chunk in described_twice.chunks(CHUNK) {
        let all = chunk.iter().flat_map(|id| members.get(&same::root_of(&roots, *id)).into_iter().flatten());
        let all: Vec<i64> = all.copied().collect();
        for of in all.chunks(CHUNK) {
            let found: Vec<(i64, i64, i64)> = plays::table
                .filter(plays::wanted_id.eq_any(of))
                .select((plays::wanted_id, plays::ended_at, plays::source))
                .load(db)?;
            known.extend(found.into_iter().map(|(id, at, source)| (same::root_of(&roots, id), at, source)));
        }
    }
    rows.retain(|row| !known.contains(&(same::root_of(&roots, row.wanted_id), row.ended_at, row.source)));
    Ok(())
}

fn row_of(play: &Play, ids: &[i64]) -> Option<PlayRow> {
    Some(PlayRow {
        wanted_id: *ids.get(play.wanted)?,
        ended_at: play.ended_at,
        source: number_of(play.source),
        // No play lasts 24 days; the column is as wide as both databases can sum without a decimal type.
        played_ms: i32::try_from(play.played_ms).unwrap_or(i32::MAX),
    })
}

fn number_of(source: PlaySource) -> i64 {
    match source {
        PlaySource::AccountHistory => ACCOUNT,
        PlaySource::ExtendedHistory => EXTENDED,
        PlaySource::Scrobbles => SCROBBLES,
        PlaySource::AppleHistory => APPLE,
    }
}

/// Every play as it was read, by thing, time and source; the same evening in two histories is two plays here.
pub(crate) fn all(db: &mut Db) -> QueryResult<Vec<StoredPlay>> {
    let rows: Vec<(i64, i64, i64, i32)> = plays::table
        .order((plays::wanted_id, plays::ended_at, plays::source))
        .select((plays::wanted_id, plays::ended_at, plays::source, plays::played_ms))
        .load(db)?;
    let roots = same::roots(db)?;
    rows.into_iter()
        .map(|(wanted_id, ended_at, source, played_ms)| {
            let known = PlaySource::ALL.into_iter().find(|known| number_of(*known) == source);
            let source = known.ok_or_else(|| json::unknown("source of plays", &source.to_string()))?;
            Ok(StoredPlay {
                wanted_id: same::root_of(&roots, wanted_id),
                ended_at,
                played_ms: u32::try_from(played_ms).unwrap_or_default(),
                source,
            })
        })
        .collect()
}

/// How much each wanted thing was listened to. Spotify's two histories overlap: the extended one covers the whole time
/// up to its last play, so account plays count only after that. What was scrobbled counts where no other history has a
/// play of the thing at that time.
pub(crate) fn listening(db: &mut Db) -> QueryResult<HashMap<i64, Listening>> {
    let last_extended: Option<i64> =
        plays::table.filter(plays::source.eq(EXTENDED)).select(max(plays::ended_at)).get_result(db)?;
    let after = plays::source.eq(ACCOUNT).and(plays::ended_at.gt(last_extended.unwrap_or(i64::MIN)));
    let counted = plays::source.eq_any([EXTENDED, APPLE]).or(after);
    type Sum = (i64, i64, Option<i64>, Option<i64>, Option<i64>);
    let rows: Vec<Sum> = plays::table
        .filter(counted)
        .group_by(plays::wanted_id)
        .select((
            plays::wanted_id,
            count_star(),
            sum(plays::played_ms),
            min(plays::ended_at),
            max(plays::ended_at),
        ))
        .load(db)?;
    let roots = same::roots(db)?;
    let number = |value: i64| u64::try_from(value).unwrap_or_default();
    let mut heard: HashMap<i64, Listening> = HashMap::new();
    for (id, times, ms, first, last) in rows {
        let played_ms = number(ms.unwrap_or_default());
        let more = Listening { plays: number(times), played_ms, first, last };
        add(heard.entry(same::root_of(&roots, id)).or_default(), more);
    }
    for (id, began, played_ms) in scrobbles(db, &roots)? {
        let more = Listening { plays: 1, played_ms, first: Some(began), last: Some(began) };
        add(heard.entry(id).or_default(), more);
    }
    Ok(heard)
}

fn add(to: &mut Listening, more: Listening) {
    to.plays += more.plays;
    to.played_ms += more.played_ms;
    to.first = [to.first, more.first].into_iter().flatten().min();
    to.last = to.last.max(more.last);
}

/// Scrobbles that no other history tells of: thing, beginning, and the recording's playing time (0 where unknown).
fn scrobbles(db: &mut Db, roots: &same::Roots) -> QueryResult<Vec<(i64, i64, u64)>> {
    let rows: Vec<(i64, i64, Option<i64>)> = plays::table
        .inner_join(wanted::table)
        .filter(plays::source.eq(SCROBBLES))
        .select((plays::wanted_id, plays::ended_at, wanted::duration_ms))
        .load(db)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let others: Vec<(i64, i64, i32)> = plays::table
        .filter(plays::source.ne(SCROBBLES))
        .select((plays::wanted_id, plays::ended_at, plays::played_ms))
        .load(db)?;
    let mut told: HashMap<i64, Vec<(i64, i64)>> = HashMap::new();
    for (id, ended, ms) in others {
        let began = ended - i64::from(ms) / 1_000;
        told.entry(same::root_of(roots, id))
            .or_default()
            .push((began - CLOCKS_DIFFER, ended + CLOCKS_DIFFER));
    }
    for times in told.values_mut() {
        times.sort_unstable();
    }
    let is_told = |id: i64, began: i64| {
        let times = told.get(&id).map(Vec::as_slice).unwrap_or_default();
        let until = times.partition_point(|(from, _)| *from <= began);
        // Plays of one thing hardly overlap: the last few that began before are enough.
        times.get(until.saturating_sub(4)..until).is_some_and(|near| near.iter().any(|(_, to)| *to >= began))
    };
    let told_once = rows.into_iter().filter_map(|(id, began, duration)| {
        let root = same::root_of(roots, id);
        let length = duration.and_then(|ms| u64::try_from(ms).ok()).unwrap_or_default();
        (!is_told(root, began)).then_some((root, began, length))
    });
    Ok(told_once.collect())
}
