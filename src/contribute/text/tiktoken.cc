#include "text/tiktoken.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "pretokenize/rules.h"

namespace tribute::text {
namespace {

struct Line {
  std::string bytes;
  uint32_t rank = 0;
};

std::optional<Line> parse_line(std::string_view line) {
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  Result<std::string> bytes = from_base64(line.substr(0, space));
  if (!bytes || bytes->empty()) return std::nullopt;
  Line result{.bytes = *std::move(bytes)};
  const std::string_view digits = line.substr(space + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result.rank);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return result;
}

// The next line, without its line feed, and a carriage return before that.
std::string_view take_line(std::string_view& rest) {
  const size_t size = std::min(rest.find('\n'), rest.size());
  std::string_view line = rest.substr(0, size);
  rest.remove_prefix(std::min(size + 1, rest.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::unexpected<Error> wrong_line(size_t number, std::string_view problem) {
  return fail(ErrorCode::invalid_argument, "line " + std::to_string(number) + ": " + std::string(problem));
}

Result<bpe::Definition> read_definition(std::string_view bytes) {
  std::vector<std::string> by_rank;
  for (size_t number = 1; !bytes.empty(); ++number) {
    const std::string_view text = take_line(bytes);
    if (text.empty()) continue;
    std::optional<Line> line = parse_line(text);
    if (!line) return wrong_line(number, "is no entry in base64, a space and its rank");
    if (line->rank >= bpe::kMaxEntries) return wrong_line(number, "its rank is over the limit of 262143");
    if (line->rank >= by_rank.size()) by_rank.resize(line->rank + size_t{1});
    if (!by_rank[line->rank].empty()) return wrong_line(number, "its rank is there twice");
    by_rank[line->rank] = std::move(line->bytes);
  }
  // A piece that is an entry is that entry, as in tiktoken's `encode`.
  bpe::Definition definition{.ignore_merges = true, .order = bpe::MergeOrder::by_result};
  for (const std::string& entry : by_rank) {
    definition.entries.append(entry, entry.empty() ? bpe::EntryUse::absent : bpe::EntryUse::text);
  }
  return definition;
}

using PatternOf = std::string_view (*)();

struct Name {
  std::string_view name;
  PatternOf pattern;
  bool is_option;         // may be asked for by this name
  bool is_in_file_names;  // Qwen's files are not told by theirs: its texts are normalized too, which no rank file says
};

constexpr std::array<Name, 7> kNames{{{"gpt2", pretokenize::gpt2_pattern, true, true},
                                      {"r50k", pretokenize::gpt2_pattern, false, true},
                                      {"p50k", pretokenize::gpt2_pattern, false, true},
                                      {"cl100k", pretokenize::tiktoken_cl100k_pattern, true, true},
                                      {"llama3", pretokenize::cl100k_pattern, true, false},
                                      {"o200k", pretokenize::o200k_pattern, true, true},
                                      {"qwen2", pretokenize::qwen2_pattern, true, false}}};

struct Count {
  uint32_t entries;
  PatternOf pattern;
};

constexpr std::array<Count, 5> kCounts{{{50256, pretokenize::gpt2_pattern},
                                        {50280, pretokenize::gpt2_pattern},
                                        {100256, pretokenize::tiktoken_cl100k_pattern},
                                        {128000, pretokenize::cl100k_pattern},
                                        {199998, pretokenize::o200k_pattern}}};

constexpr std::string_view kRemedy =
    "say which pattern cuts its texts: gpt2, cl100k, llama3, o200k or qwen2, as in cl100k:PATH";

Result<std::string_view> choose_pattern(std::string_view pattern, std::string_view file_name, uint32_t entry_count) {
  for (const Name& name : kNames) {
    const bool is_named = name.is_in_file_names && file_name.find(name.name) != std::string_view::npos;
    if (pattern.empty() ? is_named : name.is_option && name.name == pattern) return name.pattern();
  }
  if (!pattern.empty()) {
    return fail(ErrorCode::invalid_argument,
                "there is no pattern '" + to_printable_utf8(pattern) + "'; " + std::string(kRemedy));
  }
  const auto* count = std::ranges::find(kCounts, entry_count, &Count::entries);
  if (count != kCounts.end()) return count->pattern();
  return fail(ErrorCode::invalid_argument, "neither the file's name nor its " + std::to_string(entry_count) +
                                               " entries say how texts are cut; " + std::string(kRemedy));
}

}  // namespace

bool is_tiktoken_file(std::string_view bytes) { return parse_line(take_line(bytes)).has_value(); }

Result<std::unique_ptr<BpeTokenizer>> read_tiktoken_tokenizer(std::string_view bytes, std::string_view file_name,
                                                              std::string_view pattern) {
  const bpe::Definition definition = TRY(read_definition(bytes));
  const auto entry_count = static_cast<uint32_t>(std::ranges::count(definition.entries.uses(), bpe::EntryUse::text));
  BpeSettings settings;
  settings.rules = {pretokenize::Split{.pattern = std::string(TRY(choose_pattern(pattern, file_name, entry_count))),
                                       .dialect = pretokenize::Dialect::rust}};
  return BpeTokenizer::create(std::move(settings), TRY(bpe::Model::build(definition)));
}

}  // namespace tribute::text
