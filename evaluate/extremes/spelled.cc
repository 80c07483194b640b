#include "extremes/spelled.h"

#include <optional>

namespace tribute::extremes {
namespace {

std::string name_of(const std::optional<ngram::Holder>& holder) {
  if (!holder) return "none";
  return std::to_string(holder->datapoint.value()) + " of " + std::to_string(holder->contributor.value());
}

}  // namespace

std::string spelled(std::span<const TokenId> tokens) {
  constexpr size_t kShown = 60;
  std::string text = "[";
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.size() > kShown && i == kShown / 2) {
      text += " … " + std::to_string(tokens.size() - kShown) + " more …";
      i = tokens.size() - kShown / 2;
    }
    if (i > 0) text += ' ';
    text += std::to_string(tokens[i].value());
  }
  return text + "]";
}

std::string spelled(ngram::Run run) { return "run " + std::to_string(run.begin) + " to " + std::to_string(run.end); }

std::string spelled(const ngram::RunFacts& facts) {
  std::string text = std::to_string(facts.occurrence_count) + " occurrences in " +
                     std::to_string(facts.datapoint_count) + " datapoints, first " + name_of(facts.first) +
                     ", first paid " + name_of(facts.first_paid) + (facts.in_guard ? ", in a guard" : "") +
                     (facts.exceeds_contributor_limit ? ", above" : ", not above") + " the contributors' limit";
  for (const auto& [contributor, count] : facts.histogram) {
    text += ", " + std::to_string(count) + " by " + std::to_string(contributor.value());
  }
  for (const EntryIndex datapoint : facts.datapoints) text += ", in " + std::to_string(datapoint.value());
  return text;
}

std::string spelled(uint64_t number) { return std::to_string(number); }

}  // namespace tribute::extremes
