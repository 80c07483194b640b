#include "base/hash.h"

#include <gtest/gtest.h>

namespace tribute {
namespace {

// The examples of FIPS 180-4.
TEST(Sha256, VectorsOfTheStandard) {
  EXPECT_EQ(sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex(),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, InPartsAsAtOnce) {
  Sha256 hasher;
  hasher.update("a");
  hasher.update("");
  hasher.update("bc");
  EXPECT_EQ(std::move(hasher).finish(), sha256("abc"));
}

TEST(Sha256, SaltComesFirst) {
  const std::string salt(32, 's');
  EXPECT_EQ(salted_hash(salt, "name"), sha256(salt + "name"));
}

TEST(Hash256, ReadsExactly32Bytes) {
  const Hash256 hash = sha256("x");
  EXPECT_EQ(hash_from_hex(hash.hex()), hash);
  EXPECT_EQ(hash_from_bytes(hash.view()), hash);
  EXPECT_FALSE(hash_from_hex(hash.hex().substr(2)).has_value());
  EXPECT_FALSE(hash_from_hex(hash.hex() + "00").has_value());
}

}  // namespace
}  // namespace tribute
