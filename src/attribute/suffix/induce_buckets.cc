#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "suffix/induce.h"

namespace tribute::suffix {
namespace {

// Entries that one thread takes at a time, and how many entries ahead the text before an entry and the place for
// what is induced are fetched.
constexpr uint32_t kBlock = 1024;
// And at most so many before the threads meet, which takes a microsecond or, on a busy machine, much more.
constexpr uint32_t kShare = 8192;
constexpr uint32_t kTextAhead = 64;
constexpr uint32_t kEntryAhead = 16;
// The heads of so many neighbouring buckets share a line of the cache, and are one thread's.
constexpr uint32_t kHeadsPerLine = 16;

enum class Way : uint8_t { up, down };

// What a thread induces for the buckets of another.
template <typename Symbol>
struct Parcel {
  std::array<uint32_t, kShare> entries;
  std::array<Symbol, kShare> symbols;
  uint32_t count = 0;
};

// No bucket is left before all that belongs into it has come, so that entries [i, heads[symbol]) of the bucket at hand,
// or below it on the way down, are ready: what is induced from them stands behind them. They are taken in
// blocks, without branches that no one can foretell, and large blocks are shared among the workers: first each
// induces from its part of the block, then each puts what belongs into its buckets there, in the block's order.
template <typename Symbol, Way kWay, Leave kLeave>
class BucketWalk {
 public:
  explicit BucketWalk(Level<Symbol>& level)
      : level_(level), text_(level.text), order_(level.order), heads_(level.buckets.heads) {
    const uint32_t threads = level.workers.threads();
    if (threads == 1) return;
    parcels_.resize(size_t{threads} * threads);
    share_buckets();
  }

  void walk() {
    if constexpr (kWay == Way::up) {
      ascend();
    } else {
      descend();
    }
  }

 private:
  using Block = std::array<uint32_t, kBlock + kTextAhead>;

  void ascend() {
    const auto& ends = level_.buckets.ends;
    heads_[kSeparator] = 0;
    std::copy(ends.begin(), ends.end() - 1, heads_.begin() + 1);
    for (uint32_t i = 0; i < ends[kSeparator];) i = take(i, ends[kSeparator]);
    for (uint32_t symbol = 1; symbol < level_.symbol_count(); ++symbol) {
      for (uint32_t i = ends[symbol - 1]; i < heads_[symbol];) i = take(i, heads_[symbol]);
      for (uint32_t i = level_.buckets.seeds[symbol]; i < ends[symbol];) i = take(i, ends[symbol]);
    }
  }

  void descend() {
    const auto& ends = level_.buckets.ends;
    std::ranges::copy(ends, heads_.begin());
    for (uint32_t symbol = level_.symbol_count(); symbol-- > 1;) {
      // First what this walk has put there, then what the other has.
      const uint32_t begin = ends[symbol - 1];
      for (uint32_t i = ends[symbol]; i > begin;) i = take(i > heads_[symbol] ? heads_[symbol] : begin, i);
    }
  }

  // Induces from a block at the near end of the ready entries [begin, end); returns where it ends.
  uint32_t take(uint32_t begin, uint32_t end) {
    const bool is_shared = !parcels_.empty() && end - begin >= level_.tuning.shared_entries;
    const uint32_t size = std::min(end - begin, is_shared ? kShare * level_.workers.threads() : kBlock);
    const uint32_t first = kWay == Way::up ? begin : end - size;
    if (is_shared) {
      share(first, size);
    } else {
      take_alone(first, first + size);
    }
    return kWay == Way::up ? first + size : first;
  }

  // The positions before the open entries of [begin, end), on the way; with what is fetched ahead behind them.
  uint32_t open_entries(uint32_t begin, uint32_t end, Block& block) {
    uint32_t count = 0;
    for (uint32_t k = begin; k < end; ++k) {
      uint32_t& place = order_[kWay == Way::up ? k : begin + (end - 1 - k)];
      const uint32_t entry = place;
      const bool is_marked = (entry & kMark) != 0;
      block[count] = (entry & ~kMark) - 1;
      if constexpr (kWay == Way::up) {
        count += is_marked ? 0 : 1;
        if constexpr (kLeave == Leave::seeds) place = is_marked ? entry : 0;
      } else {
        count += entry > kMark ? 1 : 0;
        place = kLeave == Leave::all ? entry & ~kMark : is_marked ? 0 : entry;
      }
    }
    if (count > 0) std::fill_n(block.begin() + count, kTextAhead, block[count - 1]);
    for (uint32_t j = 0; j < std::min(count, kTextAhead); ++j) __builtin_prefetch(&text_[block[j]]);
    return count;
  }

  // The entry of a suffix that is induced.
  uint32_t entry_of(uint32_t position, Symbol symbol) const {
    if (position == 0) return kMark;
    return marked(position, kWay == Way::up ? text_[position - 1] < symbol : text_[position - 1] <= symbol);
  }

  void fetch_place(Symbol symbol) const {
    __builtin_prefetch(order_.data() + heads_[symbol] - (kWay == Way::up ? 0 : 1), 1);
  }

