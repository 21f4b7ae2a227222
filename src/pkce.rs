//! Proof Key for Code Exchange (RFC 7636), method S256 only.

use crate::error::{Code, Error, Result};
use crate::secret::Secret;
use alloc::string::String;
use sha2::{Digest, Sha256};

/// A `code_verifier` (RFC 7636 section 4.1).
#[derive(Debug)]
pub struct CodeVerifier(Secret);

impl CodeVerifier {
    /// Makes the verifier of 43 characters from 32 random bytes.
    pub fn from_random(bytes: &[u8; 32]) -> Self {
        Self(Secret::new(base64url(bytes)))
    }

    /// Takes a verifier back from where the transaction was kept.
    ///
    /// # Errors
    /// `code_verifier_invalid`: not 43 to 128 of the unreserved characters.
    pub fn parse(text: &str) -> Result<Self> {
        let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || crate::text::is_one_of(byte, b"-._~");
        if !(43..=128).contains(&text.len()) || !text.bytes().all(is_unreserved) {
            return Err(Error::on(Code::CodeVerifierInvalid, "codeVerifier"));
        }
        Ok(Self(Secret::new(text)))
    }

    /// The `code_challenge` for `S256`: base64url(SHA-256(verifier)), 43 characters (RFC 7636 section 4.2).
    pub fn challenge(&self) -> String {
        base64url(&Sha256::digest(self.expose().as_bytes()))
    }

    /// The verifier itself, for the token request and for where the transaction is kept.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Bytes as base64url without padding (RFC 4648 section 5).
pub fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group =
            (0..3).fold(0, |group, place| group << 8 | usize::from(chunk.get(place).copied().unwrap_or_default()));
        for place in 0..=chunk.len() {
            let sextet = ALPHABET.get(group >> (18 - 6 * place) & 63).copied().unwrap_or_default();
            text.push(char::from(sextet));
        }
    }
    text
}
