//! `ferrotape shop`: what is missing, as a shopping list.

use std::process::ExitCode;

use ferrotape_app::{stores, stores_to_edit};
use ferrotape_engine::shopping::{Shopping, Which, csv, html, shop};
use serde_json::json;

use crate::args::{Args, Shop};
use crate::error::CliError;
use crate::session::Session;
use crate::{json as forms, output, text};

pub(crate) fn run(args: &Args, wanted: &Shop) -> Result<ExitCode, CliError> {
    let session = Session::to_look(args)?;
    if wanted.edit_stores {
        return edit_stores(args, &session);
    }
    let stores = stores(&session.opened.folder)?;
    let network = if wanted.online { Some(session.network()?) } else { None };
    let advisers = match &network {
        Some(network) => network.advisers(&wanted.country),
        None => Ok(Vec::new()),
    };
    let advisers = advisers.map_err(|fault| CliError::fault(&fault, session.now))?;
    let which = if wanted.all { Which::All } else { Which::LastRun };
    let asked = Shopping { which, stores: &stores, advisers: &advisers };
    let list = shop(&asked, &session.context())?.ok_or_else(|| {
        CliError::new("nothing was converted yet, so nothing is known to be missing")
            .hint("run `ferrotape convert` first, or look at everything on your lists with --all")
    })?;
    if let Some(path) = &wanted.html {
        output::write_file(path, &html(&list))?;
    }
    if let Some(path) = &wanted.csv {
        output::write_file(path, &csv(&list))?;
    }
    let stale = network.map(|network| network.stale_used()).unwrap_or_default();
    if args.json {
        output::line(&forms::result("shop", forms::shopping(&list, &stale)));
    } else {
        text::shopping(&list, &stale);
        let written = [&wanted.html, &wanted.csv];
        for path in written.into_iter().flatten() {
            output::line(&output::plain(&format!("Written to {}.", path.display())));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn edit_stores(args: &Args, session: &Session) -> Result<ExitCode, CliError> {
    let (path, is_new) = stores_to_edit(&session.opened.folder)?;
    if args.json {
        output::line(&forms::result("shop", json!({ "stores": path.to_string_lossy(), "is_new": is_new })));
    } else {
        let says = if is_new { "The stores to link to are in" } else { "Your list of stores is in" };
        output::line(&output::plain(&format!("{says} {}; open it in any editor.", path.display())));
    }
    Ok(ExitCode::SUCCESS)
}