  void put(Symbol symbol, uint32_t entry) {
    if constexpr (kWay == Way::up) {
      order_[heads_[symbol]++] = entry;
    } else if (symbol != kSeparator) {  // the separators have their places
      order_[--heads_[symbol]] = entry;
    }
  }

  void take_alone(uint32_t begin, uint32_t end) {
    Block block;                         // NOLINT(cppcoreguidelines-pro-type-member-init): written before read
    std::array<Symbol, kBlock> symbols;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    const uint32_t count = open_entries(begin, end, block);
    for (uint32_t j = 0; j < count + kEntryAhead; ++j) {
      if (j < count) {
        __builtin_prefetch(&text_[block[j + kTextAhead]]);
        symbols[j] = text_[block[j]];
        block[j] = entry_of(block[j], symbols[j]);
        fetch_place(symbols[j]);
      }
      if (j >= kEntryAhead) put(symbols[j - kEntryAhead], block[j - kEntryAhead]);
    }
  }

  void share(uint32_t begin, uint32_t size) {
    const uint32_t threads = level_.workers.threads();
    level_.workers.run([this, begin, size, threads](uint32_t i) {
      // On the way down the first part is the last one.
      const uint32_t part = kWay == Way::up ? i : threads - 1 - i;
      pack(begin + part_begin(size, part, threads), begin + part_begin(size, part + 1, threads),
           std::span(parcels_).subspan(size_t{i} * threads, threads));
      level_.workers.meet();
      for (uint32_t from = 0; from < threads; ++from) unpack(parcels_[size_t{from} * threads + i]);
    });
  }

  void pack(uint32_t begin, uint32_t end, std::span<Parcel<Symbol>> parcels) {
    for (Parcel<Symbol>& parcel : parcels) parcel.count = 0;
    for (uint32_t done = 0; done < end - begin;) {
      const uint32_t size = std::min(end - begin - done, kBlock);
      const uint32_t first = kWay == Way::up ? begin + done : end - done - size;
      pack_block(first, first + size, parcels);
      done += size;
    }
  }

  void pack_block(uint32_t begin, uint32_t end, std::span<Parcel<Symbol>> parcels) {
    Block block;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before read
    const uint32_t count = open_entries(begin, end, block);
    for (uint32_t j = 0; j < count; ++j) {
      __builtin_prefetch(&text_[block[j + kTextAhead]]);
      const Symbol symbol = text_[block[j]];
      Parcel<Symbol>& parcel = parcels[owners_[symbol / kHeadsPerLine]];
      parcel.entries[parcel.count] = entry_of(block[j], symbol);
      parcel.symbols[parcel.count++] = symbol;
    }
  }

  void unpack(const Parcel<Symbol>& parcel) {
    for (uint32_t j = 0; j < std::min(parcel.count, kEntryAhead); ++j) fetch_place(parcel.symbols[j]);
    for (uint32_t j = 0; j < parcel.count; ++j) {
      if (j + kEntryAhead < parcel.count) fetch_place(parcel.symbols[j + kEntryAhead]);
      put(parcel.symbols[j], parcel.entries[j]);
    }
  }

  // Gives the buckets to the workers, so that about as much is induced into those of each. How much of a bucket is
  // induced on this way is guessed: the more of the text's symbols are smaller, the more of its suffixes are of type L.
  void share_buckets() {
    const auto& ends = level_.buckets.ends;
    owners_.resize(ends.size() / kHeadsPerLine + 1);
    std::vector<std::pair<uint64_t, uint32_t>> lines;
    for (uint32_t line = 0; line < owners_.size(); ++line) {
      const auto last = std::min(size_t{line + 1} * kHeadsPerLine, ends.size());
      const uint32_t begin = line == 0 ? 0 : ends[size_t{line} * kHeadsPerLine - 1];
      const uint32_t end = ends[last - 1];
      const uint64_t others = kWay == Way::up ? begin : ends.back() - end;
      lines.emplace_back((end - begin) * others, line);
    }
    std::ranges::sort(lines, std::ranges::greater());
    std::vector<uint64_t> loads(level_.workers.threads());
    for (const auto& [load, line] : lines) {
      const auto least = std::ranges::min_element(loads);
      owners_[line] = static_cast<uint8_t>(least - loads.begin());
      *least += load;
    }
  }

  Level<Symbol>& level_;
  std::span<const Symbol> text_;
  std::span<uint32_t> order_;
  std::span<uint32_t> heads_;
  std::vector<Parcel<Symbol>> parcels_;  // from each worker to each; none if there is one worker
  std::vector<uint8_t> owners_;          // of each line of heads the worker
};

}  // namespace

template <Leave kLeave, typename Symbol>
void induce_by_buckets(Level<Symbol>& level) {
  BucketWalk<Symbol, Way::up, kLeave>(level).walk();
  BucketWalk<Symbol, Way::down, kLeave>(level).walk();
}

template void induce_by_buckets<Leave::seeds>(Level<uint16_t>& level);
template void induce_by_buckets<Leave::seeds>(Level<uint32_t>& level);
template void induce_by_buckets<Leave::all>(Level<uint16_t>& level);
template void induce_by_buckets<Leave::all>(Level<uint32_t>& level);

}  // namespace tribute::suffix
