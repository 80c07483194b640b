// Sorting and writing of a run.
#include <algorithm>
#include <cstring>
#include <vector>

#include "base/check.h"
#include "base/huge_pages.h"
#include "base/workers.h"
#include "suffix/run_file.h"
#include "suffix/run_record.h"
#include "suffix/shared_prefixes.h"
#include "suffix/suffix_sort.h"

namespace tribute::suffix {
namespace {

constexpr size_t kAhead = 16;
// Of text and suffixes, so that what is made of them fits kRunBufferBytes twice.
constexpr uint64_t kBytesAtOnce = kRunBufferBytes / 4;

using Positions = std::vector<uint32_t, HugePageAllocator<uint32_t>>;

template <typename Integer>
void put(char*& at, Integer value) {
  std::memcpy(at, &value, sizeof(value));
  at += sizeof(value);
}

template <typename Symbol>
class RunWriter {
 public:
  RunWriter(io::File& file, std::span<const Symbol> text, const RunOptions& options)
      : file_(file), text_(text), options_(options), workers_(options.threads) {
    header_.contents = options.contents;
    header_.symbol_bytes = sizeof(Symbol);
    header_.symbol_count = text.size();
  }

  Result<void> write() {
    Positions order(text_.size());
    sort_suffixes(text_, options_.symbol_count, order, {.threads = options_.threads});
    header_.document_count = static_cast<uint64_t>(
        std::ranges::partition_point(order, [&](uint32_t position) { return text_[position] == kSeparator; }) -
        order.begin());
    const auto suffixes = std::span<const uint32_t>(order).subspan(header_.document_count);
    Positions shared(text_.size());
    share_with_previous(text_, suffixes, shared, workers_);
    TRY(write_text());
    CHECK(next_block_ == header_.first_suffix_block());
    TRY(write_suffixes(suffixes, shared));
    header_.suffix_block_count = next_block_ - header_.first_suffix_block();
    return file_.write_at(0, to_block(header_));
  }

 private:
  Result<void> write_blocks(const std::string& blocks) {
    TRY(file_.write_at(next_block_ * kBlockBytes, blocks));
    next_block_ += blocks.size() / kBlockBytes;
    return {};
  }

  Result<void> write_text() {
    const size_t per_block = header_.symbols_per_block();
    const size_t at_once = kBytesAtOnce / kBlockBytes * per_block;
    for (size_t begin = 0; begin < text_.size(); begin += at_once) {
      const size_t end = std::min(begin + at_once, text_.size());
      std::string blocks;
      for (size_t i = begin; i < end; i += per_block) {
        const auto symbols = text_.subspan(i, std::min(per_block, end - i));
        append_block(blocks, {reinterpret_cast<const char*>(symbols.data()), symbols.size_bytes()}, header_.seed(),
                     header_.first_text_block() + i / per_block);
      }
      TRY(write_blocks(blocks));
    }
    return {};
  }

  // Each thread makes blocks of its part of what is written at once. A block's checksum depends on its place, which
  // is known when the parts before it are done.
  Result<void> write_suffixes(std::span<const uint32_t> suffixes, std::span<const uint32_t> shared) {
    const uint32_t threads = workers_.threads();
    const size_t at_once = threads * (kBytesAtOnce / smallest_record(sizeof(Symbol)));
    std::vector<std::vector<std::string>> parts(threads);
    for (size_t begin = 0; begin < suffixes.size(); begin += at_once) {
      const size_t size = std::min(at_once, suffixes.size() - begin);
      workers_.run([&](uint32_t i) {
        const uint32_t first = part_begin(size, i, threads);
        parts[i].clear();
        encode(suffixes.subspan(begin + first, part_begin(size, i + 1, threads) - first), shared, parts[i]);
      });
      for (const auto& payloads : parts) {
        std::string blocks;
        blocks.reserve(payloads.size() * kBlockBytes);
        uint64_t index = next_block_;
        for (const std::string& payload : payloads) append_block(blocks, payload, header_.seed(), index++);
        TRY(write_blocks(blocks));
      }
    }
    return {};
  }

  void encode(std::span<const uint32_t> suffixes, std::span<const uint32_t> shared,
              std::vector<std::string>& payloads) const {
    for (size_t i = 0; i < suffixes.size();) {
      std::string& payload = payloads.emplace_back(kPayloadBytes, '\0');
      char* at = payload.data() + sizeof(uint16_t);
      const char* const last = payload.data() + kPayloadBytes - largest_record(sizeof(Symbol));
      uint16_t count = 0;
      for (; i < suffixes.size() && at <= last; ++i, ++count) {
        if (i + 2 * kAhead < suffixes.size()) __builtin_prefetch(&shared[suffixes[i + 2 * kAhead]]);
        if (i + kAhead < suffixes.size()) {
          const uint32_t later = suffixes[i + kAhead];
          __builtin_prefetch(&text_[later + shared[later]]);
        }
        put_record(at, suffixes[i], shared[suffixes[i]]);
      }
      std::memcpy(payload.data(), &count, sizeof(count));
    }
  }

  void put_record(char*& at, uint32_t position, uint32_t shared) const {
    put(at, position);
    put(at, static_cast<uint8_t>(std::min(shared, kSharedElsewhere)));
    if (shared >= kSharedElsewhere) put(at, shared);
    const Symbol* symbol = &text_[position + shared];
    for (uint32_t i = 0; i < kSymbolsAhead; ++i) {
      put(at, *symbol);
      symbol += *symbol == kSeparator ? 0 : 1;
    }
  }

  io::File& file_;
  std::span<const Symbol> text_;
  const RunOptions& options_;
  Workers workers_;
  RunHeader header_;
  uint64_t next_block_ = 1;
};

template <typename Symbol>
Result<void> write(io::FileSystem& files, const std::string& path, std::span<const Symbol> text,
                   const RunOptions& options) {
  const std::string temporary = path + ".tmp";
  {
    const auto file = TRY(files.open(temporary, io::OpenMode::create));
    TRY(file->truncate(0));
    TRY(RunWriter<Symbol>(*file, text, options).write());
    TRY(file->sync());
  }
  TRY(files.rename(temporary, path));
  return files.sync_folder(io::parent_of(path));
}

}  // namespace

Result<void> write_run(io::FileSystem& files, const std::string& path, std::span<const uint16_t> text,
                       const RunOptions& options) {
  return write(files, path, text, options);
}

Result<void> write_run(io::FileSystem& files, const std::string& path, std::span<const uint32_t> text,
                       const RunOptions& options) {
  return write(files, path, text, options);
}

}  // namespace tribute::suffix
