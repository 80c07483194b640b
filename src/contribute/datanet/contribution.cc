#include "datanet/contribution.h"

#include "base/bytes.h"
#include "record/entry.h"

namespace tribute::datanet {
namespace {

std::string message_of(std::string_view key, const ContributionTerms& terms) {
  return record::contribution_message(terms.content_sha256, key, terms.datanet_name, terms.license);
}

}  // namespace

std::string sign_contribution(const PrivateKey& key, const ContributionTerms& terms) {
  return to_hex(sign(key, message_of(public_key_of(key).text(), terms)));
}

Result<void> check_signature(std::string_view registered_key, const ContributionTerms& terms,
                             std::string_view signature) {
  if (signature.empty()) return {};
  if (registered_key.empty()) {
    return fail(ErrorCode::invalid_argument, "the row is signed, but its contributor has no key registered");
  }
  const PublicKey key = TRY(parse_public_key(registered_key));
  const auto bytes = from_hex(signature);
  if (!bytes || !verify_signature(key, message_of(registered_key, terms), *bytes)) {
    return fail(ErrorCode::invalid_argument,
                "the signature is not the contributor's registered key's over this document, DataNet and licence");
  }
  return {};
}

}  // namespace tribute::datanet
