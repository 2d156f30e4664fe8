//! Pages of a list: `page` and `per_page`, `meta`, and the `Link` header.

use axum::{
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{error::ApiError, json, query::Query};

/// Rows of a page where the request does not say.
const DEFAULT_PER_PAGE: u32 = 15;
/// Rows of a page at most.
const MAX_PER_PAGE: u32 = 100;

/// Which page of a list.
#[derive(Clone, Copy, Debug, IntoParams, PartialEq, Eq)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Number of the page, from 1.
    #[param(value_type = i64, minimum = 1, maximum = 4_294_967_295_i64, default = 1, required = false)]
    page: u32,
    /// Rows of a page.
    #[param(minimum = 1, maximum = 100, default = 15, required = false)]
    per_page: u32,
}

impl Paging {
    /// Takes `page` and `per_page` out of a query.
    pub fn take(query: &mut Query) -> Self {
        let page = query.number("page", 1..=u32::MAX);
        Self {
            page: page.unwrap_or(1),
            per_page: Self::take_per_page(query),
        }
    }

    /// Takes `per_page` alone.
    pub fn take_per_page(query: &mut Query) -> u32 {
        let per_page = query.number("per_page", 1..=MAX_PER_PAGE);
        per_page.unwrap_or(DEFAULT_PER_PAGE)
    }

    /// For `LIMIT`.
    pub fn limit(self) -> u32 {
        self.per_page
    }

    /// For `OFFSET`.
    pub fn offset(self) -> u64 {
        u64::from(self.page - 1) * u64::from(self.per_page)
    }

    /// The response with these rows out of `total`, to a request for `uri` at `origin`.
    pub fn page<T>(self, data: Vec<T>, total: u64, origin: &str, uri: &Uri) -> Page<T> {
        let meta = Meta {
            current_page: self.page,
            last_page: total.div_ceil(self.per_page.into()).max(1),
            per_page: self.per_page,
            total,
        };
        let links = meta.links(origin, uri);
        Page { data, meta, links }
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    data: Vec<T>,
    /// Where in the list they are.
    meta: Meta,
    #[schema(ignore)]
    #[serde(skip)]
    links: String,
}

/// Where in the list a page is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Meta {
    /// Number of this page, from 1.
    current_page: u32,
    /// Number of the last page; 1 if there are no rows.
    last_page: u64,
    /// Rows of a page.
    per_page: u32,
    /// Rows of all pages.
    total: u64,
}

impl Meta {
    /// The value of `Link` (RFC 8288): the request's own URL with other page numbers.
    fn links(&self, origin: &str, uri: &Uri) -> String {
        let current = u64::from(self.current_page);
        let prev = (current > 1).then(|| (current - 1).min(self.last_page));
        let next = (current < self.last_page).then(|| current + 1);
        let pages = [
            ("first", Some(1)),
            ("prev", prev),
            ("next", next),
            ("last", Some(self.last_page)),
        ];
        let links = pages.into_iter().filter_map(|(rel, page)| {
            let url = url_of_page(origin, uri, page?);
            Some(format!("<{url}>; rel=\"{rel}\""))
        });
        links.collect::<Vec<_>>().join(", ")
    }
}

fn url_of_page(origin: &str, uri: &Uri, page: u64) -> String {
    let query = uri.query().unwrap_or_default().as_bytes();
    let others = form_urlencoded::parse(query).filter(|(name, _)| name != "page");
    let url = format!("{origin}{}?", uri.path());
    let start = url.len();
    form_urlencoded::Serializer::for_suffix(url, start)
        .extend_pairs(others)
        .append_pair("page", &page.to_string())
        .finish()
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let mut response = match json::serialize(&self) {
            Ok(json) => json::response(StatusCode::OK, json),
            Err(error) => return ApiError::from(error).into_response(),
        };
        if let Ok(links) = HeaderValue::try_from(self.links) {
            response.headers_mut().insert(header::LINK, links);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn paging(query: &str) -> Paging {
        let mut query = Query::new(Some(query));
        let paging = Paging::take(&mut query);
        query.finish().unwrap();
        paging
    }

    fn page_of(query: &str, total: u64) -> Page<u32> {
        let uri = format!("/api/v1/things?{query}").parse().unwrap();
        paging(query).page(vec![7], total, "https://portal.example", &uri)
    }

    #[test]
    fn a_page_has_15_rows_unless_the_request_says_otherwise() {
        assert_eq!((paging("").limit(), paging("").offset()), (15, 0));
        let third = paging("page=3&per_page=100");
        assert_eq!((third.limit(), third.offset()), (100, 200));
        let last = paging("page=4294967295&per_page=100");
        assert_eq!(last.offset(), 429_496_729_400);
        for wrong in ["page=0", "per_page=0", "per_page=101", "page=4294967296"] {
            let mut query = Query::new(Some(wrong));
            Paging::take(&mut query);
            assert!(query.finish().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_body_is_the_one_of_the_contract() {
        let body = serde_json::to_string(&page_of("", 52)).unwrap();
        let meta = r#"{"current_page":1,"last_page":4,"per_page":15,"total":52}"#;
        assert_eq!(body, format!(r#"{{"data":[7],"meta":{meta}}}"#));
    }

    #[test]
    fn links_lead_to_the_pages_there_are_and_keep_the_other_parameters() {
        let url = "https://portal.example/api/v1/things?status=a%2Cb&per_page=10&page";
        let links = |page: u64| page_of_status(page).links;
        assert_eq!(
            links(2),
            format!(
                "<{url}=1>; rel=\"first\", <{url}=1>; rel=\"prev\", <{url}=3>; rel=\"next\", <{url}=3>; rel=\"last\""
            )
        );
        assert_eq!(
            links(1),
            format!("<{url}=1>; rel=\"first\", <{url}=2>; rel=\"next\", <{url}=3>; rel=\"last\"")
        );
        let beyond =
            format!("<{url}=1>; rel=\"first\", <{url}=3>; rel=\"prev\", <{url}=3>; rel=\"last\"");
        assert_eq!(links(9), beyond, "beyond the last page");
    }

    fn page_of_status(page: u64) -> Page<u32> {
        let query = format!("status=a%2Cb&page={page}&per_page=10");
        let uri = format!("/api/v1/things?{query}").parse().unwrap();
        let mut query = Query::new(Some(&query));
        query.take("status", |_| Ok::<_, String>(()));
        let paging = Paging::take(&mut query);
        paging.page(vec![7], 30, "https://portal.example", &uri)
    }

    #[test]
    fn an_empty_list_has_one_page() {
        let page = page_of("", 0);
        assert_eq!(json!(page)["meta"]["last_page"], 1);
        assert!(!page.links.contains("next") && !page.links.contains("prev"));
    }

    proptest! {
        #[test]
        fn the_pages_hold_each_row_once(total in 0_u64..500, per_page in 1_u32..=100) {
            let mut rows = 0;
            for page in 1.. {
                let paging = paging(&format!("page={page}&per_page={per_page}"));
                prop_assert_eq!(paging.offset(), rows);
                rows += u64::from(paging.limit()).min(total - rows);
                if !page_of(&format!("page={page}&per_page={per_page}"), total).links.contains("next") {
                    break;
                }
            }
            prop_assert_eq!(rows, total);
        }
    }
}
