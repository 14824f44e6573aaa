//! Where an answer leads: followed by hand, ten times at most, each place checked anew.

use ferrotape_domain::Cancel;

use super::Transport;
use super::body::{Head, Sink};
use super::guard::{INSIDE, leads_inside};
use super::request::{Payload, Request, Trust};
use super::trouble::{Trouble, TroubleKind};

/// Podcasts' statistics are chains of two to four.
const MOST: usize = 10;

/// Headers that may go along to another server.
const HARMLESS: [&str; 4] = ["accept", "accept-encoding", "range", "if-range"];

/// Follows redirects of what is within.
pub(super) struct Redirects<T>(pub(super) T);

impl<T: Transport> Transport for Redirects<T> {
    fn send(&self, request: &Request, sink: &mut dyn Sink, cancel: &Cancel) -> Result<Head, Trouble> {
        let mut request = request.clone();
        let mut for_good = true;
        for followed in 0..=MOST {
            let head = self.0.send(&request, &mut UnlessItLeads(sink), cancel);
            let head =
                head.map_err(|trouble| if followed == 0 { trouble } else { where_it_leads(trouble) })?;
            let Some(to) = leads_to(&head) else {
                let moved = (followed > 0 && for_good).then_some(request.address);
                return Ok(Head { moved, ..head });
            };
            let to = request
                .address
                .join(to)
                .map_err(|why| Trouble::hopeless(format!("it leads on, but {why}")))?;
            for_good &= matches!(head.status, 301 | 308)
                && to.is_encrypted() >= request.address.is_encrypted()
                && !leads_inside(&to);
            if !to.is_same_server(&request.address) {
                if request.address.is_encrypted() && !to.is_encrypted() && request.has_secrets() {
                    return Err(Trouble::hopeless("it leads from an encrypted address to one that is not"));
                }
                request.line.trust = Trust::Outside;
                request.headers.retain(|(name, _)| HARMLESS.contains(name));
            }
            // 307 and 308 mean "send it again"; a payload is sent to whom it was meant for only.
            if request.payload != Payload::None {
                if matches!(head.status, 307 | 308) {
                    return Err(Trouble::hopeless("it wants what was sent to it to be sent elsewhere"));
                }
                request.payload = Payload::None;
            }
            request.address = to;
        }
        Err(Trouble::hopeless(format!("it leads on and on; it was followed {MOST} times")))
    }
}

impl Request {
    fn has_secrets(&self) -> bool {
        self.headers.iter().any(|(name, _)| !HARMLESS.contains(name) && *name != "user-agent")
    }
}

/// Who leads on is there. One of many servers behind it that is not must not let the whole line rest at once.
fn where_it_leads(trouble: Trouble) -> Trouble {
    if trouble.is_nobody_there() {
        Trouble::passing(format!("where it leads: {}", trouble.says))
    } else if trouble.says == INSIDE || trouble.kind == TroubleKind::Untrusted {
        Trouble::hopeless(format!("where it leads: {}", trouble.says))
    } else {
        trouble
    }
}

fn leads_to(head: &Head) -> Option<&str> {
    matches!(head.status, 301 | 302 | 303 | 307 | 308).then(|| head.header("location")).flatten()
}

/// What a redirect says in its body is for nobody.
struct UnlessItLeads<'a>(&'a mut dyn Sink);

impl Sink for UnlessItLeads<'_> {
    fn begin(&mut self, head: &Head) -> Result<bool, Trouble> {
        if leads_to(head).is_some() { Ok(false) } else { self.0.begin(head) }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.0.take(bytes)
    }
}
