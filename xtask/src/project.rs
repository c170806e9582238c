//! The project that the tasks work on.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use cargo_metadata::{MetadataCommand, Package};

/// Where the project is and what it consists of.
pub(crate) struct Project {
    /// The folder of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Where Cargo builds; everything that tasks install goes below it.
    pub(crate) target: PathBuf,
    /// The workspace's own packages, by name.
    pub(crate) packages: Vec<Package>,
}

impl Project {
    /// Asks Cargo.
    pub(crate) fn find() -> Result<Self> {
        let metadata = MetadataCommand::new()
            .no_deps()
            .exec()
            .context("`cargo metadata` failed; does `cargo check` work here?")?;
        let mut packages = metadata.packages;
        packages.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Self {
            root: metadata.workspace_root.into_std_path_buf(),
            target: metadata.target_directory.into_std_path_buf(),
            packages,
        })
    }

    /// A command that runs in the project's folder.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// The same Cargo that runs this task.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // What the outer Cargo set for this task alone would make the inner one build everything again.
        for (name, _) in std::env::vars_os() {
            let name_text = name.to_string_lossy();
            if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
                cargo.env_remove(&name);
            }
        }
        cargo
    }

    /// Every file that belongs to the project, relative to its root: what Git tracks, or would.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>> {
        let listed = self
            .command("git")
            .args([
                "ls-files",
                "--cached",
                "--others",
                "--exclude-standard",
                "-z",
            ])
            .output()
            .context("git did not start; install it and work in a clone")?;
        ensure!(
            listed.status.success(),
            "git does not list the project's files: {}",
            String::from_utf8_lossy(&listed.stderr).trim()
        );
        let listed = String::from_utf8(listed.stdout).context("a file's name is not UTF-8")?;
        let mut files: Vec<_> = listed
            .split_terminator('\0')
            .map(PathBuf::from)
            .filter(|file| self.root.join(file).is_file())
            .collect();
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// A file's text; `None` where it is not text.
    pub(crate) fn text(&self, file: &Path) -> Result<Option<String>> {
        let bytes = std::fs::read(self.root.join(file))
            .with_context(|| format!("reading {}", file.display()))?;
        Ok(String::from_utf8(bytes).ok())
    }
}
