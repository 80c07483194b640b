#include "audit/compare_attribution.h"

#include <algorithm>
#include <vector>

#include "credit/shares.h"

namespace tribute::audit {
namespace {

std::string number(uint64_t value) { return std::to_string(value); }

std::string run_text(uint64_t begin, uint64_t end) { return "[" + number(begin) + ", " + number(end) + ")"; }

std::string text_of(const record::BodySpan& span) {
  return "span " + run_text(span.begin, span.end) + " with count " + number(span.count) + ", " +
         number(span.surprisal_millibits) + " millibits, " + (span.evidence ? "evidence" : "no evidence");
}

std::string text_of(const record::BodyClaim& claim) {
  return "claim " + run_text(claim.begin, claim.end) + " of " +
         (claim.datapoint ? "datapoint " + number(claim.datapoint->value()) : "guards alone") +
         (claim.common ? ", common" : "");
}

// The first of two lists' items that differ, in words.
template <typename Item>
std::optional<std::string> first_difference(const std::vector<Item>& said, const std::vector<Item>& by_rule) {
  const auto [a, b] = std::ranges::mismatch(said, by_rule);
  if (a == said.end() && b == by_rule.end()) return std::nullopt;
  return (a == said.end() ? "no item " + number(said.size()) : text_of(*a)) + "; the rule gives " +
         (b == by_rule.end() ? "no such item" : text_of(*b));
}

// What is said of a token: its fate, and for an owned one whose it is.
std::string fate_text(record::Fate fate, const std::optional<ngram::Holder>& owner) {
  if (!owner) return std::string(record::name_of(fate));
  return "datapoint " + number(owner->datapoint.value()) + " of contributor " + number(owner->contributor.value());
}

std::optional<ngram::Holder> owner_of(const record::BodyCredit& credit) {
  if (!credit.datapoint || !credit.contributor) return std::nullopt;
  return ngram::Holder{*credit.datapoint, *credit.contributor};
}

std::optional<std::string> first_wrong_token(const std::vector<record::BodyCredit>& credits,
                                             const std::vector<trace::TokenFate>& by_rule) {
  for (const record::BodyCredit& credit : credits) {
    for (uint64_t i = credit.begin; i < credit.end; ++i) {
      const trace::TokenFate& right = by_rule[i];
      if (credit.fate == right.fate && owner_of(credit) == right.owner) continue;
      const bool owned = credit.fate == record::Fate::owned;
      return "token " + number(i) + (owned ? " is credited to " : " is said to be ") +
             fate_text(credit.fate, owner_of(credit)) + "; the rule gives " + fate_text(right.fate, right.owner);
    }
  }
  return std::nullopt;
}

std::optional<std::string> first_wrong_bits(const std::vector<record::BodyCredit>& credits,
                                            const std::vector<trace::TokenFate>& by_rule) {
  for (const record::BodyCredit& credit : credits) {
    if (credit.fate != record::Fate::owned) continue;
    uint64_t right = 0;
    for (uint64_t i = credit.begin; i < credit.end; ++i) right += by_rule[i].surprisal_millibits;
    if (credit.millibits == right) continue;
    return "tokens " + run_text(credit.begin, credit.end) + " are credited with " + number(credit.millibits) +
           " millibits; the rule gives " + number(right);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Difference> compare_attribution(const record::Receipt& receipt, const record::ReceiptBody& body,
                                              const trace::Attribution& by_rule) {
  struct Part {
    Rule rule;
    std::string_view name;
    std::optional<std::string> wrong;
  };
  std::vector<Part> parts = {{Rule::credit, "credits", first_wrong_token(body.credits, by_rule.tokens)},
                             {Rule::credit, "bits", first_wrong_bits(body.credits, by_rule.tokens)},
                             {Rule::credit, "total_millibits", std::nullopt},
                             {Rule::claim, "claims", first_difference(body.claims, credit::body_claims(by_rule))},
                             {Rule::span, "spans", first_difference(body.spans, credit::body_spans(by_rule))}};
  if (receipt.total_millibits != by_rule.total_millibits) {
    parts[2].wrong =
        "total_millibits is " + number(receipt.total_millibits) + "; the rule gives " + number(by_rule.total_millibits);
  }
  std::optional<Difference> difference;
  for (Part& part : parts) {
    if (!part.wrong) continue;
    if (difference) {
      difference->message +=
          (difference->message.contains("; also differ: ") ? ", " : "; also differ: ") + std::string(part.name);
    } else {
      difference = {part.rule, std::move(*part.wrong)};
    }
  }
  return difference;
}

}  // namespace tribute::audit
