use super::*;

fn kinds(album: &str) -> Vec<(Kind, bool)> {
    claims_of_album(album).into_iter().map(|(c, plain)| (c.kind, plain)).collect()
}

#[test]
fn album_names_speak_for_their_tracks() {
    for sure in [
        "Live at Red Barn",
        "In Concert - the Harbour",
        "Cinders Unplugged",
        "KEXP Session",
        "Ember: BBC Sessions",
        "Tiny Desk Concert",
        "En vivo en Fenmoor",
        "Концерт в Фенмуре",
        "演唱會 2004",
        "2004-05-12 Fenmoor FM",
        "12.05.2004 Red Hall",
        "Ember (Live)",
        "Fenmoor, June 9, 1973 SBD",
        "Canlı",
        "The Who Live in Oslo",
        "The World We Live In and Live in Oslo",
        "バンドライブ",
    ] {
        assert_eq!(kinds(sure), [(Kind::Live, true)], "{sure}");
    }
    for perhaps in [
        "Alive: Red Barn",
        "1973-06-09 Fenmoor",
        "A Night at the Opera",
        "From the Fenmoor Ballroom",
        "Babylon by Bus",
    ] {
        assert_eq!(kinds(perhaps), [(Kind::Live, false)], "{perhaps}");
    }
    for other in ["Livestock", "1999", "The Concertina Book", "Hall of Lanterns", "Clean", "Alive", "2004-05"]
    {
        assert!(kinds(other).iter().all(|(_, plain)| !plain), "{other}: {:?}", kinds(other));
    }
    assert_eq!(kinds("Clean"), []);
    assert_eq!(kinds("The Köln Concert"), [(Kind::Live, false)]);
    assert_eq!(kinds("The Best of Live"), [(Kind::Live, false)]);
    assert_eq!(kinds("Tales Without Covers"), [(Kind::Cover, false)]);
    assert_eq!(kinds("Ember (Clean)"), [(Kind::Clean, false)]);
    assert_eq!(kinds("Under the Covers, Vol. 2"), [(Kind::Cover, true)]);
    assert_eq!(kinds("Cinders Remixed"), [(Kind::Remix, true)]);
}

