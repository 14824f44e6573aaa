//! Proof Key for Code Exchange (RFC 7636): why a program without a secret of its own may ask for tokens.
//!
//! The verifier stays here until the code is exchanged; the browser only carries its hash. Random bytes come from the
//! system.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ferrotape_domain::Fault;
use sha2::{Digest, Sha256};

use super::faults;
use super::secret::Secret;

/// A verifier (64 random bytes as 86 characters, within the 43 to 128 that are allowed) and its challenge.
#[derive(Debug)]
pub(super) struct Pkce {
    pub(super) verifier: Secret,
    pub(super) challenge: String,
}

impl Pkce {
    pub(super) fn new() -> Result<Self, Fault> {
        let verifier = random_text(64)?;
        let challenge = challenge_of(&verifier);
        Ok(Self { verifier: Secret::new(verifier), challenge })
    }
}

/// The challenge of a verifier, by the method `S256`.
fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// So many random bytes, as text that fits into an address.
pub(super) fn random_text(bytes: usize) -> Result<String, Fault> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).map_err(|error| {
        faults::permanent(format!(
            "the system gives no random numbers ({error}), so nothing can be kept secret"
        ))
    })?;
    Ok(URL_SAFE_NO_PAD.encode(random))
}

/// Tells accounts apart without keeping whose they are.
pub(super) fn fingerprint(account: &str) -> String {
    let digest = Sha256::digest(format!("ferrotape account {account}").as_bytes());
    URL_SAFE_NO_PAD.encode(digest.get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_standard() {
        // RFC 7636, appendix B.
        let challenge = challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn verifiers_are_long_enough_and_never_the_same() {
        let (one, other) = (Pkce::new().unwrap(), Pkce::new().unwrap());
        assert_eq!(one.verifier.reveal().len(), 86);
        assert_ne!(one.verifier, other.verifier);
        assert!(!format!("{one:?}").contains(one.verifier.reveal()));
    }
}
