//! From a recording's or release's links to those of shops, by the kind of the link.

use ferrotape_domain::{ShopLink, ShopLinkKind};

use super::NAME;
use super::wire::{Entity, Relation};
use crate::answers::{shop_of, web_page};

/// “download for free”, of recordings and of releases.
const FREE: [&str; 2] = ["45d0cbc5-d65b-4e77-bdfd-8a75207cb5c5", "9896ecd0-6d29-482d-a21e-bd5d1b5e3425"];
/// “purchase for download”, of recordings and of releases.
const PRODUCT: [&str; 2] = ["92777657-504c-4acb-bd33-51a201bd57e1", "98e08c20-8402-4163-8970-53504bb6a1e4"];
/// Of one thing; nobody looks through more.
const MOST: usize = 12;

pub(super) fn links(entity: &Entity) -> Vec<ShopLink> {
    let mut links: Vec<ShopLink> = Vec::new();
    for link in entity.relations.0.iter().filter_map(link) {
        if links.len() < MOST && !links.iter().any(|known| known.url == link.url) {
            links.push(link);
        }
    }
    links
}

fn link(relation: &Relation) -> Option<ShopLink> {
    let is = |ids: [&str; 2]| ids.into_iter().any(|id| relation.type_id.has(id));
    let what = match () {
        () if relation.ended.is_true() => return None,
        () if is(FREE) => ShopLinkKind::Free,
        () if is(PRODUCT) => ShopLinkKind::Product,
        () => return None,
    };
    let url = web_page(relation.url.as_ref()?.resource.first()?)?;
    Some(ShopLink { shop: shop_of(&url)?, url, what, price: None, origin: NAME.to_owned() })
}
