//! Who may import whom, and which outside crate lives where.

use std::collections::BTreeMap;

use cargo_metadata::{DependencyKind, Metadata};

use super::Finding;

/// The table of ARCHITECTURE.md. A new edge needs a line in docs/decisions and one here.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("import", &["domain"]),
    ("export", &["domain"]),
    ("matching", &["domain"]),
    ("audio", &["domain"]),
    ("device", &["domain"]),
    ("store", &["domain"]),
    ("services", &["domain"]),
    ("engine", &["domain", "import", "export", "matching", "audio", "device", "store"]),
    ("app", &["engine", "services", "store", "domain"]),
    ("server", &["app", "engine", "domain"]),
    ("cli", &["app", "engine", "domain", "server"]),
    ("testkit", &["domain"]),
];

/// Outside crates that exactly one layer may use; a name ending in `*` stands for all that begin so.
const OWNERS: &[(&str, &[&str])] = &[
    ("store", &["diesel*", "libsqlite3-sys"]),
    ("audio", &["symphonia*", "mp3lame*", "ebur128", "lofty", "id3", "flac-codec"]),
    ("device", &["zbus*"]),
    ("server", &["tokio*", "axum*", "hyper*"]),
    ("services", &["ureq*"]),
    ("cli", &["clap*"]),
];

/// Chores and test tools are no part of the program; they may use anything.
const FREE: &[&str] = &["xtask", "demo-data"];

/// One of our crates as `cargo metadata` tells it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Crate {
    /// Its word in the table: `domain`, `cli`, `xtask`.
    pub(crate) layer: String,
    pub(crate) described: bool,
    /// Normal and build dependencies by package name.
    pub(crate) uses: Vec<String>,
}

pub(crate) fn crates(metadata: &Metadata) -> Vec<Crate> {
    metadata
        .workspace_packages()
        .into_iter()
        .map(|package| Crate {
            layer: layer_of(package.name.as_str()).unwrap_or(package.name.as_str()).to_owned(),
            described: package.description.as_deref().is_some_and(|text| !text.trim().is_empty()),
            uses: package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind != DependencyKind::Development)
                .map(|dependency| dependency.name.clone())
                .collect(),
        })
        .collect()
}

/// The layer of one of our packages; `None` for other people's.
fn layer_of(package: &str) -> Option<&str> {
    match package {
        "ferrotape" => Some("cli"),
        "xtask" => Some("xtask"),
        _ => package.strip_prefix("ferrotape-"),
    }
}

pub(crate) fn check(crates: &[Crate]) -> Vec<Finding> {
    let table: BTreeMap<&str, &[&str]> = LAYERS.iter().copied().collect();
    let mut findings = Vec::new();
    for one in crates {
        if !one.described {
            let says = "has no description – say in its Cargo.toml what it is for".to_owned();
            findings.push(Finding { rule: "description", place: one.layer.clone(), says });
        }
        if FREE.contains(&one.layer.as_str()) {
            continue;
        }
        let Some(allowed) = table.get(one.layer.as_str()) else {
            let says = "is in no layer – add it to xtask/src/tidy/layers.rs and ARCHITECTURE.md, and the reason to \
                        docs/decisions";
            findings.push(Finding { rule: "layer", place: one.layer.clone(), says: says.to_owned() });
            continue;
        };
        for used in &one.uses {
            findings.extend(edge(one, used, allowed));
            findings.extend(owner(one, used));
        }
    }
    findings
}

fn edge(one: &Crate, used: &str, allowed: &[&str]) -> Option<Finding> {
    let layer = layer_of(used)?;
    if allowed.contains(&layer) {
        return None;
    }
    let says = if layer == "testkit" || FREE.contains(&layer) {
        format!("uses {used} in the program – move it to [dev-dependencies]")
    } else {
        let may = if allowed.is_empty() { "nothing of ours".to_owned() } else { allowed.join(", ") };
        format!(
            "imports {layer}, but may import {may} – go through the domain's ports, or write the new edge down \
                 in docs/decisions and in the table"
        )
    };
    Some(Finding { rule: "layer", place: one.layer.clone(), says })
}

fn owner(one: &Crate, used: &str) -> Option<Finding> {
    let matches = |pattern: &&str| match pattern.strip_suffix('*') {
        Some(start) => used.starts_with(start),
        None => used == *pattern,
    };
    let (owner, _) = OWNERS.iter().find(|(_, patterns)| patterns.iter().any(matches))?;
    if *owner == one.layer {
        return None;
    }
    let says = format!("uses {used}, which only {owner} may – ask {owner} for what you need");
    Some(Finding { rule: "owner", place: one.layer.clone(), says })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(layer: &str, uses: &[&str]) -> Crate {
        Crate { layer: layer.into(), described: true, uses: uses.iter().map(|u| (*u).to_owned()).collect() }
    }

    fn rules(crates: &[Crate]) -> Vec<(String, &'static str)> {
        check(crates).into_iter().map(|finding| (finding.place, finding.rule)).collect()
    }

    #[test]
    fn the_table_itself_passes() {
        let crates: Vec<Crate> = LAYERS
            .iter()
            .map(|(layer, uses)| Crate {
                layer: (*layer).into(),
                described: true,
                uses: uses.iter().map(|used| format!("ferrotape-{used}")).collect(),
            })
            .collect();
        assert!(rules(&crates).is_empty());
    }

    #[test]
    fn siblings_do_not_import_each_other() {
        assert_eq!(rules(&[one("audio", &["ferrotape-store"])]), [("audio".into(), "layer")]);
        assert_eq!(rules(&[one("engine", &["ferrotape-services"])]), [("engine".into(), "layer")]);
        assert_eq!(rules(&[one("domain", &["ferrotape-import"])]), [("domain".into(), "layer")]);
        assert_eq!(rules(&[one("server", &["ferrotape"])]), [("server".into(), "layer")]);
    }

    #[test]
    fn the_test_kit_stays_out_of_the_program() {
        let findings = check(&[one("engine", &["ferrotape-testkit"])]);
        assert!(findings[0].says.contains("dev-dependencies"), "{}", findings[0]);
        assert!(rules(&[one("xtask", &["ferrotape-testkit", "lofty", "clap"])]).is_empty());
    }

    #[test]
    fn outside_crates_have_one_owner() {
        assert_eq!(rules(&[one("engine", &["diesel_migrations"])]), [("engine".into(), "owner")]);
        assert_eq!(rules(&[one("import", &["tokio"])]), [("import".into(), "owner")]);
        assert_eq!(rules(&[one("app", &["clap_complete"])]), [("app".into(), "owner")]);
        assert!(
            rules(&[one("audio", &["symphonia", "mp3lame-encoder", "id3"]), one("store", &["diesel"])])
                .is_empty()
        );
    }

    #[test]
    fn unknown_and_undescribed_crates_are_named() {
        let mut new = one("gui", &[]);
        new.described = false;
        assert_eq!(rules(&[new]), [("gui".into(), "description"), ("gui".into(), "layer")]);
    }
}
