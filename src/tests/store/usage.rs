//! What the database promises of the use of tokens.

use opentill::{
    model::{
        activity::{Event, Who},
        client::ClientId,
        timestamp::{DAY, HOUR},
        token::TokenId,
        usage::{RefusedCalls, TokenUsage, day},
    },
    server::store::Refused,
};

use super::{NOW, Place, Use, actor, address, at, created, used};

pub async fn last_use_goes_forward_only(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let id = created(&place, jane, "A", "secret").await;
    let other = created(&place, jane, "B", "other").await;
    for (moment, recorded) in [(50, 50), (20, 50), (-50, 50), (51, 51)] {
        // Of a token that is not there nothing is recorded, and the rest is all the same.
        let uses = [used(TokenId(99), NOW), used(id, at(moment))];
        place.store.record_uses(&uses).await.unwrap();
        let token = place.store.token_of(jane, id).await.unwrap().unwrap();
        let (token, _) = token.into_parts();
        assert_eq!(token.last_used_at, Some(at(recorded)));
    }
    let other = place.store.token_of(jane, other).await.unwrap().unwrap();
    let (other, _) = other.into_parts();
    assert_eq!(other.last_used_at, None);
}

pub async fn the_last_use_of_any_token_is_known_also_after_it_is_revoked(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    let last = async || place.store.last_use_of(jane).await.unwrap();
    let first = created(&place, jane, "A", "secret").await;
    let second = created(&place, jane, "B", "other").await;
    assert_eq!(last().await, None);
    let uses = [used(first, at(50)), used(second, at(20))];
    place.store.record_uses(&uses).await.unwrap();
    assert_eq!(last().await, Some(at(50)));
    place
        .store
        .revoke_token(Some(jane), first, &actor(), at(60))
        .await
        .unwrap();
    assert_eq!(last().await, Some(at(50)));
    assert_eq!(place.store.last_use_of(joe).await.unwrap(), None);
}

/// What the trail says of the use of tokens, oldest first.
async fn events(place: &Place, client: ClientId) -> Vec<(Event, String)> {
    let trail = place.store.activity_of(client, 1000).await.unwrap();
    let of_use = trail
        .into_iter()
        .rev()
        .filter(|line| line.who == Who::Token);
    of_use
        .map(|line| (line.event, line.address.unwrap().to_string()))
        .collect()
}

fn used_from(token: TokenId, from: &str, seconds: i64) -> Use {
    Use {
        address: Some(address(from)),
        ..used(token, at(seconds))
    }
}

pub async fn a_first_use_is_written_down_once(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let id = created(&place, jane, "A", "secret").await;
    for _ in 0..3 {
        place.store.record_uses(&[used(id, NOW)]).await.unwrap();
    }
    let trail = place.store.activity_of(jane, 1).await.unwrap();
    let line = &trail[0];
    assert_eq!(
        (line.event, line.who, line.at),
        (Event::TokenFirstUsed, Who::Token, NOW)
    );
    let token = line.token.as_ref().unwrap();
    assert_eq!((token.id, token.name.as_str()), (id, "A"));
    assert_eq!(line.address, Some(address("198.51.100.1")));
    assert_eq!(line.user_agent, "curl/8.0");
    assert_eq!(events(&place, jane).await.len(), 1);
}

pub async fn uses_are_written_while_all_tokens_are_revoked_and_made_anew(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let mut last = Vec::new();
    for round in 0..30 {
        let mut ids = Vec::new();
        for n in 0..3 {
            let secret = format!("{round} {n}");
            ids.push(created(&place, jane, &secret, &secret).await);
        }
        // A first use is a line of the client's trail, and revoking writes there as well.
        let uses: Vec<_> = ids.iter().map(|id| used(*id, NOW)).collect();
        let actor = actor();
        let (written, revoked) = tokio::join!(
            place.store.record_uses(&uses),
            place.store.revoke_all_tokens(jane, &actor, NOW),
        );
        written.unwrap();
        assert_eq!(revoked.unwrap().len(), 3);
        last = ids;
    }
    assert!(place.store.tokens_of(jane).await.unwrap().is_empty());
    let mentioned = events(&place, jane).await;
    assert_eq!(mentioned.len(), 30 * last.len(), "each first use");
}

