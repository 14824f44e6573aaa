//! Whether two titles are of one work and movement: what both say must agree, and enough must be said by both.

use super::{AlbumWorks, Work};
use crate::classical::piece::PieceFit;
use crate::classical::reader::same_catalogue_number;

/// How two works compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WorkFit {
    /// The same movement of the same work.
    Same,
    /// The same movement; the work of one side is only named by its album.
    ByAlbum,
    /// The same work; whether it is the same piece of it, the titles leave open.
    Piece,
    /// Another work or movement.
    Other,
    /// Too little is said.
    Unclear,
}

impl Work {
    /// Compares what is wanted with what a file's title says; each side's album may name the work.
    pub(crate) fn compare(&self, other: &Self, album: &AlbumWorks, other_album: &AlbumWorks) -> WorkFit {
        if self.contradicts(other) || self.has_movement() != other.has_movement() {
            return WorkFit::Other;
        }
        if self.epithet != other.epithet && self.form.is_some() && other.form.is_some() {
            return WorkFit::Unclear;
        }
        let same_movement = match (self.movement, other.movement) {
            (Some(a), Some(b)) => a == b,
            _ => self.tempi == other.tempi,
        };
        if !same_movement {
            // `1. Satz` and `Allegro` may or may not be one.
            return WorkFit::Unclear;
        }
        let piece = self.compare_pieces(other);
        if piece == PieceFit::Other {
            return WorkFit::Other;
        }
        if self.shares_identity(other) {
            return if piece == PieceFit::Same { WorkFit::Same } else { WorkFit::Piece };
        }
        let by_album = self.is_movement_only() && album.may_hold(other)
            || other.is_movement_only() && other_album.may_hold(self);
        let movement_told = self.movement.is_some() && other.movement.is_some() && !self.tempi.is_empty();
        if by_album && movement_told { WorkFit::ByAlbum } else { WorkFit::Unclear }
    }

    /// Whether titles whose movements agree, or name none, are of one piece.
    fn compare_pieces(&self, other: &Self) -> PieceFit {
        let (ours, theirs) = (&self.piece, &other.piece);
        let are_two = match (self.movement, other.movement) {
            (Some(_), Some(_)) => ours.are_two_of_a_movement(theirs),
            _ if self.has_movement() => ours.are_two_of_a_tempo(theirs),
            _ => return ours.compare(theirs),
        };
        if are_two { PieceFit::Doubt } else { PieceFit::Same }
    }

