//! The words by which texts say what kind of recording they are, in the languages people's libraries have.
//!
//! Written as people spell them; they are folded when the table is first used. They are looked for as whole words
//! inside a bracket or after a dash, never inside a plain title: `Live Forever` is a title, `Song (Live)` is a claim. A
//! star at the end stands for any ending (`акустическ*`). Album words and languages stand in `album_words` and
//! `languages`.

use crate::versions::table::Kind;

/// Phrases that make a whole bracket or suffix a claim of this kind, wherever in it they stand.
pub(crate) const ANYWHERE: &[(Kind, &str)] = &[
    // English
    (
        Kind::Live,
        "unplugged, in concert, concert, live version, live recording, live session, live sessions, \
        live take, live performance, live video, live acoustic, live edit, live bootleg, recorded live, \
        audience recording, soundboard, fm broadcast, radio broadcast, bbc session, bbc sessions, \
        peel session, peel sessions, live lounge, tiny desk, kexp, daytrotter, audiotree, \
        radio session, studio session, in session, itunes session, spotify session, spotify sessions, \
        concert version, concert recording",
    ),
    // Spanish, Portuguese, Catalan, Italian, French
    (
        Kind::Live,
        "en vivo, en directo, en concierto, directo, ao vivo, en concerto, em concerto, en viu, \
        en directe, dal vivo, in concerto, in diretta, en direct, en concert, en public",
    ),
    // German, Dutch, Swedish, Norwegian, Danish, Finnish
    (
        Kind::Live,
        "konzertmitschnitt, live mitschnitt, livemitschnitt, livemitschnitte, liveversion, liveaufnahme, \
        liveopname, in concerten, live inspelning, konsertversion, konsert, konsertopptak, koncert, \
        konsertissa, livenä, konsertti*",
    ),
    // Polish, Czech, Slovak, Hungarian
    (
        Kind::Live,
        "na żywo, koncertow*, wersja koncertowa, naživo, živě, koncertní, z koncertu, élőben, élő, \
        koncertfelvétel",
    ),
    // Russian, Ukrainian, Bulgarian, Serbian
    (
        Kind::Live,
        "концерт, на концерте, концертн*, живьём, наживо, вживую, живое исполнение, живой звук, на живо, уживо, \
        концертний",
    ),
    // Turkish, Greek, Hebrew, Arabic
    (
        Kind::Live,
        "canlı, canlı performans, konser, konser kaydı, ζωντανά, ζωντανή, ζωντανή ηχογράφηση, λάιβ, \
        הופעה חיה, בהופעה, חי, לייב, מופע חי, حي, مباشر, حفلة, حفل, لايف",
    ),
    // Japanese, Korean, Chinese, Hindi, Indonesian
    (
        Kind::Live,
        "ライブ, ライヴ, 生演奏, コンサート, 라이브, 콘서트, 现场, 現場, 现场版, 現場版, 演唱会, 演唱會, 音樂會, लाइव, konser langsung, \
        secara langsung, versi live",
    ),
    // Thai, Vietnamese
    (Kind::Live, "แสดงสด, คอนเสิร์ต, trực tiếp, thu trực tiếp, nhạc sống"),
    (
        Kind::Remix,
        "remix, remixed, remixes, rmx, rework, reworked, bootleg, mashup, mash up, vip, dub, flip, \
        refix, re edit, reedit, re rub, rerub, remezcla, remescla, remezclado, remixado, remixé, \
        remixée, remiksi, remiks, remixad, ремикс, реміікс, ремікс, ρεμίξ, רמיקס, ريمكس, リミックス, 리믹스, \
        混音, 混音版, रीमिक्स",
    ),
    (
        Kind::Edit,
        "radio edit, single edit, album edit, radio version, radio mix, single version, single mix, \
        short version, short edit, tv size, tv mix, video edit, video version, 7 inch, 7in, 7 version, 7 mix, 7 edit, \
        radioversion, radiofassung, versión radio, version radio, versione radio, versión corta, \
        versão rádio, versão curta, versione breve, version courte, kurzversion, kurzfassung, \
        singleversion, single versjon, radio versjon, lyhyt versio, radioversio, wersja radiowa, \
        rádióváltozat, радио версия, радиоверсия, радіоверсія, radyo versiyonu, ラジオエディット, ショートバージョン, \
        라디오 에디트, 电台版, 電台版",
    ),
    (
        Kind::Extended,
        "extended, 12 inch, 12in, 12 version, 12 mix, long version, full length version, club mix, extended club mix, \
        maxi version, maxi single version, versión larga, versión extendida, versão longa, \
        versão estendida, version longue, versione estesa, versione lunga, langversion, lange version, \
        verlängert, langfassung, lange versie, förlängd, pitkä versio, wersja długa, dlouhá verze, \
        длинная версия, расширенная версия, uzun versiyon, エクステンデッド, ロングバージョン",
    ),
    (
        Kind::Acoustic,
        "acoustic, acoustically, stripped, stripped back, stripped down, piano version, guitar version, \
        strings version, campfire version, piano and vocal, piano acoustic, acústico, acústica, \
        acustico, acustica, acoustique, akustik, akustisch, akustische, akustikversion, akoestisch, \
        akoestische, akustisk, akustinen, akustisesti, akustyczn*, akustick*, akusztikus, акустика, \
        акустическ*, акустичн*, ακουστικ*, אקוסטי, אקוסטית, أكوستيك, アコースティック, アコースティックバージョン, 어쿠스틱, 원음, \
        不插电, 不插電, अकूस्टिक, akustikus, versi akustik, ピアノバージョン, 피아노 버전, 钢琴版, 鋼琴版, versión piano, \
        version piano, klavierversion",
    ),
    (
        Kind::Instrumental,
        "instrumental, instrumentals, instrumentale, strumentale, instrumentalversion, instrumentaal, \
        instrumentaali, instrumentaln*, inst, instr, instru, without vocals, without vocal, no vocals, no vocal, \
        minus vocals, minus vocal, less vocal, less vocals, w o vocals, w o vocal, off vocal, off vocals, \
        sin voz, sem voz, sans voix, ohne gesang, senza voce, zonder zang, hangszeres, \
        инструментал, инструментальн*, інструментал*, минус, минусовка, enstrümantal, sözsüz, \
        ορχηστρικό, אינסטרומנטלי, אינסטרומנטל, موسيقى فقط, インストゥルメンタル, インスト, オフボーカル, 오프보컬, 반주, 인스트루멘탈, \
        伴奏, 纯音乐, 純音樂, 演奏版, इंस्ट्रुमेंटल, instrumen, \
        オフ・ボーカル, オフヴォーカル, オフ・ヴォーカル, ボーカルレス, 연주곡, بدون غناء",
    ),
    (
        Kind::Acapella,
        "a cappella, acappella, acapella, a capella, accapella, vocals only, vocal only, solo voz, \
        а капелла, акапелла, アカペラ, 아카펠라, 清唱, 无伴奏, \
        without music, بدون موسيقى",
    ),
    (
        Kind::Karaoke,
        "karaoke, karaokeversion, カラオケ, караоке, 노래방, 卡拉ok, 卡啦ok, קריוקי, كاريوكي, कराओके, καραόκε, \
        playback, backing track, tv track, base musicale, basi musicali, backing version, \
        in the style of, made famous by, made popular by, \
        originally performed by, as made famous by, as performed by, sing along, singalong, \
        al estilo de, no estilo de, nello stile di, à la manière de, dans le style de, im stil von",
    ),
    (
        Kind::Cover,
        "cover, covers, cover version, coverversion, cover versión, tribute, tribute to, tributo, \
        tributo a, hommage, hommage à, omaggio a, lullaby version, lullaby rendition, 8 bit version, \
        8 bit, chiptune, music box version, music box, versioned by, cover en español, кавер, \
        кавер версия, кавер на, каверсія, διασκευή, קאבר, カバー, カヴァー, 커버, 翻唱, 翻唱版, オルゴール, कवर, cover de, \
        reprise de",
    ),
    (
        Kind::Demo,
        "demo, demos, demoversion, demo version, demo take, demoaufnahme, maqueta, maquette, outtake, \
        out take, rough mix, rough cut, early version, early mix, early take, alternate, \
        alternate take, alternate version, alternative version, alternative take, alternative mix, \
        alt version, alt take, alternativa, toma alternativa, versión alternativa, versão alternativa, \
        versione alternativa, version alternative, prise alternative, alternative fassung, rehearsal, \
        ensayo, répétition, unfinished, unreleased version, work in progress, false start, \
        home recording, 4 track, four track, first take, демо, демоверсия, демо версия, черновик, \
        демозапис, סקיצה, デモ, デモテープ, 데모, 小样, 小樣, demo verze, wersja demo, demó, डेमो",
    ),
    (
        Kind::ReRecording,
        "re recorded, rerecorded, re recording, rerecording, re record, new recording, new version, \
        neuaufnahme, neu eingespielt, neue version, neu aufgenommen, regrabado, regrabación, regrabada, \
        nueva versión, nueva grabación, regravado, regravação, nova versão, réenregistré, \
        réenregistrée, réenregistrement, nouvelle version, nuova versione, nuova registrazione, \
        nieuwe versie, nyinspelning, ny version, nyinnspilling, uusi versio, nowa wersja, nová verze, \
        új változat, новая версия, перезапись, нова версія, yeni versiyon, νέα εκτέλεση, גרסה חדשה, \
        anniversary version, anniversary recording, 新録, 再録音, 再録, 新录, 新錄, 重新录制, 재녹음, 리메이크",
    ),
    (
        Kind::Speed,
        "sped up, speed up, speed upped, spedup, sped, speeded up, slowed, slowed down, slowed n, \
        slow version, reverb, nightcore, daycore, 8d, 8d audio, chopped and screwed, chopped, screwed, \
        432hz, 432 hz, 528hz, 528 hz, bass boosted, acelerado, acelerada, ralentizado, accéléré, \
        ralenti, beschleunigt, verlangsamt, accelerato, rallentato, przyspieszone, spowolnione, \
        ускоренн*, замедленн*, hızlandırılmış, yavaşlatılmış, 배속, 加速版, 减速版, 高速版",
    ),
    (
        Kind::Clean,
        "clean, clean version, censored, bleeped, radio clean, amended, edited, edited version, amended version, \
        amended album version, edited album version, censurado, censurada, censuré, zensiert, \
        censurato, версия без мата, цензурная версия",
    ),
    (
        Kind::Explicit,
        "explicit, explicit version, dirty, uncensored, uncut, parental advisory, sin censura, \
        explícito, explícita, unzensiert",
    ),
    (Kind::Mono, "mono, monaural, моно, モノラル"),
    (Kind::Stereo, "stereo, estéreo, stéréo, стерео, ステレオ"),
    (
        Kind::Remaster,
        "remaster, remastered, remasters, remastering, remaster*, remasteriz*, remasterd, rimasterizz*, \
        remasterisé, digitally remastered, geremasterd, remasterad, remastret, remasteroitu, \
        zremasterowan*, ремастер*, ремастеринг, リマスター, リマスタリング, 리마스터, 重制版, 重製版",
    ),
    (Kind::Reprise, "reprise, riprise, リプライズ"),
    (
        Kind::Medley,
        "medley, megamix, continuous mix, mixed, nonstop mix, non stop mix, popurrí, pot pourri, \
        potpourri, попурри, メドレー, 메들리, 串烧, dj mix",
    ),
    (
        Kind::Named,
        "interlude, interludio, zwischenspiel, intro, outro, skit, commentary, track by track, \
        interview, spoken word, voice memo, voice memos, reimagined, re imagined, orchestral, \
        orchestral version, symphonic, symphonic version, orchesterversion, versión orquestal, string quartet, \
        quartet version, choir version, duet version, dance version, rock version, bossa nova version, \
        bossa version, オーケストラ, интро, аутро, インタールード",
    ),
];

