#include "ngram/run_facts.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

namespace tribute::ngram {
namespace {

// The suffixes of one part that begin with one run: not none.
struct FoundRun {
  RangeReader* reader = nullptr;
  RankRange range;
  size_t part_index = 0;

  const IndexPart& part() const { return reader->part(); }
};

// From so many occurrences on, one in so many of the documents, a set is cheaper than sorting them.
constexpr uint64_t kDocumentsPerOccurrence = 16;

// Of so many suffixes of a range, if they are at least so far apart, the contributors are counted before all others.
constexpr uint64_t kSamples = 64;
constexpr uint64_t kLeastPerSample = 16;

// The lowest position of a range whose document counts, where it was met on the way.
struct KnownFirst {
  bool is_known = false;
  std::optional<uint64_t> position;
};

// The first holders of many runs. What stands first in each part is looked up together with others, since each look-up
// waits for memory several times.
class FirstHolders {
 public:
  explicit FirstHolders(std::span<const FoundRuns> parts) : parts_(parts), wanted_(parts.size()) {}

  // Of the run with this number. `known`: of each of `found`, or nothing.
  void want(size_t number, std::span<const FoundRun> found, std::span<const KnownFirst> known) {
    for (size_t i = 0; i < found.size(); ++i) {
      const bool is_known = i < known.size() && known[i].is_known;
      const auto position = is_known ? known[i].position : found[i].reader->first_position(found[i].range);
      if (!position) continue;
      Wanted& wanted = wanted_[found[i].part_index];
      wanted.positions.push_back(*position);
      wanted.numbers.push_back(number);
    }
  }

  // `facts`: by number.
  void look_up(std::span<RunFacts> facts) const {
    std::array<DocId, Segment::kLookupsAtOnce> buffer;
    for (size_t k = 0; k < parts_.size(); ++k) {
      const IndexPart& part = parts_[k].reader->part();
      const std::span<const uint64_t> positions = wanted_[k].positions;
      for (size_t begin = 0; begin < positions.size(); begin += buffer.size()) {
        const std::span documents = std::span(buffer).first(std::min(buffer.size(), positions.size() - begin));
        part.segment->documents_at(positions.subspan(begin, documents.size()), documents);
        for (size_t i = 0; i < documents.size(); ++i) {
          const Holder holder{part.segment->entry_of(documents[i]), part.segment->contributor_of(documents[i])};
          add(facts[wanted_[k].numbers[begin + i]], holder, part.role);
        }
      }
    }
  }

 private:
  struct Wanted {
    std::vector<uint64_t> positions;
    std::vector<size_t> numbers;
  };

  static void add(RunFacts& facts, const Holder& holder, Role role) {
    if (!facts.first || holder < *facts.first) facts.first = holder;
    if (role == Role::guard) {
      facts.in_guard = true;
    } else if (!facts.first_paid || holder < *facts.first_paid) {
      facts.first_paid = holder;
    }
  }

  std::span<const FoundRuns> parts_;
  std::vector<Wanted> wanted_;  // by part
};

// The documents of the range that count, ascending, each once; adds their occurrences to `occurrences`.
std::vector<DocId> documents_of(const FoundRun& run, uint64_t& occurrences) {
  const uint32_t document_count = run.part().segment->document_count();
  std::vector<DocId> documents;
  if (run.range.size() < document_count / kDocumentsPerOccurrence) {
    run.reader->for_each_documents(run.range, [&](std::span<const DocId> found) {
      documents.insert(documents.end(), found.begin(), found.end());
    });
    occurrences += documents.size();
    std::ranges::sort(documents);
    documents.erase(std::unique(documents.begin(), documents.end()), documents.end());
    return documents;
  }
  DocumentSet set(document_count);
  run.reader->for_each_documents(run.range, [&](std::span<const DocId> found) {
    for (const DocId document : found) set.insert(document);
    occurrences += found.size();
  });
  set.append_to(documents);
  return documents;
}

void list_datapoints(RunFacts& facts, std::span<const FoundRun> found, const RunQuestion& question) {
  uint64_t occurrences = 0;
  uint64_t datapoints = 0;
  for (const FoundRun& run : found) {
    const std::vector<DocId> documents = documents_of(run, occurrences);
    datapoints += documents.size();
    const size_t listed = std::min<size_t>(documents.size(), question.datapoint_limit);
    for (size_t i = 0; i < listed; ++i) facts.datapoints.push_back(run.part().segment->entry_of(documents[i]));
  }
  std::ranges::sort(facts.datapoints);
  facts.datapoints.resize(std::min<size_t>(facts.datapoints.size(), question.datapoint_limit));
  if (question.counted != Counted::nothing) facts.occurrence_count = occurrences;
  if (question.counted == Counted::occurrences_and_datapoints) facts.datapoint_count = datapoints;
}

// Counts the contributors of a run's occurrences, part by part, until there are more than a limit.
class ContributorTally {
 public:
  explicit ContributorTally(uint64_t limit) : limit_(limit) {}

