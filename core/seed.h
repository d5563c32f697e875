// SPDX-License-Identifier: Apache-2.0
// Randomness that is a function of the suite, never of the clock, the thread or the standard
// library.
#pragma once

#include <cstdint>
#include <string_view>

namespace plumb {

// The seed for one purpose ("scene parameters", "light jitter", "initial noise") of one scene of a
// suite. Equal arguments give equal seeds on every machine; a change of one character changes all
// bits.
uint64_t DeriveSeed(uint64_t suite_seed, std::string_view scene_id, std::string_view purpose);

// A small counter-based generator (SplitMix64: Steele, Lea, Flood 2014) whose outputs are the same
// everywhere, unlike std::uniform_real_distribution, whose algorithm the standard leaves open.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t NextBits();
  // Uniform in [low, high).
  double Uniform(double low = 0.0, double high = 1.0);
  // Uniform integer in [0, count); count > 0.
  int Index(int count);
  // Normal by Box–Muller; draws two uniforms a call and keeps no spare.
  double Normal(double mean = 0.0, double sigma = 1.0);

 private:
  uint64_t state_;
};

}  // namespace plumb
