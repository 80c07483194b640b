#include "ngram/segment_runs.h"

#include <utility>

#include "base/bytes.h"

namespace tribute::ngram {
namespace {

constexpr std::string_view kRunPrefix = "building.run-";
constexpr std::string_view kRunSuffix = ".tmp";

// The paths of all files that runs are or may have been, those that were being written among them.
Result<std::vector<std::string>> run_paths(io::FileSystem& files, const std::string& folder) {
  std::vector<std::string> paths;
  for (const io::FolderEntry& entry : TRY(files.list(folder))) {
    if (entry.kind == io::EntryKind::file && entry.name.starts_with(kRunPrefix) && entry.name.ends_with(kRunSuffix)) {
      paths.push_back(io::join(folder, entry.name));
    }
  }
  return paths;
}

}  // namespace

Result<SegmentRuns> SegmentRuns::open(io::FileSystem& files, std::string folder, uint32_t vocabulary_size) {
  SegmentRuns runs(files, std::move(folder), vocabulary_size);
  for (const std::string& path : TRY(run_paths(files, runs.folder_))) {
    const auto file = suffix::RunFile::open(files, path);
    if (file) {
      runs.left_[path] = file->header();
    } else if (file.error().code != ErrorCode::data_loss) {
      return std::unexpected(file.error());
    }
  }
  return runs;
}

SegmentRuns::SegmentRuns(io::FileSystem& files, std::string folder, uint32_t vocabulary_size)
    : files_(&files), folder_(std::move(folder)), vocabulary_size_(vocabulary_size) {
  end_run();
}

Result<void> SegmentRuns::discard(io::FileSystem& files, const std::string& folder) {
  const auto paths = TRY(run_paths(files, folder));
  for (const std::string& path : paths) TRY(files.remove(path));
  return paths.empty() ? Result<void>() : files.sync_folder(folder);
}

void SegmentRuns::add_document(const Hash256& tokens_sha256) {
  std::string bytes(contents_.view());
  bytes += tokens_sha256.view();
  contents_ = sha256(bytes);
  ++document_count_;
}

bool SegmentRuns::take_up(uint64_t symbol_count) {
  const auto there = left_.find(next_path());
  if (there == left_.end()) return false;
  const suffix::RunHeader& header = there->second;
  if (header.document_count != document_count_ || header.symbol_count != symbol_count || header.contents != contents_) {
    return false;
  }
  ++taken_up_;
  paths_.push_back(there->first);
  end_run();
  return true;
}

template <typename Symbol>
Result<void> SegmentRuns::write_symbols(std::span<const Symbol> text, uint32_t threads) {
  const std::string path = next_path();
  TRY(suffix::write_run(*files_, path, text,
                        {.contents = contents_, .symbol_count = vocabulary_size_ + 1, .threads = threads}));
  paths_.push_back(path);
  end_run();
  return {};
}

Result<void> SegmentRuns::write(std::span<const uint16_t> text, uint32_t threads) {
  return write_symbols(text, threads);
}

Result<void> SegmentRuns::write(std::span<const uint32_t> text, uint32_t threads) {
  return write_symbols(text, threads);
}

std::string SegmentRuns::next_path() const {
  return io::join(folder_, std::string(kRunPrefix) + std::to_string(paths_.size()) + std::string(kRunSuffix));
}

void SegmentRuns::end_run() {
  std::string bytes = "tribute sorted run\n";
  append_le32(bytes, vocabulary_size_);
  contents_ = sha256(bytes);
  document_count_ = 0;
}

}  // namespace tribute::ngram
