//! Rejects forms from pages of another client: somebody else may have logged in since, in another
//! tab. Keeps what was typed when the database is unavailable.

use axum::{extract::Request, middleware::Next, response::Response};
use http_body_util::BodyExt;

use crate::{
    http::{form::Form, refusal::Refusal},
    model::{client::ClientId, error::AppError},
    server::session::Visitor,
    ui::form::Unsent,
};

/// Rejects such a form before its handler runs.
pub async fn require(visitor: Visitor, request: Request, next: Next) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| AppError::BadRequest)?;
    let body = body.to_bytes();
    if let Visitor::Client(who) = visitor {
        who.check_page(client_of(&Form::parse(&body)?)?)?;
    }
    let unsent = Unsent {
        action: parts.uri.path().to_owned(),
        fields: form_urlencoded::parse(&body).into_owned().collect(),
    };
    let mut response = next
        .run(Request::from_parts(parts, body.clone().into()))
        .await;
    let is_unavailable = response.extensions().get::<AppError>() == Some(&AppError::Unavailable);
    if is_unavailable && !unsent.has_secret() {
        response.extensions_mut().insert(unsent);
    }
    Ok(response)
}

/// The client whose page a form comes from, if it names one.
pub fn client_of(form: &Form) -> Result<Option<ClientId>, AppError> {
    match form.get(ClientId::FIELD) {
        "" => Ok(None),
        number => match number.parse() {
            Ok(number) => Ok(Some(ClientId(number))),
            Err(_) => Err(AppError::BadRequest),
        },
    }
}
