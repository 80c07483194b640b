// The settings of a workspace: tribute.toml.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tribute::workspace {

// Every setting with its default; tribute.toml documents each (default_settings_text()).
struct Settings {
  // A longer document is a bad row. 1 to 2^31 bytes.
  uint64_t max_document_bytes = 64 << 20;

  // A contribution is acknowledged in batches of at most this many documents and bytes: larger ones
  // are faster, smaller ones lose less work to a stop. 1 to 1,000,000 documents, 1 to 2^31 bytes.
  uint64_t batch_documents = 2'000;
  uint64_t batch_bytes = 32 << 20;

  // The content of withdrawn datapoints is erased when this many days have passed, by the next command that
  // changes the DataNet; 0: only by `tribute index purge`. 0 to 36,500.
  uint64_t erase_days = 30;

  // How much memory the building of an index takes at most, in bytes; 0: what it takes to have all in memory.
  // 0 to 2^63 - 1.
  uint64_t index_memory_bytes = 0;

  // The layout of the segments that are written: "standard", or "disk", which takes a byte more per token and is for
  // indexes larger than memory.
  std::string index_layout = "standard";

  // What goes to stderr: trace, debug, info, warn, error or off.
  std::string log_level = "warn";

  friend bool operator==(const Settings&, const Settings&) = default;
};

// The text of a new tribute.toml: every setting with its default, range and consequence.
std::string default_settings_text();

// Errors: invalid_argument naming the line, or the setting and its range; an unknown setting is one too.
Result<Settings> parse_settings(std::string_view toml);

}  // namespace tribute::workspace
