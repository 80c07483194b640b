// Tables for people: columns aligned by the width that text takes in a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tribute::cli {

class Table {
 public:
  enum class Align : uint8_t { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
    size_t max_width = 0;  // longer cells are shortened; 0: never
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // One cell per column (CHECK), any bytes: they are shown as terminal_text() on one line.
  void add(const std::vector<std::string>& cells);
  bool empty() const { return rows_.empty(); }

  // The titles and the rows, each line ended by '\n' and without trailing spaces.
  std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace tribute::cli
