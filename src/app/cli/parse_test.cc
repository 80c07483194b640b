#include "cli/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/globals.h"

namespace tribute::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A command line small enough to see all of.
class Parse : public testing::Test {
 protected:
  Result<Request> parse(std::vector<std::string> arguments) {
    return cli::parse(commands_, parameters_, std::move(arguments));
  }
  std::string refusal(std::vector<std::string> arguments) {
    const auto request = parse(std::move(arguments));
    if (request) return "accepted " + request->topic;
    EXPECT_EQ(request.error().code, ErrorCode::invalid_argument);
    return request.error().message;
  }

  Globals globals_;
  std::string name_;
  std::vector<std::string> ids_;
  bool open_ = false;
  std::string model_;
  std::vector<std::string> prompts_;
  std::optional<std::string> limit_;
  std::optional<std::string> file_;
  std::vector<Parameter> parameters_ = global_parameters(globals_);
  std::vector<Command> commands_ = {
      Command("datanet create", "make one").argument("NAME", name_, "").flag("--open", open_, ""),
      Command("datanet list", "list them"),
      Command("withdraw", "withdraw").argument("DATANET", name_, "").arguments("ID", ids_, ""),
      Command("approve", "approve").argument("DATANET", name_, "").arguments("ID", ids_, "", true),
      Command("trace", "trace")
          .option("--model MODEL", model_, "")
          .option("--prompt FILE", prompts_, "")
          .option("--limit N", limit_, "")
          .argument("FILE", file_, ""),
      Command("account deposit", "pay in").argument("PAYER", name_, ""),
  };
};

TEST_F(Parse, FindsTheCommandAndFillsItsParameters) {
  const auto request = parse({"datanet", "create", "harbour", "--open"});
  ASSERT_TRUE(request.has_value()) << request.error().message;
  EXPECT_EQ(request->command, &commands_[0]);
  EXPECT_EQ(request->topic, "datanet create");
  EXPECT_EQ(name_, "harbour");
  EXPECT_TRUE(open_);
}

TEST_F(Parse, TakesGlobalOptionsBeforeAndAfterTheCommand) {
  ASSERT_TRUE(parse({"--workspace", "w", "datanet", "--json", "list", "--log-level=debug"}).has_value());
  EXPECT_EQ(globals_.workspace, "w");
  EXPECT_EQ(globals_.log_level, "debug");
  EXPECT_TRUE(globals_.json);
  EXPECT_FALSE(globals_.version);
}

TEST_F(Parse, ARepeatedOptionTakesOneValueEachTime) {
  ASSERT_TRUE(parse({"trace", "--model", "m", "--prompt", "a", "--prompt", "b", "answer"}).has_value());
  EXPECT_THAT(prompts_, ElementsAre("a", "b"));
  EXPECT_EQ(file_, "answer");
}

TEST_F(Parse, ADashIsAValue) {
  ASSERT_TRUE(parse({"trace", "--prompt", "-", "--model", "-5", "-"}).has_value());
  EXPECT_THAT(prompts_, ElementsAre("-"));
  EXPECT_EQ(model_, "-5");
  EXPECT_EQ(file_, "-");
}

TEST_F(Parse, NothingIsTakenOutOfBracketsOrBraces) {
  ASSERT_TRUE(parse({"withdraw", "[a]", "[1,2]", "{}", "[", "%%", "", "a b", "x,y"}).has_value());
  EXPECT_EQ(name_, "[a]");
  EXPECT_THAT(ids_, ElementsAre("[1,2]", "{}", "[", "%%", "", "a b", "x,y"));
  ASSERT_TRUE(parse({"trace", "--model=[m]", "--prompt", "[1,2]"}).has_value());
  EXPECT_EQ(model_, "[m]");
  EXPECT_THAT(prompts_, ElementsAre("[1,2]"));
}

TEST_F(Parse, ACommandsNameMayBeAnArgument) {
  ASSERT_TRUE(parse({"withdraw", "trace", "datanet", "list", "withdraw"}).has_value());
  EXPECT_EQ(name_, "trace");
  EXPECT_THAT(ids_, ElementsAre("datanet", "list", "withdraw"));
}

