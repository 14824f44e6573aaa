//! `ferrotape rip`: a CD becomes FLAC files of the collection.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use ferrotape_app::{disc_reader, disc_register, image_reader};
use ferrotape_domain::{DiscReader, TagSet};
use ferrotape_engine::rip::{RipRequest, disc_image};

use super::inbox::collection;
use crate::args::{Args, Rip};
use crate::error::{CliError, SOME_FAILED};
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, wanted: &Rip) -> Result<ExitCode, CliError> {
    let disc = wanted.disc.canonicalize().map_err(|error| {
        CliError::new(format!("{} cannot be read: {error}", wanted.disc.display()))
            .hint("name a drive, such as /dev/cdrom, or the cue sheet of an image")
    })?;
    let is_sheet = disc.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("cue"));
    if disc.is_dir() || (disc.is_file() && !is_sheet) {
        let says = format!("{} is neither a drive nor a cue sheet", wanted.disc.display());
        return Err(CliError::new(says).hint("of an image, name the .cue file"));
    }
    let (reader, texts) = if is_sheet { image(disc, wanted)? } else { drive(disc, wanted) };
    let session = Session::to_change(args)?;
    let network = if wanted.no_lookup { None } else { Some(session.network()?) };
    let register = disc_register(network.as_ref());
    let (folder, source) = collection(&session)?;
    let request = RipRequest {
        reader: reader.as_ref(),
        register: &register,
        texts,
        lookup: !wanted.no_lookup,
        collection: &folder,
        source,
    };
    let report = ferrotape_engine::rip::rip(&request, &session.context())?;
    if args.json {
        output::line(&json::result("rip", json::ripped(&report)));
    } else {
        text::ripped(&report);
    }
    Ok(if report.has_failed() { ExitCode::from(SOME_FAILED) } else { ExitCode::SUCCESS })
}

/// Who reads a disc, and what the tracks of an image are called.
type Disc = (Box<dyn DiscReader>, BTreeMap<u32, TagSet>);

fn drive(device: PathBuf, wanted: &Rip) -> Disc {
    (Box::new(disc_reader(device, wanted.offset)), BTreeMap::new())
}

fn image(sheet: PathBuf, wanted: &Rip) -> Result<Disc, CliError> {
    let image = disc_image(&sheet).map_err(|problem| CliError::new(problem.to_string()))?;
    let says = format!("{} cannot be read as an image", sheet.display());
    let reader = image_reader(sheet, &image.sound, wanted.offset);
    let reader = reader.map_err(|error| CliError::new(format!("{says}: {error}")))?;
    Ok((Box::new(reader), image.texts))
}
