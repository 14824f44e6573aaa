//! Which of the things that equal bytes came as a file is.

use std::collections::HashMap;
use std::path::Path;

use crate::ContentId;

/// What is known of files that came from elsewhere. Equal bytes may have come as several things – an episode and the same
/// sent once more, or one placeholder for many – so a file is told by the name under which it was put into the collection as
/// well.
#[derive(Debug, Clone)]
pub struct Origins<T> {
    by_bytes: HashMap<String, Vec<(String, T)>>,
}

impl<T> FromIterator<(ContentId, String, T)> for Origins<T> {
    /// Content, name, and what is known; what came first stands first.
    fn from_iter<I: IntoIterator<Item = (ContentId, String, T)>>(all: I) -> Self {
        let mut by_bytes: HashMap<String, Vec<(String, T)>> = HashMap::new();
        for (content, name, known) in all {
            by_bytes.entry(content.0).or_default().push((name, known));
        }
        Self { by_bytes }
    }
}

impl<T> Origins<T> {
    /// Whether nothing is known of any file.
    pub fn is_empty(&self) -> bool {
        self.by_bytes.is_empty()
    }

    /// All that these bytes came as, what came first before the rest.
    pub fn all_of(&self, content: &ContentId) -> impl Iterator<Item = &T> {
        self.by_bytes.get(content.bytes()).into_iter().flatten().map(|(_, known)| known)
    }

    /// What is known of the file with these bytes at this place. Under a name that nothing came under – the user may have
    /// given it – it is what came without one, else what came first.
    pub fn of(&self, content: &ContentId, path: &Path) -> Option<&T> {
        let all = self.by_bytes.get(content.bytes())?;
        let own = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let named = all.iter().find(|(name, _)| !name.is_empty() && *name == own);
        let found = named.or_else(|| all.iter().find(|(name, _)| name.is_empty())).or_else(|| all.first());
        found.map(|(_, known)| known)
    }
}

/// The letters and digits of a title, by which two are compared where only what they are made of counts.
pub fn letters_of(title: &str) -> String {
    title.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_equal_bytes_are_told_apart_by_their_names() {
        let content = |id: &str| ContentId(id.to_owned());
        let one = |id: &str, name: &str, known| (content(id), name.to_owned(), known);
        let known: Origins<u8> =
            [one("a", "2.mp3", 2), one("a", "3.mp3", 3), one("b", "2.mp3", 4), one("b", "", 5)]
                .into_iter()
                .collect();
        let of = |id: &str, path: &str| known.of(&content(id), Path::new(path)).copied();
        assert_eq!(
            (of("a", "/c/2.mp3"), of("a", "/d/3.mp3"), of("a", "/d/mine.mp3")),
            (Some(2), Some(3), Some(2))
        );
        assert_eq!(
            (of("b", "/c/2.mp3"), of("b", "/c/mine.mp3"), of("c", "/c/2.mp3")),
            (Some(4), Some(5), None)
        );
        assert_eq!(of("a:0-55", "/d/3.mp3"), Some(3), "a part is of its file");
        assert_eq!(known.all_of(&content("a")).copied().collect::<Vec<_>>(), [2, 3]);
        assert_eq!(letters_of("Harbour (Rerun)!"), "harbourrerun");
    }
}
