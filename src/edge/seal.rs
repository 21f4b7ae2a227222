//! Sealing: JWE compact (RFC 7516), `dir` with `A256GCM` (RFC 7518 sections 4.5 and 5.3). The key under which a value
//! lies is in the protected header, so a value that was moved does not open.

use crate::error::Code;
use crate::wipe::Wiped;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Serialize;
use serde_json::Value;
use std::prelude::v1::*;

/// Bytes of an initialisation vector. Random ones repeat with a chance of 2^-33 after 2^32 values under one key.
pub const IV_LENGTH: usize = 12;
const TAG_LENGTH: usize = 16;
const ALGORITHM: &str = "dir";
const ENCRYPTION: &str = "A256GCM";

/// A configured key.
pub struct SealingKey {
    kid: String,
    cipher: Aes256Gcm,
}

impl SealingKey {
    /// Prepares a key; the cipher's own copy is wiped when it is dropped.
    pub fn new(kid: String, key: &[u8; 32]) -> Self {
        Self { kid, cipher: Aes256Gcm::new(key.into()) }
    }
}

/// All configured keys: the first seals, every one opens.
pub struct KeyRing(Vec<SealingKey>);

impl core::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.kid)).finish()
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    enc: &'static str,
    kid: &'a str,
    key: &'a str,
}

fn header(kid: &str, place: &str) -> Result<String, Code> {
    let header = Header { alg: ALGORITHM, enc: ENCRYPTION, kid, key: place };
    let header = serde_json::to_vec(&header).map_err(|_| Code::Internal)?;
    Ok(Base64UrlUnpadded::encode_string(&header))
}

impl KeyRing {
    /// Whether a value was sealed for this place with the key that seals now.
    pub fn is_of_first(&self, place: &str, jwe: &str) -> bool {
        let ours = self.0.first().and_then(|key| header(&key.kid, place).ok());
        jwe.split_once('.').is_some_and(|(header, _)| ours.as_deref() == Some(header))
    }

    /// A ring with at least one key.
    pub fn new(keys: Vec<SealingKey>) -> Option<Self> {
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// Seals a plaintext for one place; `iv` must be random and used once.
    ///
    /// # Errors
    /// `internal`, when there is no key or the plaintext is beyond what AES-GCM takes.
    pub fn seal(&self, place: &str, mut plaintext: Wiped<Vec<u8>>, iv: [u8; IV_LENGTH]) -> Result<String, Code> {
        let SealingKey { kid, cipher } = self.0.first().ok_or(Code::Internal)?;
        let mut jwe = header(kid, place)?;
        let tag = cipher
            .encrypt_inout_detached(&Nonce::from(iv), jwe.as_bytes(), plaintext.as_mut_slice().into())
            .map_err(|_| Code::Internal)?;
        jwe.reserve(plaintext.len() * 4 / 3 + 48);
        jwe.push_str("..");
        jwe.push_str(&Base64UrlUnpadded::encode_string(&iv));
        jwe.push('.');
        jwe.push_str(&Base64UrlUnpadded::encode_string(&plaintext));
        jwe.push('.');
        jwe.push_str(&Base64UrlUnpadded::encode_string(&tag));
        Ok(jwe)
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// `sealing_key_unknown`, `seal_broken`.
    pub fn open(&self, place: &str, jwe: &str) -> Result<Wiped<Vec<u8>>, Code> {
        let mut parts = jwe.split('.');
        let mut part = || parts.next().ok_or(Code::SealBroken);
        let (header, encrypted_key, iv, ciphertext, tag) = (part()?, part()?, part()?, part()?, part()?);
        if parts.next().is_some() || !encrypted_key.is_empty() {
            return Err(Code::SealBroken);
        }
        let decode = |text: &str| Base64UrlUnpadded::decode_vec(text).map_err(|_| Code::SealBroken);
        // From this code, or from another JOSE library: in any order, with or without other members.
        let opened: Value = serde_json::from_slice(&decode(header)?).map_err(|_| Code::SealBroken)?;
        let member = |name: &str| opened.get(name).and_then(Value::as_str).unwrap_or_default();
        let is_ours = member("alg") == ALGORITHM && member("enc") == ENCRYPTION && member("key") == place;
        if !is_ours || opened.get("crit").is_some() || opened.get("zip").is_some() {
            return Err(Code::SealBroken);
        }
        let key = self.0.iter().find(|key| key.kid == member("kid")).ok_or(Code::SealingKeyUnknown)?;
        let iv: [u8; IV_LENGTH] = decode(iv)?.try_into().map_err(|_| Code::SealBroken)?;
        let tag: [u8; TAG_LENGTH] = decode(tag)?.try_into().map_err(|_| Code::SealBroken)?;
        let mut text = Wiped::new(decode(ciphertext)?);
        key.cipher
            .decrypt_inout_detached(&Nonce::from(iv), header.as_bytes(), text.as_mut_slice().into(), &Tag::from(tag))
            .map_err(|_| Code::SealBroken)?;
        Ok(text)
    }
}
