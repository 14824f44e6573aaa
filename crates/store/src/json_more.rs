//! How the JSON of tags keeps what a feed says beyond a file's own tags: chapters, and which episode it is.

use ferrotape_domain::{Carried, Chapter, MoreTags};
use serde::{Deserialize, Serialize};

/// What is kept; the rest is on record elsewhere, or in the file.
const KEPT: [(Carried, &str); 4] = [
    (Carried::Podcast, "podcast"),
    (Carried::PodcastFeed, "feed"),
    (Carried::PodcastId, "id"),
    (Carried::PodcastDescription, "description"),
];

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct MoreJson {
    /// Start and end in milliseconds, and the title.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    chapters: Vec<(u64, u64, String)>,
    /// By the words of [`KEPT`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    texts: Vec<(String, Vec<String>)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    told_ms: Option<u64>,
}

impl MoreJson {
    /// `None` where there is nothing to keep.
    pub(crate) fn of(more: &MoreTags) -> Option<Self> {
        let chapter = |one: &Chapter| (one.start_ms, one.end_ms, one.title.clone());
        let text = |&(field, word): &(Carried, &str)| {
            more.texts.get(&field).map(|values| (word.to_owned(), values.clone()))
        };
        let kept = Self {
            chapters: more.chapters.iter().map(chapter).collect(),
            texts: KEPT.iter().filter_map(text).collect(),
            published_at: more.published_at,
            told_ms: more.told_ms,
        };
        let is_silent = kept.chapters.is_empty()
            && kept.texts.is_empty()
            && kept.published_at.is_none()
            && kept.told_ms.is_none();
        (!is_silent).then_some(kept)
    }

    /// What was kept; words of a newer program are passed over.
    pub(crate) fn more(self) -> MoreTags {
        let chapter = |(start_ms, end_ms, title)| Chapter { title, start_ms, end_ms };
        let text = |(word, values): (String, Vec<String>)| {
            let (field, _) = KEPT.iter().find(|(_, known)| *known == word)?;
            Some((*field, values))
        };
        MoreTags {
            chapters: self.chapters.into_iter().map(chapter).collect(),
            texts: self.texts.into_iter().filter_map(text).collect(),
            published_at: self.published_at,
            told_ms: self.told_ms,
            ..MoreTags::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_feed_tells_of_time_is_kept() {
        let told = MoreTags { published_at: Some(5), told_ms: Some(7), ..MoreTags::default() };
        assert!(MoreJson::of(&told).map(MoreJson::more).is_some_and(|kept| kept == told));
        assert!(MoreJson::of(&MoreTags::default()).is_none());
        // As it was written before.
        let before: MoreJson = serde_json::from_str("{\"texts\":[[\"id\",[\"1\"]]]}").unwrap();
        assert_eq!(before.more().told_ms, None);
    }
}
