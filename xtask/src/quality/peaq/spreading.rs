//! Spreading over frequency: a loud band excites its neighbours, the higher ones the more the louder it is.
//!
//! Each band's power is first divided over all bands so that nothing is gained, then powers are added as the ear adds
//! them, with an exponent of 0.4. Done directly this is a table of 109 × 109 per frame that depends on the level; the
//! slopes are geometric, so running products do the same.

use super::bands::{BANDS, Bands, RESOLUTION, decibels};

const ADDING: f64 = 0.4;
/// How steeply the excitation falls towards lower bands: 27 dB a Bark.
const FALL_BELOW_DB: f64 = 27.0;

/// What the spreading needs of each band.
pub(super) struct Spreading {
    /// The fall towards higher bands, per band, but for its part that depends on the level.
    rise: Bands,
    /// The sum of what a band gives to those below it and itself.
    below: Bands,
    /// What the spreading makes of equal powers of one.
    level: Bands,
}

impl Spreading {
    pub(super) fn new(centres_hz: &Bands) -> Self {
        let fall = decibels(-FALL_BELOW_DB * RESOLUTION);
        let mut this = Self {
            rise: centres_hz.map(|hz| decibels((-24.0 - 230.0 / hz) * RESOLUTION)),
            below: std::array::from_fn(|band| (1.0 - fall.powi(band as i32 + 1)) / (1.0 - fall)),
            level: [1.0; BANDS],
        };
        this.level = this.spread(&[1.0; BANDS]);
        this
    }

    pub(super) fn spread(&self, powers: &Bands) -> Bands {
        let mut shares = [0.0; BANDS];
        let mut slopes = [0.0; BANDS];
        for (band, &power) in powers.iter().enumerate() {
            let slope = self.rise[band] * power.powf(0.2 * RESOLUTION);
            let above = (1.0 - slope.powi((BANDS - band) as i32)) / (1.0 - slope);
            shares[band] = (power / (self.below[band] + above - 1.0)).powf(ADDING);
            slopes[band] = slope.powf(ADDING);
        }
        let mut spread = shares;
        let fall = decibels(-FALL_BELOW_DB * RESOLUTION).powf(ADDING);
        let mut from_above = 0.0;
        for (place, share) in spread.iter_mut().zip(&shares).rev() {
            from_above = fall * from_above + share;
            *place = from_above;
        }
        for (band, (&share, &slope)) in shares.iter().zip(&slopes).enumerate() {
            let mut reaching = share;
            for place in spread.iter_mut().skip(band + 1) {
                reaching *= slope;
                *place += reaching;
            }
        }
        for (place, level) in spread.iter_mut().zip(&self.level) {
            *place = place.powf(1.0 / ADDING) / level;
        }
        spread
    }
}
