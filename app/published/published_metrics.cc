// SPDX-License-Identifier: Apache-2.0
#include "app/published/published_metrics.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/published/colmap_files.h"
#include "app/published/internal_measure_request.h"
#include "app/published/plain_files.h"
#include "app/published/reconstruction_metric.h"
#include "app/video_io.h"
#include "core/errors.h"
#include "core/nearest_name.h"
#include "metrics/published/camera_path.h"
#include "metrics/published/gvgc.h"
#include "metrics/published/sampson.h"
#include "metrics/published/track_sampson.h"
#include "metrics/published/trajectory_error.h"
#include "metrics/published/tsed.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

template <typename Value>
void AddOnce(std::vector<Value>& values, Value value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

// --- trajectory ---

// "10" or "10_all".
std::optional<PoseDelta> DeltaFrom(std::string text) {
  PoseDelta delta;
  delta.all_pairs = text.ends_with("_all");
  if (delta.all_pairs) text.resize(text.size() - 4);
  const auto frames = NumberIn(text);
  if (!frames || *frames != std::floor(*frames) || *frames > 1e9) return std::nullopt;
  delta.frames = static_cast<int>(*frames);
  return delta;
}

void AddDelta(std::vector<PoseDelta>& deltas, const PoseDelta& delta) {
  const bool known = std::any_of(deltas.begin(), deltas.end(), [&](const PoseDelta& other) {
    return other.frames == delta.frames && other.all_pairs == delta.all_pairs;
  });
  if (!known) deltas.push_back(delta);
}

NamedValues MeasureTrajectory(const MeasureRequest& request) {
  TrajectorySettings settings;
  settings.max_time_difference_s =
      NumberSetting(request, "t_max_diff", settings.max_time_difference_s);
  if (request.settings.contains("deltas")) settings.deltas.clear();
  for (const std::string& text : ListSetting(request, "deltas")) {
    const auto delta = DeltaFrom(text);
    if (!delta) throw UsageError(fmt::format("delta '{}' is no '10' or '10_all'", text));
    AddDelta(settings.deltas, *delta);
  }
  for (const std::string& name : request.wanted) {
    const auto delta = DeltaFrom(Between(name, "/d", "/"));
    if (delta) AddDelta(settings.deltas, *delta);
  }
  const Trajectory truth = ReadTumTrajectory(PathOf(request, "truth"));
  const Trajectory estimate = ReadTumTrajectory(PathOf(request, "estimate"));
  return TrajectoryError(truth, estimate, settings);
}

CameraKind KindSetting(const MeasureRequest& request) {
  if (!request.settings.contains("camera")) return CameraKind::kAny;
  const Json& value = request.settings["camera"];
  if (value == "any") return CameraKind::kAny;
  if (value == "static") return CameraKind::kStatic;
  if (value == "yaw") return CameraKind::kYaw;
  if (value == "pan") return CameraKind::kPan;
  throw UsageError(
      fmt::format("setting 'camera' is {}; there are any, static, yaw and pan", value.dump()));
}

NamedValues MeasureCameraPath(const MeasureRequest& request) {
  CameraPathSettings settings;
  settings.kind = KindSetting(request);
  settings.max_time_difference_s =
      NumberSetting(request, "t_max_diff", settings.max_time_difference_s);
  return CameraPathError(ReadTumTrajectory(PathOf(request, "truth")),
                         ReadTumTrajectory(PathOf(request, "estimate")),
                         settings);
}

// --- matches ---

// [["matches.csv", "F.json"], …]; one such list alone is one pair.
// One of the two inputs, never both.
bool IsOfVideo(const MeasureRequest& request, const std::string& instead) {
  const bool has_video = request.inputs.contains("video");
  if (has_video != request.inputs.contains(instead)) return has_video;
  throw UsageError(fmt::format("one of the inputs video=FILE and {}=FILE is needed", instead));
}

NeighbourSearch SearchSetting(const MeasureRequest& request) {
  if (!request.settings.contains("matcher")) return NeighbourSearch::kExact;
  const Json& value = request.settings["matcher"];
  if (value == "exact") return NeighbourSearch::kExact;
  if (value == "flann") return NeighbourSearch::kFlann;
  throw UsageError(fmt::format("setting 'matcher' is {}; there are exact and flann", value.dump()));
}

NamedValues MeasureGvgc(const MeasureRequest& request) {
  if (IsOfVideo(request, "pairs")) {
    const GvgcVideoSettings settings = {.interval = CountSetting(request, "interval", 60),
                                        .search = SearchSetting(request)};
    return GvgcOfVideo(ReadVideo(PathOf(request, "video")).video, settings, {});
  }
  Json pairs = request.inputs.at("pairs");
  if (pairs.is_array() && !pairs.empty() && !pairs.front().is_array()) pairs = Json::array({pairs});
  if (!pairs.is_array() || pairs.empty()) {
    throw UsageError("input 'pairs' is no list of 'matches.csv,F.json'");
  }
  std::vector<MatchedPair> matched;
  for (const Json& pair : pairs) {
    if (!pair.is_array() || pair.size() != 2) {
      throw UsageError("input 'pairs': each pair is two files, 'matches.csv,F.json'");
    }
    MatchedPair& next = matched.emplace_back();
    next.matches = ReadPointMatches(PathFrom(request, pair[0], "pairs"));
    next.fundamental = ReadFundamentalMatrix(PathFrom(request, pair[1], "pairs"));
  }
  return Gvgc(matched);
}

// Of the two forms of a video's error: on SIFT matches, or on tracks.
bool OnTracks(const MeasureRequest& request) {
  if (!request.settings.contains("form")) return false;
  const Json& value = request.settings["form"];
  if (value == "sift") return false;
  if (value != "tracks") {
    throw UsageError(fmt::format("setting 'form' is {}; there are sift and tracks", value.dump()));
  }
  if (request.inputs.contains("video")) return true;
  throw UsageError("setting 'form' is of a video: the input video=FILE is needed");
}

NamedValues MeasureSampson(const MeasureRequest& request) {
  if (OnTracks(request)) {
    TrackSampsonSettings settings;
    settings.interval = CountSetting(request, "interval", settings.interval);
    settings.min_matches = CountSetting(request, "min_matches", settings.min_matches);
    return TrackSampson(ReadVideo(PathOf(request, "video")).video, settings, {});
  }
  SampsonSettings settings;
  settings.min_matches = CountSetting(request, "min_matches", settings.min_matches);
  settings.inlier_px = NumberSetting(request, "inlier_px", settings.inlier_px);
  settings.eps = NumberSetting(request, "eps", settings.eps);
  if (IsOfVideo(request, "matches")) {
    return SampsonOfVideo(ReadVideo(PathOf(request, "video")).video, settings, {});
  }
  std::optional<Eigen::Matrix3d> fundamental;
  if (request.inputs.contains("F")) fundamental = ReadFundamentalMatrix(PathOf(request, "F"));
  return Sampson(ReadPointMatches(PathOf(request, "matches")), fundamental, settings);
}

// --- reconstructions ---

NamedValues MeasureTsed(const MeasureRequest& request) {
  TsedSettings settings;
  for (const std::string& name : request.wanted) {
    const auto error_px = NumberIn(Between(name, "/te", "_tm"));
    const auto matches = NumberIn(Between(name, "_tm", ""));
    if (error_px) AddOnce(settings.error_px, *error_px);
    if (matches && *matches < 1e9) {
      AddOnce(settings.min_matches, static_cast<int>(std::ceil(*matches)));
    }
  }
  const double size_px = NumberSetting(request, "size", 256);
  const fs::path poses = PathOf(request, "poses");
  const CameraPathFile path = ReadCameraPathFile(poses);
  const auto matches = MatchesOfNeighbours(PathOf(request, "database"));
  const size_t pictures = matches.empty() ? 0 : matches.size() + 1;
  if (pictures > path.world_from_camera.size()) {
    throw InputError(
        poses.string(),
        fmt::format(
            "has {} poses, the database {} pictures", path.world_from_camera.size(), pictures));
  }
  // Poses beyond the last picture are never looked at, as in the published program.
  const auto first = path.world_from_camera.begin();
  return Tsed({first, first + static_cast<std::ptrdiff_t>(pictures)},
              matches,
              {path.focal_y * size_px, NumberSetting(request, "principal_point", size_px / 2)},
              settings);
}

NamedValues MeasureSparseModel(const MeasureRequest& request) {
  const SparseModel model = ReadSparseModel(PathOf(request, "model"));
  return SparseModelValues(model, PicturesOfDatabase(PathOf(request, "database")));
}

// --- checks ---

bool Names(const std::vector<PublishedMetric::Key>& keys, const std::string& name) {
  return std::any_of(keys.begin(), keys.end(), [&](const auto& key) { return key.name == name; });
}

[[noreturn]] void FailUnknown(const std::string& what,
                              const std::string& name,
                              const std::vector<PublishedMetric::Key>& keys) {
  std::vector<std::string> names;
  for (const auto& key : keys) names.push_back(key.name);
  if (names.empty()) throw UsageError(fmt::format("unknown {} '{}'; there is none", what, name));
  throw UsageError(fmt::format("unknown {} '{}'; did you mean '{}'? There are: {}",
                               what,
                               name,
                               NearestName(name, names),
                               fmt::join(names, ", ")));
}

}  // namespace

