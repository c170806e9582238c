//! `cargo xtask package`: one zip per function for AWS, small enough to start fast, able to start there at all.

mod answer;
mod glibc;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

use self::answer::Source;
use crate::project::Project;
use crate::say;
use crate::up::archive::{self, Packing};
use crate::up::layout::{self, Layout};
use crate::up::shell::{self, progress, stdout};
use crate::up::{functions, python};

/// What cross-compiles: cargo-lambda, and Zig as a linker that knows every glibc.
const REQUIREMENTS: &str = include_str!("package/requirements.txt");
/// A cold start loads every byte of it.
const BUDGET_BYTES: u64 = 2_500_000;
/// What `provided.al2023` has; a binary that asks for more does not start there.
const GLIBC: (u32, u32) = (2, 34);

/// Build one zip per function for AWS, and check each.
#[derive(Debug, clap::Args)]
pub(crate) struct Package {
    /// Processor of the functions: the one that Terraform is told as `architecture`.
    #[arg(long, value_enum, default_value = "arm64")]
    arch: Arch,
}

/// A processor, as AWS names it.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Arch {
    /// Graviton: the default, a fifth cheaper.
    Arm64,
    /// Intel and AMD.
    #[value(name = "x86_64")]
    X86_64,
}

impl Arch {
    /// As Rust names it.
    fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "aarch64",
            Self::X86_64 => "x86_64",
        }
    }

    fn target(self) -> String {
        format!("{}-unknown-linux-gnu", self.name())
    }
}

/// One line of the table.
#[derive(Debug)]
struct Checked {
    name: String,
    zipped: u64,
    glibc: (u32, u32),
    starts: answer::Outcome,
    sha256: String,
}

/// Builds, packs and checks.
pub(crate) fn run(project: &Project, args: &Package) -> Result<()> {
    let layout = Layout::of(project);
    let names = functions::names(&layout)?;
    let driven = functions::driven_by_queues(&layout)?;
    let guards = functions::guards(&layout)?;
    let packages = layout.root().join("target/lambda");
    let binaries = packages.join("binaries");
    let tools = python::environment(&layout.root().join("target/packaging/python"), REQUIREMENTS)?;
    add_target(&layout, args.arch)?;
    build(&layout, &names, args.arch, &tools, &binaries)?;
    let mut table = Vec::new();
    for name in &names {
        let binary = binaries.join(name).join("bootstrap");
        let package = packages.join(format!("{name}.zip"));
        let source = if driven.contains(name) {
            Source::Queue
        } else if guards.contains(name) {
            Source::Upgrades
        } else {
            Source::Routes
        };
        table.push(check(name, source, &binary, &package, args.arch)?);
    }
    say::line(&draw(&table));
    let faults: Vec<_> = table.iter().flat_map(Checked::faults).collect();
    if !faults.is_empty() {
        bail!("{}", faults.join("; "));
    }
    Ok(())
}

/// rustup adds what is missing; without rustup there is nothing to add it with, and cargo will say what it lacks.
fn add_target(layout: &Layout, arch: Arch) -> Result<()> {
    let target = arch.target();
    let mut list = Command::new("rustup");
    list.current_dir(layout.root())
        .args(["target", "list", "--installed"]);
    let Ok(installed) = stdout(&mut list, "install rustup") else {
        return Ok(());
    };
    if installed.lines().any(|line| line == target) {
        return Ok(());
    }
    progress(&format!("Adding the Rust target {target} (once) ..."));
    shell::run(
        Command::new("rustup")
            .current_dir(layout.root())
            .args(["target", "add", &target]),
        "install rustup",
    )
    .with_context(|| {
        format!(
            "the Rust target {target} is missing: run `rustup target add {target}` with a network"
        )
    })
}

fn build(
    layout: &Layout,
    names: &[String],
    arch: Arch,
    tools: &Path,
    binaries: &Path,
) -> Result<()> {
    progress(&format!(
        "Building {} for {} ...",
        names.join(", "),
        arch.name()
    ));
    layout::remove(binaries)?;
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(
        [tools.to_owned()]
            .into_iter()
            .chain(std::env::split_paths(&inherited)),
    )
    .context("a folder on the PATH has a colon in its name")?;
    let mut command = Command::new(tools.join("cargo-lambda"));
    command
        .current_dir(layout.root())
        .env("PATH", path)
        // Zig and its callers would keep what they make in the caller's home.
        .env(
            "XDG_CACHE_HOME",
            layout.root().join("target/packaging/cache"),
        )
        .env("RUSTFLAGS", remapped(layout.root()))
        .args(["lambda", "build", "--profile", "lambda", "--locked"])
        .args([
            "--target",
            &format!("{}.{}.{}", arch.target(), GLIBC.0, GLIBC.1),
        ])
        .arg("--lambda-dir")
        .arg(binaries);
    for name in names {
        command.args(["--package", name]);
    }
    shell::run(
        &mut command,
        "its Python environment is broken: remove target/packaging",
    )
    .context("the functions do not build")
}

/// Panic messages name source files. Without this, the bytes would tell, and depend on, where this checkout is.
fn remapped(root: &Path) -> String {
    let home = std::env::var_os("HOME")
        .map(PathBuf::from)
        .unwrap_or_default();
    let cargo = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    format!(
        "--remap-path-prefix={}=/switchboard --remap-path-prefix={}=/cargo",
        root.display(),
        cargo.display(),
    )
}

fn check(name: &str, source: Source, binary: &Path, package: &Path, arch: Arch) -> Result<Checked> {
    let bytes =
        fs::read(binary).with_context(|| format!("cargo-lambda left no {}", binary.display()))?;
    archive::write_bootstrap(package, &bytes, Packing::Smallest)?;
    let zipped = fs::read(package).with_context(|| format!("cannot read {}", package.display()))?;
    progress(&format!("Starting {name} ..."));
    Ok(Checked {
        name: name.to_owned(),
        zipped: zipped.len() as u64,
        glibc: glibc::needed(&bytes),
        starts: answer::ask(name, source, binary, arch.name())?,
        sha256: hex(&Sha256::digest(&zipped)),
    })
}

impl Checked {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.zipped > BUDGET_BYTES {
            faults.push(format!(
                "{}.zip is {} bytes, more than {BUDGET_BYTES}",
                self.name, self.zipped
            ));
        }
        if self.glibc > GLIBC {
            let (major, minor) = self.glibc;
            faults.push(format!(
                "{} needs glibc {major}.{minor}, which provided.al2023 has not",
                self.name
            ));
        }
        if let answer::Outcome::Failed(why) = &self.starts {
            faults.push(format!("{} does not answer: {why}", self.name));
        }
        faults
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn draw(table: &[Checked]) -> String {
    let mut lines = vec![format!(
        "{:<12} {:>10}  {:>5}  {:<24} sha256",
        "function", "zip bytes", "glibc", "answers an event"
    )];
    for row in table {
        let glibc = format!("{}.{}", row.glibc.0, row.glibc.1);
        lines.push(format!(
            "{:<12} {:>10}  {glibc:>5}  {:<24} {}",
            row.name,
            row.zipped,
            row.starts.to_string(),
            row.sha256
        ));
    }
    lines.join("\n")
}
