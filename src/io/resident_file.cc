#include "io/resident_file.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace tribute::io {
namespace {

constexpr size_t kLargePage = size_t{2} << 20;
constexpr uint64_t kPartBytes = uint64_t{8} << 20;

class ResidentFile final : public FileMap {
 public:
  // nullptr if the system refuses.
  static std::unique_ptr<ResidentFile> reserve(size_t size) {
    if (size == 0) return std::unique_ptr<ResidentFile>(new ResidentFile(nullptr, 0, 0));
    // The system gives large pages only where a whole one fits.
    const size_t reserved = (size + kLargePage - 1) / kLargePage * kLargePage;
    void* const address =
        ::mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (address == MAP_FAILED) return nullptr;
    // Without large pages it is slower and nothing else.
    (void)::madvise(address, reserved, MADV_HUGEPAGE);
    return std::unique_ptr<ResidentFile>(new ResidentFile(static_cast<char*>(address), size, reserved));
  }
  ResidentFile(const ResidentFile&) = delete;
  ResidentFile& operator=(const ResidentFile&) = delete;
  ~ResidentFile() override {
    if (address_ != nullptr) ::munmap(address_, reserved_);
  }

  char* data() { return address_; }
  std::string_view bytes() const override { return {address_, size_}; }
  bool is_intact() const override { return true; }

 private:
  ResidentFile(char* address, size_t size, size_t reserved) : address_(address), size_(size), reserved_(reserved) {}

  char* address_;
  size_t size_;
  size_t reserved_;
};

}  // namespace

Result<std::unique_ptr<FileMap>> map_file(FileSystem& files, const std::string& path, Residence residence) {
  if (residence == Residence::mapped) return files.map(path);
  const FilePart whole{.begin = 0, .end = UINT64_MAX};
  return copy_parts(files, path, {&whole, 1});
}

Result<std::unique_ptr<FileMap>> copy_parts(FileSystem& files, const std::string& path,
                                            std::span<const FilePart> parts) {
  const auto file = TRY(files.open(path, OpenMode::read));
  const uint64_t size = TRY(file->size());
  auto resident = ResidentFile::reserve(size);
  if (resident == nullptr) {
    return fail(ErrorCode::resource_exhausted,
                path + ": there is no memory for its " + std::to_string(size) + " bytes; map it instead");
  }
  for (const FilePart& part : parts) {
    const uint64_t end = std::min(part.end, size);
    for (uint64_t begin = part.begin; begin < end; begin += kPartBytes) {
      const std::string bytes = TRY(file->read_at(begin, std::min(kPartBytes, end - begin)));
      std::memcpy(resident->data() + begin, bytes.data(), bytes.size());
    }
  }
  return std::unique_ptr<FileMap>(std::move(resident));
}

}  // namespace tribute::io
