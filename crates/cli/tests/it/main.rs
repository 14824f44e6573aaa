//! The program as its users meet it: the real binary, made-up music, and judges that are not ours.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on must stop")]
#![allow(clippy::print_stdout, reason = "a test that is skipped says why")]

mod account;
mod account_kills;
mod account_secrets;
mod account_trouble;
mod adopt;
mod album_ids;
mod albums_of_servers;
mod any_subset;
mod as_before;
mod asked_again;
mod beside_the_tags;
mod bulletins;
#[cfg(unix)]
mod cache;
mod came_as;
mod changing;
mod collection;
mod companions;
#[cfg(unix)]
mod conformance;
mod contested;
mod convert;
mod cue_meaning;
mod cue_sheets;
mod dialogue;
#[cfg(target_os = "linux")]
mod disk_service;
mod doctor;
#[cfg(unix)]
mod down;
#[cfg(unix)]
mod drill;
mod elsewhere;
mod elsewhere_care;
mod explain;
mod export;
#[cfg(target_os = "linux")]
mod full_player;
mod home;
mod hostile;
mod image;
mod in_question;
mod inbox;
mod inbox_care;
mod inbox_later;
mod inbox_told;
mod inputs;
mod library;
mod links;
mod local_files;
mod lookup;
mod loudness;
mod mtp;
mod one_album;
mod online;
mod order_on_disk;
mod other_albums;
mod other_names;
mod outcomes;
mod places_for_everybody;
#[cfg(target_os = "linux")]
mod players;
mod podcast_pictures;
mod podcasts;
mod podcasts_at_once;
mod podcasts_older;
mod podcasts_taken;
mod podcasts_told;
mod podcasts_without_ids;
mod profiles;
mod program_words;
mod readings;
mod refresh;
mod retagged;
mod review;
mod rip;
mod rip_proof;
#[cfg(unix)]
mod same_look;
mod saved_albums;
mod shop;
mod sound;
mod source_add;
mod sources;
mod spoken;
mod survival;
mod sync;
mod told_by_albums;
mod two_at_once;
mod untagged;
mod ways_down;
mod whole_albums;
mod words;
