// A small workspace in memory for tests of use cases: one town with its DataNets, rows and payers.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <string_view>

#include "io/memory_file_system.h"
#include "usecase/accounts.h"
#include "usecase/charge.h"
#include "usecase/contribute.h"
#include "usecase/datanets.h"
#include "usecase/index.h"
#include "usecase/models.h"
#include "workspace/workspace.h"

namespace tribute::usecase::testing {

// The value of a Result, or a failed test and an exception that ends it.
template <typename T>
T must(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << error_code_name(result.error().code) << ": " << result.error().message;
    throw std::runtime_error(result.error().message);
  }
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

// One JSON row. Texts must not need escapes.
inline std::string row(std::string_view id, std::string_view contributor, std::string_view text) {
  return R"({"id":")" + std::string(id) + R"(","contributor":")" + std::string(contributor) +
         R"(","license":"CC0-1.0","title":"On )" + std::string(id) + R"(","text":")" + std::string(text) + "\"}\n";
}

class Town {
 public:
  static constexpr const char* kFolder = "/town";

  Town() {
    must(workspace::Workspace::init(environment(), kFolder, {.tokenizer = "bytes", .origin = "example.com/town"}));
    reopen();
  }

  workspace::Environment environment() { return {files, clock, random}; }
  workspace::Workspace& workspace() { return *workspace_; }
  void close() { workspace_.reset(); }
  void reopen() {
    workspace_.reset();
    workspace_ = must(workspace::Workspace::open(environment(), kFolder, "a test"));
  }

  void create(const std::string& name, record::Role role = record::Role::paid, bool is_public = false) {
    must(create_datanet(workspace(), {.name = name, .role = role, .needs_approval = false, .is_public = is_public}));
  }

  Result<ContributeReport> contribute_rows(const std::string& datanet, const std::string& rows,
                                           ContributeRequest request = {}) {
    std::istringstream input(rows);
    request.datanet = datanet;
    request.paths = {"-"};
    return contribute(workspace(), request, input, progress);
  }

  IndexView build(const std::string& datanet) { return must(build_index(workspace(), datanet, progress)); }

  // harbour (ada, jonas), commons (a guard), both indexed, and a model "m" on them with 5 % for harbour's treasury.
  void settle_in() {
    create("harbour");
    create("commons", record::Role::guard);
    must(contribute_rows("harbour", row("tide", "ada", kTide) + row("knot", "jonas", kKnot)));
    must(contribute_rows("commons", row("sky", "public", kSky)));
    build("harbour");
    build("commons");
    must(register_model(workspace(), model_request()));
    must(deposit(workspace(), "alice", Amount(10'000'000)));
  }

  static ModelRequest model_request() {
    ModelRequest request{
        .name = "m", .datanets = {{"harbour", 50}}, .guards = {"commons"}, .parameters = 7'000'000'000};
    request.terms.rate_in = Amount(1'000);
    request.terms.rate_out = Amount(40'000);
    request.terms.platform_fee = Amount(100);
    return request;
  }

  static ChargeRequest charge_request(const std::string& output) {
    return {.model = "m", .payer = "alice", .answer = {.prompts = {"What do old hands say?"}, .output = output}};
  }

  static constexpr std::string_view kTide =
      "The tide turns slowly at first and then all at once, and the boats swing with it like gates.";
  static constexpr std::string_view kKnot =
      "A bowline holds under any load and comes undone with two fingers when the load is gone.";
  static constexpr std::string_view kSky =
      "Red sky at night, shepherd's delight; red sky in the morning, shepherd's warning.";

  io::MemoryFileSystem files;
  io::SteppingClock clock;
  io::SeededRandom random{7};
  workspace::Progress progress;

 private:
  std::unique_ptr<workspace::Workspace> workspace_;
};

}  // namespace tribute::usecase::testing
