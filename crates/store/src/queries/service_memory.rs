//! What is remembered of services.

use std::collections::HashMap;

use diesel::prelude::*;
use ferrotape_domain::{Incident, KeptAnswer, Standing};

use super::{Db, no_nul};
use crate::schema::{answers, incidents, lines, notes};

/// Names in one question.
const AT_ONCE: usize = 500;
/// The note of how often a service was forgotten.
const FORGOTTEN: &str = "forgotten";
/// Incidents that are kept in all.
const MOST_INCIDENTS: i64 = 1_000;

/// The next turn of a line, taken; see [`ferrotape_domain::ServiceMemory::take_turn`].
pub(crate) fn take_turn(db: &mut Db, line: &str, now_ms: i64, gap_ms: i64) -> QueryResult<i64> {
    let next: Option<i64> = lines::table.find(line).select(lines::next_turn).first(db).optional()?;
    // A turn far ahead was written by a clock that is right no more.
    let next = next.filter(|next| *next <= now_ms.saturating_add(gap_ms.saturating_mul(20)));
    let turn = next.unwrap_or(now_ms).max(now_ms);
    diesel::insert_into(lines::table)
        .values((lines::line.eq(line), lines::next_turn.eq(turn + gap_ms)))
        .on_conflict(lines::line)
        .do_update()
        .set(lines::next_turn.eq(turn + gap_ms))
        .execute(db)?;
    Ok(turn)
}

type Row = (String, Option<i64>, Option<i64>, i32, i64, String);

fn standing_of((line, down_since, last_good, failures, not_before, reason): Row) -> Standing {
    let failures = u32::try_from(failures).unwrap_or(0);
    Standing { line, down_since, last_good, failures, not_before, reason }
}

pub(crate) fn standing(db: &mut Db, line: &str) -> QueryResult<Option<Standing>> {
    let row: Option<Row> = lines::table
        .find(line)
        .select((
            lines::line,
            lines::down_since,
            lines::last_good,
            lines::failures,
            lines::not_before,
            lines::reason,
        ))
        .first(db)
        .optional()?;
    Ok(row.map(standing_of))
}

pub(crate) fn standings(db: &mut Db) -> QueryResult<Vec<Standing>> {
    let rows: Vec<Row> = lines::table
        .order(lines::line)
        .select((
            lines::line,
            lines::down_since,
            lines::last_good,
            lines::failures,
            lines::not_before,
            lines::reason,
        ))
        .load(db)?;
    Ok(rows.into_iter().map(standing_of).collect())
}

pub(crate) fn went_well(db: &mut Db, line: &str, now_ms: i64) -> QueryResult<()> {
    let none = lines::down_since.eq(None::<i64>);
    let well = (
        none,
        lines::last_good.eq(now_ms),
        lines::failures.eq(0),
        lines::not_before.eq(0),
        lines::reason.eq(""),
    );
    diesel::insert_into(lines::table)
        .values((lines::line.eq(line), well))
        .on_conflict(lines::line)
        .do_update()
        .set(well)
        .execute(db)?;
    diesel::update(incidents::table.filter(incidents::line.eq(line)).filter(incidents::until.is_null()))
        .set(incidents::until.eq(now_ms))
        .execute(db)
        .map(drop)
}

pub(crate) fn went_wrong(
    db: &mut Db,
    line: &str,
    (now_ms, not_before): (i64, i64),
    reason: &str,
) -> QueryResult<()> {
    let reason = no_nul(reason);
    let known = standing(db, line)?;
    let since = known.as_ref().and_then(|known| known.down_since).unwrap_or(now_ms);
    let failures = known.as_ref().map_or(0, |known| known.failures).saturating_add(1);
    let wrong = (
        lines::down_since.eq(since),
        lines::failures.eq(i32::try_from(failures).unwrap_or(i32::MAX)),
        lines::not_before.eq(not_before),
        lines::reason.eq(reason.as_ref()),
    );
    diesel::insert_into(lines::table)
        .values((lines::line.eq(line), wrong))
        .on_conflict(lines::line)
        .do_update()
        .set(wrong)
        .execute(db)?;
    let goes_on = incidents::table.filter(incidents::line.eq(line)).filter(incidents::until.is_null());
    if diesel::select(diesel::dsl::exists(goes_on)).get_result(db)? {
        return Ok(());
    }
    diesel::insert_into(incidents::table)
        .values((
            incidents::line.eq(line),
            incidents::since.eq(now_ms),
            incidents::reason.eq(reason.as_ref()),
        ))
        .execute(db)?;
    let oldest: Option<i64> = incidents::table
        .order(incidents::id.desc())
        .offset(MOST_INCIDENTS)
        .select(incidents::id)
        .first(db)
        .optional()?;
    match oldest {
        Some(oldest) => {
            diesel::delete(incidents::table.filter(incidents::id.le(oldest))).execute(db).map(drop)
        }
        None => Ok(()),
    }
}

/// The newest incidents, newest first.
pub(crate) fn newest_incidents(db: &mut Db, most: i64) -> QueryResult<Vec<Incident>> {
    let rows: Vec<(String, i64, Option<i64>, String)> = incidents::table
        .order(incidents::id.desc())
        .limit(most)
        .select((incidents::line, incidents::since, incidents::until, incidents::reason))
        .load(db)?;
    let incident = |(line, from, until, reason)| Incident { line, from, until, reason };
    Ok(rows.into_iter().map(incident).collect())
}

type Answer = (i64, i32, String, String, String, Vec<u8>);