    fn contradicts(&self, other: &Self) -> bool {
        fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.zip(b).is_some_and(|(a, b)| a != b)
        }
        let catalogue = self.catalogue.iter().any(|(scheme, number)| {
            let theirs = other.catalogue.iter().find(|(known, _)| known == scheme);
            theirs.is_some_and(|(_, theirs)| !same_catalogue_number(number, theirs))
        });
        let instruments = !self.instruments.is_empty()
            && !other.instruments.is_empty()
            && !self.instruments.iter().any(|one| other.instruments.contains(one));
        let keys = self
            .key
            .zip(other.key)
            .is_some_and(|(a, b)| a.semitone != b.semitone || differ(a.major, b.major));
        catalogue
            || instruments
            || keys
            || differ(self.composer, other.composer)
            || differ(self.form, other.form)
            || differ(self.number, other.number)
            || differ(self.movement, other.movement)
            || differ(self.tempi.first(), other.tempi.first())
            || self.section != other.section && self.has_movement() && other.has_movement()
    }

    /// Whether both say enough of one work: its catalogue number, or its form with its number or key.
    fn shares_identity(&self, other: &Self) -> bool {
        let catalogue = self.catalogue.iter().any(|one| other.catalogue.contains(one));
        let form = self.form.is_some() && self.form == other.form;
        let number = self.number.is_some() && self.number == other.number;
        let key = self.key.is_some() && self.key == other.key;
        catalogue || form && number
            // A composer wrote several sonatas in C: the key alone needs the instrument too.
            || form && key && !self.instruments.is_empty() && self.instruments == other.instruments
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::normalise::fold;

    fn fit(a: &str, b: &str) -> WorkFit {
        on(a, "", b, "")
    }

    fn on(a: &str, album: &str, b: &str, other: &str) -> WorkFit {
        let (Some(one), Some(two)) = (Work::of(a), Work::of(b)) else { return WorkFit::Unclear };
        let (album, other) = (AlbumWorks::of(&fold(album)), AlbumWorks::of(&fold(other)));
        let forth = one.compare(&two, &album, &other);
        assert_eq!(forth, two.compare(&one, &other, &album), "{a} / {b}: not the same both ways");
        forth
    }

    const FIFTH: &str = "Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio";

    #[test]
    fn one_movement_printed_in_many_ways() {
        for other in [
            "Sinfonie Nr. 5 c-Moll op. 67 – 1. Satz",
            "Symphonie n° 5 en ut mineur, op. 67 : I. Allegro con brio",
            "Sinfonia n. 5 in do minore, op.67: I. Allegro con brio",
            "Beethoven: Symphony #5 In C Minor, Op. 67 - 1. Allegro Con Brio",
            "Symphony No.5, Op.67: I. Allegro con brio",
            "Symphony 5 - I Allegro con brio",
            "Симфония № 5, соч. 67: I. Allegro con brio",
        ] {
            assert_eq!(
                fit(FIFTH, other),
                WorkFit::Same,
                "{other}: {:?} {:?}",
                Work::of(FIFTH),
                Work::of(other)
            );
        }
        for (a, b) in [
            (
                "Piano Sonata No. 14 in C-Sharp Minor, Op. 27 No. 2 \"Moonlight\": I. Adagio sostenuto",
                "Klaviersonate Nr. 14 cis-Moll op. 27/2: 1. Adagio sostenuto",
            ),
            ("Cello Suite No. 1 in G Major, BWV 1007: I. Prélude", "Suite Nr. 1 G-Dur BWV1007 - I. Prélude"),
            ("Symphony No. 40 in G Minor, K. 550: III. Menuetto", "Sinfonie Nr. 40 g-moll KV 550: 3. Satz"),
            ("Nocturne No. 2 in E-Flat Major, Op. 9 No. 2", "Nocturne Es-Dur op. 9 Nr. 2"),
            ("Keyboard Sonata in D Minor, K. 141", "Sonata in re minore, Kk. 141"),
            (
                "String Quartet in C Major, Hob. III:77: II. Poco adagio",
                "Streichquartett C-Dur Hob. III:77: 2. Satz",
            ),
        ] {
            assert_eq!(fit(a, b), WorkFit::Same, "{a} / {b}: {:?} {:?}", Work::of(a), Work::of(b));
        }
    }

    #[test]
    fn another_number_key_or_movement_is_another_title() {
        for other in [
            "Symphony No. 7 in A Major, Op. 92: I. Poco sostenuto - Vivace",
            "Symphony No. 5 in C Minor, Op. 67: II. Andante con moto",
            "Sinfonie Nr. 5 c-Moll op. 67 – 2. Satz",
            "Symphony No. 5 in C-Sharp Minor: I. Allegro con brio",
            "Symphony No. 5 in B-Flat Major, D. 485: I. Allegro",
            "Symphony No. 5 in C Minor, Op. 67",
            "Symphony No. 6, Op. 67: I. Allegro con brio",
            "Piano Sonata No. 5 in C Minor, Op. 10 No. 1: I. Allegro con brio",
            "Symphony No. 5, Op. 68: I. Allegro con brio",
            "Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio, Allegro II",
            "Crooked Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio",
        ] {
            assert_ne!(fit(FIFTH, other), WorkFit::Same, "{other}");
        }
        assert_eq!(
            fit("Nocturne in E-Flat Major, Op. 9 No. 2", "Nocturne in B-Flat Minor, Op. 9 No. 1"),
            WorkFit::Other
        );
        assert_eq!(
            fit("Quartet No. 9, K. 169: 1. Molto allegro", "Quartet No. 9, K. 169: 4. Rondeaux (Allegro)"),
            WorkFit::Other
        );
        assert_eq!(
            fit("Suite No. 1, BWV 1007: V. Menuetto", "Suite No. 1, BWV 1007: V. Menuetto II"),
            WorkFit::Other
        );
        assert_eq!(fit("Sonata H-Moll, S. 178", "Sonata in B Minor, S. 178"), WorkFit::Same);
        assert_eq!(fit("Sonata B-Dur, D 960", "Sonata in B Major, D 960"), WorkFit::Other);
        assert_eq!(fit("Beethoven: Symphony No. 5", "Mahler: Symphony No. 5"), WorkFit::Other);
    }

    #[test]
    fn another_piece_of_one_work_is_another_title() {
        for (a, b, found) in [
            (
                "Requiem in D Minor, K. 626: Dies irae",
                "Requiem in D Minor, K. 626: Lacrimosa",
                WorkFit::Other,
            ),
            (
                "Requiem in D Minor, K. 626: III. Sequentia: Dies irae",
                "Requiem in D Minor, K. 626: III. Sequentia: Lacrimosa",
                WorkFit::Piece,
            ),
            ("Requiem in D Minor, K. 626", "Requiem d-Moll KV 626: Lacrimosa", WorkFit::Piece),
            ("Requiem in D Minor, K. 626: Lacrimosa", "Requiem KV 626: Lacrimosa", WorkFit::Same),
            (
                "Mass in C Minor, K. 427: Kyrie (Adagio)",
                "Mass in C Minor, K. 427: Sanctus (Adagio)",
                WorkFit::Piece,
            ),
        ] {
            assert_eq!(fit(a, b), found, "{a} / {b}: {:?} {:?}", Work::of(a), Work::of(b));
        }
    }

    #[test]
    fn an_album_may_name_the_work() {
        let movement = "I. Allegro con brio";
        assert_eq!(on(FIFTH, "", movement, "Beethoven: Symphonies 5 & 7"), WorkFit::ByAlbum);
        assert_eq!(on(FIFTH, "", movement, "Beethoven: Symphonies 2 & 7"), WorkFit::Unclear);
        assert_eq!(on(FIFTH, "", "II. Andante con moto", "Beethoven: Symphonies 5 & 7"), WorkFit::Other);
    }
}
