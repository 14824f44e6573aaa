//! What people call places: by the whole name, `subsonic:home`, or `home` where only one is called so.

use super::settings::{PlaceSettings, Places};

impl Places {
    /// The place that a name means; else why none is meant, and which there are.
    pub fn meant(&self, name: &str) -> Result<&PlaceSettings, String> {
        if let Some(place) = self.all.iter().find(|place| place.full_name() == name) {
            return Ok(place);
        }
        let called: Vec<&PlaceSettings> =
            self.all.iter().filter(|place| place.name.as_deref() == Some(name)).collect();
        let names = |places: &[&PlaceSettings]| {
            places.iter().map(|place| place.full_name()).collect::<Vec<_>>().join(", ")
        };
        match called.as_slice() {
            [only] => Ok(only),
            [] if self.all.is_empty() => Err(format!("no source is called {name}; there is none yet")),
            [] => {
                let all: Vec<&PlaceSettings> = self.all.iter().collect();
                Err(format!("no source is called {name}; there are {}", names(&all)))
            }
            several => Err(format!("several sources are called {name}: {} – say which", names(several))),
        }
    }
}
