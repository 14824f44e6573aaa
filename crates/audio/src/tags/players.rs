//! Who plays, as fields beside the artist say. A scan keeps the names: of a classical file the artist is often only the
//! composer, and these tell whose recording it is.

use ferrotape_domain::Players;

use crate::tags::native::NativeTag;
use crate::tags::read::values;
use crate::tags::table::TABLE;

/// Fields that are rows of no table, by the names that people and programs give them.
const ENSEMBLES: [&str; 7] = ["ENSEMBLE", "ENSEMBLES", "ORCHESTRA", "CHOIR", "CHORUS", "SOLOIST", "SOLOISTS"];
/// Most names kept of each, and the longest, in characters: a band's sessions name everybody who was in the room.
const MOST: usize = 24;
const LONGEST: usize = 300;
/// Beginnings of roles in brackets that play nothing: `Ben Otter (recording engineer)`.
const NO_PLAYERS: [&str; 24] = [
    "a&r",
    "arrang",
    "artwork",
    "assist",
    "balance",
    "booklet",
    "compos",
    "copy",
    "design",
    "edit",
    "engineer",
    "instrumentat",
    "librett",
    "liner",
    "lyric",
    "mastering",
    "mix",
    "orchestrat",
    "photo",
    "produc",
    "recorded",
    "recording",
    "technic",
    "writ",
];

/// The conductors, performers and ensembles of the first tag that names any.
pub(super) fn players(tags: &[NativeTag]) -> Option<Box<Players>> {
    let conductors = named(of_row(tags, "conductors"));
    let others = of_row(tags, "performers").into_iter().chain(ensembles(tags)).collect();
    let found = Players { conductors, others: named(others) };
    (found != Players::default()).then(|| Box::new(found))
}

fn of_row(tags: &[NativeTag], field: &str) -> Vec<String> {
    let Some(row) = TABLE.iter().find(|row| row.field == field) else { return Vec::new() };
    let places = tags.iter().flat_map(|tag| tag.kind.names(row).map(move |name| (tag, name)));
    places.map(|(tag, name)| values(tag, name)).find(|values| !values.is_empty()).unwrap_or_default()
}

fn ensembles(tags: &[NativeTag]) -> Vec<String> {
    let is_one = |name: &str| ENSEMBLES.iter().any(|known| known.eq_ignore_ascii_case(name));
    let of_tag = |tag: &NativeTag| -> Vec<String> {
        let fields = tag.fields.iter().filter(|(name, _)| tag.kind.user_name(name).is_some_and(is_one));
        fields.map(|(_, text)| text.replace('\0', " ")).collect()
    };
    tags.iter().map(of_tag).find(|values| !values.is_empty()).unwrap_or_default()
}

/// The names without roles, each once; without those who play nothing.
fn named(texts: Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for text in texts {
        let (name, role) = text.split_once(" (").unwrap_or((text.as_str(), ""));
        let name = name.trim();
        let fits = !name.is_empty() && name.chars().count() <= LONGEST && plays(role);
        if fits && names.len() < MOST && names.iter().all(|known| known != name) {
            names.push(name.to_owned());
        }
    }
    names
}

fn plays(role: &str) -> bool {
    let role = role.to_lowercase();
    let mut words = role.split(|c: char| c.is_whitespace() || "(),/-".contains(c));
    !words.any(|word| NO_PLAYERS.iter().any(|begin| word.starts_with(begin)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags::native::Kind;

    fn found(kind: Kind, fields: &[(&str, &str)]) -> Players {
        let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        *players(&[NativeTag::new(kind, fields)]).unwrap_or_default()
    }

    #[test]
    fn players_are_read_from_the_tags_of_every_format() {
        for (kind, conductor, performer, ensemble) in [
            (Kind::Id3v2, "TPE3", "TMCL:*", "TXXX:Ensemble"),
            (Kind::Vorbis, "CONDUCTOR", "PERFORMER", "ORCHESTRA"),
            (Kind::Mp4, "----:CONDUCTOR", "----:PERFORMER", "----:ENSEMBLE"),
            (Kind::Mp4, "©con", "----:PERFORMER", "----:ORCHESTRA"),
            (Kind::Ape, "Conductor", "Performer", "Ensemble"),
        ] {
            let players = found(
                kind,
                &[
                    (conductor, "Oda Brenn"),
                    (performer, "Mara Quill (violin)"),
                    (performer, "Ben Otter (concertmaster)"),
                    (performer, "Mara Quill (viola)"),
                    (performer, "Cy Tarn (recording engineer)"),
                    (ensemble, "Fenmoor Philharmonic"),
                ],
            );
            assert_eq!(players.conductors, ["Oda Brenn"], "{kind:?}");
            assert_eq!(players.others, ["Mara Quill", "Ben Otter", "Fenmoor Philharmonic"], "{kind:?}");
        }
        assert!(players(&[NativeTag::new(Kind::Vorbis, std::iter::empty())]).is_none());
    }
}
