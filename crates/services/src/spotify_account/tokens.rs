//! The file that holds the tokens: `account.json` in the library folder, for its owner alone.
//!
//! A refresh token works once. The next one is therefore on the disk before the answer it came with is used: written
//! beside, synced, renamed, and the folder synced. A kill at any instant leaves the old file or the new one.
//!
//! The tokens of a new agreement lie in a file of their own until it is known whose they are, so that neither they nor
//! the connection before are lost, whatever comes between.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ferrotape_domain::Fault;
use serde::{Deserialize, Serialize};

use super::faults;
use super::secret::Secret;

const NAME: &str = "account.json";
const UNVERIFIED: &str = "account.unverified.json";
/// A token file has under 2 KB.
const MAX_BYTES: u64 = 64 << 10;

/// What is known of the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Connection {
    /// The user's own client id; no secret.
    pub(super) client_id: String,
    /// Fingerprint of the account; tells accounts apart.
    pub(super) whose: Option<String>,
    /// When the user agreed, seconds since 1970 UTC. Refreshing does not change it.
    pub(super) authorised_at: i64,
    /// Gone once Spotify refused it.
    pub(super) refresh: Option<Secret>,
    pub(super) access: Option<Secret>,
    /// Until when the access token is good, seconds since 1970 UTC.
    pub(super) access_until: i64,
}

/// The file's form.
#[derive(Serialize, Deserialize)]
struct Written {
    ferrotape_account: u32,
    client_id: String,
    #[serde(default)]
    account: Option<String>,
    authorised_at: i64,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    access_until: i64,
}

/// The file in its folder.
#[derive(Debug, Clone)]
pub(super) struct TokenFile {
    path: PathBuf,
}

impl TokenFile {
    pub(super) fn new(folder: &Path) -> Self {
        Self { path: folder.join(NAME) }
    }

    /// The file of an agreement of which it is not known yet whose it is.
    pub(super) fn unverified(&self) -> Self {
        Self { path: self.path.with_file_name(UNVERIFIED) }
    }

    pub(super) fn load(&self) -> Result<Option<Connection>, Fault> {
        let text = match read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed("read", &error)),
        };
        // The error of the parser could quote the file.
        let written: Written = serde_json::from_slice(&text).map_err(|_| {
            faults::needs_user(format!(
                "{} is not the file it should be – delete it and connect again",
                self.path.display()
            ))
        })?;
        Ok(Some(Connection {
            client_id: written.client_id,
            whose: written.account,
            authorised_at: written.authorised_at,
            refresh: written.refresh_token.map(Secret::new),
            access: written.access_token.map(Secret::new),
            access_until: written.access_until,
        }))
    }

    /// On the disk when it returns.
    pub(super) fn save(&self, connection: &Connection) -> Result<(), Fault> {
        let text = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.reveal().to_owned());
        let written = Written {
            ferrotape_account: 1,
            client_id: connection.client_id.clone(),
            account: connection.whose.clone(),
            authorised_at: connection.authorised_at,
            refresh_token: text(&connection.refresh),
            access_token: text(&connection.access),
            access_until: connection.access_until,
        };
        let text =
            serde_json::to_vec_pretty(&written).map_err(|_| faults::permanent("the tokens have no form"))?;
        self.replace(&text).map_err(|error| self.failed("written", &error))
    }

    /// Whether there was one.
    pub(super) fn delete(&self) -> Result<bool, Fault> {
        let beside = self.beside();
        for path in [&beside, &self.path] {
            match fs::remove_file(path) {
                Ok(()) if *path == self.path => return Ok(true),
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(self.failed("deleted", &error));
                }
                _ => {}
            }
        }
        Ok(false)
    }

    /// Puts this file into the place of another.
    pub(super) fn take_place_of(&self, other: &Self) -> Result<(), Fault> {
        let moved = fs::rename(&self.path, &other.path).and_then(|()| sync_folder_of(&other.path));
        moved.map_err(|error| other.failed("written", &error))
    }

    fn beside(&self) -> PathBuf {
        self.path.with_extension("json.part")
    }

    fn replace(&self, text: &[u8]) -> io::Result<()> {
        let beside = self.beside();
        // What a killed run left has unknown rights, and a link there could lead anywhere.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        file.write_all(text)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, &self.path)?;
        sync_folder_of(&self.path)
    }

    fn failed(&self, doing: &str, error: &io::Error) -> Fault {
        faults::permanent(format!("{} could not be {doing} ({error})", self.path.display()))
    }
}

/// A rename is on the disk when its folder is.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(File::open(path)?, MAX_BYTES), &mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection() -> Connection {
        Connection {
            client_id: "client".into(),
            whose: Some("print".into()),
            authorised_at: 7,
            refresh: Some(Secret::new("refresh-secret")),
            access: Some(Secret::new("access-secret")),
            access_until: 9,
        }
    }

    #[test]
    fn what_is_saved_is_loaded_and_shows_no_secret() {
        let dir = tempfile::tempdir().unwrap();
        let file = TokenFile::new(dir.path());
        assert_eq!(file.load().unwrap(), None);
        file.save(&connection()).unwrap();
        assert_eq!(file.load().unwrap(), Some(connection()));
        assert!(!format!("{:?}", connection()).contains("-secret"));
        assert!(file.delete().unwrap());
        assert!(!file.delete().unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_it_whatever_lay_beside() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let file = TokenFile::new(dir.path());
        fs::write(file.beside(), "left by a killed run").unwrap();
        fs::set_permissions(file.beside(), fs::Permissions::from_mode(0o666)).unwrap();
        file.save(&connection()).unwrap();
        let mode = fs::metadata(&file.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!file.beside().exists());
    }

    #[test]
    fn a_broken_file_is_named_and_not_quoted() {
        let dir = tempfile::tempdir().unwrap();
        let file = TokenFile::new(dir.path());
        fs::write(&file.path, r#"{"refresh_token": "refresh-secret", "#).unwrap();
        let fault = file.load().unwrap_err();
        assert!(fault.reason.contains("account.json") && !fault.reason.contains("secret"), "{fault}");
    }
}
