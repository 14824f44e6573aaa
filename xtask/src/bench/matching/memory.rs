//! The memory of this very program, as the kernel tells it. Linux only; elsewhere all reads 0.

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
