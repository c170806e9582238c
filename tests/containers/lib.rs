//! A Switchboard of a test's own in containers: the emulator's image, and Terraform's that deploys to it.
//!
//! Both are started through the testcontainers crate, from the images that `docker-compose.yml` builds. Ports are the engine's
//! choice, so it stands beside any other.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use e2e::leave_out;
use testcontainers::core::logs::LogFrame;
use testcontainers::core::{ContainerPort, WaitFor};
use testcontainers::runners::AsyncRunner as _;
use testcontainers::{ContainerAsync, ContainerRequest, GenericImage, ImageExt as _};

/// Where the emulator listens in its container.
const PORT: ContainerPort = ContainerPort::Tcp(4566);
/// What the deployment says last, followed by the URL as it is seen from outside.
const IS_UP: &str = "Switchboard is up: ";
/// Several times what a deployment takes on two slow processors.
const DEPLOYED_WITHIN: Duration = Duration::from_mins(5);

/// The images' names.
#[derive(Clone, Debug)]
pub struct Images {
    emulator: String,
    deploy: String,
}

/// A Switchboard that serves until it is [stopped](Self::stop).
pub struct Switchboard {
    emulator: ContainerAsync<GenericImage>,
    deployment: ContainerAsync<GenericImage>,
    url: String,
}

impl Images {
    /// Those that `SWITCHBOARD_IMAGES` names: the emulator's, a comma, Terraform's; `None`, and a line that says so, where it
    /// names none.
    ///
    /// # Panics
    /// Where it names anything else.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where these tests' one setting comes in"
    )]
    #[must_use]
    pub fn find() -> Option<Self> {
        let named = std::env::var("SWITCHBOARD_IMAGES").unwrap_or_default();
        if named.is_empty() {
            leave_out(
                "it needs a Docker engine and images, `cargo xtask test --only docker` has both",
            );
            return None;
        }
        let Some((emulator, deploy)) = named.split_once(',') else {
            panic!(
                "SWITCHBOARD_IMAGES is `{named}`: set it to two images, `switchboard-localstack,switchboard-deploy`"
            );
        };
        Some(Self {
            emulator: emulator.to_owned(),
            deploy: deploy.to_owned(),
        })
    }

    /// Starts an emulator and has Terraform deploy to it.
    pub async fn start(&self) -> Switchboard {
        let emulator = GenericImage::new(self.emulator.as_str(), "latest")
            .with_exposed_port(PORT)
            // The image says itself how to tell.
            .with_wait_for(WaitFor::healthcheck());
        let emulator = started(emulator.into(), &self.emulator).await;
        let port = emulator.get_host_port_ipv4(PORT).await;
        let port = port.expect("the engine publishes what is exposed");

        let deployment = GenericImage::new(self.deploy.as_str(), "latest")
            .with_wait_for(WaitFor::message_on_stdout(IS_UP))
            .with_network(format!("container:{}", emulator.id()))
            .with_startup_timeout(DEPLOYED_WITHIN)
            .with_env_var("AWS_ACCESS_KEY_ID", "test")
            .with_env_var("AWS_SECRET_ACCESS_KEY", "test")
            .with_env_var("AWS_REGION", "us-east-1")
            .with_env_var("PUBLISHED_PORT", port.to_string())
            .with_env_var(
                "TF_VAR_execute_url",
                "http://localhost:4566/_aws/execute-api/{api_id}/{stage}",
            );
        let deployment = started(deployment, &self.deploy).await;
        let said = deployment.stdout_to_vec().await;
        let said = said.expect("the engine keeps what was said");
        let said = String::from_utf8_lossy(&said).into_owned();
        let url = said.lines().find_map(|line| line.strip_prefix(IS_UP));
        Switchboard {
            url: url.expect("it was waited for").to_owned(),
            emulator,
            deployment,
        }
    }
}

impl Switchboard {
    /// Where it is, from outside.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Removes its containers. Dropped without, they are removed too, but nobody hears whether it worked.
    pub async fn stop(self) {
        for container in [self.deployment, self.emulator] {
            let removed = container.rm().await;
            removed.expect("the engine removes what it started");
        }
    }
}

impl fmt::Debug for Switchboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Switchboard")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// Starts a container and waits until it is ready.
async fn started(
    request: ContainerRequest<GenericImage>,
    image: &str,
) -> ContainerAsync<GenericImage> {
    let complaints = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&complaints);
    let request = request.with_log_consumer(move |frame: &LogFrame| {
        if let LogFrame::StdErr(bytes) = frame {
            heard
                .lock()
                .expect("nobody panics")
                .extend_from_slice(bytes);
        }
    });
    let started = request.start().await;
    started.unwrap_or_else(|error| {
        let complaints = complaints.lock().expect("nobody panics");
        panic!(
            "a container of {image} does not come up: {error}. Does a Docker engine answer (`docker info`), and are the \
             images built (`docker compose build`)? It said:\n{}",
            String::from_utf8_lossy(&complaints)
        )
    })
}
