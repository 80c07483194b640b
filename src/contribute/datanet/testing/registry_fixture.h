// An empty registry in memory, and short ways to fill it. For tests only.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "datanet/registry.h"
#include "io/memory_file_system.h"
#include "sql/database.h"

namespace tribute::datanet::testing {

class RegistryFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = sql::Database::open(files_, "db");
    ASSERT_TRUE(database.has_value()) << database.error().message;
    database_ = std::move(*database);
    const std::vector<sql::Schema> schemas = {registry_schema()};
    ASSERT_TRUE(database_->migrate(schemas).has_value());
    transaction_.emplace(database_->begin().value());
  }
  void TearDown() override { transaction_.reset(); }

  sql::Transaction& sql() { return *transaction_; }
  void commit() {
    ASSERT_TRUE(std::move(*transaction_).commit().has_value());
    transaction_.reset();
    transaction_.emplace(database_->begin().value());
  }

  static ContributionRow contribution(uint64_t entry, EntryIndex datanet, EntryIndex contributor,
                                      const std::string& text, ContributionState state = ContributionState::approved) {
    return {.entry = EntryIndex(entry),
            .datanet = datanet,
            .contributor = contributor,
            .source_id = "id-" + std::to_string(entry),
            .title = "Title of " + std::to_string(entry),
            .salt = sha256("salt " + std::to_string(entry)),
            .license = "CC0-1.0",
            .content_sha256 = sha256(text),
            .folded_sha256 = sha256("folded " + text),
            .tokens_sha256 = sha256("tokens " + text),
            .token_count = text.size(),
            .duplicate_of = std::nullopt,
            .near_duplicate_of = std::nullopt,
            .is_signed = false,
            .state = state,
            .decided_at = std::nullopt,
            .withdrawn_at = std::nullopt,
            .is_erased = false};
  }

  void add_datanet(uint64_t entry, const std::string& name) {
    ASSERT_TRUE(insert_datanet(sql(), {.entry = EntryIndex(entry), .datanet = {.name = name}}).has_value());
  }
  void add_contributor(uint64_t entry, const std::string& name, const std::string& key = "") {
    ASSERT_TRUE(insert_contributor(sql(), {.entry = EntryIndex(entry),
                                           .name = name,
                                           .salt = sha256("salt of " + name),
                                           .key = key,
                                           .bound_at = std::nullopt})
                    .has_value());
  }

  io::MemoryFileSystem files_;
  std::unique_ptr<sql::Database> database_;
  std::optional<sql::Transaction> transaction_;
};

}  // namespace tribute::datanet::testing
