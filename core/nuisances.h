// SPDX-License-Identifier: Apache-2.0
// The table of nuisances: what may happen to a video without a law of the world being broken. No
// score may punish them.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace plumb {

struct Nuisance {
  std::string_view id;          // "blur"
  std::string_view unit;        // "px", "levels", "factor", "crf" …
  double neutral;               // gives the truth's bytes
  double default_amount;        // what "nuisance:<id>" without "=" means
  std::array<double, 5> doses;  // growing distance from neutral
  double low;                   // amounts from low to high are taken
  double high;
  std::string_view summary;  // what the amount means, in one sentence
};

std::span<const Nuisance> AllNuisances();
// Throws UsageError with the nearest name when there is no such nuisance.
const Nuisance& FindNuisance(std::string_view id);

// "blur=1.5" parsed. `amount` is the default when none is given.
struct NuisanceAmount {
  std::string id;
  double amount = 0.0;
};
// Throws UsageError naming the part that is wrong or the amount out of range.
NuisanceAmount ParseNuisance(std::string_view text);
std::string ToString(const NuisanceAmount& nuisance);

}  // namespace plumb
