//! Codes and tokens, as strict as Spotify's: each code once and with its verifier, each refresh token once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::CLIENT_ID;
use super::wire::{Answer, Request};

/// What was given out.
#[derive(Default)]
pub(super) struct SignIn {
    /// Code, challenge, redirect address.
    codes: Vec<(String, String, String)>,
    refresh: Option<String>,
    access: Option<String>,
    count: u32,
    pub(super) secrets: Vec<String>,
}

impl SignIn {
    fn secret(&mut self, kind: &str) -> String {
        self.count += 1;
        let secret =
            format!("fake-{kind}-{:04}-{}", self.count, blake3::hash(&self.count.to_le_bytes()).to_hex());
        self.secrets.push(secret.clone());
        secret
    }

    pub(super) fn end(&mut self) {
        (self.refresh, self.access) = (None, None);
    }

    pub(super) fn expire_access(&mut self) {
        self.access = None;
    }

    /// Whether a request of the Web API has a good token.
    pub(super) fn knows(&self, request: &Request) -> bool {
        self.access.is_some() && request.bearer == self.access
    }

    /// The page where users agree; this user always does.
    pub(super) fn authorize(&mut self, request: &Request) -> Answer {
        let given = |name: &str| request.parameter(name).unwrap_or_default();
        let redirect = given("redirect_uri");
        let well = given("response_type") == "code"
            && given("client_id") == CLIENT_ID
            && given("code_challenge_method") == "S256"
            && given("code_challenge").len() == 43
            && redirect.starts_with("http://127.0.0.1:")
            && redirect.ends_with("/callback")
            && !given("state").is_empty()
            && !given("scope").contains("modify");
        if !well {
            return Answer::error(400, "INVALID_CLIENT: a parameter is wrong");
        }
        let code = self.secret("code");
        self.codes.push((code.clone(), given("code_challenge"), redirect.clone()));
        let to = format!("{redirect}?code={code}&state={}", given("state"));
        Answer { status: 302, ..Answer::default() }.with("Location", to)
    }

    /// The token server.
    pub(super) fn token(&mut self, request: &Request) -> Answer {
        let given = |name: &str| request.field(name).unwrap_or_default();
        if given("client_id") != CLIENT_ID {
            return refusal("invalid_client");
        }
        let is_good = match given("grant_type").as_str() {
            "authorization_code" => {
                let verifier = given("code_verifier");
                self.secrets.push(verifier.clone());
                let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
                let wanted = (given("code"), challenge, given("redirect_uri"));
                let at = self.codes.iter().position(|code| *code == wanted);
                at.map(|at| self.codes.remove(at)).is_some()
            }
            "refresh_token" => self.refresh.is_some() && self.refresh == request.field("refresh_token"),
            _ => return refusal("unsupported_grant_type"),
        };
        if !is_good {
            return refusal("invalid_grant");
        }
        let (access, refresh) = (self.secret("access"), self.secret("refresh"));
        (self.access, self.refresh) = (Some(access.clone()), Some(refresh.clone()));
        Answer::json(
            200,
            &json!({ "access_token": access, "token_type": "Bearer", "expires_in": 3600, "refresh_token": refresh }),
        )
    }
}

fn refusal(word: &str) -> Answer {
    Answer::json(400, &json!({ "error": word, "error_description": "not this one" }))
}
