#include "ngram/build_memory.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

namespace tribute::ngram {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;

// What the plan lets a build take while it sorts and while it merges, besides what any plan takes.
uint64_t run_bytes(const BuildPlan& plan, uint64_t bytes_per_symbol) { return plan.run_symbols * bytes_per_symbol; }
uint64_t merge_bytes(const BuildPlan& plan, uint64_t runs) {
  return runs * (plan.merge.stream_blocks * suffix::kBlockBytes + suffix::kMergeRunBytes) +
         (plan.merge.text_blocks - 2) * suffix::kBlockBytes + plan.merge.passages * suffix::RunCompare::kPassageBytes;
}

TEST(BuildMemory, PlansStayWithinWhatTheyMayTake) {
  EXPECT_TRUE(rc::check([] {
    const uint64_t tokens = *rc::gen::inRange<uint64_t>(0, uint64_t{1} << *rc::gen::inRange(1, 31));
    const uint32_t threads = *rc::gen::inRange(1U, 16U);
    const BuildSize size{.vocabulary_size = *rc::gen::element(1U, 50'000U, 65'535U, 65'536U, 1U << 18),
                         .document_count = *rc::gen::inRange<uint64_t>(0, 1 + tokens / 2),
                         .token_count = tokens,
                         .longest_document = *rc::gen::inRange<uint64_t>(0, 1 + tokens)};
    const uint64_t symbols = std::min(size.token_count + size.document_count, (uint64_t{1} << 31) - 1);
    const uint64_t width = size.vocabulary_size < 65'536 ? 10 : 12;
    const uint64_t merge_base = 6 * kMiB + 128 * size.document_count + 16 * size.longest_document + symbols / 12;
    const uint64_t base = merge_base + 64 * uint64_t{size.vocabulary_size} + 2 * kMiB * threads;
    const uint64_t least = least_build_bytes(size, threads);
    RC_ASSERT(!plan_build(least - 1, size, threads).has_value());
    const uint64_t bytes = least + *rc::gen::inRange<uint64_t>(0, 1 + symbols * 12);
    const auto plan = plan_build(bytes, size, threads);
    RC_ASSERT(plan.has_value());
    RC_ASSERT(plan->run_symbols > size.longest_document || plan->run_symbols == symbols);
    RC_ASSERT(base + run_bytes(*plan, width) <= bytes);
    const uint64_t runs = symbols == 0 ? 0 : 2 * symbols / plan->run_symbols + 1;
    RC_ASSERT(merge_base + merge_bytes(*plan, runs) <= bytes);
    RC_ASSERT(runs <= 501U);
    RC_ASSERT(plan->merge.stream_blocks >= 4U);
  }));
}

TEST(BuildMemory, SaysWhatIsNeeded) {
  const BuildSize size{
      .vocabulary_size = 50'000, .document_count = 100'000, .token_count = 100'000'000, .longest_document = 2'000'000};
  const auto plan = plan_build(50'500'000, size, 2);
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().code, ErrorCode::resource_exhausted);
  EXPECT_EQ(plan.error().message, "50 MB of memory are too little to index 100000000 tokens; give 87 MB or more");
  EXPECT_TRUE(plan_build(87'000'000, size, 2).has_value());
  BuildSize beside = size;
  beside.held_bytes = 1'000'000;
  EXPECT_FALSE(plan_build(87'000'000, beside, 2).has_value());
  EXPECT_EQ(plan_build(2'000'000'000, size, 2)->run_symbols, 100'100'000U);  // all in memory
}

}  // namespace
}  // namespace tribute::ngram
