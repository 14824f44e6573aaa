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
        liveopname, uživo, live i, live på, konsert i, livenä, koncert w, na żywo, naživo, élőben, \
        концерт, концерт в, живьём, вживую, наживо, canlı, konseri, ζωντανά, ζωντανή ηχογράφηση, \
        הופעה חיה, בהופעה, حفلة, حفل, ライブ, ライヴ, コンサート, 라이브, 콘서트, 现场, 現場, 演唱会, 演唱會, konser, \
        concert privé, soundcheck, soundchecks, sound check, sound checks, live and loud, live and rare, live and more, \
        live and alone, live and dangerous, live and unreleased, livekonzert, liveaufnahmen, livealbum, \
        live off the floor, live to air, live to tape, studio session, session ep",
    ),
    (
        Kind::Acapella,
        "a cappella, a cappellas, acappella, acappellas, acapella, acapellas, a capella, a capellas, accapella, \
        accapellas, vocals only, а капелла, акапелла, アカペラ, 아카펠라",
    ),
    (
        Kind::Remix,
        "remixes, remixed, remix album, remix ep, the remix, remix collection, reworks, reworked, remezclas, \
        ремиксы, リミックス, 리믹스",
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
        studio outtakes, alternate version, alternate versions, alternate take, alternate takes, alternate mix, \
        alternate mixes, alternative version, alternative versions, alternative take, alternative takes, \
        alternative mix, alternative mixes, home recording, home recordings, \
        alt versions, alt takes, early takes, early versions, rough mixes, rough cuts, work tapes, work tape, worktapes, \
        home demos, versiones alternativas, tomas alternativas, versões alternativas, versioni alternative, \
        versions alternatives, prises alternatives, alternative fassungen, alternativversionen, demoaufnahmen, \
        альтернативные версии, демо, デモ",
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
        アコースティック, piano version, piano versions, guitar versions, stripped version, stripped versions, \
        stripped down version, stripped down versions, stripped sessions, naked session, naked sessions, klavierversionen, \
        versions piano, versiones piano",
    ),
    (
        Kind::ReRecording,
        "re recorded, rerecorded, re recordings, rerecordings, re recording, newly recorded, new recording, \
        new recordings, new version, new versions, neuaufnahmen, neue versionen, regrabaciones, nuevas versiones, \
        novas versões, \
        nuove versioni, nouvelles versions, новые версии",
    ),
    (
        Kind::Named,
        "reimagined, re imagined, reimaginings, reinterpreted, orchestral version, orchestral versions, orchestral album, \
        symphonic version, symphonic versions, string versions, strings versions, string quartet versions, lofi version, \
        lofi versions, big band version, big band versions, christmas versions, disco versions, jazz versions, \
        dance versions, rock versions, country versions, lo fi version, lo fi versions, orchesterversionen, versiones orquestales, versions orchestrales",
    ),
    (
        Kind::Extended,
        "extended mixes, extended versions, club mixes, 12 inch mixes, 12 inch versions, 12 mixes, 12 versions, 12in mixes, \
        maxi versions",
    ),
    (Kind::Edit, "radio edits, single edits, radio versions, single versions"),
    (
        Kind::Speed,
        "nightcore, daycore, sped up, slowed, chopped and screwed, 8d audio, 8d version, 8d versions",
    ),
    (Kind::Clean, "clean version, edited version, amended version"),
    (Kind::Mono, "in mono, mono version, the mono"),
];

/// Words that claim for certain where nothing follows them, or nothing but words of an edition: `Low Water Demo`,
/// `Greatest Hits Live 2010`, `The Live EP`.
pub(crate) const ALBUM_EDGE: &[(Kind, &str)] = &[
    (Kind::Live, "live, bootleg, bootlegs"),
    (
        Kind::Acoustic,
        "acoustic, acústico, acústica, acustico, acustica, acoustique, akustik, akoestisch, akustisk, akustinen",
    ),
    (Kind::Remix, "remix, remixes, remezcla, ремикс"),
    (Kind::Instrumental, "instrumental, instrumentals, instrumentale, instrumentales"),
    (Kind::Demo, "demo, demos, demotape, maqueta, maquetas, maquette, maquettes"),
];

