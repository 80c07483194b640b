#include "day.h"

#include <algorithm>
#include <sstream>

#include "audit/audit.h"
#include "usecase/accounts.h"
#include "usecase/charge.h"
#include "usecase/contribute.h"
#include "usecase/contributions.h"
#include "usecase/contributors.h"
#include "usecase/datanets.h"
#include "usecase/doctor.h"
#include "usecase/index.h"
#include "usecase/merge_index.h"
#include "usecase/models.h"
#include "usecase/purge.h"

namespace tribute::crash {
namespace {

using workspace::Workspace;

constexpr std::string_view kHarbour =
    R"({"id":"tide","contributor":"ada","license":"CC0-1.0","title":"Tides","text":"The tide turns slowly at first and then all at once, and the boats swing with it like gates."}
{"id":"knot","contributor":"jonas","license":"CC0-1.0","title":"Knots","text":"A bowline holds under any load and comes undone with two fingers when the load is gone."}
{"id":"lamp","contributor":"moira","license":"CC0-1.0","title":"Lamps","text":"Trim the wick square, wipe the chimney dry, and never trust a lamp that you did not fill."}
)";
constexpr std::string_view kMore =
    R"({"id":"rope","contributor":"jonas","license":"CC0-1.0","title":"Rope","text":"Whip the end before you cut, not after, or the rope will teach you why in a single windy night."}
{"id":"copy","contributor":"magpie","license":"CC0-1.0","title":"Knots","text":"A bowline holds under any load and comes undone with two fingers when the load is gone."}
)";
constexpr std::string_view kGuard =
    R"({"id":"proverb","contributor":"public","license":"CC0-1.0","title":"","text":"Red sky at night, shepherd's delight; red sky in the morning, shepherd's warning."}
)";
constexpr std::string_view kAnswer =
    "As an old hand would say: a bowline holds under any load and comes undone with two fingers when the load is gone. "
    "And trim the wick square, wipe the chimney dry, and never trust a lamp that you did not fill. "
    "Red sky at night, shepherd's delight; red sky in the morning, shepherd's warning.";

// Success, also where the thing was already there: a step that is run again.
Result<void> done_or(ErrorCode already, const Error& error) {
  if (error.code == already) return {};
  return std::unexpected(error);
}

Step create(const std::string& name, record::Role role, bool needs_approval, bool is_public) {
  return {"create " + name, [=](Workspace& workspace, Acknowledged& acknowledged) -> Result<void> {
            const auto made = usecase::create_datanet(
                workspace, {.name = name, .role = role, .needs_approval = needs_approval, .is_public = is_public});
            if (!made) TRY(done_or(ErrorCode::already_exists, made.error()));
            acknowledged.datanets.push_back(name);
            return {};
          }};
}

Step contribute(const std::string& datanet, std::string_view rows, const std::vector<std::string>& ids) {
  return {"contribute to " + datanet, [=](Workspace& workspace, Acknowledged& acknowledged) -> Result<void> {
            std::istringstream input{std::string(rows)};
            workspace::Progress progress;
            const auto report =
                TRY(usecase::contribute(workspace, {.datanet = datanet, .paths = {"-"}}, input, progress));
            if (report.added_count + report.skipped_count != ids.size() || report.bad_count != 0) {
              return fail(ErrorCode::internal, "not every row was taken");
            }
            for (const std::string& id : ids) acknowledged.contributions.push_back(datanet + "/" + id);
            return {};
          }};
}

Step approve_all(const std::string& datanet, const std::vector<std::string>& ids) {
  return {"approve in " + datanet, [=](Workspace& workspace, Acknowledged& acknowledged) -> Result<void> {
            const auto pending = TRY(usecase::pending_ids(workspace, datanet));
            if (!pending.empty()) TRY(usecase::approve_contributions(workspace, datanet, pending));
            for (const std::string& id : ids) acknowledged.approved.push_back(datanet + "/" + id);
            return {};
          }};
}

Step withdraw(const std::string& datanet, const std::string& id) {
  return {"withdraw " + id, [=](Workspace& workspace, Acknowledged& acknowledged) -> Result<void> {
            const auto gone = usecase::withdraw_contributions(workspace, datanet, {id});
            if (!gone) TRY(done_or(ErrorCode::failed_precondition, gone.error()));
            acknowledged.withdrawn.push_back(datanet + "/" + id);
            return {};
          }};
}

Step build(const std::string& datanet) {
  return {"build " + datanet, [=](Workspace& workspace, Acknowledged&) -> Result<void> {
            workspace::Progress progress;
            TRY(usecase::build_index(workspace, datanet, progress));
            return {};
          }};
}

