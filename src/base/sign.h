// Signatures: Ed25519 (RFC 8032) and ECDSA over secp256k1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tribute {

// Persisted by name (key_kind_name), never by value.
enum class KeyKind : uint8_t { ed25519 = 1, secp256k1 = 2 };

std::string_view key_kind_name(KeyKind kind);

// A public key, spelt "ed25519:<64 hex>" or "secp256k1:<66 hex, compressed>".
struct PublicKey {
  KeyKind kind = KeyKind::ed25519;
  std::string bytes;  // 32 bytes (ed25519) or 33 (secp256k1, compressed)

  std::string text() const;
  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

// A private key: 32 bytes of either kind, spelt "ed25519-private:<hex>" or "secp256k1-private:<hex>".
struct PrivateKey {
  KeyKind kind = KeyKind::ed25519;
  std::string bytes;

  std::string text() const;
};

// Errors: invalid_argument for an unknown kind, a wrong length, or (secp256k1) no point of the curve.
Result<PublicKey> parse_public_key(std::string_view text);
Result<PrivateKey> parse_private_key(std::string_view text);

// The key made from 32 uniformly random bytes. Errors: invalid_argument in the 2^-128 of cases in
// which the bytes are no secp256k1 scalar.
Result<PrivateKey> private_key_from_seed(KeyKind kind, std::string_view seed);
PublicKey public_key_of(const PrivateKey& key);

// Ed25519: the 64-byte signature of the message. secp256k1: the 64-byte compact, low-S signature
// (deterministic, RFC 6979) of SHA-256(message).
std::string sign(const PrivateKey& key, std::string_view message);

// True if `signature` is the key's over `message`. High-S secp256k1 signatures are refused.
bool verify_signature(const PublicKey& key, std::string_view message, std::string_view signature);

}  // namespace tribute
