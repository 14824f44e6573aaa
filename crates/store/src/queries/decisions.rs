//! What a person said, kept for ever: a record to which lines are only added. Taking a word back is a line, too.
//!
//! What is in force follows from the lines alone, whatever the order they came in: words that were taken back do not
//! count, of the others the last holds. So the records of two libraries, put together either way, say the same.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use ferrotape_domain::{Decision, Verdict};

use super::{CHUNK, Db, no_nul};
use crate::json;
use crate::model::{Said, Word};
use crate::schema::decisions;

#[derive(Queryable, Selectable)]
#[diesel(table_name = decisions)]
struct Line {
    id: i64,
    wanted_key: String,
    label: String,
    /// Empty where a word is taken back.
    verdict: String,
    decided_at: i64,
    undoes: Option<i64>,
}

#[derive(Insertable)]
#[diesel(table_name = decisions, treat_none_as_default_value = false)]
struct NewLine {
    wanted_key: String,
    label: String,
    verdict: String,
    decided_at: i64,
    current: i64,
    undoes: Option<i64>,
    batch: i64,
}

/// Keeps what was said in one go.
pub(crate) fn save(db: &mut Db, said: &[Decision]) -> QueryResult<()> {
    let last: Option<i64> = decisions::table.select(diesel::dsl::max(decisions::batch)).first(db)?;
    let batch = last.unwrap_or(0) + 1;
    for one in said {
        let key = no_nul(&one.wanted_key).into_owned();
        let line = NewLine {
            label: no_nul(&one.label).into_owned(),
            verdict: json::verdict_to_text(&one.verdict)?,
            decided_at: later_than_all(db, &key, one.decided_at)?,
            wanted_key: key,
            current: 0,
            undoes: None,
            batch,
        };
        diesel::insert_into(decisions::table).values(&line).execute(db)?;
        settle(db, &line.wanted_key)?;
    }
    Ok(())
}

/// Times order the lines of one key, so no two of this library bear the same.
fn later_than_all(db: &mut Db, wanted_key: &str, at: i64) -> QueryResult<i64> {
    let of_key = decisions::table.filter(decisions::wanted_key.eq(wanted_key));
    let last: Option<i64> = of_key.select(diesel::dsl::max(decisions::decided_at)).first(db)?;
    Ok(last.map_or(at, |last| at.max(last.saturating_add(1))))
}

/// Takes the last word on a key back, so that the one before it holds again; whether there was one.
pub(crate) fn take_back(db: &mut Db, wanted_key: &str, at: i64) -> QueryResult<bool> {
    let word: Option<Line> = decisions::table
        .filter(decisions::wanted_key.eq(wanted_key))
        .filter(decisions::current.eq(1))
        .order((decisions::decided_at.desc(), decisions::id.desc()))
        .select(Line::as_select())
        .first(db)
        .optional()?;
    let Some(word) = word else { return Ok(false) };
    let line = NewLine {
        decided_at: later_than_all(db, wanted_key, at)?,
        wanted_key: word.wanted_key,
        label: word.label,
        verdict: String::new(),
        current: 0,
        undoes: Some(word.decided_at),
        batch: 0,
    };
    diesel::insert_into(decisions::table).values(&line).execute(db)?;
    settle(db, wanted_key)?;
    Ok(true)
}

/// Takes back what was last said in one go in this library and still holds; gives it back, in the order it was said.
pub(crate) fn take_back_last(db: &mut Db, at: i64) -> QueryResult<Vec<Decision>> {
    let holds = decisions::table.filter(decisions::current.eq(1));
    let last: Option<i64> = holds.select(diesel::dsl::max(decisions::batch)).first(db)?;
    let Some(batch) = last.filter(|batch| *batch > 0) else { return Ok(Vec::new()) };
    let lines: Vec<Line> =
        holds.filter(decisions::batch.eq(batch)).order(decisions::id).select(Line::as_select()).load(db)?;
    let mut taken = Vec::with_capacity(lines.len());
    for line in lines {
        take_back(db, &line.wanted_key, at)?;
        taken.push(decision(line)?);
    }
    Ok(taken)
}

