//! The report as one self-contained page: no script, no fonts, no pictures from elsewhere.

use askama::Template;
use ferrotape_domain::{Outcome, Provenance, Rights};

use super::{ConversionReport, ListCoverage, ReportRow};

/// The page.
pub fn html(report: &ConversionReport) -> String {
    // Rendering to memory fails only for want of memory.
    Page::of(report).render().unwrap_or_else(|error| format!("The report page could not be made: {error}"))
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    target: &'a str,
    when: String,
    total: u64,
    entries: u64,
    percent: u64,
    not_whole: u64,
    stand_in: u64,
    substitutes: Vec<(&'a str, u64)>,
    bars: Vec<Bar>,
    groups: Vec<Group<'a>>,
    lists: Vec<ListLine<'a>>,
    came_from: Vec<OriginLine<'a>>,
}

/// One bar of the chart: the share of each outcome, left to right.
struct Bar {
    label: &'static str,
    total: String,
    parts: Vec<Part>,
}

struct Part {
    word: &'static str,
    title: &'static str,
    amount: String,
    /// Thousandths of the bar's width.
    left: u64,
    width: u64,
}

struct Group<'a> {
    word: &'static str,
    title: &'static str,
    open: bool,
    rows: Vec<&'a ReportRow>,
}

struct ListLine<'a> {
    list: &'a ListCoverage,
    percent: u64,
}

/// Where a file came from. Its links are shown only as far as they are web addresses.
struct OriginLine<'a> {
    what: String,
    source: &'a str,
    note: &'a str,
    page: Option<&'a str>,
    terms: &'a str,
    licence: Option<&'a str>,
    when: String,
}

impl<'a> OriginLine<'a> {
    fn of(one: &'a Provenance) -> Self {
        let web = |link: &'a Option<String>| {
            link.as_deref().filter(|link| link.starts_with("https://") || link.starts_with("http://"))
        };
        let title = one.said.title.as_deref().unwrap_or(&one.remote_id);
        let what = match one.said.artists.join(", ") {
            artists if artists.is_empty() => title.to_owned(),
            artists => format!("{artists} – {title}"),
        };
        let licence = match &one.rights {
            Rights::Licence { url, .. } => web(url),
            _ => None,
        };
        // The address of a server of the user's is of no use on a page.
        let page = web(&one.page).or_else(|| web(&one.url)).filter(|_| one.rights != Rights::Own);
        let (source, note, terms) = (one.source.as_str(), one.note.as_str(), one.rights.words());
        Self { what, source, note, page, terms, licence, when: utc_time(one.at) }
    }
}

/// What people read for each outcome.
pub(super) fn title_of(word: &str) -> &'static str {
    match word {
        "on_player" => "On the player",
        "needs_review" => "Needs your review",
        "not_in_sources" => "Not in your sources",
        "waiting" => "Waiting",
        "failed" => "Failed",
        "left_out" => "Left out, as you said",
        _ => "Nothing that can be filled yet",
    }
}

impl<'a> Page<'a> {
    fn of(report: &'a ConversionReport) -> Self {
        let counts = report.counts();
        let things: Vec<(&'static str, u64)> =
            counts.iter().map(|(word, count)| (*word, count.things)).collect();
        let played: Vec<(&'static str, u64)> = counts.iter().map(|(word, c)| (*word, c.played_ms)).collect();
        let mut bars = vec![bar("Items", &things, |amount| amount.to_string())];
        if report.played_ms() > 0 {
            bars.push(bar("Hours listened", &played, hours));
        }
        let groups = Outcome::WORDS.iter().map(|word| group(word, report)).filter(|g| !g.rows.is_empty());
        let lists = report
            .lists
            .iter()
            .map(|list| ListLine { list, percent: share(list.on_player, list.entries, 100) });
        let substitutes = report.substitutes();
        Self {
            not_whole: report.rows.iter().filter(|row| row.is_not_whole()).count() as u64,
            stand_in: substitutes.iter().map(|(_, count)| count).sum(),
            substitutes,
            target: &report.target,
            when: utc_time(report.at),
            total: report.rows.len() as u64,
            entries: report.entries(),
            percent: share(report.count("on_player").things, report.rows.len() as u64, 100),
            bars,
            groups: groups.collect(),
            lists: lists.collect(),
            came_from: report.came_from.iter().map(OriginLine::of).collect(),
        }
    }
}

fn group<'a>(word: &'static str, report: &'a ConversionReport) -> Group<'a> {
    let rows: Vec<&ReportRow> = report.rows.iter().filter(|row| row.outcome.word() == word).collect();
    Group { word, title: title_of(word), open: word != "on_player", rows }
}

fn bar(label: &'static str, amounts: &[(&'static str, u64)], text: fn(u64) -> String) -> Bar {
    let total: u64 = amounts.iter().map(|(_, amount)| amount).sum();
    let mut left = 0;
    let mut parts = Vec::new();
    for (word, amount) in amounts.iter().filter(|(_, amount)| *amount > 0) {
        let width = share(*amount, total, 1000);
        parts.push(Part { word, title: title_of(word), amount: text(*amount), left, width });
        left += width;
    }
    Bar { label, total: text(total), parts }
}

fn share(part: u64, whole: u64, of: u64) -> u64 {
    part.saturating_mul(of).checked_div(whole).unwrap_or(0)
}

fn hours(ms: u64) -> String {
    format!("{}.{} h", ms / 3_600_000, ms % 3_600_000 / 360_000)
}

fn utc_time(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds);
    time.map(|time| time.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default()
}