/// What claims something only where it is all of a bracket: somebody cut it, played along or mixed it in a fashion, and a
/// longer one with such a word is a subtitle (`It's a Trap`, `Strings of Life`).
pub(crate) const ALL_OF_A_BRACKET: &[(Kind, &str)] = &[
    (
        Kind::Karaoke,
        "guitar backing, guitar backing track, bass backing track, drum backing track, play along, \
        playalong, performance track, accompaniment, accompaniment track, minus one, drumless, drumless track, \
        no drums, no guitar, no guitars, no bass, no piano, without drums, without guitar, without guitars, \
        without bass, without piano, mr, 엠알, guide vocal, guide vocals, guide melody, backing vocal, backing vocals, \
        with backing vocals, with backing vocal, without backing vocals",
    ),
    (Kind::Instrumental, "beat, beat only, beats only"),
    (Kind::Acapella, "isolated vocals, isolated vocal, acapella vocals, vocal stem"),
    (
        Kind::Speed,
        "bassboosted, bass boost, reversed, pitched, pitched up, pitched down, pitch shifted, chipmunk, \
        chipmunks, chipmunk version, earrape, ear rape, half speed, double speed, loop, 1 hour, \
        10 hours, 1 hour loop, 10 hour loop, one hour",
    ),
    (
        Kind::Named,
        "multitrack, multitracks, multi track, stems, stem, isolated, isolated drums, isolated bass, isolated guitar, \
        isolated guitars, lo fi, lofi, phonk, hardstyle, hardtekk, trap, jersey club, bachata, salsa, cumbia, merengue, \
        reggaeton, amapiano, afrobeat, afro house, techno, dubstep, drum and bass, dnb, synthwave, \
        vaporwave, parody, reaction, preview, snippet, teaser, excerpt, ringtone, duet, duet version, solo, solo version, ai, \
        suno, udio, ai version, ai generated, with orchestra, with strings, with choir, with piano, fan made, fanmade, leak, leaked, \
        vocal up, vocals up, vocal down, vocals down",
    ),
    (Kind::Cover, "ai cover"),
    (Kind::Acoustic, "piano, solo piano, piano solo, ukulele, strings, string version, guitar, solo guitar"),
    (Kind::Live, "soundcheck, sound check"),
];

