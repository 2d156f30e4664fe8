//! What a list shows, as its URL says.

use std::fmt::Write;

use super::words;
use crate::model::{
    error::AppError,
    field,
    mirror::{Filter, Kind, Listing, Sort},
};

/// Rows on one page of a list.
pub const ROWS: u32 = 25;

/// What a list shows: which status, which text, in which order, from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Things of this kind.
    pub kind: Kind,
    /// With this status, if one was chosen.
    pub status: Option<&'static str>,
    /// With this text; with any, if it is empty.
    pub search: String,
    /// By what they are sorted.
    pub sort: Sort,
    /// Whether the largest or newest is first.
    pub descending: bool,
    /// The number of the page, from 1.
    pub page: u32,
}

impl Choice {
    /// Everything, newest first.
    pub fn all(kind: Kind) -> Self {
        Self {
            kind,
            status: None,
            search: String::new(),
            sort: kind.sorts()[0],
            descending: true,
            page: 1,
        }
    }

    /// Reads a choice from the parameters of a URL, of which empty ones are as good as missing. `sort` is the name of a field,
    /// after `-` for descending.
    ///
    /// # Errors
    /// A status, an order or a page that there is not.
    pub fn read(kind: Kind, parameter: impl Fn(&str) -> String) -> Result<Self, AppError> {
        let refuse = |field: &str| {
            let message = format!("This link has a “{field}” that the list doesn't know.");
            AppError::invalid(field, message)
        };
        let mut choice = Self::all(kind);
        let status = parameter(field::STATUS);
        if !status.is_empty() {
            let known = words::statuses(kind).into_iter().find(|one| *one == status);
            choice.status = Some(known.ok_or_else(|| refuse(field::STATUS))?);
        }
        // No text has this character, and PostgreSQL takes none with it.
        let search = parameter(field::SEARCH).replace('\0', "");
        search.trim().clone_into(&mut choice.search);
        let sort = parameter(field::SORT);
        if !sort.is_empty() {
            let word = sort.strip_prefix('-').unwrap_or(&sort);
            let known = kind.sorts().iter().find(|one| one.as_str() == word);
            choice.sort = *known.ok_or_else(|| refuse(field::SORT))?;
            choice.descending = sort.starts_with('-');
        }
        let page = parameter(field::PAGE);
        if !page.is_empty() {
            let number = page.parse().ok().filter(|page| *page > 0);
            choice.page = number.ok_or_else(|| refuse(field::PAGE))?;
        }
        Ok(choice)
    }

    /// The part of the list that the page shows.
    pub fn listing(&self) -> Listing {
        Listing {
            filter: Filter {
                statuses: self.status.into_iter().collect(),
                search: Some(self.search.clone()),
                ..Filter::default()
            },
            sort: self.sort,
            descending: self.descending,
            limit: ROWS,
            offset: u64::from(self.page - 1) * u64::from(ROWS),
        }
    }

    /// The first page of things with this status, or with any.
    #[must_use]
    pub fn with_status(&self, status: Option<&'static str>) -> Self {
        Self {
            status,
            page: 1,
            ..self.clone()
        }
    }

    /// The first page with any text.
    #[must_use]
    pub fn without_search(&self) -> Self {
        Self {
            search: String::new(),
            page: 1,
            ..self.clone()
        }
    }

    /// The first page in this order: names begin at A, amounts and dates at the largest. If it is sorted so already, the other
    /// way around.
    #[must_use]
    pub fn sorted_by(&self, sort: Sort) -> Self {
        let is_name = matches!(
            sort,
            Sort::Name | Sort::DomainName | Sort::InvoiceNumber | Sort::OrderNumber
        );
        let descending = if self.sort == sort {
            !self.descending
        } else {
            !is_name
        };
        Self {
            sort,
            descending,
            page: 1,
            ..self.clone()
        }
    }

    /// Another page.
    #[must_use]
    pub fn at(&self, page: u32) -> Self {
        Self {
            page,
            ..self.clone()
        }
    }

