//! What is done to samples between decoder and encoder.

pub(crate) mod downmix;
pub(crate) mod level;
pub(crate) mod loudness;
pub(crate) mod resample;
mod true_peak;
