// What holds of every command: words, exit codes, streams, global options.
#include "cli/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <streambuf>

#include "cli/testing/shell.h"
#include "workspace/workspace.h"

namespace tribute::cli {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Outcome;
using testing::Shell;
using ::testing::StartsWith;

// One line, as every error is.
void expect_error(const Outcome& outcome, const std::string& part) {
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, AllOf(StartsWith("tribute: "), EndsWith("\n"), HasSubstr(part)));
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
}

TEST(Run, AloneItSaysWhatToTypeFirst) {
  Shell shell;
  const std::string text = shell.must({});
  EXPECT_THAT(text, AllOf(HasSubstr("tribute init"), HasSubstr("datanet create"), HasSubstr("restore")));
  EXPECT_EQ(shell.must({"--help"}), text);
}

TEST(Run, HelpAndVersionNeedNoWorkspace) {
  Shell shell;
  EXPECT_THAT(shell.must({"charge", "--help"}), HasSubstr("Examples:\n  tribute charge --model llama"));
  EXPECT_THAT(shell.must({"datanet", "--help"}), HasSubstr("datanet show"));
  EXPECT_THAT(shell.must({"--version"}), StartsWith("tribute 0."));
}

TEST(Run, ErrorsAreOneLineThatNamesTheRemedy) {
  Shell shell;
  expect_error(shell.run({"datnet", "list"}), "did you mean `tribute datanet`?");
  expect_error(shell.run({"datanet"}), "`tribute datanet` needs one of create, list, show");
  expect_error(shell.run({"datanet", "create"}), "NAME is missing; see `tribute datanet create --help`");
  expect_error(shell.run({"datanet", "list"}), "tribute init");  // no workspace yet
  expect_error(shell.run({"--color", "blue", "doctor"}), "--color must be auto, always or never, not 'blue'");
  expect_error(shell.run({"--log-level", "loud", "doctor"}), "--log-level must be");
  expect_error(shell.run({"--workspace", "", "doctor"}), "--workspace is empty");
  expect_error(shell.run({"init", "/new", "--origin", ""}), "--origin is empty");
  expect_error(shell.run({"doctor", "line\nfeed\x1b[2J"}), "unexpected argument 'line␊feed␛[2J'");
}

TEST(Run, FindsTheWorkspaceByOptionVariableOrFolder) {
  Shell shell;
  EXPECT_EQ(shell.json({"--workspace", "/one", "init"})["workspace"], "/one");
  EXPECT_EQ(shell.json({"init", "/two"})["workspace"], "/two");
  EXPECT_EQ(shell.json({"init"})["workspace"], "/w");
  shell.must({"--workspace", "/one", "datanet", "create", "a"});
  EXPECT_EQ(shell.json({"datanet", "list", "--workspace=/one"})["count"], 1);
  EXPECT_EQ(shell.json({"datanet", "list"})["count"], 0);
  shell.surroundings.workspace = "/one";
  EXPECT_EQ(shell.json({"datanet", "list"})["count"], 1);
  shell.surroundings.workspace = "";
  expect_error(shell.run({"datanet", "list"}), "tribute init");  // the current folder is none
  expect_error(shell.run({"init", "/three", "--workspace", "/four"}), "the folder is given twice");
}

TEST(Run, AFullStandardOutputIsAnError) {
  Shell shell;
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::badbit);
  const std::vector<std::string> arguments = {"--version"};
  EXPECT_EQ(run(arguments, {in, out, err}, {shell.files, shell.clock, shell.random}, {}), 2);
  EXPECT_THAT(err.str(), HasSubstr("standard output cannot be written"));
}

TEST(Run, ALockedWorkspaceNamesItsHolder) {
  Shell shell;
  shell.must({"init"});
  const auto held = workspace::Workspace::open({shell.files, shell.clock, shell.random}, Shell::kFolder,
                                               "tribute contribute, process 4711");
  ASSERT_TRUE(held.has_value()) << held.error().message;
  expect_error(shell.run({"datanet", "list"}), "tribute contribute, process 4711");
  EXPECT_EQ(shell.run({"verify"}).exit, 0);  // needs no lock
}

TEST(Run, ASecondCommandSaysWhoItIs) {
  Shell shell;
  shell.must({"init"});
  shell.surroundings.process = 12;
  shell.must({"datanet", "list", "--json"});
  EXPECT_THAT(shell.read("/w/lock"), HasSubstr("tribute datanet list, process 12"));
}

TEST(Run, ACommandPublishesWhatItCommitted) {
  Shell shell;
  shell.must({"init"});
  shell.must({"datanet", "create", "one"});
  EXPECT_THAT(shell.read("/w/public/log/checkpoint"), HasSubstr("\n1\n"));
  // Also what was acknowledged before a bad row, or before Ctrl-C.
  shell.must({"datanet", "create", "two", "--open"});
  EXPECT_EQ(shell.run({"contribute", "two", "-"}, Shell::row("a", "ada", "text") + "bad\n").exit, 1);
  EXPECT_THAT(shell.read("/w/public/log/checkpoint"), HasSubstr("\n4\n"));
}

TEST(Run, ADamagedSettingsFileIsNamed) {
  Shell shell;
  shell.must({"init"});
  shell.write("/w/tribute.toml", "batch_documents = 0\n");
  expect_error(shell.run({"datanet", "list"}), "batch_documents");
}

