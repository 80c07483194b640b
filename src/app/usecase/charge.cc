#include "usecase/charge.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "credit/shares.h"
#include "datanet/registry.h"
#include "ledger/store.h"
#include "settle/terms.h"
#include "usecase/lookup.h"
#include "usecase/manifests.h"
#include "usecase/registration.h"
#include "usecase/transfers.h"

namespace tribute::usecase {
namespace {

using workspace::Workspace;

// An answer with its attribution and its fee, before anything is written.
struct Bill {
  AttributionBasis basis;
  EntryIndex model_first;
  record::Model model;
  trace::Attribution attribution;
  uint64_t tokens_in = 0;
  Amount fee;
  std::vector<record::Payout> payouts;
};

// What makes two requests with one key the same request.
Hash256 request_hash(const ChargeRequest& request) {
  std::string text;
  const auto add = [&](std::string_view part) {
    append_le64(text, part.size());
    text += part;
  };
  add(request.model);
  add(request.payer);
  add(request.answer.output);
  for (const auto& prompt : request.answer.prompts) add(prompt);
  return sha256(text);
}

Result<std::vector<record::Payout>> split(const Bill& bill) {
  std::vector<settle::Credit> credits;
  for (const auto& share : credit::shares(bill.attribution)) credits.push_back({share.contributor, share.millibits});
  std::vector<settle::Treasury> treasuries;
  for (const auto& datanet : bill.model.datanets) {
    if (datanet.role == record::Role::paid) treasuries.push_back({datanet.datanet, datanet.treasury_permille});
  }
  return settle::split_fee(bill.model.terms, bill.fee,
                           {.model = bill.model_first,
                            .total_millibits = bill.attribution.total_millibits,
                            .coverage_scaled = bill.model.policy.coverage_scaled,
                            .credits = credits,
                            .treasuries = treasuries});
}

Result<Bill> bill_for(Workspace& workspace, const ChargeRequest& request) {
  Bill bill;
  {
    auto sql = TRY(workspace.database().begin());
    const auto row = TRY(require_model(sql, request.model));
    bill.model_first = row.first;
    bill.model = TRY(model_in_force(workspace, sql, row.entry));
    bill.basis.model = row.entry;
    bill.basis.log_size = TRY(workspace.log().size(sql));
  }
  auto tokenized = TRY(tokenize(workspace, request.answer, bill.model.policy));
  bill.tokens_in = tokenized.tokens_in;
  bill.basis.tokens = std::move(tokenized.tokens);
  bill.basis.copied = std::move(tokenized.copied);
  bill.fee = TRY(settle::fee_for(bill.model.terms, bill.tokens_in, bill.basis.tokens.size()));
  bill.attribution = TRY(attribute_at(workspace, bill.basis, request.datapoint_limit));
  bill.payouts = TRY(split(bill));
  return bill;
}

ChargeOutcome refuse(ChargeRefusal refusal, std::string message) {
  return ChargeOutcome{.receipt = std::nullopt, .refusal = refusal, .refusal_message = std::move(message)};
}

// The refusal of a payer who cannot pay; nullopt for one who can.
Result<std::optional<ChargeOutcome>> refuse_payer(sql::Transaction& sql, const std::string& payer, Amount fee) {
  const auto account = ledger::AccountId::payer(payer);
  const auto balance = account ? TRY(ledger::find_balance(sql, *account)) : std::nullopt;
  if (!balance) {
    return refuse(ChargeRefusal::unknown_payer,
                  "payer '" + payer + "' has no account; open it with `tribute account deposit " + payer + " AMOUNT`");
  }
  if (*balance < fee) {
    return refuse(ChargeRefusal::insufficient_funds,
                  "payer '" + payer + "' has " + std::to_string(balance->millionths()) + " millionths and the fee is " +
                      std::to_string(fee.millionths()) + "; deposit more with `tribute account deposit " + payer +
                      " AMOUNT`");
  }
  return std::nullopt;
}

record::ReceiptBody body_of(const Bill& bill, const std::string& payer, io::Random& random) {
  record::ReceiptBody body{.salt = fresh_salt(random),
                           .payer = payer,
                           .output_tokens = {},
                           .copied = bill.basis.copied,
                           .spans = credit::body_spans(bill.attribution),
                           .claims = credit::body_claims(bill.attribution),
                           .credits = credit::runs(bill.attribution),
                           .payouts = bill.payouts};
  for (const TokenId token : bill.basis.tokens) body.output_tokens.push_back(token.value());
  return body;
}

Result<bool> all_public(sql::Transaction& sql, const record::Model& model) {
  for (const auto& pinned : model.datanets) {
    const auto datanet = TRY(datanet::find_datanet(sql, pinned.datanet));
    if (!datanet || !datanet->datanet.is_public) return false;
  }
  return true;
}

// The body's file, written and synced before the transaction that cites it.
Result<Hash256> write_body(Workspace& workspace, const record::ReceiptBody& body, bool is_public) {
  const std::string text = record::to_canonical_json(body);
  const Hash256 hash = sha256(text);
  TRY(io::make_folders(workspace.files(), workspace.layout().receipts_folder(is_public)));
  TRY(io::write_file_atomically(workspace.files(), workspace.layout().receipt_body_file(is_public, hash), text));
  return hash;
}

record::Receipt entry_of(const Bill& bill, const Hash256& body_sha256) {
  record::Receipt receipt{.model = bill.basis.model,
                          .manifests = {},
                          .log_size = bill.basis.log_size,
                          .tokens_in = bill.tokens_in,
                          .tokens_out = bill.basis.tokens.size(),
                          .total_millibits = bill.attribution.total_millibits,
                          .credited_millibits = bill.attribution.credited_millibits,
                          .fee = bill.fee,
                          .body_sha256 = body_sha256,
                          .payouts = {},
                          .payouts_in_body = bill.payouts.size() > record::kMaxPayoutsInEntry};
  for (const auto& datanet : bill.model.datanets) receipt.manifests.push_back(datanet.manifest);
  if (!receipt.payouts_in_body) receipt.payouts = bill.payouts;
  return receipt;
}

Result<ReceiptView> view_bill(Workspace& workspace, const Bill& bill, const std::string& payer) {
  return ReceiptView{.id = "",
                     .entry = std::nullopt,
                     .payer = payer,
                     .time_ms = 0,
                     .tokens_in = bill.tokens_in,
                     .tokens_out = bill.basis.tokens.size(),
                     .fee = bill.fee,
                     .payouts = bill.payouts,
                     .attribution = TRY(view_of(workspace, bill.basis, bill.attribution)),
                     .repeated = false};
}

// The receipt or the refusal that the idempotency key stands for already.
Result<std::optional<ChargeOutcome>> answer_from_key(Workspace& workspace, const ChargeRequest& request) {
  if (!request.idempotency_key) return std::nullopt;
  std::optional<workspace::ChargeKeyRow> earlier;
  {
    auto sql = TRY(workspace.database().begin());
    earlier = TRY(workspace::find_charge_key(sql, *request.idempotency_key));
  }
  if (!earlier) return std::nullopt;
  if (earlier->request_hash != request_hash(request)) {
    return refuse(ChargeRefusal::key_reused, "idempotency key '" + *request.idempotency_key +
                                                 "' came with another request before; use a new key for a new charge");
  }
  ReceiptView receipt = TRY(show_receipt(workspace, earlier->receipt_id, request.datapoint_limit));
  receipt.repeated = true;
  return ChargeOutcome{.receipt = std::move(receipt), .refusal = std::nullopt, .refusal_message = ""};
}

}  // namespace

Result<ChargeOutcome> charge(Workspace& workspace, const ChargeRequest& request) {
  if (!request.dry_run) {
    if (auto known = TRY(answer_from_key(workspace, request))) return std::move(*known);
  }
  const Bill bill = TRY(bill_for(workspace, request));
  ReceiptView view = TRY(view_bill(workspace, bill, request.payer));
  if (request.dry_run) return ChargeOutcome{.receipt = std::move(view), .refusal = std::nullopt, .refusal_message = ""};

  auto change = TRY(workspace.begin());
  if (auto refusal = TRY(refuse_payer(change.sql(), request.payer, bill.fee))) return std::move(*refusal);
  const bool is_public = TRY(all_public(change.sql(), bill.model));
  const Hash256 body_sha256 = TRY(write_body(workspace, body_of(bill, request.payer, workspace.random()), is_public));
  view.id = receipt_id(body_sha256);
  view.entry = TRY(change.append(entry_of(bill, body_sha256)));
  view.time_ms = change.time_ms();
  TRY(post_payouts(change.sql(), {.receipt_id = view.id,
                                  .payer = request.payer,
                                  .entry = *view.entry,
                                  .time_ms = view.time_ms,
                                  .payouts = bill.payouts}));
  TRY(workspace::insert_receipt(change.sql(), {.entry = *view.entry,
                                               .id = view.id,
                                               .model = bill.basis.model,
                                               .payer = request.payer,
                                               .fee = bill.fee,
                                               .time_ms = view.time_ms,
                                               .body_sha256 = body_sha256,
                                               .is_public = is_public}));
  if (request.idempotency_key) {
    TRY(workspace::insert_charge_key(change.sql(), {*request.idempotency_key, request_hash(request), view.id}));
  }
  TRY(std::move(change).commit());
  TRY(workspace.publish());
  return ChargeOutcome{.receipt = std::move(view), .refusal = std::nullopt, .refusal_message = ""};
}

namespace {

// Whether the manifests that a receipt rests on are still there.
Result<bool> rests_on_manifests_in_force(Workspace& workspace, const record::Receipt& receipt) {
  auto sql = TRY(workspace.database().begin());
  for (const EntryIndex manifest : receipt.manifests) {
    if (TRY(workspace::manifest_in_force(sql, manifest)).entry != manifest) return false;
  }
  return true;
}

// What a receipt and its body tell of the attribution when content that it rests on was erased: spans without
// their datapoints, and the credit of a run as that of its first token.
trace::Attribution as_recorded(const record::Receipt& receipt, const record::ReceiptBody& body) {
  trace::Attribution attribution{.total_millibits = receipt.total_millibits,
                                 .credited_millibits = receipt.credited_millibits,
                                 .spans = {},
                                 .claims = {},
                                 .tokens = std::vector<trace::TokenFate>(body.output_tokens.size())};
  for (const auto& span : body.spans) {
    attribution.spans.push_back({.run = {static_cast<uint32_t>(span.begin), static_cast<uint32_t>(span.end)},
                                 .count = span.count,
                                 .surprisal_millibits = span.surprisal_millibits,
                                 .evidence = span.evidence});
  }
  for (const auto& run : body.credits) {
    for (uint64_t i = run.begin; i < run.end; ++i) {
      attribution.tokens[i].fate = run.fate;
      if (run.datapoint) attribution.tokens[i].owner = ngram::Holder{*run.datapoint, *run.contributor};
    }
    attribution.tokens[run.begin].surprisal_millibits = run.millibits;
  }
  return attribution;
}

}  // namespace

Result<ReceiptView> show_receipt(Workspace& workspace, std::string_view id, uint32_t datapoint_limit) {
  std::optional<workspace::ReceiptRow> row;
  record::Receipt entry;
  {
    auto sql = TRY(workspace.database().begin());
    row = TRY(workspace::find_receipt(sql, id));
    if (!row)
      return fail(ErrorCode::not_found,
                  "there is no receipt '" + std::string(id) + "'; `tribute receipt list` shows them");
    entry = TRY(workspace.entry<record::Receipt>(sql, row->entry));
  }
  const std::string path = workspace.layout().receipt_body_file(row->is_public, row->body_sha256);
  const std::string text = TRY(io::read_file(workspace.files(), path));
  if (sha256(text) != entry.body_sha256) {
    return fail(ErrorCode::data_loss, path + ": is not the body that entry " + std::to_string(row->entry.value()) +
                                          " cites; put it back from a backup");
  }
  const auto body = TRY(record::receipt_body_from_canonical_json(text));
  AttributionBasis basis{.model = entry.model, .log_size = entry.log_size, .tokens = {}, .copied = body.copied};
  for (const uint32_t token : body.output_tokens) basis.tokens.emplace_back(token);
  const auto attribution = TRY(rests_on_manifests_in_force(workspace, entry))
                               ? TRY(attribute_at(workspace, basis, datapoint_limit))
                               : as_recorded(entry, body);
  if (credit::runs(attribution) != body.credits) {
    return fail(ErrorCode::data_loss,
                "receipt " + std::string(id) + " credits other datapoints than the index gives; run `tribute verify`");
  }
  return ReceiptView{.id = row->id,
                     .entry = row->entry,
                     .payer = row->payer,
                     .time_ms = row->time_ms,
                     .tokens_in = entry.tokens_in,
                     .tokens_out = entry.tokens_out,
                     .fee = entry.fee,
                     .payouts = body.payouts,
                     .attribution = TRY(view_of(workspace, basis, attribution)),
                     .repeated = false};
}

Result<std::vector<workspace::ReceiptRow>> list_receipts(Workspace& workspace, const workspace::ReceiptFilter& filter) {
  auto sql = TRY(workspace.database().begin());
  return workspace::list_receipts(sql, filter);
}

}  // namespace tribute::usecase
