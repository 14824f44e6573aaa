//! How a server wants its sign-in: found out once, remembered without secrets, found out again when it is refused.
//!
//! From the best to the worst: an API key (with which the user's name must not be sent), a token made of the password
//! and a fresh salt for each call, the password itself. That one goes over https or to this computer only. One fixed
//! way for all servers was rejected: there is none that all of them take.

use std::fmt;

use ferrotape_domain::{Cancel, Fault, FaultKind};
use md5::{Digest, Md5};

use super::answers::{NO_SUCH_CALL, Refusal, SERVER_TOO_OLD, Said, WRONG_KEY, WRONG_LOGIN};
use super::calls::Server;
use crate::loopback::is_loopback;
use crate::loose;
use crate::net::sums::hex;
use crate::secret::Secret;

/// Under which name the way is remembered.
pub const SIGN_IN: &str = "sign-in";
/// Under which name it is remembered at which address a server of this protocol answered.
const ANSWERED: &str = "answered-at";
/// The version of the protocol that is spoken, unless a server speaks only an older one.
const VERSION: &str = "1.16.1";

/// What the user gave to sign in with. Its `Debug` shows no secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    user: Option<(String, Secret)>,
    api_key: Option<Secret>,
}

impl Credentials {
    /// User name and password.
    pub fn password(user: impl Into<String>, password: Secret) -> Self {
        Self { user: Some((user.into(), password)), api_key: None }
    }

    /// An API key of the server.
    pub fn api_key(key: Secret) -> Self {
        Self { user: None, api_key: Some(key) }
    }

    /// The same with an API key that is tried first.
    #[must_use]
    pub fn and_api_key(self, key: Secret) -> Self {
        Self { api_key: Some(key), ..self }
    }

    /// Whether a text of the server's holds a secret, and so must not be shown.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let password = self.user.as_ref().map(|(_, password)| password);
        password.into_iter().chain(&self.api_key).any(|secret| {
            let (plain, hex) = (secret.reveal(), hex(secret.reveal().as_bytes()));
            !plain.is_empty() && (text.contains(plain) || text.contains(&hex))
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.user.as_ref().map(|(user, _)| user);
        f.debug_struct("Credentials")
            .field("user", &user)
            .field("api_key", &self.api_key)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    ApiKey,
    Token,
    Password,
}

impl Way {
    const ALL: [Self; 3] = [Self::ApiKey, Self::Token, Self::Password];

    fn word(self) -> &'static str {
        match self {
            Self::ApiKey => "api-key",
            Self::Token => "token",
            Self::Password => "password",
        }
    }
}

/// How calls are made that a server accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SignIn {
    way: Way,
    /// By POST, so that nothing of it is in an address.
    pub(super) post: bool,
    /// Calls end in `.view`, as old servers have it.
    pub(super) view: bool,
    version: String,
}

impl SignIn {
    fn words(&self) -> String {
        let post = if self.post { "post" } else { "get" };
        let view = if self.view { "view" } else { "plain" };
        format!("{} {post} {view} {}", self.way.word(), self.version)
    }

    fn from_words(words: &str) -> Option<Self> {
        let mut words = words.split(' ');
        let way = words.next()?;
        let way = Way::ALL.into_iter().find(|known| known.word() == way)?;
        let (post, view) = (words.next()? == "post", words.next()? == "view");
        Some(Self { way, post, view, version: words.next()?.to_owned() })
    }

