// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/reconstruct.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/check.h"
#include "core/statistics.h"
#include "metrics/geometry/bundle.h"
#include "metrics/geometry/consistency.h"
#include "metrics/geometry/keyframe_mapper.h"
#include "metrics/pairing.h"

namespace plumb {
namespace {

MapperInput CollectSightings(const TrackSet& set,
                             const std::vector<int>& fit_tracks,
                             const std::vector<int>& keyframes) {
  MapperInput input;
  input.width = set.width;
  input.height = set.height;
  input.unit_px = set.UnitPx();
  input.first_focal_px = GuessedFocalPx(set);
  for (const int frame : keyframes) {
    KeyframeSightings sightings;
    for (const int index : fit_tracks) {
      if (!set.tracks[index].Sees(frame)) continue;
      sightings.tracks.push_back(index);
      sightings.x_px.push_back(set.tracks[index].At(frame).x());
      sightings.y_px.push_back(set.tracks[index].At(frame).y());
    }
    input.keyframes.push_back(std::move(sightings));
  }
  return input;
}

// Poses one frame against the points, and says whether enough of them agree.
bool PoseFrame(const TrackSet& set,
               const std::vector<ScenePoint>& points,
               int frame,
               const ReconstructOptions& options,
               PosedClip& clip) {
  PoseProblem problem{clip.pinhole, {}, set.UnitPx()};
  for (const auto& [track, x_in_world] : points) {
    if (!set.tracks[track].Sees(frame)) continue;
    problem.sightings.push_back({x_in_world, set.tracks[track].At(frame)});
  }
  const Rigid3 pose = RefinedPose(problem, clip.camera_from_world[frame]);
  int agreeing = 0;
  for (const PointSighting& sighting : problem.sightings) {
    agreeing += ReprojectionPx(clip.pinhole, pose, sighting) < options.agree_units * set.UnitPx();
  }
  clip.camera_from_world[frame] = pose;
  return agreeing >= options.min_pose_points &&
         agreeing >= options.min_agreeing * static_cast<double>(problem.sightings.size());
}

}  // namespace

// Each frame starts from its nearest posed neighbour.
void PoseAllFrames(const TrackSet& set,
                   const std::vector<ScenePoint>& points,
                   const ReconstructOptions& options,
                   PosedClip& clip) {
  const std::vector<bool> keyframe = clip.posed;
  const int count = set.num_frames();
  std::vector<int> from(count, -1);
  for (int reach = 0; reach < count; ++reach) {
    for (int frame = 0; frame < count; ++frame) {
      if (reach == 0 && keyframe[frame]) from[frame] = frame;
      if (from[frame] >= 0 || reach == 0) continue;
      for (const int neighbour : {frame - 1, frame + 1}) {
        const bool known = neighbour >= 0 && neighbour < count && from[neighbour] >= 0 &&
                           clip.posed[neighbour] && std::abs(frame - neighbour) == 1;
        if (!known || from[frame] >= 0) continue;
        clip.camera_from_world[frame] = clip.camera_from_world[neighbour];
        clip.posed[frame] = PoseFrame(set, points, frame, options, clip);
        from[frame] = frame;
      }
    }
  }
}

namespace {

// Keyframes by the mapper, then every other frame that its points allow.
SegmentModel Mapped(const TrackSet& set,
                    const MapperInput& input,
                    const std::vector<int>& keyframes,
                    const ReconstructOptions& options) {
  SegmentModel model;
  model.keyframes = static_cast<int>(keyframes.size());
  model.clip.camera_from_world.resize(set.num_frames());
  model.clip.posed.assign(set.num_frames(), false);
  const MapperOutput output = MapKeyframes(input);
  model.two_view_pairs = output.pairs;
  model.planar_pairs = output.planar_pairs;
  model.why_not = output.why_not;
  model.posed_keyframes = static_cast<int>(output.poses.size());
  if (!model.found()) return model;

  model.clip.pinhole = PinholeOf(set, output.focal_px);
  for (const MappedPose& pose : output.poses) {
    const auto& [w, x, y, z] = pose.rotation_wxyz;
    const int frame = keyframes[pose.keyframe];
    model.clip.camera_from_world[frame] =
        Rigid3(Eigen::Quaterniond(w, x, y, z).normalized(),
               Eigen::Vector3d(pose.translation[0], pose.translation[1], pose.translation[2]));
    model.clip.posed[frame] = true;
  }
  for (const auto& [track, x_in_world] : output.points) {
    model.points.push_back({track, {x_in_world[0], x_in_world[1], x_in_world[2]}});
  }
  PoseAllFrames(set, model.points, options, model.clip);
  return model;
}

// Adjusted as a whole; better points may pose what found no place before.
SegmentModel Settled(const TrackSet& set,
                     const std::vector<int>& fit_tracks,
                     SegmentModel model,
                     const ReconstructOptions& options,
                     const BundleOptions& adjusting = {}) {
  Bundle bundle =
      Refined(set, fit_tracks, {std::move(model.clip), std::move(model.points)}, adjusting);
  model.clip = std::move(bundle.clip);
  model.points = std::move(bundle.points);
  PoseAllFrames(set, model.points, options, model.clip);
  return model;
}

// The same poses with another focal length, and points which that explains badly as yet.
SegmentModel WithFocal(const TrackSet& set,
                       const std::vector<int>& fit_tracks,
                       SegmentModel model,
                       double focal_px) {
  model.clip.pinhole.focal_px = focal_px;
  BundleOptions tolerant;
  tolerant.keep_units *= 10.0;
  const Bundle start = WithPoints(set, fit_tracks, {std::move(model.clip), {}}, tolerant);
  Bundle bundle = Adjusted(set, start, tolerant);
  model.clip = std::move(bundle.clip);
  model.points = std::move(bundle.points);
  return model;
}

// Farther from the guess than this factor the pictures may not have told the focal length.
constexpr double kDoubtfulLens = 1.5;
// A rigid world explains nearly all of what was tracked; a mapper that got lost explains less.
constexpr double kExplains = 0.98;
constexpr double kSameAgreement = 0.002;  // two models that differ by less explain equally much
constexpr double kSameEnd = 0.01;         // two searches that differ by less ended alike
constexpr int kAskedTracks = 200;         // evenly chosen

bool Doubtful(const TrackSet& set, const SegmentModel& model) {
  const double ratio = model.clip.pinhole.focal_px / GuessedFocalPx(set);
  return ratio > kDoubtfulLens || ratio < 1.0 / kDoubtfulLens;
}

// A model and how well it explains the tracks it was made from: their mean agreement, 0 without a
// model.
struct Candidate {
  SegmentModel model;
  double explained = 0.0;
};

Candidate Judged(const TrackSet& set,
                 const std::vector<int>& fit_tracks,
                 const Segment& stretch,
                 SegmentModel model) {
  Candidate candidate{std::move(model)};
  const PosedClip& clip = candidate.model.clip;
  if (!candidate.model.found() || fit_tracks.empty()) return candidate;
  std::vector<int> asked;
  for (const int i : EvenlyChosen(static_cast<int>(fit_tracks.size()), kAskedTracks)) {
    asked.push_back(fit_tracks[i]);
  }
  std::vector<double> agreement;
  for (const ScoredTrack& track : ScoreTracks(set, asked, clip, {stretch.first, stretch.last})) {
    agreement.push_back(track.Agreement());
  }
  if (!agreement.empty()) candidate.explained = Mean(agreement);
  return candidate;
}

// The one that explains more; of two that explain equally much, the second when it poses at least
// as many frames and leaves smaller residuals.
Candidate TheBetter(const TrackSet& set, Candidate first, Candidate second) {
  if (!first.model.found() || !second.model.found()) return first.model.found() ? first : second;
  const double gain = second.explained - first.explained;
  if (std::abs(gain) >= kSameAgreement) return gain > 0.0 ? second : first;
  const auto posed = [](const Candidate& of) {
    return std::count(of.model.clip.posed.begin(), of.model.clip.posed.end(), true);
  };
  const auto residual = [&](const Candidate& of) {
    return MedianResidualPx(set, {of.model.clip, of.model.points});
  };
  const bool better = posed(second) >= posed(first) && residual(second) < residual(first);
  return better ? second : first;
}

}  // namespace

void ReconstructOptions::Validate() const {
  PLUMB_CHECK(min_pair_matches >= 8, "min_pair_matches {}", min_pair_matches);
  PLUMB_CHECK(min_pose_points >= 4, "min_pose_points {}", min_pose_points);
  PLUMB_CHECK(agree_units > 0.0 && min_agreeing >= 0.0 && min_agreeing <= 1.0,
              "agree_units {}, min_agreeing {}",
              agree_units,
              min_agreeing);
}

SegmentModel Reconstruct(const TrackSet& set,
                         const std::vector<int>& fit_tracks,
                         const std::vector<int>& keyframes,
                         const ReconstructOptions& options) {
  options.Validate();
  MapperInput input = CollectSightings(set, fit_tracks, keyframes);
  input.seed = options.seed;
  input.min_pair_matches = options.min_pair_matches;
  const Segment stretch{keyframes.front(), keyframes.back()};
  // A long and narrow valley of the cost takes more steps than most clips need.
  BundleOptions patient;
  patient.max_iterations = 50;
  const auto judged = [&](SegmentModel model) {
    if (!model.found()) return Candidate{std::move(model)};
    Candidate settled =
        Judged(set, fit_tracks, stretch, Settled(set, fit_tracks, std::move(model), options));
    if (settled.explained >= kExplains) return settled;
    SegmentModel further = Settled(set, fit_tracks, settled.model, options, patient);
    return TheBetter(set, std::move(settled), Judged(set, fit_tracks, stretch, std::move(further)));
  };
  const SegmentModel first = Mapped(set, input, keyframes, options);
  Candidate best = judged(first);
  // A camera that drives ahead or trembles can lead the mapper into a world far too long or too
  // flat. Ordinary lenses get their chance then, and what explains most wins.
  if (first.found() && Doubtful(set, first)) {
    best = TheBetter(
        set, std::move(best), judged(WithFocal(set, fit_tracks, first, GuessedFocalPx(set))));
  }
  // So do other beginnings where a world was found that explains too little, or none at all, until
  // two of them end alike.
  input.hold_focal = true;
  for (const double lens : {1.0, 0.8, 1.25}) {
    const bool doubtful = best.model.found() && Doubtful(set, best.model);
    const bool poor = best.explained < kExplains && best.model.two_view_pairs > 0;
    if (!doubtful && !poor) break;
    if (!poor && lens == 1.0) continue;
    input.first_focal_px = lens * GuessedFocalPx(set);
    ++input.seed;
    const double before = best.explained;
    Candidate other = judged(Mapped(set, input, keyframes, options));
    const bool alike = !doubtful && std::abs(other.explained - before) < kSameEnd;
    best = TheBetter(set, std::move(best), std::move(other));
    if (alike) break;
  }
  return best.model;
}

SegmentModel WithAllTracks(const TrackSet& set, SegmentModel model) {
  PLUMB_CHECK(model.found());
  std::vector<int> every(set.tracks.size());
  std::iota(every.begin(), every.end(), 0);
  Bundle bundle =
      Refined(set, every, {std::move(model.clip), std::move(model.points)}, BundleOptions{});
  model.clip = std::move(bundle.clip);
  model.points = std::move(bundle.points);
  return model;
}

}  // namespace plumb
