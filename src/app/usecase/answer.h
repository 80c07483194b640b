// What several use cases share: an answer, its attribution, and how both are shown to people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "ngram/document.h"
#include "ngram/index_source.h"
#include "record/entry.h"
#include "record/receipt_body.h"
#include "trace/trace.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

// What was asked and answered: bytes, each prompt one message.
struct Answer {
  std::vector<std::string> prompts;
  std::string output;
};

// The datapoint behind a span, with the names that the directory has (empty once erased).
struct DatapointView {
  std::string id;
  std::string title;
  std::string datanet;
  EntryIndex entry;
  EntryIndex contributor;
  std::string contributor_name;
};

struct SpanView {
  uint64_t begin = 0;  // token positions
  uint64_t end = 0;
  std::string text;  // the output's bytes of these tokens
  uint64_t count = 0;
  uint64_t surprisal_millibits = 0;
  bool evidence = false;
  uint64_t datapoint_count = 0;           // of evidence
  std::vector<DatapointView> datapoints;  // of evidence, the first ones in order
};

struct CreditView {
  record::BodyCredit credit;
  std::string text;
  std::string contributor_name;  // of an owned run
};

struct ContributorShare {
  EntryIndex entry;
  std::string name;
  uint64_t millibits = 0;
  uint64_t share_ppm = 0;
};

// An attribution as people and programs read it.
struct AttributionView {
  std::string model;
  uint32_t model_version = 1;
  uint64_t tokens = 0;
  uint64_t total_millibits = 0;
  uint64_t credited_millibits = 0;
  std::vector<SpanView> spans;
  std::vector<CreditView> credits;
  std::vector<ContributorShare> contributors;  // by share, largest first
};

// What an attribution rests on.
struct AttributionBasis {
  EntryIndex model;       // the version's entry
  uint64_t log_size = 0;  // S
  std::vector<TokenId> tokens;
  std::vector<bool> copied;
};

// The documents of the manifests of `model` (model_in_force(): manifests.h) less those withdrawn below the log size, by
// ascending entry. Errors: data_loss for a corrupt index, named.
Result<std::vector<ngram::Document>> documents_of(workspace::Workspace& workspace, sql::Transaction& sql,
                                                  const record::Model& model, uint64_t log_size);

// The segments of the manifests of `model`, less what was withdrawn below the log size: what documents_of() gives, to
// be searched. Errors: those of documents_of().
Result<ngram::IndexSource> open_source(workspace::Workspace& workspace, sql::Transaction& sql,
                                       const record::Model& model, uint64_t log_size);

// Attributes at a model version and log size, by its manifests' segments: what documents_of() gives is what
// counts. Errors: those of documents_of() and trace::attribute().
Result<trace::Attribution> attribute_at(workspace::Workspace& workspace, const AttributionBasis& basis,
                                        uint32_t datapoint_limit);

// Tokens of the output and which of them were copied from the prompts, by the model's policy.
struct TokenizedAnswer {
  std::vector<TokenId> tokens;
  std::vector<bool> copied;
  uint64_t tokens_in = 0;  // of all prompts
};
// Errors: out_of_range for a text that is too long to tokenize.
Result<TokenizedAnswer> tokenize(const workspace::Workspace& workspace, const Answer& answer,
                                 const record::Policy& policy);

// Joins names and texts to an attribution.
Result<AttributionView> view_of(workspace::Workspace& workspace, const AttributionBasis& basis,
                                const trace::Attribution& attribution);

}  // namespace tribute::usecase
