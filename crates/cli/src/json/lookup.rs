//! What services know, for scripts.

use ferrotape_engine::lookup::{LookedUp, ServiceAsked};
use serde_json::{Value, json};

pub(crate) fn looked_up(all: &LookedUp, stale: &[(String, i64, String)]) -> Value {
    let one = |service: &ServiceAsked| {
        let unusable: Vec<Value> =
            service.unusable.iter().map(|(what, why)| json!({ "what": what, "reason": why })).collect();
        json!({
            "name": service.name, "question": service.question.as_str(), "asked": service.asked,
            "found": service.found, "left": service.left, "cannot": service.cannot, "unusable": unusable,
            "fault": service.fault.as_ref().map(|fault| fault.reason.clone()),
        })
    };
    let stale: Vec<Value> = stale
        .iter()
        .map(|(service, at, because)| json!({ "service": service, "at": at, "reason": because }))
        .collect();
    json!({ "services": all.services.iter().map(one).collect::<Vec<_>>(), "stale": stale })
}
