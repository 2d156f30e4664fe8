//! The secrets of links, and what is sent to the mail server.

use super::{Canary, all_of, assert_absent, files_below, headers_of, look_around, wait_for_log};
use crate::support::{
    EMAIL, eventually,
    mail::{MailServer, Manner},
    mutations::NEW_PASSWORD,
    postgres::dump,
    process::Workplace,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secret_of_a_link_is_in_the_mail_and_on_the_page_it_leads_to_and_nowhere_else() {
    let mail = MailServer::start(Manner::Accept).await;
    let workplace = Workplace::new()
        .set("OPENTILL_LOG", "trace")
        .set(
            "OPENTILL_SMTP_URL",
            mail.url().replace("//", "//portal:hunter2hunter2@"),
        )
        .set("OPENTILL_MAIL_FROM", "portal@example.com");
    workplace.add_client(EMAIL);
    let server = workplace.serve();
    let mut owner = server.browser();
    let mut said = Vec::new();
    let mut links = Vec::new();
    for n in 1..3 {
        let asked = owner.post("/forgot-password", &[("email", EMAIL)]).await;
        said.push(all_of(&asked));
        eventually("it is sent", async || mail.accepted().len() == n).await;
        links.push(mail.accepted()[n - 1].link());
    }
    let form = owner.get(&links[0]).await;
    said.push(headers_of(&form));
    let canaries: Vec<_> = links
        .iter()
        .map(|link| Canary::new("the secret of a link", link.rsplit_once('/').unwrap().1))
        .chain([
            Canary::new("the new password", NEW_PASSWORD),
            Canary::new("the password of the mail server", "hunter2hunter2"),
        ])
        .collect();
    assert!(canaries[0].is_in(form.body.as_bytes()), "the control");
    for password in ["short", NEW_PASSWORD] {
        let set = owner.post(&links[0], &[("new_password", password)]).await;
        said.push(headers_of(&set));
    }
    for link in &links {
        said.push(all_of(&owner.get(link).await));
    }
    owner.log_in(EMAIL, NEW_PASSWORD).await;
    said.extend(look_around(&mut owner).await);
    let last = owner.get("/activity").await;
    said.push(all_of(&last));
    wait_for_log(&server, &last).await;
    assert_absent(&canaries, "what was answered", said.join("\n").as_bytes());
    let log = server.stderr();
    assert!(log.contains("route=/set-password/{secret}"), "{log}");
    assert_absent(&canaries, "the log", log.as_bytes());
    let trail = workplace
        .say_beside(&["activity", "list", "--client", EMAIL])
        .await;
    assert_absent(&canaries, "the activity", trail.as_bytes());
    if let Some(url) = workplace.database() {
        assert_absent(&canaries, "the database", dump(url).as_bytes());
        return;
    }
    let running = files_below(workplace.dir());
    drop(server);
    for (name, bytes) in running.iter().chain(&files_below(workplace.dir())) {
        assert_absent(&canaries, name, bytes);
    }
}
