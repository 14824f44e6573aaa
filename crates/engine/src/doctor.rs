//! Doctor: is everything in order, and if not, what to do. Looks only; changes nothing, but what the user says of files that are
//! gone (`gone.rs`).

mod gone;
mod lost;

use std::collections::HashSet;
use std::path::Path;

use ferrotape_device::{MtpPlayer, Profile, Target};
use ferrotape_store::{Counts, KnownFile};

pub use gone::{GoneForGood, take_as_gone};
pub use lost::{Left, Lost};

use crate::scan::{BROKEN, IO, NOT_AUDIO, is_named_like_audio};
use crate::{Context, EngineError, size};

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether it is in order.
    pub good: bool,
    /// What was looked at.
    pub subject: String,
    /// What was found, and what to do when it is not in order.
    pub says: String,
}

/// Everything that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Examination {
    /// What the library holds.
    pub counts: Counts,
    /// The findings, in the order looked at.
    pub findings: Vec<Finding>,
}

/// Examines the library, and the player when one is named; `thorough` reads every file on it. For a device that speaks
/// MTP, `player` is the folder on this computer that belongs to it.
pub fn examine(
    player: Option<&Path>,
    mtp: Option<&MtpPlayer>,
    thorough: bool,
    context: &Context,
) -> Result<Examination, EngineError> {
    let mut counts = context.library.counts()?;
    let mut findings = Vec::new();
    let troubles = context.library.check();
    if troubles.is_empty() {
        findings.push(good("library", "the database is sound"));
    }
    findings.extend(troubles.into_iter().map(|trouble| bad("library", trouble)));
    findings.extend(source_findings(&mut counts, context)?);
    if let Some(root) = player {
        findings.extend(player_findings(root, mtp, thorough, context)?);
    }
    Ok(Examination { counts, findings })
}

/// Broken files that are named one by one.
const NAMED: usize = 10;

/// Looks where the files are now, which the library's counts, taken at the last scan, are made to agree with.
fn source_findings(counts: &mut Counts, context: &Context) -> Result<Vec<Finding>, EngineError> {
    let known = context.library.known_files()?;
    let is_gone = |file: &&KnownFile| file.missing || !file.path.exists();
    let gone: Vec<&KnownFile> = known.iter().filter(is_gone).collect();
    let paths: HashSet<&Path> = gone.iter().map(|file| file.path.as_path()).collect();
    let mut unreadable = context.library.unreadable_files(&[])?;
    unreadable.retain(|(path, kind, _)| {
        !paths.contains(path.as_path()) && (kind != NOT_AUDIO || is_named_like_audio(path))
    });
    counts.missing = gone.len() as u64;
    counts.unreadable = unreadable.iter().map(|(path, ..)| path).collect::<HashSet<_>>().len() as u64;
    let is_trouble = |kind: &str| kind == BROKEN || kind == IO;
    let (broken, others): (Vec<_>, Vec<_>) =
        unreadable.into_iter().partition(|(_, kind, _)| is_trouble(kind));
    let for_good = context.library.gone_for_good()?;
    let is_settled = |file: &&KnownFile| for_good.contains(&file.file_id) && !file.path.exists();
    let (settled, missed): (Vec<&KnownFile>, Vec<&KnownFile>) = gone.iter().copied().partition(is_settled);
    let mut findings = gone::findings(&missed, context)?;
    for (path, _, reason) in broken.iter().take(NAMED) {
        findings.push(bad("music files", format!("{}: {reason}", path.display())));
    }
    if broken.len() > NAMED {
        let more = broken.len() - NAMED;
        findings
            .push(bad("music files", format!("{more} more are broken – `ferrotape scan DIR` lists them")));
    }
    if !others.is_empty() {
        let files = if others.len() == 1 { "1 is" } else { &format!("{} are", others.len()) };
        let all = match (findings.is_empty(), settled.is_empty()) {
            (true, true) => "all are there; ",
            (true, false) => "all others are there; ",
            (false, _) => "",
        };
        let says =
            format!("{all}{files} of a format that cannot be decoded – `ferrotape scan DIR` says which");
        findings.push(good("music files", says));
    }
    if findings.is_empty() {
        let files = if settled.is_empty() { "known" } else { "other" };
        findings.push(good("music files", format!("all {files} files are there and readable")));
    }
    if !settled.is_empty() {
        let files = if settled.len() == 1 { "1 file is" } else { &format!("{} files are", settled.len()) };
        findings.push(good("music files", format!("{files} gone for good, as you said")));
    }
    let mut doubted = context.library.doubted_sheets(&[])?;
    doubted.retain(|(path, _)| !paths.contains(path.as_path()));
    let more = doubted.len().saturating_sub(NAMED);
    for (path, doubt) in doubted.iter().take(NAMED) {
        findings.push(bad("cue sheets", format!("{}: {}", path.display(), doubt.why)));
    }
    if more > 0 {
        findings.push(bad("cue sheets", format!("those of {more} more files contradict each other, too")));
    }
    Ok(findings)
}

