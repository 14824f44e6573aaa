//! From candidates to one of three results: chosen, review, none.
//!
//! Chosen needs a score above the floor *and* a lead over the next different recording. Between copies of one
//! recording one of the wanted album is taken, and of those the best sounding: lossless first, then bitrate, then
//! filled tags, then path.

use std::collections::BTreeMap;

use ferrotape_domain::{Choice, ContentId, Evidence, Health, Match};

use crate::deciding::copies::{COPY_APART, is_clear_by_marks, is_clear_of, is_copy, quality, same_recording};
use crate::readings::describe::Sought;
use crate::search::collection::{File, milliseconds};
use crate::search::find::Query;
use crate::weighing::calibration::AMONG_RIVALS;
use crate::weighing::sound::listen_to;
use crate::weighing::weigh::{AlbumFit, Weighed, weigh};
use crate::{Index, Knowledge, Policy, Question};

/// Files looked at for one wanted recording.
const CANDIDATES: usize = 48;
const NOTHING_NEAR: &str = "none of your files has this title and artist";
const NOBODYS: &str =
    "a file has this title or nearly, but neither its tags, its name nor its folders tell who plays it";

/// Decides which file of the index is the wanted recording.
pub fn choose(index: &Index, question: Question<'_>, known: &Knowledge<'_>) -> Choice {
    decide(index, question, &weigh_all(index, question, known))
}

/// All files that come near, best first.
pub(crate) fn weigh_all(index: &Index, question: Question<'_>, known: &Knowledge<'_>) -> Vec<Weighed> {
    let Question { wanted, policy } = question;
    if wanted.title.trim().is_empty() || !wanted.is_song() {
        return Vec::new();
    }
    let readings = crate::readings::wanted_texts::readings(wanted);
    let near = weigh_some(index, question, &readings, false, known);
    let settled = near.first().is_some_and(|best| best.fits() && best.score() >= policy.floor);
    if settled { near } else { weigh_some(index, question, &readings, true, known) }
}

fn weigh_some(
    index: &Index,
    Question { wanted, policy }: Question<'_>,
    readings: &[Sought],
    typos: bool,
    known: &Knowledge<'_>,
) -> Vec<Weighed> {
    let mut best: BTreeMap<u32, Weighed> = BTreeMap::new();
    for sought in readings {
        for at in candidates(index, sought, typos) {
            let Some(file) = index.files.get(at) else { continue };
            let file = measured(file, known);
            let Some(mut near) = weigh(index, sought, &file, at, policy) else { continue };
            if known.measured
                && sought.duration.is_some()
                && file.duration.is_none()
                && !near.id_agrees
                && !near.any_length
            {
                near.object_to_no_length();
            }
            if (known.refused)(wanted, &ContentId(file.content.to_owned())) {
                continue;
            }
            if best.get(&at).is_none_or(|known| near.rank() > known.rank()) {
                best.insert(at, near);
            }
        }
    }
    let mut weighed: Vec<Weighed> = best.into_values().collect();
    let best_first = |a: &Weighed, b: &Weighed| b.strength.total_cmp(&a.strength).then(a.at.cmp(&b.at));
    weighed.sort_by(best_first);
    listen_to(index, &mut weighed, known);
    weighed.sort_by(best_first);
    weighed
}

/// The file with the playing time that was heard, where its header tells none.
fn measured<'a>(file: File<'a>, known: &Knowledge<'_>) -> File<'a> {
    if file.duration.is_some() || known.heard.is_empty() {
        return file;
    }
    let heard = known.heard.get(&ContentId(file.content.to_owned()));
    let whole = heard.filter(|heard| heard.health == Health::Sound).map(|heard| milliseconds(heard.duration));
    File { duration: whole.filter(|length| *length > 0), ..file }
}

