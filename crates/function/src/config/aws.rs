//! Where AWS is, for this process, and the secrets that it keeps.

use aws_credential_types::Credentials;
use aws_sdk_ssm::config::{BehaviorVersion, Region};
use secrecy::SecretString;

use super::ConfigError;

/// What Lambda tells every function of AWS.
#[derive(Clone, Debug)]
pub struct Aws {
    pub(super) region: String,
    pub(super) endpoint_url: Option<String>,
    pub(super) credentials: Credentials,
}

impl Aws {
    /// Reads it through `variable`, which tells an environment variable's value.
    ///
    /// # Errors
    /// The first variable that is missing.
    pub fn read(variable: impl Fn(&'static str) -> Option<String>) -> Result<Self, ConfigError> {
        let variable = |name| variable(name).filter(|value| !value.is_empty());
        let remedy = "AWS Lambda sets it; elsewhere set it by hand";
        let required = |name| variable(name).ok_or(ConfigError::Missing { name, remedy });
        let credentials = Credentials::new(
            required("AWS_ACCESS_KEY_ID")?,
            required("AWS_SECRET_ACCESS_KEY")?,
            variable("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        Ok(Self {
            region: required("AWS_REGION")?,
            endpoint_url: variable("AWS_ENDPOINT_URL"),
            credentials,
        })
    }

    /// Reads a secret that `setting` names. Once per process: a warm function keeps it.
    ///
    /// # Errors
    /// [`ConfigError::Parameter`] where it cannot.
    pub async fn read_parameter(
        &self,
        setting: &'static str,
        name: String,
    ) -> Result<SecretString, ConfigError> {
        let mut config = aws_sdk_ssm::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.region.clone()))
            .credentials_provider(self.credentials.clone())
            .http_client(https::client());
        config.set_endpoint_url(self.endpoint_url.clone());
        let client = aws_sdk_ssm::Client::from_conf(config.build());
        let answer = client
            .get_parameter()
            .name(&name)
            .with_decryption(true)
            .send()
            .await;
        let refused = |name, source| ConfigError::Parameter {
            name,
            setting,
            source,
        };
        let value = match answer {
            Ok(answer) => answer.parameter.and_then(|parameter| parameter.value),
            Err(error) => return Err(refused(name, error.into())),
        };
        let value = value.map(SecretString::from);
        value.ok_or_else(|| refused(name, "the parameter has no value".into()))
    }
}
