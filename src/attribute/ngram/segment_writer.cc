#include "ngram/segment_writer.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "ngram/packed_ints.h"
#include "ngram/segment.h"
#include "ngram/shared_bits.h"
#include "ngram/sorted_text.h"
#include "suffix/suffix_sort.h"

namespace tribute::ngram {
namespace {

constexpr uint64_t kEndOfIds = uint64_t{1} << 63;
constexpr uint32_t kEndOfNarrow = uint32_t{1} << 16;

// Writes to a file, front to back but for the header.
class FileTarget final : public SegmentTarget {
 public:
  explicit FileTarget(io::File& file) : file_(file) {}
  Result<void> write_at(uint64_t offset, std::string_view bytes) override { return file_.write_at(offset, bytes); }

 private:
  io::File& file_;
};

class MemoryTarget final : public SegmentTarget {
 public:
  Result<void> write_at(uint64_t offset, std::string_view bytes) override {
    bytes_.resize(std::max<size_t>(bytes_.size(), offset + bytes.size()));
    bytes_.replace(offset, bytes.size(), bytes);
    return {};
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class NoTarget final : public SegmentTarget {
 public:
  Result<void> write_at(uint64_t, std::string_view) override { return {}; }
};

}  // namespace

SegmentWriter::SegmentWriter(uint32_t vocabulary_size, PageLayout page_layout)
    : vocabulary_size_(vocabulary_size), page_layout_(page_layout), symbol_counts_(vocabulary_size + size_t{1}) {
  CHECK(vocabulary_size >= 1 && vocabulary_size <= kMaxVocabularySize);
  if (vocabulary_size >= kEndOfNarrow) text_.emplace<std::vector<uint32_t>>();
}

Result<SegmentWriter> SegmentWriter::with_runs(io::FileSystem& files, const std::string& folder,
                                               uint32_t vocabulary_size, const BuildPlan& plan,
                                               PageLayout page_layout) {
  SegmentWriter writer(vocabulary_size, page_layout);
  writer.plan_ = plan;
  writer.runs_ = TRY(SegmentRuns::open(files, folder, vocabulary_size));
  // All at once: a vector that doubles would take up to three times as much.
  const uint64_t most = std::min(plan.run_symbols, suffix::kMaxSortedSymbols);
  std::visit([&](auto& text) { text.reserve(most); }, writer.text_);
  return writer;
}

Result<SegmentWriter> SegmentWriter::within(uint64_t memory_bytes, const BuildSize& size, io::FileSystem& files,
                                            const std::string& folder, PageLayout page_layout) {
  if (memory_bytes == 0) return SegmentWriter(size.vocabulary_size, page_layout);
  constexpr uint32_t kMostThreads = 16;
  const uint32_t threads = std::clamp(std::thread::hardware_concurrency(), 1U, kMostThreads);
  return with_runs(files, folder, size.vocabulary_size, TRY(plan_build(memory_bytes, size, threads)), page_layout);
}

uint64_t SegmentWriter::symbols_in_memory() const {
  return std::visit([](const auto& text) -> uint64_t { return text.size(); }, text_);
}

Result<void> SegmentWriter::add(EntryIndex entry, EntryIndex contributor, std::span<const TokenId> tokens) {
  const std::string document = "document of entry " + std::to_string(entry.value());
  if (last_entry_ && entry <= *last_entry_) {
    return fail(ErrorCode::invalid_argument, document + " comes after that of entry " +
                                                 std::to_string(last_entry_->value()) +
                                                 "; a segment takes documents in ascending order");
  }
  if (entry.value() >= kEndOfIds || contributor.value() >= kEndOfIds) {
    return fail(ErrorCode::invalid_argument, document + " has an entry index of 2^63 or more");
  }
  for (const TokenId token : tokens) {
    if (token.value() >= vocabulary_size_) {
      return fail(ErrorCode::invalid_argument, document + " has token " + std::to_string(token.value()) +
                                                   ", outside the vocabulary of " + std::to_string(vocabulary_size_));
    }
  }
  if (tokens.size() + 1 > suffix::kMaxSortedSymbols - token_count_ - document_count()) {
    return fail(ErrorCode::resource_exhausted, document + " does not fit into the segment; begin another");
  }
  if (runs_ && tokens.size() + 1 > plan_.run_symbols) {
    return fail(ErrorCode::failed_precondition, document + " has " + std::to_string(tokens.size()) +
                                                    " tokens, more than are sorted at a time; build with more memory");
  }
  if (runs_ && symbols_in_memory() + tokens.size() + 1 > plan_.run_symbols) TRY(end_run());
  append_le64(entries_, entry.value());
  append_le64(contributors_, contributor.value());
  const Hash256 hash = tokens_hash(tokens);
  token_hashes_ += hash.view();
  token_begins_.push_back(token_count_);
  std::visit(
      [&](auto& text) {
        using Symbol = std::remove_reference_t<decltype(text)>::value_type;
        for (const TokenId token : tokens) {
          text.push_back(static_cast<Symbol>(token.value() + 1));
          ++symbol_counts_[token.value() + size_t{1}];
        }
        text.push_back(Symbol{suffix::kSeparator});
      },
      text_);
  token_count_ += tokens.size();
  last_entry_ = entry;
  ++symbol_counts_[suffix::kSeparator];
  if (runs_) {
    runs_->add_document(hash);
    if (runs_->take_up(symbols_in_memory())) std::visit([](auto& text) { text.clear(); }, text_);
  }
  return {};
}

Result<void> SegmentWriter::end_run() {
  return std::visit(
      [&](auto& text) -> Result<void> {
        using Symbol = std::remove_reference_t<decltype(text)>::value_type;
        TRY(runs_->write(std::span<const Symbol>(text), plan_.threads));
        text.clear();
        return {};
      },
      text_);
}

Result<Hash256> SegmentWriter::write_to(SegmentTarget& target, SegmentProgress& progress) {
  const SegmentColumns columns{vocabulary_size_, page_layout_,  token_count_,  token_begins_,
                               entries_,         contributors_, token_hashes_, symbol_counts_};
  std::unique_ptr<SortedText> text;
  progress.begin("sorting", symbols_in_memory());
  if (runs_ && !runs_->paths().empty()) {
    if (symbols_in_memory() > 0) TRY(end_run());
    std::visit([](auto& symbols) { std::remove_reference_t<decltype(symbols)>().swap(symbols); }, text_);  // freed
    suffix::MergeOptions options = plan_.merge;
    if (page_layout_ == PageLayout::disk) {
      options.parting_symbols = kMostSharedBits / bits_below(uint64_t{vocabulary_size_} + 1) + 1;
    }
    text = TRY(merge_runs(runs_->files(), runs_->paths(), vocabulary_size_, options));
    progress.begin("merging", token_count_);
  } else {
    text = std::visit(
        [&](const auto& symbols) {
          using Symbol = std::remove_reference_t<decltype(symbols)>::value_type;
          return sort_in_memory(std::span<const Symbol>(symbols), vocabulary_size_, document_count());
        },
        text_);
    progress.begin("writing", token_count_);
  }
  return write_segment(*text, columns, target, progress);
}

Hash256 SegmentWriter::name() && {
  CHECK(!runs_);
  NoTarget target;
  SegmentProgress progress;
  const auto name = write_to(target, progress);
  CHECK(name.has_value());  // there is nothing that could fail
  return *name;
}

std::string SegmentWriter::finish() && {
  CHECK(!runs_);
  MemoryTarget target;
  SegmentProgress progress;
  CHECK(write_to(target, progress).has_value());  // memory does not fail
  return target.take();
}

Result<Hash256> SegmentWriter::write_file(io::FileSystem& files, const std::string& folder, SegmentProgress& progress) {
  const std::string temporary = io::join(folder, "building.segment.tmp");
  const auto write = [&]() -> Result<Hash256> {
    const auto file = TRY(files.open(temporary, io::OpenMode::create));
    TRY(file->truncate(0));
    FileTarget target(*file);
    const Hash256 name = TRY(write_to(target, progress));
    TRY(file->sync());
    return name;
  };
  Result<Hash256> name = write();
  if (name) {
    const auto there = Segment::open(files, folder, *name);
    if (there && there->check_blocks()) {
      TRY(files.remove(temporary));
      return name;
    }
    if (auto renamed = files.rename(temporary, segment_path(folder, *name)); !renamed) {
      name = std::unexpected(std::move(renamed.error()));
    }
  }
  if (!name) {
    // The first error is the one to tell; a temporary file that stays is overwritten by the next write.
    (void)files.remove(temporary);
    return name;
  }
  TRY(files.sync_folder(folder));
  return name;
}

Result<Hash256> SegmentWriter::write(io::FileSystem& files, const std::string& folder, SegmentProgress& progress) && {
  const auto name = write_file(files, folder, progress);
  if (name) {
    TRY(SegmentRuns::discard(files, folder));
  } else if (name.error().code == ErrorCode::data_loss) {
    // The next build makes its runs anew. The first error is the one to tell.
    (void)SegmentRuns::discard(files, folder);
  }
  return name;
}

Result<Hash256> SegmentWriter::write(io::FileSystem& files, const std::string& folder) && {
  SegmentProgress progress;
  return std::move(*this).write(files, folder, progress);
}

}  // namespace tribute::ngram
