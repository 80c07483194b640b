#include "neardup/sketch.h"

#include <xxhash.h>

#include <algorithm>
#include <limits>

#include "base/bytes.h"
#include "neardup/shingles.h"

namespace tribute::neardup {
namespace {

constexpr uint64_t kEmpty = std::numeric_limits<uint64_t>::max();

// XXH3-64 of the numbers, each as u64 little-endian. The seeds tell apart what is hashed.
enum class Seed : uint64_t { shingle = 1, densification = 2, band = 3 };

uint64_t hash_of(std::span<const uint64_t> numbers, Seed seed) {
  return XXH3_64bits_withSeed(numbers.data(), numbers.size_bytes(), static_cast<uint64_t>(seed));
}

// One of the bins, uniformly, by the upper half of a hash.
size_t bin_of(uint64_t hash) { return static_cast<size_t>((hash >> 32) * kBins >> 32); }

}  // namespace

MinHashes min_hashes(std::span<const TokenId> tokens) {
  MinHashes least;
  if (tokens.empty()) return least;
  least.bins.fill(kEmpty);
  for_each_shingle(tokens, [&](Shingle shingle) {
    const std::array<uint64_t, 2> halves = {static_cast<uint64_t>(shingle), static_cast<uint64_t>(shingle >> 64)};
    const uint64_t hash = std::min(hash_of(halves, Seed::shingle), kEmpty - 1);
    uint64_t& bin = least.bins[bin_of(hash)];
    bin = std::min(bin, hash);
  });
  MinHashes dense = least;
  for (uint64_t i = 0; i < kBins; ++i) {
    for (uint64_t attempt = 0; dense.bins[i] == kEmpty; ++attempt) {
      dense.bins[i] = least.bins[bin_of(hash_of(std::array{i, attempt}, Seed::densification))];
    }
  }
  return dense;
}

Sketch sketch_of(const MinHashes& hashes) {
  Sketch sketch;
  for (size_t i = 0; i < kBins; ++i) sketch.signature[i] = static_cast<uint8_t>(hashes.bins[i]);
  for (size_t band = 0; band < kBands; ++band) {
    std::array<uint64_t, kBinsPerBand + 1> numbers{};
    numbers[0] = band;
    std::ranges::copy(std::span(hashes.bins).subspan(band * kBinsPerBand, kBinsPerBand), numbers.begin() + 1);
    sketch.bands[band] = hash_of(numbers, Seed::band);
  }
  return sketch;
}

size_t agreement(const Sketch& a, const Sketch& b) {
  size_t equal = 0;
  for (size_t i = 0; i < kBins; ++i) equal += a.signature[i] == b.signature[i] ? 1 : 0;
  return equal;
}

std::string signature_text(const Sketch& sketch) {
  return to_hex({reinterpret_cast<const char*>(sketch.signature.data()), sketch.signature.size()});
}

Result<std::array<uint8_t, kBins>> signature_from_text(std::string_view text) {
  const std::string bytes = TRY(from_hex(text));
  if (bytes.size() != kBins)
    return fail(ErrorCode::invalid_argument, "a signature has " + std::to_string(kBins) + " bytes");
  std::array<uint8_t, kBins> signature{};
  std::ranges::transform(bytes, signature.begin(), [](char byte) { return static_cast<uint8_t>(byte); });
  return signature;
}

}  // namespace tribute::neardup
