//! The project's own chores, one file per verb: `cargo xtask VERB`.
//!
//! `tidy` checks what the compiler cannot; `kill` ends `convert` at random instants; `bench` measures against what a user
//! would script; `shared-checks` tries the binary on data that is not part of the project.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to the developer's terminal")]

mod args;
mod bench;
mod downloads;
mod faults;
mod fuzz;
mod hear;
mod kill;
#[cfg(unix)]
mod machine;
mod quality;
mod shared_checks;
mod tidy;
mod watch;
mod workspace;

use std::process::ExitCode;

use args::Args;

const USAGE: &str = "\
cargo xtask VERB

  tidy                                layers, owners of outside crates, file sizes, forgotten tests, leftovers
  kill [--runs N] [--seed S] [--tracks N] [--binary FILE]
                                      kill -9 convert at N random instants; the result must be an undisturbed run's
  faults [--every] [--runs N] [--only WORDS] [--seed S] [--binary FILE]
                                      N runs of convert onto a player that fails: system calls with errors, short writes,
                                      full, pulled out, power cut, in memory, on exFAT and FAT32; one more run must
                                      repair all. --only cut: just the faults with this in their name
                                      --every: each call of each kind fails in turn; with --runs only N of them
  machine [--runs N] [--only mtp|fat|exfat] [--seed S] [--binary FILE]
                                      convert in a virtual machine: onto QEMU's MTP device, and N times onto FAT32 and
                                      exFAT of Linux's own, cut off at random writes; one more run must repair all
  downloads [--runs N] [--seed S]      N files over a line that spoils three answers in ten; nothing spoilt is taken,
                                      and no more than 256 MB of memory, though files of 300 MB and more are among them
  bench [all|convert|copy|overlap|scan|memory|again] [--music DIR] [--files N] [--tracks N] [--rounds N] [--binary FILE]
                                      the speed table, as ratios in one run
  bench convert [--case a|b|c|d] [--rounds N] [--minutes N] [--music DIR] [--binary FILE]
                                      against every peer found; the last lines read `ratio CASE PEER NUMBER`
  bench copy [--rounds N] [--binary FILE]
                                      filling a player in memory, against cp -r of the same files: ready-made ones
                                      out of the cache, MP3s that only need tags
  bench overlap [--speed N] [--rounds N] [--binary FILE]
                                      converting and copying at once to a player that takes N megabytes a second,
                                      against each alone; needs root
  bench sound [--pieces N] [--music DIR]
                                      how alike fingerprints of one and of different recordings are, of made-up
                                      bands or of real music; speed of listening
  bench servers [--tracks N] [--rounds N] [--binary FILE]
                                      listing everything that a Subsonic and a Jellyfin server on this computer have
  bench matching [--update-ratchet] [--show CLASS]
                                      our own matching benchmark, per class; keeps better figures, shows the rows of
                                      the classes whose name holds CLASS that were not answered as they should be
  bench matching --scale N [--threads N]
                                      N made-up files: time and memory against the goals
  bench matching --wanted W.csv --files F.csv --answers OUT.csv [--review OUT2.csv] [--threads N]
                                      answers for an outside one, in the layout of docs/performance.md
  quality [--music DIR] [--pieces N] [--json]
                                      how MP3s of every preset and way of encoding sound: grades by PEAQ of music
                                      (.demo/music by default) and made-up hard sounds, beside LAME's own; draws
                                      docs/quality.svg
  quality --quick                     a few made-up sounds at one preset; fails if we are not as good as LAME's own
  quality --grade ORIGINAL --against CODED
                                      one file against another, with PEAQ's variables
  fuzz [TARGET] [--runs N] [--longest BYTES]
                                      N changed inputs for each reader of outside bytes, or one of them
  hear FILE --out RAW                 the decoded sound of a file, as floats; what is said about it, as JSON
  shared-checks --shared DIR [--binary FILE] [--prism FILE]
                                      import real-shaped exports, scan malformed audio";

fn main() -> ExitCode {
    let mut args = Args::new(std::env::args().skip(1));
    let done = match args.verb().as_deref() {
        Some("tidy") => tidy::run(args),
        Some("kill") => kill::run(args),
        Some("faults") => faults::run(args),
        #[cfg(unix)]
        Some("machine") => machine::run(args),
        Some("downloads") => downloads::run(args),
        Some("quality") => quality::run(args),
        Some("fuzz") => fuzz::run(args),
        Some("hear") => hear::run(args),
        Some("bench") => bench::run(args),
        Some("shared-checks") => shared_checks::run(args),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        other => {
            eprintln!(
                "{}no such verb – choose one of these:\n\n{USAGE}",
                other.map(|o| format!("{o}: ")).unwrap_or_default()
            );
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