#[test]
fn words_of_an_edition_behind_a_version_leave_it_one() {
    let claims = [
        (
            Kind::Live,
            "Live EP | The Live EP | Live 1999 | Live '99 | Live 1999 Oslo | Live Vol. 1 | Live & Acoustic | \
            Live Anthology | Live Rarities | The Live Collection | Greatest Hits Live 2010 | Greatest Hits Live | \
            Live II | Live, Vol. 2 | Low Water: Live Film Soundtrack | Low Water (Live) [Remastered] | Live | +Live+ | \
            Concert in Oslo | Concert 2004 | Concerts 2004 | Konzert in Hamburg | Gig at the Barn | Bootleg | \
            The Oslo Bootleg | Soundcheck | LIVE! | Livealbum | Live @ Oslo | Live@Oslo | Low Water (Live @ Oslo) | \
            Low Water - Live@Oslo | Concert @ the Barn | Low Water Live Off the Floor | Live to Air | Session EP | \
            Studio Session 2012",
        ),
        (
            Kind::Acapella,
            "A Cappella | Acapella | Low Water (Acapellas) | A-Cappella Collection | Акапелла | アカペラ | 아카펠라 | \
            Low Water (Vocal Only)",
        ),
        (
            Kind::ReRecording,
            "Low Water (Mara's Version) | Low Water (Mara’s Version) [Deluxe] | New Recordings | \
            Low Water (New Recording 2019) | Low Water (New Version) | Low Water (2021 Version) | \
            Low Water (2021 Version) [Deluxe] | Low Water - 2021 Version | Low Water (Versión 2021)",
        ),
        (
            Kind::Demo,
            "Low Water Demo | Demo EP | Demo | Low Water (Demo) | Alternate Versions | \
            Low Water (Alternate Versions) | Versões Alternativas | Maquetas 1998 | Home Recordings | \
            Rough Cuts | Rough Mixes | Work Tapes | Low Water: The Work Tapes | Low Water (Rough Mix) | \
            Low Water [Rough Cut]",
        ),
        (
            Kind::Acoustic,
            "Acoustic | Low Water Acoustic | Acoustic 2004 | Acústico | Akustik Vol. 2 | Acoustique | \
            Low Water (Piano Versions) | Low Water (Piano) | Low Water (Stripped) | Low Water (Acoustic Guitar) | \
            The Naked Sessions | Low Water (Piano & Voice)",
        ),
        (
            Kind::Named,
            "Low Water Reimagined | Re-Imagined | Low Water (Orchestral Versions) | The Orchestral Album | \
            Low Water (Lofi Version) | Low Water (Symphonic) | Low Water (Orchestral) | \
            Low Water with the Oslo Philharmonic | Mara Quill with the Royal Philharmonic Orchestra | \
            Low Water (feat. the Oslo Symphony Orchestra)",
        ),
        (Kind::Karaoke, "Low Water (Playback) | Low Water (MR) | Low Water (Minus One)"),
        (Kind::Speed, "8D Audio | Low Water (Sped Up) | Low Water (8D)"),
        (Kind::Medley, "Low Water (Continuous Mix)"),
        (
            Kind::Language,
            "Low Water (German Version) | Low Water (Japanese Ver.) | Low Water [Deutsche Version] | \
            Low Water (日本語版) | Low Water（国语版） | Low Water (한국어 버전) | Low Water - English Version | \
            Low Water (Version française) | Low Water (Versión en Español)",
        ),
        (Kind::Cover, "Low Water (Cover) | Covers | Covers 2 | The Covers EP"),
        (
            Kind::Instrumental,
            "Instrumental | Low Water (Instrumental Edition) | Low Water (Inst.) | Low Water (Off Vocal) | \
            Low Water (Off Vocal Ver.) | Low Water [オフボーカル] | Low Water (伴奏) | Low Water (Deluxe) [Inst.]",
        ),
        (
            Kind::Remix,
            "Remix EP | Ember (Tarn Bell Remix) | Low Water Remix | Remixed by Lisk | Remixed & Revisited | \
            Low Water (2017 Mix) | Low Water (2017 Stereo Mix) | Low Water (Dub Version)",
        ),
        (Kind::Extended, "Club Mixes | The Extended Mixes"),
        (Kind::Edit, "Radio Edits"),
    ];
    for (kind, albums) in claims {
        for album in albums.split('|').map(str::trim) {
            assert!(kinds(album).contains(&(kind, true)), "{album}: {:?}", kinds(album));
        }
    }
}

#[test]
fn verbs_and_words_in_other_words_claim_nothing_of_an_album() {
    for plain in [
        "Live Through This",
        "Live Forever",
        "Live and Let Die",
        "Live Free or Die",
        "Live Your Life",
        "Live Wire",
        "Long Live",
        "Long Live Vol. 2",
        "Born to Live",
        "The Way We Live",
        "How We Live 2",
        "Let It Live",
        "Demolition",
        "Demon Days",
        "Concertos",
        "Concerto in D Minor",
        "Konzert in A-Moll",
        "Cover Story",
        "Alternate Routes",
        "Acoustics",
        "The Mix",
        "Greatest Hits",
        "The Very Best Of (Disc 2)",
        "Low Water (Deluxe Edition)",
        "Low Water (Bonus Track Version)",
        "Low Water (2011 Remaster)",
        "Low Water - Single",
        "Barney's Version",
        "Gigantic",
        "Capella",
        "Piano Concertos",
        "Symphonic Poem",
        "Symphonic Poems (Complete)",
        "Symphonic Dances",
        "Piano Sonatas",
        "Orchestral Works",
        "The Complete Orchestral Music",
        "Works for Voice and Piano",
        "Stripped Down to the Bone",
        "Acoustic Guitars in the Rain",
        "Play Back the Tapes",
        "New Recorder Music",
        "C@T",
        "@maraquill",
    ] {
        assert_eq!(kinds(plain), [], "{plain}");
    }
}

