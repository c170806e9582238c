//! Where things are: in the checkout, and under `target/emulator`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::project::Project;

/// What `down` keeps: the emulator's Python environment and Terraform's provider are slow to fetch again.
const CACHES: [&str; 2] = ["python", "terraform-data"];

/// What was given by hand.
const VARIABLES: &str = "variables.json";

/// The folders of one emulator in one checkout.
#[derive(Debug)]
pub(crate) struct Layout {
    root: PathBuf,
    home: PathBuf,
}

impl Layout {
    /// The emulator that `up` starts.
    pub(crate) fn of(project: &Project) -> Self {
        Self::apart(project, "emulator")
    }

    /// An emulator beside that one, in a folder of its own under `target`.
    pub(crate) fn apart(project: &Project, folder: &str) -> Self {
        Self {
            root: project.root.clone(),
            home: project.root.join("target").join(folder),
        }
    }

    /// The checkout.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Everything of the emulator's.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    pub(crate) fn in_home(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// The emulator's Python environment, the same for all.
    pub(crate) fn python(&self) -> PathBuf {
        self.root.join("target/emulator/python")
    }

    /// The emulator's log.
    pub(crate) fn log(&self) -> PathBuf {
        self.in_home("emulator.log")
    }

    /// One zip per function.
    pub(crate) fn packages(&self) -> PathBuf {
        self.in_home("packages")
    }

    /// Where the emulator and its functions put their temporary files.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.in_home("tmp")
    }

    /// Notes variables of Terraform's that were given by hand, for every later look.
    pub(crate) fn keep_variables(&self, variables: &BTreeMap<&str, String>) -> Result<()> {
        let text = serde_json::to_string(variables).context("texts are JSON")?;
        fs::write(self.in_home(VARIABLES), text).context("cannot write down the variables")
    }

    /// The variables of Terraform's that were given by hand.
    pub(crate) fn variables(&self) -> BTreeMap<String, String> {
        let text = fs::read_to_string(self.in_home(VARIABLES));
        let text = text.unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// An empty folder under the emulator's.
    pub(crate) fn fresh(&self, name: &str) -> Result<PathBuf> {
        let folder = self.in_home(name);
        remove(&folder)?;
        create(&folder)?;
        Ok(folder)
    }

    /// Removes everything but the caches.
    pub(crate) fn clear(&self) -> Result<()> {
        let Ok(entries) = fs::read_dir(self.home()) else {
            return Ok(());
        };
        for entry in entries {
            let entry = entry.context("cannot list the emulator's folder")?;
            if !CACHES.iter().any(|cache| entry.file_name() == *cache) {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }
}

/// Makes a folder and those above it.
pub(crate) fn create(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))
}

/// Removes a file or a whole folder, if it is there.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}
