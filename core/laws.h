// SPDX-License-Identifier: Apache-2.0
// The table of laws: what a saboteur may break, by how much, where it can show and which score must
// notice.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/scene.h"

namespace plumb {

struct Law {
  std::string_view id;                      // "gravity"
  std::string_view unit;                    // "factor", "px", "m", "onset share", "mode"
  double neutral;                           // gives the truth's bytes: 1 for factors, 0 for offsets
  double default_amount;                    // what "sabotage:<law>" without "=" means
  std::array<double, 5> doses;              // growing distance from neutral
  std::vector<std::string_view> scenarios;  // where the law can show
  std::vector<std::string_view> scores;     // at least one of them must be worse than the oracle's
  std::string_view summary;
};

std::span<const Law> AllLaws();
// Throws UsageError with the nearest name when there is no such law.
const Law& FindLaw(std::string_view id);
// Whether the law can show in that scenario.
bool CanShow(const Law& law, std::string_view scenario);

// "gravity=0.5,onset=8,body=ball" parsed. `amount` is the law's default when none is given.
struct Sabotage {
  std::string law;
  double amount = 0.0;
  int onset_frame =
      -1;  // first frame that may differ; -1: the law's natural moment (after conditioning)
  std::string body;  // empty: the law's natural choice
};
// Throws UsageError naming the part that is wrong.
Sabotage ParseSabotage(std::string_view text);
std::string ToString(const Sabotage& sabotage);

}  // namespace plumb
