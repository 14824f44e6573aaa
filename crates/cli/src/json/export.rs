//! The `--json` form of an export.

use std::path::Path;

use ferrotape_engine::export::{Exported, Format, ListAccount, Remark};
use serde_json::{Value, json};

/// `places` are the files in the export's order, and whether each was there already.
pub(crate) fn exported(exported: &Exported, format: Format, places: &[(&Path, bool)]) -> Value {
    let export = &exported.export;
    let path = |at: usize| places.get(at).map(|(path, _)| path.to_string_lossy());
    let list = |list: &ListAccount| {
        json!({
            "name": list.name, "kind": list.kind.as_str(), "path": list.file.and_then(path),
            "entries": list.entries, "written": list.written, "left_out": list.left_out,
        })
    };
    let files: Vec<Value> = export
        .files
        .iter()
        .zip(places)
        .map(|(file, (path, unchanged))| {
            json!({
                "path": path.to_string_lossy(), "bytes": file.bytes.len(), "unchanged": unchanged,
                "private_feeds": file.private_feeds,
            })
        })
        .collect();
    json!({
        "format": format.as_str(),
        "files": files,
        "lists": export.lists.iter().map(list).collect::<Vec<_>>(),
        "remarks": export.remarks.iter().map(remark).collect::<Vec<_>>(),
        "noted": export.noted, "plays": export.plays,
        "noted_left": exported.noted_left, "plays_left": exported.plays_left,
        "private_feeds_left": export.private_feeds_left,
        "policies_left": exported.policies_left, "without_file": exported.without_file,
    })
}

fn remark(remark: &Remark) -> Value {
    let rows: Vec<Value> =
        remark.rows.iter().map(|(row, wanted)| json!({ "row": row, "wanted": wanted })).collect();
    json!({ "cost": remark.cost.as_str(), "list": remark.list, "entries": remark.entries, "rows": rows, "reason": remark.reason })
}
