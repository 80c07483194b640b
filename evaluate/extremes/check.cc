#include "extremes/check.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "base/check.h"
#include "extremes/scan.h"
#include "extremes/spelled.h"
#include "extremes/texts.h"
#include "ngram/brute_force_source.h"

namespace tribute::extremes {
namespace {

using ngram::BruteForceSource;
using ngram::Counted;
using ngram::Run;
using ngram::RunFacts;
using ngram::RunQuestion;
using ngram::SpanSource;
using ngram::TextQuery;
using Disagreement = std::optional<std::string>;

constexpr uint32_t kLongSamples = 8;

const std::array kQuestions = {
    RunQuestion{.contributor_limit = 0, .counted = Counted::occurrences, .holders = false},
    RunQuestion{.contributor_limit = 1, .counted = Counted::nothing, .holders_beyond_limit = false},
    RunQuestion{.contributor_limit = 1, .datapoint_limit = 3, .counted = Counted::nothing},
    RunQuestion{.counted = Counted::occurrences},
    RunQuestion{.contributor_limit = 8, .datapoint_limit = 2, .histogram = true},
};

std::string differs(const Text& text, const std::string& what, const auto& said, const auto& expected) {
  return what + " of a text, " + text.origin + ", " + spelled(text.tokens) + ": the index says " + spelled(said) +
         ", the twin " + spelled(expected);
}

std::string failed(const Text& text, const Error& error) {
  return "a question about a text, " + text.origin + ", " + spelled(text.tokens) + ", fails: " + error.message;
}

// Lists of answers by position, or by another number that `name` gives a name.
template <typename Answer, typename Name>
Disagreement compare(const Text& text, std::span<const Answer> said, std::span<const Answer> expected, Name name) {
  for (size_t i = 0; i < std::min(said.size(), expected.size()); ++i) {
    if (said[i] != expected[i]) return differs(text, name(i), said[i], expected[i]);
  }
  if (said.size() != expected.size()) return differs(text, "how many answers", said.size(), expected.size());
  return std::nullopt;
}

class Checker {
 public:
  Checker(const Extreme& extreme, const SpanSource& source, std::vector<ngram::Document> documents)
      : extreme_(extreme), source_(source), twin_(std::move(documents)), scan_(twin_.documents()) {}

  Answers answers() const { return answers_; }

  Disagreement check_all() {
    if (auto found = check_facts()) return found;
    for (const Text& text : short_texts(extreme_, twin_.documents())) {
      if (auto found = check_short(text)) return found;
    }
    for (const Text& text : long_texts(extreme_, twin_.documents())) {
      if (auto found = check_long(text)) return found;
    }
    return extreme_.periodic ? check_whole(*extreme_.periodic) : std::nullopt;
  }

 private:
  template <typename Ask>
  auto timed(double& longest_ms, size_t questions, Ask ask) {
    const auto begin = std::chrono::steady_clock::now();
    auto answer = ask();
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
    longest_ms = std::max(longest_ms, taken.count() / static_cast<double>(std::max<size_t>(questions, 1)));
    return answer;
  }

  Disagreement check_facts() const {
    const Text none{"none", {}};
    const ngram::CorpusFacts said = source_.facts();
    const ngram::CorpusFacts expected = twin_.facts();
    if (said.token_count != expected.token_count) {
      return differs(none, "the tokens, instead", said.token_count, expected.token_count);
    }
    if (said.contributor_count != expected.contributor_count) {
      return differs(none, "the contributors, instead", said.contributor_count, expected.contributor_count);
    }
    return std::nullopt;
  }

  // Everything about a text that the twin can be asked.
  Disagreement check_short(const Text& text) {
    ++answers_.texts;
    const auto counts = source_.token_counts(text.tokens);
    if (!counts) return failed(text, counts.error());
    const auto name_count = [](size_t i) { return "the count of token " + std::to_string(i); };
    if (auto found = compare<uint64_t>(text, *counts, *twin_.token_counts(text.tokens), name_count)) return found;
    const std::vector<uint32_t> expected = *twin_.longest_matches(text.tokens);
    if (auto found = check_matches(text, expected)) return found;
    const std::vector<Run> runs = runs_of(text, expected, extreme_.runs_per_text);
    std::vector<RunFacts> facts;
    for (const RunQuestion& question : kQuestions) {
      facts = *twin_.find(text.tokens, runs, question);
      const auto query = source_.query(text.tokens);
      if (auto found = check_runs(text, *query, runs, question, facts)) return found;
    }
    // Runs whose places are known by then.
    return check_growing(text, expected,
                         [&](TextQuery& query) { return check_runs(text, query, runs, kQuestions.back(), facts); });
  }

