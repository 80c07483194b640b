// Bytes of a file or stream, in order, part by part; decompressed where they are compressed.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "io/file_system.h"

namespace tribute::datanet {

// Gives bytes part by part. Not thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // The next bytes, valid until the next call; empty at the end and from then on. After an error the
  // source can only be dropped. Errors: those of the file system; data_loss, saying at which byte of
  // the compressed file, where a compressed stream is broken or ends too early.
  virtual Result<std::string_view> read() = 0;

  // Bytes taken so far from the file or stream itself, that is, before decompression.
  virtual uint64_t bytes_taken() const = 0;
};

// The whole file, which stays open. Errors: those of FileSystem::open().
Result<std::unique_ptr<ByteSource>> open_file_source(io::FileSystem& files, const std::string& path);

// The stream to its end; it must outlive the source.
std::unique_ptr<ByteSource> make_stream_source(std::istream& stream);

// What `compressed` decompresses to: one zstd frame (RFC 8878) after another, skippable ones too, or
// one gzip member (RFC 1952) after another. Memory is bounded by the frames' windows (at most 128 MiB,
// larger ones are an error). An empty input gives no bytes.
std::unique_ptr<ByteSource> make_zstd_source(std::unique_ptr<ByteSource> compressed);
std::unique_ptr<ByteSource> make_gzip_source(std::unique_ptr<ByteSource> compressed);

}  // namespace tribute::datanet
