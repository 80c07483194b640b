#include "pretokenize/known_patterns.h"

#include <string>

#include "pretokenize/case_grammar.h"
#include "pretokenize/deepseek_grammar.h"
#include "pretokenize/grammars.h"
#include "pretokenize/scanner_stage.h"

namespace tribute::pretokenize {
namespace {

// One spelling of a common expression.
struct Spelling {
  std::string_view pattern;
  std::unique_ptr<Stage> (*make)();
  bool is_rust_only = false;  // Oniguruma reads it differently
  bool tiles = true;          // its matches tile every text; else there are gaps, which are pieces
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
constexpr auto make_o200k = make_stage<O200kGrammar, O200kGrammar{}>;
constexpr auto make_tekken = make_stage<O200kGrammar, O200kGrammar{.most_digits = 1, .with_contractions = false}>;
constexpr auto make_deepseek_v3 = make_stage<DeepseekV3Grammar, DeepseekV3Grammar{}>;

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

// Mistral's Tekken: o200k without contractions, with single digits.
constexpr std::string_view kTekken = R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|)"
                                     R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|)"
                                     R"(\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view kDeepseekV3 =
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+|)"
    R"( ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

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
    {kO200k, make_o200k},
    {kTekken, make_tekken},
    {kDeepseekV3, make_deepseek_v3, false, false},
};

}  // namespace

std::string_view gpt2_pattern() { return kGpt2; }
std::string_view cl100k_pattern() { return kCl100k; }
std::string_view tiktoken_cl100k_pattern() { return kTiktokenCl100k; }
std::string_view qwen2_pattern() { return kQwen2; }
std::string_view o200k_pattern() { return kO200k; }
std::string_view deepseek_v3_pattern() { return kDeepseekV3; }

std::unique_ptr<Stage> make_scanner(const Split& rule) {
  const bool drops_gaps = rule.behaviour == Behaviour::removed && rule.invert;
  if (rule.is_literal || !(drops_gaps || rule.behaviour == Behaviour::isolated)) return nullptr;
  // In JSON, line breaks are often written so that the expression has them themselves.
  std::string pattern;
  for (const char byte : rule.pattern) {
    if (byte == '\n' || byte == '\r') {
      pattern += byte == '\n' ? "\\n" : "\\r";
    } else {
      pattern += byte;
    }
  }
  for (const Spelling& spelling : kSpellings) {
    if (spelling.pattern != pattern || (drops_gaps && !spelling.tiles)) continue;
    if (spelling.is_rust_only && rule.dialect != Dialect::rust) continue;
    return spelling.make();
  }
  return nullptr;
}

}  // namespace tribute::pretokenize
