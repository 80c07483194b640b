#include "io/page_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "io/memory_file_system.h"

namespace tribute::io {
namespace {

// A folder that is removed.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tribute-pages-XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file() const { return path_ + "/file"; }

 private:
  std::string path_;
};

char byte_of(uint64_t page, size_t i) { return static_cast<char>((page * 31 + i * 7 + page / 251) % 253); }

std::string file_of(uint64_t pages) {
  std::string bytes;
  for (uint64_t page = 0; page < pages; ++page) {
    for (size_t i = 0; i < kPageBytes; ++i) bytes.push_back(byte_of(page, i));
  }
  return bytes;
}

bool holds(const PageBuffer& buffer, uint64_t page) {
  for (size_t i = 0; i < kPageBytes; ++i) {
    if (buffer.bytes[i] != byte_of(page, i)) return false;
  }
  return true;
}

// Random pages in batches of every size around the queue's depth.
void expect_pages(PageFile& file, uint64_t page_count) {
  std::mt19937_64 random(1);
  uint64_t pages = 0;
  uint64_t rounds = 0;
  for (const size_t size : {0U, 1U, 2U, 3U, 255U, 256U, 257U, 1000U}) {
    const auto buffers = std::make_unique<PageBuffer[]>(size + 1);  // NOLINT(modernize-avoid-c-arrays)
    std::vector<PageRead> reads;
    for (size_t i = 0; i < size; ++i) reads.push_back({random() % page_count, &buffers[i]});
    const auto read = file.read(reads);
    ASSERT_TRUE(read.has_value()) << read.error().message;
    for (size_t i = 0; i < size; ++i) ASSERT_TRUE(holds(buffers[i], reads[i].page)) << size << " " << i;
    pages += size;
    rounds += size > 0 ? 1 : 0;
    EXPECT_EQ(file.pages_read(), pages);
    EXPECT_EQ(file.rounds(), rounds);
  }
}

void expect_missing(PageFile& file, uint64_t last_page) {
  const auto buffers = std::make_unique<PageBuffer[]>(3);  // NOLINT(modernize-avoid-c-arrays)
  for (const uint64_t page : {last_page + 1, last_page + 1000, UINT64_MAX / kPageBytes}) {
    const std::vector<PageRead> reads = {{0, &buffers[0]}, {page, &buffers[1]}, {last_page, &buffers[2]}};
    for (const size_t count : {size_t{3}, size_t{1}}) {
      const auto read = file.read(std::span(reads).subspan(count == 1 ? 1 : 0, count));
      ASSERT_FALSE(read.has_value());
      EXPECT_EQ(read.error().code, ErrorCode::data_loss);
      EXPECT_NE(read.error().message.find("file: it ends before byte"), std::string::npos) << read.error().message;
    }
  }
  // What failed leaves nothing behind.
  const PageRead read{last_page, &buffers[0]};
  ASSERT_TRUE(file.read({&read, 1}).has_value());
  EXPECT_TRUE(holds(buffers[0], last_page));
}

TEST(PageFile, ReadsRealFilesInBothWays) {
  const Folder folder;
  std::ofstream(folder.file(), std::ios::binary) << file_of(300);
  const auto files = make_real_file_system();
  for (const PageAccess access : {PageAccess::queued, PageAccess::plain}) {
    const auto file = files->open_pages(folder.file(), access);
    ASSERT_TRUE(file.has_value()) << file.error().message;
    EXPECT_TRUE((*file)->way().starts_with("pread") || access == PageAccess::queued);
    RecordProperty(access == PageAccess::plain ? "plain" : "queued", std::string((*file)->way()));
    expect_pages(**file, 300);
    expect_missing(**file, 299);
  }
}

TEST(PageFile, SaysWhereAFileEnds) {
  const Folder folder;
  std::ofstream(folder.file(), std::ios::binary) << file_of(10) << std::string(1000, 'x');
  const auto files = make_real_file_system();
  for (const PageAccess access : {PageAccess::queued, PageAccess::plain}) {
    const auto file = files->open_pages(folder.file(), access);
    ASSERT_TRUE(file.has_value());
    expect_missing(**file, 9);
  }
}

TEST(PageFile, ReadsFilesInMemory) {
  MemoryFileSystem files;
  ASSERT_TRUE(write_file_atomically(files, "file", file_of(300)).has_value());
  const auto file = files.open_pages("file", PageAccess::queued);
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ((*file)->way(), "pread");
  expect_pages(**file, 300);
  expect_missing(**file, 299);
  files.set_fault_hook([](Operation operation, const std::string&, uint64_t) {
    return operation == Operation::read ? Fault::error : Fault::none;
  });
  const auto buffer = std::make_unique<PageBuffer>();
  const PageRead read{0, buffer.get()};
  const auto failed = (*file)->read({&read, 1});
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, ErrorCode::unavailable);
}

TEST(PageFile, NamesAFileThatCannotBeOpened) {
  const Folder folder;
  const auto files = make_real_file_system();
  const auto absent = files->open_pages(folder.file(), PageAccess::queued);
  ASSERT_FALSE(absent.has_value());
  EXPECT_EQ(absent.error().code, ErrorCode::not_found);
  const auto is_folder = files->open_pages("/", PageAccess::queued);
  ASSERT_FALSE(is_folder.has_value());
  EXPECT_EQ(is_folder.error().code, ErrorCode::failed_precondition);
}

}  // namespace
}  // namespace tribute::io
