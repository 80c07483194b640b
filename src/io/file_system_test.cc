// What every FileSystem promises, on the real one and the one in memory.
#include "io/file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "io/memory_file_system.h"

namespace tribute::io {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class RealInATemporaryFolder {
 public:
  RealInATemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tribute-io-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  RealInATemporaryFolder(const RealInATemporaryFolder&) = delete;
  RealInATemporaryFolder& operator=(const RealInATemporaryFolder&) = delete;
  ~RealInATemporaryFolder() { std::filesystem::remove_all(folder_); }

  FileSystem& files() { return *files_; }
  const std::string& folder() const { return folder_; }

 private:
  std::unique_ptr<FileSystem> files_ = make_real_file_system();
  std::string folder_;
};

class InMemory {
 public:
  InMemory() { EXPECT_TRUE(files_.make_folder(folder_)); }
  FileSystem& files() { return files_; }
  const std::string& folder() const { return folder_; }

 private:
  MemoryFileSystem files_;
  std::string folder_ = "/work";
};

template <typename Home>
class FileSystemTest : public testing::Test {
 protected:
  std::string path(std::string_view name) const { return join(home_.folder(), name); }
  FileSystem& files() { return home_.files(); }
  std::string content(const std::string& name) { return read_file(files(), path(name)).value(); }

