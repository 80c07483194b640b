#include "datanet/byte_source.h"

#include <istream>
#include <utility>

namespace tribute::datanet {
namespace {

constexpr size_t kPartBytes = 256 << 10;

class FileSource final : public ByteSource {
 public:
  explicit FileSource(std::unique_ptr<io::File> file) : file_(std::move(file)) {}

  Result<std::string_view> read() override {
    part_ = TRY(file_->read_at(offset_, kPartBytes));
    offset_ += part_.size();
    return part_;
  }
  uint64_t bytes_taken() const override { return offset_; }

 private:
  std::unique_ptr<io::File> file_;
  std::string part_;
  uint64_t offset_ = 0;
};

class StreamSource final : public ByteSource {
 public:
  explicit StreamSource(std::istream& stream) : stream_(stream) {}

  Result<std::string_view> read() override {
    part_.resize(kPartBytes);
    stream_.read(part_.data(), static_cast<std::streamsize>(part_.size()));
    if (stream_.bad()) return fail(ErrorCode::unavailable, "the input cannot be read");
    part_.resize(static_cast<size_t>(stream_.gcount()));
    bytes_taken_ += part_.size();
    return part_;
  }
  uint64_t bytes_taken() const override { return bytes_taken_; }

 private:
  std::istream& stream_;
  std::string part_;
  uint64_t bytes_taken_ = 0;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_file_source(io::FileSystem& files, const std::string& path) {
  return std::make_unique<FileSource>(TRY(files.open(path, io::OpenMode::read)));
}

std::unique_ptr<ByteSource> make_stream_source(std::istream& stream) { return std::make_unique<StreamSource>(stream); }

}  // namespace tribute::datanet
