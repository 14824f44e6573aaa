//! Composers whose names stand where an artist's may: told from performers, and known by their many spellings.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::texts::normalise::fold;

/// Surnames in their spellings, then the given names, of one composer per row. Of two with one surname the first is meant
/// where the surname stands alone.
const ROWS: &[(&str, &str)] = &[
    ("Bach", "Johann Sebastian"),
    ("Bach", "Carl Philipp Emanuel"),
    ("Bach", "Johann Christian"),
    ("Beethoven, Бетховен, ベートーヴェン, 贝多芬", "Ludwig van Людвиг ван"),
    ("Mozart, Моцарт, モーツァルト, 莫扎特", "Wolfgang Amadeus Amadé Вольфганг Амадей"),
    ("Haydn, Гайдн", "Joseph Franz Josef"),
    ("Haydn", "Michael"),
    ("Händel, Handel, Haendel, Гендель", "Georg George Friedrich Frideric Frederick"),
    ("Vivaldi, Вивальди, ヴィヴァルディ", "Antonio Антонио"),
    ("Schubert, Шуберт", "Franz Peter"),
    ("Schumann, Шуман", "Robert"),
    ("Schumann", "Clara"),
    ("Brahms, Брамс", "Johannes"),
    ("Chopin, Szopen, Шопен, ショパン, 肖邦", "Frédéric François Fryderyk Frederic"),
    ("Liszt, Лист", "Franz Ferenc"),
    ("Mendelssohn, Mendelssohn-Bartholdy, Bartholdy, Мендельсон", "Felix Mendelssohn Bartholdy"),
    ("Wagner, Вагнер", "Richard"),
    ("Verdi, Верди", "Giuseppe"),
    ("Puccini", "Giacomo"),
    ("Rossini", "Gioachino Gioacchino Antonio"),
    (
        "Tchaikovsky, Tschaikowsky, Tschaikowski, Tchaikovski, Chaikovsky, Tjajkovskij, Čajkovskij, Ciaikovskij, Чайковский, チャイコフスキー",
        "Pyotr Peter Piotr Pjotr Petr Ilyich Iljitsch Ilich Illich Il'yich Tch Пётр Ильич",
    ),
    (
        "Rachmaninoff, Rachmaninov, Rachmaninow, Rakhmaninov, Rahmaninov, Рахманинов",
        "Sergei Sergey Serge Sergej Сергей",
    ),
    ("Prokofiev, Prokofieff, Prokofjew, Prokofjev, Прокофьев", "Sergei Sergey Serge Sergej Сергей"),
    (
        "Shostakovich, Schostakowitsch, Chostakovitch, Sjostakovitj, Szostakowicz, Šostakovič, Шостакович",
        "Dmitri Dmitry Dimitri Dmitrij Дмитрий",
    ),
    ("Mussorgsky, Moussorgsky, Mussorgski, Musorgsky, Мусоргский", "Modest Модест"),
    (
        "Rimsky-Korsakov, Rimski-Korsakow, Rimsky-Korsakoff, Римский-Корсаков",
        "Nikolai Nikolay Rimsky Rimski Римский",
    ),
    ("Stravinsky, Strawinsky, Stravinski, Strawinski, Стравинский", "Igor Игорь"),
    ("Scriabin, Skrjabin, Skryabin, Scriabine, Скрябин", "Alexander Aleksandr Alexandre Александр"),
    ("Borodin, Borodine, Бородин", "Alexander Aleksandr"),
    ("Glinka, Глинка", "Mikhail Michail"),
    ("Khachaturian, Chatschaturjan, Khatchaturian, Хачатурян", "Aram Арам"),
    ("Dvořák, Дворжак", "Antonín Anton"),
    ("Smetana, Сметана", "Bedřich"),
    ("Janáček", "Leoš"),
    ("Bartók", "Béla"),
    ("Kodály", "Zoltán"),
    ("Mahler, Малер, マーラー", "Gustav"),
    ("Bruckner, Брукнер", "Anton"),
    ("Strauss, Strauß, Штраус", "Richard"),
    ("Strauss, Strauß", "Johann Jr Sohn II"),
    ("Debussy, Дебюсси, ドビュッシー", "Claude Achille"),
    ("Ravel, Равель, ラヴェル", "Maurice"),
    ("Satie", "Erik Eric"),
    ("Saint-Saëns, Saens", "Camille Saint"),
    ("Fauré", "Gabriel"),
    ("Bizet", "Georges"),
    ("Berlioz", "Hector"),
    ("Franck", "César"),
    ("Gounod", "Charles"),
    ("Poulenc", "Francis"),
    ("Couperin", "François"),
    ("Rameau", "Jean Philippe"),
    ("Lully", "Jean Baptiste"),
    ("Scarlatti", "Domenico"),
    ("Corelli", "Arcangelo"),
    ("Albinoni", "Tomaso"),
    ("Monteverdi", "Claudio"),
    ("Paganini", "Niccolò Nicolo"),
    ("Boccherini", "Luigi"),
    ("Telemann", "Georg Philipp"),
    ("Pachelbel", "Johann"),
    ("Buxtehude", "Dieterich Dietrich"),
    ("Purcell", "Henry"),
    ("Elgar", "Edward Sir"),
    ("Holst", "Gustav"),
    ("Britten", "Benjamin"),
    ("Vaughan Williams", "Ralph Vaughan"),
    ("Grieg, Григ", "Edvard Edward"),
    ("Sibelius", "Jean"),
    ("Nielsen", "Carl"),
    ("Gershwin", "George"),
    ("Copland", "Aaron"),
    ("Barber", "Samuel"),
    ("Weber", "Carl Maria von"),
    ("Bruch", "Max"),
    ("Hummel", "Johann Nepomuk"),
    ("Czerny", "Carl"),
    ("Clementi", "Muzio"),
    ("Albéniz", "Isaac"),
    ("Granados", "Enrique"),
    ("Falla", "Manuel de"),
    ("Rodrigo", "Joaquín"),
    ("Villa-Lobos, Lobos", "Heitor Villa"),
    ("Gluck", "Christoph Willibald"),
    ("Schönberg, Schoenberg", "Arnold"),
    ("Hindemith", "Paul"),
    ("Orff", "Carl"),
    ("Messiaen", "Olivier"),
    ("Pärt", "Arvo"),
    ("Glass", "Philip"),
];

