// Many answers, from one file of JSON lines.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "cli/context.h"
#include "datanet/line_reader.h"
#include "usecase/answer.h"

namespace tribute::cli {

struct AnswerRow {
  uint64_t line = 0;  // from 1
  std::optional<std::string> id;
  usecase::Answer answer;
};

// Reads lines {"id", "prompt", "output"}: "id" is a string, "prompt" a string or an array of strings, one a message;
// both may be absent or null. "output", a string, must be there. Fields of other names are ignored, and lines of white
// space alone skipped. Memory: one line of at most 128 MiB. Not thread-safe.
class AnswerRows {
 public:
  // "-" is standard input; a name that ends with .zst or .gz is decompressed. Errors: those of FileSystem::open().
  static Result<AnswerRows> open(Context& context, const std::string& path);

  // The next row, or nullopt at the end. Errors: invalid_argument for a line that is none of these, named "FILE:LINE";
  // those of reading.
  Result<std::optional<AnswerRow>> next();

  // "FILE:LINE".
  std::string place(uint64_t line) const;

 private:
  AnswerRows(std::string path, std::unique_ptr<datanet::ByteSource> source);
  Result<AnswerRow> parse(const datanet::Line& line) const;
  std::unexpected<Error> broken(const Error& error) const;

  std::string path_;
  datanet::LineReader lines_;
};

}  // namespace tribute::cli
