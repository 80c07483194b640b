// The vectors of transparency-dev, where they are present.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "io/memory_file_system.h"
#include "tlog/merkle.h"
#include "tlog/reader.h"
#include "tlog/testing/naive_log.h"
#include "tlog/tile.h"

namespace tribute::tlog {
namespace {

namespace fs = std::filesystem;

const fs::path kVectors = fs::path(TRIBUTE_SHARED_DIR) / "vectors" / "tlog";
constexpr std::string_view kKey = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

#define SKIP_WITHOUT_VECTORS() \
  if (!fs::exists(kVectors)) GTEST_SKIP() << kVectors << " is not here"

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<nlohmann::json> vectors_in(const std::string& folder) {
  std::vector<nlohmann::json> vectors;
  for (const auto& entry : fs::recursive_directory_iterator(kVectors / "merkle" / folder)) {
    if (entry.is_regular_file()) vectors.push_back(nlohmann::json::parse(contents(entry.path())));
  }
  return vectors;
}

Result<Hash256> hash_of(const nlohmann::json& base64) {
  return hash_from_bytes(TRY(from_base64(base64.get<std::string>())));
}

Result<std::vector<Hash256>> proof_of(const nlohmann::json& vector) {
  std::vector<Hash256> proof;
  for (const auto& hash : vector["proof"]) proof.push_back(TRY(hash_of(hash)));
  return proof;
}

Result<void> verify_inclusion_vector(const nlohmann::json& vector) {
  const InclusionClaim claim{vector["leafIdx"], vector["treeSize"], TRY(hash_of(vector["leafHash"])),
                             TRY(hash_of(vector["root"]))};
  return verify_inclusion(claim, TRY(proof_of(vector)));
}

// Some roots are placeholders of 12 bytes ("don't care 1"). Filled up with zeros to the 32 bytes of a
// hash, equal ones stay equal and different ones different.
Result<Hash256> root_or_placeholder(const nlohmann::json& base64) {
  std::string bytes = TRY(from_base64(base64.get<std::string>()));
  if (bytes.size() == 12) bytes.resize(kHashBytes, '\0');
  return hash_from_bytes(bytes);
}

Result<void> verify_consistency_vector(const nlohmann::json& vector) {
  const ConsistencyClaim claim{vector["size1"], vector["size2"], TRY(root_or_placeholder(vector["root1"])),
                               TRY(root_or_placeholder(vector["root2"]))};
  return verify_consistency(claim, TRY(proof_of(vector)));
}

TEST(Vectors, InclusionProofs) {
  SKIP_WITHOUT_VECTORS();
  const auto vectors = vectors_in("inclusion");
  EXPECT_EQ(vectors.size(), 98U);
  for (const auto& vector : vectors) {
    EXPECT_EQ(!verify_inclusion_vector(vector), vector["wantErr"].get<bool>()) << vector.dump(2);
  }
}

TEST(Vectors, ConsistencyProofs) {
  SKIP_WITHOUT_VECTORS();
  const auto vectors = vectors_in("consistency");
  EXPECT_EQ(vectors.size(), 98U);
  for (const auto& vector : vectors) {
    EXPECT_EQ(!verify_consistency_vector(vector), vector["wantErr"].get<bool>()) << vector.dump(2);
  }
}

// The log of the vectors in memory, with its checkpoint of one size as the current one.
std::unique_ptr<io::MemoryFileSystem> log_of_size(size_t size) {
  auto files = std::make_unique<io::MemoryFileSystem>();
  for (const auto& entry : fs::recursive_directory_iterator(kVectors / "log")) {
    if (!entry.is_regular_file()) continue;
    naive::write_file(*files, "log/" + fs::relative(entry.path(), kVectors / "log").string(), contents(entry.path()));
  }
  naive::write_file(*files, "log/checkpoint", contents(kVectors / "log" / ("checkpoint." + std::to_string(size))));
  return files;
}

TEST(Vectors, TheLogIsDerivedAgainAtEverySize) {
  SKIP_WITHOUT_VECTORS();
  const VerifierKey key = *VerifierKey::parse(kKey);
  EXPECT_EQ(key.text(), kKey);
  std::vector<std::string> entries;
  std::vector<Hash256> roots;
  for (size_t size = 0; size <= 15; ++size) {
    const auto files = log_of_size(size);
    auto reader = LogReader::open(*files, "log", key);
    ASSERT_TRUE(reader.has_value()) << reader.error().message;
    EXPECT_EQ(reader->checkpoint().size, size);
    EXPECT_EQ(encode_note(*parse_note(reader->checkpoint_note())), reader->checkpoint_note());
    entries.clear();
    const auto counts = reader->audit([&entries](EntryIndex index, std::string_view entry) -> Result<void> {
      EXPECT_EQ(index.value(), entries.size());
      entries.emplace_back(entry);
      return {};
    });
    ASSERT_TRUE(counts.has_value()) << counts.error().message;
    EXPECT_EQ(counts->entries, size);
    EXPECT_EQ(reader->checkpoint().root, naive::root(naive::leaves_of(entries)));
    roots.push_back(reader->checkpoint().root);
  }
  EXPECT_EQ(entries.front(), "one");
  EXPECT_EQ(entries.back(), "fivten");
}

TEST(Vectors, TheLogProvesEveryEntryAtEverySizeAndEveryGrowth) {
  SKIP_WITHOUT_VECTORS();
  const auto files = log_of_size(15);
  auto reader = *LogReader::open(*files, "log", *VerifierKey::parse(kKey));
  for (size_t size = 1; size <= 15; ++size) {
    const Checkpoint then = *open_checkpoint(contents(kVectors / "log" / ("checkpoint." + std::to_string(size))),
                                             *VerifierKey::parse(kKey));
    EXPECT_EQ(reader.root_at(size), then.root);
    for (uint64_t index = 0; index < size; ++index) {
      const Hash256 leaf = leaf_hash(*reader.read_entry(EntryIndex(index)));
      EXPECT_TRUE(verify_inclusion({index, size, leaf, then.root}, *reader.inclusion_proof(EntryIndex(index), size)));
    }
    for (size_t old_size = 1; old_size <= size; ++old_size) {
      EXPECT_TRUE(verify_consistency({old_size, size, *reader.root_at(old_size), then.root},
                                     *reader.consistency_proof(old_size, size)));
    }
  }
}

TEST(Vectors, TheLogWrittenByTheDefinitionHasTheSameBytes) {
  SKIP_WITHOUT_VECTORS();
  const auto files = log_of_size(15);
  auto reader = *LogReader::open(*files, "log", *VerifierKey::parse(kKey));
  std::vector<std::string> entries;
  for (uint64_t i = 0; i < 15; ++i) entries.push_back(*reader.read_entry(EntryIndex(i)));
  for (const auto& [path, bytes] : naive::files_of(entries))
    EXPECT_EQ(contents(kVectors / "log" / path), bytes) << path;
}

}  // namespace
}  // namespace tribute::tlog
