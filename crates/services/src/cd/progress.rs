//! How far `cd-paranoia -e` is: `##: 14 [wrote] @ 1117199`, in 16-bit words from the beginning of the disc.

use ferrotape_domain::DiscTrack;

const WORDS_A_SECTOR: u64 = 1176;

/// What of a track is written.
pub(super) struct Written {
    start: u64,
    sectors: u64,
    done: u64,
}

impl Written {
    pub(super) fn of(track: &DiscTrack) -> Self {
        Self { start: u64::from(track.start), sectors: u64::from(track.sectors), done: 0 }
    }

    /// How many more sectors are written after this line.
    pub(super) fn after(&mut self, line: &str) -> u64 {
        let Some(words) = position(line) else { return 0 };
        let sector = (words / WORDS_A_SECTOR + 1).saturating_sub(self.start).min(self.sectors);
        let more = sector.saturating_sub(self.done);
        self.done += more;
        more
    }
}

fn position(line: &str) -> Option<u64> {
    let rest = line.strip_prefix("##: ")?;
    let (what, at) = rest.split_once(" @ ")?;
    what.ends_with("[wrote]").then(|| at.trim().parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sectors_are_counted_once() {
        let mut written = Written::of(&DiscTrack { number: 2, start: 10, sectors: 3 });
        let words = |sector: u64| format!("##: 14 [wrote] @ {}", (sector + 1) * WORDS_A_SECTOR - 1);
        assert_eq!(written.after("##: 0 [read] @ 999999"), 0);
        assert_eq!(written.after(&words(10)), 1);
        assert_eq!(written.after(&words(10)), 0);
        assert_eq!(written.after(&words(900)), 2, "no more than there are");
        assert_eq!(written.after("##: 14 [wrote] @ nonsense"), 0);
    }
}