/// The same, but where they end a longer name they may mean something else: `The Köln Concert`, `Tales Without Covers`.
pub(crate) const ALBUM_BEFORE_EDITION: &[(Kind, &str)] = &[
    (Kind::Live, "concert, concerts, konzert, concierto, conciertos, konsert, koncert, gig, gigs"),
    (Kind::Cover, "covers"),
];

/// Words that tell one edition from another, and nothing of what is played; numbers do, too.
pub(crate) const EDITION_WORDS: &str = "the, a, and, of, y, e, et, und, och, ep, lp, cd, cds, dvd, vinyl, album, single, set, box, \
    boxset, vol, vols, volume, volumes, volumen, part, parts, pt, teil, parte, partie, disc, disk, disco, no, ii, iii, iv, v, \
    vi, vii, viii, ix, x, live, concert, concerts, tour, unplugged, acoustic, acústico, demo, demos, anthology, anthologie, \
    antologia, collection, collections, colección, coleção, sammlung, raccolta, compilation, sampler, series, archive, \
    archives, chronicles, selections, highlights, extras, bonus, best, greatest, hits, favorites, favourites, essentials, \
    rarities, rare, unreleased, outtakes, cuts, tracks, songs, tapes, tape, recording, recordings, aufnahmen, session, \
    sessions, version, versions, versiones, versionen, performance, performances, show, shows, take, takes, bootleg, \
    bootlegs, edition, edición, edição, ausgabe, deluxe, special, expanded, limited, complete, official, digital, \
    remaster, remastered, era, years, film, soundtrack, ost, video, audio, experience, solo";

/// Before `live` these make it a verb, beside those of titles: `Long Live`, `Let It Live`.
pub(crate) const BEFORE_VERB_LIVE_IN_ALBUMS: &str =
    "long, it, all, only, still, always, never, should, would, may, might, things, ill, youll, theyll, shall";

/// The same before `live in`, `live on`: `The World We Live In`, `Memories Live on Tape`. Bands are called `The Who` and `Can`.
pub(crate) const BEFORE_VERB_LIVE_IN: &str = "i, you, we, they, to, ill, youll, well, theyll, shall, will, dont, cant, wont, never, memories, legends, dreams, lies";

/// After a word for a concert these say where it was: `Concert in Oslo`, `Gig at the Barn`.
pub(crate) const BEFORE_PLACES: &str = "in, at, from, im, i, w, aus, från, fra";

/// Live albums whose names do not say so. Others may have such a name, too, so it is only perhaps one.
pub(crate) const LIVE_BY_FAME: &str = "babylon by bus, the dance, hell freezes over, frampton comes alive, made in japan, \
    made in europe, stop making sense, the name of this band is talking heads, the last waltz, the song remains the same, \
    get yer ya yas out, waiting for columbus, no sleep til hammersmith, unleashed in the east, seconds out, exit stage left, \
    all the worlds a stage, under a blood red sky, delicate sound of thunder, its too late to stop now, at folsom prison, \
    at san quentin, kick out the jams, how the west was won, europe 72, before the flood, bring on the night, \
    if you want blood youve got it, tokyo tapes, one more from the road";

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
    // Perhaps: collections of a composer are ordered so.
    (Kind::Named, "orchestral"),
    (Kind::Mono, "mono"),
    (Kind::Clean, "clean, edited, amended"),
];

/// What says something where it is all of a piece behind the name (`Low Water (Stripped)`). Where it is all of the name it may
/// be no more than that: there are studio albums called `Stripped` and `Playback`.
pub(crate) const ALBUM_SET_OFF: &[(Kind, &str)] = &[
    (
        Kind::Acoustic,
        "stripped, stripped back, stripped down, acoustic guitar, piano and voice, piano and vocal, piano and vocals",
    ),
    (Kind::Named, "symphonic, lofi, lo fi"),
    (Kind::Karaoke, "playback"),
];

/// What says the same perhaps where it ends a longer piece: `Low Water Symphonic`.
pub(crate) const ALBUM_LAST: &[(Kind, &str)] =
    &[(Kind::Named, "symphonic, orchestral"), (Kind::Acoustic, "stripped")];

