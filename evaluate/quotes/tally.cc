#include "quotes/tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

namespace tribute::evaluate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kMisses = {Outcome::earlier_share, Outcome::earlier_bits, Outcome::earlier_edge,
                                Outcome::common,        Outcome::seam,         Outcome::outgrown,
                                Outcome::too_likely,    Outcome::too_short,    Outcome::unexplained};

uint64_t& of(OutcomeCounts& counts, Outcome outcome) { return counts.at(static_cast<size_t>(outcome)); }
uint64_t of(const OutcomeCounts& counts, Outcome outcome) { return counts.at(static_cast<size_t>(outcome)); }

double percent(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string label(size_t bucket) { return fmt::format("{} to {}", kBuckets.at(bucket).low, kBuckets.at(bucket).high); }

std::string recall_row(const std::string& name, const BucketTally& bucket) {
  const uint64_t right = of(bucket.token_outcomes, Outcome::right);
  return fmt::format("| {:<9} | {:>8} | {:>7} | {:>6.1f} % | {:>6.1f} % | {:>6.1f} % |\n", name, bucket.passages,
                     bucket.tokens, percent(bucket.found_datapoint, bucket.passages),
                     percent(bucket.found_contributor, bucket.passages), percent(right, bucket.tokens));
}

std::string cause_row(const std::string& name, const OutcomeCounts& counts) {
  std::string row = fmt::format("| {:<9} |", name);
  for (const Outcome cause : kMisses) fmt::format_to(std::back_inserter(row), " {:>13} |", of(counts, cause));
  return row + "\n";
}

std::string cause_table(const std::string& title, const Tally& tally, OutcomeCounts BucketTally::* counts) {
  std::string table = "\n" + title + "\n\n| passage   |";
  for (const Outcome cause : kMisses) fmt::format_to(std::back_inserter(table), " {:>13} |", name_of(cause));
  table += "\n|---|" + [] {
    std::string rule;
    for (size_t i = 0; i < kMisses.size(); ++i) rule += "---:|";
    return rule;
  }() + "\n";
  for (size_t b = 0; b < kBuckets.size(); ++b) table += cause_row(label(b), tally.buckets.at(b).*counts);
  return table + cause_row("all", tally.all_buckets().*counts);
}

Json to_object(const OutcomeCounts& counts) {
  Json object = Json::object();
  for (size_t i = 0; i < kOutcomeCount; ++i) {
    std::string name(name_of(static_cast<Outcome>(i)));
    std::ranges::replace(name, ' ', '_');
    if (counts.at(i) > 0) object[name] = counts.at(i);
  }
  return object;
}

}  // namespace

void BucketTally::add(const BucketTally& other) {
  passages += other.passages;
  found_datapoint += other.found_datapoint;
  found_contributor += other.found_contributor;
  tokens += other.tokens;
  for (size_t i = 0; i < kOutcomeCount; ++i) {
    token_outcomes.at(i) += other.token_outcomes.at(i);
    missed_passages.at(i) += other.missed_passages.at(i);
  }
}

void Tally::add(const StitchedText& text, const TextFinding& finding) {
  ++texts;
  tokens += finding.outcomes.size();
  for (size_t p = 0; p < finding.passages.size(); ++p) {
    const PassageFinding& passage = finding.passages[p];
    BucketTally& bucket = buckets.at(text.passages[p].bucket);
    ++bucket.passages;
    bucket.tokens += passage.located.tokens.length();
    if (passage.found_datapoint) ++bucket.found_datapoint;
    if (passage.found_contributor) ++bucket.found_contributor;
    if (!passage.found_datapoint) ++of(bucket.missed_passages, passage.outcome);
  }
  for (size_t i = 0; i < finding.outcomes.size(); ++i) {
    const Outcome outcome = finding.outcomes[i];
    const std::optional<size_t> passage = finding.passages_of[i];
    ++of(passage ? buckets.at(text.passages[*passage].bucket).token_outcomes : outside, outcome);
    if (finding.engine_credits[i]) {
      ++credited;
      if (passage && outcome != Outcome::right) ++credited_elsewhere;
    }
  }
}

