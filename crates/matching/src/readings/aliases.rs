//! Artists known under several names, and forms of a name that are used for one another.
//!
//! A row holds the names of one artist; only names that nobody else goes by stand here. They are weaker evidence than
//! an equal name: two of a row agree as [`crate::readings::names::Agreement::Alias`]. To add one, add a row or a name to a row.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::texts::normalise::{fold, squash};

/// One artist per row, names separated by bars. Composers stand in `composers`.
const ROWS: &[&str] = &[
    // Renamed
    "Prince | The Artist Formerly Known as Prince | The Artist (Formerly Known as Prince)",
    "Diddy | P. Diddy | Puff Daddy | Sean Combs | Sean \"Puffy\" Combs",
    "Snoop Dogg | Snoop Doggy Dogg | Snoop Lion",
    "Cat Stevens | Yusuf | Yusuf Islam | Yusuf / Cat Stevens",
    "Kanye West | Ye",
    "Mos Def | Yasiin Bey",
    "The Chicks | Dixie Chicks",
    "Lady A | Lady Antebellum",
    "John Mellencamp | John Cougar | John Cougar Mellencamp",
    "Terence Trent D'Arby | Sananda Maitreya",
    "ANOHNI | Antony and the Johnsons | Antony & The Johnsons | ANOHNI and the Johnsons",
    "T. Rex | Tyrannosaurus Rex",
    "Ms. Lauryn Hill | Lauryn Hill",
    "Sinéad O'Connor | Shuhada' Sadaqat",
    "Lil' Bow Wow | Bow Wow",
    "Lil Wayne | Lil' Wayne",
    "Marina | Marina and The Diamonds",
    "Kesha | Ke$ha",
    "The London Suede | Suede",
    "The English Beat | The Beat",
    "Yazoo | Yaz",
    "The Charlatans | The Charlatans UK",
    "Wham! | Wham! UK",
    "Black Country, New Road | BCNR",
    "Kid Cudi | KiD CuDi | Scott Mescudi",
    "Childish Gambino | Donald Glover",
    "MF DOOM | Metal Face Doom",
    "B.o.B | BoB",
    "Aphex Twin | AFX",
    "Calle 13 | Calle Trece",
    "alt-J | ∆",
    "Daryl Hall & John Oates | Hall & Oates",
    "Bad Bunny | Benito Antonio Martínez Ocasio",
    "Tha Dogg Pound | Dogg Pound",
    "The Notorious B.I.G. | Notorious BIG | Biggie Smalls",
    "2Pac | Tupac | Tupac Shakur | 2Pac Shakur | Makaveli",
    "Jay-Z | Jaÿ-Z | JAY Z | Shawn Carter",
    "Ol' Dirty Bastard | ODB",
    "Pink | P!nk | Alecia Moore",
    "deadmau5 | deadmaus",
    "Tiësto | DJ Tiësto",
    "Marshmello | DJ Marshmello",
    "Kool and the Gang | Kool & The Gang",
    "Hootie & The Blowfish | Hootie and the Blowfish",
    "Jackson 5 | The Jackson Five",
    "The Four Tops | 4 Tops",
    "Thirty Seconds to Mars | 30 Seconds to Mars",
    "The Four Seasons | Frankie Valli & The Four Seasons | 4 Seasons",
    "Dr. John | Dr. John, The Night Tripper",
    "Little Stevie Wonder | Stevie Wonder",
    "Israel Kamakawiwoʻole | Israel Kamakawiwo'ole",
    // Short and long
    "ELO | Electric Light Orchestra",
    "OMD | Orchestral Manoeuvres in the Dark",
    "CCR | Creedence Clearwater Revival",
    "RHCP | Red Hot Chili Peppers",
    "RATM | Rage Against the Machine",
    "NIN | Nine Inch Nails",
    "QOTSA | Queens of the Stone Age",
    "SOAD | System of a Down",
    "BTO | Bachman-Turner Overdrive",
    "BRMC | Black Rebel Motorcycle Club",
    "TMBG | They Might Be Giants",
    "NKOTB | New Kids on the Block",
    "BMTH | Bring Me the Horizon",
    "TSO | Trans-Siberian Orchestra",
    "CSN | Crosby, Stills & Nash",
    "CSNY | Crosby, Stills, Nash & Young",
    "SRV | Stevie Ray Vaughan",
    "M.I.A. | Mathangi Arulpragasam",
    "DAF | Deutsch Amerikanische Freundschaft",
    "EAV | Erste Allgemeine Verunsicherung",
    "Die Fantastischen Vier | Fanta 4 | Fanta Vier",
    // Two scripts
    "t.A.T.u. | Тату | Taty",
    "Кино | Kino",
    "Би-2 | Bi-2",
    "ДДТ | DDT",
    "Океан Ельзи | Okean Elzy | Океан Эльзы",
    "Земфира | Zemfira",
    "Алла Пугачёва | Alla Pugacheva | Alla Pugatschowa",
    "Владимир Высоцкий | Vladimir Vysotsky | Vladimir Vissotski | Wladimir Wyssozki",
    "Мумий Тролль | Mumiy Troll | Mumiy Troll'",
    "宇多田ヒカル | Hikaru Utada | Utada Hikaru | Utada",
    "椎名林檎 | Sheena Ringo | Ringo Sheena | Shiina Ringo",
    "浜崎あゆみ | Ayumi Hamasaki",
    "米津玄師 | Kenshi Yonezu",
    "坂本龍一 | Ryuichi Sakamoto",
    "久石譲 | Joe Hisaishi",
    "中島みゆき | Miyuki Nakajima",
    "竹内まりや | Mariya Takeuchi",
    "山下達郎 | Tatsuro Yamashita",
    "松任谷由実 | Yumi Matsutoya",
    "菅野よう子 | Yoko Kanno",
    "きゃりーぱみゅぱみゅ | Kyary Pamyu Pamyu",
    "東京事変 | Tokyo Jihen | Tokyo Incidents",
    "東京スカパラダイスオーケストラ | Tokyo Ska Paradise Orchestra",
    "周杰倫 | 周杰伦 | Jay Chou",
    "鄧麗君 | 邓丽君 | Teresa Teng",
    "王菲 | Faye Wong",
    "張學友 | 张学友 | Jacky Cheung",
    "陳奕迅 | 陈奕迅 | Eason Chan",
    "林俊傑 | 林俊杰 | JJ Lin",
    "蔡依林 | Jolin Tsai",
    "五月天 | Mayday",
    "鄧紫棋 | 邓紫棋 | G.E.M.",
    "방탄소년단 | BTS | Bangtan Boys",
    "소녀시대 | Girls' Generation | SNSD",
    "동방신기 | TVXQ! | TVXQ | Tohoshinki | 東方神起",
    "아이유 | IU",
    "블랙핑크 | BLACKPINK",
    "빅뱅 | BIGBANG",
    "(G)I-DLE | i-dle | (여자)아이들",
    "싸이 | PSY",
    "أم كلثوم | Umm Kulthum | Oum Kalthoum | Om Kalsoum | Oum Kalsoum",
    "فيروز | Fairuz | Fairouz | Fayrouz",
    "عمرو دياب | Amr Diab",
    "شاب خالد | Cheb Khaled | Khaled",
    "עברי לידר | Ivri Lider",
    "שלמה ארצי | Shlomo Artzi",
    "עידן רייכל | Idan Raichel | The Idan Raichel Project",
    "Μίκης Θεοδωράκης | Mikis Theodorakis | Mikis Théodorakis",
    "Γιώργος Νταλάρας | George Dalaras | Giorgos Dalaras | Yorgos Dalaras",
    "Χάρις Αλεξίου | Haris Alexiou | Haroula Alexiou",
];

