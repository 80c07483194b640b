#include "corpus.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "datanet/reader.h"
#include "io/file_system.h"

namespace tribute::bench {
namespace {

constexpr uint32_t kByteTokens = 256;

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0; }

// The first word of a text that is not empty.
std::string_view first_word(std::string_view text) {
  size_t end = text[0] == ' ' && text.size() > 1 ? 1 : 0;
  const bool letters = is_letter(text[end]);
  do {
    ++end;
  } while (letters && end < text.size() && is_letter(text[end]));
  return text.substr(0, end);
}

template <typename Visit>
void for_each_word(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const std::string_view word = first_word(text);
    visit(word);
    text.remove_prefix(word.size());
  }
}

std::unordered_map<std::string_view, TokenId> make_vocabulary(const std::vector<std::string>& texts,
                                                              uint32_t word_count) {
  std::unordered_map<std::string_view, uint64_t> counts;
  for (const std::string& text : texts) for_each_word(text, [&](std::string_view word) { ++counts[word]; });
  std::vector<std::pair<uint64_t, std::string_view>> ranked;
  for (const auto& [word, count] : counts) ranked.emplace_back(count, word);
  std::ranges::sort(ranked, std::ranges::greater());
  ranked.resize(std::min<size_t>(ranked.size(), word_count));
  std::unordered_map<std::string_view, TokenId> vocabulary;
  for (const auto& [count, word] : ranked) {
    vocabulary.emplace(word, kByteTokens + static_cast<uint32_t>(vocabulary.size()));
  }
  return vocabulary;
}

// The texts of a corpus and who gave them.
struct Texts {
  std::vector<std::string> texts;
  std::vector<std::string> contributors;
};

void read_folder(const std::filesystem::path& folder, Texts& into) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && !entry.is_symlink()) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty() || text.find('\0') != std::string::npos) continue;
    into.texts.push_back(std::move(text));
    into.contributors.push_back(path.lexically_relative(folder).begin()->string());
  }
}

Result<void> read_files(const std::vector<std::string>& paths, Texts& into) {
  const auto files = io::make_real_file_system();
  const auto reader = TRY(datanet::ContributionReader::open(*files, paths, nullptr, {}));
  while (const auto row = TRY(reader->next())) {
    if (const auto* const good = std::get_if<datanet::Row>(&*row)) {
      into.texts.push_back(good->text);
      into.contributors.push_back(good->contributor);
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> named_corpus() {
  const char* const named = std::getenv("TRIBUTE_BENCH_CORPUS");  // NOLINT(concurrency-mt-unsafe): one thread
  if (named == nullptr) return {TRIBUTE_SHARED_DIR "/data/cpp-docs.jsonl.zst"};
  std::vector<std::string> paths;
  std::istringstream rest(named);
  for (std::string path; std::getline(rest, path, ':');) paths.push_back(path);
  return paths;
}

Result<Corpus> read_corpus(const std::vector<std::string>& paths, const CorpusOptions& options) {
  Texts read;
  for (const std::string& path : paths) {
    if (std::filesystem::is_directory(path)) {
      read_folder(path, read);
    } else {
      TRY(read_files({path}, read));
    }
  }
  const std::vector<std::string>& texts = read.texts;
  Corpus corpus;
  corpus.contributors = std::move(read.contributors);
  const auto vocabulary = make_vocabulary(texts, options.word_count);
  corpus.vocabulary_size = kByteTokens + static_cast<uint32_t>(vocabulary.size());
  for (const std::string& text : texts) {
    if (corpus.token_count >= options.max_tokens) break;
    std::vector<TokenId>& tokens = corpus.documents.emplace_back();
    for_each_word(text, [&](std::string_view word) {
      if (const auto found = vocabulary.find(word); found != vocabulary.end()) {
        tokens.push_back(found->second);
      } else {
        for (const char byte : word) tokens.emplace_back(static_cast<uint8_t>(byte));
      }
    });
    corpus.token_count += tokens.size();
  }
  return corpus;
}

}  // namespace tribute::bench
