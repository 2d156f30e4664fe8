//! What endpoints are annotated with.

use utoipa::openapi::{PathItem, path::Operation};

/// The operations that endpoints are annotated with, with their methods.
pub fn operations(path: &PathItem) -> impl Iterator<Item = (&'static str, &Operation)> {
    let all = [("GET", &path.get), ("DELETE", &path.delete)];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

/// The operations that endpoints are annotated with.
pub fn operations_mut(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut path.get, &mut path.delete].into_iter().flatten()
}