struct Row {
    surnames: Vec<String>,
    given: Vec<String>,
}

static COMPOSERS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let words = |text: &str| fold(text).split(' ').map(str::to_owned).collect::<Vec<_>>();
    ROWS.iter()
        .map(|(surnames, given)| Row {
            surnames: surnames.split(',').map(fold).collect(),
            given: words(given),
        })
        .collect()
});

/// Rows by the last word of a surname.
static BY_SURNAME: LazyLock<FxHashMap<&'static str, Vec<u16>>> = LazyLock::new(|| {
    let mut table: FxHashMap<&str, Vec<u16>> = FxHashMap::default();
    for (number, row) in (0_u16..).zip(COMPOSERS.iter()) {
        for last in row.surnames.iter().filter_map(|surname| surname.rsplit(' ').next()) {
            table.entry(last).or_default().push(number);
        }
    }
    table
});

/// The composer a folded name is, in any order and with any of the given names or their initials.
pub(crate) fn composer(folded: &str) -> Option<u16> {
    let words: Vec<&str> = folded.split(' ').collect();
    if words.len() > 6 {
        return None;
    }
    let rows = words.iter().filter_map(|word| BY_SURNAME.get(word)).flatten();
    rows.copied().find(|number| COMPOSERS.get(usize::from(*number)).is_some_and(|row| row.is_named(&words)))
}

impl Row {
    fn is_named(&self, words: &[&str]) -> bool {
        let of_surname =
            |word: &str| self.surnames.iter().any(|name| name.split(' ').any(|part| part == word));
        let initial = |c: char| self.given.iter().any(|given| given.starts_with(c));
        words.iter().all(|word| {
            of_surname(word)
                || self.given.iter().any(|given| given == word)
                || word.len() <= 3 && word.chars().all(initial)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composers_are_known_by_many_spellings() {
        let of = |name: &str| composer(&fold(name));
        for name in [
            "Ludwig van Beethoven",
            "Beethoven",
            "L. van Beethoven",
            "Beethoven, Ludwig van",
            "L.v. Beethoven",
        ] {
            assert!(of(name).is_some() && of(name) == of("beethoven"), "{name}");
        }
        assert_eq!(of("Pjotr Iljitsch Tschaikowski"), of("Чайковский"));
        assert_eq!(of("J.S. Bach"), of("Johann Sebastian Bach"));
        assert_ne!(of("C.P.E. Bach"), of("J.S. Bach"));
        assert_ne!(of("Johann Strauss"), of("Richard Strauss"));
        for other in [
            "Beethoven Quartet",
            "Sebastian Bach Band",
            "Mahler Chamber Orchestra",
            "Glass Animals",
            "Max Weber",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
