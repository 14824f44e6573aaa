//! With which album something goes along that is no music: a sheet, lyrics, a picture, a paper.

use std::collections::HashSet;

use super::{Group, file_of, is_named_sheet, lines_of_sheet, stem};
use crate::disc_folders::only_disc_of;
use crate::inbox::listing::Dropped;
use crate::inbox::papers::is_paper;
use crate::inbox::staging::Piece;
use crate::sheets::named_folder;

/// Which group something goes along with: a sheet with the disc whose folder it names, lyrics and sheets with the file of
/// their name, a sheet with the file it is about, the rest with the only album of its folder, or of those around.
pub(super) fn owner(groups: &[Group], piece: &Piece, drop: &Dropped) -> Option<usize> {
    let (name, folder) = piece.path.split_last()?;
    let lines = sheet_lines(piece);
    let discs = of_named_folder(groups, &lines, folder);
    if !discs.is_empty() {
        let [(only, disc)] = discs.as_slice() else { return None };
        return Some(*only).filter(|_| !disc.is_others());
    }
    let same_folder: Vec<usize> =
        groups.iter().enumerate().filter(|(_, group)| group.folder == folder).map(|(at, _)| at).collect();
    let of_sheet = lines.iter().map(|line| stem(&file_of(line)).to_owned());
    // A sheet may name a thousand, and be one of thousands.
    let named: HashSet<String> = of_sheet.chain([stem(name).to_lowercase()]).collect();
    let is_named = |sound: &Piece| {
        let name = sound.path.last().map(|name| name.to_lowercase()).unwrap_or_default();
        named.contains(&name) || named.contains(stem(&name))
    };
    let by_name =
        same_folder.iter().find(|at| groups.get(**at).is_some_and(|group| group.sounds.iter().any(is_named)));
    if let Some(at) = by_name {
        return Some(*at);
    }
    // What lies loose in an inbox may be anything.
    if drop.is_loose {
        return None;
    }
    if !same_folder.is_empty() {
        let [only] = same_folder.as_slice() else { return None };
        return Some(*only).filter(|at| groups.get(*at).is_some_and(|group| group.takes(name, drop)));
    }
    around(groups, (name.as_str(), folder), drop, !lines.is_empty())
}

/// The only album of the folders below, above or beside. A sheet that names no disc's folder goes with none of several: it
/// would name the files of any.
fn around(
    groups: &[Group],
    (name, folder): (&str, &[String]),
    drop: &Dropped,
    is_sheet: bool,
) -> Option<usize> {
    let is_called_so = drop.is_zip || is_paper(stem(name));
    let below = those(groups, |group| group.folder.starts_with(folder));
    if !below.is_empty() {
        let are_discs = below.iter().all(|(_, group)| group.above_disc() == Some(folder));
        if is_sheet && (are_discs || below.len() > 1) {
            return None;
        }
        return only_album(&below).filter(|_| is_called_so || are_discs);
    }
    let depth =
        (0..folder.len()).rev().find(|depth| groups.iter().any(|group| group.folder == folder[..*depth]));
    let Some(depth) = depth else { return beside(groups, folder).filter(|_| !is_sheet) };
    let above = those(groups, |group| group.folder == folder[..depth]);
    let within = folder.get(depth).is_some_and(|inner| is_paper(inner) || only_disc_of(inner).is_some());
    only_album(&above).filter(|_| is_called_so || within)
}

/// The groups in the folder below `folder` that all lines of a sheet name; of several in one those with a file of a line.
fn of_named_folder<'g>(groups: &'g [Group], lines: &[String], folder: &[String]) -> Vec<(usize, &'g Group)> {
    let mut named = lines.iter().map(|line| named_folder(line).map(str::to_lowercase));
    let Some(Some(first)) = named.next() else { return Vec::new() };
    if named.any(|other| other.as_ref() != Some(&first)) {
        return Vec::new();
    }
    let is_below = |group: &Group| {
        let own = group.folder.strip_prefix(folder).and_then(<[String]>::last);
        own.is_some_and(|own| own.to_lowercase() == first)
    };
    let mut discs = those(groups, is_below);
    let is_one =
        |(_, group): &(usize, &Group)| discs.first().is_some_and(|(_, one)| one.folder == group.folder);
    if discs.len() > 1 && discs.iter().all(is_one) {
        let files: HashSet<String> = lines.iter().map(|line| stem(&file_of(line)).to_owned()).collect();
        let is_file =
            |sound: &Piece| sound.path.last().is_some_and(|name| files.contains(stem(&name.to_lowercase())));
        discs.retain(|(_, group)| group.sounds.iter().any(is_file));
    }
    discs
}

/// The groups that are so, with their numbers.
fn those(groups: &[Group], is_so: impl Fn(&Group) -> bool) -> Vec<(usize, &Group)> {
    groups.iter().enumerate().filter(|(_, group)| is_so(group)).collect()
}

/// The first group with new music, where all of them are one album.
fn only_album(groups: &[(usize, &Group)]) -> Option<usize> {
    let (first, one) = groups.iter().find(|(_, group)| !group.is_others())?;
    groups.iter().all(|(_, other)| other.is_of_one_album(one)).then_some(*first)
}

/// The first group of the folders beside this one, `Scans` beside `CD1` and `CD2`, where these are one album.
fn beside(groups: &[Group], folder: &[String]) -> Option<usize> {
    let (near, above) = (0..folder.len()).rev().find_map(|depth| {
        let above = folder.get(..depth)?;
        let below = those(groups, |group| group.folder.starts_with(above));
        (!below.is_empty()).then_some((below, above))
    })?;
    let are_discs = near.iter().all(|(_, group)| group.above_disc() == Some(above));
    let goes = are_discs || is_paper(folder.get(above.len())?);
    only_album(&near).filter(|_| goes)
}

/// The files that a cue sheet is about, as it names them.
fn sheet_lines(piece: &Piece) -> Vec<String> {
    if is_named_sheet(piece) { lines_of_sheet(&piece.staged.path) } else { Vec::new() }
}
