//! The metrics: their names, what they say, and where their numbers are.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeGaugeValue, MetricEncoder, NoLabelSet},
    metrics::MetricType,
};

use crate::{
    model::timestamp::Timestamp,
    server::{
        database_url,
        metrics::{
            self, BATCHES, CLASSES, Counter, Histogram, LIMITED, LOGINS, STATEMENTS, VERIFIED,
        },
        state::AppState,
        store::Counted,
    },
};

/// What was read of the database last, and when.
pub type LastCounted = Arc<RwLock<Option<(Timestamp, Counted)>>>;

/// All numbers, collected anew for each scrape.
pub struct Numbers {
    state: AppState,
    counted: LastCounted,
    started_at: Timestamp,
}

impl Numbers {
    /// Those of this process and its database.
    pub fn new(state: AppState, counted: LastCounted) -> Self {
        let started_at = state.clock.now();
        Self {
            state,
            counted,
            started_at,
        }
    }
}

impl fmt::Debug for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Numbers").finish_non_exhaustive()
    }
}

impl Collector for Numbers {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let mut page = Page(&mut encoder);
        self.about(&mut page)?;
        requests(&mut page)?;
        tokens_and_logins(&mut page)?;
        self.passwords(&mut page)?;
        self.database(&mut page)?;
        self.counted(&mut page)
    }
}

impl Numbers {
    fn about(&self, page: &mut Page) -> fmt::Result {
        let is_file = database_url::is_file(&self.state.config.database_url);
        let database = if is_file { "sqlite" } else { "postgresql" };
        let build = [
            ("version", env!("CARGO_PKG_VERSION")),
            ("database", database),
        ];
        page.metric("build_info", "Version and database", MetricType::Gauge)?
            .encode_family(&build)?
            .encode_gauge(&1_i64)?;
        page.gauge(
            "start_time_seconds",
            "When the server started, in Unix time",
            self.started_at.unix(),
        )
    }

    fn passwords(&self, page: &mut Page) -> fmt::Result {
        let passwords = &self.state.passwords;
        page.metric(
            "password_turn_seconds",
            "Waiting for a thread that hashes passwords, and its work",
            MetricType::Histogram,
        )
        .and_then(|mut metric| times(&mut metric, &metrics::PASSWORDS))?;
        page.gauge(
            "password_hashes_running",
            "Passwords that are being hashed",
            passwords.workers().busy(),
        )?;
        let taken = passwords
            .places()
            .map(|(standing, taken, _)| (standing.word(), taken));
        page.gauges(
            "password_places_taken",
            "Places in the queue for hashing that are taken",
            "standing",
            &taken,
        )?;
        let all = passwords
            .places()
            .map(|(standing, _, all)| (standing.word(), all));
        page.gauges(
            "password_places",
            "Places in the queue for hashing",
            "standing",
            &all,
        )
    }

    fn database(&self, page: &mut Page) -> fmt::Result {
        let mut metric = page.metric(
            "lookup_batch_size",
            "Lookups that shared a transaction or statement",
            MetricType::Histogram,
        )?;
        let used = || BATCHES.iter().filter(|batch| batch.size.get().0 > 0);
        for batch in used() {
            let labels = [("reader", batch.reader)];
            histogram(&mut metric.encode_family(&labels)?, &batch.size, 1.0)?;
        }
        let mut metric = page.metric(
            "lookup_batch_seconds",
            "Time of such a transaction or statement",
            MetricType::Histogram,
        )?;
        for batch in used() {
            times(
                &mut metric.encode_family(&[("reader", batch.reader)])?,
                &batch.time,
            )?;
        }
        let mut metric = page.metric(
            "database_seconds",
            "Time of all other steps with the database",
            MetricType::Histogram,
        )?;
        for (step, taken) in &STATEMENTS {
            times(&mut metric.encode_family(&[("step", *step)])?, taken)?;
        }
        let (used, most) = self.state.store.connections();
        page.gauge(
            "database_connections_in_use",
            "Connections to the database in use (SQLite: the one that writes)",
            used,
        )?;
        page.gauge(
            "database_connections_limit",
            "Connections to the database that may be in use",
            most,
        )
    }

