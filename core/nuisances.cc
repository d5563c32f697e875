// SPDX-License-Identifier: Apache-2.0
#include "core/nuisances.h"

#include <charconv>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "core/document.h"
#include "core/errors.h"

namespace plumb {
namespace {

constexpr std::array<Nuisance, 9> kTable = {{
    {"reencode",
     "crf",
     0.0,
     23.0,
     {8.0, 18.0, 23.0, 28.0, 33.0},
     0.0,
     51.0,
     "the video goes once through H.264 (yuv420p, BT.709) at this constant rate factor; 0: not"},
    {"blur",
     "px",
     0.0,
     0.7,
     {0.4, 0.55, 0.7, 1.0, 1.5},
     0.0,
     20.0,
     "a Gaussian of this standard deviation softens every frame"},
    {"noise",
     "levels",
     0.0,
     3.0,
     {1.0, 2.0, 3.0, 5.0, 8.0},
     0.0,
     64.0,
     "each byte of each frame gets normal noise of this standard deviation"},
    {"brightness",
     "factor",
     1.0,
     1.1,
     {1.02, 1.05, 1.1, 1.2, 1.3},
     0.0,
     4.0,
     "all levels times the amount, the same in every frame"},
    {"resize",
     "factor",
     1.0,
     0.75,
     {0.95, 0.9, 0.75, 0.6, 0.5},
     0.1,
     1.0,
     "width and height times the amount, by area averaging"},
    {"grain",
     "levels",
     0.0,
     3.0,
     {1.0, 2.0, 3.0, 5.0, 8.0},
     0.0,
     64.0,
     "grey film grain a pixel and a half wide, of this standard deviation, new in every frame"},
    {"fps",
     "factor",
     1.0,
     0.75,
     {0.95, 0.9, 0.75, 0.6, 0.5},
     0.1,
     1.0,
     "the rate of frames times the amount: for each new moment the nearest frame before it"},
    {"crop_border",
     "px",
     0.0,
     2.0,
     {1.0, 2.0, 3.0, 4.0, 6.0},
     0.0,
     64.0,
     "so many rows and columns are cut off at each border"},
    {"jpeg",
     "100 - quality",
     0.0,
     20.0,
     {5.0, 10.0, 20.0, 40.0, 60.0},
     0.0,
     99.0,
     "each frame is quantised as a JPEG picture of quality 100 less the amount; 0: not"},
}};

}  // namespace

std::span<const Nuisance> AllNuisances() { return kTable; }

const Nuisance& FindNuisance(std::string_view id) {
  std::vector<std::string> names;
  for (const Nuisance& nuisance : kTable) {
    if (nuisance.id == id) return nuisance;
    names.emplace_back(nuisance.id);
  }
  const std::string nearest = NearestName(id, names);
  throw UsageError(fmt::format("unknown nuisance '{}'{}; expected one of: {}",
                               id,
                               nearest.empty() ? "" : fmt::format(", did you mean '{}'?", nearest),
                               fmt::join(names, ", ")));
}

NuisanceAmount ParseNuisance(std::string_view text) {
  const size_t equals = text.find('=');
  const Nuisance& nuisance = FindNuisance(text.substr(0, equals));
  NuisanceAmount result{std::string(nuisance.id), nuisance.default_amount};
  if (equals == text.npos) return result;
  const std::string_view number = text.substr(equals + 1);
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), result.amount);
  if (error != std::errc() || end != number.data() + number.size() ||
      !std::isfinite(result.amount)) {
    throw UsageError(fmt::format("nuisance '{}': '{}' is no number", text, number));
  }
  if (result.amount < nuisance.low || result.amount > nuisance.high) {
    throw UsageError(fmt::format("nuisance '{}': the amount is {}, expected {} to {}",
                                 nuisance.id,
                                 result.amount,
                                 nuisance.low,
                                 nuisance.high));
  }
  return result;
}

std::string ToString(const NuisanceAmount& nuisance) {
  return fmt::format("{}={}", nuisance.id, nuisance.amount);
}

}  // namespace plumb
