#include "base/sign.h"

#include <openssl/evp.h>
#include <secp256k1.h>

#include <array>
#include <memory>

#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"

namespace tribute {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(secp256k1_context* context) const { secp256k1_context_destroy(context); }
};
using EvpKey = std::unique_ptr<EVP_PKEY, Free>;
using EvpContext = std::unique_ptr<EVP_MD_CTX, Free>;

const unsigned char* data_of(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

// Signing and verifying with one context is thread-safe once it is made.
const secp256k1_context* curve() {
  static const std::unique_ptr<secp256k1_context, Free> context(secp256k1_context_create(SECP256K1_CONTEXT_NONE));
  return context.get();
}

std::string sign_ed25519(const PrivateKey& key, std::string_view message) {
  const EvpKey pkey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, data_of(key.bytes), key.bytes.size()));
  const EvpContext context(EVP_MD_CTX_new());
  CHECK(pkey != nullptr && context != nullptr);
  std::string signature(64, '\0');
  size_t size = signature.size();
  CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1);
  CHECK(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data_of(message),
                       message.size()) == 1);
  CHECK(size == signature.size());
  return signature;
}

bool verify_ed25519(const PublicKey& key, std::string_view message, std::string_view signature) {
  const EvpKey pkey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, data_of(key.bytes), key.bytes.size()));
  const EvpContext context(EVP_MD_CTX_new());
  if (pkey == nullptr) return false;
  CHECK(context != nullptr);
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) != 1) return false;
  return EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(message), message.size()) == 1;
}

std::string sign_secp256k1(const PrivateKey& key, std::string_view message) {
  const Hash256 digest = sha256(message);
  secp256k1_ecdsa_signature raw;
  CHECK(secp256k1_ecdsa_sign(curve(), &raw, digest.bytes.data(), data_of(key.bytes), nullptr, nullptr) == 1);
  std::string signature(64, '\0');
  secp256k1_ecdsa_signature_serialize_compact(curve(), reinterpret_cast<unsigned char*>(signature.data()), &raw);
  return signature;
}

bool verify_secp256k1(const PublicKey& key, std::string_view message, std::string_view signature) {
  const Hash256 digest = sha256(message);
  secp256k1_ecdsa_signature raw;
  secp256k1_pubkey point;
  if (signature.size() != 64 || secp256k1_ecdsa_signature_parse_compact(curve(), &raw, data_of(signature)) != 1)
    return false;
  if (secp256k1_ec_pubkey_parse(curve(), &point, data_of(key.bytes), key.bytes.size()) != 1) return false;
  return secp256k1_ecdsa_verify(curve(), &raw, digest.bytes.data(), &point) == 1;
}

// Splits "<kind><suffix>:<hex>" and reads both parts.
Result<std::pair<KeyKind, std::string>> parse_key(std::string_view text, std::string_view suffix) {
  for (const KeyKind kind : {KeyKind::ed25519, KeyKind::secp256k1}) {
    const std::string prefix = std::string(key_kind_name(kind)) + std::string(suffix) + ":";
    if (text.starts_with(prefix)) return std::pair(kind, TRY(from_hex(text.substr(prefix.size()))));
  }
  return fail(ErrorCode::invalid_argument, "key is neither 'ed25519" + std::string(suffix) + ":<hex>' nor 'secp256k1" +
                                               std::string(suffix) + ":<hex>'");
}

}  // namespace

std::string_view key_kind_name(KeyKind kind) { return kind == KeyKind::ed25519 ? "ed25519" : "secp256k1"; }

std::string PublicKey::text() const { return std::string(key_kind_name(kind)) + ":" + to_hex(bytes); }
std::string PrivateKey::text() const { return std::string(key_kind_name(kind)) + "-private:" + to_hex(bytes); }

Result<PublicKey> parse_public_key(std::string_view text) {
  auto [kind, bytes] = TRY(parse_key(text, ""));
  if (bytes.size() != (kind == KeyKind::ed25519 ? 32U : 33U)) {
    return fail(ErrorCode::invalid_argument,
                "public key of kind " + std::string(key_kind_name(kind)) + " has the wrong length");
  }
  secp256k1_pubkey point;
  if (kind == KeyKind::secp256k1 && secp256k1_ec_pubkey_parse(curve(), &point, data_of(bytes), bytes.size()) != 1) {
    return fail(ErrorCode::invalid_argument, "public key is no point of secp256k1");
  }
  return PublicKey{kind, std::move(bytes)};
}

Result<PrivateKey> parse_private_key(std::string_view text) {
  const auto [kind, bytes] = TRY(parse_key(text, "-private"));
  return private_key_from_seed(kind, bytes);
}

Result<PrivateKey> private_key_from_seed(KeyKind kind, std::string_view seed) {
  if (seed.size() != 32)
    return fail(ErrorCode::invalid_argument, "a private key has 32 bytes, this one " + std::to_string(seed.size()));
  if (kind == KeyKind::secp256k1 && secp256k1_ec_seckey_verify(curve(), data_of(seed)) != 1) {
    return fail(ErrorCode::invalid_argument, "private key is no scalar of secp256k1");
  }
  return PrivateKey{kind, std::string(seed)};
}

PublicKey public_key_of(const PrivateKey& key) {
  PublicKey result{key.kind, ""};
  if (key.kind == KeyKind::ed25519) {
    const EvpKey pkey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, data_of(key.bytes), key.bytes.size()));
    CHECK(pkey != nullptr);
    result.bytes.resize(32);
    size_t size = 32;
    CHECK(EVP_PKEY_get_raw_public_key(pkey.get(), reinterpret_cast<unsigned char*>(result.bytes.data()), &size) == 1 &&
          size == 32);
    return result;
  }
  secp256k1_pubkey point;
  CHECK(secp256k1_ec_pubkey_create(curve(), &point, data_of(key.bytes)) == 1);
  result.bytes.resize(33);
  size_t size = 33;
  secp256k1_ec_pubkey_serialize(curve(), reinterpret_cast<unsigned char*>(result.bytes.data()), &size, &point,
                                SECP256K1_EC_COMPRESSED);
  CHECK(size == 33);
  return result;
}

std::string sign(const PrivateKey& key, std::string_view message) {
  return key.kind == KeyKind::ed25519 ? sign_ed25519(key, message) : sign_secp256k1(key, message);
}

bool verify_signature(const PublicKey& key, std::string_view message, std::string_view signature) {
  return key.kind == KeyKind::ed25519 ? verify_ed25519(key, message, signature)
                                      : verify_secp256k1(key, message, signature);
}

}  // namespace tribute
