//! The query parameters of the lists.

use std::marker::PhantomData;

use utoipa::IntoParams;

use super::{feed::CursorText, row::Row};
use crate::{
    http::api::{paging::Paging, query::Query, request::Parameters},
    model::{
        date::Date,
        error::AppError,
        mirror::{Cursor, Filter, Kind, Listing, Sort, Span},
        money::Currency,
        timestamp::Timestamp,
    },
};

/// The longest text to search for, in characters.
pub(super) const MAX_SEARCH_LEN: usize = 100;

pub(super) const UPDATED_SINCE: &str = "updated_since";
pub(super) const CURSOR: &str = "cursor";

/// Which part of a list.
pub struct List<T> {
    /// The part.
    pub part: Part,
    row: PhantomData<fn() -> T>,
}

/// A page, or a part of the feed of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A page.
    Page {
        /// Which rows.
        listing: Listing,
        /// Which page.
        paging: Paging,
    },
    /// A part of the feed.
    Changes {
        /// After this place.
        cursor: Cursor,
        /// How many changes.
        limit: u32,
    },
}

impl<T: Row> Parameters for List<T> {
    fn read(_: Option<i64>, query: &mut Query) -> Result<Self, AppError> {
        let part = if query.has(UPDATED_SINCE) || query.has(CURSOR) {
            feed::<T>(query)
        } else {
            page::<T>(query)
        };
        Ok(Self {
            part,
            row: PhantomData,
        })
    }
}

fn feed<T: Row>(query: &mut Query) -> Part {
    let since = query.take(UPDATED_SINCE, time);
    let cursor = query.take(CURSOR, |text| {
        CursorText::parse(text).ok_or("Give the next_cursor of an answer.")
    });
    if since.is_some() && cursor.is_some() {
        query.refuse(CURSOR, "Give either this or updated_since.");
    }
    let limit = Paging::take_per_page(query);
    for name in names::<T>() {
        query.take(&name, |_| {
            Err::<(), _>("Leave this out: a feed has all changes, in their order.")
        });
    }
    // Without either, something was wrong with it, and the query is refused.
    let since = since.map(Cursor::before);
    let start = Cursor::before(Timestamp::from_unix(0));
    Part::Changes {
        cursor: cursor.or(since).unwrap_or(start),
        limit,
    }
}

fn page<T: Row>(query: &mut Query) -> Part {
    let (sort, descending) = query
        .take("sort", |text| sort(T::KIND, text))
        .unwrap_or((T::KIND.sorts()[0], true));
    let filter = Filter {
        statuses: query.take("status", statuses::<T>).unwrap_or_default(),
        currency_code: query.take("currency_code", |code| {
            Currency::from_code(code).ok_or("Give a code of ISO 4217, like USD.")
        }),
        created: span(query, "created", time),
        issued: days::<T>(query, "issued"),
        due: days::<T>(query, "due"),
        expires: days::<T>(query, "expires"),
        search: query.take("search", search),
    };
    let paging = Paging::take(query);
    let listing = Listing {
        filter,
        sort,
        descending,
        limit: paging.limit(),
        offset: paging.offset(),
    };
    Part::Page { listing, paging }
}

/// The spans of days by which a kind of thing can be filtered.
pub(super) const fn spans(kind: Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::Service => &[("due", "Due next")],
        Kind::Domain => &[("due", "Due next"), ("expires", "Expiring")],
        Kind::Invoice => &[("issued", "Issued"), ("due", "Due")],
        Kind::Order => &[],
    }
}

fn days<T: Row>(query: &mut Query, name: &str) -> Span<Date> {
    if spans(T::KIND).iter().any(|(one, _)| *one == name) {
        span(query, name, date)
    } else {
        Span::default()
    }
}

fn span<V>(query: &mut Query, name: &str, read: fn(&str) -> Result<V, &'static str>) -> Span<V> {
    Span {
        from: query.take(&format!("{name}_from"), read),
        to: query.take(&format!("{name}_to"), read),
    }
}

fn time(text: &str) -> Result<Timestamp, &'static str> {
    Timestamp::parse_rfc3339(text).ok_or("Give a time like 2026-01-15T10:30:00Z.")
}

fn date(text: &str) -> Result<Date, &'static str> {
    Date::parse(text).ok_or("Give a date like 2026-01-15.")
}

fn statuses<T: Row>(text: &str) -> Result<Vec<&'static str>, String> {
    let known = |word: &str| T::STATUSES.iter().copied().find(|status| *status == word);
    let words: Option<Vec<_>> = text.split(',').map(known).collect();
    words.ok_or_else(|| {
        format!(
            "Give one or several of {}, with commas between them.",
            T::STATUSES.join(", ")
        )
    })
}

fn sort(kind: Kind, text: &str) -> Result<(Sort, bool), String> {
    let (word, descending) = text
        .strip_prefix('-')
        .map_or((text, false), |word| (word, true));
    let sort = kind.sorts().iter().find(|sort| sort.as_str() == word);
    let sort = sort.ok_or_else(|| format!("Give one of {}.", sorts(kind).join(", ")))?;
    Ok((*sort, descending))
}

pub(super) fn sorts(kind: Kind) -> Vec<String> {
    let words = kind.sorts().iter().map(|sort| sort.as_str());
    words
        .flat_map(|word| [word.to_owned(), format!("-{word}")])
        .collect()
}

fn search(text: &str) -> Result<String, String> {
    let is_allowed = (1..=MAX_SEARCH_LEN).contains(&text.chars().count());
    // PostgreSQL takes no NUL, and none of the others is in a name or number.
    if is_allowed && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "Give 1 to {MAX_SEARCH_LEN} characters, without control characters."
        ))
    }
}

/// The names of the parameters that a feed does not take.
fn names<T: Row>() -> Vec<String> {
    let described = List::<T>::into_params(|| None).into_iter();
    let of_feed = [UPDATED_SINCE, CURSOR, "per_page"];
    let names = described.map(|parameter| parameter.name);
    names
        .filter(|name| !of_feed.contains(&name.as_str()))
        .collect()
}
