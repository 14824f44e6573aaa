//! Every place audio can come from, by name. A new source is one more line in [`sources`].

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ferrotape_domain::AudioSource;
use ferrotape_services::local_folder::LocalFolder;

/// A `--from` that names no source.
#[derive(Debug)]
pub struct NotASource {
    /// What was given.
    pub given: PathBuf,
    /// Why it is none.
    pub reason: io::Error,
}

/// The sources behind the given names; today every name is a folder.
///
/// Folders are made absolute so that their files keep their identity whatever folder the next run starts from. A
/// folder that is not there yet (an unplugged disk) is still a source: its listing will say that it cannot be asked.
pub fn sources(given: &[PathBuf]) -> Result<Vec<Arc<dyn AudioSource>>, NotASource> {
    let mut sources: Vec<Arc<dyn AudioSource>> = Vec::new();
    for name in given {
        let root = absolute(name).map_err(|reason| NotASource { given: name.clone(), reason })?;
        if !sources.iter().any(|known| known.root() == root) {
            sources.push(Arc::new(LocalFolder::new(root)));
        }
    }
    Ok(sources)
}

fn absolute(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize().or_else(|_| std::path::absolute(path))
}