  // Some of a text, by scans.
  Disagreement check_long(const Text& text) {
    ++answers_.texts;
    const auto longest = timed(answers_.matches_ms, 1, [&] { return source_.longest_matches(text.tokens); });
    if (!longest) return failed(text, longest.error());
    if (longest->size() != text.tokens.size()) {
      return differs(text, "how many longest matches", longest->size(), text.tokens.size());
    }
    if (extreme_.periodic) {
      if (auto found = check_matches(text, longest_matches(*extreme_.periodic, text.tokens))) return found;
    }
    const std::span<const TokenId> tokens = text.tokens;
    std::vector<Run> runs;
    for (uint32_t i = 0; i < kLongSamples; ++i) {
      const auto begin = static_cast<uint32_t>(tokens.size() * i / kLongSamples);
      const uint32_t expected = scan_.longest_match(tokens.subspan(begin));
      if ((*longest)[begin] != expected) {
        return differs(text, "the longest match at " + std::to_string(begin), (*longest)[begin], expected);
      }
      for (const uint32_t length : {expected / 2, expected, expected + 1}) {
        if (length > 0 && begin + length <= tokens.size()) runs.push_back({begin, begin + length});
      }
    }
    std::vector<RunFacts> facts;
    for (const Run& run : runs) facts.push_back(scan_.find(tokens.subspan(run.begin, run.length()), kQuestions.back()));
    const auto query = source_.query(text.tokens);
    if (auto found = check_runs(text, *query, runs, kQuestions.back(), facts)) return found;
    return check_growing(text, *longest,
                         [&](TextQuery& grown) { return check_runs(text, grown, runs, kQuestions.back(), facts); });
  }

  // Runs of every order of length in the whole text and a token more.
  Disagreement check_whole(const Periodic& periodic) {
    ++answers_.texts;
    Text text{"the whole document and one token more", twin_.documents().front().tokens};
    text.tokens.push_back(periodic.pattern[periodic.size % periodic.pattern.size()]);
    const auto size = static_cast<uint32_t>(text.tokens.size());
    std::vector<Run> runs;
    for (const uint32_t length : {1U, 2U, 4095U, 4096U, 4097U, 100'000U, size / 2, size - 2, size - 1, size}) {
      if (length > 0 && length <= size) runs.push_back({0, length});
      if (length > 0 && length < size) runs.push_back({1, length + 1});
    }
    std::vector<uint64_t> expected;
    for (const Run& run : runs) {
      expected.push_back(occurrences(periodic, std::span(text.tokens).subspan(run.begin, run.length())));
    }
    const RunQuestion question{.counted = Counted::occurrences, .holders = false};
    answers_.runs += runs.size();
    const auto facts = timed(answers_.run_ms, runs.size(), [&] { return source_.find(text.tokens, runs, question); });
    if (!facts) return failed(text, facts.error());
    std::vector<uint64_t> said;
    for (const RunFacts& of_run : *facts) said.push_back(of_run.occurrence_count);
    return compare<uint64_t>(text, said, expected, [&](size_t i) { return "the occurrences of " + spelled(runs[i]); });
  }

  Disagreement check_matches(const Text& text, std::span<const uint32_t> expected) {
    const auto said = timed(answers_.matches_ms, 1, [&] { return source_.longest_matches(text.tokens); });
    if (!said) return failed(text, said.error());
    return compare<uint32_t>(text, *said, expected,
                             [](size_t i) { return "the longest match at " + std::to_string(i); });
  }

  Disagreement check_runs(const Text& text, TextQuery& query, std::span<const Run> runs, const RunQuestion& question,
                          std::span<const RunFacts> expected) {
    answers_.runs += runs.size();
    const auto said = timed(answers_.run_ms, runs.size(), [&] { return query.find(runs, question); });
    if (!said) return failed(text, said.error());
    return compare<RunFacts>(text, *said, expected, [&](size_t i) { return spelled(runs[i]); });
  }

  // After each token those matches are final that end before the text does, from the first one on; `longest` are those
  // of the whole. Then ask(query), of the query that has grown.
  template <typename Ask>
  Disagreement check_growing(const Text& text, std::span<const uint32_t> longest, Ask ask) {
    const auto query = source_.query({});
    const auto name = [](size_t i) { return "the final match at " + std::to_string(i); };
    size_t final_count = 0;
    for (size_t size = 1; size <= text.tokens.size(); ++size) {
      query->append(std::span(text.tokens).subspan(size - 1, 1));
      const auto said = timed(answers_.token_ms, 1, [&] { return query->final_matches(); });
      if (!said) return failed(text, said.error());
      const size_t known = final_count;
      while (final_count < size && final_count + longest[final_count] < size) ++final_count;
      if (said->size() != final_count) {
        return differs(text, "how many matches are final after " + std::to_string(size) + " tokens", said->size(),
                       final_count);
      }
      const auto fresh = std::pair(said->subspan(known), longest.subspan(known, final_count - known));
      if (auto found = compare<uint32_t>(text, fresh.first, fresh.second, [&](size_t i) { return name(known + i); })) {
        return found;
      }
    }
    const auto said = query->longest_matches();
    if (!said) return failed(text, said.error());
    const auto grown = [](size_t i) { return "once it has grown, the longest match at " + std::to_string(i); };
    if (auto found = compare<uint32_t>(text, *said, longest, grown)) return found;
    return ask(*query);
  }

  const Extreme& extreme_;
  const SpanSource& source_;
  const BruteForceSource twin_;
  const Scan scan_;
  Answers answers_;
};

}  // namespace

Verdict check(const Extreme& extreme, const SpanSource& source, std::vector<ngram::Document> documents) {
  Checker checker(extreme, source, std::move(documents));
  Disagreement disagreement = checker.check_all();
  return {checker.answers(), std::move(disagreement)};
}

}  // namespace tribute::extremes
