//! Help that teaches the protocol, as transcripts: `=>` is what a client says, `<=` what it hears.

/// One line.
pub(crate) const ABOUT: &str = "Connects players of peer-to-peer games, then gets out of the way";

/// What it is.
pub(crate) const LONG_ABOUT: &str = "\
Switchboard connects players of peer-to-peer games, then gets out of the way.

A host opens a lobby, a guest asks to come in, the host lets it in, and the two exchange WebRTC session descriptions and
ICE candidates through Switchboard. From then on they talk to each other directly.";

/// The protocol at a glance.
pub(crate) const TOUR: &str = r#"The protocol at a glance:
  Everything is JSON over one WebSocket. A client says an action; an `id` of its choice marks the answer.

    => {"action":"start_lobby","content":{"name":"Friday night"},"id":"1"}
    <= {"event":"lobby_started","content":{"lobby_id":"K7QX2M","peer_id":1,...},"reply_to":"1"}

  Another client asks to come in; the host hears of it and decides.

    => {"action":"join_lobby","content":{"lobby_id":"K7QX2M"}}
       host <= {"event":"received_join_request","content":{"connection_id":"AWkf...","player_id":"...","metadata":{}}}
       host => {"action":"accept_join_request","content":{"player_connection_id":"AWkf..."}}
    <= {"event":"join_request_accepted","content":{"host_connection_id":"AWkf...","peer_id":2,"lobby_id":"K7QX2M",...}}

  A `connection_id` is an address: it reaches one peer, for one sender, and was made by Switchboard. With it the two
  pass each other what WebRTC needs.

    => {"action":"send_session_description","content":{"connection_id":"AWkf...","session_type":"offer","sdp":"v=0..."}}
    => {"action":"send_ice_candidate","content":{"connection_id":"AWkf...","media":"0","index":0,"name":"candidate:..."}}
       host <= {"event":"received_session_description","content":{"connection_id":"AWkf...",...}}

  What is refused says why, and the connection stays open.

    => {"action":"close_lobby","id":"2"}
    <= {"event":"error","content":{"code":"not_host","message":"...","action":"close_lobby","retryable":false},"reply_to":"2"}

Try it:
    switchboard serve                            in one terminal,
    switchboard lobby start --public             in the next, and
    switchboard lobby join K7QX2M                in a third.
    switchboard demo                             does all of it by itself, WebRTC included.
    switchboard demo --match                     lets two strangers be matched, connect, and fight a battle.
    switchboard play noughts new                 plays noughts and crosses with a friend, who joins by the lobby's id.
    switchboard play score-attack                finds a stranger to fight, who does the same in another terminal."#;

/// After the help of `serve`.
pub(crate) const SERVE: &str = r#"The server behaves as API Gateway does and runs the same functions as AWS; what it stores is gone when it stops.
`GET /health` answers while it runs.

Players are matched in the queues of terraform/queues.default.json unless --queues names another such file. Everybody may
connect, as somebody new, unless --token-secret-file or --issuer says whose tokens say who a player is. How much one client
may ask for is in docs/limits.md; --limits changes it.

With --turn and the secret of a TURN server, players get credentials for it that end (docs/operating.md).

    $ switchboard serve --listen 127.0.0.1:0 --json
    {"url":"ws://127.0.0.1:49152"}"#;

/// After the help of `demo`.
pub(crate) const DEMO: &str = r#"Two players, each with its own WebSocket and its own WebRTC stack (ICE, DTLS, SCTP), do what two games would do. Then a
thousand messages go each way over the data channel, both leave Switchboard, and a thousand more go each way without it.
The exit status is 0 only if every message arrived, in order.

With --cut, one of the two WebSockets is cut at every step, without a goodbye, the host's or the guest's as the seed has it.
Their sessions come back by themselves, and everything above holds all the same.

With --match, two strangers instead: both press the button, are matched by the queue `1v1`, connect by WebRTC with the
addresses that `match_found` brought, and fight a score attack that Switchboard referees, while they talk over their data
channel. The exit status is 0 only if both heard of one settlement, once, by which one has won and the other lost.

With --relay-only the peers take no way but through a TURN server, the Switchboard's at --url or one of --turn.

With --json, one object: "connected", "frames_sent", "frames_received", "milliseconds_to_connect", "messages", "timeline";
with --match also "matched" and "settled"."#;

/// After the help of `play noughts`.
pub(crate) const PLAY_NOUGHTS: &str = r"The server owns the board: it knows whose turn it is, which tiles are taken, and who has won.

    $ switchboard play noughts new               shows the lobby's id,
    $ switchboard play noughts join K7QX2M       joins it from another terminal, or another continent.

Keys are explained on the screen. With --moves it plays by itself, and prints a line for everything that happens:

    $ switchboard play noughts new friday --moves '0,0 1,1 2,2'
    $ switchboard play noughts join friday --moves '0,1 0,2'

A tile is played when it is one's turn. A refused one is shown, and the next is tried; where none is left, the battle is
given up. The exit status is 0 once the battle is settled, however it ended.";

/// After the help of `play score-attack`.
pub(crate) const PLAY_SCORE_ATTACK: &str = r"Each plays for itself and tells its score; ten points of it buy an attack, which freezes the other for a while. When both
have died, the higher score wins.

    $ switchboard play score-attack
    $ switchboard play score-attack --queue ranked --skill 1500

