//! `switchboard serve`

use local::{Queues, ServerSettings};
use serde_json::json;

use crate::args::ServeArgs;
use crate::output::{self, GOOD, QUIET};
use crate::{server, signals};

/// Serves until Ctrl-C.
pub(crate) async fn run(args: ServeArgs) -> anyhow::Result<()> {
    let usual = server::settings(args.listen);
    let settings = ServerSettings {
        ice_servers: args.ice_servers.unwrap_or_default(),
        turn: args.turn.read()?,
        queues: args.queues.unwrap_or_else(Queues::shipped),
        grace: args.grace_seconds,
        authentication: args.identity.authentication(),
        limits: args.limits.unwrap_or_else(|| usual.limits.clone()),
        ..usual
    };
    let server = server::start(settings).await?;
    let url = server.url();
    if args.json {
        output::line(json!({ "url": url }));
    } else {
        output::line(format_args!("{GOOD}Switchboard listens at {url}{GOOD:#}"));
        output::line(format_args!(
            "{QUIET}Try `switchboard lobby start --public --url {url}`. Ctrl-C stops it.{QUIET:#}"
        ));
    }
    signals::stop().await?;
    server.stop().await;
    Ok(())
}
