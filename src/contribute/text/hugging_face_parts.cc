#include "text/hugging_face_parts.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "pretokenize/rules.h"

namespace tribute::text {
namespace {

using pretokenize::Behaviour;
using pretokenize::Form;
using pretokenize::Normalization;
using pretokenize::Replace;

constexpr std::array<std::pair<std::string_view, Form>, 4> kForms{
    {{"NFC", Form::nfc}, {"NFD", Form::nfd}, {"NFKC", Form::nfkc}, {"NFKD", Form::nfkd}}};

constexpr std::array<std::pair<std::string_view, Behaviour>, 5> kBehaviours{
    {{"Removed", Behaviour::removed},
     {"Isolated", Behaviour::isolated},
     {"MergedWithPrevious", Behaviour::merged_with_previous},
     {"MergedWithNext", Behaviour::merged_with_next},
     {"Contiguous", Behaviour::contiguous}}};

Result<Behaviour> read_behaviour(const JsonValue& value) {
  const std::string_view name = TRY(value.string());
  const auto* found = std::ranges::find(kBehaviours, name, [](const auto& entry) { return entry.first; });
  if (found == kBehaviours.end()) return value.unsupported();
  return found->second;
}

// {"String": …} or {"Regex": …}.
struct Pattern {
  std::string text;
  bool is_literal = false;
};

Result<Pattern> read_pattern(const JsonValue& value) {
  const JsonObject object = TRY(value.object({"String", "Regex"}));
  const std::optional<JsonValue> literal = object.find("String");
  const std::optional<JsonValue> expression = object.find("Regex");
  if (literal.has_value() == expression.has_value())
    return value.wrong("is neither {\"String\": …} nor {\"Regex\": …}");
  const JsonValue& text = literal ? *literal : *expression;
  Pattern pattern{.text = std::string(TRY(text.string())), .is_literal = literal.has_value()};
  if (pattern.text.empty()) return text.wrong("is empty");
  return pattern;
}

// A Replace of a normalizer or decoder. An expression is supported if it is a string to find.
Result<Replace> read_replace(const JsonValue& value) {
  const JsonObject object = TRY(value.object({"type", "pattern", "content"}));
  const JsonValue pattern_value = TRY(object.require("pattern"));
  Pattern pattern = TRY(read_pattern(pattern_value));
  const bool is_plain = pattern.text.find_first_of("\\^$.|?*+()[]{}") == std::string::npos;
  if (!pattern.is_literal && !is_plain)
    return JsonValue(pattern_value.element()["Regex"].value_unsafe(), pattern_value.path() + ".Regex").unsupported();
  return Replace{.from = std::move(pattern.text), .to = std::string(TRY(TRY(object.require("content")).string()))};
}

Result<void> append_normalizer(const JsonValue& value, std::vector<Normalization>& steps) {
  const std::string_view type = TRY(value.type());
  const auto* form = std::ranges::find(kForms, type, [](const auto& entry) { return entry.first; });
  if (form != kForms.end()) {
    TRY(value.object({"type"}));
    steps.emplace_back(form->second);
    return {};
  }
  if (type == "Replace") {
    steps.emplace_back(TRY(read_replace(value)));
    return {};
  }
  if (type == "Prepend") {
    const JsonObject object = TRY(value.object({"type", "prepend"}));
    const std::string_view prefix = TRY(TRY(object.require("prepend")).string());
    if (!prefix.empty()) steps.emplace_back(pretokenize::Prepend{.prefix = std::string(prefix)});
    return {};
  }
  if (type == "Sequence") {
    const JsonObject object = TRY(value.object({"type", "normalizers"}));
    for (const JsonValue& step : TRY(TRY(object.require("normalizers")).array())) TRY(append_normalizer(step, steps));
    return {};
  }
  return value.unsupported_type();
}

class PreTokenizerReader {
 public:
  explicit PreTokenizerReader(BpeSettings& settings) : settings_(settings) {}

  bool is_byte_level() const { return is_byte_level_; }