pub(crate) fn answer(db: &mut Db, key: &str) -> QueryResult<Option<KeptAnswer>> {
    let row: Option<Answer> = answers::table
        .find(key)
        .select((
            answers::at,
            answers::status,
            answers::content_type,
            answers::etag,
            answers::last_modified,
            answers::body,
        ))
        .first(db)
        .optional()?;
    Ok(row.map(|(at, status, content_type, etag, last_modified, body)| KeptAnswer {
        at,
        status: u16::try_from(status).unwrap_or(0),
        content_type,
        etag,
        last_modified,
        body,
    }))
}

pub(crate) fn keep(db: &mut Db, line: &str, key: &str, answer: &KeptAnswer) -> QueryResult<()> {
    let row = (
        answers::line.eq(line),
        answers::at.eq(answer.at),
        answers::status.eq(i32::from(answer.status)),
        answers::content_type.eq(no_nul(&answer.content_type)),
        answers::etag.eq(no_nul(&answer.etag)),
        answers::last_modified.eq(no_nul(&answer.last_modified)),
        answers::body.eq(&answer.body),
    );
    diesel::delete(answers::table.find(key)).execute(db)?;
    diesel::insert_into(answers::table).values((answers::key.eq(key), row)).execute(db).map(drop)
}

/// Bytes of all kept answers.
pub(crate) fn answer_bytes(db: &mut Db) -> QueryResult<i64> {
    use diesel::dsl::sql;
    use diesel::sql_types::BigInt;
    answers::table.select(sql::<BigInt>("CAST(COALESCE(SUM(LENGTH(body)), 0) AS BIGINT)")).first(db)
}

/// Deletes the oldest answers, so many.
pub(crate) fn drop_oldest(db: &mut Db, count: i64) -> QueryResult<usize> {
    let oldest: Vec<String> = answers::table.order(answers::at).limit(count).select(answers::key).load(db)?;
    diesel::delete(answers::table.filter(answers::key.eq_any(oldest))).execute(db)
}

/// Lets every line be asked again at once.
pub(crate) fn ask_again(db: &mut Db) -> QueryResult<usize> {
    diesel::update(lines::table).set(lines::next_turn.eq(0)).execute(db)?;
    diesel::update(lines::table.filter(lines::not_before.gt(0))).set(lines::not_before.eq(0)).execute(db)
}

/// Forgets a line and its parts but for the incidents, which end here, and the line's notes of these beginnings. How often
/// that was done by now.
pub(crate) fn forget(db: &mut Db, line: &str, now_ms: i64, begin: &[&str]) -> QueryResult<String> {
    let all: Vec<String> = lines::table.select(lines::line).load(db)?;
    let is_part = |known: &String| known.strip_prefix(line).is_some_and(|rest| rest.starts_with('/'));
    let mut gone: Vec<String> = all.into_iter().filter(is_part).collect();
    gone.push(line.to_owned());
    diesel::delete(lines::table.filter(lines::line.eq_any(&gone))).execute(db)?;
    diesel::delete(answers::table.filter(answers::line.eq_any(&gone))).execute(db)?;
    let names: Vec<String> = notes::table.filter(notes::line.eq(line)).select(notes::name).load(db)?;
    let is_meant = |name: &String| begin.iter().any(|begin| name.starts_with(begin));
    let names: Vec<String> = names.into_iter().filter(is_meant).collect();
    for some in names.chunks(AT_ONCE) {
        let of_line = notes::table.filter(notes::line.eq(line));
        diesel::delete(of_line.filter(notes::name.eq_any(some))).execute(db)?;
    }
    let goes_on = incidents::table.filter(incidents::line.eq_any(&gone)).filter(incidents::until.is_null());
    diesel::update(goes_on).set(incidents::until.eq(now_ms)).execute(db)?;
    let before = note(db, line, FORGOTTEN)?.and_then(|times| times.parse::<u64>().ok()).unwrap_or(0);
    let times = before.saturating_add(1).to_string();
    keep_note(db, line, FORGOTTEN, &times)?;
    Ok(times)
}

/// How often each service was forgotten.
pub(crate) fn forgotten(db: &mut Db) -> QueryResult<HashMap<String, String>> {
    let of_services = notes::table.filter(notes::name.eq(FORGOTTEN));
    let rows: Vec<(String, String)> = of_services.select((notes::line, notes::value)).load(db)?;
    Ok(rows.into_iter().collect())
}

/// Whether the service that a line is of was forgotten since this was known.
pub(crate) fn is_forgotten(db: &mut Db, line: &str, known: &HashMap<String, String>) -> QueryResult<bool> {
    let service = line.split('/').next().unwrap_or_default();
    Ok(note(db, service, FORGOTTEN)?.as_ref() != known.get(service))
}

pub(crate) fn note(db: &mut Db, line: &str, name: &str) -> QueryResult<Option<String>> {
    notes::table.find((line, name)).select(notes::value).first(db).optional()
}

/// Deletes all lines' notes whose names begin so; how many there were. The beginning holds no wildcard.
pub(crate) fn drop_notes(db: &mut Db, begin: &str) -> QueryResult<usize> {
    diesel::delete(notes::table.filter(notes::name.like(format!("{begin}%")))).execute(db)
}

/// Deletes the answers of a service's parts that there is no such thing; how many there were. Its name holds no wildcard.
pub(crate) fn drop_none(db: &mut Db, service: &str) -> QueryResult<usize> {
    let of_parts = answers::table.filter(answers::line.like(format!("{service}/%")));
    diesel::delete(of_parts.filter(answers::status.eq_any([404_i32, 410]))).execute(db)
}

pub(crate) fn keep_note(db: &mut Db, line: &str, name: &str, value: &str) -> QueryResult<()> {
    diesel::insert_into(notes::table)
        .values((notes::line.eq(line), notes::name.eq(name), notes::value.eq(value)))
        .on_conflict((notes::line, notes::name))
        .do_update()
        .set(notes::value.eq(value))
        .execute(db)
        .map(drop)
}