    fn counted(&self, page: &mut Page) -> fmt::Result {
        let last = *self.counted.read().unwrap_or_else(PoisonError::into_inner);
        let Some((at, counted)) = last else {
            return Ok(());
        };
        page.gauge(
            "sessions",
            "Sessions, at most 100000, counted once a minute",
            counted.sessions,
        )?;
        page.gauge(
            "tokens",
            "Active tokens, at most 100000, counted once a minute",
            counted.tokens,
        )?;
        page.gauge(
            "counted_time_seconds",
            "When sessions and tokens were counted, in Unix time",
            at.unix(),
        )?;
        match counted.imported_at {
            Some(at) => page.gauge(
                "import_time_seconds",
                "When the last import was done, in Unix time",
                at.unix(),
            ),
            None => Ok(()),
        }
    }
}

fn requests(page: &mut Page) -> fmt::Result {
    let routes = metrics::routes();
    let mut metric = page.metric(
        "http_requests",
        "Responses by route and class of status",
        MetricType::Counter,
    )?;
    for route in &routes {
        for (class, counter) in CLASSES.iter().zip(&route.classes) {
            if counter.get() > 0 {
                let labels = [("route", route.name), ("status", class)];
                count(&mut metric.encode_family(&labels)?, counter)?;
            }
        }
    }
    let mut metric = page.metric(
        "http_request_seconds",
        "From a request to its response",
        MetricType::Histogram,
    )?;
    for route in &routes {
        times(
            &mut metric.encode_family(&[("route", route.name)])?,
            &route.times,
        )?;
    }
    Ok(())
}

fn tokens_and_logins(page: &mut Page) -> fmt::Result {
    let mut metric = page.metric(
        "token_verifications",
        "Presented tokens by what was found",
        MetricType::Counter,
    )?;
    for (result, counter) in [
        ("remembered", &VERIFIED.remembered),
        ("read", &VERIFIED.read),
        ("unknown", &VERIFIED.unknown),
        ("malformed", &VERIFIED.malformed),
    ] {
        count(&mut metric.encode_family(&[("result", result)])?, counter)?;
    }
    page.counters("logins", "Login attempts by outcome", "outcome", &LOGINS)?;
    page.counters(
        "limited_requests",
        "Requests refused by a rate limit",
        "limit",
        &LIMITED,
    )
}

/// Writes metrics one after the other.
struct Page<'a, 'b>(&'a mut DescriptorEncoder<'b>);

impl Page<'_, '_> {
    fn metric<'s>(
        &'s mut self,
        name: &'s str,
        help: &str,
        kind: MetricType,
    ) -> Result<MetricEncoder<'s>, fmt::Error> {
        self.0.encode_descriptor(name, help, None, kind)
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl EncodeGaugeValue) -> fmt::Result {
        self.metric(name, help, MetricType::Gauge)?
            .encode_gauge(&value)
    }

    fn gauges(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        values: &[(&str, usize)],
    ) -> fmt::Result {
        let mut metric = self.metric(name, help, MetricType::Gauge)?;
        for (word, value) in values {
            metric
                .encode_family(&[(label, *word)])?
                .encode_gauge(value)?;
        }
        Ok(())
    }

    fn counters(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        counters: &[(&str, Counter)],
    ) -> fmt::Result {
        let mut metric = self.metric(name, help, MetricType::Counter)?;
        for (word, counter) in counters {
            count(&mut metric.encode_family(&[(label, *word)])?, counter)?;
        }
        Ok(())
    }
}

fn count(metric: &mut MetricEncoder, counter: &Counter) -> fmt::Result {
    metric.encode_counter::<NoLabelSet, _, u64>(&counter.get(), None)
}

/// A histogram of microseconds, in seconds.
fn times<const N: usize>(metric: &mut MetricEncoder, times: &Histogram<N>) -> fmt::Result {
    const MICROS: f64 = 1e6;
    histogram(metric, times, MICROS)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "beyond 2^53 the last digits do not matter"
)]
fn histogram<const N: usize>(
    metric: &mut MetricEncoder,
    histogram: &Histogram<N>,
    unit: f64,
) -> fmt::Result {
    let (count, sum, buckets) = histogram.get();
    let buckets = buckets.map(|(bound, count)| (bound as f64 / unit, count));
    metric.encode_histogram::<NoLabelSet>(sum as f64 / unit, count, &buckets, None)
}
