//! The samples that read lists: every page, what has changed, and what has not.

use serde_json::Value;

use super::{InEnvironment, Sample, assert_program, docs, sample};
use crate::support::{
    EMAIL, TestApp,
    database::run,
    mirror::{self, BEGINNING},
};

/// The program, the name of the file, and the language as the labels have it.
const LANGUAGES: [(&str, &str, &str); 4] = [
    ("sh", "sample.sh", "curl"),
    ("node", "sample.mjs", "JavaScript"),
    ("php", "sample.php", "PHP"),
    ("python3", "sample.py", "Python"),
];

/// A client with invoices, their token, and the documentation.
struct Scene {
    app: TestApp,
    client: i64,
    token: String,
    page: String,
}

impl Scene {
    async fn with(invoices: usize) -> Self {
        for (program, _, _) in LANGUAGES.into_iter().chain([("curl", "", "")]) {
            if program != "sh" {
                assert_program(program);
            }
        }
        let app = TestApp::start().await;
        let mut owner = app.logged_in().await;
        let token = owner.create_token("Billing Dashboard").await;
        let client = app.id_of(EMAIL).await;
        mirror::fill(&app, client, invoices).await;
        Self {
            page: docs(&app).await,
            client: client.0,
            token,
            app,
        }
    }

    /// The sample in each language, saved.
    fn samples(&self, what: &str) -> Vec<(&'static str, Sample)> {
        let saved = LANGUAGES.map(|(program, file, language)| {
            let code = sample(&self.page, &format!("{what} with {language}"));
            assert!(code.contains("OPENTILL_TOKEN"), "{code}");
            (language, Sample::new(program, file, &code))
        });
        saved.into()
    }

    async fn run(&self, sample: &Sample) -> String {
        sample.run(InEnvironment::Holding(&self.token)).await
    }

    async fn import(&self, statements: &str) {
        mirror::import(&self.app, self.client, statements).await;
    }
}

/// What the curl samples print: a JSON document a line.
fn documents(printed: &str) -> Vec<Value> {
    let lines = printed.lines().filter(|line| line.starts_with('{'));
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test]
async fn every_page_is_read_and_amounts_are_exact() {
    let scene = Scene::with(101).await;
    scene
        .import(
            "UPDATE invoices SET currency_code = 'KWD', amount = -1, \
             data = replace(replace(data, '\"JPY\"', '\"KWD\"'), '\"total\":1100', '\"total\":-1') WHERE title = 'inv-7'; \
             UPDATE invoices SET currency_code = 'USD', amount = 9007199254740991, \
             data = replace(replace(data, '\"JPY\"', '\"USD\"'), '\"total\":1100', '\"total\":9007199254740991') \
             WHERE title = 'inv-8';",
        )
        .await;
    for (language, sample) in scene.samples("pages") {
        let printed = scene.run(&sample).await;
        if language == "curl" {
            let pages = documents(&printed);
            let rows = pages
                .iter()
                .map(|page| page["data"].as_array().unwrap().len());
            assert_eq!(rows.collect::<Vec<_>>(), [100, 1]);
            continue;
        }
        let lines: Vec<_> = printed.lines().collect();
        assert_eq!(lines.len(), 101, "{language}: {printed}");
        for line in [
            "INV-1 1100 JPY",
            "INV-7 -0.001 KWD",
            "INV-8 90071992547409.91 USD",
            "INV-101 1100 JPY",
        ] {
            assert!(lines.contains(&line), "{language}: {line}: {printed}");
        }
    }
}

#[tokio::test]
async fn the_feed_is_followed_to_its_end_and_goes_on_from_there() {
    let scene = Scene::with(101).await;
    let samples = scene.samples("changes");
    for (language, sample) in &samples {
        let printed = scene.run(sample).await;
        let stored = if *language == "curl" {
            let parts = documents(&printed);
            parts
                .iter()
                .map(|part| part["data"].as_array().unwrap().len())
                .sum()
        } else {
            printed
                .lines()
                .filter(|line| line.starts_with("store "))
                .count()
        };
        assert_eq!(stored, 101, "{language}: {printed}");
    }
    let later = BEGINNING + 86_400;
    scene
        .import(&format!(
            "UPDATE invoices SET deleted = 1, updated_at = {later} WHERE title = 'inv-1'; \
             UPDATE invoices SET status = 'paid', data = replace(data, '\"unpaid\"', '\"paid\"'), updated_at = {later} \
             WHERE title = 'inv-2';"
        ))
        .await;
    for (language, sample) in &samples {
        let printed = scene.run(sample).await;
        if *language == "curl" {
            let parts = documents(&printed);
            let data = parts[0]["data"].as_array().unwrap();
            assert_eq!((parts.len(), data.len()), (1, 2), "{printed}");
            assert!(
                data.iter().any(|entry| entry["deleted"] == true),
                "{printed}"
            );
            continue;
        }
        let mut lines: Vec<_> = printed.lines().collect();
        lines.sort_unstable();
        assert_eq!(lines.len(), 2, "{language}: {printed}");
        assert!(lines[0].starts_with("delete "), "{language}: {printed}");
        assert!(lines[1].ends_with(" paid"), "{language}: {printed}");
        assert_eq!(scene.run(sample).await, "", "{language}: nothing more");
    }
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let scene = Scene::with(3).await;
    let samples = scene.samples("ETag");
    let mut first = Vec::new();
    for (language, sample) in &samples {
        let printed = scene.run(sample).await;
        let body = printed
            .trim_end()
            .strip_prefix("200")
            .unwrap_or_else(|| panic!("{language}: {printed}"));
        assert!(body.contains("\"unpaid\""), "{language}: {printed}");
        first.push(body.to_owned());
    }
    for ((language, sample), first) in samples.iter().zip(&first) {
        let printed = scene.run(sample).await;
        assert_eq!(printed.trim_end(), format!("304{first}"), "{language}");
    }
    scene
        .import("DELETE FROM documents; UPDATE invoices SET owed = 1;")
        .await;
    for ((language, sample), first) in samples.iter().zip(&first) {
        let printed = scene.run(sample).await;
        assert!(printed.starts_with("200"), "{language}: {printed}");
        assert_ne!(printed.trim_end(), format!("200{first}"), "{language}");
    }
    let url = &scene.app.state.config.database_url;
    let revoke = format!(
        "UPDATE tokens SET revoked_at = {BEGINNING} WHERE client_id = {}",
        scene.client
    );
    run(url, &revoke).await;
    let output = scene.run(&samples[0].1).await;
    assert!(output.starts_with("401"), "{output}");
}
