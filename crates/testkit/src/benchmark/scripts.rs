//! Invented names in other scripts, each with the Latin spelling a library would use.

/// A text as written by those who use the script, and in Latin letters.
pub(super) type Both = (&'static str, &'static str);

/// Words of one script; a title is one of `first`, the joint, one of `second`.
pub(super) struct Script {
    pub(super) artists: &'static [Both],
    pub(super) first: &'static [Both],
    pub(super) joint: Both,
    pub(super) second: &'static [Both],
}

pub(super) const CYRILLIC: Script = Script {
    artists: &[
        ("Лира Мостовая", "Lira Mostovaya"),
        ("Оркестр Прибой", "Orkestr Priboy"),
        ("Гена Тумановский", "Gena Tumanovsky"),
        ("Снежный Вокзал", "Snezhny Vokzal"),
    ],
    first: &[
        ("Ночная", "Nochnaya"),
        ("Тихая", "Tikhaya"),
        ("Зимняя", "Zimnyaya"),
        ("Белая", "Belaya"),
        ("Старая", "Staraya"),
        ("Последняя", "Poslednyaya"),
    ],
    joint: (" ", " "),
    second: &[
        ("дорога", "Doroga"),
        ("река", "Reka"),
        ("песня", "Pesnya"),
        ("станция", "Stantsiya"),
        ("звезда", "Zvezda"),
        ("площадь", "Ploshchad"),
    ],
};

pub(super) const GREEK: Script = Script {
    artists: &[
        ("Άρης Καλαμιώτης", "Aris Kalamiotis"),
        ("Νεφέλη Δρακούλη", "Nefeli Drakouli"),
        ("Οι Φάροι", "Oi Faroi"),
        ("Μελίνα Ψαρού", "Melina Psarou"),
    ],
    first: &[
        ("Χρυσή", "Chrysi"),
        ("Μικρή", "Mikri"),
        ("Παλιά", "Palia"),
        ("Μακρινή", "Makrini"),
        ("Σιωπηλή", "Siopili"),
    ],
    joint: (" ", " "),
    second: &[
        ("βροχή", "Vrochi"),
        ("θάλασσα", "Thalassa"),
        ("νύχτα", "Nychta"),
        ("γειτονιά", "Geitonia"),
        ("αυλή", "Avli"),
    ],
};

pub(super) const HEBREW: Script = Script {
    artists: &[
        ("נועם שדמי", "Noam Shadmi"),
        ("להקת הגשר", "Lehakat HaGesher"),
        ("טליה כרמון", "Talya Karmon"),
        ("אורי בן־גל", "Uri Ben-Gal"),
    ],
    first: &[("דרך", "Derech"), ("עיר", "Ir"), ("רוח", "Ruach"), ("אדמה", "Adama"), ("תחנה", "Tachana")],
    joint: (" ", " "),
    second: &[("רחוקה", "Rechoka"), ("לבנה", "Levana"), ("ישנה", "Yeshana"), ("שקטה", "Shketa")],
};

pub(super) const ARABIC: Script = Script {
    artists: &[
        ("سامي الحداد", "Sami Al Haddad"),
        ("فرقة النهر", "Firqat Al Nahr"),
        ("ليلى منصور", "Layla Mansour"),
        ("نادر شاهين", "Nader Shaheen"),
    ],
    first: &[
        ("مدينة", "Madina"),
        ("رحلة", "Rihla"),
        ("غيمة", "Ghayma"),
        ("نجمة", "Najma"),
        ("وردة", "Warda"),
    ],
    joint: (" ", " "),
    second: &[("بعيدة", "Baida"), ("قديمة", "Qadima"), ("بيضاء", "Bayda"), ("صغيرة", "Saghira")],
};

pub(super) const KANA: Script = Script {
    artists: &[
        ("あおば りんご", "Aoba Ringo"),
        ("ミナト ハル", "Minato Haru"),
        ("ほしぞらバンド", "Hoshizora Band"),
        ("カザミドリ", "Kazamidori"),
    ],
    first: &[
        ("さくら", "Sakura"),
        ("ほたる", "Hotaru"),
        ("かもめ", "Kamome"),
        ("ひまわり", "Himawari"),
        ("ゆうやけ", "Yuuyake"),
    ],
    joint: ("の", " no "),
    second: &[("みち", "Michi"), ("うた", "Uta"), ("まど", "Mado"), ("ふね", "Fune")],
};

pub(super) const KANJI: Script = Script {
    artists: &[
        ("佐倉 美月", "Sakura Mizuki"),
        ("青葉楽団", "Aoba Gakudan"),
        ("石森 透", "Ishimori Toru"),
        ("夕凪", "Yunagi"),
    ],
    first: &[("夜", "Yoru"), ("星", "Hoshi"), ("雨", "Ame"), ("海", "Umi"), ("冬", "Fuyu"), ("風", "Kaze")],
    joint: ("の", " no "),
    second: &[("庭", "Niwa"), ("窓", "Mado"), ("駅", "Eki"), ("橋", "Hashi"), ("森", "Mori")],
};

pub(super) const HANGUL: Script = Script {
    artists: &[
        ("김하늘별", "Kim Haneulbyeol"),
        ("은하수 악단", "Eunhasu Akdan"),
        ("서다온", "Seo Daon"),
        ("달빛정거장", "Dalbit Jeonggeojang"),
    ],
    first: &[("푸른", "Pureun"), ("작은", "Jageun"), ("하얀", "Hayan"), ("늦은", "Neujeun"), ("먼", "Meon")],
    joint: (" ", " "),
    second: &[("바다", "Bada"), ("거리", "Geori"), ("창문", "Changmun"), ("노래", "Norae")],
};
