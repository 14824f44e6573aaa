//! Every parser of inputs by name, for `cargo xtask fuzz` and for the mutation test below.
//!
//! A parser takes bytes that may be anything and must come back: no panic, no hang, bounded memory, and every row in one
//! count. To have a new one fuzzed, add a row to [`READERS`]; what its inputs begin as are the case folders it names.

#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, Cursor, Write};
use std::path::Path;

use ferrotape_domain::{Cancel, Silent, Wishlist};
use walkdir::WalkDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::collector::Collector;
use crate::json::JsonFormat;
use crate::lines::LineFormat;
use crate::recognise::recognise;
use crate::text::TextBytes;
use crate::xml::XmlFormat;
use crate::{Limits, csv, json, lines, looks_like_link, parse_link, read_path, xml};

/// One parser of inputs.
#[derive(Clone, Copy)]
pub struct Reader {
    /// What to call it on the command line.
    pub name: &'static str,
    /// Folders of `tests/cases` whose files its inputs begin as; all of them when there are none.
    pub seeds: &'static [&'static str],
    /// Whether its inputs begin as zips of whole cases.
    pub zipped: bool,
    /// Reads the bytes. The path is that of a scratch file.
    pub read: fn(&Path, &[u8]),
}

const fn of(name: &'static str, seeds: &'static [&'static str], read: fn(&Path, &[u8])) -> Reader {
    Reader { name, seeds, zipped: false, read }
}

/// All of them.
pub const READERS: &[Reader] = &[
    of("import-recognise", &[], |_, bytes| _ = recognise(bytes, "a/list", &Limits::default())),
    of("import-json", &["account", "spotdl", "spotify-backup", "jspf", "listenbrainz", "apple"], read_json),
    of(
        "import-csv",
        &["exportify", "tunemymusic", "soundiiz", "csv", "youtube", "lastfm", "apple"],
        |_, bytes| read_text(bytes, |text, collector| csv::read(text, "a/list.csv", collector)),
    ),
    of("import-m3u", &["m3u"], |_, bytes| read_lines(bytes, LineFormat::M3u)),
    of("import-pls", &["pls"], |_, bytes| read_lines(bytes, LineFormat::Pls)),
    of("import-backup-text", &["spotify-backup"], |_, bytes| read_lines(bytes, LineFormat::Backup)),
    of("import-link-list", &["links"], |_, bytes| read_lines(bytes, LineFormat::Links)),
    of("import-titles", &["titles"], |_, bytes| read_lines(bytes, LineFormat::Titles)),
    of("import-xspf", &["xspf"], |_, bytes| read_xml(bytes, XmlFormat::Xspf)),
    of("import-itunes", &["itunes"], |_, bytes| read_xml(bytes, XmlFormat::Itunes)),
    of("import-opml", &["opml"], |_, bytes| read_xml(bytes, XmlFormat::Opml)),
    of("import-links", &["links"], |_, bytes| read_link(&String::from_utf8_lossy(bytes))),
    Reader {
        name: "import-zip",
        seeds: &["account", "apple", "csv", "youtube"],
        zipped: true,
        read: read_file,
    },
];

/// Each kind of JSON, whatever the bytes look like.
fn read_json(_: &Path, bytes: &[u8]) {
    let formats = [
        JsonFormat::Library,
        JsonFormat::Playlists,
        JsonFormat::AccountHistory,
        JsonFormat::ExtendedHistory,
        JsonFormat::Spotdl,
        JsonFormat::Backup,
        JsonFormat::Jspf,
        JsonFormat::Listens,
        JsonFormat::ListenLines,
        JsonFormat::AppleTracks,
        JsonFormat::ApplePlaylists,
    ];
    // One after the other, as the files of one package.
    let (limits, mut collector) = (Limits::default(), new_collector());
    for format in formats {
        let _ = json::read(format, bytes, "a/list.json", &limits, &mut collector);
    }
    judge(&collector.finish());
}

fn read_xml(bytes: &[u8], format: XmlFormat) {
    let (limits, mut collector) = (Limits::default(), new_collector());
    let _ = xml::read(format, bytes, "a/list.xml", &limits, &mut collector);
    judge(&collector.finish());
}

fn read_lines(bytes: &[u8], format: LineFormat) {
    read_text(bytes, |text, collector| lines::read(format, text, "a/list.txt", collector));
}

fn read_text(bytes: &[u8], read: impl FnOnce(&TextBytes, &mut Collector)) {
    let mut collector = new_collector();
    read(&TextBytes::of(bytes.to_vec()), &mut collector);
    judge(&collector.finish());
}

fn read_link(text: &str) {
    let _ = looks_like_link(text);
    match parse_link(text) {
        Ok(link) => assert!(!link.why_not_usable().is_empty()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Reads the bytes as a file of a user's. A scratch file that cannot be written ends the run: nothing would be tested.
#[expect(clippy::expect_used, reason = "for tests only")]
fn read_file(scratch: &Path, bytes: &[u8]) {
    fs::write(scratch, bytes).expect("the scratch file can be written");
    if let Ok(wishlist) = read_path(scratch, &Limits::default(), &Silent, &Cancel::default()) {
        judge(&wishlist);
    }
}

fn new_collector() -> Collector {
    Collector::new(Limits::default().problems_per_file)
}

/// What must hold of anything that was read.
fn judge(wishlist: &Wishlist) {
    assert!(wishlist.accounts.iter().all(ferrotape_domain::FileAccount::adds_up), "{:?}", wishlist.accounts);
    let entries = wishlist.playlists.iter().flat_map(|list| &list.entries).map(|entry| entry.wanted);
    let mut places = entries.chain(wishlist.plays.iter().map(|play| play.wanted));
    assert!(places.all(|place| place < wishlist.wanted.len()), "an entry points to nothing");
}

/// What the inputs of a parser begin as; `cases` is the folder of the case folders.
pub fn seeds_of(reader: &Reader, cases: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut found = Vec::new();
    let folders = WalkDir::new(cases).min_depth(2).max_depth(2).sort_by_file_name();
    for case in folders.into_iter().filter_map(Result::ok).filter(|case| case.file_type().is_dir()) {
        let format = case.path().parent().and_then(Path::file_name).unwrap_or_default();
        if !reader.seeds.is_empty() && !reader.seeds.iter().any(|seed| format == *seed) {
            continue;
        }
        let input = case.path().join("input");
        let files = WalkDir::new(&input).sort_by_file_name().into_iter().filter_map(Result::ok);
        let files = files.filter(|file| file.file_type().is_file());
        let files = files.map(|file| Ok((file.path().to_owned(), fs::read(file.path())?)));
        let files: Vec<_> = files.collect::<io::Result<_>>()?;
        if !reader.zipped {
            found.extend(files.into_iter().map(|(_, bytes)| bytes));
            continue;
        }
        let names = files.iter().map(|(path, bytes)| {
            (path.strip_prefix(&input).unwrap_or(path).to_string_lossy().into_owned(), bytes.as_slice())
        });
        let whole = zip_of(names)?;
        found.push(zip_of(
            [("Apple Music Library Tracks.json.zip".to_owned(), whole.as_slice())].into_iter(),
        )?);
        found.push(whole);
    }
    Ok(found)
}

fn zip_of<'f>(files: impl Iterator<Item = (String, &'f [u8])>) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, SimpleFileOptions::default()).map_err(io::Error::other)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish().map_err(io::Error::other)?.into_inner())
}