fn candidates(index: &Index, sought: &Sought, typos: bool) -> Vec<u32> {
    let whole = sought.title.whole();
    let mut titles: Vec<&str> = vec![&whole];
    if sought.title.base != whole {
        titles.push(&sought.title.base);
    }
    let names: Vec<&str> = sought.names.0.iter().take(4).map(|name| name.folded.as_str()).collect();
    let works = sought.work.as_ref().map(|work| work.keys(&sought.album.works())).unwrap_or_default();
    let query = Query {
        titles,
        names,
        isrc: sought.isrc.as_deref(),
        mbid: sought.mbid.as_deref(),
        works,
        album: &sought.album.printed,
        duration: sought.duration,
        track: sought.place.track,
    };
    index.candidates(&query, typos, CANDIDATES)
}

/// The result for weighed files, best first.
pub(crate) fn decide(index: &Index, question: Question<'_>, weighed: &[Weighed]) -> Choice {
    let Question { wanted, policy } = question;
    let mut fit: Vec<&Weighed> = weighed.iter().filter(|w| w.fits()).collect();
    // What stands in is only taken where the wanted recording itself is not there.
    let order = |w: &Weighed| w.stand_in.is_some();
    fit.sort_by(|a, b| order(a).cmp(&order(b)).then(b.strength.total_cmp(&a.strength)).then(a.at.cmp(&b.at)));
    let nothing = if weighed.iter().any(|near| near.is_nobodys) { NOBODYS } else { NOTHING_NEAR };
    let Some(best) = fit.first().copied() else {
        return review_or_none(index, weighed, policy, "", nothing);
    };
    let best = rightly_marked(index, best, &fit, policy.margin);
    if best.score() < policy.floor {
        return review_or_none(index, weighed, policy, "", nothing);
    }
    // Of versions that may differ anyway, any will do; what is wanted itself must be clear of its rivals.
    let contends =
        |other: &Weighed| !other.any_length && (other.stand_in.is_none() || best.stand_in.is_some());
    if !best.any_length {
        let rival = fit.iter().filter(|other| contends(other)).find(|other| {
            best.strength - other.strength < policy.margin
                && !is_clear_of(best, other)
                && !is_clear_by_marks(index, best, other)
                && !same_recording(index, best, other, wanted.duration.is_some())
        });
        if let Some(rival) = rival {
            return review_or_none(index, weighed, policy, &ambiguity(best, rival), NOTHING_NEAR);
        }
    }
    if wanted.duration.is_none()
        && !best.any_length
        && let Some(rival) = weighed.iter().find(|other| {
            let may_be_it = !other.any_length && other.may_be_it();
            may_be_it && contradicts(best, other) && !is_clear_by_marks(index, best, other)
        })
    {
        return review_or_none(index, weighed, policy, &ambiguity(best, rival), NOTHING_NEAR);
    }
    let length_agrees = |w: &Weighed| {
        let wanted = wanted.duration.map(milliseconds);
        wanted.zip(w.duration).is_some_and(|(wanted, ours)| wanted.abs_diff(ours) <= COPY_APART)
    };
    if let Some(why) = best.sound.may_be_cut_off().filter(|_| !length_agrees(best)) {
        return review_or_none(index, weighed, policy, &why, NOTHING_NEAR);
    }
    let copies = fit.iter().copied().filter(|other| is_copy(index, best, other));
    let chosen = copies.min_by_key(|copy| quality(index, copy, Some(best))).unwrap_or(best);
    Choice::Chosen(as_match(index, chosen))
}

