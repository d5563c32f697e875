// SPDX-License-Identifier: Apache-2.0
#include "scenes/nuisances.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/errors.h"
#include "core/seed.h"
#include "scenes/nuisances/internal_nuisances.h"

namespace plumb {
namespace {

// Fewer frames a second over the same time; each new one is the nearest old one at or before it.
Video Thinned(const Video& video, double factor) {
  const double fps = factor * video.fps();
  std::vector<Image> frames;
  std::vector<double> times_s;
  const double end_s = video.times_s().back();
  for (int k = 0; k / fps <= end_s + 1e-9; ++k) {
    const auto& times = video.times_s();
    const auto next = std::upper_bound(times.begin(), times.end(), k / fps + 1e-9);
    frames.push_back(video.frame(static_cast<int>(next - times.begin()) - 1));
    times_s.push_back(k / fps);
  }
  return {std::move(frames), fps, std::move(times_s)};
}

Image Changed(const Image& image, const NuisanceAmount& nuisance, Random& random) {
  const double amount = nuisance.amount;
  if (nuisance.id == "blur") return Blurred(image, amount);
  if (nuisance.id == "noise") return WithNoise(image, amount, random);
  if (nuisance.id == "grain") return WithGrain(image, amount, random);
  if (nuisance.id == "brightness") return Brightened(image, amount);
  if (nuisance.id == "jpeg") return Requantised(image, static_cast<int>(std::lround(100 - amount)));
  if (nuisance.id == "crop_border")
    return WithoutBorder(image, static_cast<int>(std::lround(amount)));
  if (nuisance.id == "resize") {
    const auto side = [&](int whole) {
      return std::max(8, static_cast<int>(std::lround(amount * whole)));
    };
    return AreaResized(image, side(image.width), side(image.height));
  }
  throw UsageError(fmt::format("nuisance '{}' is none of pictures", nuisance.id));
}

}  // namespace

Video WithNuisance(const Video& video, const NuisanceAmount& asked, uint64_t seed) {
  const Nuisance& nuisance = FindNuisance(asked.id);
  const NuisanceAmount checked = ParseNuisance(ToString(asked));
  if (checked.amount == nuisance.neutral) return video;
  if (nuisance.id == "fps") return Thinned(video, checked.amount);
  std::vector<Image> frames;
  for (int f = 0; f < video.num_frames(); ++f) {
    Random random(DeriveSeed(seed, nuisance.id, fmt::format("frame {}", f)));
    frames.push_back(Changed(video.frame(f), checked, random));
  }
  return {std::move(frames), video.fps(), video.times_s()};
}

}  // namespace plumb
