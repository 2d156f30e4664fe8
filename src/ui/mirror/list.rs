//! A page that lists things of one kind.

use leptos::prelude::*;

use super::{
    choice::{Choice, ROWS},
    parts::Badge,
    words,
};
use crate::{
    model::{
        date::Date,
        field,
        mirror::{Kind, Mirrored, Sort, StatusCount},
        number::grouped,
    },
    ui::{components::slip::Slip, frame::Frame, layout::Page, pager::NumberedPager},
};

/// A column of a list.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its heading.
    pub title: &'static str,
    /// What its heading sorts by, if it can.
    pub sort: Option<Sort>,
    /// Whether its cells are amounts or counts, which are aligned at their ends.
    pub is_number: bool,
}

impl Column {
    /// A column of texts or dates.
    pub const fn new(title: &'static str, sort: Option<Sort>) -> Self {
        Self {
            title,
            sort,
            is_number: false,
        }
    }

    /// A column of amounts or counts.
    pub const fn number(title: &'static str, sort: Option<Sort>) -> Self {
        Self {
            title,
            sort,
            is_number: true,
        }
    }
}

/// A row of a list.
pub struct Row {
    /// What names the thing, with a link to its page.
    pub name: AnyView,
    /// The other cells, in the order of the columns.
    pub cells: Vec<AnyView>,
}

/// A kind of thing that has a list.
pub trait Listed: Mirrored {
    /// The columns, that of the name first.
    const COLUMNS: &'static [Column];
    /// Why there may be none.
    const EMPTY: &'static str;

    /// Its row.
    fn row(self, today: Date) -> Row;
}

/// A part of a list.
pub struct List<T> {
    /// What was chosen.
    pub choice: Choice,
    /// The things on this page.
    pub things: Vec<T>,
    /// How many there are on all pages.
    pub total: u64,
    /// How many there are of each status, with the same search.
    pub counts: Vec<StatusCount>,
    /// Today's date.
    pub today: Date,
}

/// The page of a list.
pub fn list_page<T: Listed>(frame: Frame, list: List<T>) -> AnyView {
    let today = list.today;
    let rows = list.things.into_iter().map(|thing| thing.row(today));
    let rows = rows.collect();
    let (choice, total, counts) = (list.choice, list.total, list.counts);
    view! { <ListPage frame columns=T::COLUMNS empty=T::EMPTY choice rows total counts /> }
        .into_any()
}

#[component]
fn ListPage(
    frame: Frame,
    columns: &'static [Column],
    empty: &'static str,
    choice: Choice,
    rows: Vec<Row>,
    total: u64,
    counts: Vec<StatusCount>,
) -> AnyView {
    let title = words::title(choice.kind.plural());
    let here = match choice.kind {
        Kind::Service => "/services",
        Kind::Domain => "/domains",
        Kind::Invoice => "/invoices",
        Kind::Order => "/orders",
    };
    let all: u64 = counts.iter().map(|of| of.count).sum();
    let has_none = all == 0 && choice.search.is_empty() && choice.status.is_none();
    let content = if has_none {
        let strong = format!("You have no {} yet.", choice.kind.plural());
        view! {
            <div class="empty">
                <Slip />
                <p>
                    <strong>{strong}</strong>
                </p>
                <p class="quiet">{empty}</p>
            </div>
        }
        .into_any()
    } else {
        view! {
            <div class="listing-tools">
                <Tabs choice=choice.clone() counts all />
                <Search choice=choice.clone() />
            </div>
            {if rows.is_empty() {
                view! { <NothingFound choice total /> }.into_any()
            } else {
                view! { <Table columns choice rows total /> }.into_any()
            }}
        }
        .into_any()
    };
    view! {
        <Page frame title=title.clone() here>
            <h1>{title}</h1>
            <div class="card">{content}</div>
        </Page>
    }
    .into_any()
}

/// A link for each status that something has, and for all of them.
#[component]
fn Tabs(choice: Choice, counts: Vec<StatusCount>, all: u64) -> AnyView {
    let count_of = |status: &str| {
        let of_status = counts.iter().find(|of| of.status == status);
        of_status.map_or(0, |of| of.count)
    };
    let tab = |status: Option<&'static str>, count: u64| {
        let title = status.map_or_else(|| "All".to_owned(), words::title);
        let is_current = (choice.status == status).then_some("page");
        view! {
            <li>
                <a href=choice.with_status(status).url() aria-current=is_current>
                    {title}
                    " "
                    <span class="count">{grouped(count)}</span>
                </a>
            </li>
        }
    };
    let statuses = words::statuses(choice.kind).into_iter();
    let shown = statuses.filter(|status| count_of(status) > 0 || choice.status == Some(status));
    let shown: Vec<_> = shown
        .map(|status| tab(Some(status), count_of(status)))
        .collect();
    view! {
        <nav class="status-tabs" aria-label="Status">
            <ul>
                {tab(None, all)}
                {shown}
            </ul>
        </nav>
    }
    .into_any()
}

