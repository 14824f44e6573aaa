//! The stores that links of searches are made for: `stores.toml` in the library's folder where the user has one, else the
//! list that comes with the program.

use std::path::{Path, PathBuf};

use ferrotape_domain::WantedKind;
use ferrotape_engine::shopping::Store;
use toml::de::{DeTable, DeValue};

use super::settings::{SettingsError, read, write};
use super::written::{Value, Wrong, at_line, quoted, texts};

const FILE: &str = "stores.toml";
const BUILT_IN: &str = include_str!("stores.toml");
/// More would make a page of links.
const MOST: usize = 100;

const FORM: &str = "this cannot be read. A store is a line [[store]] and below it lines such as name = \"A shop\" and url = \
                    \"https://shop.example/search?q={q}\", each with one word, = and a text in double quotes";
const ABOVE: &str = "each store begins with a line [[store]]";
const WORDS: &str = "a store has the words name, url and kinds";
const KINDS: &str =
    "its kinds are a list of recording, release and audiobook, such as kinds = [\"recording\"]";

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
    let at = |(place, says): Wrong| at_line(text, place, &says);
    let root = DeTable::parse(text)
        .map_err(|error| at((error.span().map_or(0, |span| span.start), FORM.to_owned())))?;
    let mut stores = Vec::new();
    for (word, value) in root.get_ref() {
        let wrong = |says: String| at((word.span().start, says));
        match (word.get_ref().as_ref(), value.get_ref()) {
            ("store", DeValue::Array(all)) if all.len() > MOST => {
                return Err(wrong(format!("there are more than {MOST} stores")));
            }
            ("store", DeValue::Array(all)) => {
                let numbered = (1..).zip(all.iter());
                stores = numbered
                    .map(|(number, value)| store(number, value))
                    .collect::<Result<_, _>>()
                    .map_err(at)?;
            }
            (other, _) => {
                let word = quoted(other).unwrap_or_else(|| "the word written there".to_owned());
                return Err(wrong(format!("{word} has no place here: {ABOVE}")));
            }
        }
    }
    Ok(stores)
}

fn store(number: usize, value: &Value<'_>) -> Result<Store, Wrong> {
    let begin = value.span().start;
    let wrong = |place: usize, says: String| (place, format!("store {number}: {says}"));
    let table = value.get_ref().as_table().ok_or_else(|| (begin, ABOVE.to_owned()))?;
    if let Some(odd) = table.keys().find(|word| !["name", "url", "kinds"].contains(&word.get_ref().as_ref()))
    {
        let word = quoted(odd.get_ref()).unwrap_or_else(|| "the word written there".to_owned());
        return Err(wrong(odd.span().start, format!("{word} is none of its words: {WORDS}")));
    }
    let text = |word: &str, such_as: &str| match table.get(word) {
        None => Err(wrong(begin, format!("it has no {word}, such as {word} = \"{such_as}\""))),
        Some(value) => value.get_ref().as_str().ok_or_else(|| {
            wrong(value.span().start, format!("its {word} is no text; write {word} = \"{such_as}\""))
        }),
    };
    let (name, url) = (text("name", "A shop")?, text("url", "https://shop.example/search?q={q}")?);
    let kinds = match table.get("kinds") {
        None => Vec::new(),
        Some(value) => texts(value.get_ref())
            .and_then(|words| words.iter().map(|word| kind(word)).collect::<Option<Vec<_>>>())
            .ok_or_else(|| wrong(value.span().start, KINDS.to_owned()))?,
    };
    Store::new(name, url, &kinds).map_err(|error| wrong(begin, error.to_string()))
}

fn kind(word: &str) -> Option<WantedKind> {
    let sold = |kind: &WantedKind| {
        matches!(kind, WantedKind::Recording | WantedKind::Release | WantedKind::Audiobook)
    };
    WantedKind::from_word(word).filter(sold)
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
        for (bad, says) in [
            (
                "[[store]]\nname = 'Mine'\nurl = 'file:///{q}'\n",
                "line 1: store 1: Mine: the address should begin",
            ),
            (
                "[[store]]\nname = 'Mine'\nurl = 'https://shop.example/{q}'\nkinds = ['show']\n",
                "line 4: store 1: its kinds are a list of recording, release and audiobook",
            ),
            ("\n[[store]]\nname = 'Mine'\n", "line 2: store 1: it has no url, such as url ="),
            ("[[store]]\nurl = 7\nname = 'Mine'\n", "line 2: store 1: its url is no text; write url ="),
            ("[[store]]\nnane = 'Mine'\n", "line 2: store 1: “nane” is none of its words: a store has"),
            ("[store]\nname = 'Mine'\n", "line 1: “store” has no place here: each store begins"),
            ("# mine\nnonsense", "line 2: this cannot be read. A store is a line [[store]]"),
        ] {
            std::fs::write(&path, bad)?;
            let said = stores(folder.path()).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(said.contains("stores.toml") && said.contains(says), "{bad}: {said}");
            assert!(!said.contains("TOML") && !said.contains("expected"), "{bad}: {said}");
        }
        Ok(())
    }
}
