#include "usecase/train_tokenizer.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "base/workers.h"
#include "text/hugging_face.h"

namespace tribute::usecase {
namespace {

constexpr int kMaxFolderDepth = 64;

struct TextFile {
  std::string path;
  uint64_t size_bytes = 0;
};

Result<void> check_is_text(const std::string& path) {
  constexpr std::array<std::string_view, 4> kOthers = {".jsonl", ".gz", ".zst", ".xz"};
  const auto is_one = [&](std::string_view end) { return path.ends_with(end); };
  if (!std::ranges::any_of(kOthers, is_one)) return {};
  return fail(ErrorCode::invalid_argument,
              path + ": a tokenizer is trained on plain text; unpack it, and write rows' texts into files");
}

Result<void> add_file(io::FileSystem& files, const std::string& path, std::vector<TextFile>& found) {
  TRY(check_is_text(path));
  const auto file = TRY(files.open(path, io::OpenMode::read));
  found.push_back({.path = path, .size_bytes = TRY(file->size())});
  return {};
}

Result<void> add_folder(io::FileSystem& files, const std::string& folder, int depth, std::vector<TextFile>& found) {
  if (depth > kMaxFolderDepth) {
    return fail(ErrorCode::invalid_argument, folder + ": folders are nested over " + std::to_string(kMaxFolderDepth) +
                                                 " deep; is there a loop of links?");
  }
  const std::vector<io::FolderEntry> entries = TRY(files.list(folder));
  for (const io::FolderEntry& entry : entries) {
    const std::string path = io::join(folder, entry.name);
    if (entry.kind == io::EntryKind::folder) {
      TRY(add_folder(files, path, depth + 1, found));
    } else {
      TRY(add_file(files, path, found));
    }
  }
  return {};
}

Result<std::vector<TextFile>> find_files(io::FileSystem& files, const std::vector<std::string>& paths) {
  std::vector<TextFile> found;
  for (const std::string& path : paths) {
    if (files.list(path).has_value()) {
      TRY(add_folder(files, path, 1, found));
    } else {
      TRY(add_file(files, path, found));
    }
  }
  return found;
}

// The files' texts in parts that end with lines, where a part has any; the parts of a file depend on it alone.
class Parts {
 public:
  Parts(io::FileSystem& files, const std::vector<TextFile>& found, uint64_t part_bytes)
      : files_(files), found_(found), part_bytes_(part_bytes) {}

  // The next part, empty at the end of all.
  Result<std::string> next() {
    while (file_ != nullptr || index_ < found_.size()) {
      if (file_ == nullptr) {
        file_ = TRY(files_.open(found_[index_++].path, io::OpenMode::read));
        offset_ = 0;
      }
      std::string part = TRY(file_->read_at(offset_, part_bytes_));
      if (part.size() == part_bytes_) {
        const size_t line_end = part.rfind('\n');
        if (line_end != std::string::npos) part.resize(line_end + 1);
      }
      offset_ += part.size();
      if (!part.empty()) return part;
      file_.reset();
    }
    return std::string();
  }

 private:
  io::FileSystem& files_;
  const std::vector<TextFile>& found_;
  uint64_t part_bytes_;
  size_t index_ = 0;
  std::unique_ptr<io::File> file_;
  uint64_t offset_ = 0;
};

std::unexpected<Error> stopped() { return fail(ErrorCode::cancelled, "the training was stopped; nothing was written"); }

// What one thread counts.
struct Counter {
  std::string part;
  text::PieceCounts counts;
  Result<void> done;
};

Result<void> count_all(Parts parts, const TrainRequest& request, workspace::Progress& progress,
                       text::PieceCounts& counts, TrainReport& report) {
  const auto splitter = text::make_training_splitter();
  Workers workers(std::max<uint32_t>(request.threads, 1));
  std::vector<Counter> counters(workers.threads());
  bool at_end = false;
  while (!at_end) {
    if (progress.stop_requested()) return stopped();
    for (Counter& counter : counters) {
      counter.part = TRY(parts.next());
      report.text_bytes += counter.part.size();
      at_end = counter.part.empty();
    }
    workers.run([&](uint32_t i) {
      Counter& counter = counters[i];
      counter.done = text::count_pieces(counter.part, *splitter, text::kMaxTrainedPieceBytes, counter.counts);
    });
    for (const Counter& counter : counters) TRY(Result<void>(counter.done));
    progress.advance(report.text_bytes);
  }
  counts = std::move(counters[0].counts);
  for (size_t i = 1; i < counters.size(); ++i) {
    TRY(counts.add(counters[i].counts));
    counters[i].counts = text::PieceCounts();
  }
  return {};
}

}  // namespace

Result<TrainReport> train_tokenizer(io::FileSystem& files, const TrainRequest& request, workspace::Progress& progress) {
  TrainReport report;
  const std::vector<TextFile> found = TRY(find_files(files, request.paths));
  uint64_t total = 0;
  for (const TextFile& file : found) total += file.size_bytes;
  report.file_count = found.size();

  text::PieceCounts counts;
  progress.begin("counting", total, "bytes");
  const auto counted = count_all(Parts(files, found, request.part_bytes), request, progress, counts, report);
  progress.end();
  if (!counted) return std::unexpected(counted.error());
  if (report.text_bytes == 0)
    return fail(ErrorCode::invalid_argument, "there is no text to train on in what was named");
  report.piece_count = counts.size();

  text::TrainingOptions options = request.options;
  options.progress = [&](uint32_t entries) {
    progress.advance(entries);
    return !progress.stop_requested();
  };
  progress.begin("merging", options.entry_count, "entries");
  const auto json = text::train_tokenizer(counts, options);
  progress.end();
  if (!json) return json.error().code == ErrorCode::cancelled ? stopped() : std::unexpected(json.error());
  // What is written is what will be read.
  const auto tokenizer = TRY(text::read_hugging_face_tokenizer(*json));
  report.entry_count = tokenizer->vocabulary_size();
  TRY(io::write_file_atomically(files, request.output, *json));
  return report;
}

}  // namespace tribute::usecase
