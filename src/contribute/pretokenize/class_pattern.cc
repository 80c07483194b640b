#include "pretokenize/class_pattern.h"

#include <charconv>
#include <utility>

#include "base/bytes.h"

namespace tribute::pretokenize {
namespace {

std::optional<Categories> categories_of(std::string_view name) {
  static constexpr std::pair<std::string_view, Categories> kNames[] = {
      {"L", kLetters}, {"M", kMarks},          {"N", kNumbers},        {"P", kPunctuation},
      {"S", kSymbols}, {"Lu", {Category::lu}}, {"Ll", {Category::ll}}, {"Nd", {Category::nd}},
  };
  for (const auto& [known, categories] : kNames) {
    if (known == name) return categories;
  }
  return std::nullopt;
}

class Parser {
 public:
  explicit Parser(std::string_view pattern) : rest_(pattern) {}

  std::optional<ClassRun> parse() {
    ClassRun run;
    if (take(" ?")) {
      run.before.emplace().add(' ', ' ');
    } else if (take("\\s?")) {
      run.before.emplace().add_white_space();
    }
    const std::string_view first = rest_;
    if (!item(run.characters)) return std::nullopt;
    const std::string_view spelling = first.substr(0, first.size() - rest_.size());
    if (!quantifier(run)) return std::nullopt;
    // The same class in a row.
    for (; run.most == run.least && take(spelling); ++run.most) ++run.least;
    return rest_.empty() ? std::optional(std::move(run)) : std::nullopt;
  }

 private:
  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  // \p{…}, \d or [...]
  bool item(CharacterSet& set) {
    if (rest_.starts_with("\\p") || rest_.starts_with("\\d")) return escaped_set(set);
    if (!take("[")) return false;
    const bool negated = take("^");
    do {
      if (rest_.starts_with("]") || !class_member(set)) return false;
    } while (!take("]"));
    if (negated) set.invert();
    return true;
  }

  bool escaped_set(CharacterSet& set) {
    if (take("\\d")) {
      set.add({Category::nd});
      return true;
    }
    if (take("\\s")) {
      set.add_white_space();
      return true;
    }
    const size_t end = rest_.find('}');
    if (!take("\\p{") || end == std::string_view::npos) return false;
    const auto categories = categories_of(rest_.substr(0, end - 3));
    if (!categories) return false;
    set.add(*categories);
    rest_.remove_prefix(end - 2);
    return true;
  }

  bool class_member(CharacterSet& set) {
    if (rest_.starts_with("\\p") || rest_.starts_with("\\d") || rest_.starts_with("\\s")) {
      return escaped_set(set) && !rest_.starts_with("-");
    }
    const auto first = character();
    if (!first) return false;
    uint32_t last = *first;
    if (rest_.starts_with("-") && !rest_.starts_with("-]")) {
      rest_.remove_prefix(1);
      const auto end = character();
      if (!end || *end < *first) return false;
      last = *end;
    }
    set.add(*first, last);
    return true;
  }

  // One that stands for itself, alone or behind a backslash. What has another meaning in some dialect is none.
  std::optional<uint32_t> character() {
    if (rest_.empty() || rest_.starts_with("[") || rest_.starts_with("&&") || rest_.starts_with("--") ||
        rest_.starts_with("~~")) {
      return std::nullopt;
    }
    if (take("\\r")) return '\r';
    if (take("\\n")) return '\n';
    if (take("\\t")) return '\t';
    if (take("\\")) {
      const bool is_mark =
          !rest_.empty() && std::string_view("\\]-[^/.*+?(){}|$&~!\"#%',:;=@_`").contains(rest_.front());
      if (!is_mark) return std::nullopt;
    }
    const Character next = decode(rest_.data(), rest_.data() + rest_.size());
    rest_.remove_prefix(next.size);
    return next.code;
  }

  // +, {n}, {n,}, {n,m} or nothing.
  bool quantifier(ClassRun& run) {
    run.least = run.most = 1;
    if (take("+")) {
      run.most = UINT32_MAX;
    } else if (take("{")) {
      if (!number(run.least) || run.least == 0) return false;
      run.most = run.least;
      if (take(",") && !number(run.most)) run.most = UINT32_MAX;
      if (!take("}") || run.most < run.least) return false;
    }
    return !rest_.starts_with("+") && !rest_.starts_with("?") && !rest_.starts_with("*");
  }
  bool number(uint32_t& value) {
    constexpr uint32_t kMost = 1000;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc() || value > kMost) return false;
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return true;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<ClassRun> to_class_run(std::string_view pattern) {
  if (!is_valid_utf8(pattern)) return std::nullopt;
  return Parser(pattern).parse();
}

}  // namespace tribute::pretokenize
