// A contributor's signature under a contribution.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/hash.h"
#include "base/sign.h"

namespace tribute::datanet {

// What a contributor puts a name to: this document, in this DataNet, under this licence.
struct ContributionTerms {
  Hash256 content_sha256;
  std::string datanet_name;
  std::string license;
};

// The signature over record::contribution_message() in hexadecimal, 128 digits.
std::string sign_contribution(const PrivateKey& key, const ContributionTerms& terms);

// Checks the signature of a row against the key registered for its contributor. `registered_key` is
// PublicKey::text(), or empty for a contributor without one; `signature` is 128 hexadecimal digits, or
// empty: then the operator vouches for the row, which is always allowed.
// Errors: invalid_argument, saying why, if there is a signature and no key, or the signature is not
// that key's over these terms.
Result<void> check_signature(std::string_view registered_key, const ContributionTerms& terms,
                             std::string_view signature);

}  // namespace tribute::datanet
