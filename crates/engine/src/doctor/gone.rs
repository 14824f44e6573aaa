//! Files that were there once. One that is not there was deleted, or lies on a disk that is not plugged in: nobody but the user
//! can tell. Who says that it is gone for good is told once what is lost with it, and is not alarmed by it again; what comes
//! back all the same is found by the next scan.

use std::path::PathBuf;

use ferrotape_store::KnownFile;

use super::lost::{Left, Lost, lost_with};
use super::{Finding, NAMED, bad};
use crate::{Context, EngineError};

/// Files that the user said are gone for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneForGood {
    /// Those that nobody had said it of before, in the order of their paths.
    pub files: Vec<PathBuf>,
    /// How many it had been said of.
    pub said_before: u64,
    /// What lists ask for and no file answers without them, or not all of it.
    pub lost: Vec<Lost>,
}

/// Takes it that the files at these paths, and below them, that are not there are gone for good.
pub fn take_as_gone(paths: &[PathBuf], context: &Context) -> Result<GoneForGood, EngineError> {
    let for_good = context.library.gone_for_good()?;
    let known = context.library.known_files()?;
    let is_meant = |file: &&KnownFile| {
        let is_gone = file.path.try_exists().is_ok_and(|is_there| !is_there);
        is_gone && paths.iter().any(|path| file.path.starts_with(path))
    };
    let (before, new): (Vec<&KnownFile>, Vec<&KnownFile>) =
        known.iter().filter(is_meant).partition(|file| for_good.contains(&file.file_id));
    let unmarked: Vec<i64> = new.iter().filter(|file| !file.missing).map(|file| file.file_id).collect();
    context.library.mark_missing(&unmarked)?;
    // What is lost is told now or never, so it is found out before they are settled.
    let lost = lost_with(&new, context)?;
    let ids: Vec<i64> = new.iter().map(|file| file.file_id).collect();
    context.library.mark_gone_for_good(&ids)?;
    let files = new.iter().map(|file| file.path.clone()).collect();
    Ok(GoneForGood { files, said_before: before.len() as u64, lost })
}

/// What there is to say of files that are not where they were and that nobody said to be gone for good.
pub(super) fn findings(not_there: &[&KnownFile], context: &Context) -> Result<Vec<Finding>, EngineError> {
    let (back, gone): (Vec<&KnownFile>, Vec<&KnownFile>) =
        not_there.iter().copied().partition(|file| file.path.exists());
    let mut findings = Vec::new();
    if let Some(files) = named(&back) {
        findings
            .push(bad("music files", format!("{files} there again – scan the folder, so that it is used")));
    }
    let Some(files) = named(&gone) else { return Ok(findings) };
    // A scan marks only what is missing from a folder that it could look through, so most likely somebody deleted it.
    let advice = match gone.iter().all(|file| file.missing) {
        true => {
            ", nor at the last scan of the folder – if you deleted that yourself, say so with \
             `ferrotape doctor --gone PATH`; else bring it back, or plug the disk in, and scan again"
        }
        false => " – plug the disk in and scan again",
    };
    findings.push(bad("music files", format!("{files} not there now{advice}")));
    let lost = lost_with(&gone, context)?;
    findings.extend(lost.iter().take(NAMED).map(|lost| bad("music files", says_of(lost))));
    if lost.len() > NAMED {
        let more = lost.len() - NAMED;
        let says = format!(
            "files of {more} more things that you want are gone, too, and nothing stands in for them"
        );
        findings.push(bad("music files", says));
    }
    Ok(findings)
}

/// What is lost, and what to do.
fn says_of(lost: &Lost) -> String {
    let (path, wanted) = (lost.path.display(), &lost.wanted);
    match &lost.left {
        Left::Nothing => {
            let anew = "`ferrotape shop --all` tells where to get it anew";
            format!("{path} was the only file of “{wanted}” – {anew}")
        }
        Left::Near => {
            let near = "only something near it is left – `ferrotape review` shows what";
            format!("{path} was the file of “{wanted}”, and {near}")
        }
        Left::Without(_) => {
            let tracks = lost.left.tracks_in_short();
            format!("“{wanted}” lacks {tracks} now, gone with {path} – bring it back, or get it anew")
        }
    }
}

/// The files as the beginning of a sentence; `None` where there are none.
fn named(files: &[&KnownFile]) -> Option<String> {
    let first = files.first()?.path.display();
    Some(match files.len() {
        1 => format!("{first}, seen before, is"),
        many => format!("{many} files seen before, the first of them {first}, are"),
    })
}
