//! How new rows of a saved list join those that are known.

use serde_json::json;

use super::*;

fn kept(ids: &[u32], total: u64) -> Kept {
    let row = |id: &u32| json!({ "added_at": format!("t{id}"), "track": { "uri": format!("u{id}") } });
    Kept { rows: ids.iter().map(row).collect(), total: Some(total), ..Kept::default() }
}

fn joins(newest: &[u32], total: u64, known: &[u32]) -> Option<Vec<Value>> {
    joined(&kept(newest, total), &(7, kept(known, known.len() as u64))).map(|(_, rows, _)| rows)
}

#[test]
fn new_rows_join_the_known_ones_when_nothing_is_missing() {
    assert_eq!(joins(&[3, 2], 3, &[3, 2, 1]), Some(kept(&[3, 2, 1], 3).rows), "nothing new");
    assert_eq!(joins(&[5, 4, 3], 5, &[3, 2, 1]), Some(kept(&[5, 4, 3, 2, 1], 5).rows), "two new");
}

#[test]
fn a_list_that_lost_something_is_read_as_a_whole() {
    assert_eq!(joins(&[3, 2], 2, &[3, 2, 1]), None, "the last is gone");
    assert_eq!(joins(&[4, 3, 1], 3, &[3, 2, 1]), None, "one came, one went");
    assert_eq!(joins(&[5, 4], 5, &[3, 2, 1]), None, "not reached yet");
    assert_eq!(joins(&[1], 1, &[]), None);
}
