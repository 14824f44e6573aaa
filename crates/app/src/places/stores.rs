//! The stores that links of searches are made for: `stores.toml` in the library's folder where the user has one, else the
//! list that comes with the program.

use std::path::{Path, PathBuf};

use ferrotape_domain::WantedKind;
use ferrotape_engine::shopping::Store;
use serde::Deserialize;

use super::settings::{SettingsError, read, write};

const FILE: &str = "stores.toml";
const BUILT_IN: &str = include_str!("stores.toml");
/// More would make a page of links.
const MOST: usize = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, rename = "store")]
    stores: Vec<WrittenStore>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenStore {
    name: String,
    url: String,
    #[serde(default)]
    kinds: Vec<String>,
}

/// The stores, in the order of the file.
pub fn stores(folder: &Path) -> Result<Vec<Store>, SettingsError> {
    let path = folder.join(FILE);
    let text = read(&path)?.unwrap_or_else(|| BUILT_IN.to_owned());
    parse(&text).map_err(|reason| SettingsError::Stores { path, reason })
}

/// Writes the list that comes with the program to where it can be edited, unless there is one; where, and whether it is
/// new.
pub fn stores_to_edit(folder: &Path) -> Result<(PathBuf, bool), SettingsError> {
    let path = folder.join(FILE);
    if read(&path)?.is_some() {
        return Ok((path, false));
    }
    write(&path, BUILT_IN).map_err(|source| SettingsError::Io { path: path.clone(), source })?;
    Ok((path, true))
}

fn parse(text: &str) -> Result<Vec<Store>, String> {
    let written: Written =
        toml::from_str(text).map_err(|error| error.to_string().trim().replace('\n', " "))?;
    if written.stores.len() > MOST {
        return Err(format!("there are more than {MOST} stores"));
    }
    written.stores.iter().map(store).collect()
}

fn store(written: &WrittenStore) -> Result<Store, String> {
    let kind = |word: &String| match WantedKind::from_word(word) {
        Some(kind @ (WantedKind::Recording | WantedKind::Release | WantedKind::Audiobook)) => Ok(kind),
        _ => Err(format!("{}: kinds are recording, release and audiobook", written.name)),
    };
    let kinds = written.kinds.iter().map(kind).collect::<Result<Vec<_>, _>>()?;
    Store::new(&written.name, &written.url, &kinds).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shop_stores_that_come_with_the_program_are_sound_and_can_be_edited()
    -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let built_in = stores(folder.path())?;
        assert!(built_in.len() >= 8);
        let (path, is_new) = stores_to_edit(folder.path())?;
        assert!(is_new && !stores_to_edit(folder.path())?.1);
        assert_eq!(stores(folder.path())?, built_in);
        std::fs::write(&path, "[[store]]\nname = 'Mine'\nurl = 'https://shop.example/{title}'\n")?;
        assert_eq!(stores(folder.path())?.iter().map(Store::name).collect::<Vec<_>>(), ["Mine"]);
        for bad in [
            "[[store]]\nname = 'Mine'\nurl = 'file:///{q}'\n",
            "[[store]]\nname = 'Mine'\nurl = 'https://shop.example/{q}'\nkinds = ['show']\n",
            "[[store]]\nname = 'Mine'\n",
            "nonsense",
        ] {
            std::fs::write(&path, bad)?;
            let said = stores(folder.path()).map_err(|error| error.to_string());
            assert!(said.as_ref().is_err_and(|says| says.contains("stores.toml")), "{bad}: {said:?}");
        }
        Ok(())
    }
}
