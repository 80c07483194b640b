#include "datanet/reader.h"

#include <utility>

#include "base/bytes.h"
#include "datanet/input_files.h"
#include "datanet/json_row.h"
#include "datanet/line_reader.h"
#include "datanet/names.h"

namespace tribute::datanet {
namespace {

constexpr std::string_view kBlank = " \t\r\n\v\f";

RowOrBad checked(Row row, const RowOptions& options) {
  const auto completed = complete(row, options);
  if (!completed) return BadRow{.place = std::move(row.place), .message = completed.error().message};
  return row;
}

// A .txt or .md file as a row.
Result<RowOrBad> read_document(io::FileSystem& files, const InputFile& input, const RowOptions& options) {
  Row row{.place = {.file = input.path}, .id = input.id};
  const auto file = TRY(files.open(input.path, io::OpenMode::read));
  const uint64_t size = TRY(file->size());
  if (size > options.max_document_bytes) {
    return BadRow{.place = row.place,
                  .message = "the document has " + std::to_string(size) + " bytes, more than max_document_bytes (" +
                             std::to_string(options.max_document_bytes) + ")"};
  }
  row.text = TRY(file->read_at(0, size));
  if (input.kind == InputKind::markdown) row.title = markdown_title(row.text);
  return checked(std::move(row), options);
}

Result<std::unique_ptr<ByteSource>> open_source(io::FileSystem& files, const InputFile& input) {
  auto source = TRY(open_file_source(files, input.path));
  if (input.kind == InputKind::jsonl_zst) return make_zstd_source(std::move(source));
  if (input.kind == InputKind::jsonl_gz) return make_gzip_source(std::move(source));
  return source;
}

}  // namespace

uint64_t line_limit(const RowOptions& options) { return 2 * options.max_document_bytes + (uint64_t{1} << 20); }

struct ContributionReader::State {
  io::FileSystem& files;
  std::unique_ptr<ByteSource> standard_input;
  RowOptions options;
  InputFiles inputs;
  size_t next_input = 0;
  std::optional<LineReader> lines;  // of the input before `next_input`, while it has rows left
  JsonRowParser parser;
  uint64_t total_bytes = 0;
  uint64_t finished_bytes = 0;

  const InputFile& current() const { return inputs.files[next_input - 1]; }

  void finish_lines() {
    finished_bytes += lines->bytes_taken();
    lines.reset();
  }

  RowOrBad bad_row(uint64_t line, std::string message) const {
    return BadRow{.place = {.file = current().path, .line = line}, .message = std::move(message)};
  }

  RowOrBad row_of(const Line& line) {
    if (line.too_long) {
      return bad_row(line.number, "the line is over " + std::to_string(line_limit(options)) +
                                      " bytes, which max_document_bytes (" +
                                      std::to_string(options.max_document_bytes) + ") allows");
    }
    auto row = parser.parse(line.text);
    if (!row) return bad_row(line.number, std::move(row).error().message);
    row->place = {.file = current().path, .line = line.number};
    return checked(std::move(*row), options);
  }

  // The next row of the lines, or nullopt at their end.
  Result<std::optional<RowOrBad>> next_of_lines() {
    while (true) {
      auto line = lines->next();
      if (!line) {
        if (line.error().code != ErrorCode::data_loss) return std::unexpected(std::move(line).error());
        const uint64_t number = lines->line_number();
        finish_lines();
        return bad_row(number, std::move(line).error().message);
      }
      if (!line->has_value()) {
        finish_lines();
        return std::nullopt;
      }
      if ((*line)->too_long || (*line)->text.find_first_not_of(kBlank) != std::string_view::npos) {
        return row_of(**line);
      }
    }
  }

  // Begins the next input: its lines, or the one row that it is.
  Result<std::optional<RowOrBad>> begin_input() {
    const InputFile& input = inputs.files[next_input++];
    if (input.kind == InputKind::text || input.kind == InputKind::markdown) {
      auto row = TRY(read_document(files, input, options));
      finished_bytes += input.size_bytes;
      return row;
    }
    auto source = input.path == "-" ? std::move(standard_input) : TRY(open_source(files, input));
    lines.emplace(std::move(source), line_limit(options));
    return std::nullopt;
  }
};

ContributionReader::ContributionReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ContributionReader::~ContributionReader() = default;

Result<std::unique_ptr<ContributionReader>> ContributionReader::open(io::FileSystem& files,
                                                                     const std::vector<std::string>& paths,
                                                                     std::unique_ptr<ByteSource> standard_input,
                                                                     RowOptions options) {
  InputFiles inputs = TRY(find_input_files(files, paths));
  for (const InputFile& input : inputs.files) {
    if (input.path == "-" && standard_input == nullptr) {
      return fail(ErrorCode::invalid_argument, "standard input (-) cannot be read here");
    }
  }
  std::unique_ptr<State> state(new State{.files = files,
                                         .standard_input = std::move(standard_input),
                                         .options = std::move(options),
                                         .inputs = std::move(inputs),
                                         .lines = std::nullopt,
                                         .parser = {}});
  for (const InputFile& input : state->inputs.files) state->total_bytes += input.size_bytes;
  return std::unique_ptr<ContributionReader>(new ContributionReader(std::move(state)));
}

Result<std::optional<RowOrBad>> ContributionReader::next() {
  while (true) {
    std::optional<RowOrBad> row;
    if (state_->lines) {
      row = TRY(state_->next_of_lines());
    } else if (state_->next_input < state_->inputs.files.size()) {
      row = TRY(state_->begin_input());
    } else {
      return std::nullopt;
    }
    if (row) return row;
  }
}

ReadProgress ContributionReader::progress() const {
  ReadProgress progress{.bytes_taken = state_->finished_bytes,
                        .bytes_total = state_->total_bytes,
                        .file_count = state_->inputs.files.size(),
                        .ignored_file_count = state_->inputs.ignored_file_count};
  if (state_->lines) progress.bytes_taken += state_->lines->bytes_taken();
  return progress;
}

}  // namespace tribute::datanet
