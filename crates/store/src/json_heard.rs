//! How the JSON of a verdict keeps what was heard of a file.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::result::Error as QueryError;
use ferrotape_domain::{Health, Heard};
use serde::{Deserialize, Serialize};

use crate::json::unknown;

#[derive(Serialize, Deserialize)]
pub(crate) struct HeardJson {
    /// Base64 of the values, four bytes each, the least first.
    fingerprint: String,
    duration_ms: u64,
    health: String,
}

impl HeardJson {
    pub(crate) fn of(heard: &Heard) -> Self {
        Self {
            fingerprint: STANDARD.encode(heard.fingerprint_bytes()),
            duration_ms: u64::try_from(heard.duration.as_millis()).unwrap_or(u64::MAX),
            health: heard.health.as_str().to_owned(),
        }
    }

    pub(crate) fn heard(&self) -> Result<Heard, QueryError> {
        let bytes = STANDARD.decode(&self.fingerprint).map_err(|_| unknown("fingerprint", "not base64"))?;
        Ok(Heard {
            fingerprint: Heard::fingerprint_of_bytes(&bytes),
            duration: Duration::from_millis(self.duration_ms),
            health: Health::from_word(&self.health).ok_or_else(|| unknown("health", &self.health))?,
        })
    }
}
