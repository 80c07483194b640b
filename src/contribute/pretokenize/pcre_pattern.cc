#include "pretokenize/pcre_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "pretokenize/unicode.h"

namespace tribute::pretokenize {
namespace {

// The insides of classes.
constexpr std::string_view kSpaces =
    "\\x{9}-\\x{d}\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}";
constexpr std::string_view kNotSpaces =
    "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{84}\\x{86}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}"
    "\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{d7ff}\\x{e000}-\\x{10ffff}";
constexpr std::string_view kOnigurumaWords = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}";
constexpr std::string_view kRustWords = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200c}\\x{200d}";
constexpr std::string_view kHexDigits = "0-9A-Fa-f";

constexpr std::array kCategories = {"L",  "Lu", "Ll", "Lt", "Lm", "Lo", "M",  "Mn", "Mc", "Me", "N",  "Nd",
                                    "Nl", "No", "P",  "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S",  "Sm",
                                    "Sc", "Sk", "So", "Z",  "Zs", "Zl", "Zp", "C",  "Cc", "Cf", "Co", "Cn"};
constexpr std::array kScripts = {"Arabic",   "Armenian",  "Bengali",   "Bopomofo", "Common",   "Cyrillic", "Devanagari",
                                 "Ethiopic", "Georgian",  "Greek",     "Gujarati", "Gurmukhi", "Han",      "Hangul",
                                 "Hebrew",   "Hiragana",  "Inherited", "Kannada",  "Katakana", "Khmer",    "Lao",
                                 "Latin",    "Malayalam", "Mongolian", "Myanmar",  "Sinhala",  "Syriac",   "Tamil",
                                 "Telugu",   "Thaana",    "Thai",      "Tibetan"};

std::string spelled(uint32_t code) {
  const bool is_plain = code < 0x80 && ((code | 0x20) - 'a' < 26 || code - '0' < 10);
  return is_plain ? std::string(1, static_cast<char>(code)) : fmt::format("\\x{{{:x}}}", code);
}

// One character, or a set of them as the inside of a class.
struct ClassItem {
  std::optional<uint32_t> code;
  std::string set;
};

class Translator {
 public:
  Translator(std::string_view pattern, Dialect dialect)
      : pattern_(pattern), is_rust_(dialect == Dialect::rust), words_(is_rust_ ? kRustWords : kOnigurumaWords) {}

  Result<std::string> translate();

