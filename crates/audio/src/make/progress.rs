//! Progress in steps worth a call.

use std::time::Duration;

/// Tells the caller how much was decoded, in steps worth a call.
pub(super) struct Progress<'a> {
    rate: u32,
    untold: usize,
    advanced: &'a mut dyn FnMut(Duration),
}

impl<'a> Progress<'a> {
    pub(super) fn new(rate: u32, advanced: &'a mut dyn FnMut(Duration)) -> Self {
        Self { rate: rate.max(1), untold: 0, advanced }
    }

    pub(super) fn add(&mut self, samples: usize) {
        self.untold += samples;
        if self.untold >= self.rate as usize {
            self.tell();
        }
    }

    fn tell(&mut self) {
        if self.untold > 0 {
            (self.advanced)(Duration::from_secs_f64(self.untold as f64 / f64::from(self.rate)));
            self.untold = 0;
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.tell();
    }
}
