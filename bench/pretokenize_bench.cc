// How fast texts are cut: the scanners, and PCRE2 with the same expressions.
//
// The first text is that of ../shared/data/cpp-docs.jsonl.zst (English documentation with code), if it is there.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/check.h"
#include "datanet/byte_source.h"
#include "datanet/json_row.h"
#include "datanet/line_reader.h"
#include "io/file_system.h"
#include "pretokenize/normalizer.h"
#include "pretokenize/rules.h"

namespace tribute::pretokenize {
namespace {

constexpr size_t kBytes = size_t{8} << 20;

std::string documentation() {
  const std::string path = TRIBUTE_SHARED_DIR "/data/cpp-docs.jsonl.zst";
  const auto files = io::make_real_file_system();
  std::string text;
  auto source = datanet::open_file_source(*files, path);
  if (!source) return text;
  datanet::LineReader lines(datanet::make_zstd_source(std::move(*source)), uint64_t{1} << 28);
  datanet::JsonRowParser parser;
  while (text.size() < kBytes) {
    const auto line = lines.next();
    if (!line || !*line) break;
    if (const auto row = parser.parse((*line)->text)) text += row->text;
  }
  return text;
}

// Words of letters that are as frequent as in English, now and then a number or a mark.
std::string english() {
  static constexpr std::string_view kLetters =
      "eeeeeeeeeeeetttttttttaaaaaaaaooooooooiiiiiiinnnnnnnsssssshhhhhhrrrrrrddddllll";
  std::mt19937_64 random(1);
  std::string text;
  while (text.size() < kBytes) {
    const uint64_t bits = random();
    for (uint64_t i = 0; i < 1 + bits % 3 + bits / 4 % 3 + bits / 16 % 4; ++i)
      text += kLetters[random() % kLetters.size()];
    if (bits >> 56 < 20) text += bits & 64 ? "," : ".";
    if (bits >> 56 == 255) text += " 1984";
    text += (bits >> 48 & 15) == 0 ? '\n' : ' ';
  }
  return text;
}

std::string chinese() {
  std::mt19937_64 random(1);
  std::string text;
  while (text.size() < kBytes) {
    const uint64_t bits = random();
    for (uint64_t i = 0; i < 5 + bits % 16; ++i) {
      const uint32_t code = 0x4e00 + static_cast<uint32_t>(random() % 0x5000);
      text += static_cast<char>(0xe0 | code >> 12);
      text += static_cast<char>(0x80 | (code >> 6 & 63));
      text += static_cast<char>(0x80 | (code & 63));
    }
    text += bits & 64 ? "\xef\xbc\x8c" : "\xe3\x80\x82";
  }
  return text;
}

std::string code() {
  static constexpr std::string_view kLine =
      "    for (std::size_t row_index = 0; row_index < matrix.rows(); ++row_index) {\n"
      "      const auto* cells = matrix.row(row_index);  // not null\n"
      "        if (cells[0] != 0x7f && total_count + 12 >= kLimit) return fail(\"too many\");\n"
      "    }\n\n";
  std::string text;
  while (text.size() < kBytes) text += kLine;
  return text;
}

const std::string& text_of(int64_t which) {
  static const std::vector<std::string> texts = {documentation(), english(), chinese(), code()};
  return texts[static_cast<size_t>(which)];
}
constexpr std::string_view kNames[] = {"documentation", "English", "Chinese", "code"};

using Rules = std::vector<Rule>;
Rules one(std::string_view pattern) { return {Split{.pattern = std::string(pattern), .dialect = Dialect::rust}}; }
Rules deepseek_v3() {
  return {Split{"\\p{N}{1,3}"}, Split{"[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"},
          Split{std::string(deepseek_v3_pattern())}};
}
Rules starcoder() { return {Digits{.individual = true}, Split{std::string(gpt2_pattern())}}; }
Rules falcon() {
  return {Punctuation{Behaviour::contiguous}, Split{std::string(gpt2_pattern())}, Digits{}, Split{"[0-9][0-9][0-9]"}};
}

void cut(benchmark::State& state, const Rules& rules, bool scanners) {
  const std::string& text = text_of(state.range(0));
  const auto splitter = make_splitter(rules, {.scanners = scanners});
  CHECK(splitter.has_value());
  if (text.empty()) {
    state.SkipWithError("the documentation is not there");
    return;
  }
  // In stretches, as a tokenizer does, so that the pieces stay in the cache.
  std::vector<Piece> pieces;
  uint64_t count = 0;
  for (auto _ : state) {
    for (uint32_t begin = 0; begin < text.size();) {
      pieces.clear();
      const auto end = (*splitter)->split(text, {begin, begin + (1 << 16)}, pieces);
      CHECK(end.has_value());
      begin = *end;
      count += pieces.size();
      benchmark::DoNotOptimize(pieces.data());
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(text.size() * state.iterations()));
  state.counters["bytes/piece"] =
      static_cast<double>(text.size() * state.iterations()) / static_cast<double>(std::max<uint64_t>(count, 1));
  state.SetLabel(std::string(kNames[static_cast<size_t>(state.range(0))]));
}

void normalize(benchmark::State& state, Form form) {
  const std::string& text = text_of(state.range(0));
  const Normalizer normalizer({form});
  for (auto _ : state) benchmark::DoNotOptimize(normalizer.normalize(text));
  state.SetBytesProcessed(static_cast<int64_t>(text.size() * state.iterations()));
  state.SetLabel(std::string(kNames[static_cast<size_t>(state.range(0))]));
}

#define TRIBUTE_CUT_(name, rules)                              \
  BENCHMARK_CAPTURE(cut, name, rules, true)->DenseRange(0, 3); \
  BENCHMARK_CAPTURE(cut, name##_by_pcre2, rules, false)->DenseRange(0, 3)

TRIBUTE_CUT_(gpt2, one(gpt2_pattern()));
TRIBUTE_CUT_(cl100k, one(cl100k_pattern()));
TRIBUTE_CUT_(qwen2, one(qwen2_pattern()));
TRIBUTE_CUT_(o200k, one(o200k_pattern()));
TRIBUTE_CUT_(deepseek_v3, deepseek_v3());
TRIBUTE_CUT_(starcoder, starcoder());
TRIBUTE_CUT_(falcon, falcon());
BENCHMARK_CAPTURE(normalize, nfc, Form::nfc)->DenseRange(0, 3);
BENCHMARK_CAPTURE(normalize, nfkc, Form::nfkc)->DenseRange(0, 3);

}  // namespace
}  // namespace tribute::pretokenize
