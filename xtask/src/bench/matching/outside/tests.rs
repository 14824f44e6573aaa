//! The verb on small tables: answers, spoilt cells, any order, any number of threads.

use std::fs;
use std::path::PathBuf;

use super::*;

const WANTED: &[&str] = &[
    "w2,Ember Railway,Oda Brenn,Cinders,180000,,true,1998",
    "w1,Velvet Bridge,Tarvo Lisk;Pim Hasselt,Nine Doors,201000,,,",
    "w3,Nowhere To Be Found,Oda Brenn,Cinders,99000,,,",
    "w4,Copper Window,Oda Brenn,Cinders,not a number,NO-ISRC,perhaps,",
];
const FILES: &[&str] = &[
    "f1,a/Oda Brenn/Cinders/01 Ember Railway.mp3,Ember Railway,Oda Brenn,Cinders,Oda Brenn,1,1,1998,,180400,320,7000000",
    "f2,a/Oda Brenn/Live/01 Ember Railway.mp3,Ember Railway (Live),Oda Brenn,Live,Oda Brenn,1,1,1999,,221000,320,7000000",
    "f3,b/Tarvo Lisk - Velvet Bridge.mp3,,,,,,,,,201300,192,5000000",
    "f4,a/Oda Brenn/Cinders/02 Copper Window.flac,Copper Window,Oda Brenn,Cinders,Oda Brenn,2/9,1,1998,,150000.0,900,x",
];

struct Tables {
    folder: tempfile::TempDir,
}

impl Tables {
    fn of(wanted: &[&str], files: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let table = |name: &str, header: &str, rows: &[&str]| {
            fs::write(folder.path().join(name), format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        };
        table("w.csv", "wid,title,artists,album,duration_ms,isrc,explicit,release_date", wanted);
        let header = "fid,path,title,artist,album,albumartist,track,disc,year,isrc,duration_ms,bitrate,size";
        table("f.csv", header, files);
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Answers and nearest files, as written.
    fn answers(&self, threads: usize) -> (String, String) {
        let paths = Paths {
            wanted: self.path("w.csv"),
            files: self.path("f.csv"),
            answers: self.path("a.csv"),
            review: Some(self.path("r.csv")),
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&paths)).unwrap();
        (fs::read_to_string(self.path("a.csv")).unwrap(), fs::read_to_string(self.path("r.csv")).unwrap())
    }
}

#[test]
fn every_wanted_row_is_answered_in_the_order_of_its_name() {
    let (answers, nearest) = Tables::of(WANTED, FILES).answers(2);
    let rows: Vec<Vec<&str>> = answers.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["wid", "fid", "decision", "score"]);
    let told: Vec<_> = rows[1..].iter().map(|row| (row[0], row[1], row[2])).collect();
    assert_eq!(told[0], ("w1", "f3", "accept"));
    assert_eq!(told[1], ("w2", "f1", "accept"));
    assert_eq!((told[2].0, told[2].2), ("w3", "none"));
    assert_eq!((told[3].0, told[3].1), ("w4", "f4"), "a bad playing time is left out, the row stays");
    for row in &rows[1..] {
        let score: f32 = row[3].parse().unwrap();
        assert!((0.0..=1.0).contains(&score), "{row:?}");
    }
    let second = nearest.lines().filter(|line| line.starts_with("w2,")).collect::<Vec<_>>();
    assert!(second[0].starts_with("w2,1,f1,") && second[1].starts_with("w2,2,f2,"), "{second:?}");
}

#[test]
fn neither_order_nor_threads_show_in_the_answers() {
    let first = Tables::of(WANTED, FILES).answers(1);
    let reversed = |rows: &[&'static str]| rows.iter().rev().copied().collect::<Vec<_>>();
    for threads in 1..=3 {
        assert_eq!(Tables::of(&reversed(WANTED), &reversed(FILES)).answers(threads), first);
    }
}

#[test]
fn unknown_and_missing_columns_are_all_right_and_spoilt_cells_are_named() {
    let tables = Tables::of(&[], &[]);
    fs::write(tables.path("w.csv"), "\u{feff}more,wid,title\nx,w1,Ember\ny,w2\n,,Ember\n").unwrap();
    fs::write(tables.path("f.csv"), b"fid,size,title\nf1,-4,Em\xffber\n").unwrap();
    let (answers, _) = tables.answers(1);
    assert_eq!(answers.lines().count(), 4, "no row is lost: {answers}");
    let spoilt = Table::open(&tables.path("f.csv"), "fid", &[])
        .unwrap()
        .for_each(|row| {
            assert_eq!(row.number::<u64>("size"), None);
            assert_eq!(row.text("title").as_deref(), Some("Em\u{fffd}ber"));
            assert_eq!(row.text("isrc"), None);
        })
        .unwrap()
        .lines("f.csv");
    assert_eq!(spoilt.len(), 2, "{spoilt:?}");
    assert!(spoilt[0].contains("size not understood, left empty: 1 (line 2 “-4”)"), "{spoilt:?}");
}

#[test]
fn a_table_without_its_key_is_refused_by_name() {
    let tables = Tables::of(&[], &[]);
    fs::write(tables.path("w.csv"), "title\nEmber\n").unwrap();
    let said = Table::open(&tables.path("w.csv"), "wid", &[]).err().unwrap().to_string();
    assert!(said.contains("wid") && said.contains("w.csv"), "{said}");
}
