// The audit of a Tribute workspace from its published files alone: no database, no operator's word.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "audit/report.h"
#include "base/error.h"
#include "io/file_system.h"

namespace tribute::audit {

// Called from the auditing thread: `done` of `total` units of a stage ("entries"). Both may be 0.
using ProgressCallback = std::function<void(std::string_view stage, uint64_t done, uint64_t total)>;

struct Options {
  std::string public_folder;                      // a workspace's public/
  std::optional<std::string> sealed_folder = {};  // its sealed/; without it, sealed DataNets and bodies are unchecked

  // The log's verifier key, "<name>+<id>+<base64>". Without it the key in the folder itself is
  // trusted, so that a log that was signed anew under another key is not noticed.
  std::optional<std::string> key = {};

  // A signed checkpoint of the same log that the auditor kept. Without it a fork is not noticed.
  std::optional<std::string> kept_checkpoint = {};

  // Of each rule this many findings are kept; further ones are counted. At least 1. Higher: a
  // longer report and more memory where nearly everything is wrong.
  uint64_t findings_per_rule = 100;

  // Recompute receipts by the naive twin of the rule, which shares nothing with the engine that made them:
  // slow, in time proportional to each answer times its index. Else by the engine over the segments. Near
  // duplicates are then found by comparing all pairs of a DataNet's documents.
  bool independent = false;

  ProgressCallback progress = {};  // may be empty
};

// Re-derives the log from its entry bundles, checks every entry against those before it, and every
// directory row, manifest, document and receipt against the entries; docs/guide/verify.md lists the
// rules. What is wrong is a finding of the report, not an error, and the audit goes on after it.
// Reads only. Time: O(log size) for the log, the time to build the index for the segments, which are made
// again from their documents, and a few milliseconds per receipt, or with `independent` the naive twin's.
// Memory: the facts of the entries, and what building the largest segment takes; with `independent` the
// documents of one model version.
// Errors: invalid_argument for a key or kept checkpoint that is none; not_found if there is no
// checkpoint in the folder; those of the file system for files that are there and cannot be read.
Result<Report> verify(io::FileSystem& files, const Options& options);

// A key or checkpoint as a command line gives it: the text of the file of that name if there is one,
// else the argument itself. Errors: those of the file system.
Result<std::string> text_or_file(io::FileSystem& files, const std::string& argument);

// The exit code for a report: 0 if everything that was checked is right, else 1.
int exit_code(const Report& report);

}  // namespace tribute::audit
