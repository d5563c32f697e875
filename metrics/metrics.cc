// SPDX-License-Identifier: Apache-2.0
#include "metrics/metrics.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include <fmt/format.h>

#include "core/check.h"
#include "core/document.h"
#include "core/errors.h"

namespace plumb {
namespace {

struct Family {
  const char* name;
  const std::vector<ScoreInfo>& (*scores)();
  FamilyReport (*measure)(const MetricInput&, const Progress&);
};

constexpr std::array<Family, 3> kFamilies = {{
    {"geometry", GeometryScores, MeasureGeometry},
    {"permanence", PermanenceScores, MeasurePermanence},
    {"dynamics", DynamicsScores, MeasureDynamics},
}};

void CheckFamilies(const std::vector<std::string>& families) {
  std::vector<std::string> names;
  for (const Family& family : kFamilies) names.emplace_back(family.name);
  for (const std::string& asked : families) {
    if (std::find(names.begin(), names.end(), asked) != names.end()) continue;
    const std::string nearest = NearestName(asked, names);
    throw UsageError(
        fmt::format("unknown metric family '{}'{}; expected one of: {}",
                    asked,
                    nearest.empty() ? "" : fmt::format(", did you mean '{}'?", nearest),
                    fmt::join(names, ", ")));
  }
}

// A family that breaks costs its own scores and nothing else.
FamilyReport MeasureGuarded(const Family& family,
                            const MetricInput& input,
                            const Progress& progress) {
  std::string what;
  try {
    return family.measure(input, progress);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& failure) {
    what = failure.what();
  }
  FamilyReport report;
  for (const ScoreInfo& info : family.scores()) {
    report.scores.push_back(Score::NotMeasurable(info, {ReasonCode::kMetricFailed, what}));
  }
  return report;
}

}  // namespace

std::string_view MotionClassName(MotionClass motion_class) {
  constexpr std::array<std::string_view, 6> kNames = {
      "unknown", "static", "rotation", "parallax", "planar", "cut"};
  return kNames.at(static_cast<size_t>(motion_class));
}

std::string_view NeedName(Need need) {
  constexpr std::array<std::string_view, 6> kNames = {
      "video", "truth video", "masks", "states", "camera", "conditioning"};
  return kNames.at(static_cast<size_t>(need));
}

const std::vector<ScoreInfo>& AllScores() {
  static const std::vector<ScoreInfo> all = [] {
    std::vector<ScoreInfo> scores;
    for (const Family& family : kFamilies) {
      scores.insert(scores.end(), family.scores().begin(), family.scores().end());
    }
    return scores;
  }();
  return all;
}

std::vector<Need> NeedsOf(std::string_view score_id) {
  const auto has_id = [&](const ScoreInfo& info) { return info.id == score_id; };
  PLUMB_CHECK(
      std::any_of(AllScores().begin(), AllScores().end(), has_id), "no score '{}'", score_id);
  if (score_id.starts_with("geometry.")) {
    constexpr std::array<std::string_view, 4> kOfTheTruth = {"geometry.camera_rotation_error_deg",
                                                             "geometry.camera_translation_error",
                                                             "geometry.ate_m",
                                                             "geometry.rpe_m"};
    const bool compares =
        std::find(kOfTheTruth.begin(), kOfTheTruth.end(), score_id) != kOfTheTruth.end();
    return compares ? std::vector{Need::kVideo, Need::kCamera} : std::vector{Need::kVideo};
  }
  static const std::map<std::string_view, std::vector<Need>> more = {
      {"permanence.reacquired", {Need::kMasks}},
      {"dynamics.contact_frame_error", {Need::kMasks, Need::kStates, Need::kCamera}},
      {"dynamics.gravity_mps2", {Need::kMasks, Need::kStates, Need::kCamera}},
      {"dynamics.gravity_error", {Need::kMasks, Need::kStates, Need::kCamera}},
      {"dynamics.restitution", {Need::kMasks, Need::kStates, Need::kCamera}},
      {"dynamics.restitution_error", {Need::kMasks, Need::kStates, Need::kCamera}},
  };
  std::vector<Need> needs = {Need::kVideo, Need::kTruthVideo};
  const auto found = more.find(score_id);
  if (found != more.end()) needs.insert(needs.end(), found->second.begin(), found->second.end());
  return needs;
}

MetricReport Measure(const MetricInput& input,
                     const MetricSettings& settings,
                     const Progress& progress) {
  PLUMB_CHECK(input.sample != nullptr, "no sample");
  CheckFamilies(settings.families);
  MetricReport report;
  for (const Family& family : kFamilies) {
    const std::vector<std::string>& asked = settings.families;
    if (!asked.empty() && std::find(asked.begin(), asked.end(), family.name) == asked.end()) {
      continue;
    }
    progress.ThrowIfCancelled();
    const auto start = std::chrono::steady_clock::now();
    FamilyReport part = MeasureGuarded(family, input, progress);
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    report.seconds.emplace_back(family.name, spent.count());
    if (part.reconstruction) report.reconstruction = std::move(part.reconstruction);
    if (part.motion_class != MotionClass::kUnknown) report.motion_class = part.motion_class;
    std::move(part.scores.begin(), part.scores.end(), std::back_inserter(report.scores));
    for (std::string& note : part.notes) {
      if (std::find(report.notes.begin(), report.notes.end(), note) == report.notes.end()) {
        report.notes.push_back(std::move(note));
      }
    }
  }
  return report;
}

}  // namespace plumb