 private:
  bool at_end() const { return at_ == pattern_.size(); }
  char peek(size_t ahead = 0) const { return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0'; }
  bool looking_at(std::string_view text) const { return pattern_.substr(at_).starts_with(text); }
  bool take(std::string_view text) {
    if (!looking_at(text)) return false;
    at_ += text.size();
    return true;
  }
  uint32_t take_character() {
    const Character character = decode(pattern_.data() + at_, pattern_.data() + pattern_.size());
    at_ += character.size;
    return character.code;
  }
  void emit_atom(std::string_view text) {
    atom_ = out_.size();
    out_ += text;
  }
  std::unexpected<Error> refuse(std::string_view what) const {
    return fail(ErrorCode::invalid_argument, fmt::format("the regular expression {} is not supported: {} at byte {}",
                                                         name_of_pattern(pattern_), what, at_));
  }

  Result<void> step();
  Result<void> open_group();
  Result<void> close_group();
  Result<void> quantifier();
  Result<void> braces();
  Result<void> suffix(bool is_range);
  Result<void> escape();
  Result<bool> assertion_escape(char letter);
  // After a backslash: an escape that may stand in a class.
  Result<ClassItem> class_escape();
  Result<ClassItem> code_escape();
  Result<uint32_t> hexadecimal(size_t least, size_t most);
  Result<std::string> property(bool negated);
  Result<void> character_class();
  // The inside of a class up to ] or &&.
  Result<std::string> class_operand();
  Result<ClassItem> class_item();

  struct Group {
    size_t begin;  // in out_
    bool ignores_case;
  };

  std::string_view pattern_;
  bool is_rust_;
  std::string_view words_;
  size_t at_ = 0;
  std::string out_;
  std::optional<size_t> atom_;  // where in out_ what a quantifier would repeat begins
  std::vector<Group> groups_;
  bool ignores_case_ = false;
};

Result<std::string> Translator::translate() {
  if (!is_valid_utf8(pattern_)) return refuse("a byte that is no UTF-8");
  while (!at_end()) TRY(step());
  if (!groups_.empty()) return refuse("a group without its )");
  return std::move(out_);
}

Result<void> Translator::step() {
  switch (peek()) {
    case '\\': return escape();
    case '[': return character_class();
    case '(': return open_group();
    case ')': return close_group();
    case '*':
    case '+':
    case '?': return quantifier();
    case '{': return braces();
    case '|':
      out_ += '|';
      atom_.reset();
      break;
    case '^':
      // Not \A, which does not heed that a window of a text does not begin where the text does.
      emit_atom(is_rust_ ? "^" : "(?:^|(?<=\\n)(?!\\z))");
      break;
    case '$': emit_atom(is_rust_ ? "\\z" : "(?=\\n|\\z)"); break;
    case '.': emit_atom("[^\\n]"); break;
    default: emit_atom(spelled(take_character())); return {};
  }
  ++at_;
  return {};
}

Result<void> Translator::open_group() {
  if (looking_at("(*")) return refuse("(*…)");
  const Group group = {out_.size(), ignores_case_};
  if (!take("(?")) {
    ++at_;
    out_ += "(?:";  // nothing asks for what a group without a name matched but a backreference, which is refused
    groups_.push_back(group);
    atom_.reset();
    return {};
  }
  for (const std::string_view kind : {":", "=", "!", ">", "<=", "<!"}) {
    if (!take(kind)) continue;
    out_ += "(?";
    out_ += kind;
    groups_.push_back(group);
    atom_.reset();
    return {};
  }
  const bool is_on = looking_at("i");
  if (!take("i") && !take("-i")) return refuse(fmt::format("(?{}", peek()));
  if (take(":")) {
    groups_.push_back(group);
    out_ += is_on ? "(?i:" : "(?-i:";
  } else if (looking_at(")") && (is_rust_ || out_.empty())) {
    ++at_;
    out_ += is_on ? "(?i)" : "(?-i)";
  } else {
    return refuse("a flag other than i, or one within an expression,");
  }
  ignores_case_ = is_on;
  atom_.reset();
  return {};
}

Result<void> Translator::close_group() {
  if (groups_.empty()) return refuse("a ) without its group");
  ++at_;
  out_ += ')';
  atom_ = groups_.back().begin;
  ignores_case_ = groups_.back().ignores_case;
  groups_.pop_back();
  return {};
}

Result<void> Translator::quantifier() {
  if (!atom_) return refuse("a quantifier with nothing to repeat");
  out_ += peek();
  ++at_;
  return suffix(false);
}

// {n}, {n,} or {n,m}; any other brace stands for itself in Oniguruma.
Result<void> Translator::braces() {
  size_t end = at_ + 1;
  const auto digits = [&] {
    const size_t begin = end;
    while (end < pattern_.size() && pattern_[end] >= '0' && pattern_[end] <= '9') ++end;
    return end - begin;
  };
  const bool has_least = digits() > 0;
  const bool has_comma = end < pattern_.size() && pattern_[end] == ',';
  if (has_comma) ++end;
  const bool has_most = has_comma && digits() > 0;
  const bool is_quantifier = end < pattern_.size() && pattern_[end] == '}' && (has_least || has_most);
  if (!is_quantifier) {
    if (is_rust_) return refuse("a { that is no quantifier");
    emit_atom(spelled(take_character()));
    return {};
  }
  if (!has_least) return refuse("{,n}");
  if (!atom_) return refuse("a quantifier with nothing to repeat");
  out_ += pattern_.substr(at_, end + 1 - at_);
  at_ = end + 1;
  if (!is_rust_ && !has_comma && peek() == '?') return refuse("{n}?");
  return suffix(true);
}

// What makes the quantifier just read lazy or possessive.
Result<void> Translator::suffix(bool is_range) {
  if (take("?")) {
    out_ += '?';
  } else if (take("+")) {
    if (is_range && !is_rust_) {
      out_.insert(*atom_, "(?:");
      out_ += ")+";
    } else {
      out_ += '+';
    }
  }
  atom_.reset();
  return {};
}

Result<void> Translator::escape() {
  const char letter = peek(1);
  if (TRY(assertion_escape(letter))) return {};
  ++at_;
  ClassItem item = TRY(class_escape());
  emit_atom(item.code ? spelled(*item.code) : '[' + item.set + ']');
  return {};
}

// The escapes that stand for no set of characters.
Result<bool> Translator::assertion_escape(char letter) {
  std::string text;
  switch (letter) {
    case 'A': text = "^"; break;
    case 'z': text = "\\z"; break;
    case 'b': text = fmt::format("(?:(?<=[{0}])(?![{0}])|(?<![{0}])(?=[{0}]))", words_); break;
    case 'B': text = fmt::format("(?:(?<=[{0}])(?=[{0}])|(?<![{0}])(?![{0}]))", words_); break;
    case 'W': text = fmt::format("[^{}]", words_); break;
    default: return false;
  }
  at_ += 2;
  emit_atom(text);
  return true;
}

Result<ClassItem> Translator::class_escape() {
  if (at_end()) return refuse("a \\ that ends the expression");
  const char letter = peek();
  switch (letter) {
    case 'd': ++at_; return ClassItem{{}, "\\p{Nd}"};
    case 'D': ++at_; return ClassItem{{}, "\\P{Nd}"};
    case 's': ++at_; return ClassItem{{}, std::string(kSpaces)};
    case 'S': ++at_; return ClassItem{{}, std::string(kNotSpaces)};
    case 'w': ++at_; return ClassItem{{}, std::string(words_)};
    case 'p':
    case 'P': return ClassItem{{}, TRY(property(letter == 'P'))};
    case 'h':
      if (is_rust_) break;
      ++at_;
      return ClassItem{{}, std::string(kHexDigits)};
    default: break;
  }
  return code_escape();
}

// An escape that stands for one character.
Result<ClassItem> Translator::code_escape() {
  constexpr std::string_view kLetters7 = "nrtfav";
  constexpr std::string_view kCodes7 = "\n\r\t\f\a\v";
  const char letter = peek();
  if (const size_t i = kLetters7.find(letter); i != std::string_view::npos) {
    ++at_;
    return ClassItem{static_cast<uint32_t>(kCodes7[i]), {}};
  }
  const bool is_letter_or_digit =
      ((letter | 0x20) >= 'a' && (letter | 0x20) <= 'z') || (letter >= '0' && letter <= '9');
  const bool is_boundary = is_rust_ && (letter == '<' || letter == '>');
  if (!is_letter_or_digit && !is_boundary) return ClassItem{take_character(), {}};
  if (take("x{") || (is_rust_ && take("u{"))) {
    const uint32_t code = TRY(hexadecimal(1, 8));
    if (!take("}")) return refuse("an escape without its }");
    return ClassItem{code, {}};
  }
  if (take("x")) {
    const uint32_t code = TRY(hexadecimal(2, 2));
    // Oniguruma takes it for one byte of several.
    if (!is_rust_ && code >= 0x80) return refuse("a byte by \\x");
    return ClassItem{code, {}};
  }
  if (take("u")) return ClassItem{TRY(hexadecimal(4, 4)), {}};
  return refuse(fmt::format("\\{}", letter));
}

Result<uint32_t> Translator::hexadecimal(size_t least, size_t most) {
  uint32_t code = 0;
  size_t count = 0;
  for (; count < most; ++count, ++at_) {
    const char digit = peek();
    const int value = digit >= '0' && digit <= '9'                     ? digit - '0'
                      : (digit | 0x20) >= 'a' && (digit | 0x20) <= 'f' ? (digit | 0x20) - 'a' + 10
                                                                       : -1;
    if (value < 0) break;
    code = code << 4 | static_cast<uint32_t>(value);
  }
  if (count < least || code >= kCodePoints || (code >= 0xd800 && code < 0xe000)) {
    return refuse("an escape of no code point");
  }
  return code;
}

// p{…}, P{…} or p{^…}.
Result<std::string> Translator::property(bool negated) {
  ++at_;
  std::string name;
  if (is_rust_ && peek() != '{') {
    name = peek();
    ++at_;
  } else {
    const size_t end = pattern_.find('}', at_);
    if (!take("{") || end == std::string_view::npos) return refuse("\\p without {…}");
    if (take("^")) negated = !negated;
    name = pattern_.substr(at_, end - at_);
    at_ = end + 1;
  }
  const std::string_view prefix = negated ? "\\P{" : "\\p{";
  if (std::ranges::find(kCategories, name) != kCategories.end()) {
    const bool is_case = name == "Lu" || name == "Ll" || name == "Lt";
    if (ignores_case_ && is_case) return refuse("\\p{" + name + "} where case is ignored");
    return fmt::format("{}{}}}", prefix, name);
  }
  if (std::ranges::find(kScripts, name) != kScripts.end()) return fmt::format("{}sc:{}}}", prefix, name);
  return refuse("\\p{" + name + "}");
}

Result<void> Translator::character_class() {
  ++at_;
  const bool negated = take("^");
  std::string text = "[";
  if (negated) text += '^';
  text += TRY(class_operand());
  text += ']';
  std::string others;
  while (take("&&")) {
    if (negated) return refuse("&& in a negated class");
    if (take("[")) {
      others += take("^") ? "(?![" : "(?=[";
      others += TRY(class_operand());
      if (!take("]")) return refuse("a class within a class");
      if (!looking_at("]") && !looking_at("&&")) return refuse("a class within a class");
    } else {
      others += "(?=[" + TRY(class_operand());
    }
    others += "])";
  }
  if (!take("]")) return refuse("a class without its ]");
  emit_atom(others.empty() ? text : "(?:" + others + text + ")");
  return {};
}

Result<std::string> Translator::class_operand() {
  std::string inside;
  while (!looking_at("&&")) {
    if (at_end()) return refuse("a class without its ]");
    if (peek() == ']' && !inside.empty()) break;
    if (is_rust_ && (looking_at("--") || looking_at("~~"))) return refuse("-- or ~~ in a class");
    const ClassItem first = TRY(class_item());
    if (peek() != '-' || peek(1) == ']' || looking_at("-&&")) {
      inside += first.code ? spelled(*first.code) : first.set;
      continue;
    }
    ++at_;
    const ClassItem last = TRY(class_item());
    if (!first.code || !last.code || *first.code > *last.code) return refuse("a range of no characters");
    inside += spelled(*first.code) + '-' + spelled(*last.code);
  }
  if (inside.empty()) return refuse("an empty class");
  return inside;
}

Result<ClassItem> Translator::class_item() {
  if (at_end()) return refuse("a class without its ]");
  if (peek() == '[') return refuse("a class within a class");
  if (!take("\\")) return ClassItem{take_character(), {}};
  if (peek() == 'W' || peek() == 'b') return refuse(fmt::format("\\{} in a class", peek()));
  return class_escape();
}

}  // namespace

std::string name_of_pattern(std::string_view pattern) {
  constexpr size_t kMostBytes = 60;
  std::string name = "\"" + to_printable_utf8(pattern.substr(0, kMostBytes));
  std::ranges::replace(name, '\n', ' ');
  name += pattern.size() > kMostBytes ? "…\"" : "\"";
  return name;
}

Result<std::string> to_pcre(std::string_view pattern, Dialect dialect) {
  return Translator(pattern, dialect).translate();
}

}  // namespace tribute::pretokenize