#[component]
fn Search(choice: Choice) -> AnyView {
    let what = match choice.kind {
        Kind::Service => "Search by name, domain or product",
        Kind::Domain => "Search by domain name",
        Kind::Invoice | Kind::Order => "Search by number",
    };
    view! {
        <form method="get" action=format!("/{}", choice.kind.plural()) class="search" role="search">
            {choice
                .status
                .map(|status| view! { <input type="hidden" name=field::STATUS value=status /> })}
            {choice
                .sort_parameter()
                .map(|sort| view! { <input type="hidden" name=field::SORT value=sort /> })}
            <label for=field::SEARCH>{what}</label>
            <div class="search-row">
                <input
                    type="search"
                    id=field::SEARCH
                    name=field::SEARCH
                    value=choice.search.clone()
                    maxlength="200"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    enterkeyhint="search"
                />
                <button type="submit" class="button">
                    "Search"
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// Why there is no row, and the way to some.
#[component]
fn NothingFound(choice: Choice, total: u64) -> AnyView {
    let plural = choice.kind.plural();
    let (way, href) = if total > 0 {
        ("Go to the first page", choice.at(1))
    } else if !choice.search.is_empty() {
        ("Clear the search", choice.without_search())
    } else {
        ("Show all", choice.with_status(None))
    };
    let status = choice.status.map(|status| view! { <Badge status /> " " });
    let why = if total > 0 {
        view! { "There are fewer pages than that." }.into_any()
    } else if choice.search.is_empty() {
        view! { "None of your " {plural} " has the status " {status} }.into_any()
    } else {
        let search = choice.search.clone();
        let with_status = status.map(|status| view! { " with the status " {status} });
        view! { "None of your " {plural} {with_status} " matches “" <bdi>{search}</bdi> "”." }
            .into_any()
    };
    view! {
        <div class="empty">
            <Slip />
            <p>{why}</p>
            <p>
                <a href=href.url()>{way}</a>
            </p>
        </div>
    }
    .into_any()
}

/// The rows, which are cards on narrow screens (see `table.css`).
#[component]
fn Table(columns: &'static [Column], choice: Choice, rows: Vec<Row>, total: u64) -> AnyView {
    let csv = choice.csv_url();
    let last = u32::try_from(total.div_ceil(u64::from(ROWS))).unwrap_or(u32::MAX);
    let page = choice.page;
    let previous = (page > 1).then(|| choice.at(page - 1).url());
    let next = (page < last).then(|| choice.at(page + 1).url());
    let headings = columns
        .iter()
        .map(|column| view! { <Heading column choice=choice.clone() /> });
    let rows = rows.into_iter().map(|row| {
        let cells = row
            .cells
            .into_iter()
            .zip(&columns[1..])
            .map(|(cell, column)| {
                view! {
                    <td role="cell" data-label=column.title class:number=column.is_number>
                        <span>{cell}</span>
                    </td>
                }
            });
        view! {
            <tr role="row">
                <th role="rowheader" scope="row">
                    {row.name}
                </th>
                {cells.collect_view()}
            </tr>
        }
    });
    let caption = words::title(choice.kind.plural());
    view! {
        <div class="responsive-table listing">
            <table role="table">
                <caption class="visually-hidden">{caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">{headings.collect_view()}</tr>
                </thead>
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </table>
        </div>
        <NumberedPager previous next page last />
        <p class="no-print">
            <a class="button" href=csv>
                "Download CSV"
            </a>
        </p>
    }
    .into_any()
}

/// A heading; the link in it sorts.
#[component]
fn Heading(column: &'static Column, choice: Choice) -> AnyView {
    let sorted = column.sort.filter(|sort| *sort == choice.sort).map(|_| {
        if choice.descending {
            "descending"
        } else {
            "ascending"
        }
    });
    let title = match column.sort {
        Some(sort) => view! { <a href=choice.sorted_by(sort).url()>{column.title}</a> }.into_any(),
        None => column.title.into_any(),
    };
    view! {
        <th
            role="columnheader"
            scope="col"
            aria-sort=sorted
            class:number=column.is_number
            class:sorts=column.sort.is_some()
        >
            {title}
        </th>
    }
    .into_any()
}
