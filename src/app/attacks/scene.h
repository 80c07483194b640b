// The scene of an attack: honest documents, and answers that quote them. Private to the module.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <unordered_map>
#include <vector>

#include "attacks/attacks.h"
#include "base/ids.h"
#include "ngram/document.h"

namespace tribute::attacks {

using Tokens = std::vector<TokenId>;

void append(Tokens& tokens, const Tokens& more);

// The same numbers for the same seed on every machine.
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  // From 0 to below `end`, which is at least 1.
  uint64_t below(uint64_t end) { return engine_() % end; }

 private:
  std::mt19937_64 engine_;
};

// A part of an answer: a passage of a document, or the model's own words.
struct Piece {
  Tokens tokens;
  std::optional<size_t> document;  // its place among the scene's
};

struct Answer {
  std::vector<Piece> pieces;
  std::vector<Tokens> prompt;

  Tokens tokens() const;
};

// Entries are numbered anew, in the documents' order, so that there is room before and after them.
inline constexpr uint64_t kFirstHonestEntry = uint64_t{1} << 32;
inline constexpr uint64_t kFirstLaterEntry = uint64_t{1} << 33;
// The attacker's names: this one and those after it.
inline constexpr EntryIndex kAttacker{uint64_t{1} << 62};

// Immutable.
class Scene {
 public:
  // Errors: as of table().
  static Result<Scene> make(const Setting& setting, const Options& options);

  const Setting& setting() const { return setting_; }
  const std::vector<ngram::Document>& documents() const { return setting_.documents; }
  const std::vector<Answer>& answers() const { return answers_; }

  // The surprisal of a text by the counts of the honest documents.
  uint64_t millibits(std::span<const TokenId> tokens) const;

  // Words that nobody has written before, as likely as those of the documents, of at least `millibits`.
  Tokens words(Random& random, uint64_t millibits) const;

  // A token other than `token`.
  TokenId another(Random& random, TokenId token) const;

  // The places of the documents that the answers quote, ascending, each once.
  std::vector<size_t> quoted_documents() const;

  // The contributor of the most quoted tokens.
  EntryIndex most_quoted() const;

 private:
  Scene() = default;
  void count_tokens();
  Result<void> make_answers(Random& random, uint32_t count);
  Piece passage(Random& random, const std::vector<size_t>& quotable) const;

  Setting setting_;
  std::vector<Answer> answers_;
  uint64_t token_count_ = 0;
  std::unordered_map<TokenId, uint64_t> millibits_;
  Tokens words_;  // all tokens of the documents, to draw from
};

}  // namespace tribute::attacks
