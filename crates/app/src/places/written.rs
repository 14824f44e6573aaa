//! Reading `sources.toml`, with words for whoever wrote it by hand: the line, the source, what is expected there.
//!
//! Of what is written only what looks like a plain name is quoted: people put passwords into addresses, and addresses
//! onto wrong lines.

use std::collections::BTreeSet;
use std::path::PathBuf;

use ferrotape_services::net::is_contact;
use ferrotape_services::podcasts::is_feed_address;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::kind::PlaceKind;
use super::settings::{PlaceSettings, is_country, is_name};

/// What the file says.
pub(super) struct Written {
    pub(super) contact: Option<String>,
    pub(super) collection: Option<PathBuf>,
    pub(super) sources: Vec<PlaceSettings>,
}

const FORM: &str = "this cannot be read. A source is a line [[source]] and below it lines such as kind = \"librivox\", each with \
                    one word, = and a text in double quotes";
const CONTACT: &str = "the contact is a mail address or the address of a page, up to 200 letters without accents or spaces, such as \
                       contact = \"me@example.org\"";
const ABOVE: &str = "above the sources stand collection = \"/a/folder\", contact = \"me@example.org\" or nothing, and each source begins with a line [[source]]";
const WORDS: &str = "a source has the words kind, name, address, user, command, feeds and country";
/// Longer words are not quoted.
const MOST_QUOTED: usize = 30;

/// A value of the file with its place in it.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// Reads the file; `Err`: what is wrong, with its line.
pub(super) fn parse(text: &str) -> Result<Written, String> {
    let at = |place: usize, says: String| at_line(text, place, &says);
    let root = DeTable::parse(text)
        .map_err(|error| at(error.span().map_or(0, |span| span.start), FORM.to_owned()))?;
    let mut written = Written { contact: None, collection: None, sources: Vec::new() };
    for (word, value) in root.get_ref() {
        let wrong = |says: String| at(word.span().start, says);
        match (word.get_ref().as_ref(), value.get_ref()) {
            ("collection", DeValue::String(folder)) => written.collection = Some(folder.as_ref().into()),
            ("contact", DeValue::String(contact)) if is_contact(contact) => {
                written.contact = Some(contact.as_ref().to_owned());
            }
            ("contact", DeValue::String(_)) => return Err(wrong(CONTACT.to_owned())),
            ("contact", _) => return Err(wrong(format!("the contact is no text; {ABOVE}"))),
            ("source", DeValue::Array(all)) => {
                written.sources = sources(all).map_err(|(place, says)| at(place, says))?;
            }
            ("collection", _) => return Err(wrong(format!("the collection is no text; {ABOVE}"))),
            (other, _) => {
                let word = quoted(other).unwrap_or_else(|| "the word written there".to_owned());
                return Err(wrong(format!("{word} has no place here: {ABOVE}")));
            }
        }
    }
    Ok(written)
}

/// What is wrong at a byte of the text, with its line.
pub(super) fn at_line(text: &str, place: usize, says: &str) -> String {
    let before = text.get(..place).unwrap_or_default();
    format!("line {}: {says}", before.bytes().filter(|byte| *byte == b'\n').count() + 1)
}

/// What is wrong, and at which byte.
pub(super) type Wrong = (usize, String);

