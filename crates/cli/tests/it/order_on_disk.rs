//! A player that plays its folders as they list their files: their order on a real exFAT, read from its bytes. Needs root, a
//! loop device, and the packages exfatprogs and exfat-fuse; without them nothing is judged, and that is said.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ferrotape_testkit::{MadeTrack, Track, make_music};

use crate::home::Home;

/// A stick, and where it is mounted while it is plugged in.
pub(crate) struct Stick {
    image: PathBuf,
    point: PathBuf,
    device: Option<String>,
}

impl Stick {
    /// Of 16 MB; a cluster has 4 kB, or what the words for `mkfs.exfat` say.
    pub(crate) fn new(home: &Home, words_more: &[&str]) -> Option<Self> {
        let (image, point) = (home.path("stick.img"), home.path("stick"));
        File::create(&image).unwrap().set_len(16 * 1024 * 1024).unwrap();
        fs::create_dir(&point).unwrap();
        said("mkfs.exfat", &[words_more, &[words(&image)]].concat())?;
        Some(Self { image, point, device: None })
    }

    pub(crate) fn plug_in(&mut self) -> Option<()> {
        let device = said("losetup", &["-f", "--show", words(&self.image)])?;
        self.device = Some(device.clone());
        said("mount.exfat-fuse", &[device.as_str(), words(&self.point)]).map(drop)
    }

    fn pull_out(&mut self) {
        let Some(device) = self.device.take() else { return };
        said("umount", &[words(&self.point)]);
        said("losetup", &["-d", device.as_str()]);
    }

    /// The tracks of all its folders as these list them; what is deleted is not in use.
    fn listed(&self) -> Vec<String> {
        let bytes = fs::read(&self.image).unwrap();
        let entries: Vec<&[u8]> = bytes.chunks_exact(32).collect();
        let file_at = |at: usize| {
            let (file, stream) = (entries[at], entries.get(at + 1)?);
            let more = usize::from(file[1]);
            if file[0] != 0x85 || stream[0] != 0xC0 || !(2..=18).contains(&more) {
                return None;
            }
            let letters = entries.get(at + 2..=at + more)?.iter().flat_map(|name| name[2..].chunks_exact(2));
            let letters = letters.map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            String::from_utf16(&letters.take(usize::from(stream[3])).collect::<Vec<u16>>()).ok()
        };
        let names = (0..entries.len()).filter_map(file_at);
        names.filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "mp3")).collect()
    }

    /// What it lists once the driver has ended, which may be after it is unmounted.
    fn lists(&self, wanted: &[&str]) {
        let until = Instant::now() + Duration::from_secs(10);
        while self.listed() != wanted && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(self.listed(), wanted);
    }
}

impl Drop for Stick {
    fn drop(&mut self) {
        self.pull_out();
    }
}

fn words(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What a program said, if it is there and all went well.
fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[test]
fn a_folder_lists_its_tracks_in_order_after_a_removal_and_an_addition() {
    let home = Home::new();
    let Some(mut stick) = Stick::new(&home, &[]) else {
        eprintln!("mkfs.exfat (of exfatprogs) is not there: not judged");
        return;
    };
    if stick.plug_in().is_none() {
        eprintln!("no loop device or no exfat-fuse, or not root: not judged");
        return;
    }
    stick.pull_out();
    let made: Vec<MadeTrack> = ["Ash", "Birch", "Elm", "Fir", "Oak"]
        .iter()
        .zip(1..)
        .map(|(title, number)| MadeTrack::new("Ada Fjell", "Low Water", number, title).seconds(1.3))
        .collect();
    make_music(&home.path("music"), &made).unwrap();
    // The place that the first track leaves free is the next one's.
    let runs: [(&[usize], &[&str]); 3] = [
        (&[0, 1, 3, 4], &["01 - Ash.mp3", "02 - Birch.mp3", "04 - Fir.mp3", "05 - Oak.mp3"]),
        (&[1, 3, 4], &["02 - Birch.mp3", "04 - Fir.mp3", "05 - Oak.mp3"]),
        (&[1, 2, 3, 4], &["02 - Birch.mp3", "03 - Elm.mp3", "04 - Fir.mp3", "05 - Oak.mp3"]),
    ];
    for (wanted, listed) in runs {
        let wishes: Vec<Track> = wanted
            .iter()
            .map(|at| Track::new(&made[*at].artist, &made[*at].album, &made[*at].title))
            .collect();
        home.csv("Walk.csv", &wishes);
        stick.plug_in().unwrap();
        let said = home.well("convert Walk.csv --from music --to ./stick --profile car --yes").out;
        // The driver itself lists what is new the other way round until the stick is plugged in again.
        assert!(!said.contains("could not be put in the order"), "{said}");
        stick.pull_out();
        stick.lists(listed);
    }
}
