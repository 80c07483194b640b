#include "workspace/settings.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <functional>
#include <span>

namespace tribute::workspace {
namespace {

constexpr std::array<std::string_view, 6> kLogLevels = {"trace", "debug", "info", "warn", "error", "off"};
constexpr std::array<std::string_view, 2> kIndexLayouts = {"standard", "disk"};

Result<uint64_t> integer_between(std::string_view name, const toml::node& node, int64_t low, int64_t high) {
  const auto value = node.value_exact<int64_t>();
  if (!value || *value < low || *value > high) {
    return fail(ErrorCode::invalid_argument, "tribute.toml: " + std::string(name) + " must be a whole number from " +
                                                 std::to_string(low) + " to " + std::to_string(high));
  }
  return static_cast<uint64_t>(*value);
}

Result<std::string> one_of(std::string_view name, const toml::node& node, std::span<const std::string_view> values) {
  const auto value = node.value_exact<std::string>();
  if (value && std::ranges::find(values, *value) != values.end()) return *value;
  std::string message = "tribute.toml: " + std::string(name) + " must be one of ";
  for (size_t i = 0; i < values.size(); ++i) message += (i > 0 ? ", \"" : "\"") + std::string(values[i]) + "\"";
  return fail(ErrorCode::invalid_argument, message);
}

}  // namespace

std::string default_settings_text() {
  return R"(# Settings of this workspace. What is left out has the value shown here.

# A longer document is refused as a bad row. Bytes, 1 to 2147483648.
max_document_bytes = 67108864

# A contribution is acknowledged in batches of at most this many documents and bytes. Larger batches
# are faster; smaller ones lose less work when a command is stopped.
# 1 to 1000000 documents; 1 to 2147483648 bytes.
batch_documents = 2000
batch_bytes = 33554432

# The text of withdrawn datapoints is erased when this many days have passed, by the next
# contribution, withdrawal or index build in their DataNet; 0: only by `tribute index purge`.
# 0 to 36500.
erase_days = 30

# How much memory `tribute index build` or `merge` takes at most, in bytes; what is more lies in files beside
# the index until it is built, which takes longer. 0: what it takes to have all in memory.
# --memory on the command line goes first. 0 to 9223372036854775807.
index_memory_bytes = 0

# The layout of new segments: "standard", or "disk" for indexes larger than memory, which takes a byte
# more per token and few reads of the disk per search. --layout on the command line goes first.
index_layout = "standard"

# What is written to stderr: "trace", "debug", "info", "warn", "error" or "off".
# --log-level on the command line goes first.
log_level = "warn"
)";
}

Result<Settings> parse_settings(std::string_view toml_text) {
  constexpr int64_t kTwoGiB = int64_t{1} << 31;
  Settings settings;
  try {
    const toml::table table = toml::parse(toml_text);
    for (const auto& [key, node] : table) {
      const std::string_view name = key.str();
      if (name == "max_document_bytes") {
        settings.max_document_bytes = TRY(integer_between(name, node, 1, kTwoGiB));
      } else if (name == "batch_documents") {
        settings.batch_documents = TRY(integer_between(name, node, 1, 1'000'000));
      } else if (name == "batch_bytes") {
        settings.batch_bytes = TRY(integer_between(name, node, 1, kTwoGiB));
      } else if (name == "erase_days") {
        settings.erase_days = TRY(integer_between(name, node, 0, 36'500));
      } else if (name == "index_memory_bytes") {
        settings.index_memory_bytes = TRY(integer_between(name, node, 0, INT64_MAX));
      } else if (name == "index_layout") {
        settings.index_layout = TRY(one_of(name, node, kIndexLayouts));
      } else if (name == "log_level") {
        settings.log_level = TRY(one_of(name, node, kLogLevels));
      } else {
        return fail(ErrorCode::invalid_argument,
                    "tribute.toml: unknown setting '" + std::string(name) + "'; remove it or correct its name");
      }
    }
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::invalid_argument, "tribute.toml: line " + std::to_string(error.source().begin.line) + ": " +
                                                 std::string(error.description()));
  }
  return settings;
}

}  // namespace tribute::workspace
