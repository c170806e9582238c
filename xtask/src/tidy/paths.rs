//! No file names a place on one machine.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Finding;
use crate::project::Project;

/// Folders under which people keep their own things.
const PERSONAL: &[&str] = &["home", "root", "Users"];

pub(super) fn check(project: &Project) -> Result<Vec<Finding>> {
    let mut places: Vec<String> = PERSONAL
        .iter()
        .map(|folder| format!("/{folder}/"))
        .collect();
    let home = std::env::var_os("HOME").map(PathBuf::from);
    for place in [Some(project.root.clone()), home].into_iter().flatten() {
        // "/" or "/app" may be a whole machine in a container, and is a word elsewhere.
        if place.components().count() > 2 {
            places.push(place.display().to_string());
        }
    }
    let mut found = Vec::new();
    for file in project.files()? {
        if file
            .extension()
            .is_some_and(|extension| extension == "lock")
        {
            continue;
        }
        if let Some(text) = project.text(&file)? {
            found.extend(of_file(&file, &text, &places));
        }
    }
    Ok(found)
}

fn of_file(file: &Path, text: &str, places: &[String]) -> Vec<Finding> {
    let lines = text.lines().enumerate();
    let named = lines.filter_map(|(at, line)| {
        let place = places.iter().find(|place| names(line, place))?;
        Some(Finding::new(
            file,
            at + 1,
            format!("`{place}` is a place on one machine"),
            "name it relative to the project, or take it from the environment",
        ))
    });
    named.collect()
}

/// Whether a line names the place itself, and not one that merely ends so (`target/home/`).
fn names(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|before| before.is_alphanumeric() || "._-}/)".contains(before))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_from_the_end_of_a_longer_path() {
        let place = format!("/{}/", "home");
        assert!(names(&format!("cd {place}anna"), &place));
        assert!(names(&format!("\"{place}anna\""), &place));
        assert!(!names(&format!("https://example.org{place}"), &place));
        assert!(!names(&format!("$ROOT{place}x"), &place));
    }
}
