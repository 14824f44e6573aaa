//! Many wanted recordings at once; those of one release are decided together.

use ferrotape_domain::{Cancel, Choice, Progress, Wanted};

use crate::{Index, Policy, Refused, choose};

/// Decides for every wanted recording; `answer[i]` belongs to `wanted[i]`.
pub fn choose_all(
    index: &Index,
    wanted: &[&Wanted],
    refused: &Refused<'_>,
    policy: &Policy,
    _progress: &dyn Progress,
    _cancel: &Cancel,
) -> Vec<Choice> {
    wanted.iter().map(|one| choose(index, one, refused, policy)).collect()
}
