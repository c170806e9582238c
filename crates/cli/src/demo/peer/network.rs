//! Which addresses of this machine a peer listens on, and how it looks for a path to the other.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use rtc::ice::mdns::MulticastDnsMode;
use webrtc::peer_connection::{RTCIceTransportPolicy, SettingEngine, SettingEngineBuilder};

/// How often a pair of candidates is tried. The stack's own 200 ms suits the open internet; here it is only waiting.
const CHECK_INTERVAL: Duration = Duration::from_millis(25);
/// How often a pair is tried before it counts as dead: for about ten seconds, because the other side's description may
/// still be on its way through a slow signalling service.
const CHECKS_PER_PAIR: u16 = 400;

/// Which ways to the other side a peer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ways {
    /// Whichever works first.
    All,
    /// Through a TURN server only, as where a firewall lets nothing else pass.
    Relay,
}

impl Ways {
    /// As the stack calls it.
    pub(super) fn policy(self) -> RTCIceTransportPolicy {
        match self {
            Self::All => RTCIceTransportPolicy::All,
            Self::Relay => RTCIceTransportPolicy::Relay,
        }
    }
}

/// Settings of the stack for two peers that are close to each other.
pub(super) fn settings() -> SettingEngine {
    SettingEngineBuilder::default()
        // Two peers on one machine may have nothing else in common.
        .with_include_loopback_candidate(true)
        // A machine without a network has no multicast either, and the stack would not start.
        .with_multicast_dns_mode(MulticastDnsMode::Disabled)
        .with_ice_connection_attempts(Some(CHECK_INTERVAL), Some(CHECKS_PER_PAIR))
        // The first path found is good enough: nothing is gained by waiting a second for a better one.
        .with_host_acceptance_min_wait(Some(Duration::ZERO))
        .with_srflx_acceptance_min_wait(Some(Duration::ZERO))
        .with_prflx_acceptance_min_wait(Some(Duration::ZERO))
        .build()
}

/// Loopback always, so that two peers on a machine without a network still meet, and the address that faces the network
/// where there is one. Port 0: the system picks.
pub(super) fn local_addresses() -> Vec<SocketAddr> {
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let outward = outward_address().filter(|address| *address != loopback);
    std::iter::once(loopback)
        .chain(outward)
        .map(|address| SocketAddr::new(address, 0))
        .collect()
}

/// The address that this machine would send from. Connecting a UDP socket sends nothing: it only asks the routing table,
/// and the address asked about is one that nobody has (RFC 5737).
fn outward_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(198, 51, 100, 1), 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_unspecified()).then_some(address)
}
