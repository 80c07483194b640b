// Use case: train a tokenizer on files of text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "io/file_system.h"
#include "text/training.h"
#include "workspace/progress.h"

namespace tribute::usecase {

struct TrainRequest {
  // Files, each plain text whatever its name, and folders, of which every file counts, folders in them too.
  std::vector<std::string> paths;
  std::string output;  // where the tokenizer.json goes; what is there is replaced
  text::TrainingOptions options;
  uint32_t threads = 1;           // that count pieces, at least 1; the tokenizer is the same
  uint64_t part_bytes = 8 << 20;  // a thread holds so much text at a time; files are cut so at ends of lines
};

struct TrainReport {
  uint64_t file_count = 0;
  uint64_t text_bytes = 0;
  uint64_t piece_count = 0;  // distinct ones
  uint32_t entry_count = 0;  // of the tokenizer, special ones too; fewer than asked for where the text has no more
};

// The tokenizer depends on the set of files' bytes and the options: not on their names or order, nor on `threads`.
// Needs no workspace. Memory: threads × part_bytes, and what text::PieceCounts and bpe::train() say.
// Errors: those of the file system; invalid_argument where there is no text, for compressed files and JSON rows, and
// as text::train_tokenizer() says; cancelled if `progress` was told to stop, with nothing written.
Result<TrainReport> train_tokenizer(io::FileSystem& files, const TrainRequest& request, workspace::Progress& progress);

}  // namespace tribute::usecase
