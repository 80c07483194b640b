#include "audit/receipt_audit.h"

#include <algorithm>
#include <charconv>

#include "base/checked.h"
#include "settle/terms.h"
#include "tlog/layout.h"

namespace tribute::audit {
namespace {

std::string number(uint64_t value) { return std::to_string(value); }
std::string number(EntryIndex entry) { return std::to_string(entry.value()); }

// Whether `manifest` is `pinned` or took its place, maybe after others.
bool is_or_succeeds(const History& history, EntryIndex manifest, EntryIndex pinned) {
  std::optional<EntryIndex> at = manifest;
  while (at && *at > pinned) {
    const ManifestFacts* facts = history.manifests.find(*at);
    // Successors come after what they succeed, so that the walk ends whatever the entries say.
    const std::optional<EntryIndex> before = facts == nullptr ? std::nullopt : facts->manifest.succeeds;
    at = before && *before < *at ? before : std::nullopt;
  }
  return at == pinned;
}

// Whether "contributor:000000000012" is of a registration.
bool is_contributor_account(const History& history, std::string_view account) {
  const std::string_view digits = account.substr(account.find(':') + 1);
  uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const EntryIndex entry(value);
  return settle::account_of("contributor", entry) == account && history.contributors.find(entry) != nullptr;
}

std::optional<uint64_t> credited_by(const record::ReceiptBody& body) {
  std::optional<uint64_t> sum = 0;
  for (const record::BodyCredit& credit : body.credits) {
    if (sum) sum = checked_add(*sum, credit.millibits);
  }
  return sum;
}

}  // namespace

Result<void> ReceiptAudit::run(const ProgressCallback& progress) {
  const uint64_t log_size = recorder_.report().log_size;
  std::optional<uint64_t> bundle_index;
  std::vector<std::string> bundle;
  uint64_t done = 0;
  for (const EntryIndex entry : history_.receipts) {
    const uint64_t index = entry.value() / tlog::kTileWidth;
    if (bundle_index != index) {
      bundle = TRY(log_.load_bundle({index, tlog::bundle_width(log_size, index)}));
      bundle_index = index;
    }
    const record::Entry parsed = TRY(record::entry_from_canonical_json(bundle[entry.value() % tlog::kTileWidth]));
    const record::Receipt* receipt = std::get_if<record::Receipt>(&parsed.body);
    if (receipt == nullptr) {
      return fail(ErrorCode::aborted, "entry " + number(entry) + " changed while it was read; verify again");
    }
    TRY(check(entry, *receipt));
    if (progress) progress("receipts", ++done, history_.receipts.size());
  }
  return {};
}

Result<void> ReceiptAudit::check(EntryIndex entry, const record::Receipt& receipt) {
  recorder_.checked("receipts");
  const ModelFacts* model = receipt.model < entry ? history_.models.find(receipt.model) : nullptr;
  if (model == nullptr) {
    if (history_.is_unreadable(receipt.model)) {
      recorder_.unchecked("receipts whose model's entry could not be read");
    } else {
      recorder_.wrong_entry(Rule::reference, entry,
                            "model names entry " + number(receipt.model) + ", which is no model before it");
    }
    return {};
  }
  const ReceiptFacts facts{entry, receipt, *model};
  const bool is_basis_right = check_manifests(facts) && check_log_size(facts);
  const auto [cited, is_new] = bodies_.emplace(receipt.body_sha256, entry);
  if (!is_new) {
    recorder_.wrong_entry(Rule::receipt, entry,
                          "cites the body of receipt " + number(cited->second) + ": one answer, charged twice");
  }
  const bool is_fee_right = check_fee(facts);
  const std::optional<record::ReceiptBody> body = TRY(read_body(facts));
  if (!body) {
    if (is_fee_right) check_payouts_without_body(facts);
    return {};
  }
  if (!compare_body(facts, *body)) return {};
  if (is_fee_right) check_payouts(facts, *body);
  if (is_basis_right) return attributions_.check(facts, *body);
  recorder_.unchecked("attributions of receipts that rest on wrong manifests or log sizes");
  return {};
}

bool ReceiptAudit::check_manifests(const ReceiptFacts& facts) {
  const std::vector<record::ModelDatanet>& pinned = facts.model.model.datanets;
  const std::vector<EntryIndex>& used = facts.receipt.manifests;
  if (used.size() != pinned.size()) {
    recorder_.wrong_entry(Rule::receipt, facts.entry,
                          "uses " + number(used.size()) + " manifests, its model pins " + number(pinned.size()));
    return false;
  }
  for (size_t i = 0; i < used.size(); ++i) {
    if (used[i] < facts.entry && is_or_succeeds(history_, used[i], pinned[i].manifest)) continue;
    recorder_.wrong_entry(Rule::receipt, facts.entry,
                          "uses manifest " + number(used[i]) + " for DataNet " + number(pinned[i].datanet) +
                              ", its model pins " + number(pinned[i].manifest));
    return false;
  }
  return true;
}

bool ReceiptAudit::check_log_size(const ReceiptFacts& facts) {
  const uint64_t log_size = facts.receipt.log_size;
  if (log_size > facts.entry.value()) {
    recorder_.wrong_entry(Rule::receipt, facts.entry, "log_size is " + number(log_size) + ", beyond the entry itself");
    return false;
  }
  // The model's entry was there when the answer was charged. A lower log size would leave out
  // withdrawals that had been made by then.
  if (log_size <= facts.model.entry.value()) {
    recorder_.wrong_entry(
        Rule::receipt, facts.entry,
        "log_size is " + number(log_size) + ", which leaves out the model's own entry " + number(facts.model.entry));
    return false;
  }
  return true;
}

bool ReceiptAudit::check_fee(const ReceiptFacts& facts) {
  const Result<Amount> fee =
      settle::fee_for(facts.model.model.terms, facts.receipt.tokens_in, facts.receipt.tokens_out);
  if (fee && *fee == facts.receipt.fee) {
    recorder_.checked("fees");
    return true;
  }
  recorder_.wrong_entry(Rule::fee, facts.entry,
                        "the fee is " + number(static_cast<uint64_t>(facts.receipt.fee.millionths())) +
                            ", the model's terms give " +
                            (fee ? number(static_cast<uint64_t>(fee->millionths())) : fee.error().message));
  return false;
}

bool ReceiptAudit::is_public(const ReceiptFacts& facts) const {
  return std::ranges::all_of(facts.model.model.datanets, [this](const record::ModelDatanet& pinned) {
    const DatanetFacts* datanet = history_.datanets.find(pinned.datanet);
    return datanet != nullptr && datanet->datanet.is_public;
  });
}

Result<std::optional<record::ReceiptBody>> ReceiptAudit::read_body(const ReceiptFacts& facts) {
  const bool in_public = is_public(facts);
  if (!folders_.has(in_public)) {
    recorder_.unchecked("bodies of sealed receipts, for want of the sealed folder");
    return std::nullopt;
  }
  const Hash256& name = facts.receipt.body_sha256;
  const Result<std::string> bytes =
      io::read_file(log_.file_system(), io::join(folders_.receipts(in_public), name.hex() + ".json"));
  if (!bytes && bytes.error().code == ErrorCode::not_found) {
    wrong_body(facts, "is missing");
    return std::nullopt;
  }
  if (!bytes) return std::unexpected(bytes.error());
  if (sha256(*bytes) != name) {
    wrong_body(facts, "hashes to " + sha256(*bytes).hex() + ", not to what the entry cites");
    return std::nullopt;
  }
  Result<record::ReceiptBody> body = record::receipt_body_from_canonical_json(*bytes);
  if (!body) {
    wrong_body(facts, body.error().message);
    return std::nullopt;
  }
  recorder_.checked("receipt bodies");
  return std::move(*body);
}

void ReceiptAudit::wrong_body(const ReceiptFacts& facts, std::string message) {
  recorder_.wrong_file(Rule::receipt_body, shown_body(is_public(facts), facts.receipt.body_sha256), facts.entry,
                       std::move(message) + " (receipt " + number(facts.entry) + ")");
}

bool ReceiptAudit::compare_body(const ReceiptFacts& facts, const record::ReceiptBody& body) {
  if (body.output_tokens.size() != facts.receipt.tokens_out) {
    wrong_body(facts, "has " + number(body.output_tokens.size()) + " tokens of the answer, the entry says " +
                          number(facts.receipt.tokens_out));
    return false;
  }
  const std::optional<uint64_t> credited = credited_by(body);
  if (credited != facts.receipt.credited_millibits) {
    wrong_body(facts, "credits " + (credited ? number(*credited) : "over 2^64 - 1") + " millibits, the entry says " +
                          number(facts.receipt.credited_millibits));
    return false;
  }
  return true;
}

void ReceiptAudit::check_payouts(const ReceiptFacts& facts, const record::ReceiptBody& body) {
  const record::Receipt& receipt = facts.receipt;
  const Result<std::vector<record::Payout>> expected = payouts_by_credits(facts, body.credits);
  if (!expected) {
    recorder_.wrong_entry(Rule::payout, facts.entry, expected.error().message);
    return;
  }
  const std::vector<record::Payout>& paid = receipt.payouts_in_body ? body.payouts : receipt.payouts;
  if (const std::optional<std::string> wrong = compare_payouts(paid, *expected, receipt.fee)) {
    recorder_.wrong_entry(Rule::payout, facts.entry, *wrong);
  } else if (body.payouts != *expected) {
    wrong_body(facts, "has other payouts than the entry");
  } else if (receipt.payouts_in_body && body.payouts.size() <= record::kMaxPayoutsInEntry) {
    recorder_.wrong_entry(
        Rule::payout, facts.entry,
        "keeps its payouts in the body, though they are not over " + number(record::kMaxPayoutsInEntry));
  } else {
    recorder_.checked("payouts of receipts");
  }
}

void ReceiptAudit::check_payouts_without_body(const ReceiptFacts& facts) {
  if (facts.receipt.payouts_in_body) {
    recorder_.unchecked("payouts that stand in the bodies of receipts");
    return;
  }
  for (const record::Payout& payout : facts.receipt.payouts) {
    if (!payout.account.starts_with("contributor:")) continue;
    if (is_contributor_account(history_, payout.account)) continue;
    recorder_.wrong_entry(Rule::payout, facts.entry, payout.account + " is the account of no contributor");
    return;
  }
  const std::optional<std::vector<record::Payout>> paid = contributors_merged(facts.receipt.payouts);
  const Result<std::vector<record::Payout>> expected = payouts_without_credits(facts);
  if (!paid || !expected) {
    recorder_.wrong_entry(Rule::payout, facts.entry,
                          expected ? "the payouts sum to more than 2^63 - 1" : expected.error().message);
  } else if (const std::optional<std::string> wrong = compare_payouts(*paid, *expected, facts.receipt.fee)) {
    recorder_.wrong_entry(Rule::payout, facts.entry, *wrong);
  } else {
    recorder_.checked("payouts of receipts, contributors together");
  }
}

}  // namespace tribute::audit
