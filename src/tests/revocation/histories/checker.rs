//! Which histories are possible where a revocation counts from its answer on, at the latest.
//!
//! Each action takes effect at one moment between its beginning and its end. Two actions that
//! overlap may have taken effect in either order; of two that do not, the order is known.

use super::Span;

/// Something that was done, and when.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// From before it was asked for until after it was answered.
    pub span: Span,
    /// What.
    pub what: What,
}

/// What was done.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// A request with a token.
    Use {
        /// Its number.
        token: i64,
        /// Whether it is of the client whose account is closed at times.
        is_others: bool,
        /// Whether it was let in.
        is_accepted: bool,
    },
    /// The revocation of a token.
    Revoke {
        /// Its number.
        token: i64,
    },
    /// The account is closed.
    Close,
    /// It is opened again.
    Open,
}

/// The uses that no order of the events explains.
pub fn violations(events: &[Event]) -> Vec<String> {
    events
        .iter()
        .filter_map(|event| match event.what {
            What::Use {
                token,
                is_others,
                is_accepted,
            } => {
                let revoked = revocations(events, token);
                let closed = if is_others {
                    closures(events)
                } else {
                    Vec::new()
                };
                let doors = Doors { revoked, closed };
                (!doors.explain(event.span, is_accepted)).then(|| format!("{event:?}"))
            }
            _ => None,
        })
        .collect()
}

/// What may have kept a token out.
struct Doors {
    revoked: Vec<Span>,
    /// Each from the closing to the opening, if there was one.
    closed: Vec<(Span, Option<Span>)>,
}

impl Doors {
    fn explain(&self, attempt: Span, is_accepted: bool) -> bool {
        if is_accepted {
            // Nothing had certainly shut the door for the whole of the attempt.
            let is_revoked = self
                .revoked
                .iter()
                .any(|revoke| revoke.ended < attempt.began);
            let is_closed = self.closed.iter().any(|(close, open)| {
                close.ended < attempt.began && open.is_none_or(|open| attempt.ended < open.began)
            });
            !is_revoked && !is_closed
        } else {
            // Something may have shut it at some moment of the attempt.
            let may_be_revoked = self
                .revoked
                .iter()
                .any(|revoke| revoke.began < attempt.ended);
            let may_be_closed = self.closed.iter().any(|(close, open)| {
                close.began < attempt.ended && open.is_none_or(|open| attempt.began < open.ended)
            });
            may_be_revoked || may_be_closed
        }
    }
}

fn revocations(events: &[Event], wanted: i64) -> Vec<Span> {
    let of_token = |event: &Event| match event.what {
        What::Revoke { token } if token == wanted => Some(event.span),
        _ => None,
    };
    events.iter().filter_map(of_token).collect()
}

/// One operator closes and opens, one after the other.
fn closures(events: &[Event]) -> Vec<(Span, Option<Span>)> {
    let mut closures: Vec<(Span, Option<Span>)> = Vec::new();
    for event in events {
        match event.what {
            What::Close => closures.push((event.span, None)),
            What::Open => closures.last_mut().expect("it was closed").1 = Some(event.span),
            _ => {}
        }
    }
    closures
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn history(events: &[(u64, u64, What)]) -> Vec<Event> {
        let start = Instant::now();
        let at = |second| start + Duration::from_secs(second);
        events
            .iter()
            .map(|&(began, ended, what)| Event {
                span: Span {
                    began: at(began),
                    ended: at(ended),
                },
                what,
            })
            .collect()
    }

    fn attempt(is_others: bool, is_accepted: bool) -> What {
        What::Use {
            token: 1,
            is_others,
            is_accepted,
        }
    }

    #[test]
    fn a_revocation_explains_refusals_from_its_beginning_and_acceptance_until_its_answer() {
        for (began, ended, is_accepted, is_possible) in [
            (1, 9, true, true),
            (1, 9, false, false),
            (9, 11, true, true),
            (9, 11, false, true),
            (12, 30, true, true),
            (12, 13, false, true),
            (21, 22, true, false),
            (21, 22, false, true),
        ] {
            let events = history(&[
                (10, 20, What::Revoke { token: 1 }),
                (0, 5, What::Revoke { token: 2 }),
                (began, ended, attempt(false, is_accepted)),
            ]);
            let context = format!("{began} to {ended}, accepted: {is_accepted}");
            assert_eq!(violations(&events).is_empty(), is_possible, "{context}");
        }
    }

    #[test]
    fn a_closed_account_explains_refusals_until_it_is_open_again() {
        for (began, ended, is_accepted, is_possible) in [
            (1, 9, false, false),
            (15, 16, false, true),
            (21, 29, true, false),
            (21, 29, false, true),
            (21, 31, true, true),
            (39, 45, false, true),
            (41, 45, false, false),
            (41, 45, true, true),
        ] {
            let events = history(&[
                (10, 20, What::Close),
                (30, 40, What::Open),
                (began, ended, attempt(true, is_accepted)),
            ]);
            let context = format!("{began} to {ended}, accepted: {is_accepted}");
            assert_eq!(violations(&events).is_empty(), is_possible, "{context}");
        }
        let events = history(&[(10, 20, What::Close), (21, 29, attempt(false, false))]);
        assert_eq!(violations(&events).len(), 1, "it was another client's");
    }
}
