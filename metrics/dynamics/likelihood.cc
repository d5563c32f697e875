// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/likelihood.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/check.h"
#include "core/errors.h"
#include "core/statistics.h"
#include "metrics/pairing.h"

namespace plumb {
namespace {

constexpr int kLongestSide_px = 4096;  // the judge reduces further where it must

// The two clips of a pair, frame for frame.
struct JudgedPair {
  JudgedClip truth, sample;
};

JudgedPair PairOf(const PairedVideo& paired, int conditioning_frames) {
  const std::vector<FramePair>& pairs = paired.pairs;
  const double duration_s = pairs.back().time_s - pairs.front().time_s;
  const double fps = static_cast<double>(pairs.size() - 1) / duration_s;
  std::vector<int> frames;
  int known = 0;
  for (const FramePair& pair : pairs) {
    frames.push_back(pair.truth);
    known += pair.truth < conditioning_frames ? 1 : 0;
  }
  return {{Video(paired.truth_frames, fps), frames, known},
          {Video(paired.sample_frames, fps), frames, known}};
}

// 1 when the truth's losses are lower in the mean.
double IsPreferred(const std::vector<double>& differences) {
  return Mean(differences) > 0.0 ? 1.0 : 0.0;
}

Score Verdict(const LikelihoodInput& input, const LossCurve& truth, const LossCurve& sample) {
  PLUMB_CHECK(!truth.losses.empty() && truth.losses.size() == sample.losses.size() &&
                  truth.timesteps == sample.timesteps,
              "{} and {} losses",
              truth.losses.size(),
              sample.losses.size());
  std::vector<double> differences;
  for (size_t i = 0; i < truth.losses.size(); ++i) {
    differences.push_back(sample.losses[i] - truth.losses[i]);
  }
  const Interval interval = Bootstrap(differences, IsPreferred, {.seed = input.seed});
  Evidence evidence;
  evidence.details = {{"timesteps", truth.timesteps},
                      {"truth_losses", truth.losses},
                      {"sample_losses", sample.losses},
                      {"mean_difference", Mean(differences)}};
  return Score::Measured(
      LikelihoodScore(), interval.value, interval.low, interval.high, std::move(evidence));
}

Score Refused(ReasonCode code, const std::string& text) {
  return Score::NotMeasurable(LikelihoodScore(), {code, text});
}

}  // namespace

const ScoreInfo& LikelihoodScore() {
  static const ScoreInfo info = {
      .id = "dynamics.likelihood_preference",
      .unit = "won",
      .better = Direction::kNone,
      .version = 1,
      .summary = "1 when a native checkpoint finds the truth likelier than the sample, else 0"};
  return info;
}

Score MeasureLikelihood(const LikelihoodInput& input) {
  PLUMB_CHECK(input.sample != nullptr && input.judge != nullptr, "no sample or no judge");
  if (input.truth == nullptr) {
    return Refused(ReasonCode::kNoTruth,
                   "the truth that the sample is to be held against is unknown");
  }
  const PairedVideo paired =
      PairFrames(*input.sample, *input.truth, {.longest_side_px = kLongestSide_px});
  if (paired.pairs.size() < 2) {
    return Refused(ReasonCode::kTooFewFrames,
                   fmt::format("{} frames of sample and truth show the same time; two are needed",
                               paired.pairs.size()));
  }
  if (paired.sample_frames == paired.truth_frames) {
    return Refused(ReasonCode::kNoEvent, "the sample is the truth to the last pixel");
  }
  const JudgedPair pair = PairOf(paired, input.conditioning_frames);
  try {
    const LossCurve truth = input.judge(pair.truth);
    return Verdict(input, truth, input.judge(pair.sample));
  } catch (const UsageError& refusal) {
    return Refused(ReasonCode::kTooFewFrames, refusal.what());
  }
}

}  // namespace plumb
