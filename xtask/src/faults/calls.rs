//! System calls that `strace` counts and has fail.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Every thread, and only at the calls that are asked for: a run takes a third of the time then.
const FOLLOWING: [&str; 2] = ["-f", "--seccomp-bpf"];

pub(super) fn lacks_strace() -> bool {
    let tried = Command::new("strace").args(FOLLOWING).args(["-o", "/dev/null", "true"]).output();
    !tried.is_ok_and(|output| output.status.success())
}

/// What to start a program by, so that its calls of these names are written to `trace`.
pub(super) fn tracing<'a>(names: impl Iterator<Item = &'a str>, trace: &Path) -> Vec<String> {
    // With a question mark it is no mistake to name what this kind of machine does not have.
    let names: Vec<String> = names.map(|name| format!("?{name}")).collect();
    let trace = trace.display().to_string();
    let words = ["strace"].into_iter().chain(FOLLOWING).chain(["-o", trace.as_str(), "-e"]);
    words.map(str::to_owned).chain([format!("trace={}", names.join(","))]).collect()
}

/// The same, and the call with this number fails, and with `+` behind the error all after it as well.
pub(super) fn failing(name: &str, error: &str, number: u32, trace: &Path) -> Vec<String> {
    let (error, onwards) = error.strip_suffix('+').map_or((error, ""), |error| (error, "+"));
    let mut start = tracing([name].into_iter(), trace);
    start.extend(["-e".to_owned(), format!("inject={name}:error={error}:when={number}{onwards}")]);
    start
}

/// Whether a call failed because [`failing`] had it fail.
pub(super) fn has_failed(trace: &str) -> bool {
    trace.lines().any(|line| line.ends_with("(INJECTED)"))
}

/// Reads a trace: how often the busiest thread made each call. For `strace` counts the calls of every thread by themselves: a
/// higher number would have nothing fail, and each one up to it strikes every thread that comes so far.
pub(super) fn counted(trace: &str) -> BTreeMap<String, u32> {
    let mut of_threads: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for line in trace.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let Some((name, _)) = rest.trim_start().split_once('(') else { continue };
        if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            *of_threads.entry((name, thread)).or_default() += 1;
        }
    }
    let mut most: BTreeMap<String, u32> = BTreeMap::new();
    for ((name, _), times) in of_threads {
        let known = most.entry(name.to_owned()).or_default();
        *known = times.max(*known);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4539  write(3, \"a(b\", 3)               = 3\n\
                         4541  write(5, \"x\"..., 24 <unfinished ...>\n\
                         4539  fsync(7)                          = -1 EIO (Input/output error) (INJECTED)\n\
                         4541  <... write resumed>)              = 24\n\
                         4541  write(5, \"y\", 1)                 = 1\n\
                         4541  --- SIGCHLD {si_signo=SIGCHLD (17)} ---\n\
                         4541  +++ exited with 0 +++\n";

    #[test]
    fn calls_are_counted_for_each_thread() {
        let expected = [("fsync".to_owned(), 1), ("write".to_owned(), 2)];
        assert_eq!(counted(TRACE), BTreeMap::from(expected));
    }

    #[test]
    fn what_was_made_to_fail_is_known() {
        assert!(has_failed(TRACE));
        let unharmed: String = TRACE.lines().filter(|line| !line.contains("fsync")).collect();
        assert!(!has_failed(&unharmed));
    }

    #[test]
    fn one_call_fails_or_all_from_it_on() {
        let words = failing("write", "ENOSPC+", 7, Path::new("t"));
        let expected = "strace -f --seccomp-bpf -o t -e trace=?write -e inject=write:error=ENOSPC:when=7+";
        assert_eq!(words.join(" "), expected);
        let words = failing("fsync", "EIO", 7, Path::new("t"));
        assert!(words.ends_with(&["inject=fsync:error=EIO:when=7".to_owned()]), "{words:?}");
    }
}