  Result<void> append(const JsonValue& value) {
    const std::string_view type = TRY(value.type());
    if (type == "ByteLevel") return append_byte_level(value);
    if (type == "Split") return append_split(value);
    if (type == "Digits") {
      const JsonObject object = TRY(value.object({"type", "individual_digits"}));
      add(pretokenize::Digits{.individual = TRY(object.boolean_or("individual_digits", false))});
      return {};
    }
    if (type == "Punctuation") {
      const JsonObject object = TRY(value.object({"type", "behavior"}));
      const std::optional<JsonValue> behaviour = object.find("behavior");
      add(pretokenize::Punctuation{.behaviour = behaviour ? TRY(read_behaviour(*behaviour)) : Behaviour::isolated});
      return {};
    }
    if (type == "Whitespace") {
      TRY(value.object({"type"}));
      add(pretokenize::Whitespace{});
      return {};
    }
    if (type == "Sequence") {
      const JsonObject object = TRY(value.object({"type", "pretokenizers"}));
      for (const JsonValue& part : TRY(TRY(object.require("pretokenizers")).array())) TRY(append(part));
      return {};
    }
    return value.unsupported_type();
  }

 private:
  void add(pretokenize::Rule rule) {
    (is_byte_level_ ? settings_.character_rules : settings_.rules).push_back(std::move(rule));
  }

  Result<void> append_byte_level(const JsonValue& value) {
    const JsonObject object = TRY(value.object({"type", "add_prefix_space", "trim_offsets", "use_regex"}));
    TRY(object.boolean_or("trim_offsets", true));  // of the library's offsets; ours tile the text
    if (is_byte_level_) return value.wrong("a second ByteLevel is not supported");
    if (TRY(object.boolean_or("add_prefix_space", true))) {
      if (!settings_.rules.empty()) return TRY(object.require("add_prefix_space")).unsupported();
      settings_.add_prefix_space = true;
    }
    if (TRY(object.boolean_or("use_regex", true))) {
      add(pretokenize::Split{.pattern = std::string(pretokenize::gpt2_pattern())});
    }
    is_byte_level_ = true;
    return {};
  }

  Result<void> append_split(const JsonValue& value) {
    const JsonObject object = TRY(value.object({"type", "pattern", "behavior", "invert"}));
    Pattern pattern = TRY(read_pattern(TRY(object.require("pattern"))));
    add(pretokenize::Split{.pattern = std::move(pattern.text),
                           .is_literal = pattern.is_literal,
                           .behaviour = TRY(read_behaviour(TRY(object.require("behavior")))),
                           .invert = TRY(object.boolean_or("invert", false))});
    return {};
  }

