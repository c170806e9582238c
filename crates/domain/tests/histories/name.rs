//! What events are called, without what is in them.

use domain::lobby::Event;
use domain::{battle, matchmaking};

/// The name of an event.
pub(crate) fn name(event: &Event) -> &'static str {
    match event {
        Event::Started(_) => "Started",
        Event::Closed { .. } => "Closed",
        Event::JoinRequested { .. } => "JoinRequested",
        Event::JoinRejected { .. } => "JoinRejected",
        Event::Accepted(_) => "Accepted",
        Event::PlayerJoined(_) => "PlayerJoined",
        Event::Left { .. } => "Left",
        Event::PlayerLeft { .. } => "PlayerLeft",
        Event::PlayerAway { .. } => "PlayerAway",
        Event::PlayerBack(_) => "PlayerBack",
        Event::Resumed(_) => "Resumed",
        Event::Kicked { .. } => "Kicked",
        Event::Updated(_) => "Updated",
        Event::HostChanged { .. } => "HostChanged",
        Event::Battle(event) => of_battle(event),
        Event::Matchmaking(event) => of_matchmaking(event),
    }
}

fn of_battle(event: &battle::Event) -> &'static str {
    match event {
        battle::Event::Started(_) => "BattleStarted",
        battle::Event::Attacked { .. } => "Attacked",
        battle::Event::ScoreSynced { .. } => "ScoreSynced",
        battle::Event::PlayerDied(_) => "PlayerDied",
        battle::Event::MarkPlaced { .. } => "MarkPlaced",
        battle::Event::RematchRequested { .. } => "RematchRequested",
        battle::Event::Settled(settlement) => match settlement.why {
            battle::Why::Score => "SettledByScore",
            battle::Why::Line => "SettledByLine",
            battle::Why::Full => "SettledByFullBoard",
            battle::Why::Forfeit => "SettledByForfeit",
            battle::Why::TimeOut => "SettledByTimeOut",
        },
        battle::Event::State(_) => "State",
    }
}

fn of_matchmaking(event: &matchmaking::Event) -> &'static str {
    match event {
        matchmaking::Event::Started { .. } => "QueueEntered",
        matchmaking::Event::Cancelled { why, .. } => match why {
            matchmaking::Ending::PartyChanged => "CancelledAsPartyChanged",
            matchmaking::Ending::HostChanged => "CancelledAsHostChanged",
            matchmaking::Ending::Matched => "CancelledAsMatched",
            matchmaking::Ending::GaveUp => "CancelledAsGaveUp",
            matchmaking::Ending::Closed => "CancelledAsClosed",
            matchmaking::Ending::Left
            | matchmaking::Ending::Disconnected
            | matchmaking::Ending::NotAccepted
            | matchmaking::Ending::Declined => "CancelledOtherwise",
        },
        matchmaking::Event::Proposed { .. } => "Proposed",
        matchmaking::Event::Returned { .. } => "Returned",
        matchmaking::Event::Resumed { .. } => "Resumed",
        matchmaking::Event::Found(_) => "Found",
        matchmaking::Event::BackfillStarted { .. } => "BackfillStarted",
    }
}
