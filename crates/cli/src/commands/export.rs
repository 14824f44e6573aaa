//! `ferrotape export`: the library, or lists of it, into files for other programs.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ferrotape_engine::export::{ExportFile, ExportRequest, Exported, Format, SCHEMA, export};
use ferrotape_engine::selection::What;

use crate::args::{Args, Export};
use crate::error::CliError;
use crate::session::Session;
use crate::{json, output, text};

/// One file of an export and where it goes.
struct Place<'e> {
    file: &'e ExportFile,
    path: PathBuf,
    /// What is there is the same already.
    unchanged: bool,
}

pub(crate) fn run(args: &Args, wanted: &Export) -> Result<ExitCode, CliError> {
    let Some(to) = wanted.to.as_deref().filter(|_| !wanted.schema) else {
        output::line(SCHEMA.trim_end());
        return Ok(ExitCode::SUCCESS);
    };
    let request = request(wanted)?;
    let to_output = to == Path::new("-");
    if to_output && args.json {
        return Err(CliError::usage("--json and --to - would mix two things on standard output")
            .hint("name a file with --to, or leave --json out"));
    }
    let session = Session::to_look(args)?;
    let exported = export(&request, &session.context())?;
    if to_output {
        let file = only_file(&exported)?;
        output::bytes(&file.bytes);
        text::exported(&exported, request.format, &[], output::talk);
        return Ok(ExitCode::SUCCESS);
    }
    let places = places(&exported, to, request.format)?;
    let places = compared(places, wanted.force)?;
    for place in places.iter().filter(|place| !place.unchanged) {
        if let Some(folder) = place.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|error| CliError::writing(folder, &error))?;
        }
        match place.file.private_feeds {
            0 => output::write_bytes(&place.path, &place.file.bytes)?,
            _ => output::write_private(&place.path, &place.file.bytes)?,
        }
    }
    // One that is there already may lie open, as all such files once did.
    for place in places.iter().filter(|place| place.unchanged && place.file.private_feeds > 0) {
        output::keep_private(&place.path);
    }
    let written: Vec<(&Path, bool)> =
        places.iter().map(|place| (place.path.as_path(), place.unchanged)).collect();
    if args.json {
        output::line(&json::result("export", json::exported(&exported, request.format, &written)));
    } else {
        text::exported(&exported, request.format, &written, output::line);
    }
    Ok(ExitCode::SUCCESS)
}

fn request(wanted: &Export) -> Result<ExportRequest, CliError> {
    let (mut links, mut names) = (Vec::new(), wanted.list.clone());
    for text in &wanted.what {
        match What::parse(text)? {
            link @ What::Link(..) => links.push(link),
            What::Path(_) => names.push(text.clone()),
        }
    }
    if wanted.with_plays && wanted.format != Format::Json {
        return Err(CliError::usage(
            "--with-plays goes with --as json; no other format has a place for plays",
        ));
    }
    if wanted.files && wanted.format != Format::M3u8 {
        return Err(CliError::usage("--files goes with --as m3u8; the other formats name no files of yours"));
    }
    let (format, with_plays, with_files) = (wanted.format, wanted.with_plays, wanted.files);
    let without_private_feeds = wanted.without_private_feeds;
    Ok(ExportRequest { links, names, format, with_plays, with_files, without_private_feeds })
}

/// The one file that goes to one place.
fn only_file(exported: &Exported) -> Result<&ExportFile, CliError> {
    match exported.export.files.as_slice() {
        [file] => Ok(file),
        [] => Err(CliError::new("there is no list in the library yet, so there is nothing to export")
            .hint("import something first: `ferrotape import FILE`")),
        several => Err(CliError::usage(format!("{} lists are {0} files in this format", several.len()))
            .hint("name a folder with --to, or one list with --list")),
    }
}

/// Where each file goes. A folder is what is one, ends like one, or does not end like a file of the format.
fn places<'e>(exported: &'e Exported, to: &Path, format: Format) -> Result<Vec<Place<'e>>, CliError> {
    let ends_like_folder = to.to_string_lossy().ends_with(std::path::is_separator);
    let ends_like_file = to.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(format.ending()));
    let is_folder = to.is_dir() || ends_like_folder || (format.has_file_per_list() && !ends_like_file);
    if !is_folder {
        let file = only_file(exported)?;
        return Ok(vec![Place { file, path: to.to_owned(), unchanged: false }]);
    }
    if exported.export.files.is_empty() {
        only_file(exported)?;
    }
    let place = |file: &'e ExportFile| Place { file, path: to.join(&file.name), unchanged: false };
    Ok(exported.export.files.iter().map(place).collect())
}

/// Compares with what is there before anything is written: all of an export goes out, or nothing.
fn compared(mut places: Vec<Place<'_>>, force: bool) -> Result<Vec<Place<'_>>, CliError> {
    let mut differ = Vec::new();
    for place in &mut places {
        match fs::read(&place.path) {
            Ok(there) => place.unchanged = there == place.file.bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(CliError::writing(&place.path, &error)),
        }
        if !place.unchanged && !force {
            differ.push(place.path.display().to_string());
        }
    }
    match differ.as_slice() {
        [] => Ok(places),
        [one] => Err(CliError::new(format!("{one} is there and differs; nothing was written"))
            .hint("--force replaces it; or name another place with --to")),
        [first, ..] => {
            let count = differ.len();
            Err(CliError::new(format!(
                "{count} files are there and differ ({first} first); nothing was written"
            ))
            .hint("--force replaces them; or name another folder with --to"))
        }
    }
}
