//! Sound whose rate changes in the middle, brought to the rate it began with.

use crate::decode::Planes;
use crate::sound::resample::Resampler;

/// Follows the changes of one stream.
#[derive(Default)]
pub(crate) struct Following {
    /// The rate and channels of the last stretch.
    last: Option<(u32, usize)>,
    changes: u32,
    /// From the rate given to the first one.
    resampler: Option<(u32, Resampler)>,
    /// Samples that changed stretches had, less what they became.
    difference: i64,
    resampled: Planes,
}

impl Following {
    /// Appends `fresh`, which was recorded at `kind` (rate, channels), to `out` at the rate `wanted`.
    pub(crate) fn add(
        &mut self,
        kind: (u32, usize),
        wanted: u32,
        fresh: &mut Planes,
        out: &mut Planes,
    ) -> Result<(), String> {
        if self.last.is_some_and(|last| last != kind) {
            self.changes += 1;
        }
        self.last = Some(kind);
        if self.resampler.as_ref().is_some_and(|(rate, _)| *rate != kind.0) {
            self.finish(out)?;
        }
        if kind.0 == wanted {
            append(fresh, out);
            return Ok(());
        }
        let (_, resampler) = match &mut self.resampler {
            Some(running) => running,
            none => none.insert((kind.0, Resampler::new(kind.0, wanted, fresh.len())?)),
        };
        resampler.push(fresh, &mut self.resampled)?;
        self.difference += length(fresh) - length(&self.resampled);
        append(&mut self.resampled, out);
        fresh.iter_mut().for_each(Vec::clear);
        Ok(())
    }

    /// Appends what the last changed stretch still holds back to `out`.
    pub(crate) fn finish(&mut self, out: &mut Planes) -> Result<(), String> {
        let Some((_, mut resampler)) = self.resampler.take() else { return Ok(()) };
        resampler.finish(&mut self.resampled)?;
        self.difference -= length(&self.resampled);
        append(&mut self.resampled, out);
        Ok(())
    }

    /// How often rate or channels changed.
    pub(crate) fn changes(&self) -> u32 {
        self.changes
    }

    /// Samples that were decoded, where `given` of them came out.
    pub(crate) fn decoded(&self, given: u64) -> u64 {
        given.saturating_add_signed(self.difference)
    }
}

fn length(planes: &Planes) -> i64 {
    planes.first().map_or(0, |plane| plane.len() as i64)
}

/// Moves `from` behind what is in `to`.
fn append(from: &mut Planes, to: &mut Planes) {
    if to.iter().all(Vec::is_empty) {
        std::mem::swap(from, to);
    } else {
        to.resize_with(from.len(), Vec::new);
        to.iter_mut().zip(from.iter()).for_each(|(to, from)| to.extend_from_slice(from));
    }
    from.iter_mut().for_each(Vec::clear);
}
