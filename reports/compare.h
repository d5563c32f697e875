// SPDX-License-Identifier: Apache-2.0
// Two models of one run, or one model in two runs, paired cell by cell.
#pragma once

#include <cstdint>
#include <string>

#include "core/comparison.h"

namespace plumb {

// One side of a comparison.
struct ComparisonSide {
  const Results* results = nullptr;  // never null; must outlive the call
  std::string model;                 // one of results->models
  std::string label;                 // as printed; empty: "<run> · <model>"
};

// What it takes to call a difference real.
struct CompareOptions {
  int resamples = 10000;  // of the bootstrap over scenes
  double level = 0.95;    // of the interval
  uint64_t seed = 0;      // of the resampling
  // Fewer pairs or scenes give "not enough data". Six is the fewest scenes with which even a sign
  // test can speak at 5 %: 2 · 2⁻⁶ = 0.03, but 2 · 2⁻⁵ = 0.06.
  int min_pairs = 6;
  int min_scenes = 6;
  double min_effect = 0.0;  // a smaller mean difference is "no change", in the score's own unit
  bool lenient = false;     // compare although the suites' digests differ (a warning says so)

  // Throws UsageError naming the option that makes no sense.
  void Validate() const;
};

// Pairs the cells of both sides by (scene, seed) and compares every score that either side has, in
// their order. The difference is head − base over the pairs measured on both sides, with a
// percentile bootstrap that resamples whole scenes (Miller 2024, arXiv 2411.00640). A score of
// another version, or another suite, is not comparable. Throws UsageError when a side does not have
// its model.
Comparison Compare(const ComparisonSide& base,
                   const ComparisonSide& head,
                   const CompareOptions& options = {});

}  // namespace plumb