  bool exceeds() const { return known_.size() > limit_; }

  // Of a range that was looked at as a whole and has no dead documents, the first position besides.
  KnownFirst add(const FoundRun& run) {
    RangeReader* const reader = run.reader;
    const RankRange range = run.range;
    const IndexPart& part = reader->part();
    StretchSet seen(part.runs.stretches().size());
    // Neighbours in the order are of the same contributors: suffixes from everywhere in a large range name more of
    // them.
    if (range.size() >= kSamples * kLeastPerSample) {
      std::array<uint64_t, kSamples> samples;
      for (uint64_t i = 0; i < kSamples; ++i) samples[i] = range.begin + range.size() / kSamples * i;
      reader->positions_of(samples, samples);
      add(part, seen, samples);
      if (exceeds()) return {};
    }
    uint64_t least = UINT64_MAX;
    const auto look_at = [&](std::span<const uint64_t> positions) {
      for (const uint64_t position : positions) least = std::min(least, position);
      add(part, seen, positions);
      return !exceeds();
    };
    reader->for_each_positions(range, std::cref(look_at));
    if (exceeds() || part.has_dead) return {};
    return {.is_known = true, .position = least};
  }

 private:
  void add(const IndexPart& part, StretchSet& seen, std::span<const uint64_t> positions) {
    const auto stretches = part.runs.stretches();
    part.runs.for_each_new(seen, positions, [&](uint32_t stretch) {
      if (stretches[stretch].is_earner) add(stretches[stretch].contributor);
    });
  }

  void add(EntryIndex contributor) {
    const auto place = std::ranges::lower_bound(known_, contributor);
    if (!exceeds() && (place == known_.end() || *place != contributor)) known_.insert(place, contributor);
  }

  uint64_t limit_;
  std::vector<EntryIndex> known_;  // ascending, up to one more than the limit: few as a rule
};

bool has_more_contributors(std::span<const FoundRun> found, uint64_t limit, std::vector<KnownFirst>& firsts) {
  uint64_t occurrences = 0;
  for (const FoundRun& run : found) occurrences += run.part().role == Role::paid ? run.range.size() : 0;
  if (occurrences <= limit) return false;
  ContributorTally contributors(limit);
  firsts.resize(found.size());
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i].part().role == Role::paid) firsts[i] = contributors.add(found[i]);
    if (contributors.exceeds()) return true;
  }
  return false;
}

// Ascending by contributor, each once.
void merge_counts(std::vector<ContributorCount>& histogram) {
  std::ranges::sort(histogram, {}, &ContributorCount::contributor);
  size_t size = 0;
  for (const ContributorCount& count : histogram) {
    if (size > 0 && histogram[size - 1].contributor == count.contributor) {
      histogram[size - 1].occurrences += count.occurrences;
    } else {
      histogram[size++] = count;
    }
  }
  histogram.resize(size);
}

void draw_histogram(RunFacts& facts, std::span<const FoundRun> found) {
  for (const FoundRun& run : found) {
    const ContributorRuns& runs = run.part().runs;
    const auto stretches = runs.stretches();
    std::vector<uint64_t> counts(stretches.size());
    run.reader->for_each_positions(run.range, [&](std::span<const uint64_t> positions) {
      runs.count(positions, counts);
      return true;
    });
    for (size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] > 0 && stretches[i].is_live) facts.histogram.push_back({stretches[i].contributor, counts[i]});
    }
  }
  merge_counts(facts.histogram);
}