/// Adds the lines of another record; how many were new.
pub(crate) fn merge(db: &mut Db, said: &[Said]) -> QueryResult<usize> {
    type Known = (String, i64, String, Option<i64>);
    let known: Vec<Known> = decisions::table
        .select((decisions::wanted_key, decisions::decided_at, decisions::verdict, decisions::undoes))
        .load(db)?;
    let mut known: HashSet<Known> = known.into_iter().collect();
    let mut new = Vec::new();
    for one in said {
        let (verdict, undoes) = match &one.word {
            Word::Said(verdict) => (json::verdict_to_text(verdict)?, None),
            Word::TakenBack { said_at } => (String::new(), Some(*said_at)),
        };
        let key = no_nul(&one.wanted_key).into_owned();
        if known.insert((key.clone(), one.at, verdict.clone(), undoes)) {
            let label = no_nul(&one.label).into_owned();
            let decided_at = one.at;
            new.push(NewLine { wanted_key: key, label, verdict, decided_at, current: 0, undoes, batch: 0 });
        }
    }
    for chunk in new.chunks(CHUNK) {
        diesel::insert_into(decisions::table).values(chunk).execute(db)?;
    }
    let keys: BTreeSet<&str> = new.iter().map(|line| line.wanted_key.as_str()).collect();
    for key in keys {
        settle(db, key)?;
    }
    Ok(new.len())
}

/// Marks the lines of a key that hold: its last word, with the refusals right before it when it is one itself, for one
/// refusal does not take back another.
fn settle(db: &mut Db, wanted_key: &str) -> QueryResult<()> {
    let of_key = decisions::table.filter(decisions::wanted_key.eq(wanted_key));
    let lines: Vec<Line> = of_key.select(Line::as_select()).load(db)?;
    let taken_back: HashSet<i64> = lines.iter().filter_map(|line| line.undoes).collect();
    let mut words = Vec::new();
    for line in lines {
        if line.undoes.is_none() && !taken_back.contains(&line.decided_at) {
            let verdict = json::verdict_from_text(&line.verdict)?;
            words.push((line.decided_at, line.verdict, line.id, verdict));
        }
    }
    words.sort_by(|a, b| (a.0, &a.1, a.2).cmp(&(b.0, &b.1, b.2)));
    let is_refusal = |verdict: &Verdict| matches!(verdict, Verdict::NoneOfThese { .. });
    let last_refuses = words.last().is_some_and(|(.., verdict)| is_refusal(verdict));
    let refusals = words.iter().rev().take_while(|(.., verdict)| is_refusal(verdict)).count();
    let hold = if last_refuses { refusals } else { 1 };
    let ids: Vec<i64> = words.iter().rev().take(hold).map(|(_, _, id, _)| *id).collect();
    diesel::update(of_key.filter(decisions::current.eq(1))).set(decisions::current.eq(0)).execute(db)?;
    for chunk in ids.chunks(CHUNK) {
        let these = decisions::table.filter(decisions::id.eq_any(chunk));
        diesel::update(these).set(decisions::current.eq(1)).execute(db)?;
    }
    Ok(())
}

fn decision(line: Line) -> QueryResult<Decision> {
    Ok(Decision {
        wanted_key: line.wanted_key,
        label: line.label,
        verdict: json::verdict_from_text(&line.verdict)?,
        decided_at: line.decided_at,
    })
}

/// What holds, one decision per key, oldest first.
pub(crate) fn all(db: &mut Db) -> QueryResult<Vec<Decision>> {
    let lines: Vec<Line> = decisions::table
        .filter(decisions::current.eq(1))
        .order((decisions::decided_at, decisions::id))
        .select(Line::as_select())
        .load(db)?;
    let mut all: Vec<Decision> = Vec::with_capacity(lines.len());
    let mut at_key: HashMap<String, usize> = HashMap::new();
    for line in lines {
        let next = decision(line)?;
        match at_key.get(&next.wanted_key).and_then(|at| all.get_mut(*at)) {
            Some(earlier) => refuse_more(earlier, next),
            None => {
                at_key.insert(next.wanted_key.clone(), all.len());
                all.push(next);
            }
        }
    }
    Ok(all)
}

fn refuse_more(earlier: &mut Decision, next: Decision) {
    let Decision { label, verdict, decided_at, .. } = next;
    if let (
        Verdict::NoneOfThese { refused, heard },
        Verdict::NoneOfThese { refused: more, heard: more_heard },
    ) = (&mut earlier.verdict, verdict)
    {
        for content in more {
            if !refused.contains(&content) {
                refused.push(content);
            }
        }
        for one in more_heard {
            if !heard.contains(&one) {
                heard.push(one);
            }
        }
    }
    earlier.label = label;
    earlier.decided_at = decided_at;
}

/// Every line ever said or taken over, by key and time.
pub(crate) fn record(db: &mut Db) -> QueryResult<Vec<Said>> {
    let lines: Vec<Line> = decisions::table
        .order((decisions::wanted_key, decisions::decided_at, decisions::verdict, decisions::undoes))
        .select(Line::as_select())
        .load(db)?;
    lines
        .into_iter()
        .map(|line| {
            let word = match line.undoes {
                Some(said_at) => Word::TakenBack { said_at },
                None => Word::Said(json::verdict_from_text(&line.verdict)?),
            };
            Ok(Said { wanted_key: line.wanted_key, label: line.label, at: line.decided_at, word })
        })
        .collect()
}
