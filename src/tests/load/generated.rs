//! Tokens by the million: none twice, every character as likely as any other, no typo accepted.

use std::{collections::HashMap, thread};

use opentill::model::secret::TokenSecret;

use crate::support::rounds;

const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Chi-square of 61 degrees of freedom that chance exceeds once in a thousand million times, so that
/// it is no chance when it is.
const UNLIKELY: f64 = 153.0;
/// Of the 46 characters the random ones: after the prefix, before the checksum.
const RANDOM: std::ops::Range<usize> = 8..40;

/// Chi-square of counts that should be even.
#[expect(clippy::cast_precision_loss)]
fn chi_square(counts: &[u64]) -> f64 {
    let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
    let off = counts
        .iter()
        .map(|count| (*count as f64 - expected).powi(2));
    off.sum::<f64>() / expected
}

/// So many tokens: the random part of each as a number, and how often each character was drawn.
fn generate(count: usize) -> (Vec<u128>, Vec<u64>) {
    let place: HashMap<char, usize> = ALPHABET.chars().zip(0..).collect();
    let mut numbers = Vec::with_capacity(count);
    let mut counts = vec![0; 62];
    for _ in 0..count {
        let token = TokenSecret::generate();
        let text = token.expose();
        assert!(
            TokenSecret::parse(text.as_bytes()).is_some(),
            "the checksum is right"
        );
        let mut number = 0_u128;
        for (at, c) in text[RANDOM].chars().enumerate() {
            counts[place[&c]] += 1;
            // Half of it, 95 bits: two that are equal here are the same token or a miracle.
            if at < 16 {
                number = number * 62 + place[&c] as u128;
            }
        }
        numbers.push(number);
    }
    (numbers, counts)
}

#[test]
fn generated_tokens_are_all_different_and_evenly_drawn() {
    const THREADS: usize = 2;
    let each = rounds("GENERATED_TOKENS", 20_000).div_ceil(THREADS);
    let threads: Vec<_> = (0..THREADS)
        .map(|_| thread::spawn(move || generate(each)))
        .collect();
    let mut numbers = Vec::new();
    let mut counts = vec![0; 62];
    for thread in threads {
        let (some, drawn) = thread.join().unwrap();
        numbers.extend(some);
        for (count, drawn) in counts.iter_mut().zip(drawn) {
            *count += drawn;
        }
    }
    numbers.sort_unstable();
    let count = numbers.len();
    numbers.dedup();
    assert_eq!(numbers.len(), count, "none twice");
    let off = chi_square(&counts);
    println!("{count} tokens, chi-square {off:.1} of 61 degrees of freedom");
    assert!(off < UNLIKELY, "{off}: {counts:?}");
}

#[test]
fn chi_square_tells_even_from_uneven() {
    assert!(chi_square(&[1_000; 62]) < 1e-9);
    let mut uneven = [1_000; 62];
    uneven[0] = 1_500;
    assert!(chi_square(&uneven) > UNLIKELY);
}

#[test]
fn no_typo_of_any_token_is_accepted() {
    for _ in 0..rounds("MISTYPED_TOKENS", 50) {
        let token = TokenSecret::generate();
        let text = token.expose().as_bytes();
        for at in 0..text.len() {
            for other in ALPHABET.bytes().chain(*b"_- ") {
                let mut typo = text.to_vec();
                typo[at] = other;
                assert_eq!(TokenSecret::parse(&typo).is_some(), typo == text, "{at}");
            }
        }
    }
}
