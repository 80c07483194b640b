#include <gtest/gtest.h>

#include "base/bytes.h"
#include "datanet/contribution.h"
#include "datanet/key_file.h"
#include "io/memory_file_system.h"
#include "record/entry.h"

namespace tribute::datanet {
namespace {

PrivateKey key_of(KeyKind kind, char seed) { return private_key_from_seed(kind, std::string(32, seed)).value(); }

const ContributionTerms kTerms = {
    .content_sha256 = sha256("a document"), .datanet_name = "harbour", .license = "CC-BY-4.0"};

TEST(Signing, ASignatureHoldsForItsKeyAndTermsAlone) {
  for (const KeyKind kind : {KeyKind::ed25519, KeyKind::secp256k1}) {
    const PrivateKey key = key_of(kind, 1);
    const std::string registered = public_key_of(key).text();
    const std::string signature = sign_contribution(key, kTerms);
    EXPECT_EQ(signature.size(), 128U);
    EXPECT_TRUE(check_signature(registered, kTerms, signature).has_value());
    // What is signed is the message of the log's format, so that an auditor can check it.
    EXPECT_TRUE(verify_signature(
        public_key_of(key),
        record::contribution_message(kTerms.content_sha256, registered, kTerms.datanet_name, kTerms.license),
        *from_hex(signature)));

    const auto refused = [&](std::string_view registered_key, const ContributionTerms& terms,
                             std::string_view other_signature) {
      const auto result = check_signature(registered_key, terms, other_signature);
      return !result.has_value() && result.error().code == ErrorCode::invalid_argument;
    };
    ContributionTerms terms = kTerms;
    terms.content_sha256 = sha256("another document");
    EXPECT_TRUE(refused(registered, terms, signature));
    terms = kTerms;
    terms.datanet_name = "kitchen";
    EXPECT_TRUE(refused(registered, terms, signature));
    terms = kTerms;
    terms.license = "CC0-1.0";
    EXPECT_TRUE(refused(registered, terms, signature));
    EXPECT_TRUE(refused(public_key_of(key_of(kind, 2)).text(), kTerms, signature)) << "another key";
    const KeyKind other_kind = kind == KeyKind::ed25519 ? KeyKind::secp256k1 : KeyKind::ed25519;
    EXPECT_TRUE(refused(public_key_of(key_of(other_kind, 1)).text(), kTerms, signature)) << "another kind";
    EXPECT_TRUE(refused(registered, kTerms, std::string(128, '0')));
    EXPECT_TRUE(refused(registered, kTerms, signature.substr(2)));
    EXPECT_TRUE(refused(registered, kTerms, "no hexadecimal digits"));
    EXPECT_TRUE(refused("", kTerms, signature)) << "no key registered";
  }
}

TEST(Signing, TheOperatorMayVouchForAnyRow) {
  EXPECT_TRUE(check_signature("", kTerms, "").has_value());
  EXPECT_TRUE(check_signature(public_key_of(key_of(KeyKind::ed25519, 1)).text(), kTerms, "").has_value());
}

TEST(KeyFile, ComesBackAsItWasWritten) {
  io::MemoryFileSystem files;
  for (const KeyKind kind : {KeyKind::ed25519, KeyKind::secp256k1}) {
    const std::string path(key_kind_name(kind));
    const PrivateKey key = key_of(kind, 3);
    ASSERT_TRUE(write_key_file(files, path, key).has_value());
    EXPECT_EQ(io::read_file(files, path), key.text() + "\n");
    EXPECT_EQ(read_key_file(files, path).value().text(), key.text());
  }
}

TEST(KeyFile, OnlyItsOwnerMayReadItBeforeThereIsAnythingInIt) {
  io::MemoryFileSystem files;
  bool mode_set = false;
  bool written_before = false;
  files.set_fault_hook([&](io::Operation operation, const std::string&, uint64_t) {
    mode_set = mode_set || operation == io::Operation::set_mode;
    written_before = written_before || (operation == io::Operation::write && !mode_set);
    return io::Fault::none;
  });
  ASSERT_TRUE(write_key_file(files, "key", key_of(KeyKind::ed25519, 3)).has_value());
  EXPECT_TRUE(mode_set);
  EXPECT_FALSE(written_before);
}

TEST(KeyFile, IsNeverOverwritten) {
  io::MemoryFileSystem files;
  const PrivateKey key = key_of(KeyKind::ed25519, 3);
  ASSERT_TRUE(write_key_file(files, "key", key).has_value());
  EXPECT_EQ(write_key_file(files, "key", key_of(KeyKind::ed25519, 4)).error().code, ErrorCode::already_exists);
  EXPECT_EQ(read_key_file(files, "key").value().text(), key.text());
}

TEST(KeyFile, AnythingElseIsRefusedAndNotQuoted) {
  io::MemoryFileSystem files;
  const std::string text = key_of(KeyKind::ed25519, 3).text();
  EXPECT_EQ(read_key_file(files, "absent").error().code, ErrorCode::not_found);
  const std::string bad[] = {"",
                             "secret stuff",
                             text.substr(1),
                             text + " ",
                             text + "\n\n",
                             "\n" + text,
                             text + "\nsecret stuff\n",
                             std::string(2'000, 's'),
                             public_key_of(key_of(KeyKind::ed25519, 3)).text()};
  for (const std::string& bytes : bad) {
    ASSERT_TRUE(io::write_file_atomically(files, "key", bytes).has_value());
    const auto key = read_key_file(files, "key");
    ASSERT_FALSE(key.has_value()) << bytes;
    EXPECT_EQ(key.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(key.error().message, "key: this is no private key file; `tribute key generate` makes one");
  }
}

}  // namespace
}  // namespace tribute::datanet
