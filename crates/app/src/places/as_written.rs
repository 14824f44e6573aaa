//! What can be told of settings that cannot be read as a whole: where the collection is, so that files are filed on.

use std::path::{Path, PathBuf};

use super::settings::{FILE, Places, read};

impl Places {
    /// The folder of the collection as far as the settings say it beyond doubt, even where something else in them is
    /// wrong; `None` where it may be another than it seems.
    pub fn collection_as_written(folder: &Path) -> Option<PathBuf> {
        let text = read(&folder.join(FILE)).ok()?.unwrap_or_default();
        // What stands above the sources.
        let is_own = |line: &&str| !line.is_empty() && !line.starts_with('#');
        let above = text.lines().map(str::trim).take_while(|line| !line.starts_with('[')).filter(is_own);
        let mut collection = None;
        for line in above {
            let table: toml::Table = line.parse().ok()?;
            // Another word may be a slip of the pen for this one.
            let (word, value) = table.iter().next()?;
            if word == "contact" {
                continue;
            }
            collection = Some(PathBuf::from(value.as_str().filter(|_| word == "collection")?));
        }
        Some(collection.unwrap_or_else(|| folder.join("collection")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_collection_is_known_where_nothing_about_it_is_in_doubt() -> Result<(), std::io::Error> {
        let folder = tempfile::tempdir()?;
        let usual = folder.path().join("collection");
        assert_eq!(Places::collection_as_written(folder.path()), Some(usual.clone()));
        for (text, is) in [
            ("# mine\n\ncollection = \"/mnt/music\"\n[[source]\n", Some(PathBuf::from("/mnt/music"))),
            ("[[source]]\nkind = \"napster\"\n", Some(usual)),
            ("colection = \"/mnt/music\"\n", None),
            ("collection = \"/mnt/music\n", None),
            ("collection = 3\n", None),
        ] {
            std::fs::write(folder.path().join(FILE), text)?;
            assert_eq!(Places::collection_as_written(folder.path()), is, "{text}");
        }
        Ok(())
    }
}