fn sources(all: &[Value<'_>]) -> Result<Vec<PlaceSettings>, Wrong> {
    let (mut sources, mut names) = (Vec::new(), BTreeSet::new());
    for (number, value) in (1..).zip(all) {
        let begin = value.span().start;
        let table = value.get_ref().as_table().ok_or_else(|| (begin, ABOVE.to_owned()))?;
        let place = source(number, begin, table)?;
        if !names.insert(place.full_name()) {
            let name = place.full_name();
            return Err((
                begin,
                format!("source {number}: there are two sources of the name {name}; take one out"),
            ));
        }
        sources.push(place);
    }
    Ok(sources)
}

fn source(number: usize, begin: usize, table: &DeTable<'_>) -> Result<PlaceSettings, Wrong> {
    let wrong = |place: usize, says: String| (place, format!("source {number}: {says}"));
    let text = |word: &str| match table.get(word) {
        None => Ok(None),
        Some(value) => match value.get_ref().as_str() {
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(wrong(value.span().start, format!("its {word} is no text; write {word} = \"…\""))),
        },
    };
    if let Some(odd) = table.keys().find(|word| !is_word(word.get_ref())) {
        let word = quoted(odd.get_ref()).unwrap_or_else(|| "the word written there".to_owned());
        let says = format!("{word} is none of its words: {WORDS}");
        return Err(wrong(odd.span().start, says));
    }
    let kinds = || PlaceKind::ALL.map(PlaceKind::word).join(", ");
    let Some(kind) = text("kind")? else {
        let says =
            format!("it does not say its kind, such as kind = \"librivox\"; the kinds are {}", kinds());
        return Err(wrong(begin, says));
    };
    let Some(kind) = PlaceKind::from_word(&kind) else {
        let place = table.get("kind").map_or(begin, |value| value.span().start);
        let says = match quoted(&kind) {
            Some(kind) => format!("there is no kind {kind}"),
            None => "the kind written there is none".to_owned(),
        };
        return Err(wrong(place, format!("{says}; the kinds are {}", kinds())));
    };
    let (name, address, user) = (text("name")?, text("address")?, text("user")?);
    if kind.has_names() && name.as_deref().is_none_or(|name| !is_name(name)) {
        let place = table.get("name").map_or(begin, |value| value.span().start);
        let says = "has no usable name: up to 40 letters without accents, digits, dots, - and _, such as name = \"home\"";
        return Err(wrong(place, format!("a source of the kind {} {says}", kind.word())));
    }
    let command = table.get("command").map_or(Ok(Vec::new()), |value| {
        let says = "its command is a list of texts, such as command = [\"/home/me/bin/shelf\"]";
        texts(value.get_ref()).ok_or_else(|| wrong(value.span().start, says.to_owned()))
    })?;
    let feeds = table.get("feeds").map_or(Ok(Vec::new()), |value| {
        let says = "its feeds are a list of web addresses without names and passwords, such as feeds = \
                    [\"http://192.168.1.5:13378/feed/tide\"]; only podcasts have them";
        let feeds = texts(value.get_ref()).filter(|_| kind == PlaceKind::Podcasts);
        let feeds = feeds.filter(|feeds| feeds.iter().all(|feed| is_feed_address(feed)));
        feeds.ok_or_else(|| wrong(value.span().start, says.to_owned()))
    })?;
    let country = text("country")?;
    if country.as_deref().is_some_and(|country| kind != PlaceKind::Podcasts || !is_country(country)) {
        let place = table.get("country").map_or(begin, |value| value.span().start);
        let says = "its country is two letters, such as country = \"de\"; only podcasts have one";
        return Err(wrong(place, says.to_owned()));
    }
    Ok(PlaceSettings { kind, name, address, user, command, feeds, country })
}

fn is_word(word: &str) -> bool {
    ["kind", "name", "address", "user", "command", "feeds", "country"].contains(&word)
}

pub(super) fn texts(value: &DeValue<'_>) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|part| part.get_ref().as_str().map(str::to_owned)).collect()
}

/// The text in quotation marks, if it looks like a plain name; anything else may be a secret on the wrong line.
pub(super) fn quoted(text: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_name = (1..=MOST_QUOTED).contains(&text.len()) && text.bytes().all(is_plain);
    is_name.then(|| format!("“{text}”"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::places::settings::{FILE, Places};

    #[test]
    fn a_file_that_says_what_cannot_be_is_told_of_with_its_line() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        for (text, says) in [
            (
                "[[source]]\nkind = \"napster\"\n",
                "line 2: source 1: there is no kind “napster”; the kinds are subsonic",
            ),
            (
                "[[source]]\nkind = \"https://me:s3cret@server.example/x\"\n",
                "line 2: source 1: the kind written there is none; the kinds are subsonic",
            ),
            (
                "[[source]]\nkind = \"librivox\"\n\"https://me:s3cret@x\" = \"address\"\n",
                "line 3: source 1: the word written there is none of its words",
            ),
            ("\"me:s3cret@server.example\" = \"x\"\n", "line 1: the word written there has no place here"),
            (
                "[[source]]\nkind = \"librivox\"\n\n[[source]]\nuser = \"me\"\n",
                "line 4: source 2: it does not say its kind",
            ),
            (
                "[[source]]\nkind = \"librivox\"\nadress = \"https://me:s3cret@x\"\n",
                "line 3: source 1: “adress” is none",
            ),
            (
                "[[source]]\nkind = \"podcasts\"\ncountry = \"s3cret\"\n",
                "line 3: source 1: its country is two letters, such as country = \"de\"; only podcasts have one",
            ),
            (
                "[[source]]\nkind = \"librivox\"\ncountry = \"de\"\n",
                "line 3: source 1: its country is two letters",
            ),
            (
                "[[source]]\nkind = \"librivox\"\nuser = 7\n",
                "line 3: source 1: its user is no text; write user =",
            ),
            (
                "[[source]]\nkind = \"program\"\nname = \"x\"\ncommand = \"s3cret\"\n",
                "line 4: source 1: its command is a list",
            ),
            ("[source]\nkind = \"librivox\"\n", "line 1: “source” has no place here"),
            ("[[source]]\nkind = librivox\n", "line 2: this cannot be read"),
            (
                "[[source]]\nkind = \"podcasts\"\nfeeds = [\"https://me:s3cret@nas/feed\"]\n",
                "line 3: source 1: its feeds are a list of web addresses without names and passwords",
            ),
            (
                "[[source]]\nkind = \"librivox\"\nfeeds = [\"http://nas/feed\"]\n",
                "line 3: source 1: its feeds are a list of web addresses without names and passwords",
            ),
            ("collection = 3\n", "line 1: the collection is no text"),
            ("contact = 3\n", "line 1: the contact is no text"),
            ("contact = \"me s3cret\"\n", "line 1: the contact is a mail address or the address of a page"),
            ("contact = \"a@b.example\\r\\nx: s3cret\"\n", "line 1: the contact is a mail address"),
            ("contact = \"s3crét\"\n", "up to 200 letters without accents"),
            ("[[source]]\nkind = \"subsonic\"\n", "no usable name"),
            ("[[source]]\nkind = \"librivox\"\n[[source]]\nkind = \"librivox\"\n", "two sources"),
            ("colection = \"x\"\n", "colection"),
        ] {
            fs::write(folder.path().join(FILE), text)?;
            let error = Places::load(folder.path()).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(says) && error.contains(FILE), "{text}: {error}");
            assert!(!error.contains("s3cret") && !error.contains("TOML"), "{text}: {error}");
        }
        Ok(())
    }
}
