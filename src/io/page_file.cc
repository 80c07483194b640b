#include "io/page_file.h"

#include <cstring>
#include <string>
#include <utility>

#include "io/file_system.h"

namespace tribute::io {
namespace {

// Over any File: for file systems that have nothing better.
class FilePages final : public PageFile {
 public:
  FilePages(std::unique_ptr<File> file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  std::string_view way() const override { return "pread"; }

 private:
  Result<void> read_all(std::span<const PageRead> reads) override {
    for (const auto& [page, into] : reads) {
      const std::string bytes = TRY(file_->read_at(page * kPageBytes, kPageBytes));
      if (bytes.size() != kPageBytes) return page_is_missing(path_, page);
      std::memcpy(into->bytes, bytes.data(), kPageBytes);
    }
    return {};
  }

  std::unique_ptr<File> file_;
  std::string path_;
};

}  // namespace

Result<void> PageFile::read(std::span<const PageRead> reads) {
  if (reads.empty()) return {};
  pages_read_ += reads.size();
  ++rounds_;
  return read_all(reads);
}

std::unexpected<Error> page_is_missing(std::string_view path, uint64_t page) {
  return fail(ErrorCode::data_loss, std::string(path) + ": it ends before byte " +
                                        std::to_string((page + 1) * kPageBytes) + "; restore it from a backup");
}

Result<std::unique_ptr<PageFile>> FileSystem::open_pages(const std::string& path, PageAccess /*access*/) {
  return std::make_unique<FilePages>(TRY(open(path, OpenMode::read)), path);
}

}  // namespace tribute::io
