//! Which tokens were shown in this browser and not copied. It is kept between visits: the server cannot know it, and a token
//! that nobody has is one to revoke.

use leptos::prelude::*;

use crate::model::token::TokenId;

/// The key in the browser's storage. The value has the numbers of the tokens and no secret.
const KEY: &str = "uncopied";

/// The tokens that were not copied.
#[derive(Clone, Copy)]
pub struct Kept(RwSignal<Vec<TokenId>>);

impl Kept {
    /// None, until the page is hydrated.
    pub fn new() -> Self {
        let kept = Self(RwSignal::new(Vec::new()));
        Effect::new(move |_| kept.0.set(read()));
        kept
    }

    /// Whether this browser has shown the token, and it was not copied there.
    pub fn is_uncopied(self, id: TokenId) -> bool {
        self.0.with(|ids| ids.contains(&id))
    }

    /// The token is shown now, or it was copied.
    pub fn note(self, id: TokenId, is_copied: bool) {
        // Another tab may have written since.
        let mut ids = read();
        ids.retain(|other| *other != id);
        if !is_copied {
            ids.push(id);
        }
        let text: Vec<_> = ids.iter().map(ToString::to_string).collect();
        // It fails if the browser's storage is full or forbidden. Then the mark is gone with the page.
        if let Some(storage) = storage() {
            let _ = storage.set_item(KEY, &text.join(" "));
        }
        self.0.set(ids);
    }
}

fn read() -> Vec<TokenId> {
    let text = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    let ids = text.as_deref().unwrap_or_default().split(' ');
    ids.filter_map(|id| id.parse().ok()).map(TokenId).collect()
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
