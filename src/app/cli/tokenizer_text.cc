#include "cli/tokenizer_text.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "cli/display.h"
#include "pretokenize/normalizer.h"
#include "pretokenize/rules.h"
#include "text/bpe_tokenizer.h"

namespace tribute::cli {
namespace {

using pretokenize::Behaviour;

bool continues_character(char c) { return (static_cast<uint8_t>(c) & 0xC0) == 0x80; }

std::unexpected<Error> no_ids(std::string_view what) {
  return fail(ErrorCode::invalid_argument,
              std::string(what) + "; write token ids as numbers with spaces between, or as a JSON array");
}

Result<TokenId> id_of(uint64_t number) {
  if (number > UINT32_MAX) return no_ids("'" + std::to_string(number) + "' is no token id");
  return TokenId(static_cast<uint32_t>(number));
}

Result<std::vector<TokenId>> ids_of_json(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_object() && json.contains("ids")) json = Json(json["ids"]);
  if (!json.is_array()) return no_ids("this is no JSON array of token ids");
  std::vector<TokenId> ids;
  for (const Json& item : json) {
    if (!item.is_number_unsigned()) return no_ids("'" + item.dump() + "' is no token id");
    ids.push_back(TRY(id_of(item.get<uint64_t>())));
  }
  return ids;
}

std::string_view name_of(Behaviour behaviour) {
  switch (behaviour) {
    case Behaviour::isolated: return "isolated";
    case Behaviour::merged_with_previous: return "merged with previous";
    case Behaviour::merged_with_next: return "merged with next";
    case Behaviour::contiguous: return "contiguous";
    case Behaviour::removed: return "removed";
  }
  std::unreachable();
}

struct RuleText {
  std::string operator()(const pretokenize::Split& split) const {
    return "split by " + split.pattern +
           (split.behaviour == Behaviour::isolated ? std::string()
                                                   : " (" + std::string(name_of(split.behaviour)) + ")") +
           (split.invert ? ", inverted" : "");
  }
  std::string operator()(const pretokenize::Digits& digits) const {
    return digits.individual ? "single digits" : "runs of digits";
  }
  std::string operator()(const pretokenize::Punctuation& punctuation) const {
    return "punctuation, " + std::string(name_of(punctuation.behaviour));
  }
  std::string operator()(const pretokenize::Whitespace&) const { return "words and signs without white space"; }
};

struct NormalizationText {
  std::string operator()(pretokenize::Form form) const {
    switch (form) {
      case pretokenize::Form::nfc: return "NFC";
      case pretokenize::Form::nfd: return "NFD";
      case pretokenize::Form::nfkc: return "NFKC";
      case pretokenize::Form::nfkd: return "NFKD";
    }
    std::unreachable();
  }
  std::string operator()(const pretokenize::Replace& replace) const {
    return "'" + replace.from + "' becomes '" + replace.to + "'";
  }
  std::string operator()(const pretokenize::Prepend& prepend) const { return "'" + prepend.prefix + "' is put before"; }
};

struct Details {
  std::vector<std::string> normalizers;
  std::vector<std::string> pre_tokenization;
  std::vector<text::AddedToken> added;
};

Details details_of(const text::Tokenizer& tokenizer) {
  Details details;
  const auto* bpe = dynamic_cast<const text::BpeTokenizer*>(&tokenizer);
  if (bpe == nullptr) return details;
  const text::BpeSettings& settings = bpe->settings();
  for (const auto& step : settings.normalizer) details.normalizers.push_back(std::visit(NormalizationText(), step));
  if (settings.add_prefix_space) details.pre_tokenization.emplace_back("a space before the text");
  for (const auto* rules : {&settings.rules, &settings.character_rules}) {
    for (const auto& rule : *rules) details.pre_tokenization.push_back(std::visit(RuleText(), rule));
  }
  details.added = settings.added;
  return details;
}

}  // namespace

std::string painted_tokens(std::string_view text, const text::TokenizedText& tokens, const Paint& paint) {
  std::string painted;
  size_t shown = 0;
  for (size_t i = 0; i < tokens.ranges.size(); ++i) {
    size_t end = std::max<size_t>(tokens.ranges[i].end, shown);
    while (end < text.size() && continues_character(text[end]) && end - shown < 4) ++end;
    painted += paint.token(i, terminal_text(text.substr(shown, end - shown), Lines::many));
    shown = end;
  }
  return painted;
}

std::string tokens_json(const text::TokenizedText& tokens) {
  std::string json = "{\"ids\": [";
  for (size_t i = 0; i < tokens.tokens.size(); ++i) {
    json += (i == 0 ? "" : ", ") + std::to_string(tokens.tokens[i].value());
  }
  json += "], \"offsets\": [";
  for (size_t i = 0; i < tokens.ranges.size(); ++i) {
    json += std::string(i == 0 ? "" : ", ") + "[" + std::to_string(tokens.ranges[i].begin) + ", " +
            std::to_string(tokens.ranges[i].end) + "]";
  }
  return json + "]}\n";
}

Result<std::vector<TokenId>> parse_ids(std::string_view text) {
  constexpr std::string_view kBetween = " \t\r\n,";
  size_t begin = text.find_first_not_of(kBetween);
  if (begin != std::string_view::npos && (text[begin] == '[' || text[begin] == '{')) return ids_of_json(text);
  std::vector<TokenId> ids;
  while (begin != std::string_view::npos) {
    const size_t end = std::min(text.find_first_of(kBetween, begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    uint64_t number = 0;
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != word.data() + word.size()) {
      return no_ids("'" + terminal_text(shortened(terminal_text(word), 40)) + "' is no token id");
    }
    ids.push_back(TRY(id_of(number)));
    begin = text.find_first_not_of(kBetween, end);
  }
  return ids;
}

std::string description(const text::Tokenizer& tokenizer) {
  const Details details = details_of(tokenizer);
  std::string text = "kind        " + std::string(tokenizer.kind()) + "\n";
  text += "entries     " + grouped(uint64_t{tokenizer.vocabulary_size()}) + "\n";
  text += "hash        " + tokenizer.hash().hex() + "\n";
  const auto list = [&](std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) text += std::string(title) + "none\n";
    for (size_t i = 0; i < lines.size(); ++i) {
      text += (i == 0 ? std::string(title) : std::string(title.size(), ' ')) + terminal_text(lines[i]) + "\n";
    }
  };
  list("normalizers ", details.normalizers);
  list("cut by      ", details.pre_tokenization);
  std::vector<std::string> tokens;
  for (const text::AddedToken& token : details.added) {
    tokens.push_back(std::to_string(token.id) + " " + token.content + (token.special ? "" : " (in plain text too)"));
  }
  list("special     ", tokens);
  return text;
}

Json description_json(const text::Tokenizer& tokenizer) {
  const Details details = details_of(tokenizer);
  Json normalizers = Json::array();
  for (const std::string& line : details.normalizers) normalizers.push_back(json_of(line));
  Json cutting = Json::array();
  for (const std::string& line : details.pre_tokenization) cutting.push_back(json_of(line));
  Json tokens = Json::array();
  for (const text::AddedToken& token : details.added) {
    tokens.push_back({{"id", token.id}, {"content", json_of(token.content)}, {"special", token.special}});
  }
  return {{"kind", json_of(tokenizer.kind())},      {"entries", tokenizer.vocabulary_size()},
          {"hash", tokenizer.hash().hex()},         {"normalizers", std::move(normalizers)},
          {"pre_tokenization", std::move(cutting)}, {"special_tokens", std::move(tokens)}};
}

}  // namespace tribute::cli
