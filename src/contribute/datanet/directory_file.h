// The files of the public directory: names, titles and source ids. docs/formats/directory.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"

namespace tribute::datanet {

// What the log has as salted_hash(salt, name).
struct ContributorName {
  EntryIndex entry;  // of the registration
  std::string name;
  Hash256 salt;
  friend bool operator==(const ContributorName&, const ContributorName&) = default;
};

// What the log has as salted_hash(salt, record::source_text(id, title)).
struct DatapointSource {
  EntryIndex entry;  // of the contribution
  std::string id;
  std::string title;
  Hash256 salt;
  friend bool operator==(const DatapointSource&, const DatapointSource&) = default;
};

// "contributors.jsonl"; "datanet-000000000007.jsonl" of the DataNet that entry 7 made.
std::string contributors_file_name();
std::string datanet_file_name(EntryIndex datanet);

// One line of such a file, with its end.
std::string to_line(const ContributorName& row);
std::string to_line(const DatapointSource& row);

// All rows of such a file. O(n). Errors: data_loss, naming the line, for anything but lines as
// to_line() writes them, in ascending order of their entries.
Result<std::vector<ContributorName>> parse_contributors_file(std::string_view bytes);
Result<std::vector<DatapointSource>> parse_datanet_file(std::string_view bytes);

}  // namespace tribute::datanet
