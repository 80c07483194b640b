#include "base/hash.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"

namespace tribute {

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

std::string Hash256::hex() const { return to_hex(view()); }

Result<Hash256> hash_from_bytes(std::string_view bytes) {
  Hash256 hash;
  if (bytes.size() != hash.bytes.size()) {
    return fail(ErrorCode::invalid_argument, "a hash has 32 bytes, this one " + std::to_string(bytes.size()));
  }
  std::ranges::copy(bytes, hash.bytes.begin());
  return hash;
}

Result<Hash256> hash_from_hex(std::string_view hex) { return hash_from_bytes(TRY(from_hex(hex))); }

Hash256 sha256(std::string_view bytes) {
  Hash256 hash;
  unsigned int size = 0;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), hash.bytes.data(), &size, EVP_sha256(), nullptr) == 1);
  CHECK(size == hash.bytes.size());
  return hash;
}

Sha256::Sha256() : state_(std::make_unique<State>()) {
  CHECK(state_->context != nullptr);
  CHECK(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1);
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
  CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

Hash256 Sha256::finish() && {
  Hash256 hash;
  unsigned int size = 0;
  CHECK(EVP_DigestFinal_ex(state_->context, hash.bytes.data(), &size) == 1);
  CHECK(size == hash.bytes.size());
  return hash;
}

Hash256 salted_hash(std::string_view salt, std::string_view text) {
  CHECK(salt.size() == 32);
  Sha256 hasher;
  hasher.update(salt);
  hasher.update(text);
  return std::move(hasher).finish();
}

}  // namespace tribute
