//! The local folders that are named with `--from`. Places elsewhere are in `places`.

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
    path.canonicalize().or_else(|_| where_it_would_be(&std::path::absolute(path)?, MOST_LINKS))
}

/// More links lead in a circle.
const MOST_LINKS: u32 = 40;

/// Where a folder is that is not there now: its files are known below what links led to when it was.
fn where_it_would_be(path: &Path, links_left: u32) -> io::Result<PathBuf> {
    let (Some(around), Some(name)) = (path.parent(), path.file_name()) else { return Ok(path.to_owned()) };
    if links_left == 0 {
        return Ok(path.to_owned());
    }
    let around = around.canonicalize().or_else(|_| where_it_would_be(around, links_left - 1))?;
    match around.join(name).read_link() {
        Ok(to) => where_it_would_be(&around.join(to), links_left - 1),
        Err(_) => Ok(around.join(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_not_there_is_where_links_led_to() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let at = folder.path().canonicalize()?;
        std::os::unix::fs::symlink("disk/music", at.join("mine"))?;
        std::os::unix::fs::symlink(at.join("mine"), at.join("again"))?;
        std::os::unix::fs::symlink("round", at.join("round"))?;
        for name in ["disk/music", "disk/music/", "mine", "mine/", "again", "again/"] {
            let found = sources(&[at.join(name)]).map_err(|why| why.reason)?;
            let roots: Vec<PathBuf> = found.iter().map(|source| source.root()).collect();
            assert_eq!(roots, [at.join("disk/music")], "{name}");
        }
        assert!(sources(&[at.join("round"), at.join("mine/Live")]).is_ok_and(|all| all.len() == 2));
        Ok(())
    }
}