const std::vector<PublishedMetric>& PublishedMetrics() {
  static const std::vector<PublishedMetric> metrics = {
      {"trajectory",
       1,
       "absolute and relative pose error of a path (evo's ape and rpe)",
       {{"truth", "TUM file of the true path"}, {"estimate", "TUM file of the path to judge"}},
       {{"t_max_diff", "seconds between poses that belong together (0.01)"},
        {"deltas", "frames between the poses of RPE, _all for overlapping pairs (1,10,10_all)"}},
       MeasureTrajectory},
      {"camera_path",
       1,
       "camera control: WorldScore's (arXiv 2504.00983), MemoBench's and WRBench's D1 form",
       {{"truth", "TUM file of the path that was asked for"},
        {"estimate", "TUM file of the path that was found"}},
       {{"t_max_diff", "seconds between poses that belong together (0.01)"},
        {"camera", "any, static, yaw or pan: what WRBench's D1 was asked for (any)"}},
       MeasureCameraPath},
      {"gvgc",
       1,
       "distance of matches from their epipolar lines, share that is kept (arXiv 2402.17403)",
       {{"pairs", "optional: matches.csv,F.json of one frame pair; again for each pair"},
        {"video", "optional, instead: a video, whose frames are matched"}},
       {{"interval", "frames between the two of a pair, of a video (60)"},
        {"matcher", "exact, or flann as published, of a video (exact)"}},
       MeasureGvgc},
      {"tsed",
       1,
       "share of neighbouring frames whose matches agree with the camera path (arXiv 2304.10700)",
       {{"database", "COLMAP's database.db with keypoints and raw matches"},
        {"poses", "JSON: poses (camera to world, y up, z backward) and focal_y"}},
       {{"size", "side of the square pictures in pixels (256)"},
        {"principal_point", "of both axes in pixels (half the side)"}},
       MeasureTsed},
      {"sampson",
       1,
       "Sampson error of matches to a given and to the eight-point matrix (arXiv 2510.21615)",
       {{"matches", "optional: CSV with x1,y1,x2,y2"},
        {"F", "optional: JSON with the matrix F"},
        {"video", "optional, instead: a video, whose frames are matched"}},
       {{"min_matches", "fewer give no value (20)"},
        {"inlier_px", "largest error of an inlier (5)"},
        {"eps", "added to the squared error (1e-8)"},
        {"form", "of a video: sift, or tracks on a 960x540 canvas after Cosmos (sift)"},
        {"interval", "frames between the two of a pair, of tracks (15)"}},
       MeasureSampson},
      {"syscon3d_sparse",
       1,
       "registration rate and angular coverage of a sparse model (arXiv 2605.18754)",
       {{"model", "folder with images and points3D, .bin or .txt, or with such folders"},
        {"database", "COLMAP's database.db, which names what was attempted"}},
       {},
       MeasureSparseModel},
      ReconstructionMetric()};
  return metrics;
}

const PublishedMetric& PublishedMetricNamed(const std::string& name) {
  std::vector<std::string> names;
  for (const PublishedMetric& metric : PublishedMetrics()) {
    if (metric.name == name) return metric;
    names.push_back(metric.name);
  }
  throw UsageError(fmt::format("unknown metric '{}'; did you mean '{}'? There are: {}",
                               name,
                               NearestName(name, names),
                               fmt::join(names, ", ")));
}

void CheckInputs(const PublishedMetric& metric, const Json& inputs) {
  for (const auto& [name, value] : inputs.items()) {
    if (!Names(metric.inputs, name)) FailUnknown("input of " + metric.name, name, metric.inputs);
  }
  for (const PublishedMetric::Key& key : metric.inputs) {
    if (inputs.contains(key.name) || key.about.starts_with("optional")) continue;
    throw UsageError(
        fmt::format("{} needs the input {}=FILE: {}", metric.name, key.name, key.about));
  }
}

void CheckSettings(const PublishedMetric& metric, const Json& settings) {
  for (const auto& [name, value] : settings.items()) {
    if (!Names(metric.settings, name)) {
      FailUnknown("setting of " + metric.name, name, metric.settings);
    }
  }
}

}  // namespace plumb