  Home home_;
};

using Homes = testing::Types<RealInATemporaryFolder, InMemory>;
TYPED_TEST_SUITE(FileSystemTest, Homes, );

template <typename T>
ErrorCode code_of(const Result<T>& result) {
  return result ? ErrorCode::unknown : result.error().code;
}

TYPED_TEST(FileSystemTest, OpenModesMakeRefuseAndKeep) {
  auto& files = this->files();
  const auto path = this->path("a");
  EXPECT_EQ(code_of(files.open(path, OpenMode::read)), ErrorCode::not_found);
  EXPECT_EQ(code_of(files.open(path, OpenMode::read_write)), ErrorCode::not_found);
  EXPECT_TRUE(files.open(path, OpenMode::create_new).value()->write_at(0, "kept"));
  EXPECT_EQ(code_of(files.open(path, OpenMode::create_new)), ErrorCode::already_exists);
  EXPECT_TRUE(files.open(path, OpenMode::create));
  EXPECT_EQ(this->content("a"), "kept");
  EXPECT_FALSE(files.open(path, OpenMode::read).value()->write_at(0, "x"));
  EXPECT_TRUE(files.open(path, OpenMode::read_write).value()->write_at(0, "K"));
  EXPECT_EQ(this->content("a"), "Kept");
}

TYPED_TEST(FileSystemTest, ErrorsBeginWithThePath) {
  auto& files = this->files();
  EXPECT_THAT(files.open(this->path("no/such"), OpenMode::create).error().message, StartsWith(this->path("no/such")));
  EXPECT_THAT(files.remove(this->path("none")).error().message, StartsWith(this->path("none")));
  EXPECT_THAT(files.rename(this->path("none"), this->path("x")).error().message, StartsWith(this->path("none")));
}

TYPED_TEST(FileSystemTest, FoldersAndFilesAreNotMistakenForEachOther) {
  auto& files = this->files();
  ASSERT_TRUE(files.make_folder(this->path("folder")));
  ASSERT_TRUE(write_file_atomically(files, this->path("file"), "x"));
  for (const auto mode : {OpenMode::read, OpenMode::read_write, OpenMode::create}) {
    EXPECT_EQ(code_of(files.open(this->path("folder"), mode)), ErrorCode::failed_precondition);
  }
  EXPECT_EQ(code_of(files.map(this->path("folder"))), ErrorCode::failed_precondition);
  EXPECT_EQ(code_of(files.open(this->path("file/below"), OpenMode::create)), ErrorCode::not_found);
  EXPECT_EQ(files.exists(this->path("file/below")), false);
  EXPECT_EQ(code_of(files.make_folder(this->path("file"))), ErrorCode::already_exists);
  EXPECT_EQ(code_of(files.list(this->path("file"))), ErrorCode::not_found);
  EXPECT_EQ(code_of(files.sync_folder(this->path("file"))), ErrorCode::not_found);
  EXPECT_EQ(code_of(files.rename(this->path("file"), this->path("folder"))), ErrorCode::failed_precondition);
  EXPECT_FALSE(files.rename(this->path("folder"), this->path("file")));
  EXPECT_EQ(code_of(files.rename(this->path("folder"), this->path("folder/in"))), ErrorCode::invalid_argument);
}

TYPED_TEST(FileSystemTest, RenameReplacesAndMovesWholeFolders) {
  auto& files = this->files();
  ASSERT_TRUE(make_folders(files, this->path("a/b")));
  ASSERT_TRUE(write_file_atomically(files, this->path("a/b/one"), "1"));
  ASSERT_TRUE(write_file_atomically(files, this->path("two"), "2"));
  EXPECT_TRUE(files.rename(this->path("two"), this->path("a/b/one")));
  EXPECT_EQ(this->content("a/b/one"), "2");
  EXPECT_EQ(files.exists(this->path("two")), false);
  EXPECT_TRUE(files.rename(this->path("a/b/one"), this->path("a/b/one")));
  EXPECT_TRUE(files.rename(this->path("a"), this->path("c")));
  EXPECT_EQ(this->content("c/b/one"), "2");
  EXPECT_EQ(files.exists(this->path("a")), false);
  ASSERT_TRUE(files.make_folder(this->path("d")));
  EXPECT_EQ(code_of(files.rename(this->path("d"), this->path("c"))), ErrorCode::failed_precondition);
  EXPECT_TRUE(files.rename(this->path("c"), this->path("d"))) << "an empty folder is replaced";
  EXPECT_EQ(this->content("d/b/one"), "2");
}

TYPED_TEST(FileSystemTest, RemovesFilesAndEmptyFolders) {
  auto& files = this->files();
  ASSERT_TRUE(make_folders(files, this->path("a/b")));
  EXPECT_EQ(code_of(files.remove(this->path("a"))), ErrorCode::failed_precondition);
  EXPECT_TRUE(files.remove(this->path("a/b")));
  EXPECT_TRUE(files.remove(this->path("a")));
  EXPECT_EQ(code_of(files.remove(this->path("a"))), ErrorCode::not_found);
}

TYPED_TEST(FileSystemTest, AnOpenFileOutlivesItsName) {
  auto& files = this->files();
  const auto file = files.open(this->path("a"), OpenMode::create).value();
  ASSERT_TRUE(file->write_at(0, "still here"));
  ASSERT_TRUE(files.remove(this->path("a")));
  EXPECT_EQ(file->read_at(0, 100), "still here");
}

TYPED_TEST(FileSystemTest, ListIsSortedBytewise) {
  auto& files = this->files();
  for (const char* name : {"b", "a", "Z", "\xc3\xa9", "a.tmp"}) {
    ASSERT_TRUE(write_file_atomically(files, this->path(name), name));
  }
  ASSERT_TRUE(files.make_folder(this->path("m")));
  const auto entries = files.list(this->home_.folder()).value();
  std::vector<std::string> names;
  for (const auto& entry : entries) names.push_back(entry.name);
  EXPECT_EQ(names, (std::vector<std::string>{"Z", "a", "a.tmp", "b", "m", "\xc3\xa9"}));
  EXPECT_EQ(entries[4].kind, EntryKind::folder);
  EXPECT_EQ(entries[2].kind, EntryKind::file);
  EXPECT_EQ(entries[2].size_bytes, 5U);
}

TYPED_TEST(FileSystemTest, MapShowsTheWholeFile) {
  auto& files = this->files();
  ASSERT_TRUE(write_file_atomically(files, this->path("a"), "mapped"));
  ASSERT_TRUE(write_file_atomically(files, this->path("empty"), ""));
  EXPECT_EQ(files.map(this->path("a")).value()->bytes(), "mapped");
  EXPECT_EQ(files.map(this->path("empty")).value()->bytes(), "");
  EXPECT_EQ(code_of(files.map(this->path("none"))), ErrorCode::not_found);
}

TYPED_TEST(FileSystemTest, ALockIsHeldByOneAndNamesItsHolder) {
  auto& files = this->files();
  auto first = files.lock(this->path("lock"), "a longer text of the first holder");
  ASSERT_TRUE(first);
  const auto second = files.lock(this->path("lock"), "second");
  EXPECT_EQ(code_of(second), ErrorCode::unavailable);
  EXPECT_EQ(second.error().message, this->path("lock") + ": held by a longer text of the first holder");
  first->reset();
  EXPECT_TRUE(files.lock(this->path("lock"), "second"));
  EXPECT_EQ(this->content("lock"), "second");
}

TYPED_TEST(FileSystemTest, ReadFileHasALimit) {
  auto& files = this->files();
  ASSERT_TRUE(write_file_atomically(files, this->path("a"), "12345"));
  EXPECT_EQ(read_file(files, this->path("a"), 5), "12345");
  EXPECT_EQ(code_of(read_file(files, this->path("a"), 4)), ErrorCode::resource_exhausted);
  EXPECT_EQ(code_of(read_file(files, this->path("none"))), ErrorCode::not_found);
}

TYPED_TEST(FileSystemTest, WriteFileAtomicallyReplacesAndLeavesNothingBeside) {
  auto& files = this->files();
  ASSERT_TRUE(files.open(this->path("a.tmp"), OpenMode::create).value()->write_at(0, "a long left-over"));
  ASSERT_TRUE(write_file_atomically(files, this->path("a"), "old"));
  EXPECT_EQ(this->content("a"), "old");
  ASSERT_TRUE(write_file_atomically(files, this->path("a"), "new"));
  EXPECT_EQ(this->content("a"), "new");
  EXPECT_EQ(files.list(this->home_.folder()).value().size(), 1U);
  EXPECT_EQ(code_of(write_file_atomically(files, this->path("no/such"), "x")), ErrorCode::not_found);
}

TYPED_TEST(FileSystemTest, MakeFoldersMakesWhatIsMissing) {
  auto& files = this->files();
  EXPECT_TRUE(make_folders(files, this->path("a/b/c/")));
  EXPECT_TRUE(make_folders(files, this->path("a/b/c")));
  EXPECT_TRUE(make_folders(files, this->path("a/x")));
  EXPECT_EQ(files.list(this->path("a")).value().size(), 2U);
  ASSERT_TRUE(write_file_atomically(files, this->path("file"), "x"));
  EXPECT_EQ(code_of(make_folders(files, this->path("file"))), ErrorCode::already_exists);
  EXPECT_FALSE(make_folders(files, this->path("file/below")));
}

TYPED_TEST(FileSystemTest, SetModeNeedsAFile) {
  auto& files = this->files();
  ASSERT_TRUE(write_file_atomically(files, this->path("key"), "secret"));
  EXPECT_TRUE(files.set_mode(this->path("key"), 0600));
  EXPECT_EQ(code_of(files.set_mode(this->path("none"), 0600)), ErrorCode::not_found);
}

// The naive twin of a file's bytes: a map from position to byte.
TYPED_TEST(FileSystemTest, BytesAreThoseOfANaiveModel) {
  EXPECT_TRUE(rc::check([this] {
    const auto file = this->files().open(this->path("model"), OpenMode::create).value();
    RC_ASSERT(file->truncate(0).has_value());
    std::map<uint64_t, char> bytes;
    uint64_t size = 0;
    const auto steps = *rc::gen::inRange(1, 20);
    for (int step = 0; step < steps; ++step) {
      const auto offset = *rc::gen::inRange<uint64_t>(0, 3000);
      switch (*rc::gen::inRange(0, 3)) {
        case 0: {
          const std::string written(*rc::gen::inRange<size_t>(0, 1500), *rc::gen::inRange('a', 'z'));
          RC_ASSERT(file->write_at(offset, written).has_value());
          for (size_t i = 0; i < written.size(); ++i) bytes[offset + i] = written[i];
          if (!written.empty()) size = std::max(size, offset + written.size());
          break;
        }
        case 1:
          RC_ASSERT(file->truncate(offset).has_value());
          bytes.erase(bytes.lower_bound(offset), bytes.end());
          size = offset;
          break;
        default: {
          std::string expected;
          for (uint64_t i = offset; i < std::min(size, offset + 700); ++i) {
            expected += bytes.contains(i) ? bytes[i] : '\0';
          }
          RC_ASSERT(file->read_at(offset, 700).value() == expected);
        }
      }
      RC_ASSERT(file->size().value() == size);
    }
  }));
}

TEST(RealFileSystem, SaysWhatToDoWhereAccessIsDenied) {
  RealInATemporaryFolder home;
  const auto path = join(home.folder(), "a");
  ASSERT_TRUE(write_file_atomically(home.files(), path, "x"));
  ASSERT_TRUE(home.files().set_mode(path, 0));
  const auto opened = home.files().open(path, OpenMode::read);
  if (opened) GTEST_SKIP() << "this user may read every file";
  EXPECT_EQ(opened.error(),
            (Error{ErrorCode::permission_denied, path + ": permission denied; check its owner and mode"}));
}

TEST(RealFileSystem, OpensRegularFilesOnly) {
  RealInATemporaryFolder home;
  const auto device = home.files().open("/dev/null", OpenMode::read_write);
  EXPECT_EQ(code_of(device), ErrorCode::failed_precondition);
  EXPECT_THAT(device.error().message, HasSubstr("not a regular file"));
}

TEST(RealFileSystem, ReadsMoreThanIsThere) {
  RealInATemporaryFolder home;
  const auto path = join(home.folder(), "a");
  const std::string bytes(300'000, 'x');
  ASSERT_TRUE(write_file_atomically(home.files(), path, bytes));
  const auto file = home.files().open(path, OpenMode::read).value();
  EXPECT_EQ(file->read_at(0, size_t{1} << 50).value(), bytes);
  EXPECT_EQ(file->read_at(299'999, size_t{1} << 50).value(), "x");
  EXPECT_EQ(file->read_at(400'000, size_t{1} << 50).value(), "");
}

TEST(Paths, JoinParentAndName) {
  EXPECT_EQ(join("a/b", "c"), "a/b/c");
  EXPECT_EQ(join("a/b/", "c"), "a/b/c");
  EXPECT_EQ(join("/", "c"), "/c");
  EXPECT_EQ(join("", "c"), "c");
  EXPECT_EQ(parent_of("a/b/c"), "a/b");
  EXPECT_EQ(parent_of("a/b/c//"), "a/b");
  EXPECT_EQ(parent_of("/a"), "/");
  EXPECT_EQ(parent_of("/"), "/");
  EXPECT_EQ(parent_of("a"), ".");
  EXPECT_EQ(name_of("a/b/c"), "c");
  EXPECT_EQ(name_of("a/b/"), "b");
  EXPECT_EQ(name_of("a"), "a");
  EXPECT_EQ(name_of("/"), "/");
}

}  // namespace
}  // namespace tribute::io
