// SPDX-License-Identifier: Apache-2.0
// Does a generative model find the truth likelier than the sample? LikePhys (Yuan et al., ICLR
// 2026, arXiv 2510.11512): of a valid video and its invalid twin the one of lower denoising loss is
// preferred, the mean over evenly spaced noise levels, with noise shared in the pair. Over pairs
// the share in which the truth wins is one minus their plausibility preference error. The network
// stays outside: it is handed in as a function.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/score.h"
#include "core/video.h"

namespace plumb {

// One of the two videos as the judge gets it: both of one size, rate and length.
struct JudgedClip {
  Video video;
  std::vector<int> truth_frames;  // the frame of the truth that each frame stands for
  int known_frames = 0;           // first frames that were shown to whoever made the sample
};

struct LossCurve {
  std::vector<double> timesteps;  // noise levels, at least one
  std::vector<double> losses;     // as many
};

// Clips of one shape see the same noise. Throws UsageError when it can't take such a clip.
using DenoisingJudge = std::function<LossCurve(const JudgedClip& clip)>;

struct LikelihoodInput {
  const Video* sample = nullptr;  // never null
  const Video* truth = nullptr;   // null: unknown
  int conditioning_frames = 0;    // first frames of the truth that are known
  uint64_t seed = 0;              // of the bootstrap
  DenoisingJudge judge;
};

// "dynamics.likelihood_preference": 1 when the mean loss of the truth is below the sample's, else
// 0; the interval is that of the same verdict over resampled noise levels. Measured only when a
// judge is named, so it is not among AllScores(). It tells of judge and pair, not of the sample
// alone: neither way is better.
const ScoreInfo& LikelihoodScore();

// Frames are paired as for the other scores, and reduced to the smaller picture. Not measurable
// without a truth (kNoTruth), with fewer than two pairs or a clip that the judge can't take
// (kTooFewFrames, in the judge's words), or when the sample is the truth to the last pixel
// (kNoEvent).
Score MeasureLikelihood(const LikelihoodInput& input);

}  // namespace plumb
