//! Artist names: taken apart, compared whole and singly.

use crate::classical::composers::composer;
use crate::readings::aliases::is_ensemble_of;
use crate::texts::articles::article_first;
use crate::texts::normalise::{edits, fold, squash};
use comparing::compare;
pub(crate) use credits::{says_nobody, split};
use credits::{slashed, turned_round};

mod comparing;
mod credits;

/// How well an offer's credit agrees with the wanted artists. Ordered from none to full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Agreement {
    /// Other artists.
    Differs,
    /// The offer names nobody.
    Unknown,
    /// One name is part of the other (`The Ana Trio`, `Ana`).
    Part,
    /// A letter or two differ, which may make it another name (`Mara`, `Maya`).
    Near,
    /// Equal when spelt in Latin letters.
    Romanised,
    /// Equal but for a typo in a long word.
    Typo,
    /// Another name of the same artist, or the name in another order (`Brenn, Oda`).
    Alias,
    /// Another of the wanted artists is named, not the first.
    Listed,
    /// The main artist is named.
    Same,
}

/// One name in the forms it is compared in.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub(crate) folded: String,
    squashed: String,
    /// Whether it is only another form of a printed name: turned round, or from a sort tag.
    other_form: bool,
}

impl Name {
    fn of(text: &str) -> Option<Self> {
        let folded = fold(&article_first(text));
        let bare =
            folded.strip_prefix("the ").or_else(|| folded.strip_suffix(" the")).unwrap_or(&folded).to_owned();
        let squashed = squash(&bare);
        (!squashed.is_empty()).then_some(Self { folded: bare, squashed, other_form: false })
    }

    fn other_form(self) -> Self {
        Self { other_form: true, ..self }
    }
}

/// The names of a credit, first the main artist; whole printed texts stand beside their parts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(pub(crate) Vec<Name>);

impl Names {
    /// Takes printed credits apart. Each text is kept whole too: `Medeski, Martin & Wood` is one band.
    pub(crate) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut names = Self::default();
        for text in texts.filter(|text| !says_nobody(text)) {
            names.add(Name::of(text));
            if article_first(text) == text {
                let parts = split(text);
                if parts.len() > 1 {
                    parts.iter().for_each(|part| names.add(Name::of(part)));
                }
                for part in parts.iter().flat_map(|part| slashed(part)) {
                    names.add(Name::of(part));
                }
            }
            if let Some(turned) = turned_round(text) {
                names.add(Name::of(&turned).map(Name::other_form));
            }
        }
        names
    }

    /// Adds names a file gives for sorting (`Brenn, Oda`), which are weaker evidence.
    pub(crate) fn with_sort_names<'a>(mut self, texts: impl Iterator<Item = &'a str>) -> Self {
        for text in texts.filter(|text| !says_nobody(text)) {
            let turned = turned_round(text);
            self.add(Name::of(turned.as_deref().unwrap_or(text)).map(Name::other_form));
        }
        self
    }

    fn add(&mut self, name: Option<Name>) {
        if let Some(name) = name.filter(|n| self.0.iter().all(|known| known.squashed != n.squashed)) {
            self.0.push(name);
        }
    }

    /// The two names, folded, that differ by the fewest letters; empty where none comes near.
    pub(crate) fn nearest<'a>(&'a self, offer: &'a Self) -> (&'a str, &'a str) {
        let pairs = self.0.iter().flat_map(|wanted| offer.0.iter().map(move |offered| (wanted, offered)));
        let near = pairs.filter_map(|(wanted, offered)| {
            Some((
                edits(&wanted.squashed, &offered.squashed, 3)?,
                wanted.folded.as_str(),
                offered.folded.as_str(),
            ))
        });
        near.min().map_or(("", ""), |(_, wanted, offered)| (wanted, offered))
    }

    /// Whether one of the names is one of the others' with an ensemble, or the other way round.
    pub(crate) fn are_of_one_ensemble(&self, other: &Self) -> bool {
        let is =
            |a: &Name, b: &Name| is_ensemble_of(&a.folded, &b.folded) || is_ensemble_of(&b.folded, &a.folded);
        self.0.iter().any(|name| other.0.iter().any(|theirs| is(name, theirs)))
    }

    /// The first composer among them.
    pub(crate) fn composer(&self) -> Option<u16> {
        self.0.iter().find_map(|name| composer(&name.folded))
    }

    /// Those who play: all but composers. `Beethoven, Ludwig van` is one of them, though it can be taken for two names.
    pub(crate) fn players(&self) -> Self {
        let (composers, others): (Vec<&Name>, Vec<&Name>) =
            self.0.iter().partition(|name| composer(&name.folded).is_some());
        let is_player = |name: &&Name| !composers.iter().any(|composer| is_part_of(name, composer));
        Self(others.into_iter().filter(is_player).cloned().collect())
    }

    /// These and the others.
    pub(crate) fn and(mut self, others: Self) -> Self {
        others.0.into_iter().for_each(|name| self.add(Some(name)));
        self
    }

    /// Whether anybody is among both, by any form of the name.
    pub(crate) fn share_one(&self, others: &Self) -> bool {
        self.agreement(others, usize::MAX) > Agreement::Unknown
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How well an offer's names agree with these wanted ones. `lead` is how many of these begin the credit: the
    /// first printed text and its parts' first.
    pub(crate) fn agreement(&self, offer: &Self, lead: usize) -> Agreement {
        if offer.is_empty() || self.is_empty() {
            return Agreement::Unknown;
        }
        let mut best = Agreement::Differs;
        for (at, wanted) in self.0.iter().enumerate() {
            let leads = at < lead || wanted.other_form;
            for offered in &offer.0 {
                let found = compare(wanted, offered);
                let found = if !leads && found == Agreement::Same { Agreement::Listed } else { found };
                let found = if !leads && found < Agreement::Listed { Agreement::Differs } else { found };
                best = best.max(found);
            }
            if best == Agreement::Same {
                break;
            }
        }
        best
    }
}

