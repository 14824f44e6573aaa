//! The words by which an album's or a folder's name speaks for all its tracks. Folded when first used.

use crate::versions::table::Kind;

/// Phrases that make all of an album's recordings claims of this kind, wherever in its name they stand.
pub(crate) const ALBUM_ANYWHERE: &[(Kind, &str)] = &[
    (
        Kind::Live,
        "unplugged, in concert, concert at, live at, live in, live from, live on, live with, \
        live concert, live album, live tour, alive at, alive in, recorded live, live recording, \
        live recordings, live session, live sessions, live version, live versions, live bootleg, \
        live broadcast, live radio, live lounge, live performance, live performances, live tracks, \
        live cuts, official bootleg, bootleg series live, bbc session, bbc sessions, peel session, \
        peel sessions, john peel, at the bbc, bbc live, bbc radio, maida vale, kexp, tiny desk, \
        daytrotter, audiotree, radio session, radio sessions, itunes session, itunes sessions, \
        itunes festival, itunes live, apple music live, spotify session, spotify sessions, \
        sofar sounds, rockpalast, austin city limits, mtv live, soundboard, fm broadcast, \
        radio broadcast, audience recording, from the basement, king biscuit flower hour, live phish, \
        dicks picks, concert recording, en vivo, en directo, en concierto, \
        concierto en, en concert, en public, en direct, ao vivo, em concerto, dal vivo, in concerto, \
        in diretta, en viu, live mitschnitt, konzertmitschnitt, live aus, live im, das konzert, \
        konzert in, liveopname, live i, live på, konsert i, livenä, koncert w, na żywo, naživo, élőben, \
        концерт, концерт в, живьём, вживую, наживо, canlı, konseri, ζωντανά, ζωντανή ηχογράφηση, \
        הופעה חיה, בהופעה, حفلة, حفل, ライブ, ライヴ, コンサート, 라이브, 콘서트, 现场, 現場, 演唱会, 演唱會, konser",
    ),
    (
        Kind::Remix,
        "remixes, remixed, remix album, remix ep, the remix, remix collection, remezclas, ремиксы, \
        リミックス, 리믹스",
    ),
    (
        Kind::Karaoke,
        "karaoke, in the style of, made famous by, караоке, カラオケ, 노래방, backing tracks, sing along",
    ),
    (
        Kind::Cover,
        "tribute to, a tribute, the tribute, tribute album, tributo a, hommage a, omaggio a, \
        lullaby renditions, lullaby versions, string quartet tribute, piano tribute, under the covers, \
        the covers, cover versions, covers album, cover album, covers ep, 8 bit, music box versions, \
        rockabye baby, каверы, カバー, 커버",
    ),
    (
        Kind::Demo,
        "demos, outtakes, demo tapes, demo tape, rarities and demos, the demo, maquetas, rehearsals, \
        studio outtakes, демо, デモ",
    ),
    (
        Kind::Instrumental,
        "instrumentals, instrumental version, instrumental versions, instrumental album, \
        versiones instrumentales, instrumentalversionen, インストゥルメンタル",
    ),
    (
        Kind::Acoustic,
        "acoustic sessions, acoustic session, acoustic version, acoustic versions, acoustic album, \
        acoustic ep, acoustic edition, the acoustic, en acústico, acústico, akustisch, акустика, \
        アコースティック",
    ),
    (
        Kind::ReRecording,
        "re recorded, rerecorded, re recordings, newly recorded, neuaufnahmen, regrabaciones",
    ),
    (Kind::Speed, "nightcore, sped up, slowed, chopped and screwed"),
    (Kind::Clean, "clean version, edited version, amended version"),
    (Kind::Mono, "in mono, mono version, the mono"),
];

/// Albums that are one of these words, or begin or end with it set off by a sign, are of this kind.
pub(crate) const ALBUM_ALONE: &[(Kind, &str)] = &[
    (
        Kind::Live,
        "live, alive, unplugged, in person, on stage, onstage, bootleg, sessions, en vivo, konzert, \
        concert, concierto, concerto, sbd, aud, fm, tour",
    ),
    (Kind::Cover, "covers, tribute"),
    (Kind::Acoustic, "acoustic"),
    (Kind::Remix, "remixes, remix"),
    (Kind::Instrumental, "instrumental, instrumentals"),
    (Kind::Demo, "demos, demo"),
    (Kind::Mono, "mono"),
    (Kind::Clean, "clean, edited, amended"),
];

/// Places where concerts are given. After `at`, `from` or `in` they say that an album is one, but not surely.
pub(crate) const PLACES: &str = "hall, arena, stadium, theatre, theater, theatro, teatro, ballroom, festival, amphitheatre, \
    amphitheater, auditorium, opera, club, cafe, fillmore, forum, dome, olympia, bataclan, zenith, \
    paradiso, budokan, wembley, montreux, glastonbury, woodstock, coliseum, colosseum, bowl, gardens, \
    pavilion, halle, stadion, konserthus, konzerthaus, philharmonie, arenan, zaal";

/// Words that only recordings of concerts carry in their names beside a date.
pub(crate) const BOOTLEG: &str = "sbd, soundboard, aud, audience, matrix, fm, bootleg, broadcast, tour, concert, festival, fest, dat, \
    webcast, pre, radio, tv";
