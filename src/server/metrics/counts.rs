//! Counters and histograms of relaxed atomics.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A number that only grows.
#[derive(Debug)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Zero.
    pub const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Counts one more.
    pub fn add_one(&self) {
        self.add(1);
    }

    /// Counts `more`.
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Relaxed);
    }

    /// The number.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Default for Counter {
    fn default() -> Self {
        Self::new()
    }
}

/// How many values there were up to each of `N` bounds, and above.
#[derive(Debug)]
pub struct Histogram<const N: usize> {
    bounds: [u64; N],
    within: [Counter; N],
    above: Counter,
    sum: Counter,
}

impl<const N: usize> Histogram<N> {
    /// No values. `bounds` grow.
    pub const fn new(bounds: [u64; N]) -> Self {
        Self {
            bounds,
            within: [const { Counter::new() }; N],
            above: Counter::new(),
            sum: Counter::new(),
        }
    }

    /// Counts a value.
    pub fn add(&self, value: u64) {
        let at = self.bounds.partition_point(|bound| *bound < value);
        self.within.get(at).unwrap_or(&self.above).add_one();
        self.sum.add(value);
    }

    /// The number of values, their sum, and each bound with the number of values between the one before and it. Values that
    /// are added meanwhile may be missing in some of them.
    pub fn get(&self) -> (u64, u64, [(u64, u64); N]) {
        let sum = self.sum.get();
        let above = self.above.get();
        let mut at = 0;
        let buckets = self.bounds.map(|bound| {
            at += 1;
            (bound, self.within[at - 1].get())
        });
        let within: u64 = buckets.iter().map(|(_, count)| count).sum();
        (within + above, sum, buckets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_counted_at_the_first_bound_that_it_does_not_exceed() {
        let histogram = Histogram::new([1, 10, 100]);
        for value in [0, 1, 2, 10, 11, 100, 101, u64::from(u32::MAX)] {
            histogram.add(value);
        }
        let (count, sum, buckets) = histogram.get();
        assert_eq!(buckets, [(1, 2), (10, 2), (100, 2)]);
        assert_eq!(count, 8, "two are above");
        assert_eq!(sum, 225 + u64::from(u32::MAX));
    }
}
