//! Memory and time of this very program, as the kernel tells them. Linux only; elsewhere all reads 0.

use std::time::{Duration, Instant};

/// Bytes now and at most so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    pub(crate) resident: u64,
    pub(crate) peak: u64,
}

impl Memory {
    pub(crate) fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = |name: &str| {
            let kilobytes = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            kilobytes.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1_024
        };
        Self { resident: line("VmRSS:"), peak: line("VmHWM:") }
    }
}

pub(crate) fn megabytes(bytes: u64) -> u64 {
    bytes / 1_000_000
}

/// Time by the clock and by the processors: on a busy machine only the second says what the work costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    began: Instant,
    processors: Duration,
}

/// What a piece of work took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Took {
    pub(crate) seconds: f64,
    /// Of all processors together.
    pub(crate) processor_seconds: f64,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { began: Instant::now(), processors: processors() }
    }

    pub(crate) fn took(self) -> Took {
        Took {
            seconds: self.began.elapsed().as_secs_f64(),
            processor_seconds: processors().saturating_sub(self.processors).as_secs_f64(),
        }
    }
}

fn processors() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The program's name stands in brackets and may hold spaces; user and system time are the 12th and 13th after it.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks =
        after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>();
    Duration::from_millis(ticks * 10)
}
