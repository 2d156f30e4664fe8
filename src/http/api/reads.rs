//! What endpoints read, as types: a handler names one to get a client at all, so none can forget to.

use crate::model::scopes::Scope;

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
