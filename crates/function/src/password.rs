//! Lobby passwords: hashed with Argon2id, because a lobby's password is often somebody's other password too.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use domain::lobby::{PasswordHash, PasswordProof};
use tokio::task::spawn_blocking;

use crate::Failure;

/// Hashes a new password. Takes some 20 ms and 19 MiB (OWASP's parameters, Argon2's defaults) off the async threads.
///
/// # Errors
/// [`Failure::Broken`] where the hasher fails: no randomness, or no memory.
pub async fn hash(password: String) -> Result<PasswordHash, Failure> {
    let hashed = spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
    });
    match hashed.await {
        Ok(Ok(phc)) => Ok(PasswordHash::from_phc(phc)),
        Ok(Err(error)) => Err(Failure::Broken(format!(
            "a password could not be hashed: {error}"
        ))),
        Err(error) => Err(Failure::Broken(format!(
            "a password could not be hashed: {error}"
        ))),
    }
}

/// Checks what was given against what a lobby asks for.
///
/// # Errors
/// [`Failure::Broken`] where the check could not be made; a wrong password is no error.
pub async fn check(
    given: Option<&str>,
    wanted: Option<&PasswordHash>,
) -> Result<PasswordProof, Failure> {
    let Some(wanted) = wanted.cloned() else {
        return Ok(PasswordProof::Right);
    };
    let Some(given) = given.map(str::to_owned) else {
        return Ok(PasswordProof::Wrong);
    };
    let checked = spawn_blocking(move || {
        let hash = argon2::PasswordHash::new(wanted.as_phc())?;
        Argon2::default().verify_password(given.as_bytes(), &hash)
    });
    match checked.await {
        Ok(Ok(())) => Ok(PasswordProof::Right),
        Ok(Err(argon2::password_hash::Error::PasswordInvalid)) => Ok(PasswordProof::Wrong),
        Ok(Err(error)) => Err(Failure::Broken(format!(
            "a password could not be checked: {error}"
        ))),
        Err(error) => Err(Failure::Broken(format!(
            "a password could not be checked: {error}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let hash = hash("open sesame".to_owned()).await.expect("hashed");
        assert!(hash.as_phc().starts_with("$argon2id$"));
        let check = async |given| check(given, Some(&hash)).await.expect("checked");
        assert_eq!(check(Some("open sesame")).await, PasswordProof::Right);
        assert_eq!(check(Some("open barley")).await, PasswordProof::Wrong);
        assert_eq!(check(None).await, PasswordProof::Wrong);
    }

    #[tokio::test]
    async fn without_a_password_every_password_is_right() {
        assert_eq!(
            check(None, None).await.expect("checked"),
            PasswordProof::Right
        );
        assert_eq!(
            check(Some("x"), None).await.expect("checked"),
            PasswordProof::Right
        );
    }
}
