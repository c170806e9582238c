//! What the rules make of a deed, with the new names that a function brings.

use domain::battle;
use domain::lobby::{
    Action, Lobby, Opening, Outcome, PasswordProof, Refusal, assemble, start, step,
};
use domain::matchmaking::Match;
use ids::{LobbyEra, MatchId};

use crate::deed::Deed;
use crate::playing;
use crate::world::World;

impl World {
    /// The rules' decision on a deed, and on the lobby as it was read.
    pub(crate) fn decided(
        &mut self,
        deed: &Deed,
        before: Option<&Lobby>,
    ) -> Result<Outcome, Refusal> {
        match (deed, before) {
            (Deed::Start { lobby_id, .. } | Deed::Match { lobby_id, .. }, Some(_)) => {
                Err(Refusal::Exists {
                    lobby_id: lobby_id.clone(),
                })
            }
            (Deed::Match { lobby_id, placed }, None) => {
                let of = Match {
                    placed: placed.clone(),
                    backfill: None,
                };
                let opening = Opening {
                    match_id: MatchId::parse("match").expect("a match id"),
                    lobby_id: lobby_id.clone(),
                    era: self.fresh_era(),
                    battle_id: playing::battle_id(self.fresh()),
                };
                Ok(assemble(&of, &playing::queue(), opening, self.now))
            }
            (
                Deed::Start {
                    lobby_id,
                    settings,
                    host,
                },
                None,
            ) => {
                let era = self.fresh_era();
                Ok(start(
                    lobby_id.clone(),
                    era,
                    settings.clone(),
                    host.clone(),
                    self.now,
                ))
            }
            (Deed::Act { lobby_id, .. }, None) => Err(Refusal::NotFound {
                lobby_id: lobby_id.clone(),
            }),
            (Deed::Act { action, .. }, Some(lobby)) => {
                let mut action = action.clone();
                if let Action::Join { password, .. } = &mut action
                    && lobby.settings.password.is_none()
                {
                    *password = PasswordProof::Right;
                }
                self.name(&mut action);
                step(lobby, action, self.now)
            }
            (Deed::Farewell { gone, grace }, Some(lobby)) => {
                let action = Action::Lose {
                    by: gone.player_id.clone(),
                    connection_id: gone.connection_id.clone(),
                    until: self.now + *grace,
                };
                step(lobby, action, self.now)
            }
            (Deed::Return { by }, Some(lobby)) => {
                step(lobby, Action::Return { by: by.clone() }, self.now)
            }
            // The player is in no lobby.
            (Deed::Farewell { .. } | Deed::Return { .. }, lobby) => Ok(Outcome {
                lobby: lobby.cloned(),
                notices: Vec::new(),
                alarms: Vec::new(),
            }),
        }
    }

    /// Gives new names where an action brings some, as a function does each time.
    fn name(&mut self, action: &mut Action) {
        if let Action::Battle { action, .. } = action
            && let battle::Action::Start { battle_id, .. } | battle::Action::Rematch { battle_id } =
                action
        {
            *battle_id = playing::battle_id(self.fresh());
        }
        if let Action::Enqueue { ticket, .. } = action {
            *ticket = playing::ticket(self.fresh());
        }
    }

    fn fresh(&mut self) -> u32 {
        self.names += 1;
        self.names
    }

    fn fresh_era(&mut self) -> LobbyEra {
        LobbyEra::parse(format!("era-{}", self.fresh())).expect("an era")
    }
}
