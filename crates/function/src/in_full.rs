//! An error as the log tells it: one line, with every cause, and with what an operator can do where that is known.

use std::error::Error;
use std::fmt;

/// An error with all its causes: an SDK's error by itself says only "service error".
#[derive(Debug)]
pub struct InFull<'a>(pub &'a (dyn Error + 'static));

/// What AWS or its SDK calls the faults that a wrong configuration makes, and what to do about each.
const REMEDIES: [(&str, &str); 5] = [
    (
        "AccessDenied",
        "give the function's role this right (terraform/iam.tf), or name its own tables by SWITCHBOARD_TABLE_PREFIX",
    ),
    (
        "ResourceNotFoundException",
        "check that SWITCHBOARD_TABLE_PREFIX is what the tables' names begin with, and AWS_REGION where they are",
    ),
    (
        "QueueDoesNotExist",
        "check that SWITCHBOARD_TICKS_URL and SWITCHBOARD_TIMERS_URL are the queues' addresses",
    ),
    (
        "dispatch failure",
        "check that AWS_ENDPOINT_URL and SWITCHBOARD_CALLBACK_URL lead where somebody listens, and the network",
    ),
    (
        "UnrecognizedClientException",
        "check the function's credentials and AWS_REGION",
    ),
];

impl fmt::Display for InFull<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = self.0.to_string();
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let says = error.to_string();
            // Some errors say what their cause says.
            if !told.ends_with(&says) {
                told = format!("{told}: {says}");
            }
            cause = error.source();
        }
        f.write_str(&told)?;
        let remedy = REMEDIES.iter().find(|(name, _)| told.contains(name));
        match remedy {
            Some((_, remedy)) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use thiserror::Error;

    use super::*;

    #[derive(Debug, Error)]
    #[error("the store failed")]
    struct Outer(#[source] Inner);

    #[derive(Debug, Error)]
    #[error("{0}")]
    struct Inner(&'static str);

    #[test]
    fn every_cause_is_told() {
        let told = InFull(&Outer(Inner("the line is cut"))).to_string();
        assert_eq!(told, "the store failed: the line is cut");
    }

    #[test]
    fn what_a_wrong_configuration_makes_is_told_with_what_to_do() {
        for (cause, setting) in [
            (
                "AccessDeniedException: not authorised to perform: dynamodb:PutItem",
                "terraform/iam.tf",
            ),
            (
                "ResourceNotFoundException: table not found",
                "SWITCHBOARD_TABLE_PREFIX",
            ),
            (
                "QueueDoesNotExist: the specified queue does not exist",
                "SWITCHBOARD_TICKS_URL",
            ),
            ("dispatch failure", "AWS_ENDPOINT_URL"),
        ] {
            let told = InFull(&Outer(Inner(cause))).to_string();
            assert!(told.contains(cause) && told.contains(setting), "{told}");
        }
    }
}