    /// The order as a parameter; `None` for the usual one.
    pub fn sort_parameter(&self) -> Option<String> {
        let is_usual = self.descending && self.sort == self.kind.sorts()[0];
        let sign = if self.descending { "-" } else { "" };
        (!is_usual).then(|| format!("{sign}{}", self.sort.as_str()))
    }

    /// The URL, without what is usual.
    pub fn url(&self) -> String {
        self.url_ending("")
    }

    /// The URL of the same list, all its pages, as CSV.
    pub fn csv_url(&self) -> String {
        self.at(1).url_ending(".csv")
    }

    fn url_ending(&self, ending: &str) -> String {
        let page = (self.page > 1).then(|| self.page.to_string());
        let parameters = [
            (field::STATUS, self.status.map(ToOwned::to_owned)),
            (
                field::SEARCH,
                (!self.search.is_empty()).then(|| encoded(&self.search)),
            ),
            (field::SORT, self.sort_parameter()),
            (field::PAGE, page),
        ];
        let mut url = format!("/{}{ending}", self.kind.plural());
        let mut before = '?';
        for (name, value) in parameters {
            if let Some(value) = value {
                url.push(before);
                url.push_str(name);
                url.push('=');
                url.push_str(&value);
                before = '&';
            }
        }
        url
    }
}

/// Percent-encoded, but for letters and digits.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(byte.into());
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parameters of a URL, as the server reads them.
    fn read(kind: Kind, url: &str) -> Result<Choice, AppError> {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        Choice::read(kind, |name| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            let found = pairs.find(|(one, _)| one == name);
            found
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        })
    }

    #[test]
    fn a_choice_is_read_as_it_is_written() {
        for kind in Kind::ALL {
            assert_eq!(Choice::all(kind).url(), format!("/{}", kind.plural()));
            let statuses = words::statuses(kind).into_iter().map(Some).chain([None]);
            for status in statuses {
                for sort in kind.sorts() {
                    let choice = Choice {
                        search: "a&b=c #?%é\u{202e}<\">".to_owned(),
                        ..Choice::all(kind).with_status(status).sorted_by(*sort).at(3)
                    };
                    assert_eq!(read(kind, &choice.url()), Ok(choice));
                }
            }
        }
    }

    #[test]
    fn what_the_list_does_not_know_is_refused() {
        for query in [
            "status=active",
            "status=PAID",
            "sort=name",
            "sort=--total",
            "sort=-",
            "page=0",
            "page=-1",
            "page=x",
            "page=4294967296",
        ] {
            let refused = read(Kind::Invoice, &format!("/invoices?{query}")).unwrap_err();
            let field = query.split('=').next().unwrap();
            assert!(refused.of_field(field).is_some(), "{query}");
        }
        let all = Ok(Choice::all(Kind::Invoice));
        for query in ["", "status=&sort=&page=&search=", "search=%00+", "other=1"] {
            assert_eq!(
                read(Kind::Invoice, &format!("/invoices?{query}")),
                all,
                "{query}"
            );
        }
        assert_eq!(
            read(Kind::Invoice, "/invoices?page=4294967295")
                .unwrap()
                .listing()
                .offset,
            4_294_967_294 * 25
        );
    }

    #[test]
    fn a_heading_that_is_chosen_again_turns_the_order_around() {
        let choice = Choice::all(Kind::Invoice).at(2);
        let by_number = choice.sorted_by(Sort::InvoiceNumber);
        assert_eq!(by_number.url(), "/invoices?sort=invoice_number");
        assert_eq!(
            by_number.sorted_by(Sort::InvoiceNumber).url(),
            "/invoices?sort=-invoice_number"
        );
        assert_eq!(choice.sorted_by(Sort::Total).url(), "/invoices?sort=-total");
        assert_eq!(
            choice.sorted_by(Sort::IssueDate).url(),
            "/invoices?sort=issue_date"
        );
    }
}
