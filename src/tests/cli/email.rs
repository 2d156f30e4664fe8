//! Email addresses in every form in which they are typed: one client, who can log in.

use super::*;

const MULLER: [&str; 5] = [
    "jane@müller.example",
    "jane@xn--mller-kva.example",
    "Jane@MÜLLER.Example",
    "jane@mu\u{308}ller.example",
    " jane@XN--MLLER-KVA.example ",
];

#[tokio::test]
async fn each_form_of_an_address_is_the_same_client_wherever_it_is_typed() {
    for (added, forms) in [
        (MULLER[0], &MULLER[..]),
        (MULLER[1], &MULLER),
        (MULLER[3], &MULLER),
        (
            "zoë@example.com",
            &["zoe\u{308}@example.com", "ZOË@EXAMPLE.COM"],
        ),
        ("o'neil+till@example.com", &["O'Neil+Till@example.com"]),
    ] {
        let operator = Workplace::new();
        operator.add_client(added);
        let server = operator.serve();
        for form in forms {
            let mut browser = server.browser();
            let answer = browser.log_in(form, PASSWORD).await;
            assert_eq!(answer.status, 303, "{added:?} as {form:?}");
            let again = operator.run(&["client", "add", "--name", "Two", "--email", form]);
            assert_eq!(again.code, Some(1), "{form:?}");
            assert!(again.stderr.contains("already exists"), "{again:?}");
            for command in [
                &["client", "show", "--email"][..],
                &["token", "list", "--client"],
                &["session", "list", "--client"],
                &["activity", "list", "--client"],
            ] {
                operator.say(&[command, &[form]].concat(), "");
            }
        }
        let clients = parse_list(&operator.say(&["client", "list", "--json"], ""));
        assert_eq!(clients.len(), 1, "{added:?}");
    }
}

#[tokio::test]
async fn a_client_of_an_earlier_version_is_found_and_not_added_again() {
    let operator = Workplace::new();
    operator.add_client("jane@müller.example");
    // The key was the address in lower case.
    operator.sql("UPDATE clients SET email_key = 'jane@müller.example'");
    let server = operator.serve();
    for form in MULLER {
        let mut browser = server.browser();
        assert_eq!(browser.log_in(form, PASSWORD).await.status, 303, "{form:?}");
        let again = operator.run(&["client", "add", "--name", "Two", "--email", form]);
        assert_eq!(again.code, Some(1), "{form:?}");
    }
}

#[tokio::test]
async fn the_form_sends_whatever_the_server_takes() {
    let operator = Workplace::new();
    let server = operator.serve();
    let page = server.browser().get("/login").await.body;
    let field = page
        .split("<input")
        .find(|field| field.contains("id=\"email\""))
        .unwrap();
    let field = field.split('>').next().unwrap();
    assert!(
        field.contains("type=\"text\"") && field.contains("inputmode=\"email\""),
        "{field}"
    );
    assert!(
        !page.contains("maxlength"),
        "nothing is shortened without a word"
    );

    for email in [
        "\"jane\"@example.com",
        "jane@[192.0.2.1]",
        "jane@ex_ample.com",
        "ja\u{200b}ne@example.com",
    ] {
        let refused = operator.run(&["client", "add", "--name", "Jane", "--email", email]);
        assert_eq!(refused.code, Some(2), "{email:?}: {refused:?}");
    }
}
