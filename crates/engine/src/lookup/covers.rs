//! Pictures of albums whose files have none and lie beside none. They are files in the library's folder, named by
//! what they are of; `convert` takes them as it takes a picture in the file's own folder.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ferrotape_audio::{CoverRules, cover_for, folder_picture};
use ferrotape_domain::{CoverArchive, Fact, Offer, Phase, WantedKind};

use super::releases::Releases;
use super::{LookupRequest, Question, ServiceAsked, goes_on, known};
use crate::convert::CoverSource;
use crate::convert::stamped_picture;
use crate::matching::{Answer, Matching};
use crate::{Context, EngineError};

/// Folder below the library's.
const FOLDER: &str = "pictures";

pub(super) fn ask(
    archive: &dyn CoverArchive,
    matching: &Matching,
    request: &LookupRequest,
    context: &Context,
) -> Result<ServiceAsked, EngineError> {
    let name = archive.name();
    let Some(folder) = context.library.folder().map(|folder| folder.join(FOLDER)) else {
        return Ok(ServiceAsked::new(name, Question::Covers, 0));
    };
    let known = known(name, request, context)?;
    let mut open = albums(matching, context)?;
    let has_one = |facts: &[Fact]| facts.iter().any(|fact| place(&folder, fact).is_file());
    let is_open = |facts: &[Fact]| facts.iter().any(|fact| !known.contains(&fact.value()));
    open.retain(|facts| is_open(facts) && (request.again || !has_one(facts)));
    let mut asked = ServiceAsked::new(name, Question::Covers, open.len());
    open.truncate(request.most);
    context.started(Phase::Ask, Some(open.len() as u64));
    for facts in &open {
        let mut has_picture = false;
        for fact in facts.iter().filter(|fact| !known.contains(&fact.value())) {
            if context.cancel.is_stopped() {
                return Ok(asked);
            }
            match archive.front_cover(fact, context.cancel) {
                Ok(picture) => {
                    if let Some(why) = picture.as_deref().and_then(|bytes| keep(&folder, fact, bytes).err()) {
                        asked.unusable.push((fact.value(), why.to_string()));
                    } else {
                        has_picture = picture.is_some();
                    }
                    context.library.note_asked(name, &fact.value(), has_picture, context.now)?;
                }
                Err(fault) if goes_on(&fault) => {
                    asked.unusable.push((fact.value(), fault.reason));
                    context.library.note_asked(name, &fact.value(), false, context.now)?;
                }
                Err(fault) => {
                    asked.fault = Some(fault);
                    context.finished(Phase::Ask);
                    return Ok(asked);
                }
            }
            if has_picture {
                break;
            }
        }
        asked.answered(has_picture, context);
    }
    context.finished(Phase::Ask);
    Ok(asked)
}

/// What each album without a picture can be looked up by, each album once.
fn albums(matching: &Matching, context: &Context) -> Result<Vec<Vec<Fact>>, EngineError> {
    let releases = Releases::load(context)?;
    let (mut albums, mut seen, mut pictured) = (Vec::new(), HashSet::new(), PicturedFolders::default());
    for one in &matching.matched {
        let files: Vec<i64> = match &one.answer {
            Answer::File(found) => vec![found.file_id],
            Answer::Files(files, _) => files.clone(),
            _ => continue,
        };
        if !matches!(one.wanted.wanted.kind, WantedKind::Recording | WantedKind::Release) {
            continue;
        }
        for offer in files.into_iter().filter_map(|id| matching.offer(id)) {
            if !offer.cover.is_empty() || pictured.has(offer) {
                continue;
            }
            let facts = releases.of(offer, one.wanted.id, &one.wanted.wanted);
            if !facts.is_empty() && seen.insert(facts.clone()) {
                albums.push(facts);
            }
        }
    }
    Ok(albums)
}

/// Which folders hold a picture, each looked into once.
#[derive(Default)]
struct PicturedFolders(std::collections::HashMap<PathBuf, bool>);

impl PicturedFolders {
    fn has(&mut self, offer: &Offer) -> bool {
        let Some(folder) = offer.path.parent() else { return false };
        *self.0.entry(folder.to_owned()).or_insert_with(|| folder_picture(folder).is_some())
    }
}

fn place(folder: &Path, fact: &Fact) -> PathBuf {
    folder.join(format!("{}.jpg", fact.value()))
}

/// Kept whole or not at all, and only if it can be opened.
fn keep(folder: &Path, fact: &Fact, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let beside = folder.join(format!("{}.part", fact.value()));
    let kept = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        match cover_for(&beside, Some(&beside), &CoverRules::default()) {
            Ok(Some(_)) => fs::rename(&beside, place(folder, fact)),
            Ok(None) => Err(io::Error::other("there is no picture in it")),
            Err(problem) => Err(io::Error::other(problem.to_string())),
        }
    });
    if kept.is_err() {
        let _ = fs::remove_file(&beside);
    }
    kept
}

/// The picture of an album that was looked up.
pub(crate) fn picture_of(facts: &[Fact], context: &Context) -> CoverSource {
    let Some(folder) = context.library.folder().map(|folder| folder.join(FOLDER)) else {
        return CoverSource::None;
    };
    let pictures = facts.iter().map(|fact| stamped_picture(place(&folder, fact)));
    pictures.into_iter().find(|picture| *picture != CoverSource::None).unwrap_or(CoverSource::None)
}

/// Removes all pictures that were looked up; how many.
pub fn forget_pictures(library: &Path) -> io::Result<usize> {
    let folder = library.join(FOLDER);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut gone = 0;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "jpg" || ending == "part") {
            fs::remove_file(path)?;
            gone += 1;
        }
    }
    Ok(gone)
}
