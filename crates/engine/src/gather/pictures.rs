//! Pictures of what was fetched and has none of its own, where its place has one beside the audio: an episode's, else its
//! feed's.
//!
//! A picture is fetched once and kept in a folder beside the files that it is of, under the place's name for it. Each of
//! these files has a link to it that is called as the file is; by that `convert` finds it. No file waits for its picture:
//! where that could not be asked for, the next run does, and where there is none that can be used, one after a month.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ferrotape_domain::{Cancel, ContentId, Fault, FaultKind, Offer, Pictures};
use ferrotape_store::StoreError;

use super::Elsewhere;
use crate::lookup::keep_picture;
use crate::{Context, EngineError};

/// The folder, beside the files.
const FOLDER: &str = "pictures";
/// What has no picture is asked again after so long, in seconds.
const AGAIN_S: i64 = 30 * 24 * 3_600;
/// Files that pictures are asked for in one run; the next one goes on.
const MOST: usize = 300;

/// A fetched file without a picture.
struct Bare {
    path: PathBuf,
    content: ContentId,
    offer_id: String,
}

/// Where the picture of a fetched file is, if it has one.
pub(crate) fn own_picture(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".jpg");
    folder_beside(file).join(name)
}

fn folder_beside(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(FOLDER)
}

/// Fetches the pictures of all files in the collection that have none and may have one.
pub(super) fn fetch_all(elsewhere: &Elsewhere, context: &Context) -> Result<(), EngineError> {
    for place in elsewhere.catalogues {
        let Some(pictures) = place.pictures() else { continue };
        for file in bare_files(place.name(), elsewhere, context)?.iter().take(MOST) {
            if context.cancel.is_stopped() {
                return Err(EngineError::Interrupted);
            }
            let has_one = match bring(pictures, file, place.name(), context.cancel) {
                Ok(has_one) => has_one,
                Err(fault) if fault.kind == FaultKind::Permanent => false,
                Err(_) => continue,
            };
            match context.library.note_asked(place.name(), &subject(&file.content), has_one, context.now) {
                // It was taken out meanwhile.
                Ok(()) | Err(StoreError::NotAsked { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

/// What the library calls the question.
fn subject(content: &ContentId) -> String {
    format!("picture:{}", content.0)
}

fn bare_files(place: &str, elsewhere: &Elsewhere, context: &Context) -> Result<Vec<Bare>, EngineError> {
    let all = context.library.provenance()?.into_iter().filter(|origin| origin.source == place);
    let ids: HashMap<ContentId, String> = all.map(|origin| (origin.content, origin.remote_id)).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let vain = context.library.asked_in_vain(place, context.now.saturating_sub(AGAIN_S))?;
    let bare = |offer: Offer| {
        let is_bare = offer.part.is_none() && offer.cover.is_empty() && !own_picture(&offer.path).is_file();
        let may_have_one = is_bare && !vain.contains(&subject(&offer.content));
        let offer_id = ids.get(&offer.content).filter(|_| may_have_one)?.clone();
        Some(Bare { path: offer.path, content: offer.content, offer_id })
    };
    let files = context.library.offers(&[elsewhere.collection.root()])?;
    Ok(files.into_iter().filter_map(bare).collect())
}

/// Puts a file's picture in its place; whether it has one.
fn bring(pictures: &dyn Pictures, file: &Bare, place: &str, cancel: &Cancel) -> Result<bool, Fault> {
    let Some(name) = pictures.picture_name(&file.offer_id, cancel)? else { return Ok(false) };
    let kept = folder_beside(&file.path).join(format!("{name}.jpg"));
    let trouble = |error: io::Error| {
        // What is no picture is none tomorrow; a full disk has room again.
        let kind = match error.kind() {
            io::ErrorKind::Other => FaultKind::Permanent,
            _ => FaultKind::Temporary { retry_after_seconds: None },
        };
        Fault { source: place.to_owned(), kind, reason: error.to_string() }
    };
    if !kept.is_file() {
        let bytes = pictures.picture(&file.offer_id, cancel)?;
        keep_picture(&kept, &bytes).map_err(trouble)?;
    }
    link(&kept, &own_picture(&file.path)).map_err(trouble)?;
    Ok(true)
}

fn link(kept: &Path, own: &Path) -> io::Result<()> {
    if fs::hard_link(kept, own).is_ok() {
        return Ok(());
    }
    // Sticks and shares often know no links.
    let beside = own.with_extension("part");
    fs::copy(kept, &beside)?;
    fs::rename(&beside, own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_its_picture_are_called_alike() {
        let picture = own_picture(Path::new("podcasts/Low Tide/v1.2 [0123abcd].mp3"));
        assert_eq!(picture, Path::new("podcasts/Low Tide/pictures/v1.2 [0123abcd].mp3.jpg"));
    }

    #[test]
    fn a_picture_is_linked_in_place_of_none() {
        let folder = tempfile::tempdir().unwrap();
        let (kept, own) = (folder.path().join("kept.jpg"), folder.path().join("own.jpg"));
        fs::write(&kept, b"picture").unwrap();
        for _ in 0..2 {
            link(&kept, &own).unwrap();
            assert_eq!(fs::read(&own).unwrap(), b"picture");
        }
    }
}
