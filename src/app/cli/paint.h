// Colour in a terminal: who wrote what, in colours that can be told apart.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tribute::cli {

// Wraps text in escape sequences, or leaves it as it is where colour is off.
class Paint {
 public:
  explicit Paint(bool enabled) : enabled_(enabled) {}
  bool enabled() const { return enabled_; }

  // The number of owners that have a colour of their own; the next one's is the first again.
  static constexpr size_t kOwnerColors = 12;
  std::string owner(size_t index, std::string_view text) const;
  // Tokens in turn, each on another ground than the ones beside it.
  std::string token(size_t index, std::string_view text) const;
  std::string dim(std::string_view text) const { return wrapped("2", text); }
  std::string underlined(std::string_view text) const { return wrapped("4", text); }
  std::string bold(std::string_view text) const { return wrapped("1", text); }
  std::string good(std::string_view text) const { return wrapped("38;5;35", text); }
  std::string bad(std::string_view text) const { return wrapped("1;38;5;160", text); }

 private:
  std::string wrapped(std::string_view codes, std::string_view text) const;

  bool enabled_;
};

}  // namespace tribute::cli