pub async fn a_new_address_is_written_down_once_an_hour_at_most(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let id = created(&place, jane, "A", "secret").await;
    for (from, seconds) in [
        ("192.0.2.1", 0),
        ("192.0.2.2", HOUR - 1),
        ("192.0.2.3", 2 * HOUR),
        ("192.0.2.1", 4 * HOUR),
        ("192.0.2.3", 4 * HOUR),
        ("192.0.2.4", 4 * HOUR),
    ] {
        let uses = [used_from(id, from, seconds)];
        place.store.record_uses(&uses).await.unwrap();
    }
    let expected = [
        (Event::TokenFirstUsed, "192.0.2.1"),
        (Event::TokenUsedFromNewAddress, "192.0.2.3"),
        (Event::TokenUsedFromNewAddress, "192.0.2.4"),
    ];
    let expected = expected.map(|(event, from)| (event, from.to_owned()));
    assert_eq!(events(&place, jane).await, expected);
    let known = "SELECT count(*) FROM token_addresses";
    assert_eq!(place.number(known).await, 4, "the list has them all");
}

pub async fn many_uses_at_once_are_each_written_down_for_what_they_are(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let mut ids = Vec::new();
    for n in 0..40 {
        let text = format!("token {n}");
        ids.push(created(&place, jane, &text, &text).await);
    }
    // Half of the tokens, from one address; then all of them, from two, the later use first.
    let earlier: Vec<_> = ids.iter().step_by(2).map(|id| used(*id, NOW)).collect();
    place.store.record_uses(&earlier).await.unwrap();
    let later = |id: &TokenId| {
        [("192.0.2.1", 20), ("198.51.100.1", 10)].map(|(from, at)| used_from(*id, from, at))
    };
    let later: Vec<_> = ids.iter().flat_map(later).collect();
    place.store.record_uses(&later).await.unwrap();
    for (n, id) in ids.iter().enumerate() {
        let token = place.store.token_of(jane, *id).await.unwrap().unwrap();
        let (token, _) = token.into_parts();
        assert_eq!(token.last_used_at, Some(at(20)), "token {n}");
        let usage = place.store.usage_of(jane, *id, at(20)).await.unwrap();
        let calls = if n % 2 == 0 { 3 } else { 2 };
        assert_eq!(usage.calls.last(), Some(&calls), "token {n}");
        let addresses = usage.addresses.iter();
        let addresses: Vec<_> = addresses
            .map(|known| (known.address, known.last_used_at))
            .collect();
        let expected = [
            (address("192.0.2.1"), at(20)),
            (address("198.51.100.1"), at(10)),
        ];
        assert_eq!(addresses, expected, "token {n}");
    }
    let first_uses = "SELECT count(*) FROM activity WHERE event = 'token_first_used'";
    assert_eq!(place.number(first_uses).await, 40);
}

pub async fn a_hundred_addresses_are_remembered(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let id = created(&place, jane, "A", "secret").await;
    let uses: Vec<_> = (0..103)
        .map(|n| used_from(id, &format!("192.0.2.{n}"), n))
        .collect();
    place.store.record_uses(&uses).await.unwrap();
    let known = "SELECT count(*) FROM token_addresses";
    assert_eq!(place.number(known).await, 100);
    let oldest = "SELECT count(*) FROM token_addresses WHERE address IN ('192.0.2.0', '192.0.2.1', '192.0.2.2')";
    assert_eq!(place.number(oldest).await, 0);
}

pub async fn calls_are_counted_by_day_for_ninety_days(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let id = created(&place, jane, "A", "secret").await;
    let count = async |seconds, calls| {
        let counted = Use {
            calls,
            ..used(id, at(seconds))
        };
        place.store.record_uses(&[counted]).await.unwrap();
    };
    count(0, 3).await;
    count(1, 4).await;
    count(DAY, 5).await;
    let days = "SELECT count(*) FROM token_days";
    assert_eq!(place.number(days).await, 2);
    assert_eq!(
        place
            .number("SELECT calls FROM token_days ORDER BY day LIMIT 1")
            .await,
        7
    );
    count(90 * DAY, 1).await;
    assert_eq!(place.number(days).await, 2, "the first day is too long ago");
    assert_eq!(
        place
            .number("SELECT calls FROM token_days ORDER BY day LIMIT 1")
            .await,
        5
    );
}

