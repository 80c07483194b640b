// Segments of extremes in a folder of their own, how long they take and how much memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/hash.h"
#include "extremes/extreme.h"
#include "io/file_system.h"
#include "ngram/index_source.h"

namespace tribute::extremes {

// A folder among the system's temporary ones, removed with all in it at the end.
class ScratchFolder {
 public:
  // Errors: unavailable.
  static Result<ScratchFolder> make();

  const std::string& path() const { return *path_; }

 private:
  struct Remove {
    void operator()(const std::string* path) const;
  };
  explicit ScratchFolder(const std::string& path) : path_(new std::string(path)) {}

  std::unique_ptr<const std::string, Remove> path_;
};

// A segment that was built.
struct Built {
  Hash256 name;
  uint64_t token_count = 0;
  double seconds = 0;                  // of the writer alone, not of making the documents
  std::optional<uint64_t> peak_bytes;  // of the process meanwhile, the document at hand among it; unset: unknown
};

// How it is built: all in memory, or in sorted runs within the least memory that build_memory.h gives for it.
enum class Building : uint8_t { in_memory, in_runs };

// Errors: those of SegmentWriter and plan_build().
Result<Built> build(const Extreme& extreme, Building building, io::FileSystem& files, const std::string& folder);

// An index of the segment alone, less what is withdrawn, mapped. Errors: those of Index and IndexSource.
Result<ngram::IndexSource> open_source(const Extreme& extreme, const Hash256& segment, io::FileSystem& files,
                                       const std::string& folder);

}  // namespace tribute::extremes
