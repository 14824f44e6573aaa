//! Offers of places elsewhere, as JSON in a row.

use std::time::Duration;

use diesel::QueryResult as Result;
use ferrotape_domain::{AudioFormat, RemoteOffer, Rights, Sums};
use serde::{Deserialize, Serialize};

use crate::json::{from_text, tags_from_text, tags_to_text, to_text};

/// Rights as columns: a stable word, a name or sentence, an address.
pub(crate) fn rights_columns(rights: &Rights) -> (&'static str, &str, Option<&str>) {
    match rights {
        Rights::Own => ("own", "", None),
        Rights::Licence { name, url } => ("licence", name, url.as_deref()),
        Rights::PublicFeed => ("public_feed", "", None),
        Rights::Permission(how) => ("permission", how, None),
        Rights::Unknown => ("unknown", "", None),
    }
}

/// The rights that columns tell of. A word of a newer program is "unknown", the careful reading.
pub(crate) fn rights_of_columns(word: &str, name: String, url: Option<String>) -> Rights {
    match word {
        "own" => Rights::Own,
        "licence" => Rights::Licence { name, url },
        "public_feed" => Rights::PublicFeed,
        "permission" => Rights::Permission(name),
        _ => Rights::Unknown,
    }
}

#[derive(Serialize, Deserialize)]
struct OfferJson {
    file_name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    folder: String,
    /// JSON of its own.
    tags: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    duration_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bitrate_kbps: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    md5: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha1: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    rights: (String, String, Option<String>),
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<String>,
}

pub(crate) fn remote_to_text(offer: &RemoteOffer) -> Result<String> {
    let (word, name, url) = rights_columns(&offer.rights);
    to_text(&OfferJson {
        file_name: offer.file_name.clone(),
        folder: offer.folder.clone(),
        tags: tags_to_text(&offer.tags)?,
        duration_ms: offer.duration.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
        format: offer.format.map(|format| format.as_str().to_owned()),
        bitrate_kbps: offer.bitrate_kbps,
        size: offer.size,
        md5: offer.sums.md5.clone(),
        sha1: offer.sums.sha1.clone(),
        sha256: offer.sums.sha256.clone(),
        rights: (word.to_owned(), name.to_owned(), url.map(str::to_owned)),
        page: offer.page.clone(),
    })
}

pub(crate) fn remote_from_text(id: String, text: &str) -> Result<RemoteOffer> {
    let offer: OfferJson = from_text(text)?;
    let (word, name, url) = offer.rights;
    Ok(RemoteOffer {
        id,
        file_name: offer.file_name,
        folder: offer.folder,
        tags: tags_from_text(&offer.tags)?,
        duration: offer.duration_ms.map(Duration::from_millis),
        format: offer.format.as_deref().and_then(AudioFormat::from_word),
        bitrate_kbps: offer.bitrate_kbps,
        size: offer.size,
        sums: Sums { md5: offer.md5, sha1: offer.sha1, sha256: offer.sha256 },
        rights: rights_of_columns(&word, name, url),
        page: offer.page,
    })
}