static BY_NAME: LazyLock<FxHashMap<String, u16>> = LazyLock::new(|| {
    let mut table = FxHashMap::default();
    for (row, names) in (0_u16..).zip(ROWS) {
        for name in names.split('|') {
            table.insert(squash(&without_the(&fold(name))), row);
        }
    }
    table
});

fn without_the(folded: &str) -> String {
    folded.strip_prefix("the ").unwrap_or(folded).to_owned()
}

/// The row a name stands in, given folded, without `the` and without spaces.
pub(crate) fn known_row(squashed: &str) -> Option<u16> {
    BY_NAME.get(squashed).copied()
}

/// The name without what a billing adds to it or leaves out: `DJ`, `MC`, `& His Orchestra`. `None` when nothing is.
pub(crate) fn bare_billing(folded: &str) -> Option<&str> {
    const BEFORE: &[&str] = &["dj ", "mc ", "sir ", "dame ", "dj. "];
    const BEHIND: &[&str] = &[
        " and his orchestra",
        " and her orchestra",
        " and orchestra",
        " and his band",
        " and her band",
        " and his big band",
        " et son orchestre",
        " und sein orchester",
        " y su orquesta",
        " y su conjunto",
        " e seu conjunto",
        " e la sua orchestra",
        " och hans orkester",
        " official",
        " band official",
    ];
    let bare = BEFORE
        .iter()
        .find_map(|start| folded.strip_prefix(start))
        .or_else(|| BEHIND.iter().find_map(|end| folded.strip_suffix(end)))?;
    // `DJ Bo` and `Bo` are too short to be taken for one.
    (bare.chars().count() >= 4).then_some(bare)
}

