// SPDX-License-Identifier: Apache-2.0
#include "core/seed.h"

#include <cmath>
#include <numbers>

#include "core/check.h"

namespace plumb {
namespace {

// FNV-1a over the bytes, with the length mixed in so that ("ab","c") and ("a","bc") differ.
uint64_t HashBytes(uint64_t hash, std::string_view text) {
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return (hash ^ text.size()) * 0x100000001b3ULL;
}

uint64_t Finalise(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

uint64_t DeriveSeed(uint64_t suite_seed, std::string_view scene_id, std::string_view purpose) {
  uint64_t hash = Finalise(suite_seed + 0x9e3779b97f4a7c15ULL) ^ 0xcbf29ce484222325ULL;
  hash = HashBytes(hash, scene_id);
  hash = HashBytes(hash, purpose);
  return Finalise(hash);
}

uint64_t Random::NextBits() {
  state_ += 0x9e3779b97f4a7c15ULL;
  return Finalise(state_);
}

double Random::Uniform(double low, double high) {
  const double unit = static_cast<double>(NextBits() >> 11) * 0x1.0p-53;
  return low + (high - low) * unit;
}

int Random::Index(int count) {
  PLUMB_CHECK(count > 0, "count {}", count);
  return static_cast<int>(NextBits() % static_cast<uint64_t>(count));
}

double Random::Normal(double mean, double sigma) {
  const double u = 1.0 - Uniform();  // in (0, 1], so the logarithm is finite
  const double v = Uniform();
  return mean + sigma * std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

}  // namespace plumb
