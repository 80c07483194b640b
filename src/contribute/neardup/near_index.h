// The near-duplicate index: the sketches of a DataNet's datapoints as SQL rows, and who is like whom.
//
// Errors of every function: those of sql::Transaction; data_loss where a column holds what was never
// written there.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "neardup/sketch.h"
#include "sql/database.h"

namespace tribute::neardup {

const sql::Schema& near_schema();

// Makes a datapoint findable, and unfindable again (with the same sketch). kBands + 1 rows each.
// Errors: already_exists for an entry that is there.
Result<void> insert(sql::Transaction& sql, EntryIndex datanet, EntryIndex entry, const Sketch& sketch);
Result<void> erase(sql::Transaction& sql, EntryIndex datanet, EntryIndex entry, const Sketch& sketch);

// Whether an entry is there.
Result<bool> contains(sql::Transaction& sql, EntryIndex entry);

// The datapoints of a DataNet that share a band with a sketch and agree with it on at least
// kLeastAgreement bins, in ascending order of their entries, each once. It reads as it goes: whoever
// stops at the first that fits has paid for a few rows of each band, however many share them.
// Must not outlive the transaction; nothing may be inserted or erased while it is used.
class Candidates {
 public:
  Candidates(sql::Transaction& sql, EntryIndex datanet, const Sketch& sketch);

  // nullopt: there are no more.
  Result<std::optional<EntryIndex>> next();

 private:
  // The entries of one band that were read and not given yet.
  struct Band {
    std::vector<EntryIndex> page;
    size_t used = 0;
    std::optional<EntryIndex> last;  // read so far
    bool is_exhausted = false;
  };

  Result<std::optional<EntryIndex>> lowest();
  Result<void> read_on(size_t band);
  Result<bool> agrees(EntryIndex entry);

  sql::Transaction& sql_;
  EntryIndex datanet_;
  Sketch sketch_;
  std::array<Band, kBands> bands_;
};

}  // namespace tribute::neardup
