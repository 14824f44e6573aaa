//! Values of answers that are not quite what they should be: numbers as texts, one thing instead of a list of one,
//! texts with what no text should hold. What cannot be read is not there.

use serde_json::Value;

/// Longer texts are cut.
const MAX_CHARS: usize = 1000;

/// A text without control characters; a number is one, too. `None` when nothing is left.
pub(crate) fn text(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let clean: String = text.chars().filter(|char| !char.is_control()).take(MAX_CHARS).collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// A whole number that is not negative, also as text or with a fraction, which is cut.
pub(crate) fn number(value: Option<&Value>) -> Option<u64> {
    let float = |float: f64| (float.is_finite() && (0.0..1e18).contains(&float)).then_some(float as u64);
    match value? {
        Value::Number(number) => number.as_u64().or_else(|| number.as_f64().and_then(float)),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| text.parse().ok().and_then(float))
        }
        _ => None,
    }
}

/// The same where 0 says nothing and more than 32 bits are nonsense.
pub(crate) fn count(value: Option<&Value>) -> Option<u32> {
    number(value).and_then(|number| u32::try_from(number).ok()).filter(|&number| number > 0)
}

/// `true`, also as text.
pub(crate) fn yes(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(yes)) => *yes,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// The members of a list; something else is a list of one.
pub(crate) fn many(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(rows)) => rows,
        Some(one) => std::slice::from_ref(one),
    }
}

/// What stands in a list of one; anything else as it is.
pub(crate) fn single(value: Option<&Value>) -> Option<&Value> {
    match value {
        Some(Value::Array(rows)) if rows.len() == 1 => rows.first(),
        value => value,
    }
}

/// The names of a list of things with names, or of plain texts.
pub(crate) fn names(value: Option<&Value>, name: &str) -> Vec<String> {
    many(value).iter().filter_map(|row| text(row.get(name)).or_else(|| text(Some(row)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn dirty_values_are_read_or_not_there() {
        assert_eq!(text(Some(&json!("  a\u{0}b\n "))).as_deref(), Some("ab"));
        assert_eq!(text(Some(&json!(7))).as_deref(), Some("7"));
        assert_eq!(text(Some(&json!({"a": 1}))), None);
        assert_eq!(text(Some(&json!(" \u{7} "))), None);
        for (value, read) in [
            (json!(3), Some(3)),
            (json!("3"), Some(3)),
            (json!(" 3.7 "), Some(3)),
            (json!(3.7), Some(3)),
            (json!(-3), None),
            (json!("NaN"), None),
            (json!("1e300"), None),
            (json!("3/12"), None),
            (json!(null), None),
            (json!([3]), None),
        ] {
            assert_eq!(number(Some(&value)), read, "{value}");
        }
        assert_eq!(count(Some(&json!(0))), None);
        assert_eq!(count(Some(&json!(u64::MAX))), None);
        assert_eq!(many(Some(&json!({"id": 1}))).len(), 1);
        assert_eq!(many(Some(&json!(null))).len(), 0);
        assert_eq!(text(single(Some(&json!(["a"])))).as_deref(), Some("a"));
        assert_eq!((number(single(Some(&json!(3)))), number(single(Some(&json!([3, 4]))))), (Some(3), None));
        assert_eq!(names(Some(&json!([{"name": "a"}, {"id": "x"}, "b"])), "name"), ["a", "b"]);
        assert!(yes(Some(&json!("TRUE"))) && !yes(Some(&json!(1))) && !yes(None));
    }
}
