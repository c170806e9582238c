//! Terraform against the emulator: the very text that goes to AWS, run on a copy of it.

mod progress;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::{Map, Value, json};

use self::progress::Progress;
use super::layout::{self, Layout};
use super::mirror;
use super::shell::{output, progress, stdout};

/// Where the emulator claims to be.
pub(crate) const REGION: &str = "us-east-1";
/// What the names of everything begin with.
pub(crate) const PREFIX: &str = "switchboard-dev";
const INSTALL: &str = "install Terraform 1.11 or newer";
const OLDEST: (u32, u32) = (1, 11);

/// Terraform for one emulator.
#[derive(Debug)]
pub(crate) struct Terraform<'a> {
    layout: &'a Layout,
    port: u16,
}

impl<'a> Terraform<'a> {
    pub(crate) fn new(layout: &'a Layout, port: u16) -> Self {
        Self { layout, port }
    }

    /// Asked first: nobody should wait for a build to hear that Terraform or its provider is missing.
    pub(crate) fn check() -> Result<()> {
        mirror::find()?;
        let mut command = clean_command();
        let printed = stdout(command.args(["version", "-json"]), INSTALL)?;
        let version: Value = serde_json::from_str(&printed).unwrap_or_default();
        let version = version["terraform_version"]
            .as_str()
            .unwrap_or("of an unknown version");
        let mut numbers = version.split('.').filter_map(|number| number.parse().ok());
        if numbers
            .next()
            .zip(numbers.next())
            .is_none_or(|found| found < OLDEST)
        {
            bail!("Terraform is {version}, too old for ephemeral values: {INSTALL}");
        }
        Ok(())
    }

    /// The emulator's address.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Copies the configuration and fetches the provider. In `terraform/` itself a lock file would be left that knows
    /// one platform only.
    pub(crate) fn init(&self) -> Result<()> {
        layout::create(&self.folder())?;
        copy_configuration(&self.layout.root().join("terraform"), &self.folder())?;
        let said = init(&mut self.command())?;
        said.map_err(|said| anyhow!("{NO_PROVIDER}:\n{said}"))
    }

    /// Makes the emulator what the configuration says.
    pub(crate) fn apply(&self) -> Result<()> {
        progress("Deploying ...");
        let mut command = self.command();
        command.args(["apply", "-json", "-auto-approve", "-input=false"]);
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run terraform: {INSTALL}"))?;
        let lines = child.stdout.take().context("terraform has no output")?;
        let mut progress = Progress::default();
        for line in BufReader::new(lines).lines() {
            progress.hear(&line.context("cannot read what terraform says")?);
        }
        if !child.wait().context("cannot wait for terraform")?.success() {
            bail!("terraform apply failed: {}", progress.errors.join("; "));
        }
        Ok(())
    }

    /// What the deployed configuration tells of itself.
    pub(crate) fn outputs(&self) -> Result<Value> {
        if !self.folder().is_dir() {
            return Ok(json!({}));
        }
        let printed = stdout(self.command().args(["output", "-json"]), INSTALL)?;
        let outputs: Map<String, Value> =
            serde_json::from_str(&printed).context("terraform's outputs are no JSON")?;
        Ok(outputs
            .into_iter()
            .map(|(name, output)| (name, output["value"].clone()))
            .collect::<Map<_, _>>()
            .into())
    }

    /// Fails where what runs is not what the configuration says.
    pub(crate) fn expect_no_drift(&self) -> Result<()> {
        if !self.folder().is_dir() {
            bail!("nothing is deployed yet: run `cargo xtask up`");
        }
        let mut command = self.command();
        let planned = output(
            command.args(["plan", "-no-color", "-input=false", "-detailed-exitcode"]),
            INSTALL,
        )?;
        let text = String::from_utf8_lossy(&planned.stdout);
        match planned.status.code() {
            Some(0) => progress("Terraform finds nothing to change."),
            Some(2) => bail!("what runs is not what the configuration says:\n{text}"),
            _ => bail!(
                "terraform plan failed: {}",
                String::from_utf8_lossy(&planned.stderr).trim()
            ),
        }
        Ok(())
    }

