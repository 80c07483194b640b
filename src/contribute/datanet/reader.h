// Reads contributions from files, folders and standard input, row by row.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "datanet/byte_source.h"
#include "datanet/row.h"
#include "io/file_system.h"

namespace tribute::datanet {

// How far reading is. Bytes are those of the files as they lie there, compressed or not.
struct ReadProgress {
  uint64_t bytes_taken = 0;
  uint64_t bytes_total = 0;         // of all files that will be read; standard input counts as nothing
  uint64_t file_count = 0;          // files and standard input that will be read
  uint64_t ignored_file_count = 0;  // files of other kinds in the folders
};

// The rows of the given paths, in their order: a folder's files bytewise by their path in it, folders
// in it too; a file's rows as they stand. What a file is says the end of its name:
//
// - .jsonl, .jsonl.zst, .jsonl.gz: one JSON row a line (json_row.h). Lines of white space alone are
//   skipped. Standard input ("-") is read as .jsonl. A line over line_limit() bytes is a bad row and
//   is not held. Where a compressed stream is broken, the rows before are given, then a bad row with
//   the place, then the next file.
// - .txt, .md: the file is one document, its bytes kept as they are. Its id is its path relative to
//   the folder that was named, or, of a file that was named itself, its file name. A Markdown file's
//   title is its first heading, a text file's is empty.
//
// Memory: one line or document, not the file. Not thread-safe. The FileSystem must outlive it.
class ContributionReader {
 public:
  // Lists the folders and looks for the files. `standard_input` is what "-" means, or nullptr.
  // Errors: those of the file system (not_found, say); invalid_argument for a named file of another
  // kind, for "-" without `standard_input` or twice, and for folders nested over 64 deep.
  static Result<std::unique_ptr<ContributionReader>> open(io::FileSystem& files, const std::vector<std::string>& paths,
                                                          std::unique_ptr<ByteSource> standard_input,
                                                          RowOptions options);
  ~ContributionReader();

  // The next row, good (completed and checked) or bad, or nullopt at the end.
  // Errors: those of the file system; then the reader can only be dropped.
  Result<std::optional<RowOrBad>> next();

  ReadProgress progress() const;

 private:
  struct State;
  explicit ContributionReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The longest line that is read: twice max_document_bytes, for escapes, and 1 MiB for the rest.
uint64_t line_limit(const RowOptions& options);

}  // namespace tribute::datanet
