//! Services, domains, invoices and orders: their lists, and the page of each of them.

use axum::{
    Extension,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::request_url::{PathId, Query};
use crate::{
    http::{
        api::{Row, csv},
        refusal::Refusal,
        render::Renderer,
    },
    model::{
        error::AppError,
        invoice::{Invoice, InvoiceDetails},
    },
    server::{
        error::Failure,
        mirror,
        session::{SessionClient, Visitor},
        state::AppState,
    },
    ui::mirror::{
        choice::Choice,
        details::{Detailed, Details},
        list::{List, Listed, list_page},
    },
};

/// Invoices on the page of something else.
const INVOICES: u32 = 10;

/// `GET /services`, `/domains`, `/invoices`, `/orders`
pub async fn list<T: Listed>(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    query: Query,
) -> Result<Response, Refusal> {
    require_imports(&who)?;
    let choice = Choice::read(T::KIND, |name| query.get(name))?;
    let listing = choice.listing();
    let (things, total) = mirror::list::<T>(&state, &who, &listing).await?;
    let counts = mirror::status_counts::<T>(&state, &who, &listing.filter).await?;
    let list = List {
        choice,
        things,
        total,
        counts,
        today: mirror::today(&state),
    };
    let visitor = Visitor::Client(who);
    let view = move |frame| list_page(frame, list);
    Ok(renderer.page(&visitor, StatusCode::OK, view).await)
}

/// `GET /services.csv`, `/domains.csv`, `/invoices.csv`, `/orders.csv`: the rows of the list that the rest of the URL chooses, on
/// all its pages, with the columns of the API.
pub async fn csv<T: Row>(
    State(state): State<AppState>,
    who: SessionClient,
    query: Query,
) -> Result<Response, Refusal> {
    require_imports(&who)?;
    let choice = Choice::read(T::KIND, |name| query.get(name))?;
    let revision = mirror::revision(&state, &who).await?;
    let revision = revision.ok_or(AppError::Unauthenticated)?;
    let name = format!("{}-{}.csv", T::KIND.plural(), mirror::today(&state));
    let mut response = csv::read::<T, _>(&state, who, revision, choice.listing()).await?;
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let disposition = disposition.map_err(|_| AppError::Internal)?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// `GET /services/{id}`, `/domains/{id}`, `/invoices/{id}`, `/orders/{id}`
pub async fn details<T: Detailed>(
    State(state): State<AppState>,
    Extension(renderer): Extension<Renderer>,
    who: SessionClient,
    PathId(id): PathId<i64>,
) -> Result<Response, Refusal> {
    require_imports(&who)?;
    let thing: T = mirror::get(&state, &who, id).await?;
    let mut invoices = mirror::invoices_for::<T>(&state, &who, id, INVOICES).await?;
    if let Some(own) = thing.invoice()
        && !invoices.iter().any(|invoice| invoice.id == own)
    {
        match mirror::get(&state, &who, own).await {
            Ok(invoice) => invoices.insert(0, invoice),
            // An import has deleted it meanwhile.
            Err(Failure::Refused(AppError::NotFound)) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    let details = Details {
        thing,
        invoices,
        today: mirror::today(&state),
    };
    let visitor = Visitor::Client(who);
    let view = move |frame| T::page(details, frame);
    Ok(renderer.page(&visitor, StatusCode::OK, view).await)
}

/// `GET /invoices/{id}/document`: the PDF, to be saved. Whatever is in it, nothing of it runs or loads as a part of the portal.
pub async fn document(
    State(state): State<AppState>,
    who: SessionClient,
    PathId(id): PathId<i64>,
) -> Result<Response, Refusal> {
    require_imports(&who)?;
    let details: InvoiceDetails = mirror::get(&state, &who, id).await?;
    let body = mirror::document(&state, &who, id).await?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/pdf"),
        ),
        (header::CONTENT_DISPOSITION, attachment(&details.invoice)?),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox"),
        ),
    ];
    Ok((headers, body).into_response())
}

/// Says that it is a file, and names it by the invoice's number, as far as that is made of letters, digits, `-` and `_`.
fn attachment(invoice: &Invoice) -> Result<HeaderValue, AppError> {
    const LONGEST: usize = 60;
    let number = invoice.invoice_number.as_deref().unwrap_or_default();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let letters = number.chars().take(LONGEST);
    let plain: String = letters
        .map(|letter| if is_plain(letter) { letter } else { '-' })
        .collect();
    let name = match plain.trim_matches('-') {
        "" => format!("invoice-{}", invoice.id),
        plain => plain.to_owned(),
    };
    HeaderValue::from_str(&format!("attachment; filename=\"{name}.pdf\""))
        .map_err(|_| AppError::Internal)
}

/// The portal has these pages only where something is imported.
fn require_imports(who: &SessionClient) -> Result<(), AppError> {
    who.has_imports().then_some(()).ok_or(AppError::NotFound)
}
