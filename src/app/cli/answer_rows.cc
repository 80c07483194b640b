#include "cli/answer_rows.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "cli/json.h"

namespace tribute::cli {
namespace {

constexpr uint64_t kMaxLineBytes = uint64_t{128} << 20;

std::unexpected<Error> bad(std::string message) { return fail(ErrorCode::invalid_argument, std::move(message)); }

Result<std::string> string_of(const Json& value, std::string_view field) {
  if (!value.is_string()) return bad("field \"" + std::string(field) + "\" is not a string");
  return value.get<std::string>();
}

Result<std::vector<std::string>> messages_of(const Json& value) {
  std::vector<std::string> messages;
  if (!value.is_array()) {
    messages.push_back(TRY(string_of(value, "prompt")));
    return messages;
  }
  for (const Json& message : value) messages.push_back(TRY(string_of(message, "prompt")));
  return messages;
}

Result<AnswerRow> row_of(std::string_view line) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return bad("the row is not valid JSON");
  if (!json.is_object()) return bad("the row is not a JSON object");
  const auto field = [&](const char* name) {
    const auto found = json.find(name);
    return found == json.end() || found->is_null() ? nullptr : &*found;
  };
  AnswerRow row;
  if (const Json* id = field("id")) row.id = TRY(string_of(*id, "id"));
  if (const Json* prompt = field("prompt")) row.answer.prompts = TRY(messages_of(*prompt));
  const Json* output = field("output");
  if (output == nullptr) return bad("field \"output\" is missing");
  row.answer.output = TRY(string_of(*output, "output"));
  return row;
}

}  // namespace

AnswerRows::AnswerRows(std::string path, std::unique_ptr<datanet::ByteSource> source)
    : path_(std::move(path)), lines_(std::move(source), kMaxLineBytes) {}

Result<AnswerRows> AnswerRows::open(Context& context, const std::string& path) {
  if (path == "-") return AnswerRows(path, datanet::make_stream_source(context.in()));
  auto source = TRY(datanet::open_file_source(context.environment().files, path));
  if (path.ends_with(".zst")) source = datanet::make_zstd_source(std::move(source));
  if (path.ends_with(".gz")) source = datanet::make_gzip_source(std::move(source));
  return AnswerRows(path, std::move(source));
}

Result<std::optional<AnswerRow>> AnswerRows::next() {
  for (;;) {
    const auto line = lines_.next();
    if (!line) return broken(line.error());
    if (!*line) return std::nullopt;
    if (!(*line)->too_long && (*line)->text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    return TRY(parse(**line));
  }
}

// A broken stream does not know of which file it is.
std::unexpected<Error> AnswerRows::broken(const Error& error) const {
  if (error.code != ErrorCode::data_loss) return std::unexpected(error);
  return fail(error.code, place(lines_.line_number()) + ": " + error.message + "; compress the answers again");
}

Result<AnswerRow> AnswerRows::parse(const datanet::Line& line) const {
  auto row = line.too_long ? bad("the row has over " + std::to_string(kMaxLineBytes) + " bytes") : row_of(line.text);
  if (!row) return fail(row.error().code, place(line.number) + ": " + row.error().message);
  row->line = line.number;
  return row;
}

std::string AnswerRows::place(uint64_t line) const { return path_ + ":" + std::to_string(line); }

}  // namespace tribute::cli
