//! What endpoints read, as types: a handler names one to get a client at all, so none can forget to.

use axum::extract::State;

use super::{client::ApiClient, request::ApiRequest};
use crate::{model::scopes::Scope, server::state::AppState};

/// What an endpoint reads.
pub trait Reads: Send + 'static {
    /// The scope that a limited token needs; `None` if every valid token may read it.
    const SCOPE: Option<Scope>;
}

macro_rules! reads {
    ($($(#[$about:meta])* $name:ident = $scope:expr,)+) => {
        $(
            $(#[$about])*
            pub struct $name;

            impl Reads for $name {
                const SCOPE: Option<Scope> = $scope;
            }
        )+
    };
}

reads! {
    /// The client itself, and what is refused before it is known what is read.
    Account = None,
    /// Services.
    Services = Some(Scope::Services),
    /// Domain names.
    Domains = Some(Scope::Domains),
    /// Invoices, with their documents.
    Invoices = Some(Scope::Invoices),
    /// Orders.
    Orders = Some(Scope::Orders),
}

/// The arguments of a handler that needs a token.
pub trait Secured {
    /// What the handler reads.
    type Data: Reads;
}

// `M` is axum's mark of the last argument's kind.
impl<M, R: Reads> Secured for (M, ApiClient<R>) {
    type Data = R;
}

impl<M, R: Reads, P> Secured for (M, ApiRequest<R, P>) {
    type Data = R;
}

impl<M, R: Reads, P> Secured for (M, State<AppState>, ApiRequest<R, P>) {
    type Data = R;
}
