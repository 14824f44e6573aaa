//! What a recording's entry tells of a wanted thing.

use ferrotape_domain::{Fact, Isrc, KnownBy, Mbid, Wanted};

use super::wire::{Entity, Release};
use crate::answers::folded;

/// A recording's entry tells of no more releases than these; where it has as many there may be more.
const RELEASES_TOLD: usize = 25;

/// All of it. `album` is the release that the album's link led to.
pub(super) fn of(
    entity: &Entity,
    by: KnownBy,
    album: Option<&Mbid>,
    wanted: &Wanted,
) -> Vec<(Fact, KnownBy)> {
    let mut facts: Vec<Fact> = Vec::new();
    facts.extend(entity.mbid().map(Fact::Recording));
    let isrcs: Vec<Isrc> = entity.isrcs.iter().filter_map(|code| Isrc::parse(code).ok()).collect();
    if let ([isrc], None) = (isrcs.as_slice(), &wanted.isrc) {
        facts.push(Fact::Isrc(isrc.clone()));
    }
    facts.extend(entity.length().map(Fact::Length));
    let mut facts: Vec<(Fact, KnownBy)> = facts.into_iter().map(|fact| (fact, by)).collect();
    match album {
        Some(album) => facts.extend(of_album(entity, album).map(|fact| (fact, KnownBy::Link))),
        None => facts.extend(by_title(entity, wanted).map(|fact| (fact, by))),
    }
    facts
}

/// The album, and its group where the entry names both.
fn of_album(entity: &Entity, album: &Mbid) -> impl Iterator<Item = Fact> {
    let its_own = entity.releases.0.iter().find(|release| release.mbid().as_ref() == Some(album));
    let group = its_own.and_then(Release::group);
    [Some(Fact::Release(album.clone())), group.map(Fact::ReleaseGroup)].into_iter().flatten()
}

/// The only release of the wanted album's title; of several editions the group that they are all of.
fn by_title(entity: &Entity, wanted: &Wanted) -> impl Iterator<Item = Fact> {
    let editions = editions(entity, wanted);
    let are_all = entity.releases.0.len() < RELEASES_TOLD;
    let release = all_the_same(editions.iter().map(|release| release.mbid())).filter(|_| are_all);
    let group = all_the_same(editions.iter().map(|release| release.group()));
    [release.map(Fact::Release), group.map(Fact::ReleaseGroup)].into_iter().flatten()
}

/// The releases of the wanted album's title.
pub(super) fn editions<'e>(entity: &'e Entity, wanted: &Wanted) -> Vec<&'e Release> {
    let title = folded(wanted.release.as_deref().unwrap_or_default());
    let agrees = |release: &&Release| {
        !title.is_empty() && release.title.first().is_some_and(|own| folded(own) == title)
    };
    entity.releases.0.iter().filter(agrees).collect()
}

fn all_the_same(mut all: impl Iterator<Item = Option<Mbid>>) -> Option<Mbid> {
    let first = all.next()??;
    all.all(|other| other.as_ref() == Some(&first)).then_some(first)
}
