// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/trajectory_error.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/check.h"
#include "core/statistics.h"
#include "metrics/published/pose_pairs.h"
#include "metrics/published/similarity.h"

namespace plumb {
namespace {

// --- alignments ---

std::vector<Eigen::Vector3d> Positions(const std::vector<Rigid3>& poses) {
  std::vector<Eigen::Vector3d> positions;
  for (const Rigid3& pose : poses) positions.push_back(pose.translation);
  return positions;
}

// Scales the positions, then moves the poses.
std::vector<Rigid3> Moved(const std::vector<Rigid3>& poses, double scale, const Rigid3& by) {
  std::vector<Rigid3> moved;
  for (const Rigid3& pose : poses) {
    moved.push_back(by * Rigid3(pose.rotation, scale * pose.translation));
  }
  return moved;
}

struct Alignment {
  std::string name;
  // The estimate as it is compared; empty when the positions do not fix a rotation.
  std::function<std::optional<std::vector<Rigid3>>(const PosePairs&)> align;
};

std::optional<std::vector<Rigid3>> Unaligned(const PosePairs& pairs) { return pairs.estimate; }

std::optional<std::vector<Rigid3>> ByLeastSquares(const PosePairs& pairs, bool with_scale) {
  const auto best = AlignPoints(Positions(pairs.estimate), Positions(pairs.truth), with_scale);
  if (!best) return std::nullopt;
  return Moved(pairs.estimate,
               best->scale,
               Rigid3(Eigen::Quaterniond(best->rotation).normalized(), best->translation));
}

std::optional<std::vector<Rigid3>> ByScaleAlone(const PosePairs& pairs) {
  const auto best = AlignPoints(Positions(pairs.estimate), Positions(pairs.truth), true);
  if (!best) return std::nullopt;
  return Moved(pairs.estimate, best->scale, Rigid3());
}

std::optional<std::vector<Rigid3>> AtTheOrigin(const PosePairs& pairs) {
  return Moved(pairs.estimate, 1.0, pairs.truth.front() * Inverse(pairs.estimate.front()));
}

const std::vector<Alignment>& Alignments() {
  static const std::vector<Alignment> alignments = {
      {"none", Unaligned},
      {"se3", [](const PosePairs& pairs) { return ByLeastSquares(pairs, false); }},
      {"sim3", [](const PosePairs& pairs) { return ByLeastSquares(pairs, true); }},
      {"scale_only", ByScaleAlone},
      {"origin", AtTheOrigin}};
  return alignments;
}

constexpr const char* kNoRotation =
    "the alignment is not unique: the positions are fewer than three or lie on a line";

// --- errors ---

double RootMeanSquare(const std::vector<double>& errors) {
  double sum = 0.0;
  for (const double error : errors) sum += error * error;
  return std::sqrt(sum / static_cast<double>(errors.size()));
}

constexpr const char* kStatistics[] = {"rmse", "mean", "median", "max", "min", "std", "sse", "n"};

void AddStatistics(const std::string& name, const std::vector<double>& errors, NamedValues& to) {
  const double count = static_cast<double>(errors.size());
  const double rmse = RootMeanSquare(errors);
  const double mean = Mean(errors);
  double spread = 0.0;
  for (const double error : errors) spread += (error - mean) * (error - mean);
  to.Add(name + "/rmse", rmse);
  to.Add(name + "/mean", mean);
  to.Add(name + "/median", Median(errors));
  to.Add(name + "/max", *std::max_element(errors.begin(), errors.end()));
  to.Add(name + "/min", *std::min_element(errors.begin(), errors.end()));
  to.Add(name + "/std", std::sqrt(spread / count));
  to.Add(name + "/sse", rmse * rmse * count);
  to.Add(name + "/n", count);
}

void AddUndefined(const std::string& name, const std::string& reason, NamedValues& to) {
  for (const char* statistic : kStatistics) to.AddUndefined(name + "/" + statistic, reason);
}

void AddAbsolute(const PosePairs& pairs, const Alignment& alignment, NamedValues& to) {
  const std::string translation = "ape_trans/" + alignment.name;
  const std::string rotation = "ape_rot_deg/" + alignment.name;
  const auto aligned = alignment.align(pairs);
  if (!aligned) {
    AddUndefined(translation, kNoRotation, to);
    AddUndefined(rotation, kNoRotation, to);
    return;
  }
  std::vector<double> distances, angles;
  for (size_t i = 0; i < aligned->size(); ++i) {
    const Rigid3& found = (*aligned)[i];
    const Rigid3& truth = pairs.truth[i];
    distances.push_back((found.translation - truth.translation).norm());
    angles.push_back(RotationDegrees(found.rotation.conjugate() * truth.rotation));
  }
  AddStatistics(translation, distances, to);
  AddStatistics(rotation, angles, to);
}

using IndexPairs = std::vector<std::pair<size_t, size_t>>;

IndexPairs PairsOf(const PoseDelta& delta, size_t poses) {
  const auto step = static_cast<size_t>(delta.frames);
  IndexPairs pairs;
  for (size_t i = 0; i + step < poses; i += delta.all_pairs ? 1 : step) {
    pairs.emplace_back(i, i + step);
  }
  return pairs;
}

// What the estimate's step does beyond the true one.
Rigid3 StepError(const std::pair<size_t, size_t>& step,
                 const std::vector<Rigid3>& truth,
                 const std::vector<Rigid3>& estimate) {
  const auto& [from, to] = step;
  const Rigid3 true_step = Inverse(truth[from]) * truth[to];
  const Rigid3 found_step = Inverse(estimate[from]) * estimate[to];
  return Inverse(true_step) * found_step;
}

void AddRelative(const PosePairs& pairs, const PoseDelta& delta, NamedValues& to) {
  const std::string label = fmt::format("d{}{}", delta.frames, delta.all_pairs ? "_all" : "");
  const IndexPairs steps = PairsOf(delta, pairs.truth.size());
  const std::string too_short = fmt::format(
      "no two of the {} associated poses are {} apart", pairs.truth.size(), delta.frames);
  for (const Alignment& alignment : Alignments()) {
    if (alignment.name != "none" && alignment.name != "sim3") continue;
    const std::string name = fmt::format("rpe_trans/{}/{}", label, alignment.name);
    const auto aligned = alignment.align(pairs);
    if (steps.empty() || !aligned) {
      AddUndefined(name, steps.empty() ? too_short : kNoRotation, to);
      continue;
    }
    std::vector<double> distances;
    for (const auto& step : steps) {
      distances.push_back(StepError(step, pairs.truth, *aligned).translation.norm());
    }
    AddStatistics(name, distances, to);
  }
  const std::string name = "rpe_rot_deg/" + label;
  if (steps.empty()) return AddUndefined(name, too_short, to);
  std::vector<double> angles;
  for (const auto& step : steps) {
    angles.push_back(RotationDegrees(StepError(step, pairs.truth, pairs.estimate).rotation));
  }
  AddStatistics(name, angles, to);
}

void AddAllUndefined(const TrajectorySettings& settings,
                     const std::string& reason,
                     NamedValues& to) {
  for (const Alignment& alignment : Alignments()) {
    AddUndefined("ape_trans/" + alignment.name, reason, to);
    AddUndefined("ape_rot_deg/" + alignment.name, reason, to);
  }
  for (const PoseDelta& delta : settings.deltas) {
    const std::string label = fmt::format("d{}{}", delta.frames, delta.all_pairs ? "_all" : "");
    for (const char* name : {"rpe_trans/{}/none", "rpe_trans/{}/sim3", "rpe_rot_deg/{}"}) {
      AddUndefined(fmt::format(fmt::runtime(name), label), reason, to);
    }
  }
}

}  // namespace

NamedValues TrajectoryError(const Trajectory& truth,
                            const Trajectory& estimate,
                            const TrajectorySettings& settings) {
  for (const PoseDelta& delta : settings.deltas) {
    PLUMB_CHECK(delta.frames >= 1, "a delta of {} frames", delta.frames);
  }
  const PosePairs pairs = AssociatePoses(truth, estimate, settings.max_time_difference_s);
  NamedValues values;
  values.Add("associated_pairs", static_cast<double>(pairs.truth.size()));
  if (pairs.truth.empty()) {
    AddAllUndefined(
        settings,
        fmt::format("no two poses are within {} s of each other", settings.max_time_difference_s),
        values);
    return values;
  }
  for (const Alignment& alignment : Alignments()) AddAbsolute(pairs, alignment, values);
  for (const PoseDelta& delta : settings.deltas) AddRelative(pairs, delta, values);
  return values;
}

}  // namespace plumb
