#include "pretokenize/rules.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "pretokenize/class_finder.h"
#include "pretokenize/known_patterns.h"
#include "pretokenize/literal_finder.h"
#include "pretokenize/match_stage.h"
#include "pretokenize/pcre_finder.h"
#include "pretokenize/pcre_pattern.h"
#include "pretokenize/stage.h"

namespace tribute::pretokenize {
namespace {

using MadeStage = Result<std::unique_ptr<Stage>>;

template <typename Finder>
std::unique_ptr<Stage> match_stage(Finder finder, Behaviour behaviour, bool invert) {
  return std::make_unique<MatchStage<Finder>>(std::move(finder), behaviour, invert);
}

bool is_ascii_punctuation(uint32_t code) {
  return code < 0x80 && code > ' ' && (code < '0' || code > '9') && ((code | 0x20) < 'a' || (code | 0x20) > 'z') &&
         code != 0x7f;
}

// The stage of each rule.
class StageMaker {
 public:
  explicit StageMaker(const SplitterOptions& options) : options_(options) {}

  MadeStage operator()(const Split& rule) const {
    if (rule.is_literal) {
      if (rule.pattern.empty() || !is_valid_utf8(rule.pattern)) {
        return fail(ErrorCode::invalid_argument,
                    "the string " + name_of_pattern(rule.pattern) + " to split at is empty or no UTF-8; give another");
      }
      return match_stage(LiteralFinder(rule.pattern), rule.behaviour, rule.invert);
    }
    if (options_.scanners) {
      if (std::unique_ptr<Stage> scanner = make_scanner(rule)) return scanner;
    }
    return pcre_stage(rule.pattern, rule.dialect, rule.behaviour, rule.invert);
  }

  MadeStage operator()(const Digits& rule) const {
    const Behaviour behaviour = rule.individual ? Behaviour::isolated : Behaviour::contiguous;
    if (!options_.scanners) return pcre_stage("\\p{N}", Dialect::rust, behaviour, false);
    const auto is_number = [](uint32_t, Properties properties) { return kNumbers.contains(properties); };
    return class_stage(is_number, behaviour);
  }

  MadeStage operator()(const Punctuation& rule) const {
    if (!options_.scanners) return pcre_stage("[\\p{P}$+<=>^`|~]", Dialect::rust, rule.behaviour, false);
    const auto is_punctuation = [](uint32_t code, Properties properties) {
      return kPunctuation.contains(properties) || is_ascii_punctuation(code);
    };
    return class_stage(is_punctuation, rule.behaviour);
  }

  MadeStage operator()(const Whitespace&) const {
    return pcre_stage("\\w+|[^\\w\\s]+", Dialect::rust, Behaviour::removed, true);
  }

 private:
  static MadeStage pcre_stage(std::string_view pattern, Dialect dialect, Behaviour behaviour, bool invert) {
    const std::string translated = TRY(to_pcre(pattern, dialect));
    return match_stage(TRY(PcreFinder::create(translated, name_of_pattern(pattern))), behaviour, invert);
  }
  template <typename Predicate>
  static MadeStage class_stage(Predicate contains, Behaviour behaviour) {
    return match_stage(ClassFinder({.characters = CharacterSet::of(contains), .most = 1}), behaviour, false);
  }

  SplitterOptions options_;
};

// Stages in a row.
class StageSplitter final : public Splitter {
 public:
  explicit StageSplitter(std::vector<std::unique_ptr<Stage>> stages) : stages_(std::move(stages)) {}

  Result<uint32_t> split(std::string_view text, Stretch stretch, std::vector<Piece>& pieces) const override {
    const TextPart whole = {text, 0, static_cast<uint32_t>(text.size())};
    if (stages_.empty()) {
      if (stretch.begin >= stretch.enough || stretch.begin >= whole.end) return stretch.begin;
      pieces.push_back({stretch.begin, whole.end});
      return whole.end;
    }
    if (stages_.size() == 1) return stages_.front()->cut(whole, stretch, pieces);
    std::vector<Piece> parts;
    const uint32_t end = TRY(stages_.front()->cut(whole, stretch, parts));
    std::vector<Piece> finer;
    for (size_t i = 1; i + 1 < stages_.size(); ++i) {
      finer.clear();
      TRY(stages_[i]->cut_each(text, parts, finer));
      std::swap(parts, finer);
    }
    TRY(stages_.back()->cut_each(text, parts, pieces));
    return end;
  }

  bool is_lossless() const override {
    return std::ranges::all_of(stages_, [](const auto& stage) { return stage->is_lossless(); });
  }

 private:
  std::vector<std::unique_ptr<Stage>> stages_;
};

}  // namespace

Result<std::unique_ptr<Splitter>> make_splitter(std::span<const Rule> rules, const SplitterOptions& options) {
  std::vector<std::unique_ptr<Stage>> stages;
  for (const Rule& rule : rules) stages.push_back(TRY(std::visit(StageMaker(options), rule)));
  return std::make_unique<StageSplitter>(std::move(stages));
}

}  // namespace tribute::pretokenize
