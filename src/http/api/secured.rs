//! Handlers that need a token, by their arguments: each says what it reads.

use axum::extract::State;

use super::{
    client::ApiClient,
    conditional::{Known, MirrorRequest},
    reads::Reads,
    request::ApiRequest,
};
use crate::server::{actor::Actor, state::AppState};

/// The arguments of a handler that needs a token.
pub trait Secured {
    /// What the handler reads.
    type Data: Reads;
    /// Whether its responses carry an `ETag`, and it answers 304.
    const IS_CONDITIONAL: bool = false;
}

// `M` is axum's mark of the last argument's kind.
impl<M, R: Reads> Secured for (M, ApiClient<R>) {
    type Data = R;
}

impl<M, R: Reads> Secured for (M, State<AppState>, ApiClient<R>) {
    type Data = R;
}

impl<M, R: Reads> Secured for (M, State<AppState>, Actor, ApiClient<R>) {
    type Data = R;
}

impl<M, R: Reads> Secured for (M, Known, ApiClient<R>) {
    type Data = R;
    const IS_CONDITIONAL: bool = true;
}

impl<M, R: Reads, P> Secured for (M, ApiRequest<R, P>) {
    type Data = R;
}

impl<M, R: Reads, P> Secured for (M, State<AppState>, ApiRequest<R, P>) {
    type Data = R;
}

impl<M, R: Reads, P> Secured for (M, State<AppState>, MirrorRequest<R, P>) {
    type Data = R;
    const IS_CONDITIONAL: bool = true;
}
