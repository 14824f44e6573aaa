//! What a place says of a file, in the form that matching takes.

use ferrotape_domain::{AudioFacts, AudioFormat, ContentId, Offer, RemoteOffer};

use crate::gather::place::FoldersOfAll;

/// What the place says, as if the file were there already: where it will be says what it is as well.
pub(super) fn as_offer<'a>(
    place: &str,
    at: usize,
    remote: &'a RemoteOffer,
    folders: &FoldersOfAll<'a>,
) -> Offer {
    let facts = AudioFacts {
        format: remote.format.unwrap_or(AudioFormat::Mp3),
        duration: remote.duration,
        sample_rate: 44_100,
        channels: 2,
        bits_per_sample: None,
        bitrate_kbps: remote.bitrate_kbps,
    };
    Offer {
        file_id: i64::try_from(at).unwrap_or(i64::MAX),
        path: folders.path(remote),
        part: None,
        size: remote.size.unwrap_or(0),
        content: content_of(place, &remote.id),
        facts,
        tags: remote.tags.clone(),
        cover: String::new(),
    }
}

/// Nothing is known of its bytes; two offers are never the same by content. What follows a colon in the identity of bytes
/// tells a part or another thing of them, so that there is none in it.
fn content_of(place: &str, id: &str) -> ContentId {
    ContentId(format!("{place} {id}").replace('%', "%25").replace(':', "%3A"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_a_server_makes_its_files_equal() {
        for place in ["subsonic:home", "subsonic:as-home", "program:as-0123456789abcdef"] {
            let (one, other) = (content_of(place, "9"), content_of(place, "10"));
            assert!(one.bytes() != other.bytes() && !one.is_another(), "{one:?} {other:?}");
            assert_eq!(ContentId::file_of(&one.0), one.0);
        }
        assert_ne!(content_of("a", "b:c"), content_of("a", "b%3Ac"));
    }
}
