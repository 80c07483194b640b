#include "datanet/registry.h"

namespace tribute::datanet {
namespace {

constexpr sql::Migration kMigrations[] = {{.version = 1, .script = R"sql(
CREATE TABLE datanets (
  entry BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  needs_approval BIGINT NOT NULL,
  is_public BIGINT NOT NULL,
  near_duplicates TEXT NOT NULL
);
CREATE TABLE contributors (
  entry BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  salt TEXT NOT NULL,
  public_key TEXT NOT NULL,
  bound_at BIGINT
);
CREATE TABLE contributions (
  entry BIGINT NOT NULL PRIMARY KEY,
  datanet BIGINT NOT NULL REFERENCES datanets (entry),
  contributor BIGINT NOT NULL REFERENCES contributors (entry),
  source_id TEXT NOT NULL,
  title TEXT NOT NULL,
  salt TEXT NOT NULL,
  license TEXT NOT NULL,
  content_sha256 TEXT NOT NULL,
  folded_sha256 TEXT NOT NULL,
  tokens_sha256 TEXT NOT NULL,
  token_count BIGINT NOT NULL,
  duplicate_of BIGINT,
  is_signed BIGINT NOT NULL,
  needs_approval BIGINT NOT NULL,
  state TEXT NOT NULL,
  decided_at BIGINT,
  withdrawn_at BIGINT,
  UNIQUE (datanet, source_id)
);
CREATE INDEX contributions_by_datanet ON contributions (datanet, entry);
CREATE INDEX contributions_by_contributor ON contributions (contributor, entry);
CREATE INDEX contributions_by_folded ON contributions (datanet, folded_sha256, entry);
CREATE TABLE directory_changes (
  file_of BIGINT NOT NULL PRIMARY KEY
);
)sql"},
                                          {.version = 2, .script = R"sql(
ALTER TABLE contributions ADD COLUMN near_duplicate_of BIGINT;
ALTER TABLE contributions ADD COLUMN is_erased BIGINT NOT NULL DEFAULT 0;
CREATE INDEX contributions_by_content ON contributions (content_sha256);
)sql"},
                                          {.version = 3, .script = R"sql(
CREATE INDEX contributions_by_withdrawal ON contributions (datanet, withdrawn_at) WHERE withdrawn_at IS NOT NULL;
)sql"}};

}  // namespace

const sql::Schema& registry_schema() {
  static constexpr sql::Schema schema = {.module = "datanet", .migrations = kMigrations};
  return schema;
}

}  // namespace tribute::datanet
