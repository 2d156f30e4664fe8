//! `X-Forwarded-For` headers, one a line: nobody but a proxy of ours says where a request comes from.
#![no_main]

use std::{net::IpAddr, sync::LazyLock};

use libfuzzer_sys::fuzz_target;
use opentill::server::trusted_proxies::TrustedProxies;

static OURS: LazyLock<TrustedProxies> = LazyLock::new(|| "10.0.0.0/8".parse().unwrap());

fn is_ours(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V4(ip) if ip.octets()[0] == 10)
}

fuzz_target!(|lines: &[u8]| {
    let headers = || lines.split(|&byte| byte == b'\n');
    let stranger: IpAddr = [203, 0, 113, 7].into();
    assert_eq!(OURS.origin(stranger, headers()), stranger);
    let origin = OURS.origin([10, 0, 0, 1].into(), headers());
    if !is_ours(origin) {
        // What a client puts in front of it changes nothing.
        let lie: &[&[u8]] = &[b"198.51.100.9, 10.0.0.2"];
        let with_lie: Vec<_> = lie.iter().copied().chain(headers()).collect();
        let again = OURS.origin([10, 0, 0, 1].into(), with_lie.into_iter());
        assert_eq!(again, origin);
    }
});
