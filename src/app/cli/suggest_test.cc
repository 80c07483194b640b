#include "cli/suggest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace tribute::cli {
namespace {

// The definition of the distance, by recursion on the ends of both words.
size_t naive_distance(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.size() + b.size();
  const auto shorter_a = a.substr(0, a.size() - 1);
  const auto shorter_b = b.substr(0, b.size() - 1);
  size_t best = std::min({naive_distance(shorter_a, b) + 1, naive_distance(a, shorter_b) + 1,
                          naive_distance(shorter_a, shorter_b) + (a.back() == b.back() ? 0U : 1U)});
  if (a.size() > 1 && b.size() > 1 && a.back() == b[b.size() - 2] && b.back() == a[a.size() - 2]) {
    best = std::min(best, naive_distance(a.substr(0, a.size() - 2), b.substr(0, b.size() - 2)) + 1);
  }
  return best;
}

TEST(EditDistance, IsTheDefinitionsForAllShortWords) {
  std::vector<std::string> words = {""};
  for (size_t begin = 0, length = 1; length <= 4; ++length) {
    const size_t end = words.size();
    for (; begin < end; ++begin) {
      for (const char c : {'a', 'b'}) words.push_back(words[begin] + c);
    }
  }
  for (const std::string& a : words) {
    for (const std::string& b : words) ASSERT_EQ(edit_distance(a, b), naive_distance(a, b)) << a << " " << b;
  }
}

TEST(Nearest, FindsWhatWasMeant) {
  const std::vector<std::string> nouns = {"datanet", "contribute", "contribution", "contributor", "init"};
  EXPECT_EQ(nearest("datnet", nouns), "datanet");
  EXPECT_EQ(nearest("dtaanet", nouns), "datanet");
  EXPECT_EQ(nearest("contributr", nouns), "contribute");
  EXPECT_EQ(nearest("contributer", nouns), "contribute");
  EXPECT_EQ(nearest("int", nouns), "init");
  EXPECT_EQ(nearest("trace", nouns), "");
  EXPECT_EQ(nearest("", nouns), "");
}

}  // namespace
}  // namespace tribute::cli
