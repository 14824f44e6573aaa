//! Which licences let a person copy a work for themselves, known by the address of their text.
//!
//! Names are not gone by: `CC` and `free` stand for anything. All six Creative Commons licences allow a copy as it is, and
//! the same in another format; so do those with "sampling plus". The first sampling licence does not.

use ferrotape_domain::Rights;

/// The licence that an address names; [`Rights::Unknown`] where it names none that is known here.
pub(crate) fn rights_of(address: &str) -> Rights {
    match name_of(address) {
        Some(name) => Rights::Licence { name, url: Some(https(address)) },
        None => Rights::Unknown,
    }
}

/// Whether these rights are that nobody has any.
pub(crate) fn is_public_domain(rights: &Rights) -> bool {
    matches!(rights, Rights::Licence { name, .. } if name == "public domain" || name.starts_with("CC0"))
}

fn name_of(address: &str) -> Option<String> {
    let address = address.trim().to_ascii_lowercase();
    let rest = address.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))?.1;
    let rest = rest.split(['?', '#']).next()?;
    let mut steps = rest.split('/').filter(|step| !step.is_empty());
    let host = steps.next()?;
    let steps: Vec<&str> = steps.collect();
    match host.strip_prefix("www.").unwrap_or(host) {
        "creativecommons.org" => creative_commons(&steps),
        "artlibre.org" => {
            steps.first().is_some_and(|step| step.starts_with("licen")).then(|| "Free Art License".to_owned())
        }
        "gnu.org" => {
            let is_fdl = steps.iter().any(|step| step.starts_with("fdl"));
            is_fdl.then(|| "GNU FDL".to_owned())
        }
        _ => None,
    }
}

fn creative_commons(steps: &[&str]) -> Option<String> {
    match steps {
        ["publicdomain", "zero", version, ..] => is_version(version).then(|| format!("CC0 {version}")),
        ["publicdomain", "mark", ..] | ["licenses", "publicdomain", ..] => Some("public domain".to_owned()),
        ["licenses", "sampling+" | "nc-sampling+", version, ..] => {
            is_version(version).then(|| format!("CC Sampling Plus {version}"))
        }
        ["licenses", kind, version, rest @ ..] if is_kind(kind) && is_version(version) => {
            let country =
                rest.first().filter(|step| step.len() == 2 && step.bytes().all(|b| b.is_ascii_alphabetic()));
            let country =
                country.map_or_else(String::new, |country| format!(" {}", country.to_ascii_uppercase()));
            Some(format!("CC {} {version}{country}", kind.to_ascii_uppercase()))
        }
        _ => None,
    }
}

fn is_kind(kind: &str) -> bool {
    matches!(
        kind,
        "by" | "by-sa"
            | "by-nc"
            | "by-nd"
            | "by-nc-sa"
            | "by-nc-nd"
            | "by-nd-nc"
            | "sa"
            | "nc"
            | "nd"
            | "nc-sa"
            | "nd-nc"
    )
}

fn is_version(version: &str) -> bool {
    matches!(version.as_bytes(), [major, b'.', minor] if major.is_ascii_digit() && minor.is_ascii_digit())
}

/// Their texts have been at encrypted addresses for long.
fn https(address: &str) -> String {
    let address = address.trim();
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    format!("https://{}", rest.chars().take(200).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_known_by_their_address_and_nothing_else() {
        let table = [
            ("http://creativecommons.org/licenses/by-nc-sa/3.0/", Some("CC BY-NC-SA 3.0")),
            ("https://creativecommons.org/licenses/by/2.0/de/deed.en", Some("CC BY 2.0 DE")),
            ("https://www.creativecommons.org/licenses/by-nd/4.0", Some("CC BY-ND 4.0")),
            ("https://creativecommons.org/publicdomain/zero/1.0/", Some("CC0 1.0")),
            ("https://creativecommons.org/publicdomain/mark/1.0/", Some("public domain")),
            ("http://creativecommons.org/licenses/publicdomain/", Some("public domain")),
            ("http://creativecommons.org/licenses/sampling+/1.0/", Some("CC Sampling Plus 1.0")),
            ("http://creativecommons.org/licenses/sampling/1.0/", None),
            ("http://creativecommons.org/licenses/devnations/2.0/", None),
            ("http://artlibre.org/licence/lal/en", Some("Free Art License")),
            ("https://www.gnu.org/copyleft/fdl.html", Some("GNU FDL")),
            ("https://creativecommons.org.example.org/licenses/by/4.0/", None),
            ("https://example.org/creativecommons.org/licenses/by/4.0/", None),
            ("ftp://creativecommons.org/licenses/by/4.0/", None),
            ("https://creativecommons.org/", None),
            ("CC BY 4.0", None),
            ("All rights reserved", None),
            ("", None),
        ];
        for (address, expected) in table {
            let name = match rights_of(address) {
                Rights::Licence { name, .. } => Some(name),
                _ => None,
            };
            assert_eq!(name.as_deref(), expected, "{address}");
        }
    }
}