  BpeSettings& settings_;
  bool is_byte_level_ = false;
};

Result<AddedToken> read_added_token(const JsonValue& value) {
  const JsonObject object =
      TRY(value.object({"id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"}));
  const JsonValue content = TRY(object.require("content"));
  AddedToken token{.id = TRY(TRY(object.require("id")).number()), .content = std::string(TRY(content.string()))};
  if (token.content.empty()) return content.wrong("is empty");
  token.special = TRY(object.boolean_or("special", false));
  token.single_word = TRY(object.boolean_or("single_word", false));
  token.lstrip = TRY(object.boolean_or("lstrip", false));
  token.rstrip = TRY(object.boolean_or("rstrip", false));
  token.normalized = TRY(object.boolean_or("normalized", !token.special));
  return token;
}

// The steps of a decoder, sequences spread out.
Result<void> flatten_decoder(const JsonValue& value, std::vector<JsonValue>& steps) {
  if (TRY(value.type()) != "Sequence") {
    steps.push_back(value);
    return {};
  }
  const JsonObject object = TRY(value.object({"type", "decoders"}));
  for (const JsonValue& step : TRY(TRY(object.require("decoders")).array())) TRY(flatten_decoder(step, steps));
  return {};
}

Result<void> read_strip(const JsonValue& value, BpeSettings& settings) {
  const JsonObject object = TRY(value.object({"type", "content", "start", "stop"}));
  const JsonValue content = TRY(object.require("content"));
  const std::string_view strip = TRY(content.string());
  if (strip.size() != 1) return content.unsupported();
  const JsonValue stop = TRY(object.require("stop"));
  if (TRY(stop.number()) != 0) return stop.unsupported();
  settings.strip = strip[0];
  settings.strip_count = TRY(TRY(object.require("start")).number());
  return {};
}

}  // namespace

Result<std::vector<Normalization>> read_normalizer(const JsonValue& value) {
  std::vector<Normalization> steps;
  if (!value.is_null()) TRY(append_normalizer(value, steps));
  return steps;
}

Result<std::vector<AddedToken>> read_added_tokens(const JsonValue& value) {
  std::vector<AddedToken> tokens;
  for (const JsonValue& token : TRY(value.array())) tokens.push_back(TRY(read_added_token(token)));
  std::ranges::sort(tokens, {}, &AddedToken::id);
  const auto twice = std::ranges::adjacent_find(tokens, {}, &AddedToken::id);
  if (twice != tokens.end()) return value.wrong("the id " + std::to_string(twice->id) + " is there twice");
  return tokens;
}

Result<bool> read_pre_tokenizer(const JsonValue& value, BpeSettings& settings) {
  if (value.is_null()) return false;
  PreTokenizerReader reader(settings);
  TRY(reader.append(value));
  return reader.is_byte_level();
}

Result<void> read_decoder(const JsonValue& value, bool is_byte_level, BpeSettings& settings) {
  if (value.is_null()) return value.wrong("null would not give texts back");
  std::vector<JsonValue> steps;
  TRY(flatten_decoder(value, steps));
  // What the steps before must have been, in this order: Replace (any number), ByteFallback, Fuse, Strip.
  enum class Stage : uint8_t { replace, byte_fallback, fuse, strip };
  Stage done = Stage::replace;
  for (const JsonValue& step : steps) {
    const std::string_view type = TRY(step.type());
    if (is_byte_level) {
      if (type != "ByteLevel" || steps.size() != 1) return step.unsupported_type();
      TRY(step.object({"type", "add_prefix_space", "trim_offsets", "use_regex"}));
    } else if (type == "Replace" && done == Stage::replace) {
      settings.decode_replacements.push_back(TRY(read_replace(step)));
    } else if (type == "ByteFallback" && done == Stage::replace) {
      TRY(step.object({"type"}));
      done = Stage::byte_fallback;
    } else if (type == "Fuse" && done == Stage::byte_fallback) {
      TRY(step.object({"type"}));
      done = Stage::fuse;
    } else if (type == "Strip" && done == Stage::fuse) {
      TRY(read_strip(step, settings));
      done = Stage::strip;
    } else {
      return step.unsupported_type();
    }
  }
  if (!is_byte_level && done < Stage::fuse) return value.wrong("lacks ByteFallback and Fuse");
  return {};
}

Result<void> check_post_processor(const JsonValue& value) {
  if (value.is_null()) return {};
  const std::string_view type = TRY(value.type());
  if (type == "ByteLevel") {
    TRY(value.object({"type", "add_prefix_space", "trim_offsets", "use_regex"}));
  } else if (type == "TemplateProcessing") {
    TRY(value.object({"type", "single", "pair", "special_tokens"}));
  } else if (type == "BertProcessing") {
    TRY(value.object({"type", "sep", "cls"}));
  } else if (type == "RobertaProcessing") {
    TRY(value.object({"type", "sep", "cls", "trim_offsets", "add_prefix_space"}));
  } else if (type == "Sequence") {
    const JsonObject object = TRY(value.object({"type", "processors"}));
    for (const JsonValue& part : TRY(TRY(object.require("processors")).array())) TRY(check_post_processor(part));
  } else {
    return value.unsupported_type();
  }
  return {};
}

}  // namespace tribute::text
