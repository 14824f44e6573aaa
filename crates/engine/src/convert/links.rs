//! The two links that a finished track carries of where its file came from: to the page or file, and to the licence.
//!
//! Only of places that are for everybody; the address of a server of the user's is nobody's business.

use std::collections::{BTreeMap, HashMap};

use ferrotape_domain::{Carried, ContentId, MoreTags, Provenance, Rights};

use crate::{Context, EngineError};

/// The links of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// Where it was had, or the page about it.
    pub(super) file: Option<String>,
    /// Its licence.
    pub(super) licence: Option<String>,
}

impl Links {
    fn of(provenance: &Provenance) -> Self {
        let for_everybody = provenance.rights != Rights::Own;
        let file = provenance.page.clone().or_else(|| provenance.url.clone()).filter(|_| for_everybody);
        let licence = match &provenance.rights {
            Rights::Licence { url, .. } => url.clone(),
            _ => None,
        };
        Self { file, licence }
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds them where the file says nothing of its own.
    pub(super) fn add_to(&self, more: &mut Option<Box<MoreTags>>) {
        let links = [(Carried::AudioPage, &self.file), (Carried::CopyrightPage, &self.licence)];
        for (field, link) in links {
            if let Some(link) = link {
                let texts: &mut BTreeMap<Carried, Vec<String>> = &mut more.get_or_insert_default().texts;
                texts.entry(field).or_insert_with(|| vec![link.clone()]);
            }
        }
    }
}

/// The links of all files that did not come with the user's own folders.
pub(super) struct AllLinks(HashMap<String, Links>);

impl AllLinks {
    pub(super) fn load(context: &Context) -> Result<Self, EngineError> {
        let all = context.library.provenance()?.into_iter();
        let links = all.map(|one| (one.content.0.clone(), Links::of(&one)));
        Ok(Self(links.filter(|(_, links)| !links.is_empty()).collect()))
    }

    /// Those of a file, or of the file that a part is of.
    pub(super) fn of(&self, content: &ContentId) -> Links {
        let whole = content.0.split(':').next().unwrap_or_default();
        self.0.get(whole).cloned().unwrap_or_default()
    }
}
