#include "ngram/sorted_text.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/check.h"
#include "ngram/directory.h"
#include "ngram/packed_ints.h"
#include "ngram/shared_bits.h"
#include "suffix/suffix_sort.h"

namespace tribute::ngram {
namespace {

template <typename Symbol>
class MemoryText final : public SortedText {
 public:
  MemoryText(std::span<const Symbol> text, uint32_t vocabulary_size, uint64_t separators)
      : text_(text),
        symbol_bits_(bits_below(uint64_t{vocabulary_size} + 1)),
        order_(text.size()),
        next_suffix_(separators) {
    suffix::sort_suffixes(text_, vocabulary_size + 1, order_,
                          {.threads = std::max(1U, std::thread::hardware_concurrency())});
  }

  Result<uint32_t> next_group(std::span<uint32_t> group, std::span<uint8_t> bits) override {
    CHECK(group.size() <= order_.size() - next_suffix_);
    for (size_t i = 0; i < bits.size(); ++i) bits[i] = bits_before(next_suffix_ + i);
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
  // What the suffix of a rank shares with the one before it; separators stand before the first one.
  uint8_t bits_before(size_t rank) const {
    constexpr size_t kAhead = 16;  // the text is read at random
    if (rank + kAhead < order_.size()) __builtin_prefetch(text_.data() + order_[rank + kAhead]);
    if (rank == 0) return 0;
    const Symbol* const before = text_.data() + order_[rank - 1];
    const Symbol* const at = text_.data() + order_[rank];
    uint32_t shared = 0;
    while (shared * symbol_bits_ < kMostSharedBits && before[shared] == at[shared] &&
           at[shared] != suffix::kSeparator) {
      ++shared;
    }
    return static_cast<uint8_t>(shared_bits(shared, before[shared], at[shared], symbol_bits_));
  }

  uint32_t place_between(uint32_t before, uint32_t after) const {
    for (uint32_t shared = 0; shared < kMaxShared; ++shared) {
      if (text_[before + shared] != text_[after + shared]) return directory_place(shared, text_[after + shared]);
      if (text_[before + shared] == suffix::kSeparator) break;
    }
    return kNoPlace;
  }

  std::span<const Symbol> text_;
  uint32_t symbol_bits_;
  std::vector<uint32_t, HugePageAllocator<uint32_t>> order_;
  size_t next_suffix_;
  size_t next_symbol_ = 0;
  uint32_t group_begin_ = 0;  // the first suffix of the group that was given last
  bool is_first_ = true;
};

class MergedText final : public SortedText {
 public:
  MergedText(suffix::RunMerge merge, uint32_t vocabulary_size)
      : merge_(std::move(merge)), symbol_bits_(bits_below(uint64_t{vocabulary_size} + 1)) {}

  Result<uint32_t> next_group(std::span<uint32_t> group, std::span<uint8_t> bits) override {
    suffixes_.resize(group.size());
    if (TRY(merge_.next(suffixes_)) != group.size()) {
      return fail(ErrorCode::data_loss, "the sorted runs of the build lack suffixes; run the command again");
    }
    for (size_t i = 0; i < bits.size(); ++i) {
      const suffix::MergedSuffix& of = suffixes_[i];
      bits[i] = static_cast<uint8_t>(shared_bits(of.shared, of.symbol_before, of.symbol, symbol_bits_));
    }
    const uint32_t place = is_first_ ? 0 : combined_place(since_group_, place_of(suffixes_.front()));
    is_first_ = false;
    since_group_ = kNoPlace;
    group.front() = suffixes_.front().position;
    for (size_t i = 1; i < group.size(); ++i) {
      group[i] = suffixes_[i].position;
      since_group_ = combined_place(since_group_, place_of(suffixes_[i]));
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
  // Against the suffix before it.
  static uint32_t place_of(const suffix::MergedSuffix& suffix) {
    const bool is_place = suffix.shared < kMaxShared && suffix.symbol != suffix::kSeparator;
    return is_place ? directory_place(suffix.shared, suffix.symbol) : kNoPlace;
  }

  suffix::RunMerge merge_;
  uint32_t symbol_bits_;
  std::vector<suffix::MergedSuffix> suffixes_;
  uint32_t since_group_ = kNoPlace;  // of the suffixes after the first one of the group that was given last
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
                                               uint32_t vocabulary_size, const suffix::MergeOptions& options) {
  return std::make_unique<MergedText>(TRY(suffix::RunMerge::open(files, paths, options)), vocabulary_size);
}

}  // namespace tribute::ngram
