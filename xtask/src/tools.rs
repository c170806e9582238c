//! Tools that the checks need beyond Rust itself: pinned, and installed below the target folder when first needed.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::process::capture;
use crate::project::Project;
use crate::say;

/// A tool and the version that everybody uses.
pub(crate) struct Tool {
    /// What its program is called.
    program: &'static str,
    /// What its crate is called.
    package: &'static str,
    /// The one version.
    version: &'static str,
    /// Whether PyPI has it ready-made under its program's name: seconds instead of minutes.
    wheel: bool,
}

/// Licences, banned crates, sources, advisories.
pub(crate) const CARGO_DENY: Tool = Tool {
    program: "cargo-deny",
    package: "cargo-deny",
    version: "0.20.2",
    wheel: false,
};

/// Dependencies that nothing uses.
pub(crate) const CARGO_MACHETE: Tool = Tool {
    program: "cargo-machete",
    package: "cargo-machete",
    version: "0.9.2",
    wheel: false,
};

/// Inputs that nobody has thought of.
pub(crate) const CARGO_FUZZ: Tool = Tool {
    program: "cargo-fuzz",
    package: "cargo-fuzz",
    version: "0.13.2",
    wheel: false,
};

/// Misspelt words.
pub(crate) const TYPOS: Tool = Tool {
    program: "typos",
    package: "typos-cli",
    version: "1.52.0",
    wheel: true,
};

impl Tool {
    /// Where the tool is; installs it first where it is not there in the right version.
    pub(crate) fn find(&self, project: &Project) -> Result<PathBuf> {
        let tools = project.target.join("tools");
        let compiled = tools.join("bin").join(self.program);
        let environment = tools.join(format!("{}-{}", self.program, self.version));
        let wheel = environment.join("bin").join(self.program);
        for program in [&compiled, &wheel] {
            if self.is_right(project, program) {
                return Ok(program.clone());
            }
        }
        say::line(&format!(
            "    installing {} {} below {}",
            self.program,
            self.version,
            tools.display()
        ));
        if self.wheel && self.install_wheel(project, &environment) && self.is_right(project, &wheel)
        {
            return Ok(wheel);
        }
        let package = format!("{}@{}", self.package, self.version);
        let build = tools.join("build");
        let outcome = capture(
            project
                .cargo()
                // Unoptimised: a tool that runs for seconds is not worth minutes of building.
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                .args([
                    "install", "--locked", "--force", "--debug", &package, "--root",
                ])
                .arg(&tools)
                .arg("--target-dir")
                .arg(&build),
        )?;
        if !outcome.success {
            bail!(
                "{}\n{package} could not be installed; is crates.io within reach?",
                outcome.output
            );
        }
        // Half a gigabyte that nobody needs again.
        let _ = std::fs::remove_dir_all(build);
        Ok(compiled)
    }

    fn is_right(&self, project: &Project, program: &PathBuf) -> bool {
        program.is_file()
            && capture(project.command(program).arg("--version"))
                .is_ok_and(|outcome| outcome.success && outcome.output.contains(self.version))
    }

    /// Whether the wheel went in. Where Python or its `venv` is missing, building from source is the way.
    fn install_wheel(&self, project: &Project, environment: &PathBuf) -> bool {
        let package = format!("{}=={}", self.program, self.version);
        let made = capture(
            project
                .command("python3")
                .args(["-m", "venv", "--clear"])
                .arg(environment),
        );
        made.is_ok_and(|outcome| outcome.success)
            && capture(
                project
                    .command(environment.join("bin").join("python"))
                    .args([
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--only-binary",
                        ":all:",
                        &package,
                    ]),
            )
            .is_ok_and(|outcome| outcome.success)
    }
}
