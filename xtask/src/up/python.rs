//! Python environments of our own, filled from pinned requirements.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::layout;
use super::shell::{output, progress, run, stdout};

const INSTALL: &str = "install Python 3.11 or newer";
/// The oldest whose set of dependencies is the one that the requirements were pinned for.
const OLDEST: (u32, u32) = (3, 11);

/// Makes the environment in `folder`, unless it already holds exactly these requirements; returns its `bin`.
pub(crate) fn environment(folder: &Path, requirements: &str) -> Result<PathBuf> {
    let bin = folder.join("bin");
    // Written last: an environment that was interrupted is made again.
    let stamp = folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == requirements) {
        return Ok(bin);
    }
    let python = interpreter()?;
    layout::remove(folder)?;
    progress(&format!("Installing {} (once) ...", names(requirements)));
    let made = output(
        Command::new(&python).args(["-m", "venv"]).arg(folder),
        INSTALL,
    )?;
    if !made.status.success() {
        bail!("`{python} -m venv` failed: install Python's venv module (Debian: python3-venv)");
    }
    let list = folder.join("requirements.txt");
    fs::write(&list, requirements).context("cannot write requirements.txt")?;
    run(
        Command::new(bin.join("pip"))
            .args([
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--require-hashes",
                "--requirement",
            ])
            .arg(&list)
            // The environment is the cache; nothing is left elsewhere.
            .env("PIP_NO_CACHE_DIR", "1"),
        INSTALL,
    )
    .context("cannot install from PyPI: check the network, or the proxy that pip is set up with")?;
    fs::write(&stamp, requirements).context("cannot write installed.txt")?;
    Ok(bin)
}

fn interpreter() -> Result<String> {
    for name in ["python3", "python"] {
        let version = "import sys; print(sys.version_info[0], sys.version_info[1])";
        let Ok(printed) = stdout(Command::new(name).args(["-c", version]), INSTALL) else {
            continue;
        };
        let mut numbers = printed
            .split_whitespace()
            .filter_map(|number| number.parse::<u32>().ok());
        if numbers
            .next()
            .zip(numbers.next())
            .is_some_and(|version| version >= OLDEST)
        {
            return Ok(name.to_owned());
        }
    }
    bail!("there is no Python 3.11 or newer on the PATH: {INSTALL}")
}

/// `ministack==1.5.33 \` and its like, without the hashes and whatever came along.
fn names(requirements: &str) -> String {
    const WANTED: [&str; 3] = ["ministack", "cargo-lambda", "ziglang"];
    let pinned = requirements
        .lines()
        .filter_map(|line| line.strip_suffix(" \\"));
    let wanted = pinned.filter(|line| {
        WANTED
            .iter()
            .any(|name| line.split("==").next() == Some(name))
    });
    wanted
        .map(|line| line.trim().replace("==", " "))
        .collect::<Vec<_>>()
        .join(" and ")
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn only_what_was_asked_for_is_named() {
        let requirements =
            "h11==0.16.0 \\\n    --hash=sha256:00\nministack==1.5.33 \\\n    --hash=sha256:11\n";
        assert_eq!(names(requirements), "ministack 1.5.33");
    }
}
