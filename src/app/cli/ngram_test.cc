// `tribute ngram`, as typed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/ngram_source.h"
#include "cli/testing/shell.h"

namespace tribute::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Ngram : public ::testing::Test {
 protected:
  // `tribute ngram VERB … --datanet harbour`, whose documents are kTide and kKnot, a token per byte.
  std::vector<std::string> words(std::vector<std::string> of) {
    of.insert(of.begin(), "ngram");
    of.insert(of.end(), {"--datanet", "harbour"});
    return of;
  }
  std::string must(std::vector<std::string> of) { return shell_.must(words(std::move(of))); }
  nlohmann::json json(std::vector<std::string> of) { return shell_.json(words(std::move(of))); }

  std::string error(const std::vector<std::string>& all) {
    const auto outcome = shell_.run(all);
    EXPECT_EQ(outcome.exit, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
    return outcome.err;
  }

  testing::Shell shell_;
};

TEST_F(Ngram, Counts) {
  shell_.settle_in();
  EXPECT_EQ(must({"count", "load"}), "2 occurrences\n");
  EXPECT_EQ(json({"count", "and"})["occurrences"], 3);
  EXPECT_EQ(json({"count", "97 110 100", "--tokens"})["occurrences"], 3);
  EXPECT_EQ(json({"count", "red sky"})["occurrences"], 0);
  EXPECT_EQ(json({"count", "red sky", "--datanet", "commons"})["occurrences"], 1);
  EXPECT_EQ(must({"count", "tide", "boats|ships"}), "1 place in 1 document\n");
  EXPECT_EQ(must({"count", "tide", "boats|ships", "--near", "5"}), "0 places in 0 documents\n");
  const auto counts = json({"count", "bowline|tide"});
  EXPECT_EQ(counts["windows"], 2);
  EXPECT_EQ(counts["documents"], 2);
}

TEST_F(Ngram, SaysWhatComesNext) {
  shell_.settle_in();
  const auto next = json({"next", "Zat "});
  EXPECT_EQ(next["context_length"], 3);
  EXPECT_EQ(next["context_text"], "at ");
  EXPECT_EQ(next["count"], 2);
  EXPECT_EQ(next["end_of_document"], 0);
  EXPECT_EQ(next["distinct_tokens"], 2);
  EXPECT_EQ(next["tokens"][0], (nlohmann::json{{"token", 102}, {"text", "f"}, {"count", 1}}));
  EXPECT_EQ(next["tokens"][1]["text"], "o");
  EXPECT_EQ(json({"next", "at ", "--context", "1"})["context_length"], 1);
  EXPECT_EQ(must({"next", "gates"}),
            "After the last 5 tokens, which stands once:\n"
            "TOKEN  TEXT  COUNT   SHARE\n"
            "   46  \".\"       1  100.0%\n");
  EXPECT_THAT(must({"next", "gates."}), HasSubstr("end of the document"));
  const auto most = json({"next", "", "--limit", "1"});
  EXPECT_EQ(most["tokens"].size(), 1U);
  EXPECT_EQ(most["tokens"][0]["text"], " ");
  EXPECT_EQ(most["end_of_document"], 2);
}

TEST_F(Ngram, SaysHowProbableATextIs) {
  shell_.settle_in();
  const auto tokens = json({"probability", "at f"})["tokens"];
  ASSERT_EQ(tokens.size(), 4U);
  EXPECT_EQ(tokens[0]["context_length"], 0);
  EXPECT_EQ(tokens[0]["context_count"], testing::Shell::kTide.size() + testing::Shell::kKnot.size() + 2);
  EXPECT_EQ(tokens[3],
            (nlohmann::json{{"token", 102}, {"text", "f"}, {"context_length", 3}, {"count", 1}, {"context_count", 2}}));
  EXPECT_THAT(must({"probability", "at f"}), HasSubstr("50.0%"));
  EXPECT_EQ(json({"probability", "at f", "--context", "2"})["tokens"][3]["context_length"], 2);
}

TEST_F(Ngram, FindsSpans) {
  shell_.settle_in();
  const auto found = json({"spans", "XYload is goneQhe", "--min-tokens", "3"});
  EXPECT_EQ(found["token_count"], 17);
  EXPECT_EQ(found["count"], 1);
  EXPECT_EQ(found["spans"][0], (nlohmann::json{{"begin", 2}, {"end", 14}, {"count", 1}, {"text", "load is gone"}}));
  EXPECT_EQ(json({"spans", "XYload is goneQhe"})["count"], 2);
  EXPECT_THAT(must({"spans", "XYload is goneQ"}), HasSubstr("\"load is gone\""));
  EXPECT_EQ(must({"spans", "XYQ"}), "Nothing of it stands there.\n");
  EXPECT_EQ(shell_.json(words({"spans", "-"}), "load")["spans"][0]["count"], 2);
}

TEST_F(Ngram, ListsDocumentsPageByPage) {
  shell_.settle_in();
  const auto found = json({"search", "load", "gone|lost"});
  ASSERT_EQ(found["count"], 1);
  EXPECT_EQ(found["next"], nullptr);
  const auto& document = found["documents"][0];
  EXPECT_EQ(document["datanet"], "harbour");
  EXPECT_EQ(document["id"], "knot");
  EXPECT_EQ(document["title"], "On knot");
  EXPECT_EQ(document["contributor"], "jonas");
  EXPECT_EQ(document["window_count"], 1);
  EXPECT_EQ(document["first_begin"], testing::Shell::kKnot.rfind("load"));
  EXPECT_EQ(document["first_end"], testing::Shell::kKnot.find("gone"));
  EXPECT_EQ(document["excerpt"]["text"], "hen the load is gone.");
  EXPECT_THAT(must({"search", "load", "gone"}), HasSubstr("harbour/knot of jonas: 1 place, the first at token"));
  EXPECT_EQ(must({"search", "XYZ"}), "No document matches.\n");

  std::vector<std::string> ids;
  std::vector<std::string> page = {"search", " ", "--limit", "1"};
  for (;;) {
    const auto one = json(page);
    ASSERT_EQ(one["documents"].size(), 1U);
    ids.push_back(one["documents"][0]["id"]);
    if (one["next"].is_null()) break;
    page = {"search", " ", "--limit", "1", "--from", one["next"]};
  }
  EXPECT_THAT(ids, ElementsAre("tide", "knot"));
  EXPECT_THAT(shell_.run(words({"search", " ", "--limit", "1"})).err, HasSubstr("More: --from 0:1\n"));
}

TEST_F(Ngram, WritesTextThatIsAFunctionOfTheSeed) {
  shell_.settle_in();
  EXPECT_EQ(must({"generate", "A bow", "--temperature", "0"}), std::string(testing::Shell::kKnot.substr(5)) + "\n");
  const auto whole = json({"generate", "A bow", "--temperature", "0"});
  EXPECT_EQ(whole["has_ended"], true);
  EXPECT_EQ(whole["steps"].size(), testing::Shell::kKnot.size() - 5);
  EXPECT_EQ(whole["steps"][0],
            (nlohmann::json{{"token", 108}, {"context_length", 5}, {"count", 1}, {"context_count", 1}}));
  const auto drawn = [&](const std::string& seed) {
    return must(
        {"generate", "--context", "1", "--length", "40", "--temperature", "1.5", "--top-k", "9", "--seed", seed});
  };
  EXPECT_EQ(drawn("1"), drawn("1"));
  EXPECT_NE(drawn("1"), drawn("2"));
}

TEST_F(Ngram, WhatIsWithdrawnDoesNotCount) {
  shell_.settle_in();
  shell_.must({"withdraw", "harbour", "knot"});
  EXPECT_EQ(json({"count", "load"})["occurrences"], 0);
  EXPECT_EQ(json({"search", " "})["count"], 1);
}

// Two documents of bytes, "ab" and "b". No workspace is there.
TEST_F(Ngram, ReadsAnIndexOfInfinigrams) {
  EXPECT_TRUE(io::make_folders(shell_.files, "/pile").has_value());
  shell_.write("/pile/tokenized.0", std::string_view("\xff"
                                                     "ab\xff"
                                                     "b",
                                                     5));
  shell_.write("/pile/table.0", std::string_view("\1\4\2\3\0", 5));
  shell_.write("/pile/offset.0", std::string_view("\0\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0", 16));
  const auto at = [](std::vector<std::string> of) {
    of.insert(of.begin(), "ngram");
    of.insert(of.end(), {"--index", "/pile", "--token-type", "u8"});
    return of;
  };
  EXPECT_EQ(shell_.must(at({"count", "--tokens", "98"})), "2 occurrences\n");
  EXPECT_EQ(shell_.json(at({"next", "--tokenizer", "bytes", "a"}))["tokens"][0]["text"], "b");
  const auto next = shell_.json(at({"next", "--tokens", "97"}));
  EXPECT_EQ(next["tokens"][0], (nlohmann::json{{"token", 98}, {"text", nullptr}, {"count", 1}}));
  EXPECT_EQ(shell_.must(at({"generate", "--tokens", "97"})), "98\n");
  const auto found = shell_.json(at({"search", "--tokens", "98"}));
  ASSERT_EQ(found["count"], 2);
  EXPECT_EQ(found["documents"][1]["document"], 1);
  EXPECT_EQ(found["documents"][0]["excerpt"]["tokens"], (nlohmann::json{97, 98}));
  EXPECT_THAT(shell_.must(at({"search", "--tokens", "98"})),
              StartsWith("document 0: 1 place, the first at token 1\n  97 98\n"));
  EXPECT_THAT(error(at({"count", "a"})), HasSubstr("name a tokenizer with --tokenizer"));
  EXPECT_THAT(error({"ngram", "count", "--tokens", "98", "--index", "/absent"}), HasSubstr("/absent"));
}

TEST_F(Ngram, RefusalsAreOneLineThatNamesTheRemedy) {
  shell_.settle_in();
  EXPECT_THAT(error({"ngram", "count", "a"}), HasSubstr("name what to look in: --datanet NAME, or --index FOLDER"));
  EXPECT_THAT(error(words({"count", "a", "--index", "/pile"})), HasSubstr("do not go together"));
  EXPECT_THAT(error(words({"count", "a", "--token-type", "u8"})), HasSubstr("--token-type is for --index alone"));
  EXPECT_THAT(error(words({"count", "a", "--tokenizer", "bytes"})), HasSubstr("leave --tokenizer out"));
  EXPECT_THAT(error(words({"count", "a", "--datanet", "harbour"})), HasSubstr("'harbour' stands twice"));
  EXPECT_THAT(error({"ngram", "count", "a", "--datanet", "harbor"}), HasSubstr("there are: commons, harbour, kitchen"));
  shell_.must({"datanet", "create", "empty", "--open"});
  EXPECT_THAT(error({"ngram", "count", "a", "--datanet", "empty"}), HasSubstr("tribute index build empty"));
  EXPECT_THAT(error(words({"count", "a||b"})), HasSubstr("'a||b' has an empty part"));
  EXPECT_THAT(error(words({"count", "", "b"})), HasSubstr("empty part"));
  EXPECT_THAT(error(words({"count", "--tokens", "x"})), HasSubstr("'x' is no token id"));
  EXPECT_THAT(error(words({"search", "a", "--from", "7"})), HasSubstr("'7' is no place"));
  EXPECT_THAT(error(words({"search", "a", "--limit", "0"})), HasSubstr("--limit"));
  EXPECT_THAT(error(words({"generate", "--temperature", "hot"})), HasSubstr("--temperature: 'hot'"));
  EXPECT_THAT(error(words({"generate", "--temperature", "0.0001"})), HasSubstr("at most three decimals"));
  EXPECT_THAT(error(words({"generate", "--seed", "x"})), HasSubstr("--seed"));
}

TEST(NgramClauses, ABarStandsBetweenAlternatives) {
  EXPECT_THAT(alternatives_of("a"), ElementsAre("a"));
  EXPECT_THAT(alternatives_of("a|b c|"), ElementsAre("a", "b c", ""));
  EXPECT_THAT(alternatives_of(R"(a\|b|c\\|d\n\)"), ElementsAre("a|b", R"(c\)", R"(d\n\)"));
}

}  // namespace
}  // namespace tribute::cli
