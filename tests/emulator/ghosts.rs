//! Players who are in the tables and nowhere else: whoever posts to one finds nobody, as after a farewell that was lost.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use client::ids::{
    BattleId, ConnectionId, LobbyEra, LobbyId, MatchId, PlayerId, QueueName, TicketId,
};
use domain::Timestamp;
use domain::battle::{self, Options, RulesName};
use domain::lobby::{
    Action, Contact, JoinPolicy, Lobby, Metadata, Opening, Origin, PasswordProof, Settings,
    Visibility, assemble, start, step,
};
use domain::matchmaking::{
    Attribute, Attributes, Match, Owner, Placed, Queues, State, Team, Ticket,
};
use e2e::Player;
use store::{Closed, Connection, Reached, Saved, Store};

use crate::aws::{Emulator, Moment};

const LONG: Duration = Duration::from_hours(1);

/// A text that no other test has.
pub(crate) fn fresh(name: &str) -> String {
    format!("{name}-{:016x}", RandomState::new().hash_one(0))
}

/// Who makes ghosts, and puts them where they are to be.
pub(crate) struct Ghosts {
    store: Store,
    /// What the rules of the suite's queues ask for: only those are matched who have it in common.
    room: String,
    now: Timestamp,
}

impl Emulator {
    /// Ghosts who are matched with nobody but each other.
    pub(crate) fn ghosts(&self) -> Ghosts {
        Ghosts {
            store: self.store(),
            room: fresh("room"),
            now: Moment::now().timestamp(),
        }
    }
}

impl Ghosts {
    /// A player whose connection is in the tables alone.
    pub(crate) async fn ghost(&self) -> Contact {
        let contact = Contact {
            player_id: PlayerId::parse(fresh("ghost")).expect("a valid id"),
            connection_id: ConnectionId::parse(fresh("ghost")).expect("a valid id"),
            expires_at: self.now + LONG,
            away: false,
        };
        let connection = Connection {
            connection_id: contact.connection_id.clone(),
            player_id: contact.player_id.clone(),
            connected_at: self.now,
            expires_at: contact.expires_at,
            permissions: None,
        };
        let opened = self.store.connections().open(&connection).await;
        opened.expect("the tables answer");
        contact
    }

    /// A player who is there, as the tables have it.
    pub(crate) async fn contact(&self, player: &Player) -> Contact {
        let presence = self.store.players().presence(player.id(), self.now).await;
        let presence = presence.expect("the tables answer").expect("it is there");
        Contact {
            player_id: player.id().clone(),
            connection_id: presence.connection_id,
            expires_at: presence.expires_at,
            away: false,
        }
    }

    /// Ghosts in a lobby of their own.
    pub(crate) async fn lobby<const N: usize>(&self) -> (Lobby, [Contact; N]) {
        let mut ghosts = Vec::new();
        for _ in 0..N {
            ghosts.push(self.ghost().await);
        }
        let opened = start(
            LobbyId::parse(fresh("haunted")).expect("a valid id"),
            LobbyEra::parse(fresh("haunted")).expect("a valid era"),
            some_settings(),
            ghosts[0].clone(),
            self.now,
        );
        let mut lobby = opened.lobby.expect("a lobby that was just opened");
        let created = self.store.lobbies().create(&lobby, self.now).await;
        created.expect("the tables answer").expect("its id is free");
        for ghost in &ghosts[1..] {
            lobby = self.joins(lobby, ghost.clone()).await;
        }
        (lobby, ghosts.try_into().expect("one for each"))
    }

    /// The lobby as it is.
    pub(crate) async fn find(&self, lobby_id: &LobbyId) -> Lobby {
        let found = self.store.lobbies().find(lobby_id, self.now).await;
        found.expect("the tables answer").expect("a lobby")
    }

    /// A ghost comes in, whatever the lobby's host decided.
    pub(crate) async fn joins(&self, lobby: Lobby, ghost: Contact) -> Lobby {
        let mut open = lobby.clone();
        open.settings.join_policy = JoinPolicy::Open;
        let join = Action::Join {
            by: ghost,
            password: PasswordProof::Right,
            metadata: Metadata::default(),
        };
        let joined = step(&open, join, self.now).expect("there is room");
        let mut after = joined.lobby.expect("a lobby with one more");
        after.settings.join_policy = lobby.settings.join_policy;
        self.save(&lobby, after).await
    }

    /// A ghost comes in whose connection is known to have ended; it may stay away for as long as the stage is needed.
    pub(crate) async fn joins_and_is_away(&self, lobby: Lobby, ghost: Contact) -> Lobby {
        let lobby = self.joins(lobby, ghost.clone()).await;
        let until = self.now + LONG;
        let farewell = Action::Lose {
            by: ghost.player_id.clone(),
            connection_id: ghost.connection_id.clone(),
            until,
        };
        let lost = step(&lobby, farewell, self.now).expect("a farewell is allowed");
        let lobby = self.save(&lobby, lost.lobby.expect("a lobby")).await;
        let connections = self.store.connections();
        let open = connections.find(&ghost.connection_id, self.now).await;
        let open = open.expect("the tables answer").expect("it is open");
        let closed = connections.close(&open, Reached::ByNone, until, self.now);
        let closed = closed.await;
        assert_eq!(closed.expect("the tables answer"), Closed::Done);
        lobby
    }

