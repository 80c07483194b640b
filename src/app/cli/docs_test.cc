// The pages of docs/cli and the settings' page say what the program says.
//
// After a change of a command: TRIBUTE_UPDATE_DOCS=1 build/dev/bin/cli_test --gtest_filter='Docs.*'
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "cli/commands.h"
#include "cli/display.h"
#include "cli/globals.h"
#include "cli/help.h"
#include "cli/parse.h"
#include "workspace/settings.h"

namespace tribute::cli {
namespace {

const std::string kDocs = TRIBUTE_SOURCE_DIR "/docs/";

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The first block of a page after a heading must be `expected`; it is made so where that is asked for.
void expect_block(const std::string& path, const std::string& heading, const std::string& expected) {
  constexpr std::string_view kBegin = "\n```text\n";
  constexpr std::string_view kEnd = "```\n";
  std::string page = content_of(path);
  const size_t at = page.find("\n" + heading + "\n");
  ASSERT_NE(at, std::string::npos) << path << " has no heading " << heading;
  const size_t begin = page.find(kBegin, at);
  ASSERT_NE(begin, std::string::npos) << path << ", " << heading << ": no block";
  const size_t text = begin + kBegin.size();
  const size_t end = page.find(kEnd, text);
  ASSERT_NE(end, std::string::npos) << path << ", " << heading;
  if (std::getenv("TRIBUTE_UPDATE_DOCS") != nullptr) {
    page.replace(text, end - text, expected);
    std::ofstream(path, std::ios::binary) << page;
  } else {
    EXPECT_EQ(page.substr(text, end - text), expected) << path << ", " << heading;
  }
}

// Words as a shell reads them: single and double quotes hold blanks.
std::vector<std::string> shell_words(const std::string& line) {
  std::vector<std::string> words = {""};
  char quote = '\0';
  for (const char c : line) {
    if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = '\0';
    } else if (c == ' ' && quote == '\0') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

class Docs : public testing::Test {
 protected:
  Globals globals_;
  std::vector<Parameter> parameters_ = global_parameters(globals_);
  std::vector<Command> commands_ = all_commands();
};

TEST_F(Docs, EveryCommandStandsOnItsPage) {
  expect_block(kDocs + "cli/README.md", "## Overview", overview(commands_, parameters_));
  for (const Command& command : commands_) {
    const std::string page = command.words().substr(0, command.words().find(' '));
    expect_block(kDocs + "cli/" + page + ".md", "## `tribute " + command.words() + "`",
                 command_help(command, parameters_));
  }
}

TEST_F(Docs, TheSettingsPageHasTheSettingsFile) {
  const std::string page = content_of(kDocs + "guide/settings.md");
  EXPECT_NE(page.find("```toml\n" + workspace::default_settings_text() + "```\n"), std::string::npos);
}

TEST_F(Docs, EveryCommandTeaches) {
  std::set<std::string> words;
  for (const Command& command : commands_) {
    SCOPED_TRACE(command.words());
    EXPECT_TRUE(words.insert(command.words()).second) << "twice";
    EXPECT_FALSE(command.purpose().empty());
    EXPECT_FALSE(command.purpose().ends_with('.'));
    EXPECT_FALSE(command.examples().empty());
    for (const Parameter& parameter : command.parameters()) EXPECT_FALSE(parameter.purpose.empty()) << parameter.name;
    // Lines fit a terminal; examples are whole, so that they can be copied.
    std::istringstream help(command_help(command, parameters_));
    for (std::string line; std::getline(help, line) && line != "Examples:";)
      EXPECT_LE(display_width(line), 100U) << line;
  }
}

TEST_F(Docs, EveryExampleIsUnderstood) {
  for (const Command& command : commands_) {
    for (const std::string& example : command.examples()) {
      std::vector<std::string> words = shell_words(example);
      const auto begin = std::ranges::find(words, "tribute");  // after "zcat rows |"
      ASSERT_NE(begin, words.end()) << example;
      const auto request = parse(commands_, parameters_, std::vector<std::string>(begin + 1, words.end()));
      ASSERT_TRUE(request.has_value()) << example << ": " << request.error().message;
      EXPECT_EQ(request->command, &command) << example;
    }
  }
}

}  // namespace
}  // namespace tribute::cli
