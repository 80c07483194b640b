// A log that loses power: whatever was acknowledged is there, once, and what is published is true.
#include <gtest/gtest.h>

#include <map>

#include "base/testing/stride.h"
#include "io/memory_file_system.h"
#include "io/random.h"
#include "tlog/reader.h"
#include "tlog/testing/log_session.h"
#include "tlog/testing/naive_log.h"

namespace tribute::tlog {
namespace {

using io::MemoryFileSystem;

// What somebody who watches the log from outside knows of it.
class Witness {
 public:
  const std::vector<std::string>& acknowledged() const { return acknowledged_; }

  // Entries that no other transaction has.
  std::vector<std::string> new_entries(size_t count) {
    std::vector<std::string> entries;
    for (size_t i = 0; i < count; ++i) entries.push_back("entry " + std::to_string(made_++));
    return entries;
  }

  // Opens the log. Only now it is known whether the transaction whose commit failed is there: whole, or
  // not at all.
  Result<LogSession> open(MemoryFileSystem& files) {
    auto session = TRY(LogSession::open(files));
    const size_t size = TRY(session.log->size());
    EXPECT_TRUE(size == acknowledged_.size() || size == acknowledged_.size() + in_flight_.size()) << size;
    if (size > acknowledged_.size()) acknowledged_.insert(acknowledged_.end(), in_flight_.begin(), in_flight_.end());
    in_flight_.clear();
    EXPECT_EQ(session.log->published().size, size);
    return session;
  }

  // Appends in one transaction. Where its commit fails, the entries are there after reopening, or not.
  Result<void> append(LogSession& session, const std::vector<std::string>& entries) {
    in_flight_ = entries;
    TRY(session.append(entries));
    acknowledged_.insert(acknowledged_.end(), entries.begin(), entries.end());
    in_flight_.clear();
    return {};
  }

  Result<void> publish(LogSession& session) {
    const Checkpoint checkpoint = TRY(session.log->publish());
    EXPECT_EQ(checkpoint.size, acknowledged_.size());
    saw(checkpoint);
    return {};
  }

  // The folder as it is, before anything is repaired: if it has a checkpoint, the whole log is there.
  void look_at_folder(MemoryFileSystem& files) {
    if (!*files.exists("public/log/checkpoint")) return;
    auto reader = LogReader::open(files, kTestFolder, test_key());
    ASSERT_TRUE(reader.has_value()) << reader.error().message;
    const auto counts = reader->audit();
    ASSERT_TRUE(counts.has_value()) << counts.error().message;
    saw(reader->checkpoint());
  }

  // Opens the log again, which must go well, and compares everything.
  void look_at_log(MemoryFileSystem& files) {
    auto session = open(files);
    ASSERT_TRUE(session.has_value()) << session.error().message;
    EXPECT_EQ(session->count("tlog_staged"), 0);
    auto reader = *LogReader::open(files, kTestFolder, test_key());
    std::vector<std::string> published;
    const auto counts = reader.audit([&](EntryIndex, std::string_view entry) -> Result<void> {
      published.emplace_back(entry);
      return {};
    });
    ASSERT_TRUE(counts.has_value()) << counts.error().message;
    EXPECT_EQ(published, acknowledged_);
    look_at_roots(*session->database);
  }

 private:
  void saw(const Checkpoint& checkpoint) {
    const auto [known, is_new] = roots_.emplace(checkpoint.size, checkpoint.root);
    EXPECT_TRUE(is_new || known->second == checkpoint.root) << "two roots for size " << checkpoint.size;
  }

  // Every root that was ever signed is that of the first entries there are now.
  void look_at_roots(sql::Database& database) {
    auto transaction = *database.begin();
    const auto rows = *transaction.query("SELECT size, root FROM tlog_checkpoints");
    for (const sql::Row& row : rows) {
      saw({"", static_cast<uint64_t>(row.integer(0)), *hash_from_hex(row.text(1)), {}});
    }
    const auto leaves = naive::leaves_of(acknowledged_);
    for (const auto& [size, root] : roots_) {
      ASSERT_LE(size, leaves.size());
      EXPECT_EQ(root, naive::root(naive::Hashes(leaves).first(size))) << size;
    }
  }

  size_t made_ = 0;
  std::vector<std::string> acknowledged_;
  std::vector<std::string> in_flight_;
  std::map<uint64_t, Hash256> roots_;
};

// Three sessions that go over the edge of the first full tile.
Result<void> live_a_day(MemoryFileSystem& files, Witness& witness) {
  for (const std::vector<size_t>& batches : {std::vector<size_t>{3, 120}, {100, 40}, {1}}) {
    auto session = TRY(witness.open(files));
    for (const size_t count : batches) {
      TRY(witness.append(session, witness.new_entries(count)));
      {
        auto rolled_back = TRY(session.database->begin());
        TRY(session.log->append(rolled_back, "never"));
      }
      if (count > 1) TRY(witness.publish(session));
    }
  }
  return {};
}

TEST(LogCrash, AtEveryOperationOfADay) {
  uint64_t operation_count = 0;
  {
    MemoryFileSystem files;
    Witness witness;
    ASSERT_TRUE(live_a_day(files, witness));
    operation_count = files.operation_count();
    witness.look_at_log(files);
    EXPECT_EQ(witness.acknowledged().size(), 264U);
  }
  for (uint64_t at = 0; at < operation_count && !testing::Test::HasFailure(); at += kTestStride) {
    MemoryFileSystem files;
    Witness witness;
    files.set_fault_hook([at](io::Operation, const std::string&, uint64_t number) {
      return number == at ? io::Fault::crash : io::Fault::none;
    });
    const auto lived = live_a_day(files, witness);
    ASSERT_TRUE(files.crashed()) << "operation " << at << ", " << (lived ? "lived" : lived.error().message);
    files.set_fault_hook({});
    files.restart(at, at % 3 == 0 ? 0 : at % 3 == 1 ? 500 : 1000);
    witness.look_at_folder(files);
    witness.look_at_log(files);
    EXPECT_FALSE(testing::Test::HasFailure()) << "a crash at operation " << at;
  }
}

// Days in which the power fails again and again, also while the log is being opened.
TEST(LogCrash, AtRandomOperationsOfRandomDays) {
  for (uint64_t seed = 0; seed < 60 && !testing::Test::HasFailure(); seed += kTestStride) {
    io::SeededRandom random(seed);
    MemoryFileSystem files;
    Witness witness;
    for (int crash = 0; crash < 8; ++crash) {
      const uint64_t at = files.operation_count() + random.next() % 250;
      files.set_fault_hook([at](io::Operation, const std::string&, uint64_t number) {
        return number >= at ? io::Fault::crash : io::Fault::none;
      });
      const auto live = [&]() -> Result<void> {
        for (;;) {
          auto session = TRY(witness.open(files));
          for (uint64_t actions = random.next() % 8; actions > 0; --actions) {
            if (random.next() % 3 == 0) {
              TRY(witness.publish(session));
            } else {
              TRY(witness.append(session, witness.new_entries(random.next() % 90)));
            }
          }
        }
      };
      const auto lived = live();
      ASSERT_TRUE(files.crashed()) << (lived ? "lived" : lived.error().message);
      files.set_fault_hook({});
      files.restart(random.next(), static_cast<uint32_t>(random.next() % 1001));
      witness.look_at_folder(files);
      if (random.next() % 2 == 0) witness.look_at_log(files);
      if (testing::Test::HasFailure()) break;
    }
    witness.look_at_log(files);
    EXPECT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace tribute::tlog
