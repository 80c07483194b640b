#include "record/validate.h"

#include <algorithm>
#include <limits>

#include "base/bytes.h"
#include "base/sign.h"

namespace tribute::record {
namespace {

constexpr uint64_t kMaxSigned = std::numeric_limits<int64_t>::max();
constexpr uint32_t kMaxPermille = 1'000;
constexpr uint64_t kBasisPointsInAll = 10'000;

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

std::unexpected<Error> wrong(std::string_view field, std::string_view what) {
  return fail(ErrorCode::invalid_argument, std::string(field) + " " + std::string(what));
}

Result<void> require(bool holds, std::string_view field, std::string_view range) {
  if (!holds) return wrong(field, "must be " + std::string(range));
  return {};
}

Result<void> require_index(EntryIndex index, std::string_view field) {
  return require(index.value() <= kMaxSigned, field, "below 2^63");
}

Result<void> require_index(const std::optional<EntryIndex>& index, std::string_view field) {
  return index ? require_index(*index, field) : Result<void>();
}

Result<void> require_payouts(const std::vector<Payout>& payouts, std::string_view field) {
  for (const Payout& payout : payouts) {
    const bool printable = std::ranges::all_of(payout.account, [](char c) { return c > ' ' && c <= '~'; });
    TRY(require(!payout.account.empty() && payout.account.size() <= kMaxAccountBytes && printable, field,
                "to accounts of 1 to 160 printable ASCII characters"));
    TRY(require(payout.amount > Amount(0), field, "positive, each"));
  }
  return require(std::ranges::adjacent_find(payouts, std::ranges::greater_equal(), &Payout::account) == payouts.end(),
                 field, "in ascending order of accounts, each once");
}

Result<void> validate_body(const Datanet& datanet) { return validate_name("datanet.name", datanet.name); }

Result<void> validate_body(const Contributor& contributor) {
  TRY(require_index(contributor.binds, "contributor.binds"));
  if (contributor.key.empty()) return require(!contributor.binds, "contributor.key", "there where it is bound");
  const auto key = parse_public_key(contributor.key);
  if (!key) return wrong("contributor.key", "is no public key: " + key.error().message);
  return require(key->text() == contributor.key, "contributor.key", "in its canonical spelling");
}

Result<void> validate_body(const Contribution& contribution) {
  TRY(require_index(contribution.datanet, "contribution.datanet"));
  TRY(require_index(contribution.contributor, "contribution.contributor"));
  TRY(validate_license(contribution.license));
  TRY(require_index(contribution.duplicate_of, "contribution.duplicate_of"));
  TRY(require_index(contribution.near_duplicate_of, "contribution.near_duplicate_of"));
  const bool is_signature = contribution.signature.size() == 128 && from_hex(contribution.signature).has_value();
  return require(contribution.signature.empty() || is_signature, "contribution.signature",
                 "empty or 128 lower-case hexadecimal digits");
}

Result<void> validate_body(const Approval& approval) {
  return require_index(approval.contribution, "approval.contribution");
}

Result<void> validate_body(const Withdrawal& withdrawal) {
  return require_index(withdrawal.contribution, "withdrawal.contribution");
}

Result<void> validate_body(const Manifest& manifest) {
  TRY(require_index(manifest.datanet, "manifest.datanet"));
  TRY(require_index(manifest.succeeds, "manifest.succeeds"));
  return require(manifest.log_size <= kMaxSigned, "manifest.log_size", "below 2^63");
}

Result<void> validate_body(const Model& model) {
  TRY(validate_name("model.name", model.name));
  TRY(require_index(model.first, "model.first"));
  TRY(require(model.version >= 1, "model.version", "at least 1"));
  TRY(require(model.first.has_value() == (model.version > 1), "model.first",
              "absent in the first version and there in later ones"));
  uint64_t permilles = 0;
  for (const ModelDatanet& datanet : model.datanets) {
    TRY(require_index(datanet.datanet, "model.datanets.datanet"));
    TRY(require_index(datanet.manifest, "model.datanets.manifest"));
    TRY(require(datanet.role == Role::paid || datanet.treasury_permille == 0, "model.datanets.treasury_permille",
                "0 for a guard, which never earns"));
    permilles += datanet.treasury_permille;
  }
  TRY(require(permilles <= kMaxPermille, "model.datanets.treasury_permille", "at most 1000 in sum"));
  TRY(require(std::ranges::adjacent_find(model.datanets, std::ranges::greater_equal(), &ModelDatanet::datanet) ==
                  model.datanets.end(),
              "model.datanets", "in ascending order of datanet, each once"));
  TRY(validate_terms(model.terms));
  return validate_policy(model.policy);
}

Result<void> validate_body(const Receipt& receipt) {
  TRY(require_index(receipt.model, "receipt.model"));
  for (const EntryIndex manifest : receipt.manifests) TRY(require_index(manifest, "receipt.manifests"));
  TRY(require(receipt.log_size <= kMaxSigned, "receipt.log_size", "below 2^63"));
  TRY(require(receipt.credited_millibits <= receipt.total_millibits, "receipt.credited_millibits",
              "at most total_millibits"));
  TRY(require(!receipt.fee.is_negative(), "receipt.fee", "at least 0"));
  TRY(require(!receipt.payouts_in_body || receipt.payouts.empty(), "receipt.payouts",
              "empty where payouts_in_body is true"));
  TRY(require(receipt.payouts.size() <= kMaxPayoutsInEntry, "receipt.payouts", "at most 500; more stand in the body"));
  return require_payouts(receipt.payouts, "receipt.payouts");
}

template <typename Item>
Result<void> require_runs(const std::vector<Item>& items, uint64_t token_count, std::string_view field) {
  for (const Item& item : items) {
    TRY(require(item.begin < item.end && item.end <= token_count, field,
                "runs of tokens of the answer, none of them empty"));
  }
  return {};
}

Result<void> require_credits(const std::vector<BodyCredit>& credits, uint64_t token_count) {
  constexpr std::string_view kField = "receipt_body.credits";
  uint64_t covered = 0;
  const BodyCredit* previous = nullptr;
  for (const BodyCredit& credit : credits) {
    const bool owned = credit.fate == Fate::owned;
    TRY(require(credit.begin == covered, kField, "without gaps, in order"));
    TRY(require(credit.datapoint.has_value() == owned && credit.contributor.has_value() == owned, kField,
                "with a datapoint and a contributor where owned, and only there"));
    TRY(require(owned || credit.millibits == 0, kField, "of 0 millibits where not owned"));
    TRY(require_index(credit.datapoint, "receipt_body.credits.datapoint"));
    TRY(require_index(credit.contributor, "receipt_body.credits.contributor"));
    TRY(require(previous == nullptr || previous->fate != credit.fate || previous->datapoint != credit.datapoint, kField,
                "as long as they can be: neighbours differ"));
    covered = credit.end;
    previous = &credit;
  }
  return require(covered == token_count, kField, "up to the answer's last token");
}

}  // namespace

Result<void> validate_name(std::string_view what, std::string_view name) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  };
  const bool starts_well = !name.empty() && name.front() != '.' && name.front() != '_' && name.front() != '-';
  if (!starts_well || name.size() > kMaxNameBytes || !std::ranges::all_of(name, is_allowed)) {
    return wrong(what, "'" + to_printable_utf8(name) +
                           "' must be 1 to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter or a digit");
  }
  return {};
}