/// Words of brackets that say nothing of a version: where a file comes from, how good it is, where it stands on its album.
pub(crate) const BESIDE_TITLES: &str = "official, video, audio, clip, mv, m, v, pv, music, hd, hq, uhd, high, best, good, quality, \
    lyrics, lyric, letra, text, song, full, new, youtube, vevo, spotify, deezer, tidal, itunes, apple, amazon, bandcamp, soundcloud, \
    cd, cdq, lp, ep, vinyl, rip, ripped, web, free, download, out, now, premiere, upscaled, visual, visualizer, visualiser, \
    single, main, album, theme, title, track, tracks, opening, ending, ost, soundtrack, score, original, originals, bonus, hidden, \
    deluxe, edition, version, explicit, e, dolby, atmos, spatial, surround, binaural, us, usa, uk, eu, japan, international, the, from, \
    and, a, of, by, hit, top, classic, audiofile, restored";

/// Words that claim a live recording only where they begin or end the bracket or suffix (`live at`, `mtv live`).
pub(crate) const LIVE_AT_EDGE: &str = "live, livs, directo, vivo, концерт, лайв, canli";

/// Where something was played for others to hear, behind `at`, beside famous places: `(at the BBC)`.
pub(crate) const PLAYED_AT: &str = "bbc, abbey road, maida vale";

