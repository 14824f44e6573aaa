//! The published schema, judged by a validator that is not ours.

use ferrotape_export::{Format, SCHEMA};
use serde_json::Value;

use crate::made::{Names, library};
use crate::round_trip::exported;

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

#[test]
fn every_export_is_valid() {
    let validator = validator();
    for seed in 0..40 {
        let export = exported(&library(seed, Names::Wild), Format::Json);
        let value: Value = serde_json::from_slice(&export.files[0].bytes).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "seed {seed}: {errors:?}");
    }
}

#[test]
fn what_is_no_export_is_not() {
    let validator = validator();
    let whole = r#"{"format":"ferrotape-library","version":1,"lists":[{"kind":"playlist","name":"A","entries":[
        {"kind":"recording","title":"B","isrc":"XXA011900001","artists":[{"name":"C","join":""}]}]}]}"#;
    let valid = |text: &str| validator.is_valid(&serde_json::from_str(text).unwrap());
    assert!(valid(whole));
    for (from, to) in [
        ("ferrotape-library", "other"),
        ("\"version\":1", "\"version\":2"),
        ("\"kind\":\"recording\"", "\"kind\":\"song\""),
        ("\"kind\":\"playlist\"", "\"kind\":\"mixtape\""),
        ("XXA011900001", "XXA01190000"),
        ("\"title\":\"B\"", "\"title\":\"\""),
        ("\"title\":\"B\"", "\"duration_ms\":0"),
        ("\"name\":\"C\"", "\"nom\":\"C\""),
        ("\"title\":\"B\"", "\"link\":\"https://open.spotify.com/track/1\""),
    ] {
        assert!(!valid(&whole.replace(from, to)), "{to}");
    }
}
