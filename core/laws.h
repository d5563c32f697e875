// SPDX-License-Identifier: Apache-2.0
// The table of laws: what a saboteur may break, by how much, where it can show and which score must
// notice.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/scenario_traits.h"
#include "core/scene.h"

namespace plumb {

struct Law {
  std::string_view id;          // "gravity"
  std::string_view unit;        // "factor", "px", "m", "share gone" …
  double neutral;               // gives the truth's bytes: 1 for factors, 0 for offsets
  double default_amount;        // what "sabotage:<law>" without "=" means
  std::array<double, 5> doses;  // growing distance from neutral
  double low;                   // amounts from low to high are taken
  double high;
  Traits needs;                          // a scene shows the law when it has all of these
  std::vector<std::string_view> scores;  // at least one of them must be worse than the oracle's;
                                         // none where no score that exists can notice
  std::string_view summary;              // what the amount means, in one sentence
  std::vector<std::string_view> modes = {};  // ways of breaking it that may be asked for by name
  std::vector<std::string_view> scenarios = {};  // of the catalogue, where the law can show
  bool takes_body = true;  // whether it can be broken for one named body; else for the whole world
};

std::span<const Law> AllLaws();
// Throws UsageError with the nearest name when there is no such law.
const Law& FindLaw(std::string_view id);
// Whether the law can show in that scenario of the catalogue, or in that scene (of the catalogue or
// not).
bool CanShow(const Law& law, std::string_view scenario);
bool CanShow(const Law& law, const Scene& scene);

// "gravity=0.5,onset=8,body=ball" parsed. `amount` is the law's default when none is given.
struct Sabotage {
  std::string law;
  double amount = 0.0;
  int onset_frame =
      -1;  // first frame that may differ; -1: the law's natural moment (after conditioning)
  std::string body;  // empty: the law's natural choice
  std::string mode;  // one of the law's modes; empty: the natural one
};
// A mode stands in the amount's place ("vanish=behind") or as an option ("vanish=0.5,mode=open").
// Throws UsageError naming the part that is wrong.
Sabotage ParseSabotage(std::string_view text);
std::string ToString(const Sabotage& sabotage);

}  // namespace plumb
