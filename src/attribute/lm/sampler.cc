#include "lm/sampler.h"

#include <algorithm>
#include <optional>
#include <string>

#include "lm/draw.h"

namespace tribute::lm {
namespace {

constexpr uint32_t kMaxTemperature = 1'000'000;

// What may come next: a token or, without one, the end of the document.
struct Outcome {
  std::optional<TokenId> token;
  uint64_t count = 0;
};

// Tokens ascending, the end last.
bool is_before(const Outcome& a, const Outcome& b) { return a.token && (!b.token || *a.token < *b.token); }

bool is_likelier(const Outcome& a, const Outcome& b) {
  return a.count != b.count ? a.count > b.count : is_before(a, b);
}

std::vector<Outcome> outcomes_of(const Distribution& distribution, uint32_t top_k) {
  std::vector<Outcome> outcomes;
  outcomes.reserve(distribution.tokens.size() + 1);
  for (const ngram::TokenCount& one : distribution.tokens) outcomes.push_back({one.token, one.count});
  if (distribution.end_of_document > 0) outcomes.push_back({std::nullopt, distribution.end_of_document});
  if (top_k > 0 && outcomes.size() > top_k) {
    std::ranges::nth_element(outcomes, outcomes.begin() + top_k, is_likelier);
    outcomes.resize(top_k);
    std::ranges::sort(outcomes, is_before);
  }
  return outcomes;
}

Outcome draw(const std::vector<Outcome>& outcomes, uint32_t temperature_permille, Generator& generator) {
  const Outcome most = *std::ranges::min_element(outcomes, is_likelier);
  if (temperature_permille == 0) return most;
  std::vector<uint64_t> weights;
  weights.reserve(outcomes.size());
  uint64_t sum = 0;
  for (const Outcome& outcome : outcomes) {
    weights.push_back(temperature_permille == 1000 ? outcome.count
                                                   : weight_of(outcome.count, most.count, temperature_permille));
    sum += weights.back();
  }
  uint64_t left = generator.below(sum);
  size_t drawn = 0;
  while (left >= weights[drawn]) left -= weights[drawn++];
  return outcomes[drawn];
}

}  // namespace

Result<Generated> generate(const Model& model, std::span<const TokenId> prompt, const SamplerOptions& options) {
  if (options.temperature_permille > kMaxTemperature) {
    return fail(ErrorCode::invalid_argument,
                "the temperature is over 1000: " + std::to_string(options.temperature_permille) + " thousandths");
  }
  if (model.live().documents == 0) {
    return fail(ErrorCode::failed_precondition, "the index has no live document to generate text from");
  }
  const auto limited = [&](std::span<const TokenId> context) {
    return options.max_context == 0 ? context : context.last(std::min<size_t>(context.size(), options.max_context));
  };
  Generator generator(options.seed);
  prompt = limited(prompt);
  prompt = prompt.last(TRY(model.longest_suffix(prompt)));
  std::vector<TokenId> context(prompt.begin(), prompt.end());
  Generated generated;
  while (generated.steps.size() < options.max_tokens) {
    const Distribution distribution = TRY(model.distribution(limited(context)));
    const std::vector<Outcome> outcomes = outcomes_of(distribution, options.top_k);
    if (outcomes.empty())
      return fail(ErrorCode::data_loss, "the index finds a run that nothing follows; build it again");
    const Outcome next = draw(outcomes, options.temperature_permille, generator);
    if (!next.token) {
      generated.has_ended = true;
      break;
    }
    generated.steps.push_back({*next.token, distribution.context_length, next.count, distribution.count});
    context.push_back(*next.token);
  }
  return generated;
}

}  // namespace tribute::lm
