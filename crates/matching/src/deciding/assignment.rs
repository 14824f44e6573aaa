//! Which recording goes to which track of a release, so that all together fit best.

use std::collections::{BTreeMap, HashMap};

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use crate::Index;
use crate::deciding::copies::{COPY_APART, are_two_tracks};
use crate::weighing::weigh::Weighed;

/// Tracks and recordings beyond which nothing is assigned: no release is so long, and the work grows with the cube.
const MOST: usize = 600;

/// For each wish (the files that fit it, best first) the rows of the recording it gets; empty where it gets none.
///
/// Copies of one recording are one thing to give away: two tracks must not share it through two of its copies.
pub(crate) fn assign(index: &Index, wishes: &[Vec<&Weighed>]) -> Vec<Vec<u32>> {
    let recordings = recordings(index, wishes);
    let count = recordings.values().max().map_or(0, |last| last + 1);
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (at, recording) in &recordings {
        if let Some(rows) = rows.get_mut(*recording) {
            rows.push(*at);
        }
    }
    if !are_contested(wishes, &recordings) || wishes.len() > MOST || count > MOST * 4 {
        return vec![Vec::new(); wishes.len()];
    }
    // A column for every recording and one for nothing per wish, so that nobody must take what does not fit.
    let columns = count + wishes.len();
    let mut weights = Matrix::new(wishes.len(), columns, 0_i64);
    for (wish, files) in wishes.iter().enumerate() {
        for file in files {
            let Some(recording) = recordings.get(&file.at) else { continue };
            if let Some(weight) = weights.get_mut((wish, *recording)) {
                // Whole numbers, so that the sum does not depend on the order of adding.
                *weight = (*weight).max(1 + (f64::from(file.strength) * 1_000_000.0) as i64);
            }
        }
    }
    let (_, taken) = kuhn_munkres(&weights);
    let gets = |(wish, column): (usize, usize)| {
        let wanted = weights.get((wish, column)).is_some_and(|weight| *weight > 0);
        if wanted { rows.get(column).cloned().unwrap_or_default() } else { Vec::new() }
    };
    taken.into_iter().enumerate().map(gets).collect()
}

/// Whether any recording is wished for twice; mostly none is.
fn are_contested(wishes: &[Vec<&Weighed>], recordings: &BTreeMap<u32, usize>) -> bool {
    let mut wished: BTreeMap<usize, usize> = BTreeMap::new();
    wishes.iter().enumerate().any(|(wish, files)| {
        files
            .iter()
            .filter_map(|file| recordings.get(&file.at))
            .any(|recording| *wished.entry(*recording).or_insert(wish) != wish)
    })
}

/// Numbers the recordings among the files: files that claim the same and last as long are copies of one, unless they are
/// two tracks of one album.
fn recordings(index: &Index, wishes: &[Vec<&Weighed>]) -> BTreeMap<u32, usize> {
    let mut numbered: BTreeMap<u32, usize> = BTreeMap::new();
    let mut known: HashMap<&str, Vec<(usize, &Weighed)>> = HashMap::new();
    let mut files: Vec<&Weighed> = wishes.iter().flatten().copied().collect();
    files.sort_by_key(|file| file.at);
    files.dedup_by_key(|file| file.at);
    let mut count = 0;
    for file in files {
        let alike = known.entry(file.recording.as_str()).or_default();
        let number = match alike.iter().find(|(_, first)| are_copies(index, first, file)) {
            Some((number, _)) => *number,
            None => {
                alike.push((count, file));
                count += 1;
                count - 1
            }
        };
        numbered.insert(file.at, number);
    }
    numbered
}

fn are_copies(index: &Index, one: &Weighed, other: &Weighed) -> bool {
    if let Some(heard) = one.sound.is_same(other.at) {
        return heard;
    }
    let near = one.duration.zip(other.duration).is_none_or(|(a, b)| a.abs_diff(b) <= COPY_APART);
    near && !are_two_tracks(index, one.at, other.at)
}