    fn folder(&self) -> PathBuf {
        self.layout.in_home("terraform")
    }

    fn command(&self) -> Command {
        let endpoint = self.endpoint();
        let architecture = if cfg!(target_arch = "aarch64") {
            "arm64"
        } else {
            "x86_64"
        };
        let by_hand = self.layout.variables().into_iter();
        let mut command = clean_command();
        command
            .current_dir(self.folder())
            .env("TF_DATA_DIR", self.layout.in_home("terraform-data"))
            .env("TF_IN_AUTOMATION", "true")
            // The emulator's root, who may do everything. The functions get roles of their own.
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", REGION)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ENDPOINT_URL", &endpoint)
            // A fixed id makes a fixed URL.
            .env(
                "TF_VAR_api_tags",
                json!({ "ms-custom-id": "switchboard" }).to_string(),
            )
            .env("TF_VAR_architecture", architecture)
            .env("TF_VAR_deletion_protection", "false")
            .env(
                "TF_VAR_execute_url",
                format!("{endpoint}/_aws/execute-api/{{api_id}}/{{stage}}"),
            )
            .env("TF_VAR_packages_directory", self.layout.packages())
            .envs(by_hand.map(|(name, value)| (format!("TF_VAR_{name}"), value)));
        command
    }
}

/// Why `init` fails where the configuration is right.
pub(crate) const NO_PROVIDER: &str = "cannot get the AWS provider: check the network, or set SWITCHBOARD_TERRAFORM_MIRROR to a \
     folder that holds registry.terraform.io/hashicorp/aws";

/// Fetches the provider, from a mirror on this machine where there is one; `Err` with what Terraform says where it cannot.
pub(crate) fn init(command: &mut Command) -> Result<Result<(), String>> {
    command.args(["init", "-no-color", "-input=false"]);
    match mirror::find()? {
        Some(mirror) => {
            progress(&format!(
                "Preparing Terraform, with the provider in {} ...",
                mirror.display()
            ));
            command.arg(format!("-plugin-dir={}", mirror.display()));
        }
        None => progress("Preparing Terraform, with the provider from its registry ..."),
    }
    let done = output(command, INSTALL)?;
    if done.status.success() {
        return Ok(Ok(()));
    }
    let said = String::from_utf8_lossy(&done.stderr);
    Ok(Err(said.trim().to_owned()))
}

/// Terraform without the caller's own settings for AWS and for Terraform: they are about a real account.
pub(crate) fn clean_command() -> Command {
    let mut command = Command::new("terraform");
    // It would ask the world for a newer version of itself, and note the answer in the home folder.
    command.env("CHECKPOINT_DISABLE", "1");
    for (name, value) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let is_missing_file = text == "TF_CLI_CONFIG_FILE" && !Path::new(&value).is_file();
        let is_setting = ["AWS_", "TF_VAR_", "TF_CLI_ARGS", "TF_WORKSPACE"]
            .iter()
            .any(|prefix| text.starts_with(prefix));
        // The certificates that this machine trusts stay the same whoever is asked.
        if is_missing_file || (is_setting && text != "AWS_CA_BUNDLE") {
            command.env_remove(name);
        }
    }
    command
}

/// The state stays; everything else is replaced.
fn copy_configuration(from: &Path, to: &Path) -> Result<()> {
    layout::remove(&to.join(".terraform.lock.hcl"))?;
    for stale in sources(to)? {
        layout::remove(&stale)?;
    }
    for source in sources(from)? {
        let name = source.file_name().unwrap_or_default();
        fs::copy(&source, to.join(name))
            .with_context(|| format!("cannot copy {}", source.display()))?;
    }
    Ok(())
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let paths = entries.flatten().map(|entry| entry.path());
    Ok(paths
        .filter(|path| {
            path.extension()
                .is_some_and(|kind| kind == "tf" || kind == "json")
        })
        .collect())
}
