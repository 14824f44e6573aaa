//! The `--json` form of a refresh.

use ferrotape_engine::refresh::{AccountNews, InputNews, Refreshed};
use serde_json::{Value, json};

use super::{imported, inbox, scan};
use crate::commands::spotify::Agreement;
use crate::error::CliError;

pub(crate) fn refreshed(refreshed: &Refreshed, agreement: Option<Agreement>, now: i64) -> Value {
    let input = |(path, news): &(std::path::PathBuf, InputNews)| {
        let (word, read, reason) = match news {
            InputNews::Unchanged => ("unchanged", None, None),
            InputNews::Read(read) => ("read", imported(std::slice::from_ref(read)).get(0).cloned(), None),
            InputNews::Gone => ("gone", None, None),
            InputNews::Failed(error) => ("failed", None, Some(error.to_string())),
        };
        json!({ "path": path.to_string_lossy(), "news": word, "import": read, "reason": reason })
    };
    let account = match &refreshed.account {
        AccountNews::NotConnected => json!({ "news": "not_connected" }),
        AccountNews::NotDue(time) => json!({ "news": "not_due", "due": time }),
        AccountNews::Pulled(report) => json!({
            "news": "pulled", "asked": report.asked, "import": imported(std::slice::from_ref(&report.imported)).get(0),
        }),
        AccountNews::Failed(error) => json!({ "news": "failed", "reason": CliError::told(error, now) }),
    };
    let agreement = agreement.map(|agreement| match agreement {
        Agreement::EndsOn(time) => json!({ "ended": false, "ends_at": time }),
        Agreement::Ended => json!({ "ended": true, "ends_at": null }),
    });
    let music = refreshed.music.as_ref().map(|scanned| match scanned {
        Ok(report) => scan(report),
        Err(error) => json!({ "reason": error.to_string() }),
    });
    let gathered = refreshed.gathered.as_ref().map(|gathered| match gathered {
        Ok(gathered) => super::gathered(gathered),
        Err(error) => json!({ "reason": error.to_string() }),
    });
    let looked = refreshed.inbox.as_ref().map(|looked| match looked {
        Ok(report) => inbox(report),
        Err(error) => json!({ "reason": error.to_string() }),
    });
    json!({
        "inputs": refreshed.inputs.iter().map(input).collect::<Vec<_>>(), "account": account, "agreement": agreement,
        "music": music, "inbox": looked, "gathered": gathered,
    })
}
