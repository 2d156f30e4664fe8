//! What the running program answers to, asked of itself.

use std::collections::BTreeSet;

use opentill::{
    http::{api, app, health::Health},
    server::state::AppState,
};

/// Path and method of every route there is; `any` for one that takes all methods.
///
/// The framework shows them for debugging alone. Should it no longer do so, nothing is found, and
/// that fails.
pub fn routes(state: &AppState) -> BTreeSet<(String, String)> {
    let shown = format!("{:?}", app(state.clone(), Health::default()).portal);
    // First come all routes by number, then their paths, then what answers everything else.
    let shown = shown.split("fallback_router").next().unwrap();
    let (routes, paths) = shown.split_once("node: Node").expect("the paths are shown");
    let numbered = |text: &str| -> Vec<(String, String)> {
        text.split("RouteId(")
            .skip(1)
            .map(|entry| entry.split_once("): ").expect("a number and what has it"))
            .map(|(number, rest)| (number.to_owned(), rest.to_owned()))
            .collect()
    };
    let routes = numbered(routes);
    let mut found = BTreeSet::new();
    for (number, path) in numbered(paths) {
        let path = path.split('"').nth(1).expect("a path");
        let (_, route) = routes
            .iter()
            .find(|(n, _)| *n == number)
            .expect("a route for each path");
        let methods = route.split("allow_header: Bytes(b\"").nth(1);
        let methods = methods.map_or("any", |rest| rest.split('"').next().unwrap());
        for method in methods.split(',') {
            found.insert((path.to_owned(), method.to_lowercase()));
        }
    }
    for (path, methods) in api::api(state).paths {
        for method in methods.split(',') {
            found.insert((path.to_owned(), method.to_lowercase()));
        }
    }
    for prefix in ["/api", "/api/v1"] {
        for rest in ["", "/", "/{*unknown}"] {
            found.insert((format!("{prefix}{rest}"), "any".to_owned()));
        }
    }
    assert!(
        found.contains(&("/".to_owned(), "get".to_owned())),
        "{shown}"
    );
    found
}