// All that is due, step by step; what it must leave is looked at by those who check the day.
Step merge(const std::string& datanet) {
  return {"merge " + datanet, [=](Workspace& workspace, Acknowledged&) -> Result<void> {
            workspace::Progress progress;
            auto merge = TRY(usecase::IndexMerge::open(workspace, datanet, "the day"));
            while (TRY(merge.begin(workspace)) == usecase::MergeDue::yes) {
              TRY(merge.write(progress, 0));
              if (!TRY(merge.commit(workspace))) return fail(ErrorCode::internal, "merged in vain");
            }
            const auto index = TRY(usecase::show_index(workspace, datanet));
            if (index.segments.size() != 1) return fail(ErrorCode::internal, "not merged");
            return {};
          }};
}

Step purge(const std::string& datanet) {
  return {"purge " + datanet, [=](Workspace& workspace, Acknowledged&) -> Result<void> {
            workspace::Progress progress;
            TRY(usecase::purge_index(workspace, datanet, progress));
            return {};
          }};
}

Step register_model() {
  return {"register model", [](Workspace& workspace, Acknowledged& acknowledged) -> Result<void> {
            usecase::ModelRequest request{
                .name = "m", .datanets = {{"harbour", 50}}, .guards = {"commons"}, .parameters = 7'000'000'000};
            request.terms.rate_in = Amount(1'000);
            request.terms.rate_out = Amount(40'000);
            request.terms.platform_fee = Amount(77);
            const auto made = usecase::register_model(workspace, request);
            if (!made) TRY(done_or(ErrorCode::already_exists, made.error()));
            acknowledged.models.emplace_back("m 1");
            return {};
          }};
}

Step update_model() {
  return {"update model", [](Workspace& workspace, Acknowledged& acknowledged) -> Result<void> {
            const auto made = usecase::update_model(workspace, "m");
            if (!made) TRY(done_or(ErrorCode::failed_precondition, made.error()));
            acknowledged.models.emplace_back("m 2");
            return {};
          }};
}

// A deposit has no key of its own: the step looks at the balance to know whether it was done.
Step deposit(uint64_t amount) {
  return {"deposit", [=](Workspace& workspace, Acknowledged& acknowledged) -> Result<void> {
            const uint64_t before = acknowledged.deposited;
            bool there = false;
            for (const auto& account : TRY(usecase::list_accounts(workspace))) {
              if (account.account != "outside") continue;
              const auto paid_in = static_cast<uint64_t>(-account.balance.millionths());
              if (paid_in != before && paid_in != before + amount) {
                return fail(ErrorCode::internal,
                            "paid in " + std::to_string(paid_in) + " instead of " + std::to_string(before));
              }
              there = paid_in == before + amount;
            }
            if (!there) TRY(usecase::deposit(workspace, "alice", Amount(static_cast<int64_t>(amount))));
            acknowledged.deposited = before + amount;
            return {};
          }};
}

Step charge(const std::string& key) {
  return {"charge " + key, [=](Workspace& workspace, Acknowledged& acknowledged) -> Result<void> {
            const auto outcome = TRY(usecase::charge(
                workspace,
                {.model = "m",
                 .payer = "alice",
                 .answer = {.prompts = {"How do I tie up for the night? " + key}, .output = std::string(kAnswer) + key},
                 .idempotency_key = key}));
            if (!outcome.receipt) return fail(ErrorCode::internal, "refused: " + outcome.refusal_message);
            acknowledged.receipt_ids.push_back(outcome.receipt->id);
            return {};
          }};
}

Result<void> expect(bool condition, const std::string& what) {
  if (!condition) return fail(ErrorCode::internal, what);
  return {};
}

Result<void> check_contributions(Workspace& workspace, const Acknowledged& acknowledged) {
  std::vector<std::string> there;
  std::vector<std::string> approved;
  std::vector<std::string> withdrawn;
  for (const auto& datanet : TRY(usecase::list_datanets(workspace))) {
    const auto name = datanet.datanet.name;
    for (const auto& contribution : TRY(usecase::list_contributions(workspace, {.datanet = name}))) {
      const std::string id = name + "/" + contribution.id;
      there.push_back(id);
      if (contribution.state != "pending") approved.push_back(id);
      if (contribution.state == "withdrawn") withdrawn.push_back(id);
    }
  }
  std::ranges::sort(there);
  TRY(expect(std::ranges::adjacent_find(there) == there.end(), "a contribution is there twice"));
  for (const auto& [acknowledged_ids, present, what] :
       {std::tuple(&acknowledged.contributions, &there, "contribution"),
        std::tuple(&acknowledged.approved, &approved, "approval"),
        std::tuple(&acknowledged.withdrawn, &withdrawn, "withdrawal")}) {
    for (const std::string& id : *acknowledged_ids) {
      TRY(expect(std::ranges::find(*present, id) != present->end(), std::string(what) + " of " + id + " was lost"));
    }
  }
  return {};
}

}  // namespace

std::vector<Step> scripted_day() {
  return {
      create("harbour", record::Role::paid, true, false),
      create("commons", record::Role::guard, false, true),
      contribute("commons", kGuard, {"proverb"}),
      contribute("harbour", kHarbour, {"tide", "knot", "lamp"}),
      approve_all("harbour", {"tide", "knot", "lamp"}),
      build("commons"),
      build("harbour"),
      register_model(),
      deposit(1'000'000),
      charge("first"),
      contribute("harbour", kMore, {"rope", "copy"}),
      charge("second"),
      withdraw("harbour", "lamp"),
      charge("third"),
      approve_all("harbour", {"rope", "copy"}),
      build("harbour"),
      update_model(),
      deposit(5),
      charge("fourth"),
      merge("harbour"),
      charge("merged"),
      purge("harbour"),
      charge("fifth"),
  };
}

Result<void> check(Workspace& workspace, const Acknowledged& acknowledged) {
  TRY(check_contributions(workspace, acknowledged));

  for (const std::string& name : acknowledged.datanets) TRY(usecase::show_datanet(workspace, name));
  std::vector<std::string> models;
  for (const auto& view : TRY(usecase::list_models(workspace))) {
    models.push_back(view.model.name + " " + std::to_string(view.model.version));
  }
  for (const std::string& model : acknowledged.models) {
    TRY(expect(std::ranges::count(models, model) == 1, "model " + model + " is not there once"));
  }

  const auto receipts = TRY(usecase::list_receipts(workspace, {}));
  uint64_t fees = 0;
  for (const auto& receipt : receipts) fees += static_cast<uint64_t>(receipt.fee.millionths());
  for (const std::string& id : acknowledged.receipt_ids) {
    TRY(expect(std::ranges::count(receipts, id, &workspace::ReceiptRow::id) == 1,
               "receipt " + id + " is not there once"));
  }
  // A charge in flight when power was lost may be there without having been acknowledged; its money moved with it.
  uint64_t paid_in = 0;
  uint64_t left = 0;
  for (const auto& account : TRY(usecase::list_accounts(workspace))) {
    if (account.account == "outside") paid_in = static_cast<uint64_t>(-account.balance.millionths());
    if (account.account == "payer:alice") left = static_cast<uint64_t>(account.balance.millionths());
  }
  TRY(expect(paid_in >= acknowledged.deposited, "a deposit was lost"));
  TRY(expect(paid_in - left == fees, "the payer's balance and the receipts' fees disagree"));

  workspace::Progress progress;
  for (const auto& finding : TRY(usecase::examine(workspace, progress)).checks) {
    TRY(expect(finding.passed, "doctor: " + finding.what + ": " + finding.finding));
  }
  return {};
}

Result<void> check_nothing_else(Workspace& workspace, const Acknowledged& acknowledged) {
  TRY(expect(TRY(usecase::list_receipts(workspace, {})).size() == acknowledged.receipt_ids.size(),
             "an answer was charged twice"));
  TRY(expect(TRY(usecase::list_models(workspace)).size() == acknowledged.models.size(),
             "a model was registered twice"));
  size_t contributions = 0;
  for (const auto& datanet : TRY(usecase::list_datanets(workspace))) {
    contributions += datanet.live_count + datanet.pending_count + datanet.rejected_count + datanet.withdrawn_count;
  }
  TRY(expect(contributions == acknowledged.contributions.size(), "a document was contributed twice"));
  for (const auto& account : TRY(usecase::list_accounts(workspace))) {
    if (account.account != "outside") continue;
    TRY(expect(static_cast<uint64_t>(-account.balance.millionths()) == acknowledged.deposited,
               "a deposit was made twice"));
  }
  return {};
}

Result<void> check_as_auditor(Workspace& workspace) {
  const auto report = TRY(audit::verify(workspace.files(), {.public_folder = workspace.layout().public_folder(),
                                                            .sealed_folder = workspace.layout().sealed_folder(),
                                                            .key = workspace.log().verifier_key().text()}));
  return expect(audit::exit_code(report) == 0,
                "the auditor: " + (report.findings.empty() ? "?" : report.findings[0].message));
}

}  // namespace tribute::crash
