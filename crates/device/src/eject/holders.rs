//! Who has something open on a player, as far as this user may see.

use std::path::Path;

use crate::detect::System;

/// Enough to know what to close.
const NAMED: usize = 5;
const LONGEST_NAME: usize = 64;

/// Programs with an open file or folder below the mount point: `mpv (process 1234)`.
pub(crate) fn holders(system: &System, mount: &Path) -> Vec<String> {
    let Ok(processes) = std::fs::read_dir(system.proc()) else { return Vec::new() };
    let folders = processes.flatten().map(|entry| entry.path());
    let holding = folders.filter_map(|folder| {
        let number: u32 = folder.file_name()?.to_str()?.parse().ok()?;
        holds(&folder, mount).then(|| format!("{} (process {number})", name(&folder)))
    });
    holding.take(NAMED).collect()
}

fn holds(process: &Path, mount: &Path) -> bool {
    let leads_there = |link: &Path| std::fs::read_link(link).is_ok_and(|target| target.starts_with(mount));
    let open = std::fs::read_dir(process.join("fd")).into_iter().flatten().flatten();
    ["cwd", "root", "exe"].iter().any(|link| leads_there(&process.join(link)))
        || open.map(|entry| entry.path()).any(|link| leads_there(&link))
}

fn name(process: &Path) -> String {
    let said = std::fs::read_to_string(process.join("comm")).unwrap_or_default();
    let name: String = said.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    if name.is_empty() { "a program".to_owned() } else { name }
}
