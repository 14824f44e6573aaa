//! A zip's files, taken in.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ferrotape_audio::{SOUND_BEGINS_WITHIN, Unreadable, content_id_of, may_begin_sound, probe};
use ferrotape_domain::Phase;
use ferrotape_import::{ImportError, Limits, Member, MemberError, Parcel};

use super::beside::beside_what_is_had;
use super::folder::LARGEST_BESIDE;
use super::kinds::{Kind, kind_of};
use super::known::Known;
use super::listing::Dropped;
use super::staging::{Gathered, Piece, Staging, Stop};
use super::unopened::{IS_ARCHIVE, is_archive, is_called_archive};
use super::{FileNews, News};
use crate::Context;
use crate::scan::without_path;
use crate::shelves::{Summed, sum_of};

/// An hour of music at the highest rates that are sold has a third of it.
const LARGEST_MEMBER: u64 = 4 << 30;
/// The largest box sets have a quarter of it.
const LARGEST_ZIP: u64 = 64 << 30;
/// All of a zip together unpacks to no more times its size: music hardly packs at all.
const WHOLE_RATIO: u64 = 50;
/// Small zips may do better.
const SMALL: u64 = 1 << 30;

struct Taking<'a> {
    parcel: Parcel,
    known: &'a Known,
    staging: &'a Staging,
    gathered: Gathered,
    /// Whether anything in it is music by its content, or could not be looked at now.
    has_music: bool,
}

pub(super) fn gather(
    drop: &Dropped,
    known: &Known,
    staging: &Staging,
    context: &Context,
) -> Result<Gathered, Stop> {
    let size: u64 = drop.files.iter().map(|file| file.size).sum();
    let total_bytes = size.saturating_mul(WHOLE_RATIO).clamp(SMALL, LARGEST_ZIP);
    let limits = Limits { file_bytes: LARGEST_MEMBER, total_bytes, ..Limits::default() };
    let parcel = match Parcel::open(&drop.path, limits) {
        Ok(Some(parcel)) => parcel,
        Ok(None) => return Err(Stop::NoMusic),
        Err(ImportError::BrokenZip { reason, .. }) => {
            return Err(Stop::Drop(format!("the zip is cut off or damaged ({reason}); download it again")));
        }
        Err(ImportError::TooManyFiles { limit, .. }) => {
            return Err(Stop::Drop(format!("it holds more than {limit} files")));
        }
        // What cannot be read now may be another time.
        Err(ImportError::Read { source, .. }) => {
            return Err(Stop::Later(format!("it could not be read: {source}; the next run tries again")));
        }
        Err(error) => return Err(Stop::Drop(error.to_string())),
    };
    let members = parcel.members().to_vec();
    let kind = |member: &Member| kind_of(Path::new(&member.name));
    if !members.iter().any(|member| matches!(kind(member), Kind::Sound | Kind::Unknown)) {
        return Err(without_music(&members));
    }
    let has_music = members.iter().any(|member| kind(member) == Kind::Sound);
    let gathered = Gathered { stray_bytes: parcel.stray_bytes(), ..Gathered::default() };
    let mut taking = Taking { parcel, known, staging, gathered, has_music };
    let mut beside = Vec::new();
    for member in &members {
        match (&member.path, kind(member)) {
            (Err(why), _) => taking.tell(member, News::Refused(why.clone())),
            (Ok(_), Kind::Sound | Kind::Unknown) => taking.take_sound(member, context)?,
            (Ok(_), Kind::Beside) => beside.push(member),
            (Ok(_), Kind::Zip) => {
                let why = "it is a zip inside a zip; unpack it yourself".to_owned();
                taking.tell(member, News::Refused(why));
            }
            (Ok(_), Kind::Other) => taking.gathered.left += 1,
        }
    }
    // A zip of other things is nobody's trouble, whatever may be wrong with it.
    if !taking.has_music {
        return Err(without_music(&members));
    }
    let had = taking.gathered.pieces.is_empty().then(|| beside_what_is_had(&taking.gathered.news));
    for member in beside {
        match &had {
            None => taking.take_beside(member, context)?,
            // With no music to go along with, it may lie beside what is had already; or it stays.
            Some(had) => taking.look_beside(member, had, context)?,
        }
    }
    Ok(taking.gathered)
}

