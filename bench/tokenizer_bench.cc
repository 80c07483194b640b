// How fast texts become tokens, and tokenizers open. The text is that of ../shared/data where it is there, else
// made of the words of this page.
#include <benchmark/benchmark.h>
#include <simdjson.h>
#include <zstd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "io/file_system.h"
#include "pretokenize/rules.h"
#include "text/bpe_tokenizer.h"
#include "text/byte_characters.h"
#include "text/hugging_face.h"
#include "text/tokenizer_choice.h"

namespace tribute {
namespace {

using text::Tokenizer;

constexpr size_t kTextBytes = size_t{32} << 20;

std::string decompress(const std::string& bytes) {
  std::string out(ZSTD_getFrameContentSize(bytes.data(), bytes.size()), '\0');
  CHECK(ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size()) == out.size());
  return out;
}

// The documents' texts one after the other.
std::string read_text(const std::string& path) {
  const auto files = io::make_real_file_system();
  const std::string lines = decompress(io::read_file(*files, path).value());
  std::string text;
  simdjson::dom::parser parser;
  for (size_t begin = 0; begin < lines.size() && text.size() < kTextBytes;) {
    const size_t end = lines.find('\n', begin);
    text += parser.parse(lines.data() + begin, end - begin)["text"].get_string().value();
    begin = end + 1;
  }
  return text;
}

const std::string& sample() {
  static const std::string text = [] {
    const std::string path = std::string(TRIBUTE_SHARED_DIR) + "/data/cpp-docs.jsonl.zst";
    if (std::filesystem::exists(path)) return read_text(path);
    std::string made;
    while (made.size() < kTextBytes) made += "How fast texts become tokens, and tokenizers open: 100 MB/s, they say.\n";
    return made;
  }();
  return text;
}

// tokenizer.json of `count` entries: bytes, and pairs of earlier entries, as training makes them.
std::string make_json(uint32_t count) {
  std::mt19937_64 random(1);
  std::vector<std::string> entries;
  for (int byte = 0; byte < 256; ++byte) {
    entries.push_back(text::to_byte_characters(std::string(1, static_cast<char>(static_cast<uint8_t>(byte)))));
  }
  std::map<std::string, bool> seen;
  std::string merges;
  while (entries.size() < count) {
    // With a bias to the early, which are short, and to letters: seven bytes an entry, as in real vocabularies.
    const auto part = [&] {
      return entries[random() % 8 == 0 ? random() % 256 : random() % (1 + random() % entries.size())];
    };
    const std::string left = part();
    const std::string right = part();
    if (left.size() + right.size() > 10 || !seen.emplace(left + right, true).second) continue;
    entries.push_back(left + right);
    const auto quoted = [](const std::string& value) {
      std::string result;
      for (const char c : value) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
      }
      return result;
    };
    merges += (merges.empty() ? "\"" : ",\"") + quoted(left) + " " + quoted(right) + "\"";
  }
  std::string json =
      R"({"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,"pre_tokenizer":)"
      R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},"post_processor":null,)"
      R"("decoder":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},)"
      R"("model":{"type":"BPE","vocab":{)";
  for (size_t id = 0; id < entries.size(); ++id) {
    if (id > 0) json += ',';
    json += '"';
    for (const char c : entries[id]) {
      if (c == '"' || c == '\\') json += '\\';
      json += c;
    }
    json += "\":" + std::to_string(id);
  }
  return json + "},\"merges\":[" + merges + "]}}";
}

// GPT-2 where its file is there, else what make_json() makes.
std::unique_ptr<text::BpeTokenizer> make_tokenizer(std::string_view pattern) {
  const std::string path = std::string(TRIBUTE_SHARED_DIR) + "/tokenizers/gpt2/tokenizer.json";
  const auto files = io::make_real_file_system();
  const std::string json = std::filesystem::exists(path) ? io::read_file(*files, path).value() : make_json(50'000);
  auto tokenizer = text::read_hugging_face_tokenizer(json).value();
  text::BpeSettings settings = tokenizer->settings();
  settings.rules = {pretokenize::Split{.pattern = std::string(pattern)}};
  auto model = bpe::Model::build(tokenizer->model().definition()).value();
  return text::BpeTokenizer::create(std::move(settings), std::move(model)).value();
}

void encode(benchmark::State& state, std::string_view (*pattern)()) {
  const auto tokenizer = make_tokenizer(pattern());
  const std::string& text = sample();
  size_t token_count = 0;
  for (auto _ : state) {
    const auto tokens = tokenizer->encode(text, {.threads = static_cast<uint32_t>(state.range(0))});
    token_count = tokens->size();
    benchmark::DoNotOptimize(tokens);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
  state.counters["bytes_per_token"] = static_cast<double>(text.size()) / static_cast<double>(token_count);
}
BENCHMARK_CAPTURE(encode, gpt2, pretokenize::gpt2_pattern)
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, cl100k, pretokenize::cl100k_pattern)
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// Pre-tokenization alone, the floor of the above.
void split(benchmark::State& state, std::string_view (*pattern)()) {
  const std::vector<pretokenize::Rule> rules{pretokenize::Split{.pattern = std::string(pattern())}};
  const auto splitter = pretokenize::make_splitter(rules).value();
  const std::string& text = sample();
  std::vector<pretokenize::Piece> pieces;
  for (auto _ : state) {
    for (uint32_t at = 0; at < text.size();) {
      pieces.clear();
      at = splitter->split(text, {.begin = at, .enough = at + (1U << 14)}, pieces).value();
    }
    benchmark::DoNotOptimize(pieces);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}
BENCHMARK_CAPTURE(split, gpt2, pretokenize::gpt2_pattern)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(split, cl100k, pretokenize::cl100k_pattern)->Unit(benchmark::kMillisecond);

// 20 MB that no rule cuts and every merge joins.
void encode_one_letter(benchmark::State& state) {
  const auto tokenizer = make_tokenizer(pretokenize::gpt2_pattern());
  const std::string text(20'000'000, 'a');
  for (auto _ : state) benchmark::DoNotOptimize(tokenizer->encode(text));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}
BENCHMARK(encode_one_letter)->Unit(benchmark::kMillisecond);

void load_json(benchmark::State& state) {
  const std::string json = make_json(100'000);
  for (auto _ : state) benchmark::DoNotOptimize(text::read_hugging_face_tokenizer(json).value());
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * json.size()));
}
BENCHMARK(load_json)->Unit(benchmark::kMillisecond);

void open_compiled(benchmark::State& state) {
  const auto tokenizer = text::read_hugging_face_tokenizer(make_json(100'000)).value();
  const auto files = io::make_real_file_system();
  const std::string path = std::filesystem::temp_directory_path() / "tribute-tokenizer-bench";
  CHECK(text::save_tokenizer(*files, path, *tokenizer).has_value());
  for (auto _ : state) benchmark::DoNotOptimize(text::open_tokenizer(*files, path).value());
  state.counters["file_bytes"] = static_cast<double>(std::filesystem::file_size(path));
  std::filesystem::remove(path);
}
BENCHMARK(open_compiled)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tribute
