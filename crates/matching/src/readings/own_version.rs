//! The version that a singer recorded anew, in the short forms that people write: `1989 (TV)`, `Speak Now [Taylor's]`,
//! `Ebb (Maras Version)`. They are read as `(Mara's Version)`, which the tables know.
//!
//! Only for who is wanted: `TV` says nothing where nobody else sings, and a theme is `from the TV`. A plural is a title's word;
//! where it is all that stands in a bracket, one cannot know.

use crate::readings::disc_folders::folders_between;
use crate::readings::names::Names;
use crate::search::collection::File;
use crate::texts::normalise::fold;
use crate::versions::album_pieces::APOSTROPHES;

/// Whose own versions are known as `TV`.
const TV_IS_OF: &str = "taylor swift";
const TV: &str = "taylor's Version";
/// Shorter words of a name (`of`, `DJ`) are in too many others.
const LEAST: usize = 3;

/// How the own versions of the wanted artists may be written.
#[derive(Debug, Default)]
pub(crate) struct OwnVersion {
    /// The artists' names and the words of these, folded.
    makers: Vec<String>,
    has_tv: bool,
}

/// A file's texts with the short forms spelt out.
#[derive(Debug)]
pub(crate) struct Spelt {
    title: String,
    album: String,
    path: String,
}

impl Spelt {
    pub(crate) fn file<'a>(&'a self, file: &File<'a>) -> File<'a> {
        File { title: &self.title, album: &self.album, path: &self.path, ..*file }
    }
}

impl OwnVersion {
    pub(crate) fn of(names: &Names) -> Self {
        let words = names.0.iter().flat_map(|name| name.folded.split(' '));
        let whole = names.0.iter().map(|name| name.folded.as_str()).filter(|name| name.contains(' '));
        Self {
            makers: words.chain(whole).filter(|name| name.len() >= LEAST).map(str::to_owned).collect(),
            has_tv: names.0.iter().any(|name| name.folded == TV_IS_OF),
        }
    }

    /// The texts of a file, where any of them has such a form.
    pub(crate) fn in_file(&self, file: &File<'_>) -> Option<Spelt> {
        let (title, album, path) = (self.spelt(file.title), self.spelt(file.album), self.in_path(file.path));
        if title.is_none() && album.is_none() && path.is_none() {
            return None;
        }
        Some(Spelt {
            title: title.unwrap_or_else(|| file.title.to_owned()),
            album: album.unwrap_or_else(|| file.album.to_owned()),
            path: path.unwrap_or_else(|| file.path.to_owned()),
        })
    }

    /// A text with its short forms spelt out; `None` where it has none.
    pub(crate) fn spelt(&self, text: &str) -> Option<String> {
        let mut out = self.in_brackets(text);
        if let Some((before, behind)) = out.rsplit_once(" - ")
            && let Some(version) = self.version(behind)
        {
            out = format!("{before} ({version})");
        }
        if self.has_tv
            && let Some(spelt) = bare_tv(&out)
        {
            out = spelt;
        }
        (out != text).then_some(out)
    }

    fn in_brackets(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once(['(', '[']) {
            let Some((inner, after)) = behind.split_once([')', ']']) else { break };
            out.push_str(before);
            let kept = rest.len() - after.len();
            match self.version(inner) {
                Some(version) => out.push_str(&format!("({version})")),
                None => out.push_str(rest.get(before.len()..kept).unwrap_or_default()),
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// What a piece of a text stands for: `TV`, `Taylor's`, `Taylors Version`.
    fn version(&self, piece: &str) -> Option<String> {
        let folded = fold(piece);
        if self.has_tv && folded == "tv" {
            return Some(TV.to_owned());
        }
        let name = match folded.strip_suffix(" version") {
            // The tables know `Taylor's Version`.
            Some(_) if piece.contains(['\'', '’']) => return None,
            Some(name) => name,
            // `Kids` by Kid Lowe is a song.
            None if !is_genitive(piece) => return None,
            None => folded.as_str(),
        };
        self.maker_of(name).map(|maker| format!("{maker}'s Version"))
    }

    /// Whose name this is with an `s` behind it, which some of the signs between them set off.
    fn maker_of<'n>(&self, folded: &'n str) -> Option<&'n str> {
        let maker = folded.strip_suffix('s')?.trim_end();
        self.makers.iter().any(|known| known == maker).then_some(maker)
    }

    /// A bracket that holds an artist's name in the plural and nothing else: `Ebb [Quills]` may be Quill's own version.
    pub(crate) fn plural_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut rest = text;
        while let Some((_, behind)) = rest.split_once(['(', '[']) {
            let (inner, after) = behind.split_once([')', ']'])?;
            if self.maker_of(&fold(inner)).is_some() {
                return Some(inner.trim());
            }
            rest = after;
        }
        None
    }

    /// The same of a file's name and of the folders that may be its album's.
    fn in_path(&self, path: &str) -> Option<String> {
        let folders = folders_between(path) + 1;
        let start = path.rmatch_indices(['/', '\\']).nth(folders).map_or(0, |(at, sign)| at + sign.len());
        let (above, near) = path.split_at_checked(start)?;
        let mut out = above.to_owned();
        for part in near.split_inclusive(['/', '\\']) {
            let name = part.trim_end_matches(['/', '\\']);
            let is_folder = name.len() < part.len();
            let stem = if is_folder { name } else { name.rsplit_once('.').map_or(name, |(stem, _)| stem) };
            out.push_str(&self.spelt(stem).unwrap_or_else(|| stem.to_owned()));
            out.push_str(part.get(stem.len()..).unwrap_or_default());
        }
        (out != path).then_some(out)
    }
}

