#define ZLIB_CONST  // zlib only reads its input
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include "datanet/byte_source.h"

namespace tribute::datanet {
namespace {

constexpr size_t kPartBytes = 256 << 10;

// What both kinds share: `input_` is what of the compressed bytes is not used up yet.
class DecompressingSource : public ByteSource {
 public:
  uint64_t bytes_taken() const override { return compressed_->bytes_taken(); }

 protected:
  DecompressingSource(std::unique_ptr<ByteSource> compressed, std::string_view kind)
      : compressed_(std::move(compressed)), kind_(kind) {}

  // Fetches more compressed bytes if none are left; false at their end.
  Result<bool> refill() {
    if (input_.empty()) input_ = TRY(compressed_->read());
    return !input_.empty();
  }

  std::unexpected<Error> broken(std::string_view what) const {
    return fail(ErrorCode::data_loss, "the " + std::string(kind_) + " stream is broken at byte " +
                                          std::to_string(bytes_taken() - input_.size()) + " of the file (" +
                                          std::string(what) + ")");
  }
  std::unexpected<Error> cut_short() const {
    return fail(ErrorCode::data_loss, "the " + std::string(kind_) + " stream ends too early, at byte " +
                                          std::to_string(bytes_taken()) + " of the file");
  }

  std::unique_ptr<ByteSource> compressed_;
  std::string_view kind_;
  std::string_view input_;
  std::string output_ = std::string(kPartBytes, '\0');
};

class ZstdSource final : public DecompressingSource {
 public:
  explicit ZstdSource(std::unique_ptr<ByteSource> compressed)
      : DecompressingSource(std::move(compressed), "zstd"), stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) throw std::bad_alloc();
  }

  Result<std::string_view> read() override {
    while (true) {
      // A frame's output can be larger than the buffer: what the stream still holds comes first.
      const bool more = output_was_full_ || TRY(refill());
      if (!more) {
        if (in_frame_) return cut_short();
        return std::string_view();
      }
      ZSTD_inBuffer in{.src = input_.data(), .size = input_.size(), .pos = 0};
      ZSTD_outBuffer out{.dst = output_.data(), .size = output_.size(), .pos = 0};
      const size_t hint = ZSTD_decompressStream(stream_.get(), &out, &in);
      input_.remove_prefix(in.pos);
      if (ZSTD_isError(hint) != 0) return broken(ZSTD_getErrorName(hint));
      in_frame_ = hint != 0;
      output_was_full_ = out.pos == out.size && in_frame_;
      if (out.pos > 0) return std::string_view(output_).substr(0, out.pos);
    }
  }

 private:
  struct Deleter {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<ZSTD_DStream, Deleter> stream_;
  bool in_frame_ = false;
  bool output_was_full_ = false;
};

class GzipSource final : public DecompressingSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> compressed) : DecompressingSource(std::move(compressed), "gzip") {
    constexpr int kGzipOnly = 16;  // zlib: a gzip wrapper and no other
    if (inflateInit2(&stream_, kGzipOnly + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  ~GzipSource() override { inflateEnd(&stream_); }

  Result<std::string_view> read() override {
    while (true) {
      const bool more = output_was_full_ || TRY(refill());
      if (!more) {
        if (in_member_) return cut_short();
        return std::string_view();
      }
      // The parts that sources give are far below 4 GiB, which zlib's counters cannot exceed.
      const size_t in_size = std::min<size_t>(input_.size(), std::numeric_limits<uInt>::max());
      stream_.next_in = reinterpret_cast<const Bytef*>(input_.data());
      stream_.avail_in = static_cast<uInt>(in_size);
      stream_.next_out = reinterpret_cast<Bytef*>(output_.data());
      stream_.avail_out = static_cast<uInt>(output_.size());
      const int status = inflate(&stream_, Z_NO_FLUSH);
      input_.remove_prefix(in_size - stream_.avail_in);
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
        return broken(stream_.msg != nullptr ? stream_.msg : "not gzip data");
      }
      in_member_ = status != Z_STREAM_END;
      output_was_full_ = stream_.avail_out == 0 && in_member_;
      if (status == Z_STREAM_END) inflateReset(&stream_);
      const size_t size = output_.size() - stream_.avail_out;
      if (size > 0) return std::string_view(output_).substr(0, size);
    }
  }

 private:
  z_stream stream_{};
  bool in_member_ = false;
  bool output_was_full_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> make_zstd_source(std::unique_ptr<ByteSource> compressed) {
  return std::make_unique<ZstdSource>(std::move(compressed));
}

std::unique_ptr<ByteSource> make_gzip_source(std::unique_ptr<ByteSource> compressed) {
  return std::make_unique<GzipSource>(std::move(compressed));
}

}  // namespace tribute::datanet
