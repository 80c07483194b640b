// Replay: log entries into the rows that they made, in an empty database.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/ids.h"
#include "datanet/directory_file.h"
#include "io/file_system.h"
#include "record/entry.h"
#include "sql/database.h"
#include "text/tokenizer.h"
#include "usecase/recover.h"
#include "workspace/layout.h"

namespace tribute::usecase {

// Applies entries in the order of the log to registry, catalog and ledger. What the log has only hashes
// of comes from the directory, the content packs (which must be recorded in `sql` already) and the
// receipts' bodies, and for withdrawn datapoints from `old`, the database that was there before, if any.
// All arguments must outlive it.
class Replay {
 public:
  Replay(io::FileSystem& files, const workspace::Layout& layout, sql::Transaction& sql, sql::Transaction* old)
      : files_(files), layout_(layout), sql_(sql), old_(old) {}

  // Reads the directory and the tokenizer. Errors: data_loss naming the file.
  Result<void> open();

  // Errors: data_loss naming the entry and what is missing for it.
  Result<void> apply(EntryIndex index, const record::Entry& entry);

  // The shortfalls that were booked, by payer.
  const std::map<std::string, Amount>& advances() const { return advances_; }

 private:
  struct Source {
    std::string id;
    std::string title;
    Hash256 salt;
  };

  Result<void> apply_body(EntryIndex index, const record::Datanet& datanet);
  Result<void> apply_body(EntryIndex index, const record::Contributor& contributor);
  Result<void> apply_body(EntryIndex index, const record::Contribution& contribution);
  Result<void> apply_body(EntryIndex index, const record::Approval& approval);
  Result<void> apply_body(EntryIndex index, const record::Withdrawal& withdrawal);
  Result<void> apply_body(EntryIndex index, const record::Manifest& manifest);
  Result<void> apply_body(EntryIndex index, const record::Model& model);
  Result<void> apply_body(EntryIndex index, const record::Receipt& receipt);

  Result<Source> source_of(EntryIndex index);
  Result<void> fund(const std::string& payer, Amount fee);

  io::FileSystem& files_;
  const workspace::Layout& layout_;
  sql::Transaction& sql_;
  sql::Transaction* old_;
  std::unique_ptr<text::Tokenizer> tokenizer_;
  uint64_t time_ms_ = 0;
  std::map<EntryIndex, datanet::ContributorName> names_;
  std::map<EntryIndex, datanet::DatapointSource> sources_;
  std::map<std::string, Amount> advances_;
};

}  // namespace tribute::usecase
