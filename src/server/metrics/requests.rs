//! Requests, by the route that they matched.

use std::{
    sync::{PoisonError, RwLock},
    time::Instant,
};

use super::{Counter, Times};

/// The classes of status codes.
pub const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// What is counted of one route.
pub struct Route {
    /// Its template, as the router has it.
    pub name: &'static str,
    /// Responses, by the class of their status.
    pub classes: [Counter; 5],
    /// From the first byte of a request to the head of its response.
    pub times: Times,
}

/// One for each route that was ever asked for. There are as many routes as the routers have, so they are never removed.
static ROUTES: RwLock<Vec<&'static Route>> = RwLock::new(Vec::new());

/// The counts of the route with this template.
pub fn route(name: &str) -> &'static Route {
    let find = |routes: &[&'static Route]| routes.iter().copied().find(|route| route.name == name);
    if let Some(route) = find(&ROUTES.read().unwrap_or_else(PoisonError::into_inner)) {
        return route;
    }
    let mut routes = ROUTES.write().unwrap_or_else(PoisonError::into_inner);
    find(&routes).unwrap_or_else(|| {
        let route: &'static Route = Box::leak(Box::new(Route {
            name: name.to_owned().leak(),
            classes: [const { Counter::new() }; 5],
            times: Times::of_time(),
        }));
        routes.push(route);
        route
    })
}

/// All of them, by name.
pub fn routes() -> Vec<&'static Route> {
    let mut routes = ROUTES
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    routes.sort_by_key(|route| route.name);
    routes
}

impl Route {
    /// Counts a response to a request that began at `began`, and returns its time in microseconds.
    pub fn count(&self, status: u16, began: Instant) -> u64 {
        let class = usize::from(status / 100).saturating_sub(1);
        if let Some(counter) = self.classes.get(class) {
            counter.add_one();
        }
        let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.times.add(micros);
        micros
    }
}
