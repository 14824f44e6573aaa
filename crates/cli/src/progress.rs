//! Progress: a bar with rate and time left on a terminal, NDJSON for scripts, nothing when piped.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ferrotape_domain::{Event, Phase, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use crate::output;

/// Where events go, chosen once from the command line.
pub(crate) enum Reporter {
    /// A bar per step.
    Bars(Mutex<HashMap<Phase, ProgressBar>>),
    /// One line per event; advances are gathered.
    Ndjson(Mutex<HashMap<Phase, Gathered>>),
    /// Only warnings, as text.
    Warnings,
    /// Nothing at all.
    Quiet,
}

/// Advances since the last line.
pub(crate) struct Gathered {
    done: u64,
    bytes: u64,
    total: Option<u64>,
    told: Instant,
}

/// A script is told about progress this often.
const NDJSON_EVERY: Duration = Duration::from_millis(500);

impl Reporter {
    pub(crate) fn new(as_json: bool, quiet: bool) -> Self {
        if as_json {
            Self::Ndjson(Mutex::default())
        } else if quiet {
            Self::Quiet
        } else if std::io::stderr().is_terminal() {
            Self::Bars(Mutex::default())
        } else {
            Self::Warnings
        }
    }
}

impl Progress for Reporter {
    fn event(&self, event: Event) {
        match self {
            Self::Bars(bars) => show_bar(&mut bars.lock().unwrap_or_else(PoisonError::into_inner), event),
            Self::Ndjson(gathered) => {
                tell_script(&mut gathered.lock().unwrap_or_else(PoisonError::into_inner), event);
            }
            Self::Warnings => {
                if let Event::Warning { subject, says } = event {
                    output::talk(&warning(&subject, &says));
                }
            }
            Self::Quiet => {}
        }
    }
}

fn warning(subject: &str, says: &str) -> String {
    format!("note: {}: {}", output::plain(subject), output::plain(says))
}

fn show_bar(bars: &mut HashMap<Phase, ProgressBar>, event: Event) {
    match event {
        Event::Started { phase, total } => {
            bars.insert(phase, bar(phase, total));
        }
        Event::Advanced { phase, by, .. } => {
            if let Some(bar) = bars.get(&phase) {
                bar.inc(by);
            }
        }
        Event::Finished { phase } => {
            if let Some(bar) = bars.remove(&phase) {
                bar.finish_and_clear();
            }
        }
        Event::Warning { subject, says } => match bars.values().next() {
            Some(bar) => bar.suspend(|| output::talk(&warning(&subject, &says))),
            None => output::talk(&warning(&subject, &says)),
        },
    }
}

fn bar(phase: Phase, total: Option<u64>) -> ProgressBar {
    let bar = match total {
        Some(total) => ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()),
        None => ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()),
    };
    let (title, unit) = words(phase);
    let template = match (total, phase) {
        // Converting counts milliseconds of music.
        (Some(_), Phase::Convert) => {
            format!("{title} {{wide_bar}} {{percent:>3}} % · {{speed}}{{left}}")
        }
        (Some(_), _) => format!("{title} {{wide_bar}} {{pos}}/{{len}} {unit} · {{per_sec}}{{left}}"),
        (None, _) => format!("{title} {{spinner}} {{pos}} {unit} · {{per_sec}}"),
    };
    let style = ProgressStyle::with_template(&template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key("speed", |state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{:.0}× real time", state.per_sec() / 1000.0);
        })
        .with_key("left", |state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = out.write_str(&left(state.pos(), state.elapsed(), state.eta()));
        });
    bar.set_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// How long it takes still. Nothing is said before there is a rate to tell it by.
fn left(done: u64, elapsed: Duration, eta: Duration) -> String {
    const TOO_SOON: Duration = Duration::from_secs(1);
    if done == 0 || elapsed < TOO_SOON {
        return String::new();
    }
    format!(" · {:#} left", indicatif::HumanDuration(eta))
}

fn words(phase: Phase) -> (&'static str, &'static str) {
    match phase {
        Phase::Pull => ("Asking    ", "answers"),
        Phase::Import => ("Importing ", "rows"),
        Phase::List => ("Looking   ", "files"),
        Phase::Scan => ("Reading   ", "files"),
        Phase::Rip => ("Ripping   ", "sectors"),
        Phase::Ask => ("Asking    ", "things"),
        Phase::Fetch => ("Fetching  ", "things"),
        Phase::Match => ("Matching  ", "recordings"),
        Phase::Listen => ("Listening ", "files"),
        Phase::Convert => ("Converting", ""),
        Phase::Copy => ("Copying   ", "files"),
        Phase::Verify => ("Verifying ", "files"),
    }
}

fn tell_script(gathered: &mut HashMap<Phase, Gathered>, event: Event) {
    match event {
        Event::Started { phase, total } => {
            gathered.insert(phase, Gathered { done: 0, bytes: 0, total, told: Instant::now() });
            output::line(&json!({ "event": "started", "phase": phase.as_str(), "total": total }).to_string());
        }
        Event::Advanced { phase, by, bytes } => {
            let Some(sum) = gathered.get_mut(&phase) else { return };
            sum.done += by;
            sum.bytes += bytes;
            if sum.told.elapsed() >= NDJSON_EVERY {
                sum.told = Instant::now();
                tell_sum("advanced", phase, sum);
            }
        }
        Event::Finished { phase } => {
            if let Some(sum) = gathered.remove(&phase) {
                tell_sum("finished", phase, &sum);
            }
        }
        Event::Warning { subject, says } => {
            output::line(&json!({ "event": "warning", "subject": subject, "says": says }).to_string());
        }
    }
}

fn tell_sum(event: &str, phase: Phase, sum: &Gathered) {
    let line = json!({
        "event": event, "phase": phase.as_str(), "done": sum.done, "bytes": sum.bytes, "total": sum.total,
    });
    output::line(&line.to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_is_told_as_left_before_a_rate_is_known() {
        let second = Duration::from_secs(1);
        assert_eq!(left(0, Duration::ZERO, Duration::ZERO), "");
        assert_eq!(left(0, second * 60, Duration::ZERO), "", "nothing came yet");
        assert_eq!(left(7, second / 10, second), "", "a first burst is no rate");
        assert_eq!(left(7, second * 2, second * 70), " · 70s left");
    }
}
