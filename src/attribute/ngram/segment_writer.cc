#include "ngram/segment_writer.h"

#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "ngram/segment.h"
#include "ngram/segment_output.h"
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

SegmentWriter::SegmentWriter(uint32_t vocabulary_size) : vocabulary_size_(vocabulary_size) {
  CHECK(vocabulary_size >= 1 && vocabulary_size <= kMaxVocabularySize);
  if (vocabulary_size >= kEndOfNarrow) text_.emplace<std::vector<uint32_t>>();
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
  append_le64(entries_, entry.value());
  append_le64(contributors_, contributor.value());
  token_hashes_ += tokens_hash(tokens).view();
  token_begins_.push_back(token_count_);
  std::visit(
      [&](auto& text) {
        using Symbol = std::remove_reference_t<decltype(text)>::value_type;
        for (const TokenId token : tokens) text.push_back(static_cast<Symbol>(token.value() + 1));
        text.push_back(Symbol{suffix::kSeparator});
      },
      text_);
  token_count_ += tokens.size();
  last_entry_ = entry;
  return {};
}

Result<Hash256> SegmentWriter::write_to(SegmentTarget& target) const {
  const SegmentColumns columns{vocabulary_size_, token_count_, token_begins_, entries_, contributors_, token_hashes_};
  return std::visit([&](const auto& text) { return write_segment(text, columns, target); }, text_);
}

Hash256 SegmentWriter::name() && {
  NoTarget target;
  const auto name = write_to(target);
  CHECK(name.has_value());  // there is nothing that could fail
  return *name;
}

std::string SegmentWriter::finish() && {
  MemoryTarget target;
  CHECK(write_to(target).has_value());  // memory does not fail
  return target.take();
}

Result<Hash256> SegmentWriter::write(io::FileSystem& files, const std::string& folder) && {
  const std::string temporary = io::join(folder, "building.segment.tmp");
  const auto write = [&]() -> Result<Hash256> {
    const auto file = TRY(files.open(temporary, io::OpenMode::create));
    TRY(file->truncate(0));
    FileTarget target(*file);
    const Hash256 name = TRY(write_to(target));
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

}  // namespace tribute::ngram
