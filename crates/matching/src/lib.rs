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
//! | `Ember` by Oda Brenn | no tags, `04 - Oda Brenn - Ember.mp3`, same length | chosen: "read from the file name" |
//!
//! Where to look: `versions` (the table of what may stand in for what), `claims` and `album_claims` (what texts claim),
//! `version_words`, `album_words`, `languages` (the words), `title` (titles taken apart), `classical` (works and
//! movements), `performers` (who plays them), `scripts` (other spellings), `mojibake`, `aliases` (renamed artists),
//! `fit` (same title?), `names` (same artist?), `score` (points), `decide` (floor, margin, best copy), `sound` (copies and
//! others by what was heard), `album`
//! (siblings), `release` (saved albums). `docs/decisions/0005-matching.md` tells why it is so.

mod album;
mod album_claims;
mod album_in_title;
mod album_words;
mod aliases;
mod assignment;
mod calibration;
mod claims;
mod classical;
mod classical_reader;
mod classical_words;
mod collection;
mod composers;
mod decide;
mod describe;
mod evidence;
mod file_names;
mod fit;
mod index;
mod kinds;
mod languages;
mod misspelling;
mod mojibake;
mod names;
mod normalise;
mod numerals;
mod objection;
mod paths;
mod performers;
mod phrases;
mod points;
mod policy;
mod question;
mod release;
mod score;
mod scripts;
mod sound;
mod title;
mod typos;
mod version_words;
mod versions;
mod wanted_texts;

pub use album::{choose_all, choose_all_with_near, explain, siblings};
pub use decide::choose;
use ferrotape_domain::Choice;
pub use index::{Index, IndexBuilder};
pub use policy::{Allowed, Policy};
pub use question::{Explanation, Knowledge, Near, Question, Refused};
pub use release::{ReleaseChoice, choose_release};
pub use sound::{Likeness, Overlay, likeness, near, worth_hearing};
