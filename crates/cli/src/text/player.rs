//! Players, as text.

use std::path::Path;

use ferrotape_engine::device::{Ejected, FoundPlayer, Profiles};

use crate::output::{line, plain, size};

pub(crate) fn players(found: &[FoundPlayer]) {
    if found.is_empty() {
        line(
            "No player is mounted. Plug it in, set it to USB storage (MSC) and open it in your file manager.",
        );
    }
    for player in found {
        let read_only = if player.read_only { ", read-only" } else { "" };
        line(&format!(
            "{} at {}: {}, {} of {} free{read_only}",
            plain(&player.name()),
            plain(&player.mount.display().to_string()),
            player.file_system,
            size(player.bytes_free),
            size(player.bytes_total)
        ));
        let kind = match &player.profile {
            Some(profile) => format!("player  {}", plain(profile)),
            None if player.looks_like_one() => "player  perhaps".to_owned(),
            None => "player  no; it is filled only when it is named".to_owned(),
        };
        line(&format!("  {kind}: {}", plain(&player.why)));
        if let Some(id) = &player.volume_id {
            line(&format!("  volume  {}", plain(id)));
        }
    }
}

/// Every profile, those of the user's own included.
pub(crate) fn profiles(profiles: &Profiles, folder: &Path) {
    let widest = profiles.all().map(|profile| profile.name.len()).max().unwrap_or_default();
    for profile in profiles.all() {
        let sure = profile.confidence();
        line(&format!("{:<widest$}  {} ({sure})", plain(&profile.name), plain(&profile.title)));
    }
    line("\nWhat is known of one, and from where: ferrotape player show NAME");
    line(&format!("Your own are files in {}; `ferrotape player new NAME` begins one.", folder.display()));
}

/// Which player a run fills, where it was looked for.
pub(crate) fn filling(player: &FoundPlayer) {
    line(&format!(
        "Filling {} at {}, {} free",
        plain(&player.name()),
        plain(&player.mount.display().to_string()),
        size(player.bytes_free)
    ));
}

pub(crate) fn ejected(name: &str, ejected: &Ejected) {
    for remark in &ejected.remarks {
        line(&format!("  {}", plain(remark)));
    }
    line(&format!("It is safe to unplug {}.", plain(name)));
}
