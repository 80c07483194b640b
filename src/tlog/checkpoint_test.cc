#include "tlog/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fstream>

#include "base/bytes.h"
#include "tlog/layout.h"
#include "tlog/merkle.h"

namespace tribute::tlog {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

NoteSigner signer() {
  return *NoteSigner::create("log.example", *private_key_from_seed(KeyKind::ed25519, std::string(32, 's')));
}

// The example of C2SP tlog-checkpoint.
TEST(Checkpoint, ExampleOfTheSpecification) {
  const std::string text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  const auto checkpoint = parse_checkpoint(text);
  ASSERT_TRUE(checkpoint.has_value()) << checkpoint.error().message;
  EXPECT_EQ(checkpoint->origin, "example.com/behind-the-sofa");
  EXPECT_EQ(checkpoint->size, 20'852'163U);
  EXPECT_EQ(to_base64(checkpoint->root.view()), "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=");
  EXPECT_EQ(checkpoint->text(), text);
  const auto extended = parse_checkpoint(text + "one\ntwo 2\n");
  ASSERT_TRUE(extended.has_value());
  EXPECT_THAT(extended->extensions, ElementsAre("one", "two 2"));
  EXPECT_EQ(extended->text(), text + "one\ntwo 2\n");
}

TEST(Checkpoint, SignsAndOpens) {
  const Checkpoint checkpoint{"log.example", 17, sha256("root"), {"an extension"}};
  const std::string note = *sign_checkpoint(checkpoint, signer());
  EXPECT_EQ(open_checkpoint(note, signer().verifier()), checkpoint);
  for (size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(open_checkpoint(changed, signer().verifier()).has_value()) << "byte " << i;
  }
  const Checkpoint foreign{"other.example", 17, sha256("root"), {}};
  const auto opened = open_checkpoint(*sign_checkpoint(foreign, signer()), signer().verifier());
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::failed_precondition);
  EXPECT_THAT(opened.error().message, HasSubstr("'other.example'"));
}

// The example in docs/formats/log.md is the checkpoint of the log that the page says.
TEST(Checkpoint, ExampleOfTheDocumentation) {
  std::ifstream page(std::string(TRIBUTE_SOURCE_DIR) + "/docs/formats/log.md");
  std::string line;
  std::string key;
  std::string note;
  while (std::getline(page, line) && !line.starts_with("A reader accepts")) {
    if (line.starts_with("`tribute/")) key = line.substr(1, line.rfind('`') - 1);
    const bool in_example = !key.empty() && (line.starts_with("    ") || (line.empty() && !note.empty()));
    if (in_example) note += (line.empty() ? "" : line.substr(4)) + "\n";
  }
  ASSERT_TRUE(note.ends_with("\n\n"));
  note.pop_back();
  const auto verifier = VerifierKey::parse(key);
  ASSERT_TRUE(verifier.has_value()) << key;
  EXPECT_EQ(verifier->name(), "tribute/" + sha256(verifier->key().bytes).hex().substr(0, 16));
  const auto checkpoint = open_checkpoint(note, *verifier);
  ASSERT_TRUE(checkpoint.has_value()) << checkpoint.error().message << "\n" << note;
  EXPECT_EQ(checkpoint->size, 2U);
  EXPECT_EQ(checkpoint->root, node_hash(leaf_hash("one"), leaf_hash("two")));
}

TEST(Checkpoint, RefusesEverythingButItsOneSpelling) {
  const std::string root = to_base64(sha256("").view());
  ASSERT_TRUE(parse_checkpoint("o\n0\n" + root + "\n").has_value());
  ASSERT_TRUE(parse_checkpoint("o\n" + std::to_string(kMaxTreeSize) + "\n" + root + "\n").has_value());
  for (const std::string& text :
       {std::string(), std::string("o\n0\n"), "o\n0\n" + root, "\n0\n" + root + "\n", "o\n\n" + root + "\n",
        "o\n00\n" + root + "\n", "o\n01\n" + root + "\n", "o\n-1\n" + root + "\n", "o\n+1\n" + root + "\n",
        "o\n1 \n" + root + "\n", "o\n0x1\n" + root + "\n", "o\n9223372036854775808\n" + root + "\n",
        "o\n99999999999999999999999\n" + root + "\n", "o\n0\n" + root.substr(4) + "\n", "o\n0\n" + root + "AAAA\n",
        "o\n0\n" + root + "\n\n", "o\n0\n" + root + "\next\n\n", "o\n0\n" + root + "\next"}) {
    const auto checkpoint = parse_checkpoint(text);
    ASSERT_FALSE(checkpoint.has_value()) << text;
    EXPECT_EQ(checkpoint.error().code, ErrorCode::invalid_argument) << text;
  }
}

TEST(Checkpoint, WhatParsesHasTheSameText) {
  const std::string good = Checkpoint{"log.example", 1234, sha256("root"), {"extension"}}.text();
  EXPECT_TRUE(rc::check("mutated checkpoints", [&] {
    std::string text = good;
    const auto times = *rc::gen::inRange(0, 4);
    for (int i = 0; i < times; ++i) {
      const auto position = *rc::gen::inRange<size_t>(0, text.size());
      const std::string part = *rc::gen::element<std::string>("\n", "0", "9", "=", "A", " ", "\xC3\xA9", "");
      text.replace(position, *rc::gen::inRange<size_t>(0, 3), part);
    }
    if (const auto checkpoint = parse_checkpoint(text)) RC_ASSERT(checkpoint->text() == text);
  }));
  EXPECT_TRUE(rc::check("random bytes", [](const std::string& text) {
    if (const auto checkpoint = parse_checkpoint(text)) RC_ASSERT(checkpoint->text() == text);
  }));
}

}  // namespace
}  // namespace tribute::tlog
