//! Languages that a bracket may name (`Spanish Version`, `versión en español`, `deutsche Version`), folded.

/// A word that names a language, and which.
pub(crate) const LANGUAGES: &[(&str, &str)] = &[
    (
        "english",
        "english, ingles, inglesa, englisch, englische, anglais, anglaise, inglese, engels, engelse, \
        engelsk, engelska, englanniksi, englanninkielinen, angielska, angielski, anglicky, anglicka, \
        angol, английский, английская, английском, англійська, ingilizce, αγγλικα, אנגלית, 英語, 英文, 영어, \
        eng",
    ),
    (
        "spanish",
        "spanish, espanol, espanola, spanisch, spanische, castellano, espagnol, espagnole, spagnolo, \
        spagnola, espanhol, spaans, spaanse, spansk, spanska, hiszpanska, испанский, испанская, \
        ispanyolca, スペイン語, 스페인어, 西班牙语, 西班牙語",
    ),
    (
        "german",
        "german, deutsch, deutsche, aleman, alemana, allemand, allemande, tedesco, tedesca, alemao, \
        duits, duitse, tysk, tyska, saksaksi, niemiecka, nemecky, немецкий, немецкая, almanca, \
        γερμανικα, גרמנית, ドイツ語, 독일어, 德语, 德語",
    ),
    (
        "french",
        "french, francais, francaise, frances, francesa, franzosisch, franzosische, francese, frans, \
        franse, fransk, franska, ranskaksi, francuska, французский, французская, fransizca, γαλλικα, \
        צרפתית, フランス語, 프랑스어, 法语, 法語",
    ),
    (
        "italian",
        "italian, italiano, italiana, italienisch, italienische, italien, italienne, italiaans, \
        italiensk, wloska, итальянский, итальянская, italyanca, イタリア語, 이탈리아어, 意大利语",
    ),
    (
        "portuguese",
        "portuguese, portugues, portuguesa, portugais, portugaise, portugiesisch, portoghese, portugees, \
        portugisiska, португальский, ポルトガル語, brazilian",
    ),
    (
        "japanese",
        "japanese, japones, japonesa, japonais, japonaise, japanisch, japanische, giapponese, japans, \
        японский, японская, japonca, 日本語, 日文, 日语, 일본어, jp, jpn",
    ),
    (
        "korean",
        "korean, coreano, coreana, coreen, koreanisch, корейский, 한국어, 韓国語, 韩语, 韓語, 韓文, kor",
    ),
    (
        "chinese",
        "chinese, mandarin, chino, chinois, chinesisch, cinese, китайский, 中文, 国语, 國語, 中国語, 普通话, 중국어, chn",
    ),
    ("cantonese", "cantonese, cantones, 粵語, 粤语, 廣東話, 广东话"),
    (
        "russian",
        "russian, ruso, rusa, russo, russe, russisch, russische, russisk, ryska, rosyjska, русский, \
        русская, русском, russkaya, rusca, רוסית, ロシア語",
    ),
    ("ukrainian", "ukrainian, ucraniano, ukrainisch, українська, українською, украинский, украинская"),
    ("swedish", "swedish, svenska, svensk, sueco, suedois, schwedisch, schwedische, zweeds, ruotsiksi"),
    ("norwegian", "norwegian, norsk, norske, norvegien, norwegisch"),
    ("danish", "danish, dansk, danske, danisch, danois"),
    (
        "dutch",
        "dutch, nederlandse, nederlands, nederlandstalig, nederlandstalige, hollandisch, niederlandisch, \
        neerlandais, holandes",
    ),
    ("finnish", "finnish, suomenkielinen, suomeksi, suomi, finnisch, finska, finnois"),
    ("polish", "polish, polska, polskie, polnisch, polaco, polonais, польская"),
    ("czech", "czech, cesky, ceska, checo, tschechisch, tcheque"),
    ("slovak", "slovak, slovensky, slovenska"),
    ("hungarian", "hungarian, magyar, magyarul, ungarisch, hongrois"),
    ("turkish", "turkish, turkce, turco, turkisch, turc, турецкая"),
    ("greek", "greek, griego, griechisch, griechische, grec, greca, ελληνικα, ελληνικη, יוונית"),
    ("hebrew", "hebrew, hebreo, hebraisch, hebreu, עברית, בעברית"),
    ("arabic", "arabic, arabe, arabisch, arabische, arabo, العربيه, بالعربي, عربي, ערבית"),
    ("hindi", "hindi, हिन्दी, हिंदी"),
    ("tamil", "tamil"),
    ("telugu", "telugu"),
    ("malayalam", "malayalam"),
    ("kannada", "kannada"),
    ("punjabi", "punjabi"),
    ("indonesian", "indonesian, indonesia"),
    ("thai", "thai, ไทย"),
    ("vietnamese", "vietnamese, viet"),
    ("catalan", "catalan, catala, katalanisch"),
    ("basque", "euskara, euskaraz, basque"),
    ("latin", "latein, latina"),
    ("romanian", "romanian, rumano, romana"),
    ("spanglish", "spanglish"),
];

/// Before the name of a language these say "in".
pub(crate) const IN_A_LANGUAGE: &str = "in, en, auf, em, po, pa, in het, на, op, v, ve, dalam";
