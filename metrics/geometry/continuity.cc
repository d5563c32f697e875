// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/continuity.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/statistics.h"
#include "metrics/geometry/pair_rotation.h"

namespace plumb {
namespace {

// The ratio of the median motions over one and over several steps: 1/3 for a steady camera over
// three, 1 for pictures in disorder.
struct StepRatio {
  double ratio = 0.0;
  double step_units = 0.0;
};
std::optional<StepRatio> MeasureSteps(const TrackSet& set, int steps, int min_tracks) {
  std::vector<double> one, several;
  for (int i = 0; i + steps < set.num_frames(); ++i) {
    const std::optional<double> near = MedianMotion(set, i, i + 1, min_tracks);
    const std::optional<double> far = MedianMotion(set, i, i + steps, min_tracks);
    if (!near || !far) continue;
    one.push_back(*near);
    several.push_back(*far);
  }
  // Over two steps, which more tracks outlive, more of them are asked for.
  if (one.size() < (steps == 2 ? 4 : 3)) return std::nullopt;
  return StepRatio{Median(one) / std::max(1e-9, Median(several)), Median(one)};
}

}  // namespace

std::optional<double> MedianMotion(const TrackSet& set, int a, int b, int min_tracks) {
  const PointPairs pairs = PairsBetween(set, a, b);
  if (static_cast<int>(pairs.a_px.size()) < min_tracks) return std::nullopt;
  std::vector<double> motion;
  for (size_t i = 0; i < pairs.a_px.size(); ++i) {
    motion.push_back((pairs.b_px[i] - pairs.a_px[i]).norm());
  }
  return Median(motion) / set.UnitPx();
}

double Survival(const Transition& transition) {
  return transition.before == 0 ? 0.0
                                : static_cast<double>(transition.survivors) / transition.before;
}

double MedianSurvival(const TrackSet& set) {
  std::vector<double> survival;
  for (int i = 1; i < set.num_frames(); ++i) survival.push_back(Survival(set.transitions[i]));
  return survival.empty() ? 0.0 : Median(survival);
}

std::optional<Reason> Unreadable(const TrackSet& set,
                                 double median_survival,
                                 const MotionOptions& options) {
  if (set.num_frames() < options.min_frames) {
    return Reason{
        ReasonCode::kTooFewFrames,
        fmt::format("{} frames, at least {} are needed", set.num_frames(), options.min_frames)};
  }
  double most = 0.0;
  for (const Transition& transition : set.transitions)
    most = std::max<double>(most, transition.before);
  if (most < options.min_tracks) {
    return Reason{
        ReasonCode::kTooLittleTexture,
        fmt::format(
            "{:.0f} points to follow at most, at least {} are needed", most, options.min_tracks)};
  }
  if (median_survival < options.unstable_survival) {
    return Reason{
        ReasonCode::kTooFewTracks,
        fmt::format("half of the steps keep less than {:.0f} % of the tracks: the pictures do not "
                    "continue each other",
                    100.0 * median_survival + 0.5)};
  }
  return std::nullopt;
}

std::vector<int> FindCuts(const TrackSet& set, const MotionOptions& options) {
  std::vector<double> before;
  for (const Transition& transition : set.transitions) before.push_back(transition.before);
  const double full = 0.5 * Median(before);
  std::vector<int> cuts;
  for (int i = 1; i < set.num_frames(); ++i) {
    const Transition& step = set.transitions[i];
    if (step.before < std::max<double>(full, options.min_tracks)) continue;
    if (Survival(step) >= options.cut_survival || step.change_levels < 6.0) continue;
    const bool calm_before = i == 1 || Survival(set.transitions[i - 1]) > 2 * options.cut_survival;
    const bool calm_after =
        i + 1 == set.num_frames() || Survival(set.transitions[i + 1]) > 2 * options.cut_survival;
    if (calm_before && calm_after) cuts.push_back(i);
  }
  return cuts;
}

Reason CutReason(const TrackSet& set, const std::vector<int>& cuts) {
  return {ReasonCode::kShotCut,
          fmt::format("the shot changes at frame {}{}: {} of {} tracks outlive that step",
                      set.frames[cuts.front()],
                      cuts.size() > 1 ? fmt::format(" and {} more times", cuts.size() - 1) : "",
                      set.transitions[cuts.front()].survivors,
                      set.transitions[cuts.front()].before)};
}

bool Frozen(const TrackSet& set) {
  const auto repeats =
      std::count_if(set.transitions.begin() + 1, set.transitions.end(), [](const Transition& step) {
        return step.change_levels == 0.0;
      });
  return 5 * repeats >= 4 * (set.num_frames() - 1);
}

// What shakes from frame to frame looks more like disorder over two steps than over three; two
// decide only where too few tracks outlive three.
std::optional<Reason> Disorder(const TrackSet& set, const MotionOptions& options) {
  const int min_tracks = options.min_tracks / 2;
  std::optional<StepRatio> found = MeasureSteps(set, 3, min_tracks);
  const bool over_three = found.has_value();
  if (!over_three) found = MeasureSteps(set, 2, min_tracks);
  const double bound = over_three ? options.disorder_ratio : options.disorder_ratio_of_two;
  if (!found || found->ratio <= bound || found->step_units <= options.disorder_units) {
    return std::nullopt;
  }
  return Reason{
      ReasonCode::kShotCut,
      fmt::format("the pictures jump to and fro: points move {:.1f} px in one step and {:.1f} px "
                  "in {} (in a 256 px picture)",
                  found->step_units,
                  found->step_units / found->ratio,
                  over_three ? "three" : "two")};
}

bool Continues(const TrackSet& set, int frame, const MotionOptions& options) {
  return set.transitions[frame].survivors >= options.min_tracks / 2;
}

std::vector<Segment> FindSegments(const TrackSet& set, const MotionOptions& options) {
  std::vector<Segment> segments;
  Segment current{0, 0};
  for (int i = 1; i <= set.num_frames(); ++i) {
    if (i < set.num_frames() && Continues(set, i, options)) {
      current.last = i;
      continue;
    }
    if (current.size() >= options.min_frames) segments.push_back(current);
    current = {i, i};
  }
  return segments;
}

}  // namespace plumb
