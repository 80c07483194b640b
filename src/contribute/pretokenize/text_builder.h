// Builds a normalized text with its origins. Inside the module.
#pragma once

#include <cstdint>
#include <numeric>
#include <string_view>
#include <utility>

#include "pretokenize/normalizer.h"

namespace tribute::pretokenize {

// `original` must outlive it; its parts are kept or replaced from its begin to its end.
class TextBuilder {
 public:
  explicit TextBuilder(std::string_view original) : original_(original) {
    if (!fits()) return;
    built_.text.reserve(original.size());
    built_.origins.reserve(original.size() + 1);
  }

  // Bytes [begin, end) of the original, as they are.
  void keep(size_t begin, size_t end) {
    built_.text += original_.substr(begin, end - begin);
    if (!fits()) return;
    const size_t before = built_.origins.size();
    built_.origins.resize(before + (end - begin));
    std::iota(built_.origins.begin() + static_cast<std::ptrdiff_t>(before), built_.origins.end(),
              static_cast<uint32_t>(begin));
  }
  // `bytes`, which stand for what begins at `origin` of the original.
  void put(std::string_view bytes, size_t origin) {
    built_.text += bytes;
    if (fits()) built_.origins.resize(built_.text.size(), static_cast<uint32_t>(origin));
  }

  // False as soon as positions in the text, or in the original, would not be 32-bit integers.
  bool fits() const { return original_.size() < kLimit && built_.text.size() < kLimit; }

  // fits() holds.
  NormalizedText finish() && {
    built_.origins.push_back(static_cast<uint32_t>(original_.size()));
    return std::move(built_);
  }

 private:
  static constexpr size_t kLimit = UINT32_MAX;

  std::string_view original_;
  NormalizedText built_;
};

}  // namespace tribute::pretokenize
