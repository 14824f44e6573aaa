//! The verbs about the library itself, as it is and as it was.

use clap::Subcommand;
use ferrotape_engine::timeline::When;

/// Look at the library over time: its log, lists as they were, what changed, and bringing a list back.
///
/// Every import is a dated snapshot. WHEN is the number of a snapshot in the log, a day (2026-03-01, meaning its end) or
/// a time (2026-03-01T18:30).
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ferrotape library log\n  ferrotape library log \"Road Trip\"\n  \
ferrotape library show \"Road Trip\" --at 2026-03-01\n  ferrotape library diff 3 7\n  \
ferrotape library restore \"Road Trip\" --at 3")]
pub(crate) struct Library {
    #[command(subcommand)]
    pub(crate) verb: LibraryVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LibraryVerb {
    /// Every import with what it changed; with LIST, every state of that list, what left it, and why
    Log {
        /// Name or link of a list
        #[arg(value_name = "LIST")]
        list: Option<String>,
    },
    /// A list as it is, or as it was
    Show {
        /// Name or link of the list
        #[arg(value_name = "LIST")]
        list: String,

        /// When: a snapshot's number, a day or a time [default: now]
        #[arg(long, value_name = "WHEN", value_parser = parse_when)]
        at: Option<When>,
    },
    /// What changed in the lists between two moments
    Diff {
        /// The earlier moment: a snapshot's number, a day or a time
        #[arg(value_name = "A", value_parser = parse_when)]
        from: When,

        /// The later moment [default: now]
        #[arg(value_name = "B", value_parser = parse_when)]
        to: Option<When>,

        /// Only the list of this name; may be given several times
        #[arg(long, value_name = "NAME")]
        list: Vec<String>,
    },
    /// Bring an earlier state of a list back; it goes on following what its source changes from now on
    Restore {
        /// Name or link of the list
        #[arg(value_name = "LIST")]
        list: String,

        /// Which state: that after a snapshot of this number, or at a day or time
        #[arg(long, value_name = "WHEN", value_parser = parse_when)]
        at: When,

        /// Show what would change and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Take a whole list out of the library; a restore brings it back
    Drop {
        /// Name or link of the list
        #[arg(value_name = "LIST")]
        list: String,
    },
    /// Take apart what was wrongly taken for one recording, for good
    Split {
        /// Number of the description, as `ferrotape explain` shows it
        #[arg(value_name = "NUMBER")]
        number: i64,
    },
}

/// The end of all time: the library as it is now.
pub(crate) const NOW: When = When::Time(i64::MAX);

fn parse_when(text: &str) -> Result<When, String> {
    let text = text.trim().trim_start_matches('#');
    if let Ok(number) = text.parse::<i64>() {
        return Ok(When::Snapshot(number));
    }
    if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
        return Ok(When::Time(stamp.as_second()));
    }
    let wrong =
        |_| "say it as the number of a snapshot, a day (2026-03-01) or a time (2026-03-01T18:30)".to_owned();
    let moment = match text.parse::<jiff::civil::Date>() {
        // A day ends with its last second; a text with a time in it is no bare day.
        Ok(day) if text.len() <= 10 => day.at(23, 59, 59, 0),
        _ => text.replacen(' ', "T", 1).parse::<jiff::civil::DateTime>().map_err(wrong)?,
    };
    let stamp = jiff::tz::TimeZone::system().to_timestamp(moment).map_err(wrong)?;
    Ok(When::Time(stamp.as_second()))
}
