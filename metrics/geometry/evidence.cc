// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/evidence.h"

#include <algorithm>
#include <cmath>

#include "core/statistics.h"
#include "metrics/geometry/heat_map.h"
#include "metrics/geometry/worst_pair.h"
#include "metrics/pairing.h"

namespace plumb {
namespace {

constexpr int kMaxTracks = 240;
constexpr size_t kMaxFrames = 8;
constexpr size_t kMappedFrames = 3;
constexpr int kApartShare = 12;          // mapped frames are this part of the clip from each other
constexpr double kMapSpreadCells = 1.5;  // of one frame, which has fewer sightings
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

// Tracked frames to be mapped on their own: those that agree least, not all from one moment.
std::vector<int> MappedFrames(const std::vector<FrameAgreement>& frames) {
  std::vector<std::pair<double, int>> worst;
  for (size_t i = 0; i < frames.size(); ++i) {
    if (frames[i].residual_px) worst.emplace_back(*frames[i].agreement, static_cast<int>(i));
  }
  std::sort(worst.begin(), worst.end());
  const int apart = std::max(1, static_cast<int>(frames.size()) / kApartShare);
  std::vector<int> mapped;
  for (const auto& [agreement, frame] : worst) {
    const bool near = std::any_of(mapped.begin(), mapped.end(), [&, at = frame](int other) {
      return std::abs(at - other) < apart;
    });
    if (!near && mapped.size() < kMappedFrames) mapped.push_back(frame);
  }
  return mapped;
}

// Over all frames first ("frame" is null), then of the worst ones. None without residuals.
Json HeatMaps(const TrackSet& set, const WorldFit& fit, const std::vector<FrameAgreement>& frames) {
  Json maps = Json::array();
  const std::vector<int> mapped = MappedFrames(frames);
  if (mapped.empty()) return maps;
  maps.push_back(ToJson(MakeHeatMap(set, fit.tracks, std::nullopt)));
  maps.back()["frame"] = nullptr;
  for (const int frame : mapped) {
    maps.push_back(ToJson(MakeHeatMap(set, fit.tracks, frame, {.spread_cells = kMapSpreadCells})));
    maps.back()["frame"] = set.frames[frame];
  }
  return maps;
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

Evidence ConsistencyEvidence(const TrackSet& set, const WorldFit& fit, int sample_frames) {
  const std::vector<ScoredTrack>& tracks = fit.tracks;
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
  Json maps = HeatMaps(set, fit, frames);
  if (!maps.empty()) evidence.details["heat_maps"] = std::move(maps);
  if (const auto pair = FindWorstPair(set, fit)) {
    evidence.details["worst_pair"] = ToJson(*pair, set);
  }
  return evidence;
}

}  // namespace plumb