/// The file that `best` differs from by the marks of its title only, where that has the wanted ones.
fn rightly_marked<'w>(index: &Index, best: &'w Weighed, fit: &[&'w Weighed], margin: f32) -> &'w Weighed {
    let is_it = |other: &&&Weighed| {
        best.strength - other.strength < margin
            && best.stand_in.is_some() == other.stand_in.is_some()
            && is_clear_by_marks(index, other, best)
            && !is_clear_of(best, other)
    };
    fit.iter().find(is_it).copied().unwrap_or(best)
}

/// Where the wanted playing time is unknown: whether another fitting file's tells that one of the two is not it. Only
/// a file of another, known album may differ; and never by so much that the best one may be cut off.
fn contradicts(best: &Weighed, other: &Weighed) -> bool {
    if best.sound.is_same(other.at) == Some(true) {
        return false;
    }
    let Some((ours, theirs)) = best.duration.zip(other.duration) else { return false };
    let apart = ours.abs_diff(theirs) > 4_000;
    let explained = best.album <= AlbumFit::Edition && other.album == AlbumFit::Differs;
    let cut_off = f64::from(ours) < 0.75 * f64::from(theirs);
    apart && (!explained || cut_off)
}

fn ambiguity(best: &Weighed, rival: &Weighed) -> String {
    if best.sound.is_same(rival.at) == Some(false) {
        return "several recordings fit equally well, and they do not sound the same".to_owned();
    }
    match best.duration.zip(rival.duration).map(|(a, b)| a.abs_diff(b)) {
        Some(apart) if apart > 3_000 => {
            format!("several recordings fit equally well; they differ by {} s", (apart + 500) / 1_000)
        }
        _ => "several recordings fit equally well".to_owned(),
    }
}

/// What is shown to a person: the near files with the sentence `why` (empty for the nearest file's own reason), or
/// the sentence `nothing` where none comes near.
pub(crate) fn review_or_none(
    index: &Index,
    weighed: &[Weighed],
    policy: &Policy,
    why: &str,
    nothing: &str,
) -> Choice {
    let mut near: Vec<&Weighed> =
        weighed.iter().filter(|w| w.strength >= policy.review_floor || w.exact || w.is_near).collect();
    let copies = one_of_each(index, &mut near);
    near.truncate(policy.review_length);
    let Some(first) = near.first() else {
        return Choice::None(nothing.to_owned());
    };
    let contested = first.fits() && !why.is_empty();
    let why = match (first.against.sentence(), why) {
        (_, why) if !why.is_empty() => why.to_owned(),
        (Some(doubt), _) if first.against.is_only_a_doubt() => format!("probably it, but {doubt}"),
        (Some(unproven), _) if first.against.only_unproven() => unproven,
        (Some(rejected), _) => format!("the nearest file is not it: {rejected}"),
        (None, _) => "no file fits surely enough".to_owned(),
    };
    let mut matches: Vec<Match> = near.into_iter().map(|near| as_match(index, near)).collect();
    for (one, count) in matches.iter_mut().zip(copies).filter(|(_, count)| *count > 1) {
        let says = format!("{count} copies that sound the same; this is the best of them");
        one.evidence.push(Evidence { kind: "sound", weight: 0.0, says });
    }
    for one in matches.iter_mut().filter(|_| contested) {
        one.score = (one.score * AMONG_RIVALS * 10_000.0).round() / 10_000.0;
    }
    Choice::Review(matches, why)
}

/// Leaves the best of files that sound the same and fit alike, in the place of the first; tells how many each stands
/// for.
fn one_of_each(index: &Index, near: &mut Vec<&Weighed>) -> Vec<usize> {
    let mut groups: Vec<Vec<&Weighed>> = Vec::new();
    for one in near.drain(..) {
        let is_copy =
            |first: &Weighed| first.fits() == one.fits() && first.sound.is_same(one.at) == Some(true);
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| is_copy(first))) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    near.extend(
        groups.iter().filter_map(|group| group.iter().copied().min_by_key(|copy| quality(index, copy, None))),
    );
    groups.iter().map(Vec::len).collect()
}

pub(crate) fn as_match(index: &Index, weighed: &Weighed) -> Match {
    let said: Vec<&str> = weighed.stand_in.iter().chain(&weighed.told).map(String::as_str).collect();
    Match {
        file_id: index.files.get(weighed.at).map_or(0, |file| file.file_id),
        score: weighed.score(),
        evidence: weighed.reasons.clone(),
        substitute: (!said.is_empty()).then(|| said.join(", ")),
        objection: weighed.against.objection(),
    }
}
