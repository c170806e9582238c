//! How far `terraform apply` is.

use serde_json::Value;

use crate::up::shell::progress;

/// One line of progress for so many resources.
const STEP: usize = 20;

/// Terraform's own messages, shortened.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    planned: usize,
    done: usize,
    pub(crate) errors: Vec<String>,
}

impl Progress {
    pub(crate) fn hear(&mut self, line: &str) {
        let message: Value = serde_json::from_str(line).unwrap_or_default();
        match message["type"].as_str().unwrap_or_default() {
            "planned_change" => self.planned += 1,
            "apply_complete" => {
                self.done += 1;
                if self.done.is_multiple_of(STEP) || self.done == self.planned {
                    progress(&format!("  {} of {} resources", self.done, self.planned));
                }
            }
            "diagnostic" if message["@level"] == "error" => {
                let part = |name: &str| {
                    message["diagnostic"][name]
                        .as_str()
                        .unwrap_or_default()
                        .trim()
                        .to_owned()
                };
                self.errors
                    .push(format!("{}: {}", part("summary"), part("detail")));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    #[test]
    fn errors_are_kept_and_warnings_are_not() {
        let mut progress = Progress::default();
        progress.hear(
            r#"{"@level":"warn","type":"diagnostic","diagnostic":{"summary":"Old","detail":"soon gone"}}"#,
        );
        progress.hear(
            r#"{"@level":"error","type":"diagnostic","diagnostic":{"summary":"No table","detail":"name too short"}}"#,
        );
        progress.hear("no JSON at all");
        assert_eq!(progress.errors, ["No table: name too short"]);
    }
}