/// Whether one name is the other's with its ensemble: `Dave Brubeck Quartet` is Dave Brubeck's. Of one player the ensembles may be
/// several, so that this alone proves nothing.
pub(crate) fn is_ensemble_of(folded: &str, player: &str) -> bool {
    const WORDS: &[&str] = &[
        "and",
        "his",
        "her",
        "the",
        "duo",
        "trio",
        "quartet",
        "quartett",
        "quintet",
        "sextet",
        "septet",
        "octet",
        "nonet",
        "orchestra",
        "orchestre",
        "orquesta",
        "orchester",
        "band",
        "big",
        "bigband",
        "combo",
        "ensemble",
        "group",
        "singers",
        "all",
        "stars",
        "allstars",
    ];
    let behind = folded.strip_prefix(player).filter(|_| player.chars().count() >= 4);
    let words = behind.and_then(|behind| behind.strip_prefix(' '));
    words.is_some_and(|words| words.split(' ').all(|word| WORDS.contains(&word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_nobody_twice() {
        let names: usize = ROWS.iter().map(|row| row.split('|').count()).sum();
        let rows_of = |name: &str| known_row(&squash(&without_the(&fold(name))));
        for (row, names) in (0_u16..).zip(ROWS) {
            for name in names.split('|') {
                assert_eq!(rows_of(name), Some(row), "{name} stands in two rows");
            }
        }
        assert!(names > ROWS.len());
    }

    #[test]
    fn billings_are_bared() {
        assert_eq!(bare_billing("dj quillon"), Some("quillon"));
        assert_eq!(bare_billing("oda brenn and his orchestra"), Some("oda brenn"));
        assert_eq!(bare_billing("dj bo"), None);
        assert_eq!(bare_billing("djuna"), None);
    }

    #[test]
    fn ensembles_are_their_players() {
        for ensemble in ["oda brenn quartet", "oda brenn and his orchestra", "oda brenn big band"] {
            assert!(is_ensemble_of(ensemble, "oda brenn"), "{ensemble}");
        }
        for other in
            ["oda brenn", "oda brenn tribute band", "oda brenner trio", "trio oda brenn", "oda brenn junior"]
        {
            assert!(!is_ensemble_of(other, "oda brenn"), "{other}");
        }
    }
}