Keys are explained on the screen. With --moves it plays by itself, and prints a line for everything that happens:

    $ switchboard play score-attack --moves 'score:30 attack wait:1.5 score:45 die'

A refused move is shown, and the next is tried; after the last, it dies. The exit status is 0 once the battle is settled,
however it ended.";

/// After the help of `lobby start`.
pub(crate) const LOBBY_START: &str = r#"Everything that is heard is shown. Lines typed meanwhile are sent: that is how a host decides, unless --accept-all does.

    $ switchboard lobby start --public
    => {"action":"start_lobby","content":{"visibility":"public"},"id":"client-1"}
    <= {"event":"lobby_started","content":{"lobby_id":"K7QX2M",...},"reply_to":"client-1"}
    <= {"event":"received_join_request","content":{"connection_id":"AWkf...",...}}
    {"action":"accept_join_request","content":{"player_connection_id":"AWkf..."}}
    => {"action":"accept_join_request","content":{"player_connection_id":"AWkf..."},"id":"client-2"}
    <= {"event":"ok","content":{},"reply_to":"client-2"}"#;

/// After the help of `lobby join`.
pub(crate) const LOBBY_JOIN: &str = r#"Everything that is heard is shown. Lines typed meanwhile are sent.

    $ switchboard lobby join K7QX2M
    => {"action":"join_lobby","content":{"lobby_id":"K7QX2M"},"id":"client-1"}
    <= {"event":"ok","content":{},"reply_to":"client-1"}
    <= {"event":"join_request_accepted","content":{"host_connection_id":"AWkf...","peer_id":2,...}}
    {"action":"leave_lobby"}
    => {"action":"leave_lobby","id":"client-2"}
    <= {"event":"lobby_left","content":{"lobby_id":"K7QX2M"},"reply_to":"client-2"}"#;

/// After the help of `lobby list`.
pub(crate) const LOBBY_LIST: &str = r#"A filter asks for values in the lobbies' metadata: equal, or a number between two bounds.

    $ switchboard lobby list --filter '{"map":"desert","level":{"min":3}}'

    => {"action":"list_lobbies","content":{"filter":{"map":"desert","level":{"min":3}},"limit":20},"id":"1"}
    <= {"event":"lobby_list","content":{"lobbies":[...],"cursor":"MDAw..."},"reply_to":"1"}

Where an answer has a cursor, there may be more: the same action with that cursor goes on."#;

/// After the help of `send`.
pub(crate) const SEND: &str = r#"A message without an `id` gets one, so that its answer can be told. What is no JSON object is sent as it is.

    $ switchboard send '{"action":"hello"}'
    => {"action":"hello","id":"client-1"}
    <= {"event":"welcome","content":{"player_id":"5f0c...","heartbeat_seconds":540,...},"reply_to":"client-1"}

    $ switchboard send '{"action":"start_lobby"}' '{"action":"update_lobby","content":{"locked":true}}'
    $ switchboard send 'nonsense'
    => nonsense
    <= {"event":"error","content":{"code":"not_json","message":"The message is not JSON.","retryable":false}}

Actions: hello, ping, start_lobby, close_lobby, join_lobby, accept_join_request, reject_join_request, leave_lobby,
kick_player, update_lobby, list_lobbies, send_session_description, send_ice_candidate, send_ice_candidates,
get_ice_servers, join_matchmaking, leave_matchmaking, accept_match, decline_match, request_backfill,
explain_matchmaking, start_battle, attack, sync_score, die, place_mark, forfeit_battle, request_rematch, get_battle,
list_results.

The connection lasts as long as the command. To stay connected, use --wait, `lobby start`, or standard input."#;

/// `load match`.
pub(crate) const LOAD_MATCH: &str = "\
Each player has a connection of its own. All connect first; then they begin to look for opponents, so many more in each
second. It ends with how long each waited from `join_matchmaking` to `match_found`, as a histogram, and fails where anybody
was matched twice, with itself, or not at all.

Build it with `--release`, or it measures the compiler's haste.

    cargo run --release -- load match --players 2000 --rate 500";

/// `load relay`.
pub(crate) const LOAD_RELAY: &str = r#"All connect. So many of them meet in lobbies, where a host lets in everybody else; then each sends session descriptions and
candidates to the others of its lobby in turn, so many in each second. Every frame says who sent it to whom, its number and
when, and its hearer checks all of it. It ends with how long the frames took from one player to the other, and with the memory
of the server's process as they began, half-way, and at the end.

It fails where a frame was lost or came twice, where a player was refused or cut off, where anybody heard what was not for it, and
where the server's memory grew by more than half from half-way to the end. Frames that overtook others on their way are
counted: the platform handles two messages of one client side by side.

Build it with `--release`, or it measures the compiler's haste. A Switchboard elsewhere lets in so many connections from one
address only if its `connect` limit says so (docs/limits.md).

    cargo run --release -- load relay --connections 5000 --signalling 1000 --lobby-size 8 --seconds 300

With --json, one object: "connections", "signalling", "lobbies", "seconds", "frames_per_second_per_player", "frames" ("sent",
"received", "lost", "twice", "overtaken"), "milliseconds_to_relay" ("p50", "p90", "p99", "max"), "server_memory_bytes"
("start", "middle", "end"; null where it is not known), "memory_end_to_start", "problems"."#;
