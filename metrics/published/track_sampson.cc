// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/track_sampson.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "core/check.h"
#include "core/statistics.h"
#include "metrics/geometry/tracks.h"
#include "metrics/published/frame_matches.h"
#include "metrics/published/sampson.h"

namespace plumb {
namespace {

const double kCanvasDiagonal_px = std::hypot(960.0, 540.0);

// The tracks that both frames see, in pixels of the canvas.
std::vector<PointMatch> MatchesOfTracks(const TrackSet& set, int first, int second) {
  const double scale = kCanvasDiagonal_px / std::hypot(set.width, set.height);
  std::vector<PointMatch> matches;
  for (const int index : CommonTracks(set, first, second)) {
    const Track& track = set.tracks[index];
    matches.push_back({scale * track.At(first), scale * track.At(second), true});
  }
  return matches;
}

struct PairError {
  double mean_error = 0.0;
  double keep_ratio = 0.0;
};

std::optional<PairError> MeasurePair(std::vector<PointMatch> matches, double threshold_px) {
  const size_t count = matches.size();
  if (!RansacFundamental(matches, threshold_px)) return std::nullopt;
  std::erase_if(matches, [](const PointMatch& match) { return !match.inlier; });
  const auto fitted = EightPointMatrix(matches);
  if (!fitted) return std::nullopt;
  const NamedValues found =
      Sampson(matches, fitted, {.min_matches = 1, .inlier_px = threshold_px, .eps = 0.0});
  const NamedValue* error = found.Find("given_F/mean_error");
  if (error == nullptr || !error->value) return std::nullopt;
  return PairError{*error->value, static_cast<double>(matches.size()) / static_cast<double>(count)};
}

}  // namespace

NamedValues TrackSampson(const Video& video,
                         const TrackSampsonSettings& settings,
                         const Progress& progress) {
  PLUMB_CHECK(settings.interval >= 1, "interval {}", settings.interval);
  const TrackSet set = TrackPoints(video, TrackOptions{}, progress);
  NamedValues values;
  std::vector<double> errors, kept;
  int pairs = 0;
  for (int frame = 0; frame + settings.interval < set.num_frames();
       frame += settings.interval, ++pairs) {
    const auto matches = MatchesOfTracks(set, frame, frame + settings.interval);
    const std::string name = fmt::format("pair{}/", pairs);
    std::optional<PairError> found;
    if (static_cast<int>(matches.size()) >= std::max(8, settings.min_matches)) {
      found = MeasurePair(matches, settings.threshold_px);
    }
    if (found) {
      errors.push_back(found->mean_error);
      kept.push_back(found->keep_ratio);
      values.Add(name + "mean_error", found->mean_error);
      values.Add(name + "keep_ratio", found->keep_ratio);
    } else {
      const std::string reason =
          fmt::format("{} tracks lead there and give no matrix; {} are needed",
                      matches.size(),
                      settings.min_matches);
      values.AddUndefined(name + "mean_error", reason);
      values.AddUndefined(name + "keep_ratio", reason);
    }
    values.Add(name + "matches", static_cast<double>(matches.size()));
  }
  values.Add("pairs", pairs);
  values.Add("valid_pairs", static_cast<double>(errors.size()));
  if (errors.empty()) {
    const std::string reason = fmt::format("none of the {} pairs of frames has a matrix", pairs);
    values.AddUndefined("video/mean_error", reason);
    values.AddUndefined("video/keep_ratio", reason);
  } else {
    values.Add("video/mean_error", Mean(errors));
    values.Add("video/keep_ratio", Mean(kept));
  }
  return values;
}

}  // namespace plumb
