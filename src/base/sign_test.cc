#include "base/sign.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace tribute {
namespace {

// RFC 8032, section 7.1, tests 1 and 2.
TEST(Sign, Ed25519VectorsOfTheRfc) {
  struct Vector {
    const char *seed, *key, *message, *signature;
  };
  const Vector vectors[] = {{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                             "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                             "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
                             "cf9b46bd25bf5f0595bbe24655141438e7a100b"},
                            {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                             "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                             "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d"
                             "0f11d8c387b2eaeb4302aeeb00d291612bb0c00"}};
  for (const Vector& vector : vectors) {
    const auto key = private_key_from_seed(KeyKind::ed25519, *from_hex(vector.seed));
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(to_hex(public_key_of(*key).bytes), vector.key);
    EXPECT_EQ(to_hex(sign(*key, *from_hex(vector.message))), vector.signature);
  }
}

TEST(Sign, EachKindVerifiesItsOwnAndNothingElse) {
  for (const KeyKind kind : {KeyKind::ed25519, KeyKind::secp256k1}) {
    const auto key = private_key_from_seed(kind, std::string(32, '\x07'));
    const auto other = private_key_from_seed(kind, std::string(32, '\x08'));
    ASSERT_TRUE(key && other);
    const std::string signature = sign(*key, "message");
    const PublicKey public_key = public_key_of(*key);
    EXPECT_TRUE(verify_signature(public_key, "message", signature));
    EXPECT_FALSE(verify_signature(public_key, "messagf", signature));
    EXPECT_FALSE(verify_signature(public_key_of(*other), "message", signature));
    for (size_t i = 0; i < signature.size(); ++i) {
      std::string forged = signature;
      forged[i] = static_cast<char>(forged[i] ^ 1);
      EXPECT_FALSE(verify_signature(public_key, "message", forged)) << i;
    }
    EXPECT_FALSE(verify_signature(public_key, "message", signature.substr(1)));
    EXPECT_FALSE(verify_signature(public_key, "message", ""));
  }
}

TEST(Sign, KeysHaveOneSpelling) {
  for (const KeyKind kind : {KeyKind::ed25519, KeyKind::secp256k1}) {
    const auto key = private_key_from_seed(kind, std::string(32, '\x07'));
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(parse_public_key(public_key_of(*key).text()), public_key_of(*key));
    EXPECT_EQ(parse_private_key(key->text())->bytes, key->bytes);
  }
  for (const char* bad : {"", "ed25519:", "ed25519:00", "rsa:00", "secp256k1:02ff"}) {
    EXPECT_FALSE(parse_public_key(bad).has_value()) << bad;
  }
  EXPECT_FALSE(parse_public_key("secp256k1:" + std::string(66, '0')).has_value()) << "no point of the curve";
  EXPECT_FALSE(private_key_from_seed(KeyKind::secp256k1, std::string(32, '\0')).has_value());
}

}  // namespace
}  // namespace tribute
