//! Lookups that many requests make at the same time, and what each database needs for them.

use std::{fmt, sync::Arc};

use super::{
    batches::Batches,
    db::Lists,
    rows::OverviewRow,
    sqlite::reader::Reader,
    verify::{FoundSessionRow, ValidToken, sqlite::FileCache},
};

pub enum Lookups {
    Sqlite {
        verifier: Reader<FileCache>,
        lists: Lists,
    },
    Postgres {
        tokens: Batches<Arc<ValidToken>>,
        sessions: Batches<FoundSessionRow>,
        overviews: Batches<OverviewRow>,
    },
}

impl fmt::Debug for Lookups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookups").finish_non_exhaustive()
    }
}
