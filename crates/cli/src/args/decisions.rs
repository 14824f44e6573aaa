//! The verbs about what a file may stand for: review, explain, policy.

use std::path::PathBuf;

use clap::ValueEnum;
use ferrotape_engine::policies::RunPolicy;
use ferrotape_engine::review::{Filter, Reason};

/// Decide what ferrotape was not sure about.
///
/// Asks one by one, with single keys: 1–9 it is this file, n none of these, x leave it out and never ask again, g the
/// same answer for the whole album, p play a few seconds, u undo, / filter, ? help. Each decision is kept at once and
/// for ever, survives new scans and imports, and can be exported as a readable file. Where the input is no terminal,
/// answers are read line by line.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ferrotape review\n  ferrotape review --list\n  \
ferrotape review --reason version --album \"Low Water\"\n  \
ferrotape review --list \"Road Trip\"     only what this list asks for\n  \
ferrotape review --pick 17=2            entry 17 is its second candidate\n  \
ferrotape review --file 17=~/Music/a.flac\n  ferrotape review --none 17 --leave-out 18 --undo 20\n  \
ferrotape review --undo-last\n  ferrotape review --export decisions.json")]
pub(crate) struct Review {
    /// Only consider music below this folder; may be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Vec<PathBuf>,

    /// Do not listen to files that fit equally well by their tags; what was heard before still counts
    #[arg(long)]
    pub(crate) no_listen: bool,

    /// Show what waits for a decision, by reason, and ask nothing; with NAME, only what that list asks for
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "")]
    pub(crate) list: Vec<String>,

    /// Only cases of this reason: version, duration, sound, artist, title, spelling, several, album, unsure
    #[arg(long, value_name = "WORD", value_parser = parse_reason)]
    pub(crate) reason: Vec<Reason>,

    /// Only what is wanted from albums whose name holds TEXT
    #[arg(long, value_name = "TEXT")]
    pub(crate) album: Option<String>,

    /// Only what is wanted by artists whose name holds TEXT
    #[arg(long, value_name = "TEXT")]
    pub(crate) artist: Option<String>,

    /// Entry NUMBER is its candidate K
    #[arg(long, value_name = "NUMBER=K")]
    pub(crate) pick: Vec<String>,

    /// Entry NUMBER is the file at PATH, which need not have been scanned
    #[arg(long, value_name = "NUMBER=PATH")]
    pub(crate) file: Vec<String>,

    /// Entry NUMBER is none of its candidates
    #[arg(long, value_name = "NUMBER")]
    pub(crate) none: Vec<i64>,

    /// Leave entry NUMBER out, whatever files come, and never ask again
    #[arg(long, value_name = "NUMBER")]
    pub(crate) leave_out: Vec<i64>,

    /// Take back the last decision on entry NUMBER; what was decided before it holds again
    #[arg(long, value_name = "NUMBER")]
    pub(crate) undo: Vec<i64>,

    /// Take back what was decided last
    #[arg(long)]
    pub(crate) undo_last: bool,

    /// Write all decisions to a readable file
    #[arg(long, value_name = "FILE")]
    pub(crate) export: Option<PathBuf>,

    /// Take over the decisions of such a file; of two about one entry the later holds
    #[arg(long, value_name = "FILE")]
    pub(crate) merge: Option<PathBuf>,

    /// The program that plays a candidate; the file's path is added [default: mpv, ffplay, mpg123 or vlc]
    #[arg(long, value_name = "CMD")]
    pub(crate) play_with: Option<String>,
}

impl Review {
    /// Whether only to show what waits.
    pub(crate) fn only_shows(&self) -> bool {
        self.list.iter().any(String::is_empty)
    }

    /// Which cases are meant.
    pub(crate) fn filter(&self) -> Filter {
        Filter {
            reasons: self.reason.clone(),
            album: self.album.clone(),
            artist: self.artist.clone(),
            lists: self.list.iter().filter(|name| !name.is_empty()).cloned().collect(),
        }
    }
}

/// Show why something was found, or not, and what to do about it.
///
/// Shows what is wanted, the answer, which versions may stand in, each file that came near with its points and what
/// keeps it from being taken, and your decision if there is one. Changes nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ferrotape explain 17\n  ferrotape explain mara quill undertow\n  \
ferrotape explain https://open.spotify.com/track/…\n  \
ferrotape explain 17 --allow live       what would be taken then?\n  \
ferrotape explain --file ~/Music/a.flac      what was this file considered for?")]
pub(crate) struct Explain {
    /// Number in the report, link, or words of artist and title
    #[arg(value_name = "TRACK", required_unless_present = "file")]
    pub(crate) track: Vec<String>,

    /// Tell which wanted things this file was considered for
    #[arg(long, value_name = "PATH", conflicts_with = "track")]
    pub(crate) file: Option<PathBuf>,

    /// Only consider music below this folder; may be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) policy: PolicyFlags,
}

/// Say which versions may stand in on a list when the recording itself is not there, and how many episodes are kept.
///
/// Without options it shows what holds. By default only the same recording is taken, or a remaster of it. What an
/// earlier call said of a list is replaced. What stands in is labelled in the report. Something on several lists takes
/// the strictest of their policies.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ferrotape policy\n  ferrotape policy \"Road Trip\" --allow live\n  \
ferrotape policy \"Road Trip\" --allow edition --no-remaster\n  ferrotape policy Kids --never-clean\n  \
ferrotape policy \"Saved Shows\" --newest 3\n  ferrotape policy \"Road Trip\" --same     as by default again")]
pub(crate) struct Policy {
    /// Names of lists
    #[arg(value_name = "LIST")]
    pub(crate) list: Vec<String>,

    #[command(flatten)]
    pub(crate) flags: PolicyFlags,

    /// Forget what was said of the list: the same recording, or a remaster of it
    #[arg(long, conflicts_with_all = ["allow", "no_remaster", "never_clean", "newest"])]
    pub(crate) same: bool,
}

/// A version that may stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Allow {
    /// A live recording by the same artist
    Live,
    /// Another edition of the same performance: single edit, extended, mono or stereo
    Edition,
}

/// Which versions may stand in.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct PolicyFlags {
    /// Take this, too, where the recording itself is not there; may be given several times
    #[arg(long, value_name = "VERSION")]
    pub(crate) allow: Vec<Allow>,

    /// Take no remaster
    #[arg(long)]
    pub(crate) no_remaster: bool,

    /// Never take a version marked clean
    #[arg(long)]
    pub(crate) never_clean: bool,

    /// Of each saved podcast keep only the newest N episodes that you have not heard yet
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) newest: Option<u32>,
}

impl PolicyFlags {
    /// Whether anything was said.
    pub(crate) fn say_something(&self) -> bool {
        !self.allow.is_empty() || self.no_remaster || self.never_clean || self.newest.is_some()
    }

    /// As the words of one run, over what the lists say.
    pub(crate) fn of_run(&self) -> RunPolicy {
        RunPolicy {
            live: self.allow.contains(&Allow::Live),
            edition: self.allow.contains(&Allow::Edition),
            no_remaster: self.no_remaster,
            never_clean: self.never_clean,
            newest: self.newest,
        }
    }
}

fn parse_reason(word: &str) -> Result<Reason, String> {
    Reason::from_word(&word.to_lowercase()).ok_or_else(|| {
        let words: Vec<&str> = Reason::ALL.iter().map(|reason| reason.word()).collect();
        format!("the reasons are {}", words.join(", "))
    })
}
