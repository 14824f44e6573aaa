//! What a run finds gone that looks through no folder: it would wait for a file that somebody deleted as for a disk that is not
//! plugged in, and ask no place for it.

use std::path::{Path, PathBuf};

use ferrotape_store::KnownFile;

use crate::gather::finish_naming;
use crate::{Context, EngineError};

/// Marks the known files below these folders that are not there though the folder that they lay in is, and tells of them. What may
/// lie on a disk that is away stays as it was.
pub(crate) fn mark_gone(
    roots: &[PathBuf],
    collection: Option<&Path>,
    context: &Context,
) -> Result<(), EngineError> {
    let known = context.library.known_files()?;
    for root in roots.iter().filter(|root| root.is_dir()) {
        finish_naming(root)?;
        let below = known.iter().filter(|file| !file.missing && file.path.starts_with(root));
        let (not_there, others): (Vec<&KnownFile>, Vec<&KnownFile>) =
            below.partition(|file| file.path.try_exists().is_ok_and(|is_there| !is_there));
        let is_collection = collection == Some(root.as_path());
        let is_gone = |file: &&KnownFile| match nearest_folder(&file.path, root) {
            // No disk is mounted within our own folder, so what is left of it is there.
            Some(folder) if is_collection && folder != root => true,
            Some(folder) => !others.is_empty() && holds_something(folder),
            None => false,
        };
        let gone: Vec<&KnownFile> = not_there.into_iter().filter(is_gone).collect();
        if let Some(first) = gone.first() {
            let ids: Vec<i64> = gone.iter().map(|file| file.file_id).collect();
            context.library.mark_missing(&ids)?;
            context.warn(root.display().to_string(), told(gone.len(), &first.path));
        }
    }
    Ok(())
}

/// The folder of a file, or what is left of the folders above it.
fn nearest_folder<'p>(path: &'p Path, root: &Path) -> Option<&'p Path> {
    path.ancestors().skip(1).take_while(|folder| folder.starts_with(root)).find(|folder| folder.is_dir())
}

/// An empty folder may be where a disk is mounted that is not there.
fn holds_something(folder: &Path) -> bool {
    folder.read_dir().is_ok_and(|mut entries| entries.next().is_some())
}

fn told(files: usize, first: &Path) -> String {
    let first = first.display();
    match files {
        1 => format!(
            "a file is gone that was here at the last scan: {first}; it counts again once a scan finds it"
        ),
        _ => format!(
            "{files} files are gone that were here at the last scan, the first of them {first}; they count again once a scan finds them"
        ),
    }
}
