// Random values of every kind: written, read back and written again.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>
#include <map>
#include <set>

#include "base/bytes.h"
#include "base/sign.h"
#include "record/entry.h"
#include "record/receipt_body.h"

namespace tribute::record {
namespace {

constexpr uint64_t kMaxSigned = std::numeric_limits<int64_t>::max();

// Small numbers, those about the limit of JSON's integers, and the largest.
uint64_t any_number(uint64_t max = std::numeric_limits<uint64_t>::max()) {
  const uint64_t limit = uint64_t{1} << 53;
  const auto number = *rc::gen::oneOf(rc::gen::inRange<uint64_t>(0, 100), rc::gen::inRange(limit - 2, limit + 2),
                                      rc::gen::just(max), rc::gen::inRange<uint64_t>(0, kMaxSigned));
  return std::min(number, max);
}

uint32_t any_number32() { return static_cast<uint32_t>(any_number(std::numeric_limits<uint32_t>::max())); }
EntryIndex any_entry() { return EntryIndex(any_number(kMaxSigned)); }
Amount any_amount() { return Amount(static_cast<int64_t>(any_number(kMaxSigned))); }
bool any_bool() { return *rc::gen::arbitrary<bool>(); }
std::optional<EntryIndex> maybe_entry() { return any_bool() ? std::optional(any_entry()) : std::nullopt; }

std::string any_bytes(size_t size) {
  return *rc::gen::container<std::string>(
      size, rc::gen::map(rc::gen::inRange(0, 256), [](int byte) { return static_cast<char>(byte); }));
}

Hash256 any_hash() { return *hash_from_bytes(any_bytes(32)); }

std::string any_name() {
  return *rc::gen::elementOf(std::string("az09")) +
         *rc::gen::resize(63, rc::gen::container<std::string>(rc::gen::elementOf(std::string("abcxyz0189._-"))));
}

std::vector<Payout> any_payouts() {
  std::map<std::string, Amount> payouts;
  const auto count = *rc::gen::inRange(0, 20);
  for (int i = 0; i < count; ++i) {
    payouts["contributor:" + std::to_string(*rc::gen::inRange(0, 100))] =
        Amount(std::max<int64_t>(1, any_amount().millionths()));
  }
  std::vector<Payout> sorted;
  for (const auto& [account, amount] : payouts) sorted.push_back({account, amount});
  return sorted;
}

Datanet any_datanet() {
  return {.name = any_name(),
          .role = *rc::gen::element(Role::paid, Role::guard),
          .needs_approval = any_bool(),
          .is_public = any_bool(),
          .near_duplicates = *rc::gen::element(NearDuplicates::accept, NearDuplicates::hold, NearDuplicates::refuse)};
}

Contributor any_contributor() {
  Contributor contributor{.name_hash = any_hash(), .key = "", .binds = std::nullopt};
  if (any_bool()) {
    const KeyKind kind = *rc::gen::element(KeyKind::ed25519, KeyKind::secp256k1);
    const auto key = private_key_from_seed(kind, any_bytes(32));
    RC_PRE(key.has_value());
    contributor.key = public_key_of(*key).text();
    contributor.binds = maybe_entry();
  }
  return contributor;
}

Contribution any_contribution() {
  return {.datanet = any_entry(),
          .contributor = any_entry(),
          .license = *rc::gen::nonEmpty(
              rc::gen::resize(100, rc::gen::container<std::string>(rc::gen::elementOf(std::string("aZ09 .-+:()"))))),
          .source_hash = any_hash(),
          .content_sha256 = any_hash(),
          .tokens_sha256 = any_hash(),
          .token_count = any_number(),
          .duplicate_of = maybe_entry(),
          .near_duplicate_of = maybe_entry(),
          .signature = any_bool() ? to_hex(any_bytes(64)) : ""};
}

Manifest any_manifest() {
  return {.datanet = any_entry(),
          .manifest_sha256 = any_hash(),
          .tokenizer_sha256 = any_hash(),
          .log_size = any_number(kMaxSigned),
          .live_documents = any_number(),
          .live_tokens = any_number(),
          .succeeds = maybe_entry()};
}

Model any_model() {
  Model model{.name = any_name(),
              .first = maybe_entry(),
              .version = 1,
              .parameters = any_number(),
              .evidence = *rc::gen::element(Evidence::matches, Evidence::influence),
              .datanets = {},
              .terms = {},
              .policy = {}};
  if (model.first) model.version = std::max(2U, any_number32());
  for (const uint64_t datanet : *rc::gen::container<std::set<uint64_t>>(rc::gen::inRange<uint64_t>(0, kMaxSigned))) {
    const bool guard = any_bool();
    model.datanets.push_back({.datanet = EntryIndex(datanet),
                              .manifest = any_entry(),
                              .role = guard ? Role::guard : Role::paid,
                              .treasury_permille = guard ? 0 : *rc::gen::inRange(0U, 9U)});
  }
  const auto model_part = *rc::gen::inRange(0U, 10'001U);
  const auto stakers_part = *rc::gen::inRange(0U, 10'001U - model_part);
  model.terms = {.rate_in = any_amount(),
                 .rate_out = any_amount(),
                 .platform_fee = any_amount(),
                 .model_basis_points = model_part,
                 .stakers_basis_points = stakers_part,
                 .contributors_basis_points = 10'000 - model_part - stakers_part};
  model.policy = {.min_span_tokens = std::max(1U, any_number32()),
                  .chance_margin_bits = any_number32(),
                  .priority_permille = *rc::gen::inRange(0U, 1001U),
                  .passage_bits = any_number32(),
                  .commons_contributors = any_bool() ? std::optional(std::max(1U, any_number32())) : std::nullopt,
                  .coverage_scaled = any_bool()};
  return model;
}

Receipt any_receipt() {
  Receipt receipt{.model = any_entry(),
                  .manifests = {},
                  .log_size = any_number(kMaxSigned),
                  .tokens_in = any_number(),
                  .tokens_out = any_number(),
                  .total_millibits = any_number(),
                  .credited_millibits = 0,
                  .fee = any_amount(),
                  .body_sha256 = any_hash(),
                  .payouts = {},
                  .payouts_in_body = any_bool()};
  receipt.credited_millibits = any_number(receipt.total_millibits);
  const auto manifest_count = *rc::gen::inRange(0, 5);
  for (int i = 0; i < manifest_count; ++i) receipt.manifests.push_back(any_entry());
  if (!receipt.payouts_in_body) receipt.payouts = any_payouts();
  return receipt;
}

ReceiptBody any_receipt_body() {
  ReceiptBody body{.salt = any_hash(),
                   .payer = any_name(),
                   .output_tokens = {},
                   .copied = {},
                   .spans = {},
                   .claims = {},
                   .credits = {},
                   .payouts = any_payouts()};
  const auto token_count = *rc::gen::inRange<uint64_t>(0, 40);
  for (uint64_t i = 0; i < token_count; ++i) {
    body.output_tokens.push_back(any_number32());
    body.copied.push_back(any_bool());
    if (any_bool()) {
      body.spans.push_back({.begin = i,
                            .end = *rc::gen::inRange(i + 1, token_count + 1),
                            .count = any_number(),
                            .surprisal_millibits = any_number(),
                            .evidence = any_bool()});
    }
    for (uint64_t end = i + 1; end <= token_count; end += *rc::gen::inRange(1U, 40U)) {
      body.claims.push_back({.begin = i, .end = end, .datapoint = maybe_entry(), .common = any_bool()});
    }
  }
  for (uint64_t begin = 0; begin < token_count;) {
    BodyCredit credit{.begin = begin,
                      .end = *rc::gen::inRange(begin + 1, token_count + 1),
                      .fate = *rc::gen::element(Fate::none, Fate::owned, Fate::common, Fate::copied),
                      .datapoint = std::nullopt,
                      .contributor = std::nullopt,
                      .millibits = 0};
    if (credit.fate == Fate::owned) {
      credit.datapoint = any_entry();
      credit.contributor = any_entry();
      credit.millibits = any_number();
    }
    const bool merges = !body.credits.empty() && body.credits.back().fate == credit.fate &&
                        body.credits.back().datapoint == credit.datapoint;
    if (merges) {
      body.credits.back().end = credit.end;
    } else {
      body.credits.push_back(credit);
    }
    begin = credit.end;
  }
  return body;
}

template <typename AnyBody>
void expect_round_trips(AnyBody any_body) {
  EXPECT_TRUE(rc::check("an entry reads back as itself", [&] {
    const Entry entry{.time_ms = any_number(kMaxSigned), .body = any_body()};
    const auto text = to_canonical_json(entry);
    RC_ASSERT(text.has_value());
    const auto again = entry_from_canonical_json(*text);
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == entry);
    RC_ASSERT(to_canonical_json(*again).value() == *text);
  }));
}

TEST(RoundTrip, Datanet) { expect_round_trips(any_datanet); }
TEST(RoundTrip, Contributor) { expect_round_trips(any_contributor); }
TEST(RoundTrip, Contribution) { expect_round_trips(any_contribution); }
TEST(RoundTrip, Approval) {
  expect_round_trips([] { return Approval{.contribution = any_entry(), .approved = any_bool()}; });
}
TEST(RoundTrip, Withdrawal) {
  expect_round_trips([] { return Withdrawal{.contribution = any_entry()}; });
}
TEST(RoundTrip, Manifest) { expect_round_trips(any_manifest); }
TEST(RoundTrip, Model) { expect_round_trips(any_model); }
TEST(RoundTrip, Receipt) { expect_round_trips(any_receipt); }

TEST(RoundTrip, ReceiptBody) {
  EXPECT_TRUE(rc::check("a receipt's body reads back as itself", [] {
    const ReceiptBody body = any_receipt_body();
    const std::string text = to_canonical_json(body);
    const auto again = receipt_body_from_canonical_json(text);
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == body);
    RC_ASSERT(to_canonical_json(*again) == text);
  }));
}

}  // namespace
}  // namespace tribute::record