/// What says something for certain, but only in brackets (`Low Water (Rough Mix)`): there are studio albums of these names.
pub(crate) const ALBUM_IN_BRACKETS: &[(Kind, &str)] = &[
    (
        Kind::Demo,
        "rough mix, rough cut, the rough mix, the rough cut, working mix, working mixes, working tapes, monitor mix, \
        monitor mixes",
    ),
    (Kind::Acoustic, "piano, solo piano, piano solo"),
    (Kind::Cover, "cover, cover version"),
    (Kind::Medley, "continuous mix, continuous dj mix, nonstop mix, non stop mix, megamix"),
    (Kind::Remix, "dub, in dub, dub version, dub versions, dub mix, dub mixes"),
    (
        Kind::Named,
        "orchestral, orchestra, orchestrated, with orchestra, orquestal, orchestre, orchester, orkester",
    ),
];

/// Words for one version, beside which a language says in what all of it is sung: `German Version`.
pub(crate) const ONE_VERSION: &str = "version, ver, vers, versión, versão, versione, fassung, versie, versjon, versio, wersja, verze, \
    versiyon, версия, версія, 版, バージョン, 버전";

/// Words for a version that make it another recording where they have a year: `2021 Version`.
pub(crate) const VERSIONS_OF_A_YEAR: &str = "version, versions, versión, versiones, versão, versões, versione, versioni, \
    versionen, fassung, versie, versjon, versio, wersja, verze, versiyon, версия, версія";

/// What may stand between a year and `mix`: `2017 Stereo Mix`.
pub(crate) const BETWEEN_MIX_AND_YEAR: &str = "stereo, new, album, surround, atmos";

/// Words after which it is told with whom an album was played.
pub(crate) const WITH: &str = "with, feat, ft, featuring, mit, avec, con, com, med, met";

/// Orchestras that play concert halls: what a band plays with one it plays anew.
pub(crate) const ORCHESTRAS: &str = "philharmonic, philharmonics, philharmonia, philharmonie, philharmoniker, philharmonique, \
    philharmonisches, filharmonien, filharmonikerna, filharmonia, filarmonica, filarmónica, symphony, symphonie, \
    symphoniker, symphonieorchester, sinfonieorchester, symphonique, sinfonica, sinfónica, sinfonietta, \
    symfoniorkester, symfonikerne, symfonieorkest";

/// Words for any orchestra, a dance band's as well.
pub(crate) const SOME_ORCHESTRA: &str = "orchestra, orchestras, orchester, orchestre, orquesta, orquestra, orkester, orkest, orkiestra, orchestr, orkesteri";

/// What may follow the name of an orchestra.
pub(crate) const BESIDE_ORCHESTRAS: &str =
    "orchestra, orchester, orchestre, orquesta, orquestra, orkester, orkest, choir, chorus, strings, and";

/// Words of music that is written for orchestras: who plays it is no version of it.
pub(crate) const WORKS_FOR_ORCHESTRA: &str = "concerto, concertos, concerti, konzert, konzerte, concierto, conciertos, \
    symphonies, sinfonien, sonata, sonatas, suite, suites, requiem, mass, messe, messa, opera, operas, aria, arias, \
    overture, overtures, op, bwv, kv, rhapsody, variations, waltzes, ballet, ballets, oratorio, cantata, cantatas, lieder, \
    violin, cello, chopin, mozart, beethoven, brahms, bach, mahler, tchaikovsky, sibelius, grieg, puccini, verdi, wagner";

/// Words of other meaning that hold one of a version, in scripts without spaces: drive, library, thrive, discover, demon.
pub(crate) const NO_VERSIONS: &[&str] = &[
    "ラブライブ",
    "ドライブ",
    "ドライヴ",
    "ライブラリ",
    "スライブ",
    "アライブ",
    "アライヴ",
    "ディスカバー",
    "リカバー",
    "ディスカヴァー",
    "デモン",
    "デモクラシー",
    "드라이브",
    "라이브러리",
    "디스커버",
    "리커버",
    "데모크라시",
    "Love Live!",
];

/// Places where concerts are given. After `at`, `from` or `in` they say that an album is one, but not surely.
pub(crate) const PLACES: &str = "hall, arena, stadium, theatre, theater, theatro, teatro, ballroom, festival, amphitheatre, \
    amphitheater, auditorium, opera, club, cafe, fillmore, forum, dome, olympia, bataclan, zenith, \
    paradiso, budokan, wembley, montreux, glastonbury, woodstock, coliseum, colosseum, bowl, gardens, \
    pavilion, halle, stadion, konserthus, konzerthaus, philharmonie, arenan, zaal";

