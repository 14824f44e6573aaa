//! The report: every wanted thing in exactly one outcome, with totals that add up.

mod came_since;
mod html;
mod missing_csv;
mod waits;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use ferrotape_domain::{ContentId, Outcome, Provenance, WantedKind};
use ferrotape_store::{Listening, SavedList, SavedRun, SavedWait, StoredWanted};

pub(crate) use came_since::note_what_came;
pub use html::html;
pub use missing_csv::missing_csv;
pub(crate) use waits::wait_says;

use crate::selection::SelectedList;
use crate::several_things::origins;
use crate::{Context, EngineError};

/// One wanted thing and how it ended.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportRow {
    /// The library's number of the wanted thing; `review` takes it.
    pub wanted_id: i64,
    /// What kind of thing it is.
    pub kind: WantedKind,
    /// Title, or the link when no title is known.
    pub title: String,
    /// Artists as printed.
    pub artist: String,
    /// Album, show or book.
    pub album: String,
    /// ISRC, when an input carried one.
    pub isrc: String,
    /// Web address of the wanted thing, when an input carried its link.
    pub link: String,
    /// Names of the lists that ask for it.
    pub lists: Vec<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// How often and how long the user listened to it.
    pub listening: Listening,
}

impl ReportRow {
    /// The outcome's path or reason, as one text.
    pub fn says(&self) -> String {
        says(&self.outcome)
    }

    /// What stands in on the player, where it is not exactly what is wanted.
    pub fn substitute(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::OnPlayer { substitute, .. } => substitute.as_deref(),
            _ => None,
        }
    }

    /// Whether what stands beside its path tells what is missing of a podcast, an album or a book, or does not come any more:
    /// no other version stands in.
    pub fn is_not_whole(&self) -> bool {
        let has_parts = matches!(self.kind, WantedKind::Show | WantedKind::Release | WantedKind::Audiobook);
        self.substitute().is_some() && has_parts
    }
}

fn says(outcome: &Outcome) -> String {
    match outcome {
        Outcome::OnPlayer { path, .. } => path.clone(),
        Outcome::NeedsReview(why)
        | Outcome::NotInSources(why)
        | Outcome::Failed(why)
        | Outcome::LeftOut(why)
        | Outcome::NotYet(why) => why.clone(),
        Outcome::Waiting { reason, until, .. } if until.is_empty() => reason.clone(),
        Outcome::Waiting { reason, until, .. } => format!("{reason}; until {until}"),
    }
}

/// Why a thing did not come to a target in the last run to it, or not as a whole: it was full, or its file broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCome {
    /// The target.
    pub target: String,
    /// When the run was, in seconds since 1970 UTC.
    pub at: i64,
    /// The outcome's stable word.
    pub outcome: &'static str,
    /// Why, and until when.
    pub says: String,
}

/// Where a wanted thing waits or failed, newest run first.
pub fn not_come(wanted_id: i64, context: &Context) -> Result<Vec<NotCome>, EngineError> {
    let is_open = |outcome: &Outcome| matches!(outcome, Outcome::Waiting { .. } | Outcome::Failed(_));
    let runs = context.library.last_runs()?.into_iter();
    let of_run = |run: SavedRun| {
        if let Some((_, outcome)) = run.rows.iter().find(|(id, outcome)| *id == wanted_id && is_open(outcome))
        {
            let (outcome, says) = (outcome.word(), says(outcome));
            return Some(NotCome { target: run.target, at: run.at, outcome, says });
        }
        let wait = run.waits.iter().find(|wait| wait.id == wanted_id)?;
        let says = wait_says(wait, context.now);
        Some(NotCome { at: wait.at, target: run.target, outcome: "waiting", says })
    };
    Ok(runs.filter_map(of_run).collect())
}

/// Where a thing lay after the last run to a player or folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lies {
    /// The target.
    pub target: String,
    /// When the run was, in seconds since 1970 UTC.
    pub at: i64,
    /// Its path there.
    pub path: String,
    /// Whether it is all of what is wanted, and nothing that only stands in.
    pub is_whole: bool,
}

