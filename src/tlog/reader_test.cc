#include "tlog/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/memory_file_system.h"
#include "tlog/testing/naive_log.h"
#include "tlog/tile.h"

namespace tribute::tlog {
namespace {

using testing::AllOf;
using testing::HasSubstr;

NoteSigner signer(char seed = 's') {
  return *NoteSigner::create("log.example", *private_key_from_seed(KeyKind::ed25519, std::string(32, seed)));
}

// A log of a given size in memory.
struct TestLog {
  std::vector<std::string> entries;
  io::MemoryFileSystem files;

  explicit TestLog(size_t size) : entries(naive::some_entries(size)) {
    naive::write_log(files, "log", entries, signer());
  }
  LogReader reader() { return *LogReader::open(files, "log", signer().verifier()); }
  std::string contents(const std::string& path) { return *io::read_file(files, io::join("log", path)); }
  void replace(const std::string& path, const std::string& bytes) {
    naive::write_file(files, io::join("log", path), bytes);
  }
  // The message of an audit that must fail with data_loss.
  std::string audit_finding() {
    auto reader = LogReader::open(files, "log", signer().verifier());
    if (!reader) {
      EXPECT_EQ(reader.error().code, ErrorCode::data_loss) << reader.error().message;
      return reader.error().message;
    }
    const auto counts = reader->audit();
    EXPECT_FALSE(counts.has_value());
    if (counts) return "";
    EXPECT_EQ(counts.error().code, ErrorCode::data_loss) << counts.error().message;
    return counts.error().message;
  }
};

std::string flipped(std::string bytes, size_t position) {
  bytes[position] = static_cast<char>(bytes[position] ^ 1);
  return bytes;
}

TEST(LogReader, AuditsAndReadsLogsOfManySizes) {
  for (const size_t size : {0U, 1U, 2U, 255U, 256U, 257U, 511U, 512U, 700U}) {
    TestLog log(size);
    LogReader reader = log.reader();
    const auto counts = reader.audit();
    ASSERT_TRUE(counts.has_value()) << counts.error().message;
    EXPECT_EQ(counts->entries, size);
    EXPECT_EQ(counts->bundles + counts->tiles, naive::files_of(log.entries).size());
    std::vector<std::string> read;
    ASSERT_TRUE(reader.read(0, size, [&](EntryIndex index, std::string_view entry) -> Result<void> {
      EXPECT_EQ(index.value(), read.size());
      read.emplace_back(entry);
      return {};
    }));
    EXPECT_EQ(read, log.entries);
  }
}

TEST(LogReader, ReadsAnyRange) {
  TestLog log(600);
  LogReader reader = log.reader();
  for (const auto& [begin, end] :
       {std::pair(0, 0), {0, 1}, {255, 257}, {256, 512}, {10, 600}, {599, 600}, {600, 600}}) {
    std::vector<std::string> read;
    ASSERT_TRUE(reader.read(static_cast<uint64_t>(begin), static_cast<uint64_t>(end),
                            [&](EntryIndex, std::string_view entry) -> Result<void> {
                              read.emplace_back(entry);
                              return {};
                            }));
    EXPECT_EQ(read, std::vector<std::string>(log.entries.begin() + begin, log.entries.begin() + end));
  }
  const auto ignore = [](EntryIndex, std::string_view) -> Result<void> { return {}; };
  EXPECT_EQ(reader.read(0, 601, ignore).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(reader.read(2, 1, ignore).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(reader.read_entry(EntryIndex(600)).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(reader.read_entry(EntryIndex(~uint64_t{0})).error().code, ErrorCode::out_of_range);
  const auto stop = [](EntryIndex index, std::string_view) -> Result<void> {
    return fail(ErrorCode::cancelled, "at " + std::to_string(index.value()));
  };
  EXPECT_EQ(reader.read(7, 9, stop).error().message, "at 7");
  EXPECT_EQ(reader.audit(stop).error().message, "at 0");
}

TEST(LogReader, GivesProofsAndOldRoots) {
  TestLog log(520);
  LogReader reader = log.reader();
  const std::vector<Hash256> leaves = naive::leaves_of(log.entries);
  for (const size_t size : {1U, 5U, 255U, 256U, 257U, 519U, 520U}) {
    const Hash256 root = naive::root(naive::Hashes(leaves).first(size));
    EXPECT_EQ(reader.root_at(size), root);
    for (uint64_t index = 0; index < size; index += 1 + size / 9) {
      const auto proof = reader.inclusion_proof(EntryIndex(index), size);
      EXPECT_EQ(proof, naive::path(index, naive::Hashes(leaves).first(size)));
    }
    for (size_t old_size = 1; old_size <= size; old_size += 1 + size / 9) {
      EXPECT_EQ(reader.consistency_proof(old_size, size),
                naive::subproof(old_size, naive::Hashes(leaves).first(size), true));
    }
  }
  EXPECT_EQ(reader.root_at(0), naive::root({}));
  EXPECT_EQ(reader.root_at(521).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(reader.inclusion_proof(EntryIndex(0), 521).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(reader.consistency_proof(1, 521).error().code, ErrorCode::out_of_range);
}

TEST(LogReader, OpensOnlyTheLogOfItsKey) {
  TestLog log(3);
  EXPECT_EQ(LogReader::open(log.files, "log", signer('x').verifier()).error().code, ErrorCode::failed_precondition);
  EXPECT_EQ(LogReader::open(log.files, "none", signer().verifier()).error().code, ErrorCode::not_found);
  const std::string note = log.contents("checkpoint");
  for (size_t i = 0; i < note.size(); ++i) {
    log.replace("checkpoint", flipped(note, i));
    const auto reader = LogReader::open(log.files, "log", signer().verifier());
    ASSERT_FALSE(reader.has_value()) << i;
    EXPECT_THAT(reader.error().message, HasSubstr("log/checkpoint: ")) << i;
  }
  log.replace("checkpoint", "");
  EXPECT_THAT(log.audit_finding(), HasSubstr("log/checkpoint: not a signed note"));
}

// Every kind of file of a log with two levels, changed in one bit, cut, lengthened or removed.
TEST(LogReader, AuditNamesTheFileThatIsWrong) {
  const size_t size = 600;
  for (const auto& [path, bytes] : naive::files_of(naive::some_entries(size))) {
    const std::string name = "log/" + path + ": ";
    TestLog log(size);
    log.replace(path, bytes.substr(0, bytes.size() - 1));
    EXPECT_THAT(log.audit_finding(), HasSubstr(name));
    log.replace(path, bytes + "x");
    EXPECT_THAT(log.audit_finding(), HasSubstr(name));
    for (const size_t position : {bytes.size() - 1, size_t{0}, bytes.size() / 2}) {
      log.replace(path, flipped(bytes, position));
      EXPECT_THAT(log.audit_finding(), HasSubstr(name)) << position;
    }
    ASSERT_TRUE(log.files.remove("log/" + path));
    EXPECT_THAT(log.audit_finding(), HasSubstr(name + "the file is missing"));
    log.replace(path, bytes);
    EXPECT_TRUE(log.reader().audit());
  }
}

TEST(LogReader, AuditSaysHowAFileIsWrong) {
  TestLog log(600);
  const auto leaves = naive::leaves_of(log.entries);
  auto forged = log.entries;
  forged[300] = "forged";
  const auto forged_files = naive::files_of(forged);
  const auto right_files = naive::files_of(log.entries);

  log.replace("tile/entries/001", forged_files.at("tile/entries/001"));
  EXPECT_EQ(log.audit_finding(), "log/tile/entries/001: entry 300 hashes to " + naive::leaf("forged").hex() +
                                     " instead of " + leaves[300].hex() + ", which leads to the signed root");

  log.replace("tile/0/001", forged_files.at("tile/0/001"));
  EXPECT_THAT(log.audit_finding(), HasSubstr("log/tile/0/001: it and the bundles below it agree on the root"));

  log.replace("tile/1/000.p/2", forged_files.at("tile/1/000.p/2"));
  EXPECT_THAT(log.audit_finding(), AllOf(HasSubstr("log/checkpoint of size 600: it signs the root"),
                                         HasSubstr("but the log's entries and tiles give")));

  log.replace("tile/entries/001", right_files.at("tile/entries/001"));
  EXPECT_EQ(log.audit_finding(), "log/tile/0/001: hash 44 is " + naive::leaf("forged").hex() + " instead of " +
                                     leaves[300].hex() + ", which leads to the signed root");
}

TEST(LogReader, ReadingAndProvingVerifyEachFile) {
  TestLog log(600);
  const auto ignore = [](EntryIndex, std::string_view) -> Result<void> { return {}; };
  const std::string bundle = log.contents("tile/entries/001");
  log.replace("tile/entries/001", flipped(bundle, bundle.size() - 1));
  EXPECT_TRUE(log.reader().read(0, 511, ignore)) << "the changed entry is not read";
  EXPECT_THAT(log.reader().read(0, 512, ignore).error().message, HasSubstr("log/tile/entries/001: entry 511"));
  log.replace("tile/entries/001", bundle);

  const std::string tile = log.contents("tile/0/001");
  log.replace("tile/0/001", flipped(tile, 0));
  EXPECT_THAT(log.reader().read_entry(EntryIndex(511)).error().message, HasSubstr("log/tile/0/001: its hashes give"));
  EXPECT_THAT(log.reader().inclusion_proof(EntryIndex(300), 600).error().message, HasSubstr("log/tile/0/001: "));
  EXPECT_TRUE(log.reader().read_entry(EntryIndex(0)));
  log.replace("tile/0/001", tile);

  log.replace("tile/1/000.p/2", flipped(log.contents("tile/1/000.p/2"), 0));
  EXPECT_THAT(log.reader().root_at(1).error().message,
              AllOf(HasSubstr("log/tile/0/002.p/88, log/tile/1/000.p/2: together they give the root"),
                    HasSubstr("but log/checkpoint of size 600 signs")));
}

TEST(LogReader, TakesTheBeginningOfAFullTileWhereThePartialOneIsGone) {
  TestLog log(200);
  for (const auto& [path, bytes] : naive::files_of(naive::some_entries(300))) log.replace(path, bytes);
  ASSERT_TRUE(log.files.remove("log/tile/0/000.p/200"));
  ASSERT_TRUE(log.files.remove("log/tile/entries/000.p/200"));
  LogReader reader = log.reader();
  EXPECT_TRUE(reader.audit());
  EXPECT_EQ(reader.read_entry(EntryIndex(199)), log.entries[199]);
  EXPECT_EQ(reader.read_entry(EntryIndex(200)).error().code, ErrorCode::out_of_range);
}

TEST(LogReader, ErrorsOfTheFileSystemAreNoVerdict) {
  TestLog log(600);
  LogReader reader = log.reader();
  log.files.set_fault_hook([](io::Operation, const std::string& path, uint64_t) {
    return path.ends_with("tile/0/001") ? io::Fault::error : io::Fault::none;
  });
  EXPECT_EQ(reader.audit().error().code, ErrorCode::unavailable);
  EXPECT_EQ(reader.read_entry(EntryIndex(300)).error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace tribute::tlog
