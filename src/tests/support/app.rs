//! A server of its own for each test, listening on a port of its own, with a database of its own.

use std::{future::pending, net::SocketAddr, sync::Arc};

use opentill::{
    http::{
        app,
        connections::{self, Slots},
        health::Health,
    },
    model::{
        client::{ClientId, ClientStatus},
        contact::Contact,
        session::SessionSummary,
        token::TokenSummary,
    },
    server::{
        clients,
        clock::Clock,
        config::Config,
        mail::{self, MailSettings},
        password::Password,
        state::AppState,
        store::{NewClient, OverviewLimits},
    },
};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::{
    Browser, UNLIMITED,
    database::{of_file, of_server},
    mail::{Arrived, in_folder},
    postgres::Database,
};

/// The client that every test app has.
pub const EMAIL: &str = "jane@example.com";
/// The password of every client of a test app.
pub const PASSWORD: &str = "correct horse battery staple";

/// The folder that mails are written to, unless a test sets another way.
const MAIL: &str = "mail";
/// Has no mail, as it is where nothing is set.
pub const WITHOUT_MAIL: (&str, &str) = ("without mail", "");

/// A running server with one client, [`EMAIL`].
pub struct TestApp {
    /// Its parts, to look behind the scenes.
    pub state: AppState,
    /// Where it listens.
    pub addr: SocketAddr,
    /// Its clock, to set forward.
    pub clock: Clock,
    dir: TempDir,
    _database: Option<Database>,
}

impl TestApp {
    /// With nothing set.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With some settings.
    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        Self::start_at(Clock::default(), settings).await
    }

    /// With some settings and a clock.
    pub async fn start_at(clock: Clock, settings: &[(&str, &str)]) -> Self {
        Self::start_on(of_server(), clock, settings).await
    }

    /// With some settings, on PostgreSQL, whatever the tests run on.
    pub async fn on_postgres(settings: &[(&str, &str)]) -> Self {
        Self::start_on(Some(Database::new()), Clock::default(), settings).await
    }

    async fn start_on(database: Option<Database>, clock: Clock, settings: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = database.as_ref().map(|database| database.url().to_owned());
        let url = url.unwrap_or_else(|| of_file(dir.path()));
        let config = Config::read(|name| {
            let own = [
                ("DATABASE_URL", url.as_str()),
                ("LEPTOS_SITE_ADDR", "127.0.0.1:0"),
            ];
            let own = own.iter().chain(&UNLIMITED);
            let mut all = settings.iter().chain(own);
            all.find(|(n, _)| *n == name)
                .map(|(_, value)| (*value).to_owned())
        })
        .unwrap();
        let folder = MailSettings::into_folder(dir.path().join(MAIL));
        let is_set = config.mail.is_some() || settings.contains(&WITHOUT_MAIL);
        let config = Config {
            mail: config.mail.or((!is_set).then_some(folder)),
            ..config
        };
        let app = Self::run(clock, config, dir, database).await;
        app.add_client(EMAIL).await;
        app
    }

    /// Another node on the same database.
    pub async fn another_node(&self) -> Self {
        let mut config = Config::clone(&self.state.config);
        config.site_addr.set_port(0);
        Self::run(
            self.clock.clone(),
            config,
            tempfile::tempdir().unwrap(),
            None,
        )
        .await
    }

    async fn run(
        clock: Clock,
        mut config: Config,
        dir: TempDir,
        database: Option<Database>,
    ) -> Self {
        config.brand.read_files().unwrap();
        let listener = TcpListener::bind(config.site_addr).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let state = AppState::start(config.bound_to(addr), clock.clone())
            .await
            .unwrap();
        let service = app(state.clone(), Health::default());
        let slots = Slots::new(Arc::clone(&state.config));
        tokio::spawn(connections::serve(listener, service, slots, pending()));
        Self {
            state,
            addr,
            clock,
            dir,
            _database: database,
        }
    }

    /// Adds a client with [`PASSWORD`].
    pub async fn add_client(&self, email: &str) -> ClientId {
        self.add(email, Some(PASSWORD)).await
    }

    /// Adds a client who cannot log in yet.
    pub async fn add_client_without_password(&self, email: &str) -> ClientId {
        self.add(email, None).await
    }

    async fn add(&self, email: &str, password: Option<&str>) -> ClientId {
        let new = NewClient {
            contact: Contact {
                name: "Jane Smith".into(),
                company: Some("Acme Hosting Ltd".into()),
                phone: None,
                address1: "500 Congress Avenue".into(),
                address2: None,
                city: "Austin".into(),
                state: "TX".into(),
                postcode: "78701".into(),
                country: "US".into(),
            },
            email: email.parse().unwrap(),
            currency_code: "USD".into(),
            password_hash: None,
        };
        let password = password.map(|password| Password::typed(password.into()));
        clients::add(&self.state, new, password, None)
            .await
            .unwrap()
    }

    /// Sets what a client may do, as an operator.
    pub async fn set_status(&self, email: &str, status: ClientStatus) {
        clients::set_status(&self.state, &email.parse().unwrap(), status)
            .await
            .unwrap();
    }

    /// Sets a client's password, as an operator.
    pub async fn set_password(&self, email: &str, password: &str) {
        clients::set_password(&self.state, &email.parse().unwrap(), password)
            .await
            .unwrap();
    }

    /// The number of the client `email`.
    pub async fn id_of(&self, email: &str) -> ClientId {
        let client = clients::by_email(&self.state, &email.parse().unwrap()).await;
        client.unwrap().id
    }

    /// The active tokens of `email`, newest first, as the database has them.
    pub async fn tokens_of(&self, email: &str) -> Vec<TokenSummary> {
        let owner = self.id_of(email).await;
        self.state.store.tokens_of(owner).await.unwrap()
    }

    /// The sessions of `email`, last seen first, as the database has them.
    pub async fn sessions_of(&self, email: &str) -> Vec<SessionSummary> {
        let owner = self.id_of(email).await;
        let now = self.clock.now();
        let limits = OverviewLimits {
            revoked_after: now,
            sessions: self.state.config.session_limits(now),
            lines: 0,
            tokens: 0,
            rows: 1000,
        };
        let overview = self.state.store.overview_of(owner, limits).await;
        overview.unwrap().sessions
    }

    /// The address of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// Where the database's files are.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Sends the mails that are due, which nothing does by itself here, and returns all that were written to the folder.
    pub async fn mails(&self) -> Vec<Arrived> {
        mail::send_due(&self.state).await;
        in_folder(&self.dir.path().join(MAIL))
    }

    /// The link that was mailed last.
    pub async fn mailed_link(&self) -> String {
        let mails = self.mails().await;
        mails.last().expect("a mail was sent").link()
    }

    /// A browser that nobody has logged in with.
    pub fn anonymous(&self) -> Browser {
        Browser::new(self.addr, Arc::clone(&self.state.config))
    }

    /// A browser that [`EMAIL`] has logged in with.
    pub async fn logged_in(&self) -> Browser {
        self.logged_in_as(EMAIL).await
    }

    /// A browser that `email` has logged in with.
    pub async fn logged_in_as(&self, email: &str) -> Browser {
        let mut browser = self.anonymous();
        let answer = browser.log_in(email, PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }

    /// `GET /api/v1/me` with a bearer token.
    pub async fn me(&self, token: &str) -> Answer {
        self.anonymous()
            .get_with(
                "/api/v1/me",
                &[("authorization", &format!("Bearer {token}"))],
            )
            .await
    }
}

use super::Answer;