#[test]
fn names_with_words_of_takes_orchestras_and_years_claim_nothing() {
    for plain in [
        "Rough Mix",
        "Rough Cut Stones",
        "Working Class Tapes",
        "The Basement Tapes",
        "Remixed Emotions",
        "Concerto for Group and Orchestra",
        "Symphonica",
        "Symphonicities",
        "The Manchester Orchestra",
        "Mara Quill with the Tom Dorn Orchestra",
        "Violin Concertos with the Oslo Philharmonic",
        "Philharmonic Nights",
        "Low Water (2021 Edition)",
        "Low Water (2021 Remaster)",
        "Low Water (2021 Remastered Version)",
        "Low Water (Deluxe Version)",
        "Version 2.0",
        "Mono",
        "Mono (Remastered)",
        "The World We Live In",
        "Live On",
        "Memories Live On",
        "A Place to Live In Peace",
        "Love Live! Sunshine!! Best",
        "ラブライブ!スーパースター!!",
        "ドライブ・ソングス",
        "드라이브 송",
        "ディスカバー・ジャパン",
        "Low Water (Japanese Edition)",
        "Low Water (Japanese Bonus Track Version)",
        "Low Water (Brazilian Version)",
        "English Version",
        "Low Water (Alternate Cover)",
        "Low Water (Special Cover Edition)",
        "Low Water (Bonus Off Vocal)",
        "Low Water (Clean Slate Edition)",
        "Minus One",
        "Piano",
    ] {
        assert_eq!(kinds(plain), [], "{plain}");
    }
}

#[test]
fn names_that_may_be_a_studio_albums_claim_only_perhaps() {
    for (perhaps, kind) in [
        ("Stripped", Kind::Acoustic),
        ("Piano & Voice", Kind::Acoustic),
        ("Low Water Stripped", Kind::Acoustic),
        ("Symphonic", Kind::Named),
        ("Low Water Symphonic", Kind::Named),
        ("Beethoven: Orchestral", Kind::Named),
        ("Playback", Kind::Karaoke),
        ("An Evening with Mara Quill", Kind::Live),
        ("Low Water Orchestral", Kind::Named),
        ("Symphonic Mara Quill", Kind::Named),
        ("Low Water (with the Tom Dorn Orchestra)", Kind::Named),
        ("Low Water (Clean Edition)", Kind::Clean),
        ("Low Water (Deluxe Clean)", Kind::Clean),
        ("Low Water (Censored)", Kind::Clean),
    ] {
        assert_eq!(kinds(perhaps), [(kind, false)], "{perhaps}");
    }
    for written_for in ["Chopin: Nocturnes (Piano)", "Debussy (Piano)", "Satie: Gymnopédies (Solo Piano)"] {
        assert_eq!(kinds(written_for), [], "{written_for}");
    }
}

#[test]
fn a_live_album_may_be_called_so_and_after_who_plays() {
    for (album, artist) in
        [("live cream", "Cream"), ("live cream vol 2", "Cream"), ("live lanterns", "The Lanterns")]
    {
        assert!(is_live_by(album, artist), "{album}, {artist}");
    }
    for (album, artist) in
        [("live creamy", "Cream"), ("live cream of life", "Cream"), ("live wire", "Oda Brenn"), ("live ", "")]
    {
        assert!(!is_live_by(album, artist), "{album}, {artist}");
    }
}

#[test]
fn a_folder_of_one_word_may_be_a_shelf() {
    let of = |folder: &str| -> Vec<(Kind, bool)> {
        claims_of_folder(folder).into_iter().map(|(claim, plain)| (claim.kind, plain)).collect()
    };
    assert_eq!(of("Acoustic"), [(Kind::Acoustic, false)]);
    assert_eq!(of("Live"), [(Kind::Live, true)]);
    assert_eq!(of("Oda Brenn - Acoustic"), [(Kind::Acoustic, true)]);
}

#[test]
fn another_version_is_told_by_the_album_alone() {
    let tells =
        |title: &str, album: Option<&str>, other: &str| album_tells_another_version(title, album, other);
    assert!(tells("Ebb", Some("Low Water"), "Live 1999") && tells("Ebb", None, "Karaoke Hits"));
    assert!(!tells("Ebb", Some("Low Water"), "Greatest Hits"));
    assert!(!tells("Ebb (Live)", Some("Low Water"), "Live 1999"));
    assert!(!tells("Ebb", Some("Live at Fenmoor"), "Live 1999"));
    assert!(!tells("Ebb", Some("Low Water"), "In Mono"), "the words are the same");
}
