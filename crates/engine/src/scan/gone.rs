//! What a run finds gone that looks through no folder: it would wait for a file that somebody deleted as for a disk that is not
//! plugged in, and ask no place for it.

use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use ferrotape_store::KnownFile;

use crate::gather::finish_naming;
use crate::same_file::stamp_of;
use crate::{Context, EngineError};

/// Marks the known files below these folders that were taken away by themselves (`is_gone`), and tells of them. What may lie on a
/// disk that is away stays as it was, and what was away and is there again as it was counts again.
pub(crate) fn mark_gone(
    roots: &[PathBuf],
    collection: Option<&Path>,
    context: &Context,
) -> Result<(), EngineError> {
    let known = context.library.known_files()?;
    for root in roots.iter().filter(|root| root.is_dir()) {
        if let Err(error) = finish_naming(root) {
            context.warn(root.display().to_string(), error.to_string());
            continue;
        }
        let below = known.iter().filter(|file| file.path.starts_with(root));
        let (missed, counted): (Vec<&KnownFile>, Vec<&KnownFile>) = below.partition(|file| file.missing);
        let back: Vec<i64> =
            missed.into_iter().filter(|file| is_as_it_was(file)).map(|file| file.file_id).collect();
        context.library.mark_there(&back)?;
        let (mut gone, mut there) = (Vec::new(), Folders::new());
        for file in counted {
            if context.cancel.is_stopped() {
                return Err(EngineError::Interrupted);
            }
            // A link that leads nowhere is there; what it leads to is away.
            match file.path.symlink_metadata() {
                Ok(_) => there.extend(folders_of(&file.path, root)),
                Err(error) if error.kind() == ErrorKind::NotFound => gone.push(file),
                Err(_) => {}
            }
        }
        gone.retain(|file| is_gone(&file.path, root, (collection == Some(root.as_path()), &there)));
        if let Some(first) = gone.first() {
            let ids: Vec<i64> = gone.iter().map(|file| file.file_id).collect();
            context.library.mark_missing(&ids)?;
            context.warn(root.display().to_string(), told(gone.len(), &first.path));
        }
    }
    Ok(())
}

/// Folders in which known files are, and whether they lie in the folder itself.
type Folders<'p> = HashSet<(&'p Path, bool)>;

/// The folder of a file, and those above it below `root`.
fn folders_of<'p>(path: &'p Path, root: &Path) -> impl Iterator<Item = (&'p Path, bool)> {
    let above =
        path.ancestors().skip(1).take_while(move |folder| *folder != root && folder.starts_with(root));
    let own = path.parent().map(|folder| (folder, true));
    own.into_iter().chain(above.map(|folder| (folder, false)))
}

/// Whether a file that is not there was taken away by itself: another that is known lies beside it. An empty folder, or one that
/// is not there, may be where a disk is when it is plugged in. In our own collection a folder that is there, or has others
/// of its files somewhere below it, is enough: what is mounted is all of it, or a folder that has them all.
fn is_gone(path: &Path, root: &Path, (is_collection, there): (bool, &Folders<'_>)) -> bool {
    let has_others = path.parent().is_some_and(|folder| there.contains(&(folder, true)));
    let is_in_ours = || {
        let mut above = folders_of(path, root).filter(|(_, is_own)| !is_own);
        let own = path.parent().is_some_and(|folder| folder != root && folder.is_dir());
        own || above.any(|folder| there.contains(&folder))
    };
    has_others || is_collection && is_in_ours()
}

fn is_as_it_was(file: &KnownFile) -> bool {
    file.path.metadata().is_ok_and(|now| now.is_file() && stamp_of(&now).agrees_with(&file.stamp()))
}

fn told(files: usize, first: &Path) -> String {
    let first = first.display();
    match files {
        1 => {
            format!("a file is gone that was here at the last scan: {first}; it counts again when it is back")
        }
        _ => format!(
            "{files} files are gone that were here at the last scan, the first of them {first}; they count again when they are back"
        ),
    }
}
