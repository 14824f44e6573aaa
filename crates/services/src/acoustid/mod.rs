//! AcoustID: what a sound is called, by its fingerprint.
//!
//! Needs the key of an application that the user registers; it never stands in a key of what is kept, a message or a log. The
//! fingerprint goes in a form, for it is too long for an address.

mod compressed;
mod wire;

use std::fmt;
use std::time::Duration;

use ferrotape_domain::{Cancel, Fault, FaultKind, Heard, SoundName, SoundRegister};
use sha2::{Digest, Sha256};

use crate::Secret;
use crate::answers::{NEVER, SEARCHED, answer, no_answer, own_address};
use crate::net::{Line, Net, Payload, Request, Told, sums};
use compressed::compressed;
use wire::Answer;

/// Its name, and that of its line.
pub const NAME: &str = "acoustid";
/// It takes three questions a second.
const GAP: Duration = Duration::from_millis(340);
/// Answers are much smaller.
const LARGEST: u64 = 2 << 20;
/// Values of a fingerprint that are sent: two minutes have fewer than a thousand.
const MOST_VALUES: usize = 2048;
/// The longest playing time that it takes, in seconds.
const LONGEST: u64 = 32_767;

/// The register. Its `Debug` does not show the key.
#[derive(Clone)]
pub struct AcoustId {
    net: Net,
    key: Secret,
}

impl fmt::Debug for AcoustId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AcoustId").finish_non_exhaustive()
    }
}

impl AcoustId {
    /// Asked through `net` with the key of the user's application; `Err` where that cannot be one.
    pub fn new(net: Net, key: &Secret) -> Result<Self, Fault> {
        let text = key.reveal().trim();
        let is_one = (4..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_one {
            let reason =
                "the key should be letters and digits – copy it again from acoustid.org/my-applications";
            return Err(fault(FaultKind::NeedsUser, reason));
        }
        Ok(Self { net, key: Secret::new(text) })
    }

    fn request(&self, fingerprint: &str, seconds: u64) -> Result<Request, Fault> {
        let address = own_address(NAME, "https://api.acoustid.org/v2/lookup")?;
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let form = vec![
            field("client", self.key.reveal()),
            field("format", "json"),
            field("duration", &seconds.to_string()),
            field("meta", "recordings compress"),
            field("fingerprint", fingerprint),
        ];
        let sum = sums::hex(&Sha256::digest(fingerprint));
        let request = Request::get(&Line::public(NAME, GAP), address)
            .kept_as(format!("acoustid lookup {seconds} {sum}"), SEARCHED)
            .unless_told(wire::told);
        Ok(Request { payload: Payload::Form(form), max_bytes: LARGEST, ..request })
    }
}

fn fault(kind: FaultKind, reason: impl Into<String>) -> Fault {
    Fault { source: NAME.to_owned(), kind, reason: reason.into() }
}

/// The fault of an answer that is none.
fn refused(status: u16, body: &[u8]) -> Fault {
    match wire::told(body) {
        Some(Told::NeedsUser(says)) => fault(FaultKind::NeedsUser, says),
        Some(Told::Hopeless(says)) => fault(FaultKind::Permanent, says),
        Some(Told::Passing(says)) => fault(FaultKind::Temporary { retry_after_seconds: None }, says),
        Some(Told::Busy) => {
            fault(FaultKind::Temporary { retry_after_seconds: None }, "it is asked too often")
        }
        None => fault(FaultKind::Permanent, format!("it does not understand the question (status {status})")),
    }
}

impl SoundRegister for AcoustId {
    fn name(&self) -> &str {
        NAME
    }

    fn names_of(&self, heard: &Heard, cancel: &Cancel) -> Result<Vec<SoundName>, Fault> {
        let seconds = heard.duration.as_secs();
        let values = heard.fingerprint.get(..MOST_VALUES).unwrap_or(&heard.fingerprint);
        if values.is_empty() || !(1..=LONGEST).contains(&seconds) {
            return Ok(Vec::new());
        }
        let request = self.request(&compressed(values), seconds)?;
        let found = |names: &Vec<SoundName>| !names.is_empty();
        self.net.surely(found, |net| {
            let reply = answer(&net, &request, NEVER, cancel)?.ok_or_else(|| no_answer(&request))?;
            if !reply.is_ok() {
                return Err(refused(reply.status, &reply.body));
            }
            let answer: Answer = serde_json::from_slice(&reply.body)
                .map_err(|_| fault(FaultKind::Permanent, "its answer has a form that is not known here"))?;
            Ok(answer.names())
        })
    }
}
