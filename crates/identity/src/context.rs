//! An identity on its way from the authorizer through the platform: the authorizer's context, which holds texts.

use std::collections::BTreeMap;

use ids::{InvalidId, PlayerId};
use thiserror::Error;

use crate::{Identity, Permissions};

const PLAYER_ID: &str = "player_id";
const PERMISSIONS: &str = "permissions";

/// What the platform passed on is not what an authorizer said.
#[derive(Debug, Error)]
pub enum InvalidContext {
    /// A part is missing.
    #[error(
        "the authorizer's context has no `{0}`: is another authorizer on the `$connect` route?"
    )]
    Missing(&'static str),
    /// The player's id is none.
    #[error("the authorizer's context names no player")]
    Player(#[source] InvalidId),
    /// The permissions are none.
    #[error("the authorizer's context has permissions that are none")]
    Permissions(#[source] serde_json::Error),
}

impl Identity {
    /// As an authorizer says it to the platform: `player_id`, and `permissions` as JSON.
    #[must_use]
    pub fn to_context(&self) -> BTreeMap<&'static str, String> {
        let permissions = serde_json::to_string(&self.permissions);
        let permissions = permissions.expect("flags, names and a number are JSON");
        BTreeMap::from([
            (PLAYER_ID, self.player_id.as_str().to_owned()),
            (PERMISSIONS, permissions),
        ])
    }

    /// As the platform says it to a function, which `field` looks into.
    ///
    /// # Errors
    /// [`InvalidContext`] where it is not what [`to_context`](Self::to_context) makes.
    pub fn from_context<'a>(
        field: impl Fn(&'static str) -> Option<&'a str>,
    ) -> Result<Self, InvalidContext> {
        let field = |name| field(name).ok_or(InvalidContext::Missing(name));
        let player_id = PlayerId::parse(field(PLAYER_ID)?).map_err(InvalidContext::Player)?;
        let permissions: Permissions =
            serde_json::from_str(field(PERMISSIONS)?).map_err(InvalidContext::Permissions)?;
        Ok(Self {
            player_id,
            permissions,
        })
    }
}
