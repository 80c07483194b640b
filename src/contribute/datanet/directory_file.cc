#include "datanet/directory_file.h"

#include "record/canonical.h"
#include "record/object_reader.h"

namespace tribute::datanet {
namespace {

using record::Json;
using record::ObjectReader;

constexpr size_t kEntryDigits = 12;

Result<ContributorName> read_row(ObjectReader& reader, ContributorName row) {
  row.entry = TRY(reader.entry("entry"));
  row.name = TRY(reader.text("name"));
  row.salt = TRY(reader.hash("salt"));
  return row;
}

Result<DatapointSource> read_row(ObjectReader& reader, DatapointSource row) {
  row.entry = TRY(reader.entry("entry"));
  row.id = TRY(reader.text("id"));
  row.salt = TRY(reader.hash("salt"));
  row.title = TRY(reader.text("title"));
  return row;
}

template <typename T>
Result<T> parse_line(std::string_view line) {
  const Json value = TRY(record::parse_json(line));
  ObjectReader reader = TRY(ObjectReader::open(value, "row"));
  T row = TRY(read_row(reader, T{}));
  TRY(reader.finish());
  TRY(record::check_spelling("row", line, value));
  return row;
}

template <typename T>
Result<std::vector<T>> parse_file(std::string_view bytes) {
  std::vector<T> rows;
  while (!bytes.empty()) {
    const std::string place = "line " + std::to_string(rows.size() + 1);
    const size_t end = bytes.find('\n');
    if (end == std::string_view::npos) return fail(ErrorCode::data_loss, place + ": the line has no end");
    auto row = parse_line<T>(bytes.substr(0, end));
    if (!row) return fail_within(place, std::move(row).error());
    if (!rows.empty() && row->entry <= rows.back().entry) {
      return fail(ErrorCode::data_loss, place + ": the entries do not ascend");
    }
    rows.push_back(std::move(*row));
    bytes.remove_prefix(end + 1);
  }
  return rows;
}

}  // namespace

std::string contributors_file_name() { return "contributors.jsonl"; }

std::string datanet_file_name(EntryIndex datanet) {
  std::string digits = std::to_string(datanet.value());
  if (digits.size() < kEntryDigits) digits.insert(0, kEntryDigits - digits.size(), '0');
  return "datanet-" + digits + ".jsonl";
}

std::string to_line(const ContributorName& row) {
  return Json::object({{"entry", row.entry}, {"name", row.name}, {"salt", row.salt}}).text() + "\n";
}

std::string to_line(const DatapointSource& row) {
  return Json::object({{"entry", row.entry}, {"id", row.id}, {"salt", row.salt}, {"title", row.title}}).text() + "\n";
}

Result<std::vector<ContributorName>> parse_contributors_file(std::string_view bytes) {
  return parse_file<ContributorName>(bytes);
}

Result<std::vector<DatapointSource>> parse_datanet_file(std::string_view bytes) {
  return parse_file<DatapointSource>(bytes);
}

}  // namespace tribute::datanet