/// Before a closing `live` these make it the verb: `(the way I live)`.
pub(crate) const BEFORE_VERB_LIVE: &str = "to, i, you, we, they, can, cant, will, wont, let, dont, could, who, must, cannot, people, where, \
    how, why, gotta, wanna";

/// After an opening `live` these make it the verb or adjective: `(live for you)`, `(live and let die)`.
pub(crate) const AFTER_VERB_LIVE: &str = "for, and, your, my, like, it, forever, fast, to, a, is, with, without, wire, young, love, life, \
    free, again, oak, more, through";

/// Words that say "version" and carry no meaning of their own.
pub(crate) const VERSION_NOUNS: &str = "version, versions, ver, versione, versao, wersja, fassung, mix, edit, take, session, sessions, \
    edition, cut, recording, rendition, arrangement, vers, versie, versio, versjon, verze, verzia, \
    valtozat, версия, версія, versiyon, versiyonu, versi, εκτελεση, εκδοχη, גרסה, גרסת, نسخه, 버전, 版, \
    バージョン, संस्करण";

/// A bracket or suffix that is exactly this says nothing about the recording.
pub(crate) const PLAIN: &str = "original mix, original version, original, original recording, album version, album mix, \
    original album version, album version original, version album, version original, version originale, \
    versione originale, versao original, originalversion, originalfassung, albumversion, lp version, \
    lp mix, main version, main mix, studio version, studio, studio recording, version estudio, \
    version studio, studioversion, official, official audio, official video, official music video, \
    official lyric video, official version, lyric video, lyrics, lyrics video, letra, video oficial, \
    audio oficial, clip officiel, offizielles video, audio, video, music video, videoclip, hq, hd, 4k, \
    hi res, bonus track, bonus tracks, bonus, bonustrack, hidden track, japan bonus track, \
    japanese bonus track, itunes bonus track, deluxe bonus track, exclusive bonus track, flac, mp3, \
    320, 320kbps, 320 kbps, 256kbps, 192kbps, 128kbps, 256k, 320k, 192k, 128k, v0, cbr, vbr, 24bit, \
    16bit, full song, full version, full, album, single, new, ost, with lyrics, visualizer, \
    official visualizer, deluxe, deluxe edition, deluxe version, expanded edition, digital, digitally, \
    originals, soundtrack version, оригинал, официальное видео, текст, オリジナル, フル, 完整版, 原版, 오리지널";

