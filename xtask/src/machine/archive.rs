//! The guest's first files, in the form that the kernel unpacks at its start: `cpio`'s “newc”. Several may follow each other.

/// What lies in an archive, in the order it is unpacked.
#[derive(Debug, Default)]
pub(super) struct Archive(Vec<u8>);

const FOLDER: u32 = 0o040_755;
const PROGRAM: u32 = 0o100_755;

impl Archive {
    /// Adds a folder and those that it lies in.
    pub(super) fn folder(&mut self, path: &str) {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for end in ends {
            self.entry(path.get(..end).unwrap_or(path), FOLDER, &[]);
        }
    }

    /// Adds a file that may be run, and its folder.
    pub(super) fn file(&mut self, path: &str, bytes: &[u8]) {
        if let Some((folder, _)) = path.rsplit_once('/') {
            self.folder(folder);
        }
        self.entry(path, PROGRAM, bytes);
    }

    /// The whole archive.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.entry("TRAILER!!!", 0, &[]);
        self.0
    }

    fn entry(&mut self, path: &str, mode: u32, bytes: &[u8]) {
        let links = if mode == FOLDER { 2 } else { 1 };
        // Number, mode, owner, group, links, time, size, four parts of devices, length of the name, sum.
        let fields = [0, mode, 0, 0, links, 0, bytes.len() as u32, 0, 0, 0, 0, path.len() as u32 + 1, 0]
            .map(|field| format!("{field:08x}"));
        self.0.extend(b"070701");
        self.0.extend(fields.concat().bytes());
        self.0.extend(path.bytes());
        self.0.push(0);
        self.pad();
        self.0.extend(bytes);
        self.pad();
    }

    fn pad(&mut self) {
        self.0.resize(self.0.len().next_multiple_of(4), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_begins_at_a_multiple_of_four() {
        let mut archive = Archive::default();
        archive.file("a/b/job", b"echo");
        let bytes = archive.finish();
        let starts: Vec<usize> = (0..bytes.len())
            .filter(|at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(b"070701")))
            .collect();
        assert_eq!(starts.len(), 4);
        assert!(starts.iter().all(|at| at % 4 == 0) && bytes.len() % 4 == 0);
        // The name lies behind a head of 110 bytes.
        assert!(bytes.get(starts[2]..).unwrap()[110..].starts_with(b"a/b/job\0"));
        assert_eq!(&bytes[starts[2] + 54..starts[2] + 62], b"00000004");
    }
}
