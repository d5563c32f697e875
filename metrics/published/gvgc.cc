// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/gvgc.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "core/check.h"
#include "core/statistics.h"

namespace plumb {
namespace {

std::vector<double> InlierErrors(const MatchedPair& pair) {
  std::vector<double> errors;
  if (!pair.fundamental) return errors;
  for (const PointMatch& match : pair.matches) {
    if (!match.inlier) continue;
    errors.push_back(
        DistanceToLine(*pair.fundamental * match.first_px.homogeneous(), match.second_px));
  }
  return errors;
}

double RootMeanSquare(std::vector<double> values) {
  for (double& value : values) value *= value;
  return std::sqrt(Mean(values));
}

void AddErrors(const std::string& name, const MatchedPair& pair, NamedValues& to) {
  const std::vector<double> errors = InlierErrors(pair);
  if (errors.empty()) {
    const std::string reason =
        pair.fundamental ? "no match is an inlier" : "no fundamental matrix was found";
    for (const char* error : {"/mean", "/median", "/rmse", "/mae"}) {
      to.AddUndefined(name + error, reason);
    }
    return;
  }
  to.Add(name + "/mean", Mean(errors));
  to.Add(name + "/median", Median(errors));
  to.Add(name + "/rmse", RootMeanSquare(errors));
  to.Add(name + "/mae", Mean(errors));
}

void AddCounts(const std::string& name, const MatchedPair& pair, NamedValues& to) {
  const auto matches = static_cast<double>(pair.matches.size());
  if (!pair.fundamental) {
    to.AddUndefined(name + "/keep_ratio", "no fundamental matrix was found");
    to.AddUndefined(name + "/inliers", "no fundamental matrix was found");
  } else {
    const auto inliers = static_cast<double>(
        std::count_if(pair.matches.begin(), pair.matches.end(), [](const PointMatch& match) {
          return match.inlier;
        }));
    if (pair.matches.empty()) {
      to.AddUndefined(name + "/keep_ratio", "there are no matches");
    } else {
      to.Add(name + "/keep_ratio", inliers / matches);
    }
    to.Add(name + "/inliers", inliers);
  }
  to.Add(name + "/matches", matches);
}

// A value of all pairs, through `statistic`; undefined as soon as one pair has none.
void AddOverPairs(const std::string& of_pair,
                  const std::string& name,
                  double (*statistic)(std::vector<double>),
                  size_t pairs,
                  NamedValues& to) {
  std::vector<double> values;
  for (size_t i = 0; i < pairs; ++i) {
    const NamedValue* value = to.Find(fmt::format("pair{}/{}", i, of_pair));
    if (!value->value) {
      return to.AddUndefined("video/" + name, fmt::format("pair {}: {}", i, value->reason));
    }
    values.push_back(*value->value);
  }
  to.Add("video/" + name, statistic(std::move(values)));
}

double MeanOf(std::vector<double> values) { return Mean(values); }

// The program looks at this frame last.
constexpr int kLastFrame = 70;
constexpr double kRansac_px = 3.0;

NamedValues TooShort(const Video& video, int interval) {
  NamedValues values;
  values.Add("pairs", 0);
  for (const char* name :
       {"mean_error", "median_error", "rmse", "mae", "keep_ratio", "inliers", "matches"}) {
    values.AddUndefined(
        std::string("video/") + name,
        fmt::format("{} frames have no two that are {} apart", video.num_frames(), interval));
  }
  return values;
}

}  // namespace

NamedValues Gvgc(const std::vector<MatchedPair>& pairs) {
  PLUMB_CHECK(!pairs.empty(), "no frame pair");
  NamedValues values;
  for (size_t i = 0; i < pairs.size(); ++i) {
    AddErrors(fmt::format("pair{}", i), pairs[i], values);
    AddCounts(fmt::format("pair{}", i), pairs[i], values);
  }
  AddOverPairs("mean", "mean_error", MeanOf, pairs.size(), values);
  AddOverPairs("median", "median_error", Median, pairs.size(), values);
  AddOverPairs("rmse", "rmse", RootMeanSquare, pairs.size(), values);
  AddOverPairs("mae", "mae", MeanOf, pairs.size(), values);
  AddOverPairs("keep_ratio", "keep_ratio", MeanOf, pairs.size(), values);
  AddOverPairs("inliers", "inliers", MeanOf, pairs.size(), values);
  AddOverPairs("matches", "matches", MeanOf, pairs.size(), values);
  return values;
}

NamedValues GvgcOfVideo(const Video& video,
                        const GvgcVideoSettings& settings,
                        const Progress& progress) {
  PLUMB_CHECK(settings.interval >= 1, "an interval of {} frames", settings.interval);
  const int end = std::min(kLastFrame, video.num_frames() - 1) - settings.interval + 1;
  if (end < 1) return TooShort(video, settings.interval);
  const FrameMatchSettings matching = {
      .width = 1280, .height = 720, .max_keypoints = 40000, .search = settings.search};
  std::vector<MatchedPair> pairs;
  for (int i = 0; i < end; ++i) {
    progress.ThrowIfCancelled();
    progress.Report("matching", i, end);
    MatchedPair& pair = pairs.emplace_back();
    pair.matches = MatchFrames(video.frame(i), video.frame(i + settings.interval), matching);
    pair.fundamental = RansacFundamental(pair.matches, kRansac_px);
  }
  NamedValues values;
  values.Add("pairs", static_cast<double>(pairs.size()));
  values.Append(Gvgc(pairs));
  return values;
}

}  // namespace plumb
