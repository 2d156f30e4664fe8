//! argon2id (RFC 9106), on the calling thread.

use std::cell::RefCell;

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};

use super::typed::Password;

/// The result of comparing a typed password with a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the right one.
    Right,
    /// It is the right one, and its hash is weaker than new hashes, or of a form that is not hashed any more: hash it again.
    RightButWeak,
    /// It is another one.
    Wrong,
}

/// OWASP's minimum for argon2id: 19 MiB of memory, 2 passes, 1 lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Bytes of a hash.
const HASH_LEN: usize = Params::DEFAULT_OUTPUT_LEN;
/// The most memory that a stored hash may take, so that one bad row cannot exhaust it.
const MAX_MEMORY_KIB: u32 = 128 * 1024;

fn argon2() -> Result<Argon2<'static>, argon2::password_hash::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A PHC string with the parameters of new hashes.
fn phc(salt: Salt, hash: Output) -> Result<String, argon2::password_hash::Error> {
    let written = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2()?.params())?,
        salt: Some(salt),
        hash: Some(hash),
    };
    Ok(written.to_string())
}

fn random_salt() -> Result<Salt, argon2::password_hash::Error> {
    Ok(Salt::new(&rand::random::<[u8; 16]>())?)
}

/// A hash that no password has: random bytes in the place of the hash.
pub(super) fn decoy() -> Result<String, argon2::password_hash::Error> {
    phc(
        random_salt()?,
        Output::new(&rand::random::<[u8; HASH_LEN]>())?,
    )
}

/// Hashes with a new salt, as a PHC string.
pub(super) fn hash(password: &Password) -> Result<String, argon2::password_hash::Error> {
    let salt = random_salt()?;
    let hash = derive(&argon2()?, &password.prepared(), &salt, HASH_LEN)?;
    phc(salt, hash)
}

thread_local! {
    /// The memory of the hash function, kept between hashes. Freed after each and allocated again for the next, it would
    /// often exist twice.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

fn derive(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &[u8],
    len: usize,
) -> Result<Output, argon2::password_hash::Error> {
    let usual = MEMORY_KIB as usize * 1024 / Block::SIZE;
    let mut output = [0; Output::MAX_LENGTH];
    let output = output
        .get_mut(..len)
        .ok_or(argon2::password_hash::Error::OutputSize)?;
    MEMORY.with_borrow_mut(|memory| {
        memory.resize(argon2.params().block_count(), Block::new());
        let done = argon2.hash_password_into_with_memory(
            password.as_bytes(),
            salt,
            output,
            &mut memory[..],
        );
        memory.truncate(usual);
        memory.shrink_to(usual);
        done
    })?;
    Ok(Output::new(output)?)
}

/// # Errors
/// The stored hash cannot be parsed, or takes too much memory.
pub(super) fn verify(
    password: &Password,
    stored: &str,
) -> Result<Verdict, argon2::password_hash::Error> {
    let stored = PasswordHash::new(stored).map_err(argon2::password_hash::Error::from)?;
    let params = Params::try_from(&stored)?;
    if params.m_cost() > MAX_MEMORY_KIB {
        return Err(argon2::password_hash::Error::ParamsInvalid);
    }
    let (Some(salt), Some(hash)) = (&stored.salt, &stored.hash) else {
        return Err(argon2::password_hash::Error::ParamsInvalid);
    };
    let is_weak = params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES;
    let algorithm = Algorithm::try_from(stored.algorithm.as_str())?;
    let version = stored.version.map(Version::try_from).transpose()?;
    let argon2 = Argon2::new(algorithm, version.unwrap_or_default(), params);
    // `Output` compares in constant time.
    let is_hash_of = |password: &str| {
        Ok::<_, argon2::password_hash::Error>(derive(&argon2, password, salt, hash.len())? == *hash)
    };
    if is_hash_of(&password.prepared())? {
        return Ok(if is_weak {
            Verdict::RightButWeak
        } else {
            Verdict::Right
        });
    }
    Ok(match password.unprepared() {
        Some(unprepared) if is_hash_of(unprepared)? => Verdict::RightButWeak,
        _ => Verdict::Wrong,
    })
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    use super::*;

    #[test]
    fn hashes_are_those_of_the_library_whatever_was_hashed_before_on_the_same_thread() {
        let passwords =
            ["", "x", "correct horse battery staple"].map(|text| Password::typed(text.to_owned()));
        for (memory, passes) in [(MEMORY_KIB, PASSES), (1024, 1), (MEMORY_KIB * 2, 1)] {
            let params = Params::new(memory, passes, 1, None).unwrap();
            let theirs = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            for password in &passwords {
                let stored = theirs
                    .hash_password(password.prepared().as_bytes())
                    .unwrap();
                assert_ne!(
                    verify(password, &stored.to_string()).unwrap(),
                    Verdict::Wrong
                );
                let stored = hash(password).unwrap();
                let stored = PasswordHash::new(&stored).unwrap();
                let known = argon2()
                    .unwrap()
                    .verify_password(password.prepared().as_bytes(), &stored);
                assert!(known.is_ok());
            }
        }
        let kept = MEMORY.with_borrow(Vec::capacity) * Block::SIZE;
        assert!(kept <= MEMORY_KIB as usize * 1024, "{kept}");
    }
}
