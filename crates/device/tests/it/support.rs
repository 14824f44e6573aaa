//! Made-up tracks, a stand-in for the engine, and a look at a whole folder.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, SystemTime};

use ferrotape_device::{
    Desired, DesiredPlaylist, DesiredTrack, DeviceError, PlannedWrite, Profile, Receipt, Shelf, SyncPlan,
    Target,
};
use ferrotape_domain::TagSet;
use twox_hash::XxHash3_128;

pub(crate) fn track(identity: &str, artist: &str, album: &str, number: u32, title: &str) -> DesiredTrack {
    let tags = TagSet {
        title: Some(title.to_owned()),
        artists: vec![artist.to_owned()],
        album: (!album.is_empty()).then(|| album.to_owned()),
        track_number: Some(number),
        ..TagSet::default()
    };
    of_tags(identity, tags)
}

pub(crate) fn of_tags(identity: &str, tags: TagSet) -> DesiredTrack {
    DesiredTrack {
        identity: identity.to_owned(),
        recipe: format!("{identity} v1"),
        label: format!("{} - {}", tags.artists.join(", "), tags.title.as_deref().unwrap_or("?")),
        tags,
        shelf: Shelf::Music,
        expected_bytes: 2_000,
        duration: Some(Duration::from_millis(61_400)),
        worth: 0,
        can_be_made: true,
    }
}

/// Four tracks on two playlists; the second names one of them twice.
pub(crate) fn small_library() -> Desired {
    Desired {
        tracks: vec![
            track("id-gull", "Nordlys", "Harbour", 1, "Gull"),
            track("id-tide", "Nordlys", "Harbour", 2, "Tide"),
            track("id-ash", "Ada Fjell", "", 0, "Ash"),
            track("id-oak", "Ada Fjell", "Woods", 7, "Oak"),
        ],
        playlists: vec![playlist("p1", "Evening", &[1, 0]), playlist("p2", "Walk", &[2, 3, 2, 0])],
        keep_other_playlists: false,
        delete_for_good: false,
        ..Desired::default()
    }
}

pub(crate) fn playlist(key: &str, name: &str, entries: &[usize]) -> DesiredPlaylist {
    DesiredPlaylist {
        key: key.to_owned(),
        name: name.to_owned(),
        entries: entries.to_vec(),
        write_file: true,
    }
}

/// Stands in for a converted file: its bytes depend on the recipe alone.
pub(crate) fn bytes_of(recipe: &str) -> Vec<u8> {
    recipe.bytes().cycle().take(500 + recipe.len() * 7).collect()
}

pub(crate) fn open(root: &Path) -> Target {
    Target::open(root, Profile::generic()).unwrap()
}

/// As whoever makes a file tells it.
pub(crate) fn sum_of(bytes: &[u8]) -> String {
    format!("{:032x}", XxHash3_128::oneshot(bytes))
}

/// Makes a file that waits for its name.
pub(crate) fn publish(target: &Target, write: &PlannedWrite) -> Result<(), DeviceError> {
    let bytes = bytes_of(&write.recipe);
    let mut staged = target.stage(write)?;
    staged.file_mut().write_all(&bytes).unwrap();
    target.publish(staged, write, bytes.len() as u64, &sum_of(&bytes))
}

/// Makes a file and puts it in its place.
pub(crate) fn put(target: &Target, write: &PlannedWrite) -> Result<(), DeviceError> {
    publish(target, write)?;
    target.place_rest().into_iter().next().map_or(Ok(()), |unplaced| Err(unplaced.error))
}

/// Performs a plan as the engine does.
pub(crate) fn perform(target: &Target, plan: &SyncPlan) -> Receipt {
    target.carry_along(plan);
    target.begin(plan);
    assert!(target.rename_all(&plan.renames).unwrap().is_empty());
    plan.writes.iter().for_each(|write| publish(target, write).unwrap());
    plan.removals.iter().for_each(|removal| drop(target.remove(removal).unwrap()));
    target.finish(plan).unwrap()
}

/// Opens, plans, performs.
pub(crate) fn sync(root: &Path, desired: &Desired) -> (SyncPlan, Receipt) {
    let target = open(root);
    let plan = target.plan(desired).unwrap();
    let receipt = perform(&target, &plan);
    (plan, receipt)
}

/// Every file and folder below a root with its time and bytes, ours included.
pub(crate) fn snapshot(root: &Path) -> BTreeMap<String, (SystemTime, Option<Vec<u8>>)> {
    let mut found = BTreeMap::new();
    walk(root, root, &mut found);
    found
}

fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, (SystemTime, Option<Vec<u8>>)>) {
    let name = folder.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
    found.insert(name, (folder.metadata().unwrap().modified().unwrap(), None));
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, found);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let modified = path.metadata().unwrap().modified().unwrap();
            found.insert(name, (modified, Some(std::fs::read(&path).unwrap())));
        }
    }
}

/// The files that a player shows: everything outside our own folder.
pub(crate) fn visible(root: &Path) -> Vec<String> {
    let (mut found, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.retain(|path| !path.starts_with(".ferrotape"));
    found.sort();
    found
}

/// Paths (where they were) of everything in the trash.
pub(crate) fn trashed(target: &Target) -> Vec<String> {
    target.trashed().unwrap().into_iter().map(|file| file.was).collect()
}