/// Places and festivals that only recordings of concerts are called after together with a year: `Montreux 1977`.
pub(crate) const FAMOUS_PLACES: &str = "glastonbury, montreux, montreux jazz festival, royal albert hall, albert hall, olympia, wembley, \
    woodstock, reading, bercy, budokan, fillmore, fillmore east, fillmore west, hollywood bowl, red rocks, roskilde, rock in rio, \
    isle of wight, monterey, newport, knebworth, coachella, lollapalooza, bonnaroo, madison square garden, carnegie hall, \
    hammersmith, hammersmith odeon, bataclan, paradiso, rock am ring, wacken, pinkpop, donington, hyde park, central park, \
    slane castle, brixton academy, shea stadium, radio city music hall, royal festival hall, proms, zénith, casino de paris, sanremo, \
    viña del mar, benicàssim, werchter, north sea jazz, newport jazz festival, download festival";

/// Behind `symphonic` these are works, not a band's songs for an orchestra.
pub(crate) const SYMPHONIC_WORKS: &str = "dance, dances, poem, poems, variations, sketches, suite, suites, fantasy, fantasies, etudes, studies, \
    works, music, pictures, metamorphosis, metamorphoses, overture, overtures, prelude, preludes, rhapsody, metal, rock";

/// Languages whose words here are those of a country or a market.
pub(crate) const NO_LANGUAGES_OF_ALBUMS: &str =
    "indonesia, suomi, viet, jp, jpn, kor, chn, eng, latina, romana, brazilian";

/// Words that only recordings of concerts carry in their names beside a date.
pub(crate) const BOOTLEG: &str = "sbd, soundboard, aud, audience, matrix, fm, bootleg, broadcast, tour, concert, festival, fest, dat, \
    webcast, pre, radio, tv";

/// Folders that hold nothing but such versions of what artist and album below them are called after. `Instrumental` is not
/// among them: much music has no words.
pub(crate) const SHELVES: &[(Kind, &str)] = &[
    (
        Kind::Karaoke,
        "karaoke, karaokes, karaoke songs, karaoke tracks, karaoke versions, karaoke music, karaoke collection, \
        backing tracks, караоке, カラオケ, 노래방",
    ),
    (Kind::Instrumental, "instrumentals, instrumental versions"),
];

/// Words of the name behind a show's that tell of one who sang it on stage, places among them; beside one or another word
/// of the stage `new york` is read as `broadway`, `west end` as `london` anywhere.
pub(crate) const CASTS: &str = "cast, casts, broadway, offbroadway, offoffbroadway";

/// The same of a film, of a series, of a game; `motion picture` is read as `film`.
pub(crate) const FILMS: &str = "film, movie, película, filme, filmen";
pub(crate) const SERIES: &str = "television, tv, series, serie, season, telenovela";
pub(crate) const GAMES: &str = "game, videogame";

/// Words for the music of any of these.
pub(crate) const SOUNDTRACKS: &str =
    "soundtrack, soundtracks, ost, score, filmmusik, banda, bande, colonna, trilha, саундтрек";

/// Words of a production that was not the first.
pub(crate) const LATER_PRODUCTIONS: &str = "new, revival, revised";

/// Words of an edition, beside those that begin with `remaster`: a year beside them is that of the edition.
pub(crate) const OF_AN_EDITION: &str =
    "edition, deluxe, expanded, anniversary, reissue, bonus, special, extended, digital";

/// Words that say nothing of which cast or film it is.
pub(crate) const OF_ANY_PRODUCTION: &str = "the, a, an, of, from, by, and, in, at, to, for, with, original, originals, premiere, world, \
    recording, recordings, album, albums, music, musical, songs, song, highlights, selections, excerpts, complete, full, \
    version, versions, tracks, track, company, production, stage, live, official, first, disc, cd, vol, volume, part, act, \
    theatre, theater, inspired, lyrics, feat, featuring, starring, presents";

/// How that begins where no sign parts it from the show's name.
pub(crate) const PRODUCTIONS_IN_NAMES: &str = "original cast, original broadway, original london, original offbroadway, \
    original film, original soundtrack, original game soundtrack, original series soundtrack, original score, \
    the movie soundtrack, the film soundtrack, movie soundtrack, film soundtrack, soundtrack, ost, broadway cast, london cast, \
    cast recording, music from the film, the original cast, the original broadway, the original film";
