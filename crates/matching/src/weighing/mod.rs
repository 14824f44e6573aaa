//! How well one file fits: points, objections, and how sure that makes.

pub(crate) mod advisory;
pub(crate) mod by_album;
pub(crate) mod calibration;
pub(crate) mod descriptions;
pub(crate) mod evidence;
pub(crate) mod fit;
pub(crate) mod for_many;
pub(crate) mod guests;
pub(crate) mod held;
pub(crate) mod kinds;
pub(crate) mod lengths;
pub(crate) mod marks;
pub(crate) mod misspelling;
pub(crate) mod objection;
pub(crate) mod other_name;
pub(crate) mod part_title;
pub(crate) mod partners;
pub(crate) mod place;
pub(crate) mod points;
pub(crate) mod sound;
pub(crate) mod sound_names;
pub(crate) mod unproven;
pub(crate) mod weigh;