fn is_part_of(part: &Name, whole: &Name) -> bool {
    part.folded.split(' ').all(|word| whole.folded.split(' ').any(|other| other == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(wanted: &[&str], offer: &str) -> Agreement {
        Names::of(wanted.iter().copied()).agreement(&Names::of(std::iter::once(offer)), 1)
    }

    #[test]
    fn names_agree_however_they_are_joined() {
        assert_eq!(agree(&["The Violet Oars"], "Violet Oars, The"), Agreement::Same);
        assert_eq!(agree(&["Mara Quill"], "Ben Otter & Mara Quill"), Agreement::Same);
        assert_eq!(agree(&["Mara Quill", "Ben Otter"], "Ben Otter"), Agreement::Listed);
        assert_eq!(agree(&["Oar, Moss & Fen"], "Oar, Moss and Fen"), Agreement::Same);
        assert_eq!(agree(&["QX/ZW"], "QXZW"), Agreement::Same);
        assert_eq!(agree(&["Oars N' Lilies"], "Oars and Lilies"), Agreement::Same);
        assert_eq!(agree(&["Mara Quill"], "Mara Quill f. Ben Otter"), Agreement::Same);
        assert_eq!(agree(&["Mara F. Quill"], "Mara"), Agreement::Part, "an initial joins nobody");
        assert_eq!(agree(&["Daryl Hall & John Oates"], "Hall & Oates"), Agreement::Alias);
        assert_eq!(agree(&["alt-J"], "∆"), Agreement::Alias);
        assert_eq!(agree(&["Mara Quillon"], "Mara Qiullon"), Agreement::Typo);
        assert_eq!(agree(&["Mara Quill"], "Mara Qiull"), Agreement::Near);
        assert_eq!(agree(&["Mara Quill"], "Mara Stone"), Agreement::Differs);
        assert_eq!(agree(&["Mara Quill"], "Various Artists"), Agreement::Unknown);
        assert_eq!(agree(&["Кот"], "Kot"), Agreement::Romanised);
    }

    #[test]
    fn a_composer_is_no_player_in_whatever_order_the_name_stands() {
        let players = |text: &str| {
            let names = Names::of(std::iter::once(text)).players();
            names.0.into_iter().map(|name| name.folded).collect::<Vec<_>>()
        };
        assert!(players("Beethoven, Ludwig van").is_empty() && players("Bach, J.S.").is_empty());
        assert_eq!(players("Beethoven; Oda Brenn").last().map(String::as_str), Some("oda brenn"));
    }

    #[test]
    fn credits_come_apart_at_every_sign_and_word() {
        for joined in [
            "Mara Quill & Ben Otter",
            "Mara Quill, Ben Otter",
            "Mara Quill and Ben Otter",
            "Mara Quill x Ben Otter",
            "Mara Quill × Ben Otter",
            "Mara Quill X Ben Otter",
            "Mara Quill vs. Ben Otter",
            "Mara Quill feat. Ben Otter",
            "Mara Quill ft Ben Otter",
            "Mara Quill Featuring Ben Otter",
            "Mara Quill with Ben Otter",
            "Mara Quill con Ben Otter",
            "Mara Quill y Ben Otter",
            "Mara Quill avec Ben Otter",
            "Mara Quill et Ben Otter",
            "Mara Quill mit Ben Otter",
            "Mara Quill und Ben Otter",
            "Mara Quill и Ben Otter",
            "Mara Quill / Ben Otter",
            "Mara Quill; Ben Otter",
            "Mara Quill + Ben Otter",
            "Mara Quill、Ben Otter",
        ] {
            assert_eq!(agree(&["Mara Quill"], joined), Agreement::Same, "{joined}");
            assert_eq!(agree(&["Ben Otter"], joined), Agreement::Same, "{joined}");
            assert!(agree(&[joined], "Mara Quill") >= Agreement::Listed, "{joined}");
            assert_eq!(agree(&["Mara"], joined), Agreement::Part, "{joined}");
        }
        assert_eq!(agree(&["Xavier"], "Maxavier"), Agreement::Differs, "an x inside a name joins nothing");
    }

    #[test]
    fn other_forms_of_a_name_are_weaker_than_the_name() {
        for (wanted, offer) in [
            ("Oda Brenn", "Brenn, Oda"),
            ("Brenn, Oda", "Oda Brenn"),
            ("Quillon", "DJ Quillon"),
            ("Oda Brenn and His Orchestra", "Oda Brenn Official"),
            ("Snoop Doggy Dogg", "Snoop Dogg"),
            ("Tarvo5", "Tarvos"),
        ] {
            assert_eq!(agree(&[wanted], offer), Agreement::Alias, "{wanted} / {offer}");
        }
        for (wanted, offer) in [("Oda Brenn", "Brenn"), ("MC Bo", "Bo"), ("Oda 12", "Oda 13")] {
            assert_ne!(agree(&[wanted], offer), Agreement::Same, "{wanted} / {offer}");
        }
        assert!(agree(&["Oda 12"], "Oda 13") < Agreement::Romanised);
        assert!(agree(&["The Oda Brenn Trio"], "Oda Brenn") == Agreement::Part);
    }

    #[test]
    fn articles_stand_before_or_behind() {
        assert_eq!(agree(&["Die Laternen"], "Laternen, Die"), Agreement::Same);
        assert_eq!(agree(&["Los Faroles"], "Faroles, Los"), Agreement::Same);
        assert_eq!(agree(&["Les Lanternes"], "lanternes, les"), Agreement::Same);
        assert_eq!(agree(&["Die Laternen"], "Laternen"), Agreement::Part, "only `the` goes without saying");
        assert!(
            says_nobody("Various Artists") && says_nobody("Разные исполнители") && says_nobody("[unknown]")
        );
        assert!(!says_nobody("Variety") && !says_nobody("The Unknown Lanterns"));
    }
}
