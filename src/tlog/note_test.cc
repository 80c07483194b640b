#include "tlog/note.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/bytes.h"

namespace tribute::tlog {
namespace {

using testing::HasSubstr;

// The example of C2SP signed-note.
constexpr std::string_view kExampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view kExampleNote =
    "This is an example message.\n\n"
    "\xE2\x80\x94 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu7"
    "2IneyaQM=\n";

NoteSigner signer(const std::string& name, char seed) {
  return *NoteSigner::create(name, *private_key_from_seed(KeyKind::ed25519, std::string(32, seed)));
}

TEST(Note, ExampleOfTheSpecification) {
  const auto key = VerifierKey::parse(kExampleKey);
  ASSERT_TRUE(key.has_value()) << key.error().message;
  EXPECT_EQ(key->text(), kExampleKey);
  EXPECT_EQ(key->name(), "example.com/foo");
  EXPECT_EQ(key->id(), 0x530d903aU);
  const auto note = parse_note(kExampleNote);
  ASSERT_TRUE(note.has_value()) << note.error().message;
  EXPECT_EQ(note->text, "This is an example message.\n");
  EXPECT_EQ(encode_note(*note), kExampleNote);
  EXPECT_TRUE(verify_note(*note, *key));
}

TEST(Note, SignsAndVerifies) {
  const NoteSigner mine = signer("log.example/mine", 'm');
  const Note note = *mine.sign("First\n\nafter an empty line\n");
  EXPECT_EQ(parse_note(encode_note(note)), note);
  EXPECT_TRUE(verify_note(note, mine.verifier()));
  EXPECT_EQ(verify_note(note, signer("log.example/mine", 'x').verifier()).error().code, ErrorCode::failed_precondition);
  EXPECT_EQ(verify_note(note, signer("log.example/other", 'm').verifier()).error().code,
            ErrorCode::failed_precondition);
  for (const char* text : {"", "no newline", "tab\t\n", "\xFF\n", "nul\0\n"}) {
    EXPECT_FALSE(mine.sign(text).has_value());
  }
}

TEST(Note, UnknownSignaturesAreIgnoredAndABadOneOfTheKeyIsNot) {
  const NoteSigner mine = signer("log.example/mine", 'm');
  Note note = *mine.sign("text\n");
  note.signatures.insert(note.signatures.begin(), NoteSignature{"log.example/mine", 7, "same name, another id"});
  note.signatures.push_back(NoteSignature{"log.example/else", mine.verifier().id(), "same id, another name"});
  EXPECT_EQ(parse_note(encode_note(note)), note);
  EXPECT_TRUE(verify_note(note, mine.verifier()));

  Note tampered = note;
  tampered.text = "tixt\n";
  EXPECT_EQ(verify_note(tampered, mine.verifier()).error().code, ErrorCode::data_loss);
  note.signatures.push_back(NoteSignature{mine.verifier().name(), mine.verifier().id(), std::string(64, 'x')});
  EXPECT_EQ(verify_note(note, mine.verifier()).error().code, ErrorCode::data_loss) << "one good, one bad";
}

TEST(Note, RefusesWhatIsNoNote) {
  const std::string dash = "\xE2\x80\x94 ";
  const std::string line = dash + "name AAAAAAA=\n";  // an id and one byte
  ASSERT_TRUE(parse_note("text\n\n" + line).has_value());
  ASSERT_TRUE(parse_note("\n\n" + line).has_value()) << "a text of one empty line";
  struct Case {
    std::string bytes, why;
  };
  const Case cases[] = {
      {"", "no empty line"},
      {"text\n", "no empty line"},
      {"text\n" + line, "no empty line"},
      {"\n" + line, "no empty line"},
      {"text\n\n", "no signature"},
      {"text\n\n" + line.substr(0, line.size() - 1), "no newline"},
      {"text\n\n" + line + "junk\n", "em dash"},
      {"text\n\n- name AAAAAAA=\n", "em dash"},
      {"text\n\n" + dash + "name\n", "no space"},
      {"text\n\n" + dash + " AAAAAAA=\n", "key name"},
      {"text\n\n" + dash + "na+me AAAAAAA=\n", "key name"},
      {"text\n\n" + dash + "na\xC2\xA0me AAAAAAA=\n", "key name"},
      {"text\n\n" + dash + "na\xE3\x80\x80me AAAAAAA=\n", "key name"},
      {"text\n\n" + dash + "name AAAAAA==\n", "too short"},
      {"text\n\n" + dash + "name AAAAAAB=\n", "base64"},
      {"text\n\n" + dash + "name  AAAAAAA=\n", "base64"},
      {"text\n\n" + dash + "name AAAAAAA= \n", "base64"},
      {"text\r\n\n" + line, "control character"},
      {"te\xFFxt\n\n" + line, "UTF-8"},
      {std::string("te\0xt\n\n", 7) + line, "control character"},
      {std::string(kMaxNoteBytes, 'x') + "\n\n" + line, "limit"},
  };
  for (const Case& bad : cases) {
    const auto note = parse_note(bad.bytes);
    ASSERT_FALSE(note.has_value()) << bad.why;
    EXPECT_EQ(note.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(note.error().message, HasSubstr(bad.why)) << bad.bytes.substr(0, 80);
  }
  std::string many = "text\n\n";
  for (size_t i = 0; i < kMaxNoteSignatures; ++i) many += line;
  EXPECT_TRUE(parse_note(many).has_value());
  EXPECT_FALSE(parse_note(many + line).has_value());
}

TEST(VerifierKey, RefusesEverythingButItsOneSpelling) {
  const std::string good(kExampleKey);
  struct Case {
    std::string text, why;
  };
  const Case cases[] = {
      {"", "fewer than two"},
      {"name+530d903a", "fewer than two"},
      {"+530d903a" + good.substr(24), "name a log's key"},
      {"a b" + good.substr(15), "name a log's key"},
      {"example.com/fop" + good.substr(15), "its id is 530d903a, but that of its name and key is"},
      {"example.com/foo+530D903A" + good.substr(24), "8 lowercase"},
      {"example.com/foo+530d903" + good.substr(24), "8 lowercase"},
      {"example.com/foo+530d903b" + good.substr(24), "its id is 530d903b"},
      {good + "\n", "base64"},
      {good.substr(0, good.size() - 4), "type Ed25519"},
      {"example.com/foo+530d903a+", "base64"},
      {"example.com/foo+530d903a+B" + good.substr(26), "type Ed25519"},
  };
  for (const Case& bad : cases) {
    const auto key = VerifierKey::parse(bad.text);
    ASSERT_FALSE(key.has_value()) << bad.text;
    EXPECT_EQ(key.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(key.error().message, HasSubstr(bad.why)) << bad.text;
  }
  const auto curve_key = private_key_from_seed(KeyKind::secp256k1, std::string(32, 'k'));
  EXPECT_FALSE(NoteSigner::create("name", *curve_key).has_value());
}

// `text` with up to four bytes changed, inserted or removed.
std::string mutated(std::string text) {
  const auto times = *rc::gen::inRange(1, 5);
  for (int i = 0; i < times && !text.empty(); ++i) {
    const auto position = static_cast<std::ptrdiff_t>(*rc::gen::inRange<size_t>(0, text.size()));
    const auto byte =
        *rc::gen::oneOf(rc::gen::arbitrary<char>(), rc::gen::elementOf(std::string("\n +=A\xE2\x80\x94")));
    switch (*rc::gen::inRange(0, 3)) {
      case 0: text[static_cast<size_t>(position)] = byte; break;
      case 1: text.insert(text.begin() + position, byte); break;
      default: text.erase(text.begin() + position); break;
    }
  }
  return text;
}

TEST(Note, WhatParsesEncodesToTheSameBytes) {
  const auto comes_back = [](const std::string& bytes) {
    if (const auto note = parse_note(bytes)) RC_ASSERT(encode_note(*note) == bytes);
    if (const auto key = VerifierKey::parse(bytes)) RC_ASSERT(key->text() == bytes);
  };
  EXPECT_TRUE(rc::check("random bytes", comes_back));
  EXPECT_TRUE(rc::check("mutated notes", [&] { comes_back(mutated(std::string(kExampleNote))); }));
  EXPECT_TRUE(rc::check("mutated keys", [&] { comes_back(mutated(std::string(kExampleKey))); }));
}

TEST(Note, NoMutationOfTextOrSignatureVerifies) {
  const auto key = *VerifierKey::parse(kExampleKey);
  EXPECT_TRUE(rc::check("a mutated note", [&] {
    const std::string bytes = mutated(std::string(kExampleNote));
    const auto note = parse_note(bytes);
    if (note && verify_note(*note, key)) RC_ASSERT(note->text == "This is an example message.\n");
  }));
}

}  // namespace
}  // namespace tribute::tlog
