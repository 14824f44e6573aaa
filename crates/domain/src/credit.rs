//! Artist credits: the names as printed, with the phrases that join them.

use std::fmt;

/// One name of a credit and what stands between it and the next.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CreditedArtist {
    /// The name as printed.
    pub name: String,
    /// The join phrase after it, e.g. `" feat. "`; empty after the last name.
    pub join_phrase: String,
}

/// The artists of a recording or release, as printed. Empty when unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ArtistCredit(Vec<CreditedArtist>);

impl ArtistCredit {
    /// A credit of one printed text, not taken apart (it may hold several names).
    pub fn printed(text: &str) -> Self {
        Self::of_names(std::slice::from_ref(&text))
    }

    /// A credit of separate names, joined by `", "`. Empty names are left out.
    pub fn of_names<S: AsRef<str>>(names: &[S]) -> Self {
        let names: Vec<&str> = names.iter().map(|n| n.as_ref().trim()).filter(|n| !n.is_empty()).collect();
        let last = names.len().saturating_sub(1);
        let credited = names.iter().enumerate().map(|(at, name)| CreditedArtist {
            name: (*name).to_owned(),
            join_phrase: if at == last { String::new() } else { ", ".to_owned() },
        });
        Self(credited.collect())
    }

    /// A credit of names with the join phrases given, as they were printed or kept.
    pub fn of_credited(credited: Vec<CreditedArtist>) -> Self {
        Self(credited)
    }

    /// The names with their join phrases, in printed order.
    pub fn credited(&self) -> &[CreditedArtist] {
        &self.0
    }

    /// The names alone, in printed order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|artist| artist.name.as_str())
    }

    /// The first name, by convention the main artist.
    pub fn first(&self) -> Option<&str> {
        self.names().next()
    }

    /// Whether no name is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for ArtistCredit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|artist| write!(f, "{}{}", artist.name, artist.join_phrase))
    }
}

/// Whether one of two names holds the words of the other, as `NPR and a Station` does `NPR`: then both may be one publisher.
/// `None` where one of them is not known. Both come folded, as their reader compares all names: lower-case words between single
/// spaces. `the` before a name, `podcast` behind it and `and` within are no part of it.
pub fn one_name_holds_the_other(one: &str, other: &str) -> Option<bool> {
    let [one, other] = [one, other].map(|name| {
        let name = name.strip_prefix("the ").unwrap_or(name);
        let name = name.strip_suffix(" podcast").unwrap_or(name);
        name.split(' ').filter(|word| !word.is_empty() && *word != "and").collect::<Vec<&str>>()
    });
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let (long, short) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    Some(long.windows(short.len()).any(|words| words == short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_one_another_by_whole_words() {
        let table = [
            ("npr", "npr and a station", Some(true)),
            ("a station and npr", "the npr podcast", Some(true)),
            ("salt and sons", "salt sons", Some(true)),
            ("mara quill", "mara quill", Some(true)),
            ("mara quill", "mara", Some(true)),
            ("mara quill", "mara quills", Some(false)),
            ("mara quill", "quill mara", Some(false)),
            ("mara quill", "", None),
            ("and", "mara quill", None),
        ];
        for (one, other, holds) in table {
            assert_eq!(one_name_holds_the_other(one, other), holds, "{one} / {other}");
            assert_eq!(one_name_holds_the_other(other, one), holds, "{other} / {one}");
        }
    }
}