Result<void> validate_license(std::string_view license) {
  const auto is_allowed = [](char c) {
    return is_alphanumeric(c) || std::string_view(" .-+:()").find(c) != std::string_view::npos;
  };
  if (license.empty() || license.size() > kMaxLicenseBytes || !std::ranges::all_of(license, is_allowed)) {
    return wrong("licence", "'" + to_printable_utf8(license.substr(0, kMaxLicenseBytes)) +
                                "' must be an SPDX expression of 1 to 128 letters, digits, spaces and . - + : ( )");
  }
  return {};
}

Result<void> validate_policy(const Policy& policy) {
  TRY(require(policy.min_span_tokens >= 1, "min_span_tokens", "at least 1"));
  TRY(require(policy.priority_permille <= kMaxPermille, "priority_permille", "from 0 to 1000"));
  return require(!policy.commons_contributors || *policy.commons_contributors >= 1, "commons_contributors",
                 "at least 1");
}

Result<void> validate_terms(const Terms& terms) {
  TRY(require(!terms.rate_in.is_negative(), "rate_in", "at least 0"));
  TRY(require(!terms.rate_out.is_negative(), "rate_out", "at least 0"));
  TRY(require(!terms.platform_fee.is_negative(), "platform_fee", "at least 0"));
  const uint64_t basis_points =
      uint64_t{terms.model_basis_points} + terms.stakers_basis_points + terms.contributors_basis_points;
  return require(basis_points == kBasisPointsInAll, "the split between model, stakers and contributors",
                 "10000 basis points in sum, not " + std::to_string(basis_points));
}

Result<void> validate(const Entry& entry) {
  TRY(require(entry.time_ms <= kMaxSigned, "time_ms", "below 2^63"));
  return std::visit([](const auto& body) { return validate_body(body); }, entry.body);
}

Result<void> validate(const ReceiptBody& body) {
  const uint64_t token_count = body.output_tokens.size();
  TRY(require(!body.payer.empty() && is_valid_utf8(body.payer), "receipt_body.payer", "a name in UTF-8"));
  TRY(require(body.copied.size() == token_count, "receipt_body.copied", "one bit per token of the answer"));
  TRY(require_runs(body.spans, token_count, "receipt_body.spans"));
  TRY(require(
      std::ranges::adjacent_find(body.spans, std::ranges::greater_equal(), &BodySpan::begin) == body.spans.end(),
      "receipt_body.spans", "in ascending order of begin"));
  TRY(require_runs(body.claims, token_count, "receipt_body.claims"));
  for (const BodyClaim& claim : body.claims) TRY(require_index(claim.datapoint, "receipt_body.claims.datapoint"));
  const auto run_of = [](const BodyClaim& claim) { return std::pair(claim.begin, claim.end); };
  TRY(require(std::ranges::adjacent_find(body.claims, std::ranges::greater_equal(), run_of) == body.claims.end(),
              "receipt_body.claims", "in ascending order of (begin, end)"));
  TRY(require_runs(body.credits, token_count, "receipt_body.credits"));
  TRY(require_credits(body.credits, token_count));
  return require_payouts(body.payouts, "receipt_body.payouts");
}

}  // namespace tribute::record
