#include "datanet/registry.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

#include "datanet/testing/registry_fixture.h"

namespace tribute::datanet {

static bool operator==(const DatanetRow& a, const DatanetRow& b) {
  return a.entry == b.entry && a.datanet == b.datanet;
}

namespace {

using State = ContributionState;

constexpr EntryIndex kDatanet(0);
constexpr EntryIndex kOther(1);
constexpr EntryIndex kAda(2);
constexpr EntryIndex kBob(3);

class Registry : public testing::RegistryFixture {
 protected:
  void SetUp() override {
    RegistryFixture::SetUp();
    add_datanet(0, "harbour");
    add_datanet(1, "commons");
    add_contributor(2, "ada");
    add_contributor(3, "bob");
  }
  void insert(const ContributionRow& row) { ASSERT_TRUE(insert_contribution(sql(), row).has_value()); }

  static std::vector<uint64_t> entries(const Result<std::vector<ContributionRow>>& rows) {
    std::vector<uint64_t> result;
    for (const ContributionRow& row : rows.value()) result.push_back(row.entry.value());
    return result;
  }
};

using Entries = std::vector<uint64_t>;

TEST_F(Registry, DatanetsAreFoundByNameAndEntry) {
  const DatanetRow row = {.entry = EntryIndex(9),
                          .datanet = {.name = "guard",
                                      .role = record::Role::guard,
                                      .needs_approval = false,
                                      .is_public = true,
                                      .near_duplicates = record::NearDuplicates::refuse}};
  ASSERT_TRUE(insert_datanet(sql(), row).has_value());
  EXPECT_TRUE(find_datanet(sql(), "guard").value() == row);
  EXPECT_TRUE(find_datanet(sql(), EntryIndex(9)).value() == row);
  EXPECT_FALSE(find_datanet(sql(), "Guard").value().has_value());
  EXPECT_FALSE(find_datanet(sql(), EntryIndex(8)).value().has_value());
  std::vector<std::string> names;
  const auto rows = list_datanets(sql()).value();
  for (const DatanetRow& listed : rows) names.push_back(listed.datanet.name);
  EXPECT_EQ(names, (std::vector<std::string>{"commons", "guard", "harbour"}));
}

TEST_F(Registry, NamesAreInUseOnce) {
  commit();
  EXPECT_EQ(insert_datanet(sql(), {.entry = EntryIndex(9), .datanet = {.name = "harbour"}}).error().code,
            ErrorCode::already_exists);
  transaction_.reset();
  transaction_.emplace(database_->begin().value());
  EXPECT_EQ(insert_contributor(sql(), {.entry = EntryIndex(9), .name = "ada", .salt = {}, .key = "", .bound_at = {}})
                .error()
                .code,
            ErrorCode::already_exists);
}

TEST_F(Registry, AContributorsKeyIsBoundOnce) {
  ASSERT_TRUE(bind_key(sql(), kAda, "ed25519:aa", EntryIndex(7)).has_value());
  const auto ada = find_contributor(sql(), "ada").value();
  ASSERT_TRUE(ada.has_value());
  EXPECT_EQ(ada->key, "ed25519:aa");
  EXPECT_EQ(ada->bound_at, EntryIndex(7));
  EXPECT_EQ(ada->salt, sha256("salt of ada"));
  EXPECT_EQ(find_contributor(sql(), kAda).value()->name, "ada");
  EXPECT_FALSE(find_contributor(sql(), "carol").value().has_value());
  EXPECT_EQ(list_contributors(sql()).value().size(), 2U);
  EXPECT_DEATH(static_cast<void>(bind_key(sql(), kAda, "ed25519:bb", EntryIndex(8))), "changed == 1");
}

TEST_F(Registry, AContributionComesBackAsItWasStored) {
  ContributionRow row = contribution(10, kDatanet, kAda, "text", State::pending);
  row.source_id = "caf\u00e9/\u4e2d";
  row.duplicate_of = EntryIndex(5);
  row.is_signed = true;
  insert(row);
  for (const auto& found : {find_contribution(sql(), kDatanet, row.source_id), find_contribution(sql(), row.entry)}) {
    ASSERT_TRUE(found.has_value() && found->has_value());
    const ContributionRow& stored = **found;
    EXPECT_EQ(stored.entry, row.entry);
    EXPECT_EQ(stored.datanet, kDatanet);
    EXPECT_EQ(stored.contributor, kAda);
    EXPECT_EQ(stored.source_id, row.source_id);
    EXPECT_EQ(stored.title, row.title);
    EXPECT_EQ(stored.salt, row.salt);
    EXPECT_EQ(stored.license, row.license);
    EXPECT_EQ(stored.content_sha256, row.content_sha256);
    EXPECT_EQ(stored.folded_sha256, row.folded_sha256);
    EXPECT_EQ(stored.tokens_sha256, row.tokens_sha256);
    EXPECT_EQ(stored.token_count, 4U);
    EXPECT_EQ(stored.duplicate_of, EntryIndex(5));
    EXPECT_TRUE(stored.is_signed);
    EXPECT_EQ(stored.state, State::pending);
    EXPECT_EQ(stored.decided_at, std::nullopt);
    EXPECT_EQ(stored.withdrawn_at, std::nullopt);
  }
  EXPECT_FALSE(find_contribution(sql(), kOther, row.source_id).value().has_value()) << "ids are a DataNet's own";
  ContributionRow other = row;
  other.entry = EntryIndex(11);
  other.datanet = kOther;
  insert(other);
  other.entry = EntryIndex(12);
  EXPECT_EQ(insert_contribution(sql(), other).error().code, ErrorCode::already_exists);
}

// Every refusal, by its precedence, for each state and operation.
TEST_F(Registry, RefusalsOfEachState) {
  using Refusal = std::optional<StateRefusal>;
  const std::tuple<State, Refusal, Refusal> table[] = {
      {State::pending, std::nullopt, std::nullopt},
      {State::approved, StateRefusal::already_approved, std::nullopt},
      {State::rejected, StateRefusal::already_rejected, StateRefusal::already_rejected},
      {State::withdrawn, StateRefusal::already_withdrawn, StateRefusal::already_withdrawn},
  };
  for (const auto& [state, decision, withdrawal] : table) {
    ContributionRow row = contribution(10, kDatanet, kAda, "text");
    row.state = state;
    EXPECT_EQ(refuse_decision(row), decision) << name_of(state);
    EXPECT_EQ(refuse_withdrawal(row), withdrawal) << name_of(state);
    EXPECT_EQ(state_from(name_of(state)), state);
  }
  EXPECT_EQ(state_from("live").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(message_of(StateRefusal::already_rejected), "is already rejected");
}

TEST_F(Registry, StatesChangeAsDecidedAndWithdrawn) {
  for (uint64_t entry = 10; entry < 14; ++entry) {
    insert(contribution(entry, kDatanet, kAda, "text", State::pending));
  }
  ASSERT_TRUE(decide(sql(), EntryIndex(10), true, EntryIndex(20)).has_value());
  ASSERT_TRUE(decide(sql(), EntryIndex(11), false, EntryIndex(21)).has_value());
  ASSERT_TRUE(withdraw(sql(), EntryIndex(10), EntryIndex(22)).has_value());
  ASSERT_TRUE(withdraw(sql(), EntryIndex(12), EntryIndex(23)).has_value());
  const auto row = [&](uint64_t entry) { return find_contribution(sql(), EntryIndex(entry)).value().value(); };
  EXPECT_EQ(row(10).state, State::withdrawn);
  EXPECT_EQ(row(10).decided_at, EntryIndex(20));
  EXPECT_EQ(row(10).withdrawn_at, EntryIndex(22));
  EXPECT_EQ(row(11).state, State::rejected);
  EXPECT_EQ(row(12).state, State::withdrawn);
  EXPECT_EQ(row(12).decided_at, std::nullopt);
  EXPECT_EQ(row(13).state, State::pending);
  EXPECT_DEATH(static_cast<void>(decide(sql(), EntryIndex(11), true, EntryIndex(30))), "changed == 1");
  EXPECT_DEATH(static_cast<void>(withdraw(sql(), EntryIndex(11), EntryIndex(30))), "CHECK failed");
}

TEST_F(Registry, TheFirstWithAFoldedHashIsTheLowestNeitherRejectedNorWithdrawn) {
  const Hash256 folded = contribution(0, kDatanet, kAda, "same").folded_sha256;
  const auto first = [&]() -> std::optional<uint64_t> {
    const auto row = first_with_folded_hash(sql(), kDatanet, folded).value();
    return row ? std::optional(row->entry.value()) : std::nullopt;
  };
  insert(contribution(9, kOther, kAda, "same"));
  EXPECT_EQ(first(), std::nullopt) << "another DataNet's is none";
  insert(contribution(10, kDatanet, kAda, "same", State::pending));
  insert(contribution(11, kDatanet, kBob, "same"));
  insert(contribution(12, kDatanet, kBob, "same"));
  insert(contribution(13, kDatanet, kBob, "another"));
  EXPECT_EQ(first(), 10U);
  ASSERT_TRUE(decide(sql(), EntryIndex(10), false, EntryIndex(20)).has_value());
  EXPECT_EQ(first(), 11U);
  ASSERT_TRUE(withdraw(sql(), EntryIndex(11), EntryIndex(21)).has_value());
  EXPECT_EQ(first(), 12U);
}

TEST_F(Registry, ListsAreFilteredAndPaged) {
  insert(contribution(10, kDatanet, kAda, "a", State::pending));
  insert(contribution(11, kDatanet, kBob, "b"));
  insert(contribution(12, kOther, kBob, "b"));
  insert(contribution(13, kDatanet, kAda, "c"));
  insert(contribution(14, kDatanet, kAda, "d"));
  const auto list = [&](const ContributionQuery& query) { return entries(list_contributions(sql(), query)); };
  EXPECT_EQ(list({.datanet = kDatanet}), (Entries{10, 11, 13, 14}));
  EXPECT_EQ(list({.datanet = kDatanet, .contributor = kAda}), (Entries{10, 13, 14}));
  EXPECT_EQ(list({.datanet = kDatanet, .state = State::approved}), (Entries{11, 13, 14}));
  EXPECT_EQ(list({.datanet = kDatanet, .contributor = kAda, .state = State::pending}), (Entries{10}));
  EXPECT_EQ(list({.datanet = kDatanet, .limit = 2, .offset = 1}), (Entries{11, 13}));
  EXPECT_EQ(list({.datanet = kDatanet, .limit = 0}), Entries());
  EXPECT_EQ(list({.datanet = kDatanet, .limit = ~uint64_t{0}, .offset = 3}), (Entries{14}));
  EXPECT_EQ(list({.datanet = kDatanet, .offset = ~uint64_t{0}}), Entries());
}

// One random history, and what it leaves by the words of the contract.
struct History {
  struct Event {
    uint64_t entry = 0;
    bool needs_approval = false;
    EntryIndex contributor;
    std::optional<uint64_t> decided_at, withdrawn_at;
    bool approved = false;

    bool is_withdrawn() const { return withdrawn_at.has_value(); }
    bool is_rejected() const { return decided_at && !approved && !is_withdrawn(); }
    bool is_live_at(uint64_t log_size) const {
      if (entry >= log_size) return false;
      if (needs_approval && !(approved && *decided_at < log_size)) return false;
      return !(withdrawn_at && *withdrawn_at < log_size);
    }
  };
  std::vector<Event> events;
  uint64_t size = 4;
};

TEST_F(Registry, LiveSetsAndCountsEqualTheNaiveTwins) {
  commit();
  EXPECT_TRUE(rc::check([&] {
    transaction_.reset();
    transaction_.emplace(database_->begin().value());
    History history;
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5));
    for (const int step : steps) {
      const uint64_t entry = history.size++;
      if (step <= 1 || history.events.empty()) {
        const bool pending = step == 0;
        const EntryIndex contributor = entry % 3 == 0 ? kAda : kBob;
        insert(contribution(entry, kDatanet, contributor, "text", pending ? State::pending : State::approved));
        history.events.push_back({.entry = entry, .needs_approval = pending, .contributor = contributor});
        continue;
      }
      auto& event = history.events[*rc::gen::inRange<size_t>(0, history.events.size())];
      const auto row = find_contribution(sql(), EntryIndex(event.entry)).value().value();
      if (step <= 3 && !refuse_decision(row)) {
        event.approved = step == 2;
        event.decided_at = entry;
        RC_ASSERT(decide(sql(), row.entry, event.approved, EntryIndex(entry)).has_value());
      } else if (step == 4 && !refuse_withdrawal(row)) {
        event.withdrawn_at = entry;
        RC_ASSERT(withdraw(sql(), row.entry, EntryIndex(entry)).has_value());
      }
    }
    for (uint64_t size = 0; size <= history.size; ++size) {
      Entries live;
      std::vector<EntryIndex> withdrawn;
      for (const auto& event : history.events) {
        if (event.is_live_at(size)) live.push_back(event.entry);
        if (event.withdrawn_at && *event.withdrawn_at < size) withdrawn.emplace_back(event.entry);
      }
      RC_ASSERT(entries(live_contributions_at(sql(), kDatanet, size)) == live);
      RC_ASSERT(withdrawn_below(sql(), kDatanet, size).value() == withdrawn);
      if (size == history.size) RC_ASSERT(entries(live_contributions(sql(), kDatanet)) == live);
    }
    const auto counts = count_contributions(sql(), kDatanet).value();
    std::set<EntryIndex> contributors;
    uint64_t live = 0, pending = 0, rejected = 0, withdrawn = 0, of_ada = 0;
    for (const auto& event : history.events) {
      const bool is_live = event.is_live_at(history.size);
      const bool is_pending = event.needs_approval && !event.decided_at && !event.is_withdrawn();
      live += is_live;
      pending += is_pending;
      rejected += event.is_rejected();
      withdrawn += event.is_withdrawn();
      of_ada += event.contributor == kAda && (is_live || is_pending);
      if (is_live) contributors.insert(event.contributor);
    }
    RC_ASSERT(counts.live == live);
    RC_ASSERT(counts.pending == pending);
    RC_ASSERT(counts.rejected == rejected);
    RC_ASSERT(counts.withdrawn == withdrawn);
    RC_ASSERT(counts.live_contributors == contributors.size());
    RC_ASSERT(count_contributions_of(sql(), kAda).value() == of_ada);
  }));
}

}  // namespace
}  // namespace tribute::datanet
