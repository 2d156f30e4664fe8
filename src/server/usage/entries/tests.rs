use super::*;

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

fn address(n: usize) -> Address {
    let [.., a, b, c] = n.to_be_bytes();
    format!("10.{a}.{b}.{c}").parse().unwrap()
}

fn calls(usage: &Entries, token: i64, address: Option<Address>) -> Option<u32> {
    let entry = usage.uses.get(&(TokenId(token), address));
    entry.map(|entry| entry.calls)
}

#[test]
fn a_hundred_addresses_of_a_token_are_noted_and_the_calls_from_others_without() {
    let usage = Entries::default();
    for n in 0..150 {
        usage.note(TokenId(1), Some(address(n)), "curl/8.0", NOW);
    }
    assert_eq!(usage.uses.len(), 101);
    assert_eq!(calls(&usage, 1, None), Some(50));
    usage.note(TokenId(1), Some(address(0)), "curl/8.0", NOW);
    assert_eq!(
        calls(&usage, 1, Some(address(0))),
        Some(2),
        "it is still known"
    );
    assert_eq!(usage.unaddressed.calls(), 50);
}

#[test]
fn what_others_fill_the_notes_with_hides_nobodys_use_and_no_new_address() {
    let usage = Entries::default();
    for n in 0..MAX_ENTRIES {
        let token = i64::try_from(n / 100).unwrap();
        usage.note(TokenId(token), Some(address(n)), "curl/8.0", NOW);
    }
    assert_eq!(usage.uses.len(), MAX_ENTRIES);
    for n in 0..5 {
        usage.note(TokenId(-1), Some(address(n)), "curl/8.0", NOW);
    }
    usage.note(TokenId(-2), None, "curl/8.0", NOW);
    for n in 0..4 {
        assert_eq!(calls(&usage, -1, Some(address(n))), Some(1));
    }
    assert_eq!(calls(&usage, -1, None), Some(1), "the fifth");
    assert_eq!(calls(&usage, -2, None), Some(1));
    for n in 0..1_000 {
        usage.note(TokenId(0), Some(address(n + 500)), "curl/8.0", NOW);
    }
    assert_eq!(usage.uses.len(), MAX_ENTRIES + 4 + 3, "it is bounded");
}

#[test]
fn an_address_that_was_forgotten_makes_room() {
    let usage = Entries::default();
    for n in 0..100 {
        usage.note(TokenId(1), Some(address(n)), "curl/8.0", NOW);
    }
    for mut entry in usage.uses.iter_mut() {
        entry.calls = 0;
    }
    usage.drop_unused(Timestamp::from_unix(NOW.unix() + KEPT_FOR));
    assert!(usage.uses.is_empty() && usage.addresses.is_empty());
    usage.note(TokenId(1), Some(address(100)), "curl/8.0", NOW);
    assert_eq!(calls(&usage, 1, Some(address(100))), Some(1));
}
