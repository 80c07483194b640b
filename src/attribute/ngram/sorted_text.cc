#include "ngram/sorted_text.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/check.h"
#include "ngram/directory.h"
#include "suffix/suffix_sort.h"

namespace tribute::ngram {
namespace {

template <typename Symbol>
class MemoryText final : public SortedText {
 public:
  MemoryText(std::span<const Symbol> text, uint32_t vocabulary_size, uint64_t separators)
      : text_(text), order_(text.size()), next_suffix_(separators) {
    suffix::sort_suffixes(text_, vocabulary_size + 1, order_,
                          {.threads = std::max(1U, std::thread::hardware_concurrency())});
  }

  Result<uint32_t> next_group(std::span<uint32_t> group) override {
    CHECK(group.size() <= order_.size() - next_suffix_);
    std::copy_n(order_.begin() + static_cast<std::ptrdiff_t>(next_suffix_), group.size(), group.begin());
    next_suffix_ += group.size();
    const uint32_t place = is_first_ ? 0 : place_between(group_begin_, group.front());
    is_first_ = false;
    group_begin_ = group.front();
    return place;
  }

  Result<void> next_symbols(std::span<uint32_t> symbols) override {
    decltype(order_)().swap(order_);  // no longer needed
    std::ranges::copy(text_.subspan(next_symbol_, symbols.size()), symbols.begin());
    next_symbol_ += symbols.size();
    return {};
  }

 private:
  uint32_t place_between(uint32_t before, uint32_t after) const {
    for (uint32_t shared = 0; shared < kMaxShared; ++shared) {
      if (text_[before + shared] != text_[after + shared]) return directory_place(shared, text_[after + shared]);
      if (text_[before + shared] == suffix::kSeparator) break;
    }
    return kNoPlace;
  }

  std::span<const Symbol> text_;
  std::vector<uint32_t, suffix::HugePageAllocator<uint32_t>> order_;
  size_t next_suffix_;
  size_t next_symbol_ = 0;
  uint32_t group_begin_ = 0;  // the first suffix of the group that was given last
  bool is_first_ = true;
};

class MergedText final : public SortedText {
 public:
  explicit MergedText(suffix::RunMerge merge) : merge_(std::move(merge)) {}

  Result<uint32_t> next_group(std::span<uint32_t> group) override {
    suffixes_.resize(group.size());
    if (TRY(merge_.next(suffixes_)) != group.size()) {
      return fail(ErrorCode::data_loss, "the sorted runs of the build lack suffixes; run the command again");
    }
    // What two suffixes share is the least that neighbours between them share.
    const auto [first, shared_with_before] = suffixes_.front();
    const uint32_t place = is_first_ ? 0 : TRY(place_of(first, std::min(shared_, shared_with_before)));
    is_first_ = false;
    shared_ = UINT32_MAX;
    group.front() = first;
    for (size_t i = 1; i < group.size(); ++i) {
      group[i] = suffixes_[i].position;
      shared_ = std::min(shared_, suffixes_[i].shared);
    }
    return place;
  }

  Result<void> next_symbols(std::span<uint32_t> symbols) override {
    while (!symbols.empty()) {
      CHECK(next_symbol_ < merge_.text().size());
      const suffix::Stretch stretch = TRY(merge_.text().around(next_symbol_));
      const size_t count = std::min<size_t>(symbols.size(), stretch.end() - next_symbol_);
      for (uint32_t& symbol : symbols.first(count)) symbol = stretch.at(next_symbol_++);
      symbols = symbols.subspan(count);
    }
    return {};
  }

 private:
  Result<uint32_t> place_of(uint32_t suffix, uint32_t shared) {
    if (shared >= kMaxShared) return kNoPlace;
    const uint32_t symbol = TRY(merge_.text().around(suffix + shared)).at(suffix + shared);
    return symbol == suffix::kSeparator ? kNoPlace : directory_place(shared, symbol);
  }

  suffix::RunMerge merge_;
  std::vector<suffix::MergedSuffix> suffixes_;
  uint32_t shared_ = UINT32_MAX;  // by the suffixes of the group that was given last
  uint32_t next_symbol_ = 0;
  bool is_first_ = true;
};

}  // namespace

std::unique_ptr<SortedText> sort_in_memory(std::span<const uint16_t> text, uint32_t vocabulary_size,
                                           uint64_t separators) {
  return std::make_unique<MemoryText<uint16_t>>(text, vocabulary_size, separators);
}

std::unique_ptr<SortedText> sort_in_memory(std::span<const uint32_t> text, uint32_t vocabulary_size,
                                           uint64_t separators) {
  return std::make_unique<MemoryText<uint32_t>>(text, vocabulary_size, separators);
}

Result<std::unique_ptr<SortedText>> merge_runs(io::FileSystem& files, const std::vector<std::string>& paths,
                                               const suffix::MergeOptions& options) {
  return std::make_unique<MergedText>(TRY(suffix::RunMerge::open(files, paths, options)));
}

}  // namespace tribute::ngram
