//! A folder as the image of a CD: ISO 9660 with Joliet and Rock Ridge, made by `xorriso`.
//!
//! The image is written beside its place and renamed. What ferrotape keeps for itself stays out of it. Sound lies on the
//! disc in the order of the playlists and then of the paths: players that go by what was written first, go by that.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use ferrotape_domain::{Cancel, Event, Phase, Progress};

use crate::error::DeviceError;
use crate::root::OURS;
use crate::target::Target;

/// Of a CD for 80 minutes of music.
pub const CD_BYTES: u64 = 360_000 * 2_048;
/// Of a DVD with one layer.
pub const DVD_BYTES: u64 = 4_700_372_992;
/// Longest name of a volume.
const LONGEST_LABEL: usize = 16;
const LONGEST_MESSAGE: u64 = 4_000;

/// An image that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscImage {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Files on it.
    pub files: usize,
}

/// Makes an image of a folder that was filled, files of the user's in it included. `label` is the disc's name; the folder's where there is none.
pub fn make_image(
    target: &Target,
    image: &Path,
    label: Option<&str>,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<DiscImage, DeviceError> {
    let fault = |reason: String| DeviceError::NoImage { image: image.to_owned(), reason };
    if image.symlink_metadata().is_ok() {
        return Err(fault("something is there already; name another file, or remove it first".to_owned()));
    }
    let folder = target.path().canonicalize().map_err(|error| fault(error.to_string()))?;
    let absolute = in_real_folder(image).map_err(|error| fault(error.to_string()))?;
    if absolute.starts_with(&folder) {
        return Err(fault("it would lie in the folder it is made of; name a place outside".to_owned()));
    }
    let order = order_of(target);
    let label = label.map_or_else(|| label_of(&folder), in_label);
    let (part, weights) = (beside(&absolute, "part"), beside(&absolute, "order"));
    fs::write(&weights, weights_of(&order)).map_err(|error| fault(error.to_string()))?;
    progress.event(Event::Started { phase: Phase::Copy, total: None });
    let made = run(&folder, &part, (&label, &weights), (progress, cancel));
    let _ = fs::remove_file(&weights);
    progress.event(Event::Finished { phase: Phase::Copy });
    let published = made.and_then(|()| {
        let file = fs::File::open(&part).and_then(|file| file.sync_all().map(|()| file));
        let bytes = file.and_then(|file| file.metadata()).map_err(|error| error.to_string())?.len();
        fs::rename(&part, &absolute).map_err(|error| error.to_string())?;
        Ok(DiscImage { path: image.to_owned(), bytes, files: order.len() })
    });
    if published.is_err() {
        let _ = fs::remove_file(&part);
    }
    published.map_err(fault)
}

/// Its place without links and `..` on the way, so that it can be told whether it lies in the folder.
fn in_real_folder(image: &Path) -> io::Result<PathBuf> {
    let folder = crate::storage::parent_of(image).canonicalize()?;
    Ok(folder.join(image.file_name().unwrap_or_default()))
}

/// What is ours in the folder: tracks as the playlists name them, then the others, then the rest.
fn order_of(target: &Target) -> Vec<String> {
    let ledger = target.ledger();
    let manifest = &ledger.manifest;
    let named = manifest.playlists.values().flat_map(|list| &list.entries);
    let named = named.filter_map(|identity| manifest.files.get(identity)).map(|file| &file.path);
    let mut others: Vec<&String> = manifest.files.values().map(|file| &file.path).collect();
    others.sort();
    let lists = manifest.playlists.values().filter_map(|list| list.file.as_ref()).map(|file| &file.path);
    let beside = manifest.companions.values().filter(|one| one.file.is_some()).map(|one| &one.path);
    let mut seen = HashSet::new();
    named.chain(others).chain(lists).chain(beside).filter(|path| seen.insert(*path)).cloned().collect()
}

fn beside(image: &Path, what: &str) -> PathBuf {
    let mut name = image.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.{what}", std::process::id()));
    image.with_file_name(name)
}

/// Heavier files lie nearer to the beginning. No path of ours has a line's end in it.
fn weights_of(order: &[String]) -> String {
    order.iter().enumerate().map(|(at, path)| format!("{} /{path}\n", order.len() - at)).collect()
}

fn label_of(folder: &Path) -> String {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let label = in_label(&name);
    if label.is_empty() { "MUSIC".to_owned() } else { label }
}

/// Capital letters, digits and `_`, as ISO 9660 has them.
fn in_label(name: &str) -> String {
    let letters = any_ascii::any_ascii(name).to_uppercase();
    let kept = letters.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
    kept.take(LONGEST_LABEL).collect()
}

fn run(
    folder: &Path,
    part: &Path,
    (label, weights): (&str, &Path),
    (progress, cancel): (&dyn Progress, &Cancel),
) -> Result<(), String> {
    let mut command = Command::new("xorriso");
    command.args(["-as", "mkisofs", "-quiet", "-iso-level", "2", "-J", "-r", "-V", label]);
    command.args(["-m", OURS, "--sort-weight-list"]).arg(weights);
    command.arg("-o").arg(part).arg(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            "the program xorriso is not installed; install the package of that name, or burn the folder with a \
             program of yours, which makes the image itself"
                .to_owned()
        }
        _ => error.to_string(),
    })?;
    let listener = child.stderr.take().map(|stderr| std::thread::spawn(move || said(stderr)));
    let ended = wait(&mut child, part, progress, cancel);
    let said = listener.and_then(|listener| listener.join().ok()).unwrap_or_default();
    match ended {
        Ok(true) => Ok(()),
        Ok(false) => Err(format!("xorriso says: {said}")),
        Err(error) => Err(error),
    }
}

/// Whether it ended well.
fn wait(child: &mut Child, part: &Path, progress: &dyn Progress, cancel: &Cancel) -> Result<bool, String> {
    let mut shown = 0;
    loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => return Ok(status.success()),
            None if cancel.is_stopped() => {
                let _ = child.kill().and_then(|()| child.wait());
                return Err("stopped as you asked".to_owned());
            }
            None => {
                let bytes = part.metadata().map_or(shown, |part| part.len());
                let more = bytes.saturating_sub(shown);
                progress.event(Event::Advanced { phase: Phase::Copy, by: 0, bytes: more });
                shown = shown.max(bytes);
                sleep(Duration::from_millis(50));
            }
        }
    }
}

/// All of it is taken, or the program would wait for us; the end of it is kept.
fn said(mut stderr: impl Read) -> String {
    let mut text = Vec::new();
    let _ = (&mut stderr).take(LONGEST_MESSAGE).read_to_end(&mut text);
    let _ = io::copy(&mut stderr, &mut io::sink());
    let text = String::from_utf8_lossy(&text).into_owned();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.into_iter().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disc_is_called_in_capitals() {
        assert_eq!(in_label("Été – road trip"), "ETE___ROAD_TRIP");
        assert_eq!(label_of(Path::new("/")), "MUSIC");
    }
}
