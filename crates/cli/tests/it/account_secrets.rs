//! Tokens, codes and verifiers are in one file, for its owner alone, and nowhere else.

use std::fs;

use ferrotape_testkit::fake_spotify::{CLIENT_ID, FakeLibrary, Trouble};

use crate::account::Account;
use crate::home::files_below;

#[test]
fn secrets_are_in_no_output_error_or_database() {
    let account = Account::connected(FakeLibrary::small());
    let tokens = fs::read_to_string(account.token_file()).unwrap();
    for line in ["pull", "pull --json", "status", "status --json"] {
        account.run(line);
    }
    account.spotify.expire_access();
    account.run("pull");
    for trouble in
        [Trouble::Forbidden, Trouble::NotJson, Trouble::Status(418), Trouble::Quota(1), Trouble::Cut]
    {
        for at in ["/me/tracks", "/api/token"] {
            account.spotify.expire_access();
            account.spotify.trouble(at, 4, trouble.clone());
            account.run("pull");
            account.run("pull --json");
        }
    }
    account.spotify.calm();
    account.spotify.end_agreement();
    account.run("pull");
    for more in ["--json", &format!("--client-id {CLIENT_ID}")] {
        assert_eq!(account.connect(more).code, 0);
    }
    account.run("pull");
    let secrets = account.spotify.secrets();
    assert!(
        secrets.len() > 10 && secrets.iter().any(|secret| tokens.contains(secret)),
        "the test looks for true secrets"
    );
    let heard = account.heard.borrow();
    assert!(heard.len() > 1000, "the test looks at true output");
    let folder = account.home.path("library");
    for secret in &secrets {
        assert!(!heard.contains(secret), "a secret was said: {heard}");
        for file in files_below(&folder).into_iter().filter(|file| file != "account.json") {
            let bytes = fs::read(folder.join(&file)).unwrap();
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "a secret is in {file}");
        }
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_tokens() {
    use std::os::unix::fs::PermissionsExt;
    let account = Account::connected(FakeLibrary::small());
    let mode = || fs::metadata(account.token_file()).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    account.spotify.expire_access();
    account.run("pull");
    assert_eq!(mode(), 0o600);
    let folder = fs::metadata(account.home.path("library")).unwrap().permissions().mode() & 0o777;
    assert_eq!(folder, 0o700);
}

/// Whether a word is anywhere in the library's folder.
fn is_there(account: &Account, word: &str) -> bool {
    let folder = account.home.path("library");
    files_below(&folder).iter().any(|file| {
        fs::read(folder.join(file)).unwrap().windows(word.len()).any(|bytes| bytes == word.as_bytes())
    })
}

#[test]
fn what_several_pulls_brought_is_nowhere_after_purging_and_disconnecting() {
    let long = |name: &str| (0..300).map(|number| format!("{name} {number}")).collect();
    let account = Account::connected(FakeLibrary { page: 50, tracks: long("Alder"), ..FakeLibrary::small() });
    assert_eq!(account.run("pull").code, 0);
    account.spotify.change(|library| library.tracks = long("Birch"));
    assert_eq!(account.run("pull").code, 0);
    assert!(is_there(&account, "Alder 7") && is_there(&account, "Birch 7"), "the test looks for true words");
    assert_eq!(account.run("purge --older-than 0").code, 0);
    // Only answers are so long-winded; what they meant stays.
    assert!(!is_there(&account, "api.spotify.com") && !is_there(&account, "added_at\":"));
    assert!(is_there(&account, "Birch 7"));
    assert_eq!(account.run("disconnect").code, 0);
    assert!(!is_there(&account, "Alder ") && !is_there(&account, "Birch "));
}
