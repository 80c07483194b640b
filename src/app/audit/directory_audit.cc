#include "audit/directory_audit.h"

#include <map>
#include <string>
#include <vector>

#include "datanet/directory_file.h"

namespace tribute::audit {
namespace {

constexpr std::string_view kRows = "directory rows";
constexpr std::string_view kErased = "names and sources that the directory does not have";

// One file of the directory, read and checked row by row.
class DirectoryAudit {
 public:
  DirectoryAudit(io::FileSystem& files, const Folders& folders, const History& history, Recorder& recorder)
      : files_(files), folders_(folders), history_(history), recorder_(recorder) {}

  Result<void> check_contributors() {
    const std::string file = datanet::contributors_file_name();
    const std::vector<datanet::ContributorName> rows = TRY(read_rows(file, datanet::parse_contributors_file));
    std::map<std::string, EntryIndex> names;
    uint64_t found = 0;
    for (const datanet::ContributorName& row : rows) {
      const ContributorFacts* facts = history_.contributors.find(row.entry);
      if (facts == nullptr) {
        report_no_entry(file, row.entry, "contributor");
        continue;
      }
      ++found;
      compare(file, row.entry, salted_hash(row.salt.view(), row.name), facts->name_hash);
      require_unique(names, file, row.entry, "name", row.name);
    }
    recorder_.unchecked(kErased, history_.contributors.all().size() - found);
    return {};
  }

  Result<void> check_datanet(EntryIndex datanet) {
    const std::string file = datanet::datanet_file_name(datanet);
    const std::vector<datanet::DatapointSource> rows = TRY(read_rows(file, datanet::parse_datanet_file));
    std::map<std::string, EntryIndex> ids;
    uint64_t missing = 0;
    for (const ContributionFacts& facts : history_.contributions.all()) missing += facts.datanet == datanet ? 1 : 0;
    for (const datanet::DatapointSource& row : rows) {
      const ContributionFacts* facts = history_.contributions.find(row.entry);
      if (facts == nullptr || facts->datanet != datanet) {
        report_no_entry(file, row.entry, "contribution to DataNet " + std::to_string(datanet.value()));
        continue;
      }
      --missing;
      compare(file, row.entry, salted_hash(row.salt.view(), record::source_text(row.id, row.title)),
              facts->source_hash);
      require_unique(ids, file, row.entry, "id", row.id);
    }
    recorder_.unchecked(kErased, missing);
    return {};
  }

 private:
  // The rows of a file, none where it is missing or damaged.
  template <typename Row>
  Result<std::vector<Row>> read_rows(const std::string& file, Result<std::vector<Row>> (*parse)(std::string_view)) {
    const Result<std::string> bytes =
        io::read_file(files_, io::join(io::join(folders_.public_folder, "directory"), file));
    if (!bytes && bytes.error().code == ErrorCode::not_found) return std::vector<Row>();
    if (!bytes) return std::unexpected(bytes.error());
    Result<std::vector<Row>> rows = parse(*bytes);
    if (rows) return rows;
    recorder_.wrong_file(Rule::directory, place(file), {}, rows.error().message);
    return std::vector<Row>();
  }

  static std::string place(const std::string& file) { return shown_path(true, "directory/" + file); }

  void report_no_entry(const std::string& file, EntryIndex entry, const std::string& kind) {
    // The directory may be newer than the checkpoint.
    if (history_.is_unreadable(entry) || entry.value() >= history_.kinds.size()) {
      recorder_.unchecked("directory rows of entries that are not at hand");
      return;
    }
    recorder_.wrong_file(Rule::directory, place(file), entry,
                         "has a row of entry " + std::to_string(entry.value()) + ", which is no " + kind);
  }

  void compare(const std::string& file, EntryIndex entry, const Hash256& of_row, const Hash256& of_entry) {
    recorder_.checked(kRows);
    if (of_row == of_entry) return;
    recorder_.wrong_file(Rule::directory, place(file), entry,
                         "the row of entry " + std::to_string(entry.value()) + " hashes to " + of_row.hex() +
                             ", the entry has " + of_entry.hex());
  }

  void require_unique(std::map<std::string, EntryIndex>& known, const std::string& file, EntryIndex entry,
                      const std::string& field, const std::string& value) {
    const auto [other, is_new] = known.emplace(value, entry);
    if (is_new) return;
    recorder_.wrong_file(Rule::name, place(file), entry,
                         "entry " + std::to_string(entry.value()) + " has the " + field + " '" + value + "' of entry " +
                             std::to_string(other->second.value()));
  }

  io::FileSystem& files_;
  const Folders& folders_;
  const History& history_;
  Recorder& recorder_;
};

}  // namespace

Result<void> check_directory(io::FileSystem& files, const Folders& folders, const History& history,
                             Recorder& recorder) {
  DirectoryAudit directory(files, folders, history, recorder);
  TRY(directory.check_contributors());
  for (const DatanetFacts& datanet : history.datanets.all()) TRY(directory.check_datanet(datanet.entry));
  return {};
}

}  // namespace tribute::audit
