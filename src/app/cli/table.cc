#include "cli/table.h"

#include <algorithm>

#include "base/check.h"
#include "cli/display.h"

namespace tribute::cli {

void Table::add(const std::vector<std::string>& cells) {
  CHECK(cells.size() == columns_.size());
  std::vector<std::string> row;
  for (size_t i = 0; i < cells.size(); ++i) {
    std::string text = terminal_text(cells[i]);
    if (columns_[i].max_width != 0) text = shortened(text, columns_[i].max_width);
    row.push_back(std::move(text));
  }
  rows_.push_back(std::move(row));
}

std::string Table::text() const {
  std::vector<size_t> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t width = display_width(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, display_width(row[i]));
    widths.push_back(width);
  }
  const auto line = [&](const auto& cell) {
    std::string text;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i != 0) text += "  ";
      text += columns_[i].align == Align::left ? padded_right(cell(i), widths[i]) : padded_left(cell(i), widths[i]);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
  };
  std::string result = line([&](size_t i) -> const std::string& { return columns_[i].title; });
  for (const auto& row : rows_) result += line([&](size_t i) -> const std::string& { return row[i]; });
  return result;
}

}  // namespace tribute::cli
