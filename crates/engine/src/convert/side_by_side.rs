//! Encoding and copying side by side: one keeps the cores busy, the other the player, and neither should wait for the other.

use rayon::ThreadPoolBuilder;

/// So many threads for each core: those that bring a finished file to a slow player use none.
const THREADS_PER_CORE: usize = 2;

/// Runs the work where a thread that waits for the player leaves its core to another. Who works on sound takes a core of
/// [`ferrotape_audio::Cores`] first, so no more of them work at once than there are cores.
///
/// `at_most` is for a player that has room for no more files beside those that are there.
pub(super) fn on_threads_enough<R: Send>(at_most: usize, work: impl FnOnce() -> R + Send) -> R {
    let threads = (THREADS_PER_CORE * rayon::current_num_threads()).min(at_most).max(1);
    match ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        // A system that gives no more threads; there are some already.
        Err(_) => work(),
    }
}

/// Those that are quick to make among those that are not, evenly from the first to the last. Each kind keeps its order.
pub(super) fn evenly_mixed<T>(all: Vec<T>, is_quick: impl Fn(&T) -> bool) -> Vec<T> {
    let (quick, slow): (Vec<T>, Vec<T>) = all.into_iter().partition(is_quick);
    let (many_quick, many_slow) = (quick.len(), slow.len());
    let mut mixed = Vec::with_capacity(many_quick + many_slow);
    let (mut quick, mut slow) = (quick.into_iter(), slow.into_iter());
    let (mut taken_quick, mut taken_slow) = (0, 0);
    loop {
        // The one whose share so far is the smaller.
        let next = if (taken_slow + 1) * many_quick <= (taken_quick + 1) * many_slow {
            taken_slow += 1;
            slow.next().or_else(|| quick.next())
        } else {
            taken_quick += 1;
            quick.next().or_else(|| slow.next())
        };
        match next {
            Some(next) => mixed.push(next),
            None => return mixed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_end_together_and_keep_their_order() {
        let mixed = |all: &str| {
            evenly_mixed(all.chars().collect(), char::is_ascii_lowercase).into_iter().collect::<String>()
        };
        assert_eq!(mixed("ABCabcdef"), "aAbcBdeCf");
        assert_eq!(mixed("abcdABCD"), "AaBbCcDd");
        assert_eq!(mixed("abc"), "abc");
        assert_eq!(mixed("ABC"), "ABC");
        assert_eq!(mixed(""), "");
    }

    #[test]
    fn there_are_more_threads_than_cores() {
        let threads = |at_most| on_threads_enough(at_most, rayon::current_num_threads);
        assert_eq!(threads(usize::MAX), 2 * rayon::current_num_threads());
        assert_eq!((threads(0), threads(1)), (1, 1));
    }
}
