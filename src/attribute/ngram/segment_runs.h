// The sorted runs of a segment that is being built: files that a build which was killed leaves to the next one.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "io/file_system.h"
#include "suffix/run_file.h"

namespace tribute::ngram {

// `<folder>/building.run-N.tmp` is run N of the build at hand, from 0 on. Each names what it was made from: a hash over
// the vocabulary's size and the token hashes of its documents in their order. So whoever builds the same again
// finds what is done already, and takes nothing for it that is not. Not thread-safe; nobody else may write into the
// folder meanwhile.
class SegmentRuns {
 public:
  // Looks for runs that are left in the folder; what is none is not one of them.
  // Errors: those of the file system.
  static Result<SegmentRuns> open(io::FileSystem& files, std::string folder, uint32_t vocabulary_size);

  // Removes all that a build may have left in the folder. Errors: those of the file system.
  static Result<void> discard(io::FileSystem& files, const std::string& folder);

  // The run at hand has one more document.
  void add_document(const Hash256& tokens_sha256);
  // Whether the documents so far, `symbol_count` with their separators, are a run that is there. Then the next
  // document is the first of the next run.
  bool take_up(uint64_t symbol_count);
  // Sorts and writes the run at hand. Then the next document is the first of the next run.
  // Errors: those of write_run().
  Result<void> write(std::span<const uint16_t> text, uint32_t threads);
  Result<void> write(std::span<const uint32_t> text, uint32_t threads);

  io::FileSystem& files() const { return *files_; }
  // The runs so far.
  const std::vector<std::string>& paths() const { return paths_; }
  // How many of them were there.
  uint64_t taken_up() const { return taken_up_; }

 private:
  SegmentRuns(io::FileSystem& files, std::string folder, uint32_t vocabulary_size);
  std::string next_path() const;
  void end_run();
  template <typename Symbol>
  Result<void> write_symbols(std::span<const Symbol> text, uint32_t threads);

  io::FileSystem* files_;
  std::string folder_;
  uint32_t vocabulary_size_;
  std::map<std::string, suffix::RunHeader> left_;  // by path
  std::vector<std::string> paths_;
  uint64_t taken_up_ = 0;
  Hash256 contents_;  // of the run at hand
  uint64_t document_count_ = 0;
};

}  // namespace tribute::ngram
