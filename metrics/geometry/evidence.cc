// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/evidence.h"

#include <algorithm>
#include <cmath>

#include "core/statistics.h"
#include "metrics/pairing.h"

namespace plumb {
namespace {

constexpr int kMaxTracks = 240;
constexpr size_t kMaxFrames = 8;
constexpr double kOffendingAgreement = 0.75;  // frames below are named

// Two decimals are finer than any of these numbers is known; they keep the stored evidence small.
double Short(double value) { return std::round(value * 100.0) / 100.0; }

Json PerFrameJson(const TrackSet& set,
                  const std::vector<FrameAgreement>& frames,
                  int sample_frames) {
  Json values = Json::array();
  for (int i = 0; i < sample_frames; ++i) values.push_back(nullptr);
  for (size_t i = 0; i < frames.size(); ++i) {
    if (frames[i].residual_px) values[set.frames[i]] = Short(*frames[i].residual_px);
  }
  Json json;
  json["name"] = "residual of held-out tracks";
  json["unit"] = "px";
  json["values"] = std::move(values);
  return json;
}

Json TrackJson(const TrackSet& set, const ScoredTrack& scored) {
  const Track& track = set.tracks[scored.track];
  Json points = Json::array();
  for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
    const Eigen::Vector2d point = track.At(frame) * set.sample_scale;
    points.push_back(Json::array({set.frames[frame], Short(point.x()), Short(point.y())}));
  }
  Json json;
  json["ok"] = scored.Agreement() >= 0.5;
  json["points"] = std::move(points);
  return json;
}

std::vector<int> WorstFrames(const TrackSet& set, const std::vector<FrameAgreement>& frames) {
  std::vector<std::pair<double, int>> worst;
  for (size_t i = 0; i < frames.size(); ++i) {
    if (frames[i].agreement && *frames[i].agreement < kOffendingAgreement) {
      worst.emplace_back(*frames[i].agreement, set.frames[i]);
    }
  }
  std::sort(worst.begin(), worst.end());
  if (worst.size() > kMaxFrames) worst.resize(kMaxFrames);
  std::vector<int> indices;
  for (const auto& [agreement, frame] : worst) indices.push_back(frame);
  return indices;
}

}  // namespace

std::vector<FrameAgreement> PerFrame(const TrackSet& set, const std::vector<ScoredTrack>& tracks) {
  std::vector<std::vector<double>> agreement(set.num_frames());
  std::vector<std::vector<double>> residuals(set.num_frames());
  for (const ScoredTrack& track : tracks) {
    for (const ScoredSighting& sighting : track.sightings) {
      agreement[sighting.frame].push_back(sighting.agreement);
      if (!sighting.residual_px) continue;
      residuals[sighting.frame].push_back(*sighting.residual_px * set.sample_scale);
    }
  }
  std::vector<FrameAgreement> frames(set.num_frames());
  for (int i = 0; i < set.num_frames(); ++i) {
    if (!agreement[i].empty()) frames[i].agreement = Mean(agreement[i]);
    if (!residuals[i].empty()) frames[i].residual_px = Median(residuals[i]);
  }
  return frames;
}

Evidence ConsistencyEvidence(const TrackSet& set,
                             const std::vector<ScoredTrack>& tracks,
                             int sample_frames) {
  const std::vector<FrameAgreement> frames = PerFrame(set, tracks);
  Evidence evidence;
  evidence.frames = WorstFrames(set, frames);
  evidence.details["per_frame"] = PerFrameJson(set, frames, sample_frames);
  Json shown = Json::array();
  if (!tracks.empty()) {
    for (const int i : EvenlyChosen(static_cast<int>(tracks.size()), kMaxTracks)) {
      shown.push_back(TrackJson(set, tracks[i]));
    }
  }
  evidence.details["tracks"] = std::move(shown);
  return evidence;
}

}  // namespace plumb
