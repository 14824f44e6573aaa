//! Entries of lists, spoilt: each of their texts becomes what it should not be.

use serde_json::{Map, Value, json};

/// The entry in every way that is known to do harm to somebody.
pub(super) fn spoilt(entry: &Value) -> Vec<Value> {
    let ways: [fn(&Value) -> Value; 11] = [
        |_| json!("ä".repeat(20_000)),
        |value| json!([value, 7, null, {"deep": [[[]]]}]),
        |_| json!("../../../etc/passwd"),
        |_| json!("/etc/passwd"),
        |_| json!("..\\..\\autoexec.bat"),
        |_| json!("File:../../x.flac"),
        |_| json!("a\u{0}b\u{1b}[31m\r\nSet-Cookie: x"),
        |_| json!("<script>alert('x')</script><a href='"),
        |_| json!(-1e300),
        |_| Value::Null,
        |_| json!({"a": {"b": ["c"]}}),
    ];
    let mut all: Vec<Value> = ways.iter().map(|way| changed(entry, way)).collect();
    // Only one field is spoilt, all others are good.
    if let Value::Object(fields) = entry {
        for name in fields.keys() {
            all.extend(ways.iter().map(|way| with_one(fields, name, way)));
        }
    }
    all.extend([json!(null), json!("x"), json!([]), json!({})]);
    all
}

fn changed(value: &Value, way: &fn(&Value) -> Value) -> Value {
    match value {
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), changed(value, way))).collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(|value| changed(value, way)).collect()),
        value => way(value),
    }
}

fn with_one(fields: &Map<String, Value>, name: &str, way: &fn(&Value) -> Value) -> Value {
    let mut fields = fields.clone();
    if let Some(value) = fields.get_mut(name) {
        *value = changed(value, way);
    }
    Value::Object(fields)
}