    /// The two longest present begin a battle whose time was over long ago, and nobody has noticed.
    pub(crate) async fn fought(&self, lobby: Lobby) -> Lobby {
        let long_ago = Timestamp::from_millis(self.now.as_millis() - 3_600_000);
        self.fights(lobby, long_ago).await
    }

    /// The two longest present begin a battle.
    pub(crate) async fn fights(&self, lobby: Lobby, at: Timestamp) -> Lobby {
        let action = battle::Action::Start {
            battle_id: BattleId::parse(fresh("battle")).expect("a valid id"),
            rules: RulesName::ScoreAttack,
            options: Options::default(),
        };
        let by = lobby.host.clone();
        let started = step(&lobby, Action::Battle { by, action }, at).expect("two are there");
        self.save(&lobby, started.lobby.expect("a lobby that fights"))
            .await
    }

    /// Somebody waits alone in a queue.
    pub(crate) async fn waits(&self, contact: Contact, queue: QueueName, state: State) -> Ticket {
        let ticket = self.ticket(queue, vec![contact], Owner::Player, state);
        let joined = self.store.tickets().join(&ticket, self.now).await;
        joined.expect("the tables answer").expect("it sat nowhere");
        ticket
    }

    /// A lobby that waits as a party in a queue that is not configured.
    pub(crate) async fn queues_up(&self, lobby: Lobby) -> Ticket {
        let owner = Owner::Party {
            lobby_id: lobby.lobby_id.clone(),
            era: lobby.era.clone(),
        };
        self.enqueue(lobby, owner, |_| {}).await
    }

    /// A lobby is taken for that of a match, and asks for more players.
    pub(crate) async fn asks_for_more(&self, lobby: Lobby) -> Ticket {
        let owner = Owner::Backfill {
            lobby_id: lobby.lobby_id.clone(),
            era: lobby.era.clone(),
            present: Vec::new(),
            banned: lobby.bans.clone(),
        };
        let origin = Origin {
            match_id: MatchId::parse(fresh("match")).expect("a valid id"),
            queue: nowhere(),
            tickets: Vec::new(),
        };
        self.enqueue(lobby, owner, |after| after.origin = Some(origin))
            .await
    }

    /// A match that was made of two, and will be for an hour to come.
    pub(crate) async fn matches(&self, first: Contact, second: Contact) -> Lobby {
        let mut placed = Vec::new();
        let queue = nowhere();
        for (contact, team) in [(first, 1), (second, 2)] {
            let ticket = self.waits(contact, queue.clone(), State::Waiting).await;
            let team = Team::new(team).expect("a team");
            placed.push(Placed { team, ticket });
        }
        let of = Match {
            placed,
            backfill: None,
        };
        let opening = Opening {
            match_id: MatchId::parse(fresh("match")).expect("a valid id"),
            lobby_id: LobbyId::parse(fresh("match")).expect("a valid id"),
            era: LobbyEra::parse(fresh("match")).expect("a valid era"),
            battle_id: BattleId::parse(fresh("battle")).expect("a valid id"),
        };
        let queues = Queues::shipped();
        let shipped = queues.get(&named("1v1")).expect("it is shipped");
        let mut settings = shipped.clone();
        settings.name = queue;
        let made = assemble(&of, &settings, opening, self.now + LONG);
        let lobby = made.lobby.expect("a match has a lobby");
        let claimed = self.store.tickets().claim(&of, &lobby, self.now).await;
        assert_eq!(claimed.expect("the tables answer"), Saved::Done);
        lobby
    }

    async fn enqueue(&self, lobby: Lobby, owner: Owner, change: impl FnOnce(&mut Lobby)) -> Ticket {
        let players = lobby.members.values().map(|member| member.contact.clone());
        let ticket = self.ticket(nowhere(), players.collect(), owner, State::Waiting);
        let mut after = lobby.clone();
        after.ticket = Some(ticket.reference());
        after.version += 1;
        change(&mut after);
        let lobbies = self.store.lobbies();
        let saved = lobbies.enqueue(&lobby, &after, &ticket, self.now).await;
        assert_eq!(saved.expect("the tables answer"), Saved::Done);
        ticket
    }

    async fn save(&self, before: &Lobby, after: Lobby) -> Lobby {
        let lobbies = self.store.lobbies();
        let saved = lobbies.save(before, Some(&after), self.now).await;
        assert_eq!(saved.expect("the tables answer"), Saved::Done);
        after
    }

    fn ticket(
        &self,
        queue: QueueName,
        players: Vec<Contact>,
        owner: Owner,
        state: State,
    ) -> Ticket {
        let room = Attribute::Text(self.room.clone());
        Ticket {
            ticket_id: TicketId::parse(fresh("ticket")).expect("a valid id"),
            queue,
            owner,
            players,
            attributes: Attributes::from([("room".to_owned(), room)]),
            created_at: self.now,
            version: 1,
            state,
        }
    }
}

/// A queue that is not configured, and that no other test has.
pub(crate) fn nowhere() -> QueueName {
    named(&fresh("nowhere"))
}

/// The queue of this name.
pub(crate) fn named(name: &str) -> QueueName {
    QueueName::parse(name).expect("a queue's name")
}

fn some_settings() -> Settings {
    Settings {
        name: None,
        max_players: 8,
        visibility: Visibility::Private,
        join_policy: JoinPolicy::Open,
        locked: false,
        password: None,
        metadata: Metadata::default(),
    }
}
