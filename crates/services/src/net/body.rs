//! Where the body of an answer goes while it comes.

use super::address::Address;
use super::request::Stale;
use super::trouble::Trouble;

/// The beginning of an answer.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) status: u16,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    /// Set by the layer that keeps answers.
    pub(super) stale: Option<Stale>,
    /// Where it is from now on; set by the layer that follows redirects.
    pub(super) moved: Option<Address>,
    /// As [`super::Reply::asked_again`]; set by the layer that keeps answers.
    pub(super) asked_again: Option<i64>,
}

impl Head {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The media type without parameters, in lower case.
    pub(super) fn media_type(&self) -> String {
        let whole = self.header("content-type").unwrap_or_default();
        whole.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

/// Takes a body.
pub(super) trait Sink {
    /// An answer begins; what an earlier one brought is void. `false`: its body is of no interest.
    fn begin(&mut self, head: &Head) -> Result<bool, Trouble>;

    /// The next bytes of it.
    fn take(&mut self, bytes: &[u8]) -> Result<(), Trouble>;
}

/// Keeps all of it in memory.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) bytes: Vec<u8>,
    pub(super) most: u64,
}

impl Whole {
    pub(super) fn new(most: u64) -> Self {
        Self { bytes: Vec::new(), most }
    }
}

impl Sink for Whole {
    fn begin(&mut self, _head: &Head) -> Result<bool, Trouble> {
        self.bytes.clear();
        Ok(true)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        if (self.bytes.len() + bytes.len()) as u64 > self.most {
            let most = self.most >> 10;
            return Err(Trouble::hopeless(format!(
                "its answer has more than {most} KiB, which none should have"
            )));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}
