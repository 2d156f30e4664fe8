//! Invitations, as the operator makes them.

use opentill::model::mail::LinkKind;

use super::NEW_PASSWORD;
use crate::support::{
    EMAIL,
    mail::{MailServer, Manner},
    process::Workplace,
};

const ADD: [&str; 7] = [
    "client",
    "add",
    "--email",
    EMAIL,
    "--name",
    "Jane Smith",
    "--invite",
];
const INVITE: [&str; 4] = ["client", "invite", "--email", EMAIL];

fn link_in(said: &str) -> String {
    let url = said.lines().last().unwrap();
    let at = url
        .find("/set-password/")
        .unwrap_or_else(|| panic!("{said}"));
    url[at..].to_owned()
}

#[tokio::test]
async fn without_mail_the_link_is_printed_and_the_operator_never_learns_the_password() {
    let workplace = Workplace::new();
    let said = workplace.say(&ADD, "");
    assert!(said.starts_with("1\nhttp://127.0.0.1"), "{said}");
    let first = link_in(&said);
    let second = link_in(&workplace.say(&INVITE, ""));
    assert_ne!(first, second);
    let server = workplace.serve();
    let mut jane = server.browser();
    let page = jane.get(&first).await;
    assert!(page.body.contains("Set your password"), "{}", page.body);
    assert!(
        !page.body.contains("revoke_tokens"),
        "there are no tokens yet"
    );
    let done = jane.post(&first, &[("new_password", NEW_PASSWORD)]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(
        jane.get(&second).await.status,
        404,
        "it ends the other, too"
    );
    assert_eq!(jane.log_in(EMAIL, NEW_PASSWORD).await.status, 303);

    let refused = workplace.run(&INVITE);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.stderr.contains("has a password already"),
        "{refused:?}"
    );
    let closed = [
        "client",
        "set-status",
        "--email",
        EMAIL,
        "--status",
        "closed",
    ];
    workplace.say(&closed, "");
    assert_eq!(workplace.run(&INVITE).code, Some(1));
    let nobody = ["client", "invite", "--email", "nobody@example.com"];
    assert_eq!(
        workplace.run(&nobody).stderr.trim(),
        "opentill: no client with this email"
    );
    let both = [&ADD[..], &["--password-stdin"]].concat();
    assert_eq!(workplace.run(&both).code, Some(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_mail_it_waits_in_the_list_until_a_server_sends_it() {
    let mail = MailServer::start(Manner::Accept).await;
    let workplace = Workplace::new()
        .set("OPENTILL_SMTP_URL", mail.url())
        .set("OPENTILL_MAIL_FROM", "portal@example.com")
        .set("OPENTILL_NAME", "Acme <b>Hosting");
    let said = workplace.say(&ADD, "");
    assert!(said.contains("will be sent by mail"), "{said}");
    assert!(!said.contains("/set-password/"), "{said}");
    let list = workplace.say(&["mail", "list"], "");
    let columns: Vec<_> = list.trim_end().split('\t').collect();
    assert_eq!(columns.len(), 7, "{list}");
    assert_eq!(&columns[..3], ["1", "invitation", EMAIL]);
    assert_eq!((columns[4], columns[6]), ("0", "-"), "{list}");
    let json = workplace.say(&["mail", "list", "--json"], "");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["kind"], "invitation");

    let server = workplace.serve();
    crate::support::eventually("it is sent", async || mail.accepted().len() == 1).await;
    let sent = &mail.accepted()[0];
    assert_eq!(sent.header("To"), EMAIL);
    assert!(sent.text.contains("7 days") && sent.html.contains("Acme &lt;b&gt;Hosting"));
    let mut jane = server.browser();
    let done = jane
        .post(&sent.link(), &[("new_password", NEW_PASSWORD)])
        .await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(jane.log_in(EMAIL, NEW_PASSWORD).await.status, 303);
    crate::support::eventually("the list is empty", async || {
        workplace.say_beside(&["mail", "list"]).await.is_empty()
    })
    .await;
    assert_eq!(LinkKind::WORDS, ["invitation", "reset"]);
}