    /// What goes along with a call; fresh each time.
    pub(super) fn fields(&self, credentials: &Credentials) -> Option<Vec<(String, String)>> {
        let mut fields = vec![("v", self.version.clone()), ("c", "ferrotape".into()), ("f", "json".into())];
        match (self.way, &credentials.user, &credentials.api_key) {
            (Way::ApiKey, _, Some(key)) => fields.push(("apiKey", key.reveal().to_owned())),
            (Way::Token, Some((user, password)), _) => {
                let mut salt = [0; 12];
                getrandom::fill(&mut salt).ok()?;
                let salt = hex(&salt);
                let token = hex(&Md5::digest(format!("{}{salt}", password.reveal())));
                fields.extend([("u", user.clone()), ("t", token), ("s", salt)]);
            }
            (Way::Password, Some((user, password)), _) => {
                let password = format!("enc:{}", hex(password.reveal().as_bytes()));
                fields.extend([("u", user.clone()), ("p", password)]);
            }
            _ => return None,
        }
        Some(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

impl Server {
    /// How to call, as it is known or as it is found out now.
    pub(super) fn sign_in(&self, cancel: &Cancel) -> Result<SignIn, Fault> {
        if let Some(known) = self.known().clone() {
            return known;
        }
        let noted = self.net.memory().note(&self.line.name, SIGN_IN).ok().flatten();
        let noted =
            noted.and_then(|words| SignIn::from_words(&words)).filter(|noted| self.may_use(noted.way));
        let found = match noted {
            Some(noted) => noted,
            None => self.find_out(cancel)?,
        };
        *self.known() = Some(Ok(found.clone()));
        Ok(found)
    }

    /// Whether a server of this protocol has answered at this address before: whatever else answers there now is
    /// likely to pass.
    pub(super) fn answered_before(&self) -> bool {
        let noted = self.net.memory().note(&self.line.name, ANSWERED).ok().flatten();
        noted.is_some_and(|at| at == self.address.shown())
    }

    /// Failing to remember makes a page about maintenance look like a wrong address.
    fn note_that_it_answered(&self) {
        if !self.answered_before() {
            drop(self.net.memory().keep_note(&self.line.name, ANSWERED, &self.address.shown()));
        }
    }

    /// What was known does not hold any more, as the server itself said.
    pub(super) fn forget_sign_in(&self) {
        self.note_that_it_answered();
        *self.known() = None;
        // Not being able to forget costs one more refusal.
        drop(self.net.memory().keep_note(&self.line.name, SIGN_IN, ""));
    }

    /// Whether there is what this way needs, and it may go over this line.
    fn may_use(&self, way: Way) -> bool {
        match way {
            Way::ApiKey => self.credentials.api_key.is_some(),
            Way::Token => self.credentials.user.is_some(),
            Way::Password => self.credentials.user.is_some() && self.is_private(),
        }
    }

    /// Nobody on the way can read along.
    fn is_private(&self) -> bool {
        self.address.is_encrypted() || is_loopback(self.address.reveal())
    }

    fn find_out(&self, cancel: &Cancel) -> Result<SignIn, Fault> {
        let mut first = SignIn { way: Way::Token, post: false, view: false, version: VERSION.to_owned() };
        first.post = self.takes_forms(&first, cancel)?;
        let mut refused = Vec::new();
        for way in Way::ALL.into_iter().filter(|&way| self.may_use(way)) {
            match self.try_way(SignIn { way, ..first.clone() }, cancel)? {
                Ok(found) => {
                    drop(self.net.memory().keep_note(&self.line.name, SIGN_IN, &found.words()));
                    return Ok(found);
                }
                Err(refusal) => refused.push(refusal),
            }
        }
        let fault = self.no_way(&refused);
        *self.known() = Some(Err(fault.clone()));
        Err(fault)
    }

    /// Pings; the refusal when this way is not the server's, or the server does not know who it is.
    fn try_way(&self, mut how: SignIn, cancel: &Cancel) -> Result<Result<SignIn, Refusal>, Fault> {
        // Once more with the old ending, and once more with the server's own version.
        for _ in 0..3 {
            let request = self.request(&how, "ping", &[])?.header("accept", "application/json, text/xml");
            let refusal = match super::answers::read(&self.net.ask(&request, cancel)?) {
                Said::Yes(_) => {
                    self.note_that_it_answered();
                    return Ok(Ok(how));
                }
                Said::Shut(status) => return Err(self.shut(status)),
                Said::Foreign => return Err(self.no_server()),
                Said::No(refusal) => refusal,
            };
            match refusal.code {
                NO_SUCH_CALL if !how.view => how.view = true,
                NO_SUCH_CALL => return Err(self.no_server()),
                SERVER_TOO_OLD => match refusal.version {
                    Some(version) if version != how.version && version.len() < 16 => how.version = version,
                    _ => return Err(self.refused(&refusal)),
                },
                _ if refusal.is_about_the_way() || refusal.is_about_sign_in() => return Ok(Err(refusal)),
                _ => return Err(self.refused(&refusal)),
            }
        }
        Err(self.no_server())
    }

    /// Whether calls may be made by POST. Asked without signing in; servers that do not know the call have no extensions.
    fn takes_forms(&self, how: &SignIn, cancel: &Cancel) -> Result<bool, Fault> {
        let address = self.call_address(how, "getOpenSubsonicExtensions");
        let fields = [("v", VERSION), ("c", "ferrotape"), ("f", "json")];
        let address = fields.into_iter().fold(address, |address, (name, value)| address.with(name, value));
        let request = crate::net::Request::get(&self.line, address);
        let request = request.header("accept", "application/json, text/xml");
        let Said::Yes(answer) = super::answers::read(&self.net.ask(&request, cancel)?) else {
            return Ok(false);
        };
        Ok(loose::names(answer.get("openSubsonicExtensions"), "name").iter().any(|name| name == "formPost"))
    }

    /// Why nobody got in, and what to do.
    fn no_way(&self, refused: &[Refusal]) -> Fault {
        let at = self.address.shown();
        let is = |code: u64| refused.iter().any(|refusal| refusal.code == code);
        let has_user = self.credentials.user.is_some();
        let reason = if is(WRONG_LOGIN) {
            format!(
                "the server at {at} does not accept this user name and password – correct them and try again"
            )
        } else if is(WRONG_KEY) {
            format!("the server at {at} does not accept this API key – make a new one there and enter it")
        } else if has_user && !self.is_private() {
            format!(
                "the server at {at} takes nothing but the password itself, which is never sent unencrypted – use an \
                 https address, or an API key if it has them"
            )
        } else if has_user {
            format!(
                "the server at {at} takes neither token nor password – if it has API keys, make one there and enter it"
            )
        } else if refused.iter().all(|refusal| refusal.is_about_the_way()) && !refused.is_empty() {
            format!("the server at {at} takes no API keys – enter user name and password instead")
        } else {
            format!("there is nothing to sign in to {at} with – enter user name and password, or an API key")
        };
        self.fault(FaultKind::NeedsUser, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_read_again_and_holds_no_secret() {
        for way in Way::ALL {
            let how =
                SignIn { way, post: way == Way::Token, view: way == Way::Password, version: "1.12.0".into() };
            assert_eq!(SignIn::from_words(&how.words()), Some(how));
        }
        for rubbish in ["", "token", "magic get plain 1.16.1"] {
            assert_eq!(SignIn::from_words(rubbish), None);
        }
    }

    #[test]
    fn a_token_has_a_fresh_salt_and_no_password_and_a_key_no_user() {
        let both = Credentials::password("ann", Secret::new("sesame")).and_api_key(Secret::new("k-1"));
        let fields = |way| {
            let how = SignIn { way, post: false, view: false, version: VERSION.into() };
            how.fields(&both).unwrap_or_default()
        };
        let value = |fields: &[(String, String)], name: &str| {
            fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let (first, second) = (fields(Way::Token), fields(Way::Token));
        let salt = value(&first, "s");
        assert_ne!(salt, value(&second, "s"));
        assert_eq!(value(&first, "t"), hex(&Md5::digest(format!("sesame{salt}"))));
        assert!(first.iter().all(|(name, value)| name != "p" && !value.contains("sesame")));
        let key = fields(Way::ApiKey);
        assert_eq!(value(&key, "apiKey"), "k-1");
        assert!(key.iter().all(|(name, _)| name != "u"));
        assert_eq!(value(&fields(Way::Password), "p"), "enc:736573616d65");
        assert_eq!(format!("{both:?}"), "Credentials { user: Some(\"ann\"), api_key: Some((secret)), .. }");
        assert!(both.are_in("wrong: sesame") && both.are_in("enc:736573616d65") && !both.are_in("wrong"));
    }
}
