// Lines of a byte source, one at a time, each of bounded size.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "datanet/byte_source.h"

namespace tribute::datanet {

struct Line {
  uint64_t number = 0;    // from 1
  std::string_view text;  // without its end; empty if `too_long`; valid until the next call
  bool too_long = false;
};

// Cuts a source into lines. A line ends in LF or CR LF, the last one possibly in nothing. A byte order
// mark (EF BB BF) at the beginning is dropped. A line over `max_bytes` is read past without being held.
// Memory: at most max_bytes and one part of the source. Not thread-safe.
class LineReader {
 public:
  LineReader(std::unique_ptr<ByteSource> source, uint64_t max_bytes);

  // The next line, or nullopt at the end. Errors: those of the source; bytes of the line that it broke
  // off in are lost, and line_number() says which it was.
  Result<std::optional<Line>> next();

  // The number of the line that next() gave last, or failed in.
  uint64_t line_number() const { return line_number_; }
  uint64_t bytes_taken() const { return source_->bytes_taken(); }

 private:
  Result<bool> refill();
  void add(std::string_view bytes);
  Line finished_line(std::string_view whole);

  std::unique_ptr<ByteSource> source_;
  uint64_t max_bytes_;
  std::string_view part_;  // what of the source's part is not given out yet
  std::string held_;       // the beginning of a line that reaches over parts
  bool too_long_ = false;
  uint64_t line_number_ = 0;
};

}  // namespace tribute::datanet
