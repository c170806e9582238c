//! Players whose process is killed in the middle of a battle: another process goes on with the token, or nobody in time.

use client::protocol::Event;
use client::protocol::battle::{Die, Rules};
use client::protocol::event::{
    BattleSettled, LobbyResumed, MarkPlaced, Outcome, PlayerAway, PlayerBack, PlayerLeft,
    ScoreSynced, State,
};
use client::{
    End, Incoming, RequestError, ResumeToken, Resumed, Session, SessionError, SessionEvent,
    SessionEvents, SessionOptions,
};
use e2e::{DEADLINE, Party, Player, World, battle};
use tokio::time::timeout;

/// A player is killed, which the other hears.
async fn is_killed(player: &Player, other: &Player) {
    player.vanishes();
    let away = other.hears::<PlayerAway>().await;
    assert_eq!(&away.player_id, player.id());
}

fn with_token_of(player: &Player) -> SessionOptions {
    SessionOptions {
        resume: Some(ResumeToken::new(player.token())),
        ..SessionOptions::default()
    }
}

/// A process that has nothing but a killed player's token.
struct Again {
    session: Session,
    events: SessionEvents,
}

impl Again {
    /// Comes back as a player, which the other hears.
    async fn of(player: &Player, other: &Player, world: &World) -> Self {
        let connected = Session::connect(world.url(), with_token_of(player)).await;
        let (session, events) = connected.expect("its place is kept");
        assert_eq!(&session.player_id(), player.id());
        let back = other.hears::<PlayerBack>().await;
        assert_eq!(&back.player_id, player.id());
        Self { session, events }
    }

    async fn next(&mut self) -> SessionEvent {
        let next = timeout(DEADLINE, self.events.next()).await;
        next.expect("it comes in time").expect("the session lasts")
    }

    async fn hears(&mut self) -> Event {
        let next = self.next().await;
        let SessionEvent::Incoming(Incoming::Event(event)) = next else {
            panic!("Switchboard was to say something: {next:?}");
        };
        event
    }

    /// Hears where it is, after everything that it missed.
    async fn is_told_where_it_is(&mut self) -> Resumed {
        let next = self.next().await;
        let SessionEvent::Resumed(resumed) = next else {
            panic!("it was to be told where it is: {next:?}");
        };
        *resumed
    }

    async fn hears_that_it_ended(&mut self, result: Outcome) {
        let event = self.hears().await;
        let Event::BattleSettled(settled) = event else {
            panic!("the battle was to be over: {event:?}");
        };
        assert_eq!(settled.settlement.result, Some(result));
    }
}

#[tokio::test]
async fn a_game_of_noughts_and_crosses_is_finished_by_another_process_of_the_player() {
    let world = World::patient().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(battle(Rules::NoughtsAndCrosses), &[bob])
        .await;
    ann.marks(0, 0, &[bob]).await;
    bob.marks(1, 0, &[ann]).await;
    is_killed(bob, ann).await;
    // The mark of one who is not there to see it.
    ann.marks(0, 1, &[]).await;
    let mut again = Again::of(bob, ann, &world).await;
    let missed = again.hears().await;
    assert!(matches!(missed, Event::MarkPlaced(_)), "{missed:?}");
    let resumed = again.is_told_where_it_is().await;
    let seen = resumed.battle.expect("it plays");
    assert_eq!(seen.state, ann.sees_battle().await.state);
    let State::NoughtsAndCrosses { turn, .. } = &seen.state else {
        panic!("it is a game of noughts and crosses");
    };
    assert_eq!(turn.as_ref(), Some(bob.id()));
    again.session.place_mark([1, 1]).await.expect("its turn");
    ann.hears::<MarkPlaced>().await;
    ann.marks(2, 2, &[]).await;
    assert!(matches!(again.hears().await, Event::MarkPlaced(_)));
    again.session.place_mark([1, 2]).await.expect("its turn");
    again.hears_that_it_ended(Outcome::Win).await;
    ann.hears::<MarkPlaced>().await;
    ann.hears_that_it_ended(Outcome::Lose).await;
    again.session.leave_lobby().await.expect("it is in a lobby");
    ann.hears::<PlayerLeft>().await;
    world.ends().await;
}

#[tokio::test]
async fn a_host_that_was_killed_in_a_battle_is_still_host_and_finishes_it() {
    let world = World::patient().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(battle(Rules::ScoreAttack), &[bob]).await;
    ann.scores(30, &[bob]).await;
    is_killed(ann, bob).await;
    bob.scores(20, &[]).await;
    let mut again = Again::of(ann, bob, &world).await;
    let missed = again.hears().await;
    assert!(
        matches!(&missed, Event::ScoreSynced(ScoreSynced { score: 20, .. })),
        "{missed:?}"
    );
    let Resumed { lobby, battle, .. } = again.is_told_where_it_is().await;
    let lobby: LobbyResumed = lobby.expect("it has a lobby");
    assert_eq!(lobby.peer_id, Some(lobby.host_peer_id));
    let seen = battle.expect("it plays");
    assert_eq!(seen.state, bob.sees_battle().await.state);
    again.session.die().await.expect("it plays");
    bob.does(Die {}).await;
    bob.hears::<BattleSettled>().await;
    let mut settled = again.hears().await;
    while !matches!(settled, Event::BattleSettled(_)) {
        settled = again.hears().await;
    }
    bob.looks_at_everything().await;
    again.session.close_lobby().await.expect("it is host");
    bob.looks_at_everything().await;
    world.ends().await;
}

#[tokio::test]
async fn whoever_is_killed_in_a_battle_and_not_back_in_time_has_forfeited() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(battle(Rules::NoughtsAndCrosses), &[bob])
        .await;
    is_killed(bob, ann).await;
    ann.hears_that_it_ended(Outcome::Win).await;
    ann.hears::<PlayerLeft>().await;
    let refused = Session::connect(world.url(), with_token_of(bob)).await;
    let Err(SessionError::Hello(RequestError::Refused(refused))) = refused else {
        panic!("its place was to be lost");
    };
    assert_eq!(refused.code.as_str(), "resume_refused");
    world.ends().await;
}

#[tokio::test]
async fn two_processes_of_one_player_do_not_fight_for_it() {
    let world = World::patient().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    is_killed(bob, ann).await;
    let first = Again::of(bob, ann, &world).await;
    let _second = Again::of(bob, ann, &world).await;
    let end = timeout(DEADLINE, first.session.ended()).await;
    assert!(matches!(end, Ok(End::Replaced(_))), "{end:?}");
    ann.hears_nothing_more().await;
    world.ends().await;
}
