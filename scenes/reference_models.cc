// SPDX-License-Identifier: Apache-2.0
#include "scenes/reference_models.h"

#include <algorithm>
#include <vector>

#include "core/check.h"
#include "core/seed.h"

namespace plumb {
namespace {

void CheckCount(const Video& truth, int conditioning_frames) {
  PLUMB_CHECK(conditioning_frames >= 0 && conditioning_frames <= truth.num_frames(),
              "{} conditioning frames of {}",
              conditioning_frames,
              truth.num_frames());
}

Video WithFrames(const Video& truth, std::vector<Image> frames) {
  return {std::move(frames), truth.fps(), truth.times_s()};
}

}  // namespace

Video FrozenVideo(const Video& truth, int conditioning_frames) {
  CheckCount(truth, conditioning_frames);
  const Image& last = truth.frame(std::max(0, conditioning_frames - 1));
  std::vector<Image> frames = truth.frames();
  std::fill(frames.begin() + conditioning_frames, frames.end(), last);
  return WithFrames(truth, std::move(frames));
}

Video NoiseVideo(const Video& truth, int conditioning_frames, uint64_t seed) {
  CheckCount(truth, conditioning_frames);
  Random random(DeriveSeed(seed, "noise", "pixels"));
  std::vector<Image> frames = truth.frames();
  for (size_t f = conditioning_frames; f < frames.size(); ++f) {
    for (uint8_t& value : frames[f].rgb) value = static_cast<uint8_t>(random.NextBits() >> 56);
  }
  return WithFrames(truth, std::move(frames));
}

Video ReversedVideo(const Video& truth, int conditioning_frames) {
  CheckCount(truth, conditioning_frames);
  std::vector<Image> frames = truth.frames();
  std::reverse(frames.begin() + conditioning_frames, frames.end());
  return WithFrames(truth, std::move(frames));
}

Video ShuffledVideo(const Video& truth, int conditioning_frames, uint64_t seed) {
  CheckCount(truth, conditioning_frames);
  const int count = truth.num_frames() - conditioning_frames;
  Random random(DeriveSeed(seed, "shuffle", "order"));
  std::vector<int> order(count);
  for (int i = 0; i < count; ++i) order[i] = i;
  // Sattolo's algorithm: one single cycle, so no frame keeps its place.
  for (int i = count - 1; i > 0; --i) std::swap(order[i], order[random.Index(i)]);
  std::vector<Image> frames = truth.frames();
  for (int i = 0; i < count; ++i) {
    frames[conditioning_frames + i] = truth.frame(conditioning_frames + order[i]);
  }
  return WithFrames(truth, std::move(frames));
}

}  // namespace plumb
