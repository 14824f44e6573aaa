//! Which offer is the wanted recording, and why. Pure: no I/O at all.
//!
//! Two steps. [`Index`] finds the few dozen files whose texts share words with what is wanted, whatever field the
//! words stand in. Then each is weighed: its texts are read in every sensible way (tags, swapped tags, artist inside
//! the title, file name and folders), and title, artist, album, playing time, version and ISRC each add or take points
//! with a sentence that says so. A difference that makes another recording *rejects*, however many points there are.
//!
//! The result is [`ferrotape_domain::Choice`]: chosen (above [`Policy::floor`] and clear of the next different
//! recording), review (a person must say; the sentence tells why), or none. The same input gives the same output on
//! any number of threads and in any order of the offers.
//!
//! Worked examples, wanted → file:
//!
//! | wanted | file | result |
//! |---|---|---|
//! | `Ember Railway`, 3:00 | `Ember Railway (Live)`, 3:41 | review: "live, but the plain recording is wanted", "41 s longer" |
//! | `Ember Railway - Live` | `Ember Railway`, same length | review: "not marked as live, which is wanted" |
//! | `Ember Railway` | `Ember Railway - 2014 Remaster`, same length | chosen: "same title", "a remaster of it" |
//! | `Ember (Tarn Bell Remix)` | `Ember - Lisk Remix` | review: "a remix, but another one" |
//! | `Sketches Vol. 4` | `Sketches Vol. 4.5` | none: numbers must agree |
//! | `Ember`, no length known | two files `Ember`, 3:20 and 4:20 | review: "they differ by 60 s" |
//! | `Ember`, no length known | `Ember` of another album, from a place for everybody | review: nothing proves that it is it |
//! | `Ember` by Oda Brenn | no tags, `04 - Oda Brenn - Ember.mp3`, same length | chosen: "read from the file name" |
//!
//! Where to look: `search` (which files are worth weighing), `readings` (titles, credits and file names taken apart),
//! `versions` (what texts claim to be, and the table of what may stand in for what), `classical` (works, movements and
//! who plays them), `texts` (folding, scripts, wrong encodings), `weighing` (points, objections, misspellings, sound, how
//! sure that makes), `deciding` (floor, margin, best copy; the tracks of a release together; saved albums), `spoken`
//! (podcasts and audiobooks, by rules of their own).
//! `docs/decisions/0005-matching.md` tells why it is so.

mod classical;
mod deciding;
mod policy;
mod question;
mod readings;
mod search;
pub mod spoken;
mod texts;
mod versions;
mod weighing;

pub use deciding::album::{
    choose_all, choose_all_and_hear, choose_all_with_near, explain, releases, siblings,
};
pub use deciding::one::choose;
pub use deciding::release::{ReleaseChoice, choose_release};
use ferrotape_domain::Choice;
pub use policy::{Allowed, Policy};
pub use question::{Explanation, Knowledge, Near, Question, Refused};
pub use readings::disc_folders::says_nothing_of_an_album;
pub use readings::folders::says_another_version;
pub use readings::one_title::are_one_title;
pub use readings::other_album::is_of_other_versions;
pub use search::index::{Index, IndexBuilder};
pub use versions::album_claims::album_tells_another_version;
pub use weighing::points::is_by_names_alone;
pub use weighing::sound::{Likeness, Overlay, likeness, near, worth_hearing};
pub use weighing::sound_names::{is_known_as_another, judged_by_sound_names};
