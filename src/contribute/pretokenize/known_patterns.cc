#include "pretokenize/known_patterns.h"

#include <array>

#include "pretokenize/grammars.h"
#include "pretokenize/scanner_stage.h"

namespace tribute::pretokenize {
namespace {

// One spelling of a common expression. Where Oniguruma and the Rust crates read it differently, it stands for
// what it is in `dialects`.
struct Spelling {
  std::string_view pattern;
  std::unique_ptr<Stage> (*make)();
  bool is_rust_only = false;
};

template <typename Grammar, Grammar grammar>
std::unique_ptr<Stage> make_stage() {
  return std::make_unique<ScannerStage<Grammar>>(grammar);
}

constexpr auto make_gpt2 = make_stage<Gpt2Grammar, Gpt2Grammar{}>;
constexpr auto make_cl100k = make_stage<Cl100kGrammar, Cl100kGrammar{}>;
constexpr auto make_whole_end = make_stage<Cl100kGrammar, Cl100kGrammar{.whole_last_spaces = true}>;
constexpr auto make_two_digits = make_stage<Cl100kGrammar, Cl100kGrammar{.most_digits = 2}>;
constexpr auto make_qwen2 = make_stage<Cl100kGrammar, Cl100kGrammar{.most_digits = 1}>;

constexpr std::string_view kGpt2 = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr std::string_view kCl100k =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view kTiktokenCl100k =
    R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s)";
constexpr std::string_view kQwen2 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view kO200k =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"(\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

constexpr Spelling kSpellings[] = {
    {kGpt2, make_gpt2},
    {R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", make_gpt2},
    {R"('(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s)", make_gpt2},
    {kCl100k, make_cl100k},
    {R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+)",
     make_cl100k},
    {R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,2}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+)",
     make_two_digits},
    // Oniguruma takes {1,3}+ for a repetition of {1,3}.
    {kTiktokenCl100k, make_whole_end, true},
    {kQwen2, make_qwen2},
};

}  // namespace

std::string_view gpt2_pattern() { return kGpt2; }
std::string_view cl100k_pattern() { return kCl100k; }
std::string_view tiktoken_cl100k_pattern() { return kTiktokenCl100k; }
std::string_view qwen2_pattern() { return kQwen2; }
std::string_view o200k_pattern() { return kO200k; }

std::unique_ptr<Stage> make_scanner(std::string_view pattern, Dialect dialect) {
  for (const Spelling& spelling : kSpellings) {
    if (spelling.pattern == pattern && (!spelling.is_rust_only || dialect == Dialect::rust)) return spelling.make();
  }
  return nullptr;
}

}  // namespace tribute::pretokenize