TEST_F(Parse, TwoDashesEndTheOptions) {
  ASSERT_TRUE(parse({"withdraw", "harbour", "--", "--json", "-x", "a="}).has_value());
  EXPECT_THAT(ids_, ElementsAre("--json", "-x", "a="));
  EXPECT_FALSE(globals_.json);
}

TEST_F(Parse, OptionalOnesMayBeAbsent) {
  ASSERT_TRUE(parse({"approve", "harbour"}).has_value());
  EXPECT_TRUE(ids_.empty());
  ASSERT_TRUE(parse({"trace", "--model", "m"}).has_value());
  EXPECT_EQ(file_, std::nullopt);
  EXPECT_EQ(limit_, std::nullopt);
}

TEST_F(Parse, NothingNamedIsNoError) {
  const auto nothing = parse({});
  ASSERT_TRUE(nothing.has_value());
  EXPECT_EQ(nothing->command, nullptr);
  EXPECT_EQ(nothing->topic, "");
  const auto noun = parse({"datanet"});
  ASSERT_TRUE(noun.has_value());
  EXPECT_EQ(noun->command, nullptr);
  EXPECT_EQ(noun->topic, "datanet");
}

TEST_F(Parse, HelpNeedsNothingElse) {
  for (const std::string help : {"--help", "-h"}) {
    const auto request = parse({"trace", help});
    ASSERT_TRUE(request.has_value());
    EXPECT_TRUE(request->help);
    EXPECT_EQ(request->topic, "trace");
    EXPECT_EQ(parse({help})->topic, "");
    EXPECT_EQ(parse({"datanet", help})->topic, "datanet");
    EXPECT_EQ(parse({help, "datanet", "create"})->topic, "datanet create");
  }
}

TEST_F(Parse, SuggestsTheNearestWord) {
  EXPECT_EQ(refusal({"datnet", "list"}),
            "unknown command 'datnet'; did you mean `tribute datanet`?; see `tribute --help`");
  EXPECT_THAT(refusal({"datanet", "lst"}), HasSubstr("did you mean `tribute datanet list`?"));
  EXPECT_THAT(refusal({"datanet", "remove"}), HasSubstr("unknown command 'remove'; datanet has create and list"));
  EXPECT_THAT(refusal({"deposit", "alice"}), HasSubstr("did you mean `tribute account deposit`?"));
  EXPECT_THAT(refusal({"banana"}), HasSubstr("unknown command 'banana'; see `tribute --help`"));
  EXPECT_THAT(refusal({"trace", "--modle", "m"}),
              HasSubstr("unknown option '--modle'; did you mean --model?; see `tribute trace --help`"));
  EXPECT_THAT(refusal({"datanet", "create", "--opne"}), HasSubstr("unknown option '--opne'; did you mean --open?"));
  EXPECT_THAT(refusal({"datanet", "create", "a", "--jsno"}), HasSubstr("did you mean --json?"));
  EXPECT_THAT(refusal({"datanet", "list", "-x"}), HasSubstr("unknown option '-x'"));
}

TEST_F(Parse, SaysWhatIsMissingOrTooMuch) {
  EXPECT_EQ(refusal({"datanet", "create"}), "NAME is missing; see `tribute datanet create --help`");
  EXPECT_THAT(refusal({"withdraw"}), HasSubstr("DATANET and ID are missing"));
  EXPECT_THAT(refusal({"trace", "answer"}), HasSubstr("--model MODEL is missing"));
  EXPECT_THAT(refusal({"trace", "--model"}), HasSubstr("--model needs a value"));
  EXPECT_THAT(refusal({"trace", "--model="}), HasSubstr("'--model=' has no value after the equals sign"));
  EXPECT_THAT(refusal({"trace", "--model", "a", "--model", "b"}), HasSubstr("--model is given 2 times; give it once"));
  EXPECT_THAT(refusal({"datanet", "create", "a", "--open=yes"}), HasSubstr("--open takes no value"));
  EXPECT_THAT(refusal({"datanet", "create", "a", "b"}), HasSubstr("unexpected argument 'b'"));
  EXPECT_THAT(refusal({"datanet", "list", "[b]"}), HasSubstr("unexpected argument '[b]'"));
}

}  // namespace
}  // namespace tribute::cli
