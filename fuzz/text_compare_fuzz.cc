// The kernels that count how many symbols a run and a text share: whatever the width, the places and the lengths,
// each that this processor has says what counting one by one says, and reads no byte that packed_at() would not.
#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "fuzz.h"
#include "ngram/packed_ints.h"
#include "ngram/text_compare.h"

namespace {

using namespace tribute;

// Takes the fuzzer's bytes one by one, and zeros after them.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  bool empty() const { return bytes_.empty(); }
  uint8_t next() {
    if (bytes_.empty()) return 0;
    const char first = bytes_.front();
    bytes_.remove_prefix(1);
    return static_cast<uint8_t>(first);
  }
  uint32_t below(uint32_t end) { return (next() * 256U + next()) % end; }

 private:
  std::string_view bytes_;
};

// Memory of its own, at any offset from what the allocator aligns, that ends where its last byte ends: what is read
// behind it the address sanitizer reports.
template <typename T>
class Exact {
 public:
  Exact(const void* values, size_t count, size_t offset) : memory_(new T[offset + count]), begin_(&memory_[offset]) {
    if (count > 0) std::memcpy(begin_, values, count * sizeof(T));
  }
  const T* begin() const { return begin_; }

 private:
  std::unique_ptr<T[]> memory_;  // NOLINT(cppcoreguidelines-avoid-c-arrays): a vector may have room to spare
  T* begin_;
};

struct Question {
  uint32_t bits = 16;
  std::vector<uint64_t> text;     // its symbols, each below 2^bits
  std::vector<uint32_t> symbols;  // of the run, any
  uint32_t position = 0;
  uint32_t known = 0;
  size_t text_offset = 0;
  size_t symbols_offset = 0;

  auto reach() const { return static_cast<uint32_t>(symbols.size()); }
};

Question question_of(Bytes input) {
  constexpr uint32_t kLongest = 200;
  constexpr uint32_t kSixteen = 16;
  Question question;
  // The width with kernels of its own in every second question.
  const uint32_t width = input.next();
  question.bits = width % 2 == 0 ? kSixteen : 1 + width / 2 % ngram::kMaxPackedBits;
  question.text_offset = input.next() % 16U;
  question.symbols_offset = input.next() % 8U;
  question.position = input.below(kLongest);
  const uint32_t reach = input.below(kLongest);
  question.known = input.below(reach + 1);
  const uint64_t mask = (uint64_t{1} << question.bits) - 1;
  // The text repeats itself, so that few bytes make a long one; the run is its copy, with a few symbols changed.
  const uint32_t period = 1 + input.next() % 20U;
  std::vector<uint64_t> pattern;
  for (uint32_t i = 0; i < period; ++i) {
    pattern.push_back((input.next() * uint64_t{0x0101010101010101} ^ uint64_t{input.next()} << 8) & mask);
  }
  for (uint32_t i = 0; i < question.position + reach; ++i) question.text.push_back(pattern[i % period]);
  for (uint32_t i = 0; i < reach; ++i) {
    question.symbols.push_back(static_cast<uint32_t>(question.text[question.position + i]));
  }
  while (reach > 0 && !input.empty()) question.symbols[input.below(reach)] ^= 1U << input.next() % 32U;
  return question;
}

uint32_t shared_one_by_one(const Question& question) {
  uint32_t length = question.known;
  while (length < question.reach() && question.text[question.position + length] == question.symbols[length]) ++length;
  return length;
}

// The bytes of the text that packed_at() reads for the last symbol within reach, and no more.
std::string readable_bytes(const Question& question) {
  ngram::IntPacker packer(question.bits);
  for (const uint64_t symbol : question.text) packer.append(symbol);
  std::string bytes = std::move(packer).finish() + std::string(sizeof(uint64_t), '\x5A');
  const uint64_t end = uint64_t{question.position} + question.reach();
  bytes.resize(end == 0 ? 0 : (end - 1) * question.bits / 8 + sizeof(uint64_t));
  return bytes;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Question question = question_of(Bytes(fuzz::view_of(data, size)));
  const std::string bytes = readable_bytes(question);
  const Exact<char> text(bytes.data(), bytes.size(), question.text_offset);
  const Exact<uint32_t> symbols(question.symbols.data(), question.symbols.size(), question.symbols_offset);
  const uint32_t expected = shared_one_by_one(question);
  const auto kernels = ngram::all_shared_symbols_for(question.bits);
  CHECK(kernels.front() == ngram::shared_symbols_plain);
  CHECK(kernels.back() == ngram::shared_symbols_for(question.bits));
  for (const ngram::SharedSymbols shared_symbols : kernels) {
    const ngram::TextComparison comparison{.text = text.begin(),
                                           .position = question.position,
                                           .symbols = symbols.begin(),
                                           .known = question.known,
                                           .reach = question.reach()};
    CHECK(shared_symbols(comparison, question.bits) == expected);
  }
  return 0;
}
