#include "extremes/build.h"

#include <malloc.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "ngram/build_memory.h"
#include "ngram/index.h"
#include "ngram/manifest.h"
#include "ngram/segment.h"
#include "ngram/segment_writer.h"

namespace tribute::extremes {
namespace {

// The most memory that the process has had since it was made, by Linux's account.
class PeakMemory {
 public:
  PeakMemory() {
    malloc_trim(0);
    std::ofstream file("/proc/self/clear_refs");
    file << 5 << std::flush;  // the peak is what there is now
    is_known_ = file.good();
  }

  std::optional<uint64_t> bytes() const {
    std::ifstream file("/proc/self/status");
    for (std::string word; is_known_ && file >> word;) {
      uint64_t kib = 0;
      if (word == "VmHWM:" && file >> kib) return kib * 1024;
    }
    return std::nullopt;
  }

 private:
  bool is_known_ = false;
};

class Stopwatch {
 public:
  void start() { begin_ = std::chrono::steady_clock::now(); }
  void stop() { seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }
  double seconds() const { return seconds_; }

 private:
  std::chrono::steady_clock::time_point begin_;
  double seconds_ = 0;
};

Result<ngram::SegmentWriter> make_writer(const Extreme& extreme, Building building, io::FileSystem& files,
                                         const std::string& folder) {
  if (building == Building::in_memory) return ngram::SegmentWriter(extreme.vocabulary_size);
  ngram::BuildSize size{.vocabulary_size = extreme.vocabulary_size, .document_count = extreme.document_count};
  for (uint64_t number = 0; number < extreme.document_count; ++number) {
    const uint64_t tokens = extreme.document(number).size();
    size.token_count += tokens;
    size.longest_document = std::max(size.longest_document, tokens);
  }
  const ngram::BuildPlan plan = TRY(ngram::plan_build(ngram::least_build_bytes(size, 1), size, 1));
  return ngram::SegmentWriter::with_runs(files, folder, extreme.vocabulary_size, plan);
}

}  // namespace

Result<ScratchFolder> ScratchFolder::make() {
  std::string pattern = (std::filesystem::temp_directory_path() / "tribute-extremes-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    return fail(ErrorCode::unavailable, pattern + ": " + std::generic_category().message(errno) + "; set TMPDIR");
  }
  return ScratchFolder(pattern);
}

void ScratchFolder::Remove::operator()(const std::string* path) const {
  const std::unique_ptr<const std::string> owned(path);
  std::error_code ignored;  // what cannot be removed is the system's to clean
  std::filesystem::remove_all(*owned, ignored);
}

Result<Built> build(const Extreme& extreme, Building building, io::FileSystem& files, const std::string& folder) {
  Built built;
  ngram::SegmentWriter writer = TRY(make_writer(extreme, building, files, folder));
  const PeakMemory peak;
  Stopwatch watch;
  for (uint64_t number = 0; number < extreme.document_count; ++number) {
    const Tokens tokens = extreme.document(number);
    watch.start();
    TRY(writer.add(extreme.entry(number), extreme.contributor(number), tokens));
    watch.stop();
  }
  built.token_count = writer.token_count();
  watch.start();
  built.name = TRY(std::move(writer).write(files, folder));
  watch.stop();
  built.seconds = watch.seconds();
  built.peak_bytes = peak.bytes();
  return built;
}

Result<ngram::IndexSource> open_source(const Extreme& extreme, const Hash256& segment, io::FileSystem& files,
                                       const std::string& folder) {
  std::vector<ngram::Segment> segments;
  segments.push_back(TRY(ngram::Segment::open(files, folder, segment)));
  const ngram::ManifestHead head{.vocabulary_size = extreme.vocabulary_size,
                                 .log_size = extreme.entry(extreme.document_count).value()};
  const ngram::Manifest manifest = TRY(ngram::make_manifest(head, segments, {}));
  std::vector<ngram::Index> indexes;
  indexes.push_back(TRY(ngram::Index::open(files, folder, TRY(ngram::write_manifest(files, folder, manifest)))));
  std::vector<EntryIndex> withdrawn;
  for (uint64_t number = 0; number < extreme.document_count; ++number) {
    if (!extreme.is_live(number)) withdrawn.push_back(extreme.entry(number));
  }
  return ngram::IndexSource::open(std::move(indexes), withdrawn);
}

}  // namespace tribute::extremes
