#include "attacks/scene.h"

#include <algorithm>
#include <map>
#include <utility>

#include "ngram/brute_force_source.h"
#include "trace/surprisal.h"

namespace tribute::attacks {
namespace {

constexpr uint64_t kShortestPassage = 150'000;  // millibits
constexpr uint64_t kLongestPassage = 600'000;
constexpr size_t kPassagesPerAnswer = 3;
constexpr uint64_t kFewestOwnWords = 30'000;  // millibits of the model's own words between passages
constexpr uint64_t kMostOwnWords = 100'000;

// A random choice of documents with at most `max_tokens` tokens, in their order; all where they fit.
std::vector<ngram::Document> sampled(const std::vector<ngram::Document>& documents, uint64_t max_tokens,
                                     Random& random) {
  std::vector<size_t> places(documents.size());
  for (size_t i = 0; i < places.size(); ++i) places[i] = i;
  for (size_t i = places.size(); i > 1; --i) std::swap(places[i - 1], places[random.below(i)]);
  uint64_t tokens = 0;
  std::vector<size_t> chosen;
  for (const size_t place : places) {
    const uint64_t size = documents[place].tokens.size();
    if (size > max_tokens - tokens) continue;
    tokens += size;
    chosen.push_back(place);
  }
  std::ranges::sort(chosen);
  std::vector<ngram::Document> sample;
  for (const size_t place : chosen) {
    sample.push_back(documents[place]);
    sample.back().entry = EntryIndex{kFirstHonestEntry + sample.size()};
  }
  return sample;
}

}  // namespace

void append(Tokens& tokens, const Tokens& more) { tokens.insert(tokens.end(), more.begin(), more.end()); }

Tokens Answer::tokens() const {
  Tokens tokens;
  for (const Piece& piece : pieces) append(tokens, piece.tokens);
  return tokens;
}

Result<Scene> Scene::make(const Setting& setting, const Options& options) {
  if (options.answers == 0) return fail(ErrorCode::invalid_argument, "an attack needs at least one answer");
  TRY(trace::validate(setting.policy));
  TRY(settle::validate(setting.terms));
  if (std::ranges::adjacent_find(setting.documents, std::ranges::greater_equal{}, &ngram::Document::entry) !=
      setting.documents.end()) {
    return fail(ErrorCode::invalid_argument, "the documents do not ascend by entry");
  }
  Random random(options.seed);
  Scene scene;
  scene.setting_.policy = setting.policy;
  scene.setting_.terms = setting.terms;
  scene.setting_.documents = sampled(setting.documents, options.max_tokens, random);
  scene.count_tokens();
  TRY(scene.make_answers(random, options.answers));
  return scene;
}

void Scene::count_tokens() {
  for (const ngram::Document& document : documents()) append(words_, document.tokens);
  const ngram::BruteForceSource source(documents());
  token_count_ = source.facts().token_count;
  for (const TokenId token : words_) {
    if (millibits_.contains(token)) continue;
    const uint64_t count = source.token_counts(std::span(&token, 1)).value().front();
    millibits_.emplace(token, trace::surprisal_millibits(count, token_count_));
  }
}

uint64_t Scene::millibits(std::span<const TokenId> tokens) const {
  uint64_t sum = 0;
  for (const TokenId token : tokens) {
    const auto known = millibits_.find(token);
    sum += known == millibits_.end() ? trace::surprisal_millibits(1, token_count_) : known->second;
  }
  return sum;
}

Tokens Scene::words(Random& random, uint64_t millibits) const {
  Tokens tokens;
  uint64_t sum = 0;
  // Where every document says one word again and again, no number of words is surprising.
  while (sum < millibits && tokens.size() < millibits / 100) {
    tokens.push_back(words_[random.below(words_.size())]);
    sum += millibits_.at(tokens.back());
  }
  return tokens;
}

TokenId Scene::another(Random& random, TokenId token) const {
  for (int i = 0; i < 100; ++i) {
    const TokenId other = words_[random.below(words_.size())];
    if (other != token) return other;
  }
  return TokenId{token.value() ^ 1};
}

Piece Scene::passage(Random& random, const std::vector<size_t>& quotable) const {
  const size_t place = quotable[random.below(quotable.size())];
  const Tokens& tokens = documents()[place].tokens;
  const uint64_t wanted = kShortestPassage + random.below(kLongestPassage - kShortestPassage + 1);
  size_t begin = random.below(tokens.size());
  // Back to where enough is left; the document as a whole has enough for the shortest.
  uint64_t left = millibits(std::span(tokens).subspan(begin));
  while (begin > 0 && left < wanted) left += millibits(std::span(&tokens[--begin], 1));
  size_t end = begin;
  for (uint64_t sum = 0; end < tokens.size() && sum < wanted; ++end) sum += millibits(std::span(&tokens[end], 1));
  return {.tokens = Tokens(tokens.begin() + static_cast<std::ptrdiff_t>(begin),
                           tokens.begin() + static_cast<std::ptrdiff_t>(end)),
          .document = place};
}

Result<void> Scene::make_answers(Random& random, uint32_t count) {
  std::vector<size_t> quotable;
  for (size_t i = 0; i < documents().size(); ++i) {
    const ngram::Document& document = documents()[i];
    if (document.role == ngram::Role::paid && millibits(document.tokens) >= kShortestPassage) quotable.push_back(i);
  }
  if (quotable.size() < 2) {
    return fail(ErrorCode::invalid_argument,
                "attacks need at least two paid documents of 150 bits each; contribute more");
  }
  for (uint32_t i = 0; i < count; ++i) {
    Answer answer;
    for (size_t k = 0; k < kPassagesPerAnswer; ++k) {
      const uint64_t own = kFewestOwnWords + random.below(kMostOwnWords - kFewestOwnWords + 1);
      answer.pieces.push_back({.tokens = words(random, own), .document = std::nullopt});
      answer.pieces.push_back(passage(random, quotable));
    }
    answers_.push_back(std::move(answer));
  }
  return {};
}

std::vector<size_t> Scene::quoted_documents() const {
  std::vector<size_t> places;
  for (const Answer& answer : answers_) {
    for (const Piece& piece : answer.pieces) {
      if (piece.document) places.push_back(*piece.document);
    }
  }
  std::ranges::sort(places);
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

EntryIndex Scene::most_quoted() const {
  std::map<EntryIndex, size_t> quoted;
  for (const Answer& answer : answers_) {
    for (const Piece& piece : answer.pieces) {
      if (piece.document) quoted[documents()[*piece.document].contributor] += piece.tokens.size();
    }
  }
  return std::ranges::max_element(quoted, {}, [](const auto& item) { return item.second; })->first;
}

}  // namespace tribute::attacks
