//! Light or dark, and the language of the samples: in the first byte of a page, as the cookies say.

use crate::support::TestApp;

const PUBLIC: &str = "/docs/api";

#[tokio::test]
async fn a_theme_that_is_chosen_is_kept_and_leads_back() {
    let app = TestApp::start().await;
    let chosen = [("theme", "dark"), ("next", "/profile#api-tokens")];
    let answer = app.anonymous().post("/theme", &chosen).await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), "/profile#api-tokens");
    assert_eq!(
        answer.header("set-cookie"),
        "theme=dark; Path=/; SameSite=Lax; Max-Age=31536000"
    );
}

#[tokio::test]
async fn over_https_the_choice_is_kept_for_https() {
    let app = TestApp::start_with(&[("OPENTILL_PUBLIC_URL", "https://portal.example")]).await;
    let answer = app.anonymous().post("/theme", &[("theme", "light")]).await;
    assert!(answer.header("set-cookie").ends_with("; Secure"));
}

#[tokio::test]
async fn a_theme_that_does_not_exist_is_refused() {
    let app = TestApp::start().await;
    for theme in ["", "sepia", "dark\r\nSet-Cookie: a=b"] {
        let answer = app.anonymous().post("/theme", &[("theme", theme)]).await;
        assert_eq!(answer.status, 400, "{theme:?}");
        assert_eq!(answer.header("set-cookie"), "", "{theme:?}");
    }
}

#[tokio::test]
async fn choosing_a_theme_leads_to_no_other_site() {
    let app = TestApp::start().await;
    let chosen = [("theme", "dark"), ("next", "//evil.example")];
    let answer = app.anonymous().post("/theme", &chosen).await;
    assert_eq!(answer.header("location"), "/");
}

#[tokio::test]
async fn no_other_site_chooses_a_theme() {
    let app = TestApp::start().await;
    let answer = app
        .anonymous()
        .post_with(
            "/theme",
            &[("theme", "dark")],
            &[
                ("origin", "https://evil.example"),
                ("sec-fetch-site", "cross-site"),
            ],
        )
        .await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("set-cookie"), "");
}

#[tokio::test]
async fn a_page_comes_in_the_theme_of_the_cookie() {
    let app = TestApp::start().await;
    for (cookie, theme, scheme) in [
        ("theme=light", "light", "light"),
        ("theme=dark", "dark", "dark"),
        ("theme=system", "system", "light dark"),
        ("theme=\"><script>", "system", "light dark"),
        ("theme=dark; theme=light", "system", "light dark"),
        ("other=dark", "system", "light dark"),
    ] {
        let page = app
            .anonymous()
            .get_with(PUBLIC, &[("cookie", cookie)])
            .await;
        let html = format!("data-theme=\"{theme}\"");
        let meta = format!("<meta name=\"color-scheme\" content=\"{scheme}\"");
        assert!(page.body.contains(&html), "{cookie}");
        assert!(page.body.contains(&meta), "{cookie}");
    }
}

#[tokio::test]
async fn the_samples_come_in_the_language_of_the_cookie() {
    let app = TestApp::start().await;
    for (cookie, language) in [
        ("language=php", "php"),
        ("language=python", "python"),
        ("language=cobol", "curl"),
        ("", "curl"),
    ] {
        let page = app
            .anonymous()
            .get_with(PUBLIC, &[("cookie", cookie)])
            .await;
        let checked: Vec<_> = page
            .body
            .split("<input")
            .filter(|input| input.contains("name=\"sample\""))
            .filter(|input| input[..input.find('>').unwrap()].contains(" checked"))
            .collect();
        assert_eq!(checked.len(), 1, "{cookie}");
        let value = format!("value=\"{language}\"");
        assert!(checked[0].contains(&value), "{cookie}: {}", checked[0]);
    }
}

#[tokio::test]
async fn a_new_token_is_shown_with_the_language_that_was_chosen_last() {
    let app = TestApp::start().await;
    let mut owner = app.logged_in().await;
    let session = owner.cookie.clone().unwrap();
    for (cookie, chosen) in [
        ("language=php", "php"),
        ("language=env", "env"),
        ("", "env"),
    ] {
        owner.cookie = Some(format!("{session}; {cookie}"));
        let name = format!("After {cookie}");
        let page = owner.post("/profile/tokens", &[("name", &name)]).await;
        let mut inputs = page.body.split("<input").skip(1);
        let checked = inputs.find(|input| {
            let (tag, _) = input.split_once('>').unwrap();
            tag.contains("name=\"use-in\"") && tag.contains(" checked")
        });
        let value = format!("value=\"{chosen}\"");
        assert!(
            checked.is_some_and(|input| input.contains(&value)),
            "{cookie}"
        );
    }
}
