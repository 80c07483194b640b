#include "ngram/directory.h"

#include <algorithm>
#include <vector>

#include "base/bytes.h"

namespace tribute::ngram {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

// kNoPlace shares more than any other.
uint32_t shared_at(uint32_t place) { return place >> kPlaceSymbolBits; }

// Place i divides the pages up to i from those after it.
class DirectoryWriter {
 public:
  explicit DirectoryWriter(std::span<const uint32_t> places)
      : places_(places), left_(places.size(), kNone), right_(places.size(), kNone) {}

  std::string write() {
    std::string bytes;
    bytes.reserve(places_.size() * kDirectoryNodeBytes);
    divide(make_tree(), 0, static_cast<uint32_t>(places_.size()) + 1);
    while (!pending_.empty()) {
      const Pending of = pending_.back();
      pending_.pop_back();
      if (of.begin == of.end) {
        divide(subtrees_[of.begin], of.first_page, of.end_page);
        continue;
      }
      const uint32_t middle = nearest_to_the_middle(of);
      const uint32_t place = siblings_[middle];
      append_le32(bytes, places_[place]);
      append_le32(bytes, place + 1 - of.first_page);
      pending_.push_back({middle + 1, of.end, place + 1, of.end_page});
      pending_.push_back({of.begin, middle, of.first_page, place + 1});
    }
    return bytes;
  }

 private:
  // The pages [first_page, end_page), which the places siblings_[begin, end) divide. None: subtrees_[begin] does.
  struct Pending {
    uint32_t begin = 0;
    uint32_t end = 0;
    uint32_t first_page = 0;
    uint32_t end_page = 0;
  };

  // The Cartesian tree: the place with the least that is shared is the root, of equal ones the first.
  uint32_t make_tree() {
    std::vector<uint32_t> spine;  // from the root down to the right
    for (uint32_t i = 0; i < places_.size(); ++i) {
      while (!spine.empty() && shared_at(places_[spine.back()]) > shared_at(places_[i])) {
        left_[i] = spine.back();
        spine.pop_back();
      }
      if (!spine.empty()) right_[spine.back()] = i;
      spine.push_back(i);
    }
    return spine.empty() ? kNone : spine.front();
  }

  // By all places of the subtree that share as little as its root, which are its right descendants in a row.
  void divide(uint32_t root, uint32_t first_page, uint32_t end_page) {
    if (root == kNone) return;
    const auto begin = static_cast<uint32_t>(siblings_.size());
    uint32_t next = root;
    while (next != kNone && shared_at(places_[next]) == shared_at(places_[root])) {
      siblings_.push_back(next);
      subtrees_.push_back(left_[next]);
      next = right_[next];
    }
    pending_.push_back({begin, static_cast<uint32_t>(siblings_.size()), first_page, end_page});
    siblings_.push_back(kNone);
    subtrees_.push_back(next);
  }

  uint32_t nearest_to_the_middle(const Pending& of) const {
    const uint32_t page = of.first_page + (of.end_page - of.first_page) / 2;
    const auto begin = siblings_.begin() + of.begin;
    const auto end = siblings_.begin() + of.end;
    auto at = std::lower_bound(begin, end, page - 1);
    if (at == end || (at != begin && page - (at[-1] + 1) <= *at + 1 - page)) --at;
    return static_cast<uint32_t>(at - siblings_.begin());
  }

  std::span<const uint32_t> places_;
  std::vector<uint32_t> left_;  // children in the Cartesian tree
  std::vector<uint32_t> right_;
  std::vector<uint32_t> siblings_;  // ascending, in one row after another, each with kNone behind it
  std::vector<uint32_t> subtrees_;  // before each sibling, and after the last one of a row
  std::vector<Pending> pending_;
};

}  // namespace

std::string make_directory(std::span<const uint32_t> places) { return DirectoryWriter(places).write(); }

}  // namespace tribute::ngram
