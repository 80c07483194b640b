// An operator in memory, for tests: does what the rules say, entry by entry, and publishes it. A test
// makes it dishonest by changing an entry or a file before (or after) publishing.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/ids.h"
#include "base/sign.h"
#include "io/memory_file_system.h"
#include "io/random.h"
#include "record/entry.h"
#include "record/receipt_body.h"
#include "text/byte_tokenizer.h"
#include "tlog/note.h"

namespace tribute::audit {

// Everything is a function of the calls. An error is a failed CHECK: tests only. Not thread-safe.
class HonestOperator {
 public:
  // `key_seed`: another one is another operator's log key.
  explicit HonestOperator(char key_seed = 'k');

  // What makes an entry, and its index.
  EntryIndex add_datanet(const record::Datanet& datanet);
  EntryIndex add_contributor(const std::string& name, const std::optional<PrivateKey>& key = {});
  EntryIndex bind_key(EntryIndex contributor, const PrivateKey& key);
  // Signed if the contributor has a key.
  EntryIndex contribute(EntryIndex datanet, EntryIndex contributor, const std::string& text);
  EntryIndex decide(EntryIndex contribution, bool approved);
  EntryIndex withdraw(EntryIndex contribution);
  // Of what is live now, less `left_out` and with `added`: an honest operator gives neither. What an
  // earlier index of the DataNet held and this one does not is a tombstone.
  struct Dishonesty {
    std::optional<EntryIndex> left_out;
    std::optional<EntryIndex> added;
  };
  EntryIndex build_index(EntryIndex datanet, const Dishonesty& dishonesty = {});
  // The successor of a manifest without what was withdrawn since; removes the files of the old one.
  EntryIndex purge(EntryIndex manifest);
  // The first version, or with `first` the next one; pins the newest manifests.
  EntryIndex register_model(const std::string& name, const std::vector<EntryIndex>& datanets,
                            std::optional<EntryIndex> first = {});
  // Charges for an answer of these bytes; those from `copied_from` on came from the prompt.
  EntryIndex charge(EntryIndex model, const std::string& answer, size_t copied_from = std::string::npos);

  // What was said so far, which a test may change.
  std::vector<record::Entry>& entries() { return entries_; }
  template <typename Body>
  Body& body(EntryIndex entry) {
    return std::get<Body>(entries_[entry.value()].body);
  }
  // Changes a receipt's body, stores it under its new hash, and cites that in the receipt. With
  // `recharge` the entry's sums and payouts follow the changed body too.
  void change_body(EntryIndex entry, bool recharge, const std::function<void(record::ReceiptBody&)>& change);

  // Files below the workspace, like "public/tokenizer"; the log's and directory's come with publish().
  std::map<std::string, std::string>& files() { return files_; }
  std::string body_path(EntryIndex receipt) const;

  const tlog::NoteSigner& signer() const { return signer_; }
  std::string key_text() const { return signer_.verifier().text(); }

  // Entries as text; one stands for each entry that a test wants to be spelt otherwise.
  std::vector<std::string> entry_texts() const;
  // Signs and writes everything as "ws/public" and "ws/sealed".
  std::unique_ptr<io::MemoryFileSystem> publish() const { return publish(entry_texts()); }
  std::unique_ptr<io::MemoryFileSystem> publish(const std::vector<std::string>& entry_texts) const;

 private:
  struct Text {
    std::string id;
    std::string title;
    std::string text;
    std::string salt;
  };
  struct Named {
    std::string name;
    std::string salt;
  };

  EntryIndex append(record::Body body);
  bool is_live(EntryIndex contribution, uint64_t log_size) const;
  bool needs_approval(const record::Contribution& contribution) const;
  std::optional<EntryIndex> withdrawn_at(EntryIndex contribution) const;
  // The first contribution to the DataNet, neither rejected nor withdrawn, whose text is so.
  std::optional<EntryIndex> first_with_text(EntryIndex datanet,
                                            const std::function<bool(const std::string&)>& is_so) const;
  std::vector<EntryIndex> contributions_of(EntryIndex datanet) const;
  EntryIndex newest_manifest(EntryIndex datanet) const;
  EntryIndex newest_successor(EntryIndex manifest) const;
  std::string half_of(EntryIndex datanet) const;
  std::vector<TokenId> tokens_of(const std::string& text) const;
  EntryIndex write_index(EntryIndex datanet, const std::vector<EntryIndex>& documents,
                         const std::vector<EntryIndex>& tombstones, std::optional<EntryIndex> succeeds);
  void settle(record::Receipt& receipt, record::ReceiptBody& body) const;
  void store_body(record::Receipt& receipt, const record::ReceiptBody& body);
  void write_directory(io::MemoryFileSystem& files) const;

  io::SeededRandom random_{1};
  text::ByteTokenizer tokenizer_;
  tlog::NoteSigner signer_;
  uint64_t now_ms_ = 1'700'000'000'000;
  std::vector<record::Entry> entries_;
  std::map<std::string, std::string> files_;
  std::map<EntryIndex, Text> texts_;                    // by contribution
  std::map<EntryIndex, Named> names_;                   // by registration
  std::map<EntryIndex, PrivateKey> keys_;               // by registration
  std::map<EntryIndex, std::vector<EntryIndex>> docs_;  // by manifest: its live documents
};

}  // namespace tribute::audit
