//! The words of ferrotape and the ports between its rooms.
//!
//! Everything here is plain data and a few small traits, with MusicBrainz's meanings (see the glossary of
//! ARCHITECTURE.md). Nothing does I/O, nothing is serialised: rows, JSON and wire types live at the edges.

mod account;
mod catalogue;
mod choice;
mod contact;
mod counted;
mod credit;
mod decision;
mod disc;
mod fault;
mod feed;
mod ids;
mod loudness;
mod offer;
mod origins;
mod outcome;
mod ports;
mod purchase;
mod register;
mod release_kind;
mod silent_tags;
mod sound;
mod tags;
mod telling;
mod wanted;

pub use account::{AccountAnswer, AccountPart, AccountSource, AnswerCache, Pulled};
pub use catalogue::{
    Asked, Catalogue, FETCHING, Fetched, ListsAll, PODCASTS, PRIVATE_FEED, Pictures, Provenance, RemoteOffer,
    Rights, Searches, Sums, is_own_place,
};
pub use choice::{Choice, Evidence, Match, Objection};
pub use contact::{Hold, Incident, KeptAnswer, ServiceMemory, Standing};
pub use counted::{announces_a_number, numbers_in, numbers_in_front, without_name_behind};
pub use credit::{ArtistCredit, CreditedArtist, one_name_holds_the_other};
pub use decision::{Decision, Verdict};
pub use disc::{DiscContents, DiscReader, DiscRegister, DiscToc, DiscTrack, RipCheck};
pub use fault::{DISK, Fault, FaultKind, Lookup};
pub use feed::{may_hold_a_key, path_of_address};
pub use ids::{Isrc, Mbid, NotAnId, SpotifyId, SpotifyKind, SpotifyUri};
pub use loudness::{Loudness, LoudnessCounts, SILENCE_LUFS, lufs};
pub use offer::{AudioFacts, AudioFormat, COPY_APART, ContentId, Offer, Part, last_as_long};
pub use origins::{Origins, letters_of};
pub use outcome::Outcome;
pub use ports::{
    AudioSource, Cancel, Event, LinkLookup, ListedFile, Listing, Phase, Progress, Silent, Unlisted,
};
pub use purchase::{Advice, Price, ShopAdvice, ShopLink, ShopLinkKind};
pub use register::{
    CoverArchive, Fact, FoundLyrics, Known, KnownBy, LyricsArchive, MayKnow, RecordingRegister, SoundName,
    SoundRegister, SungTrack,
};
pub use release_kind::{ReleaseKind, ReleaseKinds};
pub use silent_tags::{are_other_artists, is_placeholder, says_no_album, says_no_artist, says_no_title};
pub use sound::{Health, Heard};
pub use tags::{Advisory, Carried, Chapter, Cover, MoreTags, Players, ReplayGain, SyncedLyrics, TagSet};
pub use telling::{
    is_published_once, month_of, names_a_weekday, said_beside_numbers, says_nothing_of_its_own,
};
pub use wanted::{
    FileAccount, ImportProblem, Noted, Play, PlaySource, PlaylistEntry, PlaylistKind, Wanted, WantedKind,
    WantedPlaylist, Wishlist, feed_key,
};
