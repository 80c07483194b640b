#include "text/bpe_settings.h"

#include <optional>
#include <utility>

#include "base/bytes.h"

namespace tribute::text {
namespace {

using pretokenize::Behaviour;
using pretokenize::Dialect;
using pretokenize::Digits;
using pretokenize::Form;
using pretokenize::Normalization;
using pretokenize::Prepend;
using pretokenize::Punctuation;
using pretokenize::Replace;
using pretokenize::Rule;
using pretokenize::Split;
using pretokenize::Whitespace;

// The first byte of a normalization, and of a rule. Persisted; values never change.
enum class StepTag : uint8_t { form = 0, replace = 1, prepend = 2 };
enum class RuleTag : uint8_t { split = 0, digits = 1, punctuation = 2, whitespace = 3 };

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

class Writer {
 public:
  void byte(uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void flag(bool value) { byte(value ? 1 : 0); }
  template <typename Enum>
  void value(Enum value) {
    byte(static_cast<uint8_t>(value));
  }
  void number(uint32_t value) { append_le32(bytes_, value); }
  void string(std::string_view value) {
    number(static_cast<uint32_t>(value.size()));
    bytes_ += value;
  }
  template <typename List, typename Write>
  void list(const List& items, Write write) {
    number(static_cast<uint32_t>(items.size()));
    for (const auto& item : items) write(item);
  }
  std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what Writer wrote; after the first thing that is not so, everything is 0 and is_sound() false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool is_sound() const { return is_sound_; }
  bool is_at_end() const { return bytes_.empty(); }

  std::string_view take(size_t size) {
    if (size > bytes_.size()) {
      spoil();
      return {};
    }
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  // A byte up to `last`.
  uint8_t byte(uint8_t last) {
    const std::string_view taken = take(1);
    const auto value = taken.empty() ? uint8_t{0} : static_cast<uint8_t>(taken[0]);
    if (value <= last) return value;
    spoil();
    return 0;
  }
  bool flag() { return byte(1) == 1; }
  template <typename Enum>
  Enum value(Enum last) {
    return static_cast<Enum>(byte(static_cast<uint8_t>(last)));
  }
  uint32_t number() {
    const std::string_view taken = take(4);
    return taken.empty() ? 0 : load_le32(taken);
  }
  std::string string() { return std::string(take(number())); }
  std::string filled_string() {
    std::string value = string();
    if (value.empty()) spoil();
    return value;
  }
  template <typename Item, typename Read>
  std::vector<Item> list(Read read) {
    std::vector<Item> items;
    // An item has a byte at least, so a count that lies ends with the bytes.
    for (uint32_t left = number(); left > 0 && is_sound_; --left) items.push_back(read());
    return items;
  }
  void spoil() {
    is_sound_ = false;
    bytes_ = {};
  }

 private:
  std::string_view bytes_;
  bool is_sound_ = true;
};

void write(Writer& out, const Replace& replace) {
  out.string(replace.from);
  out.string(replace.to);
}

Replace read_replace(Reader& in) {
  Replace replace;
  replace.from = in.filled_string();
  replace.to = in.string();
  return replace;
}

void write(Writer& out, const Normalization& step) {
  std::visit(Overloaded{[&](Form form) {
                          out.value(StepTag::form);
                          out.value(form);
                        },
                        [&](const Replace& replace) {
                          out.value(StepTag::replace);
                          write(out, replace);
                        },
                        [&](const Prepend& prepend) {
                          out.value(StepTag::prepend);
                          out.string(prepend.prefix);
                          out.flag(prepend.unless_there);
                        }},
             step);
}

Normalization read_normalization(Reader& in) {
  switch (in.value(StepTag::prepend)) {
    case StepTag::form: return in.value(Form::nfkd);
    case StepTag::replace: return read_replace(in);
    default: {
      Prepend prepend;
      prepend.prefix = in.string();
      prepend.unless_there = in.flag();
      return prepend;
    }
  }
}

void write(Writer& out, const Rule& rule) {
  std::visit(Overloaded{[&](const Split& split) {
                          out.value(RuleTag::split);
                          out.string(split.pattern);
                          out.flag(split.is_literal);
                          out.value(split.behaviour);
                          out.flag(split.invert);
                          out.value(split.dialect);
                        },
                        [&](const Digits& digits) {
                          out.value(RuleTag::digits);
                          out.flag(digits.individual);
                        },
                        [&](const Punctuation& punctuation) {
                          out.value(RuleTag::punctuation);
                          out.value(punctuation.behaviour);
                        },
                        [&](const Whitespace&) { out.value(RuleTag::whitespace); }},
             rule);
}

Rule read_rule(Reader& in) {
  switch (in.value(RuleTag::whitespace)) {
    case RuleTag::split: {
      Split split;
      split.pattern = in.string();
      split.is_literal = in.flag();
      split.behaviour = in.value(Behaviour::removed);
      split.invert = in.flag();
      split.dialect = in.value(Dialect::rust);
      return split;
    }
    case RuleTag::digits: return Digits{.individual = in.flag()};
    case RuleTag::punctuation: return Punctuation{.behaviour = in.value(Behaviour::removed)};
    default: return Whitespace{};
  }
}

void write(Writer& out, const AddedToken& token) {
  out.number(token.id);
  out.string(token.content);
  for (const bool flag : {token.special, token.single_word, token.lstrip, token.rstrip, token.normalized}) {
    out.flag(flag);
  }
}

AddedToken read_added(Reader& in) {
  AddedToken token;
  token.id = in.number();
  token.content = in.filled_string();
  for (bool* flag : {&token.special, &token.single_word, &token.lstrip, &token.rstrip, &token.normalized}) {
    *flag = in.flag();
  }
  return token;
}

}  // namespace

std::string to_bytes(const BpeSettings& settings) {
  Writer out;
  const auto write_item = [&out](const auto& item) { write(out, item); };
  out.list(settings.normalizer, write_item);
  out.flag(settings.add_prefix_space);
  out.list(settings.rules, write_item);
  out.list(settings.character_rules, write_item);
  out.list(settings.added, write_item);
  out.list(settings.decode_replacements, write_item);
  out.byte(static_cast<uint8_t>(settings.strip));
  out.number(settings.strip_count);
  return std::move(out).take();
}

Result<BpeSettings> parse_bpe_settings(std::string_view bytes) {
  Reader in(bytes);
  BpeSettings settings;
  settings.normalizer = in.list<Normalization>([&] { return read_normalization(in); });
  settings.add_prefix_space = in.flag();
  settings.rules = in.list<Rule>([&] { return read_rule(in); });
  settings.character_rules = in.list<Rule>([&] { return read_rule(in); });
  settings.added = in.list<AddedToken>([&] { return read_added(in); });
  settings.decode_replacements = in.list<Replace>([&] { return read_replace(in); });
  settings.strip = static_cast<char>(in.byte(UINT8_MAX));
  settings.strip_count = in.number();
  for (size_t i = 1; i < settings.added.size(); ++i) {
    if (settings.added[i - 1].id >= settings.added[i].id) in.spoil();
  }
  if (in.is_sound() && in.is_at_end()) return settings;
  return fail(ErrorCode::data_loss, "the tokenizer's settings are damaged");
}

}  // namespace tribute::text
