#include "corpus.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <unordered_map>

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

}  // namespace

Result<Corpus> read_corpus(const std::vector<std::string>& paths, const CorpusOptions& options) {
  const auto files = io::make_real_file_system();
  const auto reader = TRY(datanet::ContributionReader::open(*files, paths, nullptr, {}));
  std::vector<std::string> texts;
  Corpus corpus;
  while (const auto row = TRY(reader->next())) {
    if (const auto* const good = std::get_if<datanet::Row>(&*row)) {
      texts.push_back(good->text);
      corpus.contributors.push_back(good->contributor);
    }
  }
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
