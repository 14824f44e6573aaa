//! JSON whose keys hold something else than they should: named, never passed over.

use std::fs;

use ferrotape_domain::Wishlist;

use crate::packages::read;

const LIKED: &str = r#"{"artist":"Mira Dune","album":"Low Tide","track":"Lantern"}"#;

fn read_json(name: &str, text: &str) -> Wishlist {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    fs::write(&path, text).unwrap();
    read(&path)
}

fn reasons(wishlist: &Wishlist, file: &str) -> Vec<String> {
    assert!(wishlist.problems.iter().all(|problem| problem.file == file), "{:?}", wishlist.problems);
    wishlist.problems.iter().map(|problem| problem.reason.clone()).collect()
}

#[test]
fn playlists_that_are_no_list_are_named() {
    for value in [r#""no""#, "7", "null", r#"{"items":[]}"#] {
        let wishlist = read_json("Playlist2.json", &format!(r#"{{"playlists":{value}}}"#));
        let expected = "“playlists” holds no list, though a list of rows was expected";
        assert_eq!(reasons(&wishlist, "Playlist2.json"), [expected], "{value}");
    }
    assert!(read_json("Playlist2.json", r#"{"playlists":[]}"#).problems.is_empty());
}

#[test]
fn a_playlist_without_a_list_of_items_is_named() {
    let of = |playlist: &str| {
        // A sound playlist in front, long enough that the rest is not seen at the file's head.
        let row = r#"{"track":{"trackName":"Rain","artistName":"Tin Roof"}},"#.repeat(3000);
        let front = format!(r#"{{"name":"Road","items":[{}]}}"#, row.trim_end_matches(','));
        let wishlist = read_json("Playlist1.json", &format!(r#"{{"playlists":[{front},{playlist}]}}"#));
        assert_eq!(wishlist.playlists.len(), 2, "{playlist}");
        reasons(&wishlist, "Playlist1.json")
    };
    assert_eq!(
        of(r#"{"name":null,"items":{}}"#),
        ["in playlist “Playlist 2”: its “items” hold no list, though a list of rows was expected"]
    );
    let missing = "in playlist “Sea”: it has no “items”, though a list of rows was expected there";
    assert_eq!(of(r#"{"name":"Sea"}"#), [missing]);
    assert_eq!(
        of(r#"{"name":"Sea","tracks":[{"track":{"trackName":"Gull"}},{}],"collaborators":[{"a":1}]}"#),
        [
            missing,
            "in playlist “Sea”: rows are expected in “items”, not in “tracks”; its 2 rows are left out"
        ]
    );
    assert!(of(r#"{"name":"Sea","items":[],"collaborators":["a"]}"#).is_empty());
}

#[test]
fn a_library_key_of_the_wrong_type_is_named() {
    let wishlist = read_json(
        "YourLibrary.json",
        &format!(r#"{{"tracks":[{LIKED}],"albums":"no","shows":{{"items":[]}},"country":"SE"}}"#),
    );
    assert_eq!(wishlist.wanted.len(), 1);
    assert_eq!(
        reasons(&wishlist, "YourLibrary.json"),
        [
            "“albums” holds no list, though a list of rows was expected",
            "“shows” holds no list, though a list of rows was expected"
        ]
    );
}

#[test]
fn unknown_lists_are_named_once_and_their_rows_counted() {
    let library =
        format!(r#"{{"tracks":[{LIKED}],"mixtapes":[{LIKED},{LIKED},{LIKED}],"moods":[1],"empty":[]}}"#);
    let wishlist = read_json("YourLibrary.json", &library);
    assert_eq!(
        reasons(&wishlist, "YourLibrary.json"),
        [
            "ferrotape does not know the list “mixtapes”; its 3 rows are left out",
            "ferrotape does not know the list “moods”; its only row is left out"
        ]
    );
    assert_eq!((wishlist.accounts[0].rows, wishlist.accounts[0].problems), (5, 4));
    let wishlist = read_json("Playlist1.json", r#"{"playlists":[],"folders":[{"a":1},{"a":2}]}"#);
    assert_eq!(
        reasons(&wishlist, "Playlist1.json"),
        ["ferrotape does not know the list “folders”; its 2 rows are left out"]
    );
}