/// `Taylor's`, `Taylor_s`, `Quills'`; but not `Kid_Lowe`.
fn is_genitive(piece: &str) -> bool {
    let sign_before = |at: usize| piece.get(..at).is_some_and(|before| before.ends_with(APOSTROPHES));
    piece.trim_end().ends_with(APOSTROPHES) || piece.match_indices(['s', 'S']).any(|(at, _)| sign_before(at))
}

/// `Fearless TV`, `1989 TV [FLAC]`: the last word before any bracket.
fn bare_tv(text: &str) -> Option<String> {
    const BEFORE: [char; 3] = [' ', '_', '-'];
    let head = text.split(['(', '[']).next()?.trim_end();
    let before = head.strip_suffix("TV").or_else(|| head.strip_suffix("tv"))?;
    let name = before.trim_end_matches(BEFORE);
    let is_word = before.ends_with(BEFORE) && !name.is_empty();
    is_word.then(|| format!("{name} ({TV}){}", text.get(head.len()..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(artist: &str) -> OwnVersion {
        OwnVersion::of(&Names::of(std::iter::once(artist)))
    }

    #[test]
    fn short_forms_of_an_own_version_are_spelt_out() {
        let swift = own("Taylor Swift");
        for (short, long) in [
            ("Red (TV)", "Red (taylor's Version)"),
            ("1989 TV", "1989 (taylor's Version)"),
            ("1989 TV [FLAC]", "1989 (taylor's Version) [FLAC]"),
            ("Speak Now [Taylor's]", "Speak Now (taylor's Version)"),
            ("Style - TV", "Style (taylor's Version)"),
            ("Style (Taylors Version)", "Style (taylor's Version)"),
            ("Style (TV) (From The Vault)", "Style (taylor's Version) (From The Vault)"),
        ] {
            assert_eq!(swift.spelt(short).as_deref(), Some(long), "{short}");
        }
        for plain in
            ["Style (Taylor's Version)", "Style", "TV", "Style (From The Vault)", "Style (Live", "MTV"]
        {
            assert_eq!(swift.spelt(plain), None, "{plain}");
        }
        assert_eq!(own("Mara Quill").spelt("Ebb (Maras Version)").as_deref(), Some("Ebb (mara's Version)"));
        for other in ["Ebb (TV)", "Low Water TV", "Ebb (Barneys Version)", "Ebb (TV Version)"] {
            assert_eq!(own("Mara Quill").spelt(other), None, "{other}");
        }
    }

    #[test]
    fn any_sign_may_stand_before_the_s() {
        let quill = own("Mara Quill");
        for sign in APOSTROPHES {
            for (short, long) in [
                (format!("Ebb [Quill{sign}s]"), "Ebb (quill's Version)"),
                (format!("Ebb - Mara{sign}s"), "Ebb (mara's Version)"),
                (format!("Ebb (Mara Quill{sign}s)"), "Ebb (mara quill's Version)"),
            ] {
                assert_eq!(quill.spelt(&short).as_deref(), Some(long), "{short}");
            }
        }
        for sign in APOSTROPHES.into_iter().filter(|sign| !matches!(sign, '\'' | '’')) {
            let album = format!("Low Water (Quill{sign}s Version)");
            assert_eq!(quill.spelt(&album).as_deref(), Some("Low Water (quill's Version)"), "{album}");
        }
        for other in ["Ebb [Mara_Quill]", "Ebb [Barney‘s]", "Ebb [Quill_songs]"] {
            assert_eq!(quill.spelt(other), None, "{other}");
        }
    }

    #[test]
    fn a_plural_that_is_all_of_a_bracket_is_seen() {
        let quill = own("Mara Quill");
        for (text, found) in [
            ("Ebb [Quills]", Some("Quills")),
            ("Low Water (Deluxe) (Maras)", Some("Maras")),
            ("Ebb (Mara Quills)", Some("Mara Quills")),
            ("Ebb (Quills of Fenmoor)", None),
            ("Quills", None),
            ("Ebb (Quill)", None),
            ("Ebb (Quills", None),
        ] {
            assert_eq!(quill.plural_in(text), found, "{text}");
        }
    }

    #[test]
    fn a_plural_of_the_name_is_a_title() {
        let lowe = own("Kid Lowe");
        for title in ["Kid Lowe - Kids", "Kids", "Ebb (Kids)", "Kids - Lowes"] {
            assert_eq!(lowe.spelt(title), None, "{title}");
        }
        assert_eq!(lowe.in_path("Kid Lowe/Kid Lowe - Kids.mp3"), None);
    }

    #[test]
    fn folders_of_albums_are_read_so_and_those_above_are_not() {
        let swift = own("Taylor Swift");
        assert_eq!(
            swift.in_path("Music TV/Swift/Fearless TV/CD 1/01 Ebb (TV).mp3").as_deref(),
            Some("Music TV/Swift/Fearless (taylor's Version)/CD 1/01 Ebb (taylor's Version).mp3")
        );
        assert_eq!(swift.in_path("Apple TV/Taylor Swift/Red/01 Ebb.mp3"), None);
    }
}
