//! Servers of the user's own: what is made of their settings, what these lack, and signing in.

use std::time::Duration;

use ferrotape_domain::{Cancel, Fault, FaultKind};
use ferrotape_services::Secret;
use ferrotape_services::jellyfin::{Access, Jellyfin, SignIn};
use ferrotape_services::net::{Address, Net, Ways};
use ferrotape_services::subsonic::{Credentials, Subsonic};

use super::kind::PlaceKind;
use super::network::Network;
use super::settings::{PlaceSecrets, PlaceSettings};
use crate::OpenLibrary;

/// How long a code is waited for.
const PATIENCE: Duration = Duration::from_secs(300);

/// Why settings cannot be used, before they are kept.
pub fn check_settings(place: &PlaceSettings, secrets: &PlaceSecrets) -> Result<(), String> {
    let reason = |fault: Fault| fault.reason;
    match place.kind {
        PlaceKind::Subsonic => credentials(place, secrets).map(drop).and_then(|()| address(place).map(drop)),
        PlaceKind::Jellyfin => address(place).map(drop),
        PlaceKind::Acoustid if secrets.key.is_none() => Err(lacks(place, "an application key (--key-file)")),
        PlaceKind::Jamendo if secrets.key.is_none() => Err(lacks(place, "a client id (--key-file)")),
        _ => Ok(()),
    }
    .map_err(reason)
}

/// Signs in to a Jellyfin server by a code that the user confirms there; `tell` shows it.
pub fn quick_connect(
    place: &PlaceSettings,
    opened: &OpenLibrary,
    ways: &Ways,
    tell: &dyn Fn(&str),
    cancel: &Cancel,
) -> Result<PlaceSecrets, Fault> {
    let network = Network::new(&opened.folder, ways)?;
    let sign_in = SignIn::new(place.name.as_deref().unwrap_or_default(), address(place)?, network.net);
    let begun = sign_in.quick_connect(cancel)?;
    tell(begun.code());
    let signed_in = begun.wait(PATIENCE, cancel)?;
    Ok(secrets_of(signed_in.access))
}

/// Signs in to a Jellyfin server with name and password, and gives back what is to be kept in their place.
pub fn sign_in(
    place: &PlaceSettings,
    password: &str,
    opened: &OpenLibrary,
    ways: &Ways,
    cancel: &Cancel,
) -> Result<PlaceSecrets, Fault> {
    let network = Network::new(&opened.folder, ways)?;
    let sign_in = SignIn::new(place.name.as_deref().unwrap_or_default(), address(place)?, network.net);
    let user = place.user.as_deref().ok_or_else(|| lacks(place, "a user (--user)"))?;
    let access = sign_in.with_password(user, &Secret::new(password.to_owned()), cancel)?.access;
    Ok(secrets_of(access))
}

/// What is kept of a sign-in.
fn secrets_of(access: Access) -> PlaceSecrets {
    PlaceSecrets {
        key: Some(access.token.reveal().to_owned()),
        user_id: access.user,
        ..PlaceSecrets::default()
    }
}

pub(super) fn subsonic(place: &PlaceSettings, secrets: &PlaceSecrets, net: Net) -> Result<Subsonic, Fault> {
    let name = place.name.as_deref().unwrap_or_default();
    Ok(Subsonic::new(name, address(place)?, credentials(place, secrets)?, net))
}

fn credentials(place: &PlaceSettings, secrets: &PlaceSecrets) -> Result<Credentials, Fault> {
    let secret = |text: &String| Secret::new(text.clone());
    match (&place.user, &secrets.password, &secrets.key) {
        (Some(user), Some(password), None) => Ok(Credentials::password(user, secret(password))),
        (Some(user), Some(password), Some(key)) => {
            Ok(Credentials::password(user, secret(password)).and_api_key(secret(key)))
        }
        (_, _, Some(key)) => Ok(Credentials::api_key(secret(key))),
        _ => Err(lacks(place, "a user with a password (--user), or an API key (--key-file)")),
    }
}

pub(super) fn jellyfin(place: &PlaceSettings, secrets: &PlaceSecrets, net: Net) -> Result<Jellyfin, Fault> {
    let name = place.name.as_deref().unwrap_or_default();
    let key =
        secrets.key.as_ref().ok_or_else(|| lacks(place, "a sign-in (--quick-connect, or --key-file)"))?;
    let access = Access::kept(Secret::new(key.clone()), secrets.user_id.clone());
    Ok(Jellyfin::new(name, address(place)?, access, net))
}

fn address(place: &PlaceSettings) -> Result<Address, Fault> {
    let given = place.address.as_deref().ok_or_else(|| lacks(place, "an address (--address)"))?;
    // Not quoted: people put passwords into addresses.
    let why = |why: String| {
        format!("its address cannot be used: {why} – give it as https://HOST, without user or password")
    };
    Address::parse(given).map_err(|reason| fault(place, why(reason)))
}

pub(super) fn lacks(place: &PlaceSettings, what: &str) -> Fault {
    fault(place, format!("{what} is missing – give it with `ferrotape source add {} …`", place.kind.word()))
}

pub(super) fn fault(place: &PlaceSettings, reason: String) -> Fault {
    Fault { source: place.full_name(), kind: FaultKind::NeedsUser, reason }
}
