//! Which versions may stand in on which list, as text.

use ferrotape_engine::policies::{PolicyOfList, says};

use crate::output::{counted, line, plain};

pub(crate) fn policies(lists: &[PolicyOfList]) {
    if lists.is_empty() {
        line("There are no lists yet; `ferrotape import` or `convert` brings them.");
        return;
    }
    for list in lists {
        let by_default = if list.said { "" } else { " (as by default)" };
        line(&format!("{}: {}{by_default}", plain(&list.name), says(list.allowed)));
        if let Some(newest) = list.newest {
            let episodes = counted(u64::from(newest), "episode", "episodes");
            line(&format!("  of each podcast the newest {episodes} that you have not heard"));
        }
        if list.held_back > 0 {
            line(&format!(
                "  for {} of its {} something stricter holds, for they are on stricter lists, too",
                list.held_back,
                counted(list.things, "item", "items"),
            ));
        }
    }
}