pub async fn the_use_of_thirty_days_and_of_all_addresses_is_shown_to_its_owner(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    let id = created(&place, jane, "A", "1").await;
    let unused = created(&place, jane, "B", "2").await;
    let revoked = created(&place, jane, "C", "3").await;
    let now = at(0);
    let days_ago = |days: i64, calls| Use {
        calls,
        ..used(id, at(-days * DAY))
    };
    for counted in [
        days_ago(30, 9),
        days_ago(29, 8),
        days_ago(1, 7),
        days_ago(0, 6),
    ] {
        place.store.record_uses(&[counted]).await.unwrap();
    }
    for n in 1..=6 {
        let from = used_from(id, &format!("192.0.2.{n}"), -n);
        let calls = Use { calls: 0, ..from };
        place.store.record_uses(&[calls]).await.unwrap();
    }
    place
        .store
        .record_uses(&[used(revoked, now)])
        .await
        .unwrap();
    place
        .store
        .revoke_token(None, revoked, &actor(), now)
        .await
        .unwrap();

    let usage = place.store.usage_of(jane, unused, now).await.unwrap();
    assert_eq!(usage, TokenUsage::none(unused));
    let usage = place.store.usage_of(jane, revoked, now).await.unwrap();
    assert_eq!((usage.total(), usage.addresses.len()), (1, 1), "it is kept");
    let of_token = place.store.usage_of(jane, id, now).await.unwrap();
    assert_eq!(
        of_token.calls[0], 8,
        "29 days ago is the first that is shown"
    );
    assert_eq!(of_token.calls[28..], [7, 6]);
    assert_eq!(of_token.total(), 21);
    let addresses: Vec<_> = of_token
        .addresses
        .iter()
        .map(|from| from.address.to_string())
        .collect();
    let latest = [
        "198.51.100.1",
        "192.0.2.1",
        "192.0.2.2",
        "192.0.2.3",
        "192.0.2.4",
        "192.0.2.5",
        "192.0.2.6",
    ];
    assert_eq!(addresses, latest);
    assert_eq!(of_token.addresses[0].device(), "curl");
    let first = of_token.addresses[0].first_used_at;
    assert_eq!(first, at(-30 * DAY));
    assert!(!of_token.addresses[0].is_new(now) && of_token.addresses[1].is_new(now));
    let of_another = place.store.usage_of(joe, id, now).await.unwrap();
    assert_eq!(of_another, TokenUsage::none(id));

    let of_all = place.store.calls_of(jane, now).await.unwrap();
    assert_eq!(of_all[..29], of_token.calls[..29]);
    assert!(of_all[29] > of_token.calls[29], "the revoked token counts");
    let busiest = place.store.busiest_tokens_of(jane, now, 5).await.unwrap();
    let busiest: Vec<_> = busiest
        .iter()
        .map(|token| (token.id, token.calls))
        .collect();
    assert_eq!(busiest, [(id, 21)]);
    assert_eq!(place.store.calls_of(joe, now).await.unwrap(), [0; 30]);
    let of_joe = place.store.busiest_tokens_of(joe, now, 5).await.unwrap();
    assert_eq!(of_joe, []);
}

pub async fn refused_calls_are_counted_apart_and_are_no_use(place: Place) {
    let jane = place.add_client("jane@example.com").await;
    let joe = place.add_client("joe@example.com").await;
    let often = created(&place, jane, "A", "a").await;
    let once = created(&place, jane, "B", "b").await;
    let other = created(&place, joe, "C", "c").await;
    let refuse = async |token, seconds, calls| {
        let refused = Refused {
            token,
            day: day(at(seconds)),
            calls,
        };
        place.store.record_refused(&refused).await.unwrap();
    };
    for (token, seconds, calls) in [
        (once, 0, 1),
        (often, 0, 3),
        (often, DAY, 4),
        (other, 0, 9),
        (TokenId(999), 0, 5),
    ] {
        refuse(token, seconds, calls).await;
    }
    let refused = async |seconds| {
        let refused = place.store.refused_calls_of(jane, at(seconds)).await;
        let RefusedCalls { calls, most } = refused.unwrap();
        (calls, most)
    };
    assert_eq!(refused(DAY).await, (8, Some(often)));
    assert_eq!(refused(7 * DAY).await, (4, Some(often)), "of seven days");
    assert_eq!(refused(8 * DAY).await, (0, None));
    let usage = place.store.usage_of(jane, often, at(DAY)).await.unwrap();
    assert_eq!((usage.refused, usage.total()), (7, 0));
    let token = place.store.token_of(jane, often).await.unwrap().unwrap();
    assert_eq!(token.into_parts().0.last_used_at, None);
    refuse(often, 91 * DAY, 1).await;
    let days = "SELECT count(*) FROM token_days";
    assert_eq!(
        place.number(days).await,
        3,
        "those of ninety days ago are gone"
    );
}