/// What lies on players and in folders that were filled, by wanted thing; the newest run first.
pub fn on_players(context: &Context) -> Result<HashMap<i64, Vec<Lies>>, EngineError> {
    let mut all: HashMap<i64, Vec<Lies>> = HashMap::new();
    for run in context.library.last_runs()? {
        for (id, outcome) in run.rows {
            if let Outcome::OnPlayer { path, substitute } = outcome {
                let lies =
                    Lies { target: run.target.clone(), at: run.at, path, is_whole: substitute.is_none() };
                all.entry(id).or_default().push(lies);
            }
        }
    }
    Ok(all)
}

/// How much of one list is on the player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListCoverage {
    /// The list's name.
    pub name: String,
    /// Its entries, duplicates counted.
    pub entries: u64,
    /// Those whose recording is on the player.
    pub on_player: u64,
}

/// The whole report of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversionReport {
    /// The player or folder.
    pub target: String,
    /// When, seconds since 1970 UTC.
    pub at: i64,
    /// One row per wanted thing, in the order of first mention.
    pub rows: Vec<ReportRow>,
    /// One row per list.
    pub lists: Vec<ListCoverage>,
    /// Files that are here now and did not come with the user's own folders: where each came from.
    pub came_from: Vec<Provenance>,
}

/// How many things, and how much listening, ended in one outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutcomeCount {
    /// Wanted things.
    pub things: u64,
    /// Milliseconds the user listened to them.
    pub played_ms: u64,
}

impl ConversionReport {
    /// Counts per outcome, in the order of [`Outcome::WORDS`]; they add up to the number of rows by construction.
    pub fn counts(&self) -> [(&'static str, OutcomeCount); 7] {
        let mut counts = Outcome::WORDS.map(|word| (word, OutcomeCount::default()));
        for row in &self.rows {
            if let Some((_, count)) = counts.iter_mut().find(|(word, _)| *word == row.outcome.word()) {
                count.things += 1;
                count.played_ms += row.listening.played_ms;
            }
        }
        counts
    }

    /// The count of one outcome.
    pub fn count(&self, word: &str) -> OutcomeCount {
        self.counts()
            .into_iter()
            .find(|(found, _)| *found == word)
            .map_or_else(OutcomeCount::default, |(_, c)| c)
    }

    /// What stands in for what was wanted, the most frequent first, and how often.
    pub fn substitutes(&self) -> Vec<(&str, u64)> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        let rows = self.rows.iter().filter(|row| !row.is_not_whole());
        for substitute in rows.filter_map(ReportRow::substitute) {
            *counts.entry(substitute).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| Reverse(*count));
        counts
    }

    /// Milliseconds listened to all of it; 0 when no history was imported.
    pub fn played_ms(&self) -> u64 {
        self.rows.iter().map(|row| row.listening.played_ms).sum()
    }

    /// How many files came from each place under which terms, the most first.
    pub fn terms(&self) -> Vec<(&str, &str, u64)> {
        let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for one in &self.came_from {
            *counts.entry((&one.source, one.rights.words())).or_default() += 1;
        }
        let mut counts: Vec<_> =
            counts.into_iter().map(|((source, terms), count)| (source, terms, count)).collect();
        counts.sort_by_key(|(_, _, count)| Reverse(*count));
        counts
    }

    /// Entries of all lists, duplicates counted.
    pub fn entries(&self) -> u64 {
        self.lists.iter().map(|list| list.entries).sum()
    }
}

