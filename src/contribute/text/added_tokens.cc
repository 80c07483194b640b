#include "text/added_tokens.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "pretokenize/unicode.h"

namespace tribute::text {
namespace {

using pretokenize::Character;
using pretokenize::CharacterTable;

pretokenize::Properties properties_of(Character character) {
  return character.is_well_formed() ? CharacterTable::get()[character.code] : pretokenize::Properties();
}

Character first_character(std::string_view text) { return pretokenize::decode(text.data(), text.data() + text.size()); }

Character last_character(std::string_view text) {
  // The longest character that ends here is the one: its lead byte is the last in the text.
  for (size_t size = std::min<size_t>(4, text.size()); size > 1; --size) {
    const Character character = first_character(text.substr(text.size() - size));
    if (character.size == size) return character;
  }
  return first_character(text.substr(text.size() - 1));
}

bool begins_with_word(std::string_view text) { return !text.empty() && properties_of(first_character(text)).is_word(); }
bool ends_with_word(std::string_view text) { return !text.empty() && properties_of(last_character(text)).is_word(); }

size_t leading_space(std::string_view text) {
  size_t size = 0;
  while (size < text.size()) {
    const Character character = first_character(text.substr(size));
    if (!properties_of(character).is_space()) break;
    size += character.size;
  }
  return size;
}

size_t trailing_space(std::string_view text) {
  size_t size = 0;
  while (size < text.size()) {
    const Character character = last_character(text.substr(0, text.size() - size));
    if (!properties_of(character).is_space()) break;
    size += character.size;
  }
  return size;
}

uint32_t narrow(size_t offset) { return static_cast<uint32_t>(offset); }

size_t two_bytes(char first, char second) {
  return size_t{static_cast<uint8_t>(first)} << 8 | static_cast<uint8_t>(second);
}

}  // namespace

AddedTokenFinder::AddedTokenFinder(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
  std::ranges::stable_sort(tokens_, [](const AddedToken& a, const AddedToken& b) {
    return std::pair(std::string_view(a.content), !a.special) < std::pair(std::string_view(b.content), !b.special);
  });
  const auto same = std::ranges::unique(tokens_, {}, &AddedToken::content);
  tokens_.erase(same.begin(), same.end());
  if (tokens_.empty()) return;
  starts_.resize(size_t{1} << 16);
  for (const AddedToken& token : tokens_) {
    has_plain_ = has_plain_ || !token.special;
    const char first = token.content[0];
    if (token.content.size() > 1) {
      starts_[two_bytes(first, token.content[1])] = true;
    } else {
      std::fill_n(starts_.begin() + static_cast<std::ptrdiff_t>(two_bytes(first, 0)), 256, true);
    }
  }
}

// A content of one byte at the text's last byte has no second: that byte is always a candidate.
size_t AddedTokenFinder::next_candidate(std::string_view text, size_t begin) const {
  for (; begin + 1 < text.size(); ++begin) {
    if (starts_[two_bytes(text[begin], text[begin + 1])]) return begin;
  }
  return begin;
}

// The contents that begin with the text's first `depth` bytes are a range of the sorted list, which narrows.
const AddedToken* AddedTokenFinder::match(std::string_view text, size_t begin) const {
  const AddedToken* longest = nullptr;
  auto low = tokens_.begin();
  auto high = tokens_.end();
  for (size_t depth = 0; low != high; ++depth) {
    if (low->content.size() == depth) {
      longest = &*low;
      ++low;
    }
    if (begin + depth == text.size()) break;
    const auto byte = static_cast<uint8_t>(text[begin + depth]);
    const auto at_depth = [depth](const AddedToken& token) { return static_cast<uint8_t>(token.content[depth]); };
    const auto range = std::ranges::equal_range(low, high, byte, {}, at_depth);
    low = range.begin();
    high = range.end();
  }
  return longest;
}

std::vector<Cut> AddedTokenFinder::cut(std::string_view text, bool special_tokens) const {
  if (!finds(special_tokens)) return text.empty() ? std::vector<Cut>() : std::vector{Cut{.end = narrow(text.size())}};
  std::vector<Cut> cuts;
  size_t done = 0;
  size_t at = 0;
  while ((at = next_candidate(text, at)) < text.size()) {
    const AddedToken* token = match(text, at);
    if (token == nullptr) {
      ++at;
      continue;
    }
    size_t begin = at;
    size_t end = at + token->content.size();
    at = end;
    if ((token->special && !special_tokens) || begin < done) continue;
    if (token->single_word && (ends_with_word(text.substr(0, begin)) || begins_with_word(text.substr(end)))) continue;
    if (token->lstrip) begin -= trailing_space(text.substr(done, begin - done));
    if (token->rstrip) end += leading_space(text.substr(end));
    if (done < begin) cuts.push_back({.begin = narrow(done), .end = narrow(begin)});
    cuts.push_back({.begin = narrow(begin), .end = narrow(end), .token = token->id});
    done = end;
  }
  if (done < text.size()) cuts.push_back({.begin = narrow(done), .end = narrow(text.size())});
  return cuts;
}

Result<AddedTokenFinder> make_finder(std::span<const AddedToken> tokens, bool normalized,
                                     const pretokenize::Normalizer& normalizer) {
  std::vector<AddedToken> chosen;
  for (const AddedToken& token : tokens) {
    if (token.normalized != normalized) continue;
    chosen.push_back(token);
    if (!normalized) continue;
    std::optional<pretokenize::NormalizedText> content = TRY(normalizer.normalize(token.content));
    if (content) chosen.back().content = std::move(content->text);
    if (chosen.back().content.empty()) chosen.pop_back();
  }
  return AddedTokenFinder(std::move(chosen));
}

}  // namespace tribute::text
