//! The places that the user allows to be asked: `sources.toml` in the library's folder, fit to be read and edited; and
//! what is secret of them, in `sources.secret.json`, for the user alone.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::kind::PlaceKind;
use super::written::{Written, parse};

pub(super) const FILE: &str = "sources.toml";
const SECRETS: &str = "sources.secret.json";
/// Both are much smaller.
const MAX_BYTES: u64 = 1 << 20;
const HEAD: &str = "# Places that ferrotape may ask for music. `ferrotape source add` writes this file; it may be edited by hand.\n\
# Passwords and keys of servers and services are in sources.secret.json. Addresses of feeds are in here, and such an address\n\
# may be a key: show this file to nobody.\n\n";

/// One place, as the user set it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceSettings {
    /// What it is.
    pub kind: PlaceKind,
    /// Which one of its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where a server is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Who the user is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The program and its arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Addresses of podcasts' feeds that the user typed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub feeds: Vec<String>,
    /// The country whose directory of podcasts is asked first, by its two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

impl PlaceSettings {
    /// A place without a name.
    pub fn of_kind(kind: PlaceKind) -> Self {
        let (command, feeds) = (Vec::new(), Vec::new());
        Self { kind, name: None, address: None, user: None, command, feeds, country: None }
    }

    /// How it is called everywhere: `subsonic:home`, `internet-archive`.
    pub fn full_name(&self) -> String {
        match &self.name {
            Some(name) if self.kind.has_names() => format!("{}:{name}", self.kind.word()),
            _ => self.kind.word().to_owned(),
        }
    }
}

/// What is secret of a place. Its `Debug` says nothing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceSecrets {
    /// The password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The API key, client id or token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What goes with a key, where it is of two parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_secret: Option<String>,
    /// The user's number on a server, as it came with a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
}

impl PlaceSecrets {
    /// With what one can sign in, the best first, in words that say nothing secret.
    pub fn ways(&self) -> Vec<&'static str> {
        // A token comes with the user it is for.
        let key = if self.user_id.is_some() { "token" } else { "key" };
        let ways = [self.key.as_ref().map(|_| key), self.password.as_ref().map(|_| "password")];
        ways.into_iter().flatten().collect()
    }
}

impl std::fmt::Debug for PlaceSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlaceSecrets(…)")
    }
}

/// The file as it is written.
#[derive(Debug, Serialize)]
struct ToWrite<'a> {
    /// How the user is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<&'a str>,
    /// Where fetched files are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    collection: Option<&'a Path>,
    #[serde(rename = "source", skip_serializing_if = "<[_]>::is_empty")]
    sources: &'a [PlaceSettings],
}

/// Why the settings cannot be read or kept, as a sentence.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is there, but cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It says something that cannot be.
    #[error(
        "{}: {reason}; mend it by hand (deleted, it loses your sources, and the folder of `ferrotape source collection`)",
        path.display()
    )]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line.
        reason: String,
    },
    /// The list of stores says something that cannot be.
    #[error("{}: {reason}; mend it by hand, or delete it to have the built-in list again", path.display())]
    Stores {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line.
        reason: String,
    },
}

/// The places that the user allows to be asked.
#[derive(Debug)]
pub struct Places {
    folder: PathBuf,
    collection: Option<PathBuf>,
    /// How the user is reached by the services that ask for it: an address of mail or of a page.
    pub contact: Option<String>,
    /// In the order of the file.
    pub all: Vec<PlaceSettings>,
    secrets: BTreeMap<String, PlaceSecrets>,
}

impl Places {
    /// Reads them from the library's folder; none where there is no file.
    pub fn load(folder: &Path) -> Result<Self, SettingsError> {
        let (path, secret_path) = (folder.join(FILE), folder.join(SECRETS));
        let form = |path: &Path, reason: String| SettingsError::Form { path: path.to_owned(), reason };
        let text = read(&path)?.unwrap_or_default();
        let Written { contact, collection, sources } = parse(&text).map_err(|reason| form(&path, reason))?;
        let secrets = match read(&secret_path)? {
            // Its text must not be quoted.
            Some(text) => serde_json::from_str(&text)
                .map_err(|error| form(&secret_path, format!("it is damaged in line {}", error.line())))?,
            None => BTreeMap::new(),
        };
        Ok(Self { folder: folder.to_owned(), contact, collection, all: sources, secrets })
    }

    /// The folder that fetched and bought files are kept in.
    pub fn collection(&self) -> PathBuf {
        self.collection.clone().unwrap_or_else(|| self.folder.join("collection"))
    }

    /// Keeps fetched files elsewhere from now on; those that are there stay where they are.
    pub fn set_collection(&mut self, folder: PathBuf) -> Result<(), SettingsError> {
        self.collection = Some(folder);
        self.save()
    }

    /// What is secret of a place.
    pub fn secrets(&self, full_name: &str) -> PlaceSecrets {
        self.secrets.get(full_name).cloned().unwrap_or_default()
    }