// The answers about the run with this number but for its holders, which are looked up afterwards.
// `exceeds_contributor_limit`: if it is known, what to say of it.
RunFacts describe(size_t number, std::span<const FoundRun> found, const RunQuestion& question,
                  std::optional<bool> exceeds_contributor_limit, FirstHolders& holders) {
  RunFacts facts;
  std::vector<KnownFirst> firsts;
  if (question.contributor_limit) {
    facts.exceeds_contributor_limit = exceeds_contributor_limit
                                          ? *exceeds_contributor_limit
                                          : has_more_contributors(found, *question.contributor_limit, firsts);
  }
  if (asks_for_holders(question, facts)) holders.want(number, found, firsts);
  if (question.counted == Counted::occurrences_and_datapoints || question.datapoint_limit > 0) {
    list_datapoints(facts, found, question);
  } else if (question.counted == Counted::occurrences) {
    for (const FoundRun& run : found) facts.occurrence_count += run.reader->count(run.range);
  }
  if (question.histogram) draw_histogram(facts, found);
  return facts;
}

// What the run asked about before tells of a run: a part of it stands wherever it does.
enum class Neighbour : uint8_t { none, is_part, contains };

Neighbour neighbour_of(Run run, Run other) {
  if (run.begin <= other.begin && other.end <= run.end) return Neighbour::is_part;
  if (other.begin <= run.begin && run.end <= other.end) return Neighbour::contains;
  return Neighbour::none;
}

}  // namespace

std::vector<RunFacts> describe_runs(const DistinctRuns& runs, std::span<const FoundRuns> found,
                                    const RunQuestion& question, uint64_t contributor_count) {
  const bool may_exceed = question.contributor_limit && contributor_count > *question.contributor_limit;
  const std::span<const Run> all = runs.all();
  std::vector<RunFacts> facts(all.size());
  std::vector<size_t> as(all.size());                                  // the first run with the same facts
  std::vector<size_t> first_with(runs.distinct().size(), all.size());  // the first of all that is equal to each
  FirstHolders holders(found);
  std::vector<FoundRun> one;
  for (size_t i = 0; i < all.size(); ++i) {
    const uint32_t at = runs.of(i);
    if (first_with[at] < i) {
      as[i] = as[first_with[at]];
      continue;
    }
    first_with[at] = i;
    const Neighbour before = i == 0 ? Neighbour::none : neighbour_of(all[i], all[i - 1]);
    const auto is_as_frequent = [&](const FoundRuns& part) {
      return part.ranges[at].size() == part.ranges[runs.of(i - 1)].size();
    };
    const auto goes_along = [&](const FoundRuns& part) { return !part.goes_along.empty() && part.goes_along[i]; };
    if ((before != Neighbour::none && std::ranges::all_of(found, is_as_frequent)) ||
        (i > 0 && std::ranges::all_of(found, goes_along))) {
      as[i] = as[i - 1];  // the one stands wherever the other does
      continue;
    }
    as[i] = i;
    one.clear();
    for (size_t k = 0; k < found.size(); ++k) {
      if (!found[k].ranges[at].is_empty()) one.push_back({found[k].reader, found[k].ranges[at], k});
    }
    std::optional<bool> exceeds;
    const bool did_exceed = i > 0 && facts[as[i - 1]].exceeds_contributor_limit;
    if (!may_exceed || (before == Neighbour::is_part && !did_exceed)) {
      exceeds = false;
    } else if (before == Neighbour::contains && did_exceed) {
      exceeds = true;
    }
    facts[i] = describe(i, one, question, exceeds, holders);
  }
  holders.look_up(facts);
  for (size_t i = 0; i < all.size(); ++i) {
    if (as[i] != i) facts[i] = facts[as[i]];
  }
  return facts;
}

}  // namespace tribute::ngram
