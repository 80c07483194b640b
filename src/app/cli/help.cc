#include "cli/help.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "cli/display.h"

namespace tribute::cli {
namespace {

constexpr size_t kColumns = 100;

// The words of `text` in lines of at most kColumns, each line but the first indented.
std::string wrapped(std::string_view text, size_t first_column, size_t indent) {
  std::string result;
  size_t column = first_column;
  while (!text.empty()) {
    const size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    const bool at_start = column == first_column && result.empty();
    if (!at_start && column + 1 + display_width(word) > kColumns) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!at_start) {
      result += ' ';
      ++column;
    }
    result += word;
    column += display_width(word);
  }
  return result;
}

using Definitions = std::vector<std::pair<std::string, std::string>>;

// "  name    purpose", the purposes in one column; long names have a line of their own.
std::string definitions(const Definitions& lines) {
  constexpr size_t kMaxNameColumns = 34;
  size_t name_columns = 0;
  for (const auto& [name, purpose] : lines) {
    if (display_width(name) <= kMaxNameColumns) name_columns = std::max(name_columns, display_width(name));
  }
  const size_t indent = 2 + name_columns + 2;
  std::string text;
  for (const auto& [name, purpose] : lines) {
    text += "  " + padded_right(name, name_columns);
    text += display_width(name) > name_columns ? "\n" + std::string(indent, ' ') : "  ";
    text += wrapped(purpose, indent, indent) + "\n";
  }
  return text;
}

std::string spelling(const Parameter& parameter) {
  return parameter.value.empty() ? parameter.name : parameter.name + " " + parameter.value;
}

std::string usage(const Command& command) {
  std::string line = "tribute " + command.words();
  bool has_optional = false;
  for (const Parameter& parameter : command.parameters()) {
    if (parameter.kind == Parameter::Kind::argument) continue;
    if (parameter.required) {
      line += " " + spelling(parameter);
    } else {
      has_optional = true;
    }
  }
  if (has_optional) line += " [options]";
  for (const Parameter& parameter : command.parameters()) {
    if (parameter.kind != Parameter::Kind::argument) continue;
    const std::string name = parameter.name + (parameter.takes_several() ? "…" : "");
    line += parameter.required ? " " + name : " [" + name + "]";
  }
  return line;
}

std::string section(std::string_view title, const Definitions& lines) {
  return lines.empty() ? "" : "\n" + std::string(title) + ":\n" + definitions(lines);
}

Definitions global_lines(std::span<const Parameter> globals) {
  Definitions lines;
  for (const Parameter& parameter : globals) lines.emplace_back(spelling(parameter), parameter.purpose);
  lines.emplace_back("-h, --help", "show this");
  return lines;
}

Definitions command_lines(std::span<const Command> commands, std::string_view prefix) {
  Definitions lines;
  for (const Command& command : commands) {
    if (command.words().starts_with(prefix)) lines.emplace_back(command.words(), command.purpose());
  }
  return lines;
}

}  // namespace

std::string overview(std::span<const Command> commands, std::span<const Parameter> globals) {
  return "Tribute pays the people whose data made a model's answer.\n"
         "\n"
         "Usage: tribute COMMAND [options]\n"
         "\n"
         "To begin, in an empty folder:\n" +
         definitions({{"tribute init", "make a workspace"},
                      {"tribute datanet create NAME --open", "make a DataNet"},
                      {"tribute contribute NAME PATH…", "put documents into it"},
                      {"tribute index build NAME", "make them findable"}}) +
         "Then register a model (tribute model register --help), and trace and charge its answers.\n" +
         section("Commands", command_lines(commands, "")) + section("Options of every command", global_lines(globals)) +
         "\n"
         "Exit codes: 0 done, 1 a negative answer, 2 an error, 130 stopped by Ctrl-C.\n"
         "Amounts are whole millionths of the asset's unit.\n"
         "`tribute COMMAND --help` explains a command and shows examples.\n";
}

std::string noun_help(std::string_view noun, std::span<const Command> commands) {
  return wrapped("tribute " + std::string(noun) + ": " + std::string(purpose_of_noun(noun)), 0, 0) + "\n" +
         section("Commands", command_lines(commands, std::string(noun) + " ")) + "\n`tribute " + std::string(noun) +
         " COMMAND --help` explains a command and shows examples.\n";
}

std::string command_help(const Command& command, std::span<const Parameter> globals) {
  Definitions arguments;
  Definitions options;
  for (const Parameter& parameter : command.parameters()) {
    auto& lines = parameter.kind == Parameter::Kind::argument ? arguments : options;
    lines.emplace_back(spelling(parameter), parameter.purpose);
  }
  std::string text = wrapped("tribute " + command.words() + ": " + command.purpose(), 0, 0) +
                     "\n\nUsage: " + wrapped(usage(command), 7, 7) + "\n";
  if (!command.details().empty()) text += "\n" + wrapped(command.details(), 0, 0) + "\n";
  text += section("Arguments", arguments) + section("Options", options) +
          section("Options of every command", global_lines(globals));
  text += "\nExamples:\n";
  for (const std::string& example : command.examples()) text += "  " + example + "\n";
  return text;
}

}  // namespace tribute::cli
