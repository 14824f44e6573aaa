//! Whether a recording that is sold on some album is perhaps another version than the wanted one.

use ferrotape_domain::Wanted;

use crate::readings::describe::{Album, Sought};
use crate::versions::table::{Kind, Verdict, rule};

/// Whether an album's name tells of versions – live, remixed, karaoke – of which neither the wanted title nor its album says
/// anything, or says nothing of those that the wanted album plainly is of. A recording of the same title, artist and length
/// there may be another one.
pub fn is_of_other_versions(album: &str, wanted: &Wanted) -> bool {
    let (offered, sought) = (Album::of(album), Sought::of(wanted));
    let is_in_title = |kind: Kind| sought.title.claims.iter().any(|claim| claim.kind == kind);
    let is_of = |album: &Album, kind: Kind| album.claims.iter().any(|(claim, _)| claim.kind == kind);
    let more = offered.claims.iter().any(|(claim, _)| {
        rule(claim.kind).extra != Verdict::Allow
            && !is_in_title(claim.kind)
            && !is_of(&sought.album, claim.kind)
    });
    let less = sought.album.claims.iter().any(|(claim, plain)| {
        *plain
            && rule(claim.kind).missing != Verdict::Allow
            && !is_in_title(claim.kind)
            && !is_of(&offered, claim.kind)
    });
    more || less
}

#[cfg(test)]
mod tests {
    use super::*;
    use ferrotape_domain::WantedKind;

    #[test]
    fn albums_of_other_versions_are_told_by_their_names() {
        for (title, own, album, is_other) in [
            ("Undertow", "Low Water", "Low Water", false),
            ("Undertow", "Low Water", "Low Water (Remastered)", false),
            ("Undertow", "Low Water", "The Best Of", false),
            ("Undertow", "", "The Best Of", false),
            ("Undertow", "Low Water", "", false),
            ("Undertow", "Low Water", "Live in Oslo", true),
            ("Undertow", "Low Water", "Low Water (Live)", true),
            ("Undertow", "Low Water", "Karaoke Hits", true),
            ("Undertow", "", "Low Water Remixed", true),
            ("Undertow (Live)", "Low Water", "Live in Oslo", false),
            ("Undertow", "Live in Oslo", "Live in Oslo", false),
            ("Undertow", "Live in Oslo", "Low Water", true),
            ("Undertow (Live)", "Live in Oslo", "The Best Of", false),
        ] {
            let mut wanted = Wanted::of_kind(WantedKind::Recording);
            wanted.title = title.to_owned();
            wanted.release = Some(own.to_owned()).filter(|own| !own.is_empty());
            assert_eq!(is_of_other_versions(album, &wanted), is_other, "{title} / {own} / {album}");
        }
    }
}
