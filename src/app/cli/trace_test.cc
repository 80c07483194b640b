// `tribute trace --answers`, as typed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "cli/testing/shell.h"

namespace tribute::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::Shell;

class TraceAnswers : public ::testing::Test {
 protected:
  TraceAnswers() { shell_.settle_in(); }

  Outcome trace(const std::string& rows, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"trace", "--model", "m", "--answers", "-"});
    return shell_.run(more, rows);
  }

  static std::string output(std::string_view text) { return R"({"output":")" + std::string(text) + "\"}\n"; }

  Shell shell_;
};

TEST_F(TraceAnswers, SayOfEachWhatOneAloneSays) {
  const std::vector<std::string> texts = {std::string(Shell::kTide), "nothing of this", "",
                                          "as they say, " + std::string(Shell::kKnot), std::string(Shell::kDumplings)};
  std::vector<nlohmann::json> expected;
  for (const std::string& text : texts) expected.push_back(shell_.json({"trace", "--model", "m"}, text));
  std::string rows;
  for (int i = 0; i < 60; ++i) {
    for (const std::string& text : texts) rows += output(text);
    rows += "  \n";
  }
  for (const std::string threads : {"1", "3"}) {
    const Outcome outcome = trace(rows, {"--threads", threads, "--json"});
    ASSERT_EQ(outcome.exit, 0) << outcome.err;
    std::istringstream lines(outcome.out);
    std::string line;
    size_t count = 0;
    for (; std::getline(lines, line); ++count) {
      auto found = nlohmann::json::parse(line);
      EXPECT_EQ(found["id"], nullptr);
      EXPECT_EQ(found["line"], count + count / texts.size() + 1);
      found.erase("id");
      found.erase("line");
      ASSERT_EQ(found, expected[count % texts.size()]);
    }
    EXPECT_EQ(count, 60 * texts.size());
  }
}

TEST_F(TraceAnswers, TakePromptsAndIds) {
  const std::string text = std::string(Shell::kTide);
  const std::string rows = R"({"id":"free","prompt":null,"output":")" + text + "\"}\n" +                      //
                           R"({"id":"copied","prompt":"say: )" + text + R"(","output":")" + text + "\"}\n" +  //
                           R"({"id":"of two","prompt":["say",")" + text + R"("],"more":1,"output":")" + text + "\"}\n";
  const Outcome outcome = trace(rows);
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "ANSWER  TOKENS  CREDITED  CONTRIBUTORS\n"
            "free        92    100.0%  ada 100.0%\n"
            "copied      92      0.0%\n"
            "of two      92      0.0%\n");
}

// One zstd frame (RFC 8878) with one block of raw bytes.
TEST_F(TraceAnswers, AreDecompressedByTheNameOfTheirFile) {
  const std::string row = output("the load is gone");
  ASSERT_LT(row.size(), 256U);
  const std::string frame = std::string("\x28\xb5\x2f\xfd\x20", 5) + static_cast<char>(row.size()) +
                            static_cast<char>((row.size() << 3 | 1) & 0xFF) + static_cast<char>(row.size() >> 5) +
                            std::string(1, '\0') + row;
  shell_.write("/answers.jsonl.zst", frame);
  shell_.write("/broken.jsonl.zst", frame.substr(0, frame.size() - 1));
  shell_.write("/broken.jsonl.gz", row);
  EXPECT_EQ(shell_.must({"trace", "--model", "m", "--answers", "/answers.jsonl.zst"}), trace(row).out);
  for (const std::string broken : {"/broken.jsonl.zst", "/broken.jsonl.gz"}) {
    const Outcome outcome = shell_.run({"trace", "--model", "m", "--answers", broken});
    EXPECT_EQ(outcome.exit, 2);
    EXPECT_THAT(outcome.err, HasSubstr(broken));
  }
}

TEST_F(TraceAnswers, NameTheRowThatIsWrong) {
  const auto message = [&](const std::string& row) {
    const Outcome outcome = trace(output("good") + row);
    EXPECT_EQ(outcome.exit, 2);
    return outcome.err;
  };
  EXPECT_THAT(message("{\n"), HasSubstr("-:2: the row is not valid JSON"));
  EXPECT_THAT(message("[]\n"), HasSubstr("-:2: the row is not a JSON object"));
  EXPECT_THAT(message("{\"id\":\"a\"}\n"), HasSubstr("-:2: field \"output\" is missing"));
  EXPECT_THAT(message("{\"output\":3}\n"), HasSubstr("-:2: field \"output\" is not a string"));
  EXPECT_THAT(message("{\"output\":\"\",\"prompt\":[1]}\n"), HasSubstr("-:2: field \"prompt\" is not a string"));
  EXPECT_THAT(message("{\"output\":\"\",\"id\":1}\n"), HasSubstr("-:2: field \"id\" is not a string"));
}

TEST_F(TraceAnswers, FromDiskAreTheSame) {
  const std::string text = "as they say, " + std::string(Shell::kKnot) + std::string(Shell::kSky);
  const auto before = shell_.json({"trace", "--model", "m"}, text);
  EXPECT_EQ(shell_.json({"trace", "--model", "m", "--cold"}, text), before);
  shell_.must({"withdraw", "harbour", "knot"});
  const auto found = shell_.json({"trace", "--model", "m", "--cold"}, text);
  EXPECT_EQ(found, shell_.json({"trace", "--model", "m"}, text));
  EXPECT_LT(found["credited_millibits"], before["credited_millibits"]);
  const Outcome many = trace(output(text), {"--cold", "--json"});
  EXPECT_EQ(nlohmann::json::parse(many.out)["spans"], found["spans"]);
}

TEST_F(TraceAnswers, RefuseWhatDoesNotGoTogether) {
  EXPECT_THAT(trace("", {"file"}).err, HasSubstr("leave FILE and --prompt out"));
  EXPECT_THAT(trace("", {"--prompt", "file"}).err, HasSubstr("leave FILE and --prompt out"));
  EXPECT_THAT(trace("", {"--threads", "0"}).err, HasSubstr("--threads"));
  EXPECT_THAT(shell_.run({"trace", "--model", "m", "--threads", "2"}).err, HasSubstr("--answers"));
  EXPECT_THAT(shell_.run({"trace", "--model", "m", "--answers", "absent"}).err, AllOf(HasSubstr("absent")));
  EXPECT_EQ(trace("").exit, 0);
}

}  // namespace
}  // namespace tribute::cli