BucketTally Tally::all_buckets() const {
  BucketTally sum;
  for (const BucketTally& bucket : buckets) sum.add(bucket);
  return sum;
}

uint64_t Tally::unexplained() const {
  return of(outside, Outcome::unexplained) + of(all_buckets().token_outcomes, Outcome::unexplained);
}

std::string to_table(const Setting& setting, const Tally& tally) {
  const BucketTally all = tally.all_buckets();
  const uint64_t right = of(all.token_outcomes, Outcome::right);
  const uint64_t runs_on = of(tally.outside, Outcome::runs_on);
  const uint64_t quotes = of(tally.outside, Outcome::quote);
  std::string text = fmt::format(
      "{} texts of {} tokens (seed {}); {} known documents of {} tokens in {} segments, {} unrelated;\n"
      "{} contributors, common beyond {}; evidence begins at {:.1f} bits\n\n"
      "Recall, by the length of the passage in the document's tokens\n\n"
      "| passage   | passages |  tokens | datapoint | contributor | tokens |\n"
      "|---|---:|---:|---:|---:|---:|\n",
      tally.texts, tally.tokens, setting.seed, setting.documents, setting.tokens, setting.segments,
      setting.unrelated_documents, setting.contributors, setting.commons_limit,
      static_cast<double>(setting.evidence_millibits) / 1000);
  for (size_t b = 0; b < kBuckets.size(); ++b) text += recall_row(label(b), tally.buckets.at(b));
  text += recall_row("all", all);
  text += cause_table("Passages not found, by the cause of most of their missed tokens", tally,
                      &BucketTally::missed_passages);
  text += cause_table("Tokens of passages not credited to the first registrant, by cause", tally,
                      &BucketTally::token_outcomes);
  text += fmt::format(
      "\nPrecision: where the credited tokens are and to whom they go\n\n| {:<65} |  tokens |   share "
      "|\n|---|---:|---:|\n",
      "");
  const auto row = [&](std::string_view name, uint64_t count) {
    text += fmt::format("| {:<65} | {:>7} | {:>5.1f} % |\n", name, count, percent(count, tally.credited));
  };
  row("all", tally.credited);
  row("in a passage, to its first registrant", right);
  row("in a passage, to another, as explained above", tally.credited_elsewhere);
  row("beside a passage, to the first holder of what runs over its edge", runs_on);
  row("in unrelated text, to the first holder of what that text quotes", quotes);
  row("unexplained", tally.credited - right - tally.credited_elsewhere - runs_on - quotes);
  return text;
}

std::string to_json(const Setting& setting, const Tally& tally) {
  Json buckets = Json::array();
  const auto add = [&](const std::string& name, const BucketTally& bucket) {
    buckets.push_back({{"passage_tokens", name},
                       {"passages", bucket.passages},
                       {"found_datapoint", bucket.found_datapoint},
                       {"found_contributor", bucket.found_contributor},
                       {"tokens", bucket.tokens},
                       {"token_outcomes", to_object(bucket.token_outcomes)},
                       {"missed_passages", to_object(bucket.missed_passages)}});
  };
  for (size_t b = 0; b < kBuckets.size(); ++b) add(label(b), tally.buckets.at(b));
  add("all", tally.all_buckets());
  const Json report = {{"seed", setting.seed},
                       {"texts", tally.texts},
                       {"tokens", tally.tokens},
                       {"known_documents", setting.documents},
                       {"known_tokens", setting.tokens},
                       {"segments", setting.segments},
                       {"unrelated_documents", setting.unrelated_documents},
                       {"contributors", setting.contributors},
                       {"commons_contributors", setting.commons_limit},
                       {"evidence_millibits", setting.evidence_millibits},
                       {"passages", buckets},
                       {"outside", to_object(tally.outside)},
                       {"credited_tokens", tally.credited},
                       {"credited_elsewhere_tokens", tally.credited_elsewhere},
                       {"unexplained_tokens", tally.unexplained()}};
  return report.dump(2) + "\n";
}

}  // namespace tribute::evaluate