/// Words of a bracket or suffix that say of themselves that it is a label of a picture, a file or a site.
pub(crate) const LABELS: &str = "video, videoclip, audio, mv, pv, m v, lyric, lyrics, letra, lyricvideo, musicvideo, visualizer, \
    visualiser, quality, youtube, vevo, kbps, kbit, mp3, flac";

/// Such words that say how good picture and sound are: no title ends in one.
pub(crate) const QUALITIES: &str = "hd, hq, uhd, fhd, 4k, 8k";

/// Words that may stand beside these and say no more.
pub(crate) const WORDS_OF_LABELS: &str =
    "official, oficial, officiel, music, full, high, best, clip, with, w, upscaled, new, m, v, s";

/// Endings of the addresses of sites where files are from.
pub(crate) const SITE_ENDINGS: &str = "com, net, org, ru, su, pm, cc, info, biz, ua, by, kz";

/// First words after which a bracket names guests.
pub(crate) const GUEST_WORDS: &str = "feat, ft, featuring, with, duet, avec, con, mit, com, w, featured, starring, guest, invitado, \
    с участием, при участии, совместно с, за участі, вместе с, razem z, spolu s, con la participación de, \
    en duo avec, em parceria com";

/// First words of a bracket that names who made it, not who sings.
pub(crate) const MAKERS: &str = "prod, produced, produzido, producido, produit";

/// How a bracket begins that tells from which film, show or game a title is.
pub(crate) const FROM_FILM: &str = "from, music from, theme from, song from, as heard in, as featured in, featured in, taken from, \
    original motion picture soundtrack, original soundtrack, motion picture soundtrack, original cast recording, \
    original broadway cast recording, original film soundtrack, official soundtrack, original game soundtrack, \
    original television soundtrack, original series soundtrack, soundtrack from, aus dem film, aus der serie, aus, \
    de la película, de la serie, de la telenovela, banda sonora original, banda sonora de, du film, extrait du film, \
    tiré du film, bande originale du film, dal film, dalla serie, colonna sonora, do filme, da novela, da série, \
    trilha sonora, uit de film, från filmen, fra filmen, elokuvasta, z filmu, z serialu, a film, из фильма, из к ф, \
    из кинофильма, из мультфильма, из т ф, з фільму, саундтрек, από την ταινία, מתוך, מתוך הסרט, من فيلم, 映画, 劇中歌, \
    主題歌, アニメ, 电影, 電影, 電視劇, 电视剧, 영화, 드라마";

/// Words that make such a beginning sure where the film's name is not in quotes.
pub(crate) const FILM_NOUNS: &str = "soundtrack, motion, picture, film, movie, musical, series, serie, show, game, anime, television, tv, \
    ost, cast, season, episode, netflix, disney, disneys, broadway, película, telenovela, filme, novela, série, \
    colonna, trilha, banda, bande, filmen, filmu, serialu, elokuvasta, фильма, ф, кинофильма, мультфильма, фільму, \
    саундтрек, ταινία, הסרט, فيلم, 映画, 主題歌, 劇中歌, アニメ, 电影, 電影, 电视剧, 電視劇, 영화, 드라마";

/// Titles that tell no track of an artist from another: every album has one.
pub(crate) const COMMON_NAMES: &str = "intro, introduction, outro, interlude, skit, prelude, overture, prologue, epilogue, finale, \
    opening, opening title, opening titles, opening credits, main title, main titles, main theme, end title, end titles, \
    end credits, credits, closing credits, theme, love theme, title theme, untitled, hidden track, bonus track, reprise, \
    entracte, intermezzo, segue, intermission";
