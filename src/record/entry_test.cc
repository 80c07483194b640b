#include "record/entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/bytes.h"
#include "base/sign.h"
#include "base/testing/stride.h"
#include "record/receipt_body.h"
#include "record/validate.h"

namespace tribute::record {
namespace {

using testing::HasSubstr;

// A file of the project, by its path in it.
std::string project_file(const std::string& path) {
  std::ifstream file(std::string(TRIBUTE_SOURCE_DIR) + "/" + path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

std::string golden(const std::string& kind) { return project_file("tests/golden/entries-v1/" + kind + ".json"); }

const std::vector<std::string> kKinds = {"datanet",    "contributor", "contribution", "approval",
                                         "withdrawal", "manifest",    "model",        "receipt"};

TEST(GoldenEntries, EveryKindStillOpensAndKeepsItsBytes) {
  for (const std::string& kind : kKinds) {
    const auto entry = entry_from_canonical_json(golden(kind));
    ASSERT_TRUE(entry.has_value()) << entry.error().message;
    EXPECT_EQ(kind_of(entry->body), kind);
    EXPECT_EQ(to_canonical_json(*entry), golden(kind));
  }
}

TEST(GoldenEntries, AreTheExamplesOfTheFormatPages) {
  const std::string page = project_file("docs/formats/entries.md");
  for (const std::string& kind : kKinds) EXPECT_THAT(page, HasSubstr("\n" + golden(kind) + "\n"));
  EXPECT_THAT(project_file("docs/formats/receipt_body.md"), HasSubstr("\n" + golden("receipt_body") + "\n"));
}

TEST(GoldenEntries, FieldsLandWhereTheyBelong) {
  const auto contribution = std::get<Contribution>(entry_from_canonical_json(golden("contribution"))->body);
  const std::string document = "How sweet the moonlight sleeps upon this bank";
  EXPECT_EQ(contribution.datanet, EntryIndex(0));
  EXPECT_EQ(contribution.contributor, EntryIndex(1));
  EXPECT_EQ(contribution.license, "CC-BY-4.0");
  EXPECT_EQ(contribution.content_sha256, sha256(document));
  EXPECT_EQ(contribution.token_count, document.size());
  std::string salt;
  for (int i = 0; i < 32; ++i) salt += static_cast<char>(i);
  EXPECT_EQ(contribution.source_hash, salted_hash(salt, source_text("merchant/5/1", "Café \U0001F319")));

  const auto contributor = std::get<Contributor>(entry_from_canonical_json(golden("contributor"))->body);
  const std::string message = contribution_message(sha256(document), contributor.key, "prose-en", "CC-BY-4.0");
  EXPECT_EQ(message, R"({"content_sha256":"652693409d7d84e54fb402ce8099eaba705a185d26f87f4ef7bf91d843db564a",)"
                     R"("contributor_key":"ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",)"
                     R"("datanet":"prose-en","kind":"contribution","licence":"CC-BY-4.0"})");
  EXPECT_TRUE(verify_signature(*parse_public_key(contributor.key), message, *from_hex(contribution.signature)));

  const auto receipt = std::get<Receipt>(entry_from_canonical_json(golden("receipt"))->body);
  EXPECT_EQ(receipt.body_sha256, sha256(golden("receipt_body")));
  EXPECT_EQ(receipt.payouts, receipt_body_from_canonical_json(golden("receipt_body"))->payouts);
}

// Every way to spoil one byte: changed to each of some telling characters, removed, doubled.
template <typename Check>
void for_each_mutation(const std::string& bytes, Check check) {
  for (size_t i = 0; i < bytes.size(); i += kTestStride) {
    std::string removed = bytes;
    check(removed.erase(i, 1));
    std::string doubled = bytes;
    check(doubled.insert(i, 1, bytes[i]));
    for (const char c :
         {'0', '1', '9', 'a', 'f', 'A', '"', ',', ':', '{', '}', '[', ']', ' ', '-', '.', '\\', '\0', '\xff'}) {
      std::string changed = bytes;
      changed[i] = c;
      if (changed != bytes) check(changed);
    }
  }
}

TEST(GoldenEntries, NoSpoiltByteReadsAsWhatItIsNot) {
  for (const std::string& kind : kKinds) {
    const std::string bytes = golden(kind);
    const auto original = entry_from_canonical_json(bytes);
    for_each_mutation(bytes, [&](const std::string& spoilt) {
      const auto entry = entry_from_canonical_json(spoilt);
      if (entry.has_value()) {
        // A changed value makes another entry, with exactly the bytes that were read.
        EXPECT_NE(entry, original) << spoilt;
        EXPECT_EQ(to_canonical_json(*entry), spoilt);
      } else {
        EXPECT_EQ(entry.error().code, ErrorCode::data_loss) << spoilt;
      }
    });
  }
}

TEST(GoldenReceiptBody, OpensKeepsItsBytesAndNoSpoiltByteReadsAsWhatItIsNot) {
  const std::string bytes = golden("receipt_body");
  const auto original = receipt_body_from_canonical_json(bytes);
  ASSERT_TRUE(original.has_value()) << original.error().message;
  EXPECT_EQ(to_canonical_json(*original), bytes);
  std::vector<bool> copied(10);
  copied[9] = true;
  EXPECT_EQ(original->copied, copied);
  for_each_mutation(bytes, [&](const std::string& spoilt) {
    const auto body = receipt_body_from_canonical_json(spoilt);
    if (body.has_value()) {
      EXPECT_NE(body, original) << spoilt;
      EXPECT_EQ(to_canonical_json(*body), spoilt);
    } else {
      EXPECT_EQ(body.error().code, ErrorCode::data_loss) << spoilt;
    }
  });
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(ReadEntry, NamesKindAndField) {
  struct Case {
    std::string text;
    std::string message;
  };
  const std::string datanet = golden("datanet");
  const std::string model = golden("model");
  const std::string receipt = golden("receipt");
  for (const auto& [text, message] : std::vector<Case>{
           {"[]", "entry is not an object"},
           {"{}", "entry.kind is missing"},
           {R"({"kind":"epoch"})", "'epoch'"},
           {replaced(golden("approval"), R"(,"time_ms":1767225603000)", ""), "approval.time_ms is missing"},
           {R"({"contribution":1,"kind":"approval"})", "approval.approved is missing"},
           {replaced(datanet, R"("role":"paid",)", ""), "datanet.role is missing"},
           {replaced(datanet, "paid", "free"), "datanet.role is 'free', which is none of paid guard"},
           {replaced(datanet, R"("role")", R"("rile":1,"role")"), "datanet.rile is not a field of this kind"},
           {replaced(datanet, "prose-en", "Prose"), "datanet.name 'Prose' must be"},
           {replaced(datanet, "false", "0"), "datanet.public is neither true nor false"},
           {replaced(datanet, "prose", "pr\\u006fse"), "datanet.name is not in its canonical spelling"},
           {replaced(datanet, "1767225600000", "\"1767225600000\""), "datanet.time_ms is no integer"},
           {replaced(datanet, "1767225600000", "\"9223372036854775808\""), "time_ms must be below 2^63"},
           {replaced(golden("approval"), R"("contribution":2)", R"("contribution":"9223372036854775808")"),
            "approval.contribution is no integer from 0 to 9223372036854775807"},
           {replaced(model, R"("rate_in":1000)", R"("rate_in":null)"), "model.terms.rate_in is no integer"},
           {replaced(model, R"("rate_in":1000)", R"("rate_in":1000,"rate_up":1)"),
            "model.terms.rate_up is not a field"},
           {replaced(model, R"("manifest":4,)", ""), "model.datanets[0].manifest is missing"},
           {replaced(model, "3000", "3001"), "10000 basis points in sum, not 10001"},
           {replaced(receipt, R"("amount":28)", R"("amount":0)"), "receipt.payouts must be positive"},
           {replaced(receipt, "[4]", "[4,\"x\"]"), "receipt.manifests is not a list of integers"},
           {std::string(kMaxEntryBytes + 1, ' '), "65536 bytes"},
           {std::string(kMaxEntryBytes, '['), "more than 16 levels"},
       }) {
    const auto entry = entry_from_canonical_json(text);
    ASSERT_FALSE(entry.has_value()) << text;
    EXPECT_EQ(entry.error().code, ErrorCode::data_loss) << text;
    EXPECT_THAT(entry.error().message, HasSubstr(message)) << text;
  }
}

template <typename Kind>
Kind golden_body(const std::string& kind) {
  return std::get<Kind>(entry_from_canonical_json(golden(kind))->body);
}

// The message of the refusal to write `body` after `spoil`; empty if it was written.
template <typename Kind, typename Spoil>
std::string refusal(const std::string& kind, Spoil spoil) {
  Kind body = golden_body<Kind>(kind);
  spoil(body);
  const auto text = to_canonical_json(Entry{.time_ms = 1, .body = body});
  if (text.has_value()) return {};
  EXPECT_TRUE(text.error().code == ErrorCode::invalid_argument || text.error().code == ErrorCode::out_of_range);
  return text.error().message;
}

TEST(WriteEntry, RefusesNamesKeysLicencesAndSignaturesOutOfRange) {
  for (const char* name : {"", "A", "-a", ".a", "_a", "a b", "a/b", "é"}) {
    EXPECT_THAT(refusal<Datanet>("datanet", [&](Datanet& d) { d.name = name; }), HasSubstr("datanet.name")) << name;
    EXPECT_THAT(refusal<Model>("model", [&](Model& m) { m.name = name; }), HasSubstr("model.name")) << name;
  }
  EXPECT_EQ(refusal<Datanet>("datanet", [](Datanet& d) { d.name = "0" + std::string(63, '.'); }), "");
  EXPECT_NE(refusal<Datanet>("datanet", [](Datanet& d) { d.name = std::string(65, 'a'); }), "");

  const auto license = [](const std::string& text) {
    return refusal<Contribution>("contribution", [&](Contribution& c) { c.license = text; });
  };
  EXPECT_EQ(license("(MIT OR Apache-2.0+) AND DocumentRef-a:LicenseRef-b"), "");
  EXPECT_EQ(license(std::string(128, 'x')), "");
  for (const std::string& text : {std::string(), std::string(129, 'x'), std::string("MIT\n"), std::string("\"")}) {
    EXPECT_THAT(license(text), HasSubstr("licence")) << text;
  }

  const auto key = [](const std::string& text) {
    return refusal<Contributor>("contributor", [&](Contributor& c) { c.key = text; });
  };
  EXPECT_EQ(key(""), "");
  EXPECT_EQ(key("secp256k1:0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"), "");
  EXPECT_THAT(key("ed25519:00"), HasSubstr("contributor.key"));
  EXPECT_THAT(refusal<Contributor>("contributor",
                                   [](Contributor& c) {
                                     c.key.clear();
                                     c.binds = EntryIndex(3);
                                   }),
              HasSubstr("contributor.key"));

  for (const std::string& text : {std::string("00"), std::string(128, 'g'), std::string(128, 'A')}) {
    EXPECT_THAT(refusal<Contribution>("contribution", [&](Contribution& c) { c.signature = text; }),
                HasSubstr("contribution.signature"));
  }
}

TEST(WriteEntry, RefusesModelsOutOfRange) {
  const auto model = [](auto spoil) { return refusal<Model>("model", spoil); };
  const EntryIndex five(5);
  EXPECT_THAT(model([](Model& m) { m.version = 0; }), HasSubstr("model.version"));
  EXPECT_THAT(model([](Model& m) { m.version = 2; }), HasSubstr("model.first"));
  EXPECT_THAT(model([&](Model& m) { m.first = five; }), HasSubstr("model.first"));
  EXPECT_EQ(model([&](Model& m) { m.first = five, m.version = 2; }), "");
  EXPECT_THAT(model([](Model& m) { m.terms.rate_in = Amount(-1); }), HasSubstr("rate_in"));
  EXPECT_THAT(model([](Model& m) { m.terms.rate_out = Amount(-1); }), HasSubstr("rate_out"));
  EXPECT_THAT(model([](Model& m) { m.terms.platform_fee = Amount(-1); }), HasSubstr("platform_fee"));
  EXPECT_THAT(model([](Model& m) { m.terms.stakers_basis_points = 0xFFFFFFFF; }), HasSubstr("10000 basis points"));
  EXPECT_THAT(model([](Model& m) { m.policy.min_span_tokens = 0; }), HasSubstr("min_span_tokens"));
  EXPECT_THAT(model([](Model& m) { m.policy.priority_permille = 1001; }), HasSubstr("priority_permille"));
  EXPECT_THAT(model([](Model& m) { m.policy.commons_contributors = 0; }), HasSubstr("commons_contributors"));
  EXPECT_THAT(model([](Model& m) { m.datanets.push_back(m.datanets[0]); }), HasSubstr("ascending order of datanet"));
  EXPECT_THAT(model([](Model& m) { m.datanets[0].treasury_permille = 1001; }), HasSubstr("at most 1000"));
  EXPECT_THAT(model([](Model& m) { m.datanets[0].role = Role::guard; }), HasSubstr("a guard"));
}

TEST(WriteEntry, RefusesReceiptsOutOfRange) {
  const auto receipt = [](auto spoil) { return refusal<Receipt>("receipt", spoil); };
  EXPECT_THAT(receipt([](Receipt& r) { r.fee = Amount(-1); }), HasSubstr("receipt.fee"));
  EXPECT_THAT(receipt([](Receipt& r) { r.credited_millibits = r.total_millibits + 1; }), HasSubstr("credited"));
  EXPECT_THAT(receipt([](Receipt& r) { r.payouts_in_body = true; }), HasSubstr("empty where payouts_in_body"));
  EXPECT_EQ(receipt([](Receipt& r) { r.payouts_in_body = true, r.payouts.clear(); }), "");
  EXPECT_THAT(receipt([](Receipt& r) { std::swap(r.payouts[0], r.payouts[1]); }), HasSubstr("ascending order"));
  EXPECT_THAT(receipt([](Receipt& r) { r.payouts[1] = r.payouts[0]; }), HasSubstr("each once"));
  EXPECT_THAT(receipt([](Receipt& r) { r.payouts[0].amount = Amount(0); }), HasSubstr("positive"));
  EXPECT_THAT(receipt([](Receipt& r) { r.payouts[0].account = "a b"; }), HasSubstr("printable"));
}

TEST(WriteEntry, TheMostPayoutsAndTheLargestAmountsFit) {
  const auto fill = [](size_t count) {
    return [count](Receipt& r) {
      r.payouts.clear();
      for (size_t i = 0; i < count; ++i) {
        const std::string digits = std::to_string(i);
        r.payouts.push_back(
            {"contributor:" + std::string(12 - digits.size(), '0') + digits, Amount(9223372036854775807)});
      }
    };
  };
  EXPECT_EQ(refusal<Receipt>("receipt", fill(500)), "");
  EXPECT_THAT(refusal<Receipt>("receipt", fill(501)), HasSubstr("at most 500"));
}

TEST(WriteEntry, RefusesMoreThanMaxEntryBytes) {
  EXPECT_THAT(refusal<Receipt>("receipt",
                               [](Receipt& r) { r.manifests.assign(20'000, EntryIndex(9'000'000'000'000'000'000)); }),
              HasSubstr("may have 65535"));
}

}  // namespace
}  // namespace tribute::record
