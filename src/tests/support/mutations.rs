//! All that can be sent to the portal: from the tables that the router itself is made of, each with
//! what makes it succeed. An attack that is refused proves something only where the same request
//! without the attack is done.

use opentill::{
    http::portal::FormRoute,
    server::{
        links::{self, Delivery, LinkSecret},
        store::Invited,
    },
};

use super::{Browser, EMAIL, PASSWORD, TestApp};

/// Set by the change of the password.
pub const NEW_PASSWORD: &str = "another horse battery staple";

/// An address, valid fields for it, and the status when it is done.
type Valid = (&'static str, &'static [(&'static str, &'static str)], u16);

/// In an order in which all can be done one after the other; the last one logs out. `{id}`,
/// `{other_id}` and `{session}` stand for two tokens and another session of the one who asks, `{secret}` for that of the
/// invitation of somebody else.
const VALID: [Valid; 17] = [
    (
        "/login",
        &[("email", "{email}"), ("password", PASSWORD)],
        303,
    ),
    ("/theme", &[("theme", "dark")], 303),
    ("/forgot-password", &[("email", "{email}")], 200),
    (
        "/set-password/{secret}",
        &[("new_password", NEW_PASSWORD)],
        303,
    ),
    ("/profile/tokens", &[("name", "By form")], 200),
    (
        "/profile/tokens/{id}/rename",
        &[("name", "Renamed by form")],
        303,
    ),
    ("/profile/tokens/{id}/revoke", &[], 303),
    ("/rpc/tokens/revoke", &[("id", "{other_id}")], 200),
    (
        "/rpc/tokens/create",
        &[
            ("name", "By call"),
            ("idempotency_key", ""),
            ("replace_unseen", "false"),
        ],
        200,
    ),
    ("/rpc/session/keep", &[], 200),
    ("/rpc/tokens/list", &[], 200),
    (
        "/profile/tokens/revoke-all",
        &[("confirmation", "revoke all")],
        303,
    ),
    ("/profile/sessions/end", &[("id", "{session}")], 303),
    ("/profile/sessions/end-others", &[], 303),
    (
        "/profile/details",
        &[("name", "Jane Jones"), ("country", "US")],
        303,
    ),
    (
        "/profile/password",
        &[
            ("current_password", PASSWORD),
            ("new_password", NEW_PASSWORD),
        ],
        303,
    ),
    ("/logout", &[], 303),
];

/// These need no session, and none that ends keeps them from being done.
pub const NEEDS_NO_SESSION: [&str; 4] = [
    "/login",
    "/theme",
    "/forgot-password",
    "/set-password/{secret}",
];

/// These change nothing on the server: some read, another leaves a cookie.
pub const WRITES_NOTHING: [&str; 3] = ["/rpc/session/keep", "/rpc/tokens/list", "/theme"];

/// Everything that takes a POST, as the router has it: forms and server functions.
pub fn routes() -> Vec<&'static str> {
    let forms = FormRoute::ALL.into_iter().map(FormRoute::path);
    let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path);
    let routes: Vec<_> = forms.chain(functions).collect();
    for route in &routes {
        let is_known = VALID.iter().any(|(path, ..)| path == route);
        assert!(
            is_known,
            "no valid fields are known for {route}: add a row to VALID in src/tests/support/mutations.rs"
        );
    }
    for (path, ..) in VALID {
        assert!(
            routes.contains(&path),
            "{path} is in VALID and nowhere else"
        );
    }
    routes
}

/// A client with something to lose: two tokens, and sessions on two other devices.
pub struct Scene {
    /// The browser they sit at.
    pub owner: Browser,
    email: String,
    ids: [String; 2],
    session: String,
    secret: String,
}

/// A request that would be done.
pub struct Mutation {
    /// As the router has it.
    pub route: &'static str,
    /// With the numbers in it.
    pub path: String,
    /// With the numbers in them.
    pub fields: Vec<(&'static str, String)>,
    /// The status when it is done.
    pub done: u16,
}

impl Scene {
    /// [`EMAIL`] in a new app.
    pub async fn of(app: &TestApp) -> Self {
        Self::of_client(app, EMAIL).await
    }

    /// A client that the app has.
    pub async fn of_client(app: &TestApp, email: &str) -> Self {
        let mut owner = app.logged_in_as(email).await;
        for _elsewhere in 0..2 {
            app.logged_in_as(email).await;
        }
        owner.create_token("One").await;
        owner.create_token("Two").await;
        let tokens = app.tokens_of(email).await;
        let invited = format!("invited.by.{email}");
        app.add_client_without_password(&invited).await;
        let secret = LinkSecret::generate();
        let delivery = Delivery::Print(secret);
        let inviting = links::invite(&app.state, &invited.parse().unwrap(), &delivery).await;
        assert_eq!(inviting.unwrap(), Invited::Done);
        let Delivery::Print(secret) = delivery else {
            unreachable!("it is printed")
        };
        Self {
            owner,
            email: email.to_owned(),
            ids: [tokens[1].id.to_string(), tokens[0].id.to_string()],
            // The last to log in is the first in the list.
            session: app.sessions_of(email).await[0].id.0.to_string(),
            secret: secret.expose().to_owned(),
        }
    }

    /// The text with the numbers of this scene in it.
    pub fn fill(&self, text: &str) -> String {
        text.replace("{id}", &self.ids[0])
            .replace("{other_id}", &self.ids[1])
            .replace("{session}", &self.session)
            .replace("{email}", &self.email)
            .replace("{secret}", &self.secret)
    }

    /// Everything that can be done here, in an order in which it can.
    pub fn mutations(&self) -> Vec<Mutation> {
        let routes = routes();
        VALID
            .iter()
            .filter(|(route, ..)| routes.contains(route))
            .map(|(route, fields, done)| Mutation {
                route,
                path: self.fill(route),
                fields: fields
                    .iter()
                    .map(|(name, value)| (*name, self.fill(value)))
                    .collect(),
                done: *done,
            })
            .collect()
    }
}

impl Mutation {
    /// The fields as they are sent.
    pub fn fields(&self) -> Vec<(&str, &str)> {
        let fields = self.fields.iter();
        fields
            .map(|(name, value)| (*name, value.as_str()))
            .collect()
    }
}