fn player_findings(
    root: &Path,
    mtp: Option<&MtpPlayer>,
    thorough: bool,
    context: &Context,
) -> Result<Vec<Finding>, EngineError> {
    if mtp.is_none() && !root.is_dir() {
        let says = "it is not there – check the path, or plug the player in and mount it";
        return Ok(vec![bad(&root.display().to_string(), says)]);
    }
    let target = match mtp {
        Some(player) => Target::preview_mtp(player, root, Profile::generic())?,
        None => Target::preview(root, Profile::generic())?,
    };
    let subject = target.path().display().to_string();
    if target.is_new() {
        return Ok(vec![bad(&subject, without_list(&target, root)?)]);
    }
    let troubles = target.verify(thorough, context.progress, context.cancel)?;
    let mut findings: Vec<Finding> = target.remarks().iter().map(|remark| bad(&subject, remark)).collect();
    if troubles.is_empty() {
        let files = match target.file_count() {
            1 => "1 file of ours, as it was written".to_owned(),
            many => format!("{many} files of ours, all as they were written"),
        };
        findings.push(good(&subject, files));
    }
    findings.extend(troubles.into_iter().map(|trouble| bad(&subject, trouble)));
    // That of a device that speaks MTP lies on this computer.
    if mtp.is_none() {
        findings.extend(trash_finding(&target, &subject)?);
    }
    Ok(findings)
}

/// The trash takes room on the player, and nobody looks into a folder whose name begins with a dot.
fn trash_finding(target: &Target, subject: &str) -> Result<Option<Finding>, EngineError> {
    let trash = target.trashed()?;
    let bytes: u64 = trash.iter().map(|file| file.bytes).sum();
    let files = match trash.len() {
        0 => return Ok(None),
        1 => "1 file".to_owned(),
        many => format!("{many} files"),
    };
    let says = format!(
        "its trash (.ferrotape/trash) holds {files}, {} – `ferrotape convert … --delete` makes room of it where there is \
         too little; deleting that folder yourself is safe, too",
        size(bytes)
    );
    Ok(Some(good(subject, says)))
}

/// What is said of a place where there is no list of what ferrotape put there.
fn without_list(target: &Target, root: &Path) -> Result<String, EngineError> {
    // Which profile it is filled by is written down only once the plan is agreed to.
    if let Some(id) = target.filled_by() {
        return Ok(format!(
            "another ferrotape (process {id}) is filling it for the first time – ask again when that has finished"
        ));
    }
    // It says by which profile it was filled, and no more by what.
    let was_filled = root.join(".ferrotape/player").exists();
    if !was_filled {
        return Ok("ferrotape finds nothing there that it put there – check the path, or mount the player"
            .to_owned());
    }
    Ok(match target.is_begun()? {
        true => {
            "its first filling was cut short before there was a list of it – run the same convert again: it goes on from there"
        }
        false => {
            "the list of what ferrotape put there (.ferrotape/manifest.json) is gone, so all of it counts as yours – \
             `ferrotape player adopt` finds what you want among it, before anything is put there twice"
        }
    }
    .to_owned())
}

impl Finding {
    /// Something that is not in order.
    pub fn bad(subject: impl Into<String>, says: impl Into<String>) -> Self {
        Self { good: false, subject: subject.into(), says: says.into() }
    }
}

fn good(subject: &str, says: impl Into<String>) -> Finding {
    Finding { good: true, subject: subject.to_owned(), says: says.into() }
}

fn bad(subject: &str, says: impl Into<String>) -> Finding {
    Finding::bad(subject, says)
}
