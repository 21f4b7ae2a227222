//! Proof Key for Code Exchange (RFC 7636), method S256 only.

use crate::error::{Code, Error, Result};
use crate::out::{Draft, Out};
use crate::secret::Secret;
use crate::text;
use alloc::string::String;
use sha2::block_api::compress256;

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
        if !is_verifier(text.as_bytes()) {
            return Err(Error::on(Code::CodeVerifierInvalid, "codeVerifier"));
        }
        Ok(Self(Secret::new(text)))
    }

    /// The `code_challenge` for `S256`: base64url(SHA-256(verifier)), 43 characters (RFC 7636 section 4.2).
    ///
    /// ```
    /// use zendesk_auth::pkce::CodeVerifier;
    /// let verifier = CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")?;
    /// assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    /// # Ok::<(), zendesk_auth::Error>(())
    /// ```
    pub fn challenge(&self) -> String {
        let mut out = Draft::new();
        put_challenge(self.expose().as_bytes(), &mut out);
        out.text()
    }

    /// The verifier itself, for the token request and for where the transaction is kept.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

pub(crate) fn is_verifier(text: &[u8]) -> bool {
    (43..=128).contains(&text.len()) && text::all(text, text::UNRESERVED)
}

/// Writes the challenge of a verifier. The padding of SHA-256 (FIPS 180-4 section 5.1.1) is here rather than in the crate's
/// general hasher, which would be larger than all of this module.
#[inline(never)]
pub(crate) fn put_challenge(verifier: &[u8], out: &mut impl Out) {
    let start = out.len();
    out.put(verifier);
    out.push(0x80);
    out.grow((119 - verifier.len() % 64) % 64 + 4).fill(0);
    out.put(&(verifier.len() as u32 * 8).to_be_bytes());
    let mut state = INITIAL;
    compress256(&mut state, out.since(start).as_chunks().0);
    out.rewind(start);
    let mut hash = [0; 32];
    for (place, word) in hash.as_chunks_mut().0.iter_mut().zip(&state) {
        *place = word.to_be_bytes();
    }
    put_base64url(&hash, out);
}

/// SHA-256's first state (FIPS 180-4 section 5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/// Bytes as base64url without padding (RFC 4648 section 5).
pub fn base64url(bytes: &[u8]) -> String {
    let mut out = Draft::new();
    put_base64url(bytes, &mut out);
    out.text()
}

#[inline(never)]
pub(crate) fn put_base64url(bytes: &[u8], out: &mut impl Out) {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bytes, mut bits, mut waiting) = (bytes.iter(), 0, 0);
    for place in out.grow((bytes.len() * 8).div_ceil(6)) {
        if waiting < 6 {
            bits = bits << 8 | u32::from(bytes.next().copied().unwrap_or_default());
            waiting += 8;
        }
        waiting -= 6;
        *place = ALPHABET.get((bits >> waiting) as usize & 63).copied().unwrap_or_default();
    }
}
