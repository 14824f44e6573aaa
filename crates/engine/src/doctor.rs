//! Doctor: is everything in order, and if not, what to do. Looks only; changes nothing.

use std::path::Path;

use ferrotape_device::{MtpPlayer, Profile, Target};
use ferrotape_store::Counts;

use crate::{Context, EngineError};

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
    let counts = context.library.counts()?;
    let mut findings = Vec::new();
    let troubles = context.library.check();
    if troubles.is_empty() {
        findings.push(good("library", "the database is sound"));
    }
    findings.extend(troubles.into_iter().map(|trouble| bad("library", trouble)));
    findings.extend(source_findings(context)?);
    if let Some(root) = player {
        findings.extend(player_findings(root, mtp, thorough, context)?);
    }
    Ok(Examination { counts, findings })
}

fn source_findings(context: &Context) -> Result<Vec<Finding>, EngineError> {
    let gone = context.library.known_files()?.into_iter().filter(|file| file.missing).count();
    let broken =
        context.library.unreadable_files(&[])?.into_iter().filter(|(_, kind, _)| kind == "broken").count();
    let mut findings = Vec::new();
    if gone > 0 {
        let files =
            if gone == 1 { "1 file seen before is" } else { &format!("{gone} files seen before are") };
        let says = format!("{files} not there now – plug the disk in and scan again");
        findings.push(bad("music files", says));
    }
    if broken > 0 {
        let files = if broken == 1 { "1 audio file is" } else { &format!("{broken} audio files are") };
        let says = format!("{files} broken – `ferrotape scan DIR` lists them with the reason");
        findings.push(bad("music files", says));
    }
    let others = context.library.unreadable_files(&[])?.len() - broken;
    if findings.is_empty() && others > 0 {
        let files = if others == 1 { "1 is" } else { &format!("{others} are") };
        let says = format!(
            "all are there; {files} of a format that cannot be decoded – `ferrotape scan DIR` says which"
        );
        findings.push(good("music files", says));
    }
    if findings.is_empty() {
        findings.push(good("music files", "all known files are there and readable"));
    }
    Ok(findings)
}

fn player_findings(
    root: &Path,
    mtp: Option<&MtpPlayer>,
    thorough: bool,
    context: &Context,
) -> Result<Vec<Finding>, EngineError> {
    let target = match mtp {
        Some(player) => Target::preview_mtp(player, root, Profile::generic())?,
        None => Target::preview(root, Profile::generic())?,
    };
    let subject = target.path().display().to_string();
    if target.is_new() {
        // It says by which profile it was filled, and no more by what.
        let was_filled = root.join(".ferrotape/player").exists();
        let says = match was_filled {
            true => {
                "the list of what ferrotape put there (.ferrotape/manifest.json) is gone, so all of it counts as yours – \
                 `ferrotape player adopt` finds what you want among it, before anything is put there twice"
            }
            false => "ferrotape has put nothing there – check the path, or mount the player",
        };
        return Ok(vec![bad(&subject, says)]);
    }
    let troubles = target.verify(thorough, context.progress, context.cancel)?;
    if troubles.is_empty() {
        let says = format!("{} files of ours, all as they were written", target.file_count());
        return Ok(vec![good(&subject, says)]);
    }
    Ok(troubles.into_iter().map(|trouble| bad(&subject, trouble)).collect())
}

fn good(subject: &str, says: impl Into<String>) -> Finding {
    Finding { good: true, subject: subject.to_owned(), says: says.into() }
}

fn bad(subject: &str, says: impl Into<String>) -> Finding {
    Finding { good: false, subject: subject.to_owned(), says: says.into() }
}
