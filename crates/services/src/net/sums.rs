//! Sums over the bytes of a file that was fetched.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ferrotape_domain::Sums;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// SHA-256 of a file; `Err` names the promised sum that the file does not have.
pub(crate) fn check(path: &Path, promised: &Sums) -> io::Result<Result<String, &'static str>> {
    let mut file = File::open(path)?;
    let mut sha256 = Sha256::new();
    let mut md5 = promised.md5.as_ref().map(|_| Md5::new());
    let mut sha1 = promised.sha1.as_ref().map(|_| Sha1::new());
    let mut buffer = vec![0; 256 << 10];
    loop {
        let read = file.read(&mut buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        sha256.update(bytes);
        md5.iter_mut().for_each(|sum| sum.update(bytes));
        sha1.iter_mut().for_each(|sum| sum.update(bytes));
    }
    let sha256 = hex(&sha256.finalize());
    let is = |promised: &Option<String>, found: Option<String>| match (promised, found) {
        (Some(promised), Some(found)) => promised.eq_ignore_ascii_case(&found),
        _ => true,
    };
    Ok(if !is(&promised.md5, md5.map(|sum| hex(&sum.finalize()))) {
        Err("MD5")
    } else if !is(&promised.sha1, sha1.map(|sum| hex(&sum.finalize()))) {
        Err("SHA-1")
    } else if !is(&promised.sha256, Some(sha256.clone())) {
        Err("SHA-256")
    } else {
        Ok(sha256)
    })
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_that_is_not_had_is_named() -> io::Result<()> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), b"abc")?;
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let md5 = Some("900150983CD24FB0D6963F7D28E17F72".to_owned());
        let sha1 = Some("a9993e364706816aba3e25717850c26c9cd0d89d".to_owned());
        let good = Sums { md5: md5.clone(), sha1: sha1.clone(), sha256: Some(sha256.to_owned()) };
        assert_eq!(check(file.path(), &good)?, Ok(sha256.to_owned()));
        assert_eq!(check(file.path(), &Sums::default())?, Ok(sha256.to_owned()));
        let wrong = Some("0".repeat(32));
        assert_eq!(check(file.path(), &Sums { md5: wrong.clone(), ..good.clone() })?, Err("MD5"));
        assert_eq!(check(file.path(), &Sums { sha1: wrong.clone(), ..good.clone() })?, Err("SHA-1"));
        assert_eq!(check(file.path(), &Sums { sha256: wrong, ..good })?, Err("SHA-256"));
        Ok(())
    }
}