/// Characters of a name that are told.
const LONGEST: usize = 100;

/// What is told of a zip without music: where it holds another archive, and nothing that may be anything, the music is in
/// that one.
fn without_music(members: &[Member]) -> Stop {
    let of = |member: &Member| {
        let path = Path::new(&member.name);
        path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    // What a Mac puts beside the files is called as they are.
    let names = members.iter().map(of).filter(|name| !name.starts_with('.'));
    let (archives, others): (Vec<String>, Vec<String>) =
        names.partition(|name| is_called_archive(Path::new(name)));
    let may_be_anything = others.iter().any(|name| kind_of(Path::new(name)) == Kind::Unknown);
    let Some((first, more)) = archives.split_first().filter(|_| !may_be_anything) else {
        return Stop::NoMusic;
    };
    let name: String = first.chars().take(LONGEST).collect();
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    Stop::Drop(format!(
        "no music in it but another archive, {name}{more}; unpack that as well and drop the folder"
    ))
}

/// As it is shown; of one that must not be taken only that tells its folders.
fn news_of(member: &Member, news: News) -> FileNews {
    let mut folders: Vec<String> = match &member.path {
        Ok(path) => path.clone(),
        Err(_) => member.name.split(['/', '\\']).map(str::to_owned).collect(),
    };
    folders.pop();
    FileNews { folders, ..FileNews::new(member.name.clone(), news) }
}

impl Taking<'_> {
    fn tell(&mut self, member: &Member, news: News) {
        self.gathered.news.push(news_of(member, news));
    }

    fn take_sound(&mut self, member: &Member, context: &Context) -> Result<(), Stop> {
        if self.had(member, context)? || !self.may_be_sound(member, context)? {
            return Ok(());
        }
        let staging = self.staging;
        let staged = match self.parcel.read(member, context.cancel, |reader| staging.put(reader)) {
            Ok(staged) => staged,
            Err(error) => return self.failed(member, error),
        };
        context.advanced(Phase::Copy, 1, staged.size);
        if is_archive(&staged.path) {
            match kind_of(Path::new(&member.name)) {
                Kind::Sound => self.tell(member, News::Broken(IS_ARCHIVE.to_owned())),
                _ => self.gathered.left += 1,
            }
            return Ok(());
        }
        let sound = match probe(&staged.path) {
            Ok(sound) => sound,
            Err(Unreadable::NotAudio { .. } | Unreadable::CutOff { .. })
                if kind_of(Path::new(&member.name)) == Kind::Unknown =>
            {
                self.gathered.left += 1;
                return Ok(());
            }
            Err(unreadable) => {
                self.has_music = true;
                self.tell(member, News::Broken(without_path(&unreadable, &staged.path)));
                return Ok(());
            }
        };
        self.has_music = true;
        if let Some(place) = self.known.same_at(&sound.content, &staged.sha256) {
            let sha256 = Some(staged.sha256.clone());
            let news = News::Had(place.to_owned());
            self.gathered.news.push(FileNews { sha256, ..news_of(member, news) });
            return Ok(());
        }
        let path = member.path.clone().unwrap_or_default();
        self.gathered.pieces.push(Piece { path, from: None, staged, sound: Some(sound) });
        Ok(())
    }

    /// Whether it is to be unpacked: what is not called as music is must begin as music does, for anything may be called anything, and
    /// unpacking a disk of a virtual machine costs what there is of space.
    fn may_be_sound(&mut self, member: &Member, context: &Context) -> Result<bool, Stop> {
        if kind_of(Path::new(&member.name)) == Kind::Sound {
            return Ok(true);
        }
        let read = self.parcel.read(member, context.cancel, |reader| {
            let mut head = Vec::new();
            reader.take(SOUND_BEGINS_WITHIN).read_to_end(&mut head)?;
            Ok(head)
        });
        match read {
            Ok(head) if may_begin_sound(&head) => Ok(true),
            Ok(_) => {
                self.gathered.left += 1;
                Ok(false)
            }
            Err(error) => self.failed(member, error).map(|()| false),
        }
    }

    /// Whether it is known; found out without writing, where the size says that it may be.
    fn had(&mut self, member: &Member, context: &Context) -> Result<bool, Stop> {
        if !self.known.has_size(member.size) {
            return Ok(false);
        }
        let read = self.parcel.read(member, context.cancel, |reader| {
            let mut summed = Summed::new(reader);
            let content = content_id_of(member.size, &mut summed)?;
            Ok((content, summed.sum()))
        });
        match read {
            Ok((Some(content), sha256)) => {
                let Some(place) = self.known.same_at(&content, &sha256) else { return Ok(false) };
                self.has_music = true;
                let news = News::Had(place.to_owned());
                let sha256 = Some(sha256);
                self.gathered.news.push(FileNews { sha256, ..news_of(member, news) });
                Ok(true)
            }
            Ok((None, _)) => Ok(false),
            Err(error) => self.failed(member, error).map(|()| true),
        }
    }

    /// Says whether it lies beside what is had already, byte for byte. What does not must not go with the zip.
    fn look_beside(
        &mut self,
        member: &Member,
        had: &[(PathBuf, u64)],
        context: &Context,
    ) -> Result<(), Stop> {
        let mut alike = had.iter().filter(|(_, size)| *size == member.size).map(|(path, _)| path).peekable();
        let mut sum = None;
        if alike.peek().is_some() {
            let read = self.parcel.read(member, context.cancel, |reader| {
                let mut summed = Summed::new(reader);
                io::copy(&mut summed, &mut io::sink())?;
                Ok(summed.sum())
            });
            sum = match read {
                Ok(sum) => Some(sum),
                Err(error) => return self.failed(member, error),
            };
        }
        let is_it = |path: &&PathBuf| sum.is_some() && sum_of(path).ok() == sum;
        match alike.find(is_it) {
            Some(place) => {
                let news = news_of(member, News::Had(place.clone()));
                self.gathered.news.push(FileNews { sha256: sum, is_beside: true, ..news });
            }
            None => self.gathered.alone.push(member.path.clone().unwrap_or_default().join("/")),
        }
        Ok(())
    }

    fn take_beside(&mut self, member: &Member, context: &Context) -> Result<(), Stop> {
        if member.size > LARGEST_BESIDE {
            self.gathered.left += 1;
            return Ok(());
        }
        let staging = self.staging;
        match self.parcel.read(member, context.cancel, |reader| staging.put(reader)) {
            Ok(staged) => {
                let path = member.path.clone().unwrap_or_default();
                self.gathered.pieces.push(Piece { path, from: None, staged, sound: None });
                Ok(())
            }
            Err(error) => self.failed(member, error),
        }
    }

    fn failed(&mut self, member: &Member, error: MemberError) -> Result<(), Stop> {
        match error {
            MemberError::Stopped => Err(Stop::User),
            MemberError::Sink(error) => Err(Stop::Later(format!("it could not be unpacked: {error}"))),
            MemberError::Unread(error) => {
                self.has_music = true;
                let why = format!("it could not be read: {error}");
                let news = FileNews { is_passing: true, ..news_of(member, News::Broken(why)) };
                self.gathered.news.push(news);
                Ok(())
            }
            MemberError::Broken(why) => {
                self.tell(member, News::Broken(why));
                Ok(())
            }
        }
    }
}
