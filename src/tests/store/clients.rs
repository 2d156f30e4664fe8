//! What the database promises of clients.

use opentill::model::{
    client::{Client, ClientStatus},
    contact::Contact,
};

use super::*;

pub async fn an_address_is_taken_once_whatever_its_case(place: Place) {
    place.add_client("jane@example.com").await;
    for email in ["jane@example.com", "JANE@Example.com", "Jane@EXAMPLE.COM"] {
        let again = place
            .store
            .add_client(&client(email), None, NOW)
            .await
            .unwrap();
        assert_eq!(again, None, "{email}");
        let found = place.store.client_by_email(&email.parse().unwrap()).await;
        assert!(found.unwrap().is_some(), "{email}");
    }
    let unknown = "joan@example.com".parse().unwrap();
    let found = place.store.client_by_email(&unknown).await.unwrap();
    assert!(found.is_none());
    assert_eq!(place.store.clients_after(None, 100).await.unwrap().len(), 1);
}

pub async fn a_client_is_stored_as_it_was_given(place: Place) {
    let mut new = client("Jané@Example.com");
    new.contact.name = "O'Brien \"; DROP TABLE clients; -- 日本".into();
    let id = place
        .store
        .add_client(&new, None, NOW)
        .await
        .unwrap()
        .unwrap();
    let (found, password_hash) = place
        .store
        .client_by_email(&new.email)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.id, id);
    assert_eq!(found.contact, new.contact);
    assert_eq!(found.email, new.email);
    assert_eq!(found.status, ClientStatus::Active);
    assert_eq!(found.created_at, NOW);
    assert_eq!(password_hash, new.password_hash);
}

pub async fn clients_are_listed_oldest_first(place: Place) {
    let mut ids = Vec::new();
    for email in ["c@x.example", "a@x.example", "b@x.example"] {
        ids.push(place.add_client(email).await);
    }
    let listed = place.store.clients_after(None, 100).await.unwrap();
    let listed: Vec<_> = listed.into_iter().map(|client| client.id).collect();
    assert_eq!(listed, ids);
}

pub async fn a_new_password_ends_all_sessions_and_a_rehash_none(place: Place) {
    let (jane, joe) = sessions::two_clients_with_sessions(&place).await;
    place
        .store
        .rehash_password(jane, "hash", "stronger")
        .await
        .unwrap();
    assert_eq!(sessions::count(&place, jane).await, 2);
    place
        .store
        .rehash_password(jane, "hash", "late")
        .await
        .unwrap();
    let stored = async || {
        let jane = "jane@example.com".parse().unwrap();
        let found = place.store.client_by_email(&jane).await.unwrap();
        found.unwrap().1
    };
    assert_eq!(
        stored().await.as_deref(),
        Some("stronger"),
        "it was no longer the old one"
    );
    let changed = activity(jane, Event::PasswordChanged);
    place
        .store
        .set_password(jane, "new", changed)
        .await
        .unwrap();
    assert_eq!(sessions::count(&place, jane).await, 0);
    assert_eq!(sessions::count(&place, joe).await, 2);
    assert_eq!(stored().await.as_deref(), Some("new"));
    let joe = "joe@example.com".parse().unwrap();
    let (_, stored) = place.store.client_by_email(&joe).await.unwrap().unwrap();
    assert_eq!(stored.as_deref(), Some("hash"));
}

pub async fn details_are_changed_and_nothing_else_is(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    let before = place.store.clients_after(None, 100).await.unwrap();
    let new = Contact {
        name: "Jane Jones".into(),
        company: Some("Jones & Co".into()),
        phone: None,
        address1: "1 New Street".into(),
        address2: Some("Floor 2".into()),
        city: "Köln".into(),
        state: String::new(),
        postcode: "50667".into(),
        country: "DE".into(),
    };
    let set = async |new: &Contact, may_replace: bool| {
        let changed = activity(jane, Event::DetailsChanged);
        let set = place.store.set_details(jane, new, |_| may_replace, changed);
        set.await.unwrap()
    };
    let old = before[0].contact.clone();
    assert_eq!(set(&new, false).await, old);
    assert_eq!(place.store.clients_after(None, 100).await.unwrap(), before);
    assert_eq!(set(&new, true).await, old);
    assert_eq!(set(&new, true).await, new);
    let after = place.store.clients_after(None, 100).await.unwrap();
    let expected = Client {
        contact: new,
        ..before[0].clone()
    };
    assert_eq!(after, [expected, before[1].clone()]);
    assert_eq!(after[1].id, joe);
    let trail = place.store.activity_of(jane, 10).await.unwrap();
    let events: Vec<_> = trail.iter().map(|line| line.event).collect();
    assert_eq!(events, [Event::DetailsChanged], "one change, written once");
}

pub async fn closing_ends_all_sessions_and_suspending_none(place: Place) {
    let (jane, joe) = sessions::two_clients_with_sessions(&place).await;
    let set = async |status| {
        let changed = activity(jane, Event::StatusChanged);
        place.store.set_status(jane, status, changed).await.unwrap()
    };
    assert!(set(ClientStatus::Suspended).await);
    let before = place.store.activity_of(jane, 10).await.unwrap();
    assert!(!set(ClientStatus::Suspended).await, "it is so already");
    assert_eq!(place.store.activity_of(jane, 10).await.unwrap(), before);
    assert_eq!(sessions::count(&place, jane).await, 2);
    set(ClientStatus::Closed).await;
    assert_eq!(sessions::count(&place, jane).await, 0);
    assert_eq!(sessions::count(&place, joe).await, 2);
}