/// Puts together the report from what was wanted and how each thing ended.
pub fn assemble(
    target: &str,
    wanted: &[StoredWanted],
    lists: &[SelectedList],
    mut outcomes: HashMap<i64, Outcome>,
    context: &Context,
) -> Result<ConversionReport, EngineError> {
    let listening = context.library.listening()?;
    let mut names: HashMap<i64, Vec<String>> = HashMap::new();
    for list in lists {
        for id in &list.entries {
            let of_thing = names.entry(*id).or_default();
            if of_thing.last() != Some(&list.name) {
                of_thing.push(list.name.clone());
            }
        }
    }
    let lost =
        || Outcome::Failed("no step accounted for it; please report this as a fault of ferrotape".to_owned());
    let rows: Vec<ReportRow> = wanted
        .iter()
        .map(|stored| ReportRow {
            wanted_id: stored.id,
            kind: stored.wanted.kind,
            title: if stored.wanted.title.is_empty() {
                stored.wanted.label()
            } else {
                stored.wanted.title.clone()
            },
            artist: stored.wanted.artists.to_string(),
            album: stored.wanted.release.clone().unwrap_or_default(),
            isrc: stored.wanted.isrc.as_ref().map(ToString::to_string).unwrap_or_default(),
            link: stored.wanted.spotify.as_ref().map(|uri| uri.web_address()).unwrap_or_default(),
            lists: names.remove(&stored.id).unwrap_or_default(),
            outcome: outcomes.remove(&stored.id).unwrap_or_else(lost),
            listening: listening.get(&stored.id).copied().unwrap_or_default(),
        })
        .collect();
    let lists = coverage(lists, &rows);
    let came_from = origins_of_what_is_here(context)?;
    Ok(ConversionReport { target: target.to_owned(), at: context.now, rows, lists, came_from })
}

/// Where a file came from stays on record when it goes.
fn origins_of_what_is_here(context: &Context) -> Result<Vec<Provenance>, EngineError> {
    let all = context.library.provenance()?;
    let contents: Vec<ContentId> = all.iter().map(|origin| origin.content.clone()).collect();
    let places = context.library.places_of(&contents)?;
    let known = origins(&all);
    let is_here = |origin: &&Provenance| {
        let mut lie_here = places.get(&origin.content).into_iter().flatten().filter(|path| path.is_file());
        // Of equal bytes that came as several things each has a name of its own.
        let is_it = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.to_string_lossy() == origin.file_name)
                || known.of(&origin.content, path).is_some_and(|one| *one == *origin)
        };
        lie_here.any(is_it)
    };
    Ok(all.iter().filter(is_here).cloned().collect())
}

fn coverage(lists: &[SelectedList], rows: &[ReportRow]) -> Vec<ListCoverage> {
    let on_player: std::collections::HashSet<i64> = rows
        .iter()
        .filter(|row| matches!(row.outcome, Outcome::OnPlayer { .. }))
        .map(|row| row.wanted_id)
        .collect();
    let covered = |list: &SelectedList| ListCoverage {
        name: list.name.clone(),
        entries: list.entries.len() as u64,
        on_player: list.entries.iter().filter(|id| on_player.contains(id)).count() as u64,
    };
    lists.iter().map(covered).collect()
}

/// Keeps the report so that `report` can show it again, and what waits beside its rows.
pub fn save(
    report: &ConversionReport,
    lists: &[SelectedList],
    waits: Vec<SavedWait>,
    context: &Context,
) -> Result<(), EngineError> {
    let run = SavedRun {
        waits: waits::with_earlier(waits, report, context)?,
        target: report.target.clone(),
        at: report.at,
        rows: report.rows.iter().map(|row| (row.wanted_id, row.outcome.clone())).collect(),
        lists: lists.iter().map(saved_list).collect(),
    };
    Ok(context.library.save_run(&run)?)
}

fn saved_list(list: &SelectedList) -> SavedList {
    SavedList { key: list.key.clone(), name: list.name.clone(), entries: list.entries.clone() }
}

/// The report of the last run, of the last run to `target` when one is named. `None` when there was none.
pub fn last(target: Option<&str>, context: &Context) -> Result<Option<ConversionReport>, EngineError> {
    let Some(run) = context.library.last_run(target)? else { return Ok(None) };
    let ids: Vec<i64> = run.rows.iter().map(|(id, _)| *id).collect();
    let wanted = context.library.wanted_by_ids(&ids)?;
    let lists: Vec<SelectedList> = run
        .lists
        .into_iter()
        .map(|list| SelectedList {
            key: list.key,
            name: list.name,
            writes_playlist: true,
            entries: list.entries,
        })
        .collect();
    let outcomes = run.rows.into_iter().collect();
    let report = assemble(&run.target, &wanted, &lists, outcomes, context)?;
    Ok(Some(ConversionReport { at: run.at, ..report }))
}
