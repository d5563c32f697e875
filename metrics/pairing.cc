// SPDX-License-Identifier: Apache-2.0
#include "metrics/pairing.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/check.h"

namespace plumb {
namespace {

// The mean time between frames; the nominal one when there is a single frame.
double FrameInterval(const Video& video) {
  const int n = video.num_frames();
  return n > 1 ? video.times_s().back() / (n - 1) : 1.0 / video.fps();
}

std::vector<FramePair> PairTimes(const Video& sample, const Video& truth) {
  const std::vector<int> nearest = NearestFrames(truth.times_s(), sample.times_s());
  const double reach_s = 0.5 * std::max(FrameInterval(sample), FrameInterval(truth)) + 1e-9;
  const auto distance = [&](const FramePair& pair) {
    return std::abs(pair.time_s - sample.times_s()[pair.sample]);
  };
  std::vector<FramePair> pairs;
  for (int f = 0; f < truth.num_frames(); ++f) {
    const FramePair pair{f, nearest[f], truth.times_s()[f]};
    if (distance(pair) > reach_s) continue;
    if (pairs.empty() || pairs.back().sample != pair.sample) {
      pairs.push_back(pair);
    } else if (distance(pair) < distance(pairs.back())) {
      pairs.back() = pair;
    }
  }
  return pairs;
}

void ChooseSize(const Video& sample,
                const Video& truth,
                const PairingOptions& options,
                PairedVideo& paired) {
  const int width = std::min(sample.width(), truth.width());
  const int height = std::min(sample.height(), truth.height());
  const double scale =
      std::min(1.0, static_cast<double>(options.longest_side_px) / std::max(width, height));
  paired.width = std::max(1, static_cast<int>(std::lround(width * scale)));
  paired.height = std::max(1, static_cast<int>(std::lround(height * scale)));
  paired.sample_px_per_px_x = static_cast<double>(sample.width()) / paired.width;
  paired.sample_px_per_px_y = static_cast<double>(sample.height()) / paired.height;
}

std::vector<std::string> DescribePairing(const Video& sample,
                                         const Video& truth,
                                         const PairedVideo& paired) {
  std::vector<std::string> notes;
  const auto describe = [&](const char* what, const Video& video) {
    if (video.width() == paired.width && video.height() == paired.height) return;
    notes.push_back(fmt::format("{} area-resized from {}x{} to {}x{}",
                                what,
                                video.width(),
                                video.height(),
                                paired.width,
                                paired.height));
  };
  describe("sample", sample);
  describe("truth", truth);
  const int count = static_cast<int>(paired.pairs.size());
  if (count != sample.num_frames() || count != truth.num_frames()) {
    notes.push_back(
        fmt::format("{} of {} truth frames paired with the nearest in time of {} sample frames "
                    "({:.4g} and {:.4g} frames per second)",
                    count,
                    truth.num_frames(),
                    sample.num_frames(),
                    truth.fps(),
                    sample.fps()));
  }
  return notes;
}

}  // namespace

void PairingOptions::Validate() const {
  PLUMB_CHECK(longest_side_px > 0, "longest_side_px {}", longest_side_px);
}

PairedVideo PairFrames(const Video& sample, const Video& truth, const PairingOptions& options) {
  options.Validate();
  PairedVideo paired;
  ChooseSize(sample, truth, options, paired);
  paired.pairs = PairTimes(sample, truth);
  for (const FramePair& pair : paired.pairs) {
    paired.truth_frames.push_back(
        AreaResized(truth.frame(pair.truth), paired.width, paired.height));
    paired.sample_frames.push_back(
        AreaResized(sample.frame(pair.sample), paired.width, paired.height));
  }
  paired.truth_frames_unpaired = truth.num_frames() - static_cast<int>(paired.pairs.size());
  paired.notes = DescribePairing(sample, truth, paired);
  return paired;
}

std::vector<int> EvenlyChosen(int total, int wanted) {
  PLUMB_CHECK(total >= 0 && wanted > 0, "{} of {} frames", wanted, total);
  const int64_t count = std::min(total, wanted);
  std::vector<int> chosen;
  for (int64_t i = 0; i < count; ++i) {
    chosen.push_back(count == 1 ? 0 : static_cast<int>(i * (total - 1) / (count - 1)));
  }
  return chosen;
}

}  // namespace plumb
