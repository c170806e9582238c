//! A copy of the AWS provider on this machine, for when Terraform's registry is out of reach.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

const VARIABLE: &str = "SWITCHBOARD_TERRAFORM_MIRROR";
/// Deep enough for a mirror two folders down; a whole disk is not searched.
const DEPTH: usize = 3;

/// A folder that Terraform takes for `-plugin-dir`, or none: then it asks its registry.
pub(crate) fn find() -> Result<Option<PathBuf>> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        let named = PathBuf::from(named);
        if !holds_provider(&named) {
            let place = named
                .join("registry.terraform.io/hashicorp/aws/5.100.0")
                .join(platform());
            bail!(
                "{VARIABLE} names a folder without the AWS provider: {} is missing",
                place.display()
            );
        }
        return Ok(Some(named));
    }
    let usual = usual_places()
        .into_iter()
        .find(|place| holds_provider(place));
    Ok(usual.or_else(|| search(Path::new("/opt"), DEPTH)))
}

fn usual_places() -> Vec<PathBuf> {
    let mut places = Vec::new();
    places.extend(std::env::var_os("TF_PLUGIN_CACHE_DIR").map(PathBuf::from));
    if let Some(home) = std::env::var_os("HOME").map(PathBuf::from) {
        places.push(home.join(".terraform.d/plugins"));
        places.push(home.join(".terraform.d/plugin-cache"));
        places.push(home.join(".local/share/terraform/plugins"));
    }
    places.push("/usr/local/share/terraform/plugins".into());
    places.push("/usr/share/terraform/plugins".into());
    places
}

fn search(folder: &Path, depth: usize) -> Option<PathBuf> {
    if holds_provider(folder) {
        return Some(folder.to_owned());
    }
    let below = depth.checked_sub(1)?;
    let mut folders: Vec<_> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders.iter().find_map(|folder| search(folder, below))
}

/// `~> 5.100`, for this platform: an older one, or a Mac's, would only fail later and less clearly.
fn holds_provider(folder: &Path) -> bool {
    let versions = folder.join("registry.terraform.io/hashicorp/aws");
    let Ok(versions) = fs::read_dir(versions) else {
        return false;
    };
    versions.flatten().any(|entry| {
        let name = entry.file_name();
        let mut parts = name
            .to_str()
            .unwrap_or_default()
            .split('.')
            .map(str::parse::<u32>);
        let fits = matches!((parts.next(), parts.next()), (Some(Ok(5)), Some(Ok(100..))));
        fits && entry.path().join(platform()).is_dir()
    })
}

/// This machine, as Terraform writes it.
fn platform() -> String {
    let system = if env::consts::OS == "macos" {
        "darwin"
    } else {
        env::consts::OS
    };
    let processor = match env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}_{processor}")
}