TEST(Run, AFullDiskIsOneLine) {
  Shell shell;
  shell.must({"init"});
  shell.files.set_fault_hook([](io::Operation operation, const std::string&, uint64_t) {
    return operation == io::Operation::write ? io::Fault::disk_full : io::Fault::none;
  });
  expect_error(shell.run({"datanet", "create", "harbour"}), "");
  shell.files.set_fault_hook({});
  EXPECT_EQ(shell.json({"datanet", "list"})["count"], 0);
}

TEST(Run, LogLevelTellsMoreOnStandardError) {
  Shell shell;
  shell.must({"init"});
  const Outcome loud = shell.run({"datanet", "list", "--json", "--log-level", "debug"});
  EXPECT_EQ(loud.exit, 0);
  EXPECT_THAT(loud.err, AllOf(HasSubstr("debug opened the workspace /w"), HasSubstr("info datanet list: done")));
  shell.write("/w/tribute.toml", "log_level = \"info\"\n");
  EXPECT_THAT(shell.run({"datanet", "list", "--json"}).err,
              AllOf(HasSubstr("info datanet list: done"), Not(HasSubstr("debug"))));
  EXPECT_EQ(shell.run({"datanet", "list", "--json", "--log-level", "off"}).err, "");
}

TEST(Run, ColourIsForTerminalsThatWantIt) {
  Shell shell;
  shell.must({"init"});
  const auto is_colored = [&](const std::vector<std::string>& arguments) {
    return shell.run(arguments).out.find('\x1b') != std::string::npos;
  };
  EXPECT_FALSE(is_colored({"doctor"}));
  EXPECT_TRUE(is_colored({"doctor", "--color", "always"}));
  shell.surroundings.out_is_terminal = true;
  EXPECT_TRUE(is_colored({"doctor"}));
  EXPECT_FALSE(is_colored({"doctor", "--color=never"}));
  shell.surroundings.no_color = true;
  EXPECT_FALSE(is_colored({"doctor"}));
}

// Standard input that Ctrl-C ends while it is waited for, after `text`.
class InterruptedInput final : public std::streambuf {
 public:
  explicit InterruptedInput(std::atomic<bool>& stop, std::string text = "") : stop_(stop), text_(std::move(text)) {
    setg(text_.data(), text_.data(), text_.data() + text_.size());
  }

 protected:
  int_type underflow() override {
    stop_ = true;
    return traits_type::eof();
  }

 private:
  std::atomic<bool>& stop_;
  std::string text_;
};

TEST(Run, CtrlCEndsAWaitForStandardInput) {
  Shell shell;
  shell.must({"init"});
  shell.must({"datanet", "create", "harbour", "--open"});
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"contribute", "harbour", "-"}, {"trace", "--model", "m"}}) {
    std::atomic<bool> stop = false;
    shell.surroundings.stop = &stop;
    InterruptedInput buffer(stop);
    std::istream in(&buffer);
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(run(arguments, {in, out, err}, {shell.files, shell.clock, shell.random}, shell.surroundings), 130);
  }
}

// A strict contribution is all or nothing, also where Ctrl-C comes while the rest of it is waited for.
TEST(Run, CtrlCWhileWaitingUndoesAStrictContribution) {
  Shell shell;
  shell.must({"init"});
  shell.must({"datanet", "create", "harbour", "--open"});
  // A row that fills what is read at once is taken before anybody waits.
  constexpr size_t kRowBytes = 1 << 20;
  const std::string row = Shell::row("a", "ada", std::string(kRowBytes - Shell::row("a", "ada", "").size(), 'x'));
  std::atomic<bool> stop = false;
  shell.surroundings.stop = &stop;
  InterruptedInput buffer(stop, row);
  std::istream in(&buffer);
  std::ostringstream out;
  std::ostringstream err;
  const std::vector<std::string> arguments = {"contribute", "harbour", "-", "--strict"};
  EXPECT_EQ(run(arguments, {in, out, err}, {shell.files, shell.clock, shell.random}, shell.surroundings), 130);
  EXPECT_THAT(err.str(), HasSubstr("nothing was written (--strict)"));
  shell.surroundings.stop = nullptr;
  EXPECT_EQ(shell.json({"contribution", "list", "harbour"})["count"], 0);
}

TEST(Run, CtrlCStopsAndKeepsWhatWasAcknowledged) {
  Shell shell;
  shell.must({"init"});
  shell.must({"datanet", "create", "harbour", "--open"});
  const std::atomic<bool> stop = true;
  shell.surroundings.stop = &stop;
  const Outcome stopped = shell.run({"contribute", "harbour", "-", "--json"}, Shell::row("a", "ada", "text"));
  EXPECT_EQ(stopped.exit, 130);
  EXPECT_EQ(nlohmann::json::parse(stopped.out)["stopped"], true);
  EXPECT_THAT(stopped.err, HasSubstr("Run again"));
  const Outcome strict = shell.run({"contribute", "harbour", "-", "--strict"}, Shell::row("a", "ada", "text"));
  EXPECT_EQ(strict.exit, 130);
  EXPECT_THAT(strict.err, HasSubstr("nothing was written (--strict)"));
  const Outcome reading = shell.run({"trace", "--model", "m"}, "half an ans");
  EXPECT_EQ(reading.exit, 130);
  EXPECT_THAT(reading.err, HasSubstr("stopped while reading standard input"));
}

}  // namespace
}  // namespace tribute::cli
