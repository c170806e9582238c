//! Secrets, which come in as a variable or as the name of an SSM parameter that holds them.

use secrecy::SecretString;

use super::{Aws, ConfigError};

/// Where a secret comes from, and by which variable that is said.
#[derive(Debug)]
pub(super) struct Secret {
    pub(super) variable: &'static str,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Value(SecretString),
    Parameter(String),
}

impl Secret {
    /// A secret by the variable `value`, else by the name of a parameter in the variable `parameter`.
    pub(super) fn read(
        variable: impl Fn(&'static str) -> Option<String>,
        value: &'static str,
        parameter: &'static str,
    ) -> Option<Self> {
        let (name, source) = match (variable(value), variable(parameter)) {
            (Some(secret), _) => (value, Source::Value(secret.into())),
            (None, Some(name)) => (parameter, Source::Parameter(name)),
            (None, None) => return None,
        };
        Some(Self {
            variable: name,
            source,
        })
    }

    /// The secret itself. One request to SSM where it is a parameter; once per process, for a warm function keeps it.
    pub(super) async fn fetch(self, aws: &Aws) -> Result<SecretString, ConfigError> {
        match self.source {
            Source::Value(secret) => Ok(secret),
            Source::Parameter(name) => aws.read_parameter(self.variable, name).await,
        }
    }
}
