//! The folders of a book, and those of its discs, which say nothing else.

use std::path::Path;

use ferrotape_domain::Offer;

/// The folder of a file and the one above it; the folders of a book's discs are passed over.
pub(super) fn folders(path: &Path) -> (String, String) {
    let mut names = path
        .ancestors()
        .skip(1)
        .filter_map(|folder| folder.file_name())
        .map(|name| name.to_string_lossy().replace('_', " "))
        .filter(|name| disc_of(name).is_none());
    (names.next().unwrap_or_default(), names.next().unwrap_or_default())
}

/// The folder of a book, above those of its discs.
pub(super) fn home(offer: &Offer) -> String {
    let mut folder = offer.path.parent();
    while let Some(name) = folder.and_then(|folder| folder.file_name()) {
        if disc_of(&name.to_string_lossy().replace('_', " ")).is_none() {
            break;
        }
        folder = folder.and_then(|folder| folder.parent());
    }
    folder.map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The author that a folder above the book's names.
pub(super) fn author_above(offer: &Offer) -> String {
    folders(&offer.path).1
}

/// The number in a folder's name that is only that of a disc: `CD 2`, `Disc2`.
pub(super) fn disc_of(folder: &str) -> Option<u32> {
    let lower = folder.trim().to_lowercase();
    let rest = ["cd", "disc", "disk"].iter().find_map(|word| lower.strip_prefix(word))?;
    rest.trim_matches([' ', '-', '_', '.']).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_discs_are_passed_over() {
        let named = |path: &str| folders(Path::new(path));
        let book = ("Salt".to_owned(), "Mara Quill".to_owned());
        assert_eq!(named("/a/Mara Quill/Salt/CD 2/01.mp3"), book);
        assert_eq!(named("/a/Mara Quill/Salt/01.mp3"), book);
        assert_eq!((disc_of("Disc2"), disc_of("CDs"), disc_of("Disco 2000")), (Some(2), None, None));
    }
}
