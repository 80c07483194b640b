// A shell in memory: runs commands as a process would, and keeps what they print.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "cli/run.h"
#include "io/memory_file_system.h"

namespace tribute::cli::testing {

struct Outcome {
  int exit = 0;
  std::string out;
  std::string err;
};

class Shell {
 public:
  static constexpr const char* kFolder = "/w";

  Shell() { surroundings.workspace = kFolder; }

  // Runs `tribute` with arguments, and with text on standard input.
  Outcome run(const std::vector<std::string>& arguments, const std::string& input = "") {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    const int exit = cli::run(arguments, {in, out, err}, {files, clock, random}, surroundings);
    return {exit, out.str(), err.str()};
  }

  // The same for a command that must succeed without a word on stderr; returns what it printed.
  std::string must(const std::vector<std::string>& arguments, const std::string& input = "") {
    const Outcome outcome = run(arguments, input);
    EXPECT_EQ(outcome.exit, 0) << arguments.front() << ": " << outcome.err;
    EXPECT_EQ(outcome.err, "") << arguments.front();
    return outcome.out;
  }

  // ... and with --json, what it printed as a value.
  nlohmann::json json(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.emplace_back("--json");
    const std::string text = must(arguments, input);
    nlohmann::json value = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    EXPECT_FALSE(value.is_discarded()) << text;
    return value;
  }

  void write(const std::string& path, std::string_view text) {
    EXPECT_TRUE(io::write_file_atomically(files, path, text).has_value()) << path;
  }
  std::string read(const std::string& path) {
    const auto text = io::read_file(files, path);
    EXPECT_TRUE(text.has_value()) << path;
    return text.value_or("");
  }

  // A workspace with two paid DataNets and a guard, indexed, a model "m" on them, and alice's account.
  void settle_in() {
    must({"init", "--tokenizer", "bytes"});
    must({"datanet", "create", "harbour", "--open"});
    must({"datanet", "create", "kitchen", "--open"});
    must({"datanet", "create", "commons", "--open", "--guard"});
    must({"contribute", "harbour", "-"}, row("tide", "ada", kTide) + row("knot", "jonas", kKnot));
    must({"contribute", "kitchen", "-"}, row("饺子", "林月", kDumplings));
    must({"contribute", "commons", "-"}, row("sky", "public", kSky));
    for (const std::string datanet : {"harbour", "kitchen", "commons"}) must({"index", "build", datanet});
    must({"model", "register", "m", "--datanet", "harbour=50", "--datanet", "kitchen", "--guard", "commons",
          "--parameters", "7e9", "--rate-in", "1000", "--rate-out", "40000", "--platform-fee", "100"});
    must({"account", "deposit", "alice", "1000000"});
  }

  // One JSON row. Texts must not need escapes.
  static std::string row(std::string_view id, std::string_view contributor, std::string_view text) {
    return R"({"id":")" + std::string(id) + R"(","contributor":")" + std::string(contributor) +
           R"(","license":"CC0-1.0","title":"On )" + std::string(id) + R"(","text":")" + std::string(text) + "\"}\n";
  }

  static constexpr std::string_view kTide =
      "The tide turns slowly at first and then all at once, and the boats swing with it like gates.";
  static constexpr std::string_view kKnot =
      "A bowline holds under any load and comes undone with two fingers when the load is gone.";
  static constexpr std::string_view kDumplings = "盖上锅盖，等水再开，添半碗凉水；又开，再添半碗。";
  static constexpr std::string_view kSky =
      "Red sky at night, shepherd's delight; red sky in the morning, shepherd's warning.";

  io::MemoryFileSystem files;
  io::SteppingClock clock;
  io::SeededRandom random{7};
  Surroundings surroundings;
};

}  // namespace tribute::cli::testing