    /// Adds a place, or changes the one of that name; whether it is new.
    pub fn add(&mut self, place: PlaceSettings, secrets: PlaceSecrets) -> Result<bool, SettingsError> {
        let name = place.full_name();
        let known = self.all.iter().position(|known| known.full_name() == name);
        match known.and_then(|at| self.all.get_mut(at)) {
            Some(known) => *known = place,
            None => self.all.push(place),
        }
        if secrets == PlaceSecrets::default() {
            self.secrets.remove(&name);
        } else {
            self.secrets.insert(name, secrets);
        }
        self.save()?;
        Ok(known.is_none())
    }

    /// Takes a place out; whether there was one.
    pub fn remove(&mut self, full_name: &str) -> Result<bool, SettingsError> {
        let before = self.all.len();
        self.all.retain(|place| place.full_name() != full_name);
        let had_secrets = self.secrets.remove(full_name).is_some();
        let had = self.all.len() != before || had_secrets;
        if had {
            self.save()?;
        }
        Ok(had)
    }

    /// The secrets first: a place without them only says that it lacks them.
    fn save(&self) -> Result<(), SettingsError> {
        let path = self.folder.join(SECRETS);
        let text = serde_json::to_string_pretty(&self.secrets).unwrap_or_default();
        write(&path, &text).map_err(|source| SettingsError::Io { path, source })?;
        let path = self.folder.join(FILE);
        let (contact, collection) = (self.contact.as_deref(), self.collection.as_deref());
        let written = ToWrite { contact, collection, sources: &self.all };
        let text = toml::to_string_pretty(&written)
            .map_err(|error| SettingsError::Form { path: path.clone(), reason: error.to_string() })?;
        write(&path, &format!("{HEAD}{text}")).map_err(|source| SettingsError::Io { path, source })
    }
}

/// Names of servers: short, plain, fit for options and messages.
pub fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=40).contains(&name.len())
        && name.chars().all(plain)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// Whether a text may name a country: two letters, as in `US` or `de`.
pub fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

pub(super) fn read(path: &Path) -> Result<Option<String>, SettingsError> {
    let at = |source: io::Error| SettingsError::Io { path: path.to_owned(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(error)),
    };
    let mut text = String::new();
    file.take(MAX_BYTES).read_to_string(&mut text).map_err(at)?;
    Ok(Some(text))
}

/// For the user alone, and whole or not at all.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_secrets_lie_apart() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let mut places = Places::load(folder.path())?;
        let name = Some("home".to_owned());
        let server = PlaceSettings {
            name,
            address: Some("https://music.example.org".to_owned()),
            user: Some("alice".to_owned()),
            ..PlaceSettings::of_kind(PlaceKind::Subsonic)
        };
        let secrets = PlaceSecrets { password: Some("s3cret".to_owned()), ..PlaceSecrets::default() };
        assert!(places.add(server.clone(), secrets.clone())?);
        assert!(places.add(PlaceSettings::of_kind(PlaceKind::Librivox), PlaceSecrets::default())?);
        let again = Places::load(folder.path())?;
        assert_eq!(again.all, [server, PlaceSettings::of_kind(PlaceKind::Librivox)]);
        assert_eq!(again.secrets("subsonic:home"), secrets);
        assert!(!fs::read_to_string(folder.path().join(FILE))?.contains("s3cret"));
        assert!(!format!("{again:?}").contains("s3cret"));
        #[cfg(unix)]
        for file in [FILE, SECRETS] {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(folder.path().join(file))?.permissions().mode() & 0o777, 0o600);
        }
        places.remove("subsonic:home")?;
        assert!(!fs::read_to_string(folder.path().join(SECRETS))?.contains("s3cret"));
        Ok(())
    }

    #[test]
    fn how_the_user_is_reached_stays_when_sources_change() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let text = "contact = \"me@home.example\"\n\n[[source]]\nkind = \"podcasts\"\nfeeds = [\"http://192.168.1.5/a\"]\ncountry = \"de\"\n";
        fs::write(folder.path().join(FILE), text)?;
        let mut places = Places::load(folder.path())?;
        assert_eq!(places.all.first().map(|place| place.feeds.len()), Some(1));
        places.add(PlaceSettings::of_kind(PlaceKind::Librivox), PlaceSecrets::default())?;
        let again = Places::load(folder.path())?;
        assert_eq!((again.contact.as_deref(), again.all.len()), (Some("me@home.example"), 2));
        assert_eq!(again.all, places.all);
        assert_eq!(again.all.first().and_then(|place| place.country.as_deref()), Some("de"));
        assert_eq!(Places::collection_as_written(folder.path()), Some(folder.path().join("collection")));
        Ok(())
    }

    #[test]
    fn a_file_with_feeds_says_that_they_may_be_keys_and_is_for_the_user_alone()
    -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join(FILE);
        // Written by hand it may be open to all.
        fs::write(&file, "[[source]]\nkind = \"podcasts\"\nfeeds = [\"http://192.168.1.5/a\"]\n")?;
        Places::load(folder.path())?
            .add(PlaceSettings::of_kind(PlaceKind::Librivox), PlaceSecrets::default())?;
        let text = fs::read_to_string(&file)?;
        assert!(text.contains("192.168.1.5/a") && text.contains("may be a key"), "{text}");
        assert!(!text.contains("keys are not in here"), "{text}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&file)?.permissions().mode() & 0o777, 0o600);
        }
        Ok(())
    }
}
