//! A folder's files, taken in.

use std::fs::File;
use std::io;
use std::path::Path;

use ferrotape_audio::{Probed, Unreadable, content_id, probe};
use ferrotape_domain::{ListedFile, Phase};

use super::along::Along;
use super::beside::{beside_what_is_had, same_among};
use super::kinds::{Kind, kind_of};
use super::known::Known;
use super::listing::Dropped;
use super::staging::{Gathered, Piece, Staged, Staging, Stop, Stoppable, is_unchanged};
use super::unopened::{IS_ARCHIVE, is_archive};
use super::{FileNews, News};
use crate::Context;
use crate::scan::without_path;

/// What goes along with music is not larger.
pub(super) const LARGEST_BESIDE: u64 = 256 << 20;

pub(super) fn gather(
    drop: &Dropped,
    known: &Known,
    staging: &Staging,
    context: &Context,
) -> Result<Gathered, Stop> {
    let mut gathered = Gathered::default();
    let of_kind =
        |wanted: fn(Kind) -> bool| drop.files.iter().filter(move |file| wanted(kind_of(&file.path)));
    for file in of_kind(|kind| matches!(kind, Kind::Sound | Kind::Unknown)) {
        if context.cancel.is_stopped() {
            return Err(Stop::User);
        }
        take_sound(file, drop, &mut gathered, (known, staging), context)?;
    }
    let (along, had) = (Along::of(&gathered, drop), beside_what_is_had(&gathered.news));
    for file in of_kind(|kind| kind == Kind::Beside).filter(|file| file.size <= LARGEST_BESIDE) {
        // What goes along with nothing new may lie beside what is had already.
        if !along.may_go(&parts(&file.path, drop)) {
            let same = same_among(&had, &file.path, file.size);
            let news = same.map(|(place, sum)| FileNews {
                sha256: Some(sum),
                is_beside: true,
                ..news_of(file, drop, News::Had(place))
            });
            gathered.news.extend(news);
            continue;
        }
        match stage(file, staging, context)? {
            Ok(staged) => gathered.pieces.push(piece(file, drop, staged, None)),
            Err(why) => {
                gathered.news.push(passing(file, drop, why));
            }
        }
    }
    Ok(gathered)
}

fn take_sound(
    file: &ListedFile,
    drop: &Dropped,
    gathered: &mut Gathered,
    (known, staging): (&Known, &Staging),
    context: &Context,
) -> Result<(), Stop> {
    if is_archive(&file.path) {
        if kind_of(&file.path) == Kind::Sound {
            gathered.news.push(news_of(file, drop, News::Broken(IS_ARCHIVE.to_owned())));
        }
        return Ok(());
    }
    let sound = match probe(&file.path) {
        Ok(sound) => sound,
        Err(Unreadable::NotAudio { .. } | Unreadable::CutOff { .. })
            if kind_of(&file.path) == Kind::Unknown =>
        {
            return Ok(());
        }
        Err(unreadable) => {
            let is_passing = matches!(unreadable, Unreadable::Io { .. });
            let news = news_of(file, drop, News::Broken(without_path(&unreadable, &file.path)));
            gathered.news.push(FileNews { is_passing, ..news });
            return Ok(());
        }
    };
    match known.same_as(file, &sound.content) {
        Ok(Some((place, sha256))) => {
            let news = news_of(file, drop, News::Had(place.to_owned()));
            gathered.news.push(FileNews { sha256, ..news });
            return Ok(());
        }
        Ok(None) => {}
        Err(error) => {
            gathered.news.push(passing(file, drop, format!("it could not be read: {error}")));
            return Ok(());
        }
    }
    match stage(file, staging, context)? {
        Ok(staged) => {
            let same = File::open(&staged.path).and_then(|mut copy| content_id(&mut copy));
            if same.is_ok_and(|content| content == sound.content) {
                gathered.pieces.push(piece(file, drop, staged, Some(sound)));
            } else {
                gathered.news.push(passing(file, drop, CHANGED.to_owned()));
            }
        }
        Err(why) => gathered.news.push(passing(file, drop, why)),
    }
    Ok(())
}

const CHANGED: &str = "it changed while it was read; the next run takes it";

/// A copy of it; or why it cannot be had now.
pub(super) fn stage(
    file: &ListedFile,
    staging: &Staging,
    context: &Context,
) -> Result<Result<Staged, String>, Stop> {
    let opened = match File::open(&file.path) {
        Ok(opened) => opened,
        Err(error) => return Ok(Err(error.to_string())),
    };
    match staging.put(&mut Stoppable { inner: opened, cancel: context.cancel }) {
        Ok(staged) if staged.size == file.size && is_unchanged(file) => {
            context.advanced(Phase::Copy, 1, staged.size);
            Ok(Ok(staged))
        }
        Ok(_) => Ok(Err(CHANGED.to_owned())),
        Err(_) if context.cancel.is_stopped() => Err(Stop::User),
        Err(error) if is_full(&error) => Err(Stop::Later(format!("it could not be copied: {error}"))),
        Err(error) => Ok(Err(format!("it could not be copied: {error}"))),
    }
}

pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::ReadOnlyFilesystem
    )
}

pub(super) fn piece(file: &ListedFile, drop: &Dropped, staged: Staged, sound: Option<Probed>) -> Piece {
    Piece { path: parts(&file.path, drop), from: Some(file.path.clone()), staged, sound }
}

fn news_of(file: &ListedFile, drop: &Dropped, news: News) -> FileNews {
    FileNews { from: Some(file.path.clone()), ..FileNews::of(&parts(&file.path, drop), news) }
}

/// Of what could not be read or copied this time.
pub(super) fn passing(file: &ListedFile, drop: &Dropped, why: String) -> FileNews {
    FileNews { is_passing: true, ..news_of(file, drop, News::Broken(why)) }
}

/// The folders below the drop, and the name, as they are shown.
pub(super) fn parts(path: &Path, drop: &Dropped) -> Vec<String> {
    let below = path.strip_prefix(&drop.path).unwrap_or(Path::new(""));
    below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
}
