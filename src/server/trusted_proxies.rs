//! The proxies whose `X-Forwarded-For` is trusted.

use std::{net::IpAddr, str::FromStr};

use ipnet::IpNet;

/// The IP addresses and networks of the proxies in front of this program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// The IP address that a request comes from: the last one in the chain that is not a trusted proxy.
    ///
    /// `forwarded` are the `X-Forwarded-For` headers in their order. Each proxy appends the IP address that it got the
    /// request from, so, read from the end, everything up to the first untrusted one was written by a trusted proxy. An
    /// entry that is not an IP address ends the chain.
    pub fn origin<'h>(
        &self,
        peer: IpAddr,
        forwarded: impl DoubleEndedIterator<Item = &'h [u8]>,
    ) -> IpAddr {
        let mut origin = peer.to_canonical();
        for entry in forwarded
            .rev()
            .flat_map(|header| header.rsplit(|&byte| byte == b','))
        {
            if !self.contains(origin) {
                break;
            }
            let Some(next) = std::str::from_utf8(entry).ok().and_then(read) else {
                break;
            };
            origin = next;
        }
        origin
    }

    /// Whether there are any.
    pub fn are_there(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether `ip` is one of them.
    pub fn contains(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.0.iter().any(|network| network.contains(&ip))
    }
}

/// Parses an IP address as proxies write it: some add the port, and put IPv6 in brackets.
fn read(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let ip = entry
        .parse()
        .ok()
        .or_else(|| {
            entry
                .parse::<std::net::SocketAddr>()
                .ok()
                .map(|addr| addr.ip())
        })
        .or_else(|| entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok())?;
    Some(ip.to_canonical())
}

impl FromStr for TrustedProxies {
    type Err = ();

    /// Parses `127.0.0.1, 10.0.0.0/8`. The empty text trusts no proxy.
    fn from_str(text: &str) -> Result<Self, ()> {
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| {
                let network = part
                    .parse::<IpNet>()
                    .or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
                network.map_err(|_| ())
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PROXY: &str = "10.0.0.1";
    const CLIENT: &str = "203.0.113.7";
    const LIAR: &str = "198.51.100.9";

    fn origin(trusted: &str, peer: &str, forwarded: &[&str]) -> String {
        let trusted: TrustedProxies = trusted.parse().unwrap();
        let headers = forwarded.iter().map(|header| header.as_bytes());
        trusted.origin(peer.parse().unwrap(), headers).to_string()
    }

    #[test]
    fn the_header_of_a_stranger_is_not_believed() {
        assert_eq!(origin("", LIAR, &[CLIENT]), LIAR);
        assert_eq!(origin("10.0.0.0/8", LIAR, &[CLIENT, PROXY]), LIAR);
    }

    #[test]
    fn behind_proxies_it_is_the_last_stranger() {
        for (forwarded, from) in [
            (vec![CLIENT], CLIENT),
            (vec!["203.0.113.7, 10.0.0.2"], CLIENT),
            (vec![CLIENT, "10.0.0.3", "10.0.0.2"], CLIENT),
            // What the client wrote itself stands further left.
            (vec!["192.0.2.1, 203.0.113.7"], CLIENT),
            (vec!["10.9.9.9", "203.0.113.7"], CLIENT),
            (vec!["127.0.0.1,10.0.0.7 , 203.0.113.7,10.0.0.2"], CLIENT),
            (vec!["203.0.113.7:4711"], CLIENT),
            (vec!["::ffff:203.0.113.7"], CLIENT),
            (vec!["[2001:db8::1]:443"], "2001:db8::1"),
            (vec!["[2001:db8::1]"], "2001:db8::1"),
            // All the way through ours: the first of them asked.
            (vec!["10.0.0.5, 10.0.0.2"], "10.0.0.5"),
        ] {
            assert_eq!(
                origin("10.0.0.0/8", PROXY, &forwarded),
                from,
                "{forwarded:?}"
            );
        }
    }

    #[test]
    fn where_a_proxy_writes_no_address_the_chain_ends_with_it() {
        for forwarded in [
            vec![],
            vec![""],
            vec!["unknown"],
            vec!["203.0.113.7, "],
            vec!["203.0.113.7, _hidden"],
        ] {
            assert_eq!(
                origin("10.0.0.0/8", PROXY, &forwarded),
                PROXY,
                "{forwarded:?}"
            );
        }
    }

    #[test]
    fn settings_that_name_no_network_are_refused() {
        for text in [
            "proxy.example",
            "10.0.0.0/33",
            "10.0.0",
            "127.0.0.1 10.0.0.1",
            "*",
        ] {
            assert!(text.parse::<TrustedProxies>().is_err(), "{text}");
        }
        for text in ["", " ", "127.0.0.1", "::1", "10.0.0.0/8, fd00::/8,"] {
            assert!(text.parse::<TrustedProxies>().is_ok(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_a_stranger_somebody_else(header in prop::collection::vec(any::<u8>(), 0..60)) {
            let trusted: TrustedProxies = "10.0.0.0/8".parse().unwrap();
            let peer: IpAddr = LIAR.parse().unwrap();
            prop_assert_eq!(trusted.origin(peer, [header.as_slice()].into_iter()), peer);
        }

        #[test]
        fn whatever_a_client_writes_the_proxys_own_entry_counts(header in "[^\r\n]{0,40}") {
            let forwarded = format!("{header},{CLIENT}");
            prop_assert_eq!(origin("10.0.0.0/8", PROXY, &[&forwarded]), CLIENT);
        }
    }
}
