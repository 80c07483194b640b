#include "datanet/line_reader.h"

#include <utility>

namespace tribute::datanet {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
// A buffer that a long line left behind is given back beyond this size.
constexpr size_t kKeptBytes = 1 << 20;

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteSource> source, uint64_t max_bytes)
    : source_(std::move(source)), max_bytes_(max_bytes) {}

Result<bool> LineReader::refill() {
  if (part_.empty()) part_ = TRY(source_->read());
  return !part_.empty();
}

// One byte more than the limit is held, which may be the CR of the line's end.
void LineReader::add(std::string_view bytes) {
  if (too_long_) return;
  if (held_.size() + bytes.size() <= max_bytes_ + 1) {
    held_ += bytes;
    return;
  }
  too_long_ = true;
  held_.clear();
  held_.shrink_to_fit();
}

Line LineReader::finished_line(std::string_view whole) {
  if (whole.ends_with('\r')) whole.remove_suffix(1);
  if (line_number_ == 1 && whole.starts_with(kByteOrderMark)) whole.remove_prefix(kByteOrderMark.size());
  const bool too_long = too_long_ || whole.size() > max_bytes_;
  return {.number = line_number_, .text = too_long ? std::string_view() : whole, .too_long = too_long};
}

Result<std::optional<Line>> LineReader::next() {
  held_.clear();
  if (held_.capacity() > kKeptBytes) held_.shrink_to_fit();
  too_long_ = false;
  ++line_number_;
  while (TRY(refill())) {
    const size_t end = part_.find('\n');
    if (end == std::string_view::npos) {
      add(std::exchange(part_, {}));
      continue;
    }
    const std::string_view rest = part_.substr(0, end);
    part_.remove_prefix(end + 1);
    if (held_.empty() && !too_long_) return finished_line(rest);
    add(rest);
    return finished_line(held_);
  }
  if (held_.empty() && !too_long_) return std::nullopt;
  return finished_line(held_);
}

}  // namespace tribute::datanet
