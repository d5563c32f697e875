// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/reconstruct.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/check.h"
#include "core/statistics.h"
#include "metrics/geometry/bundle.h"
#include "metrics/geometry/consistency.h"
#include "metrics/geometry/keyframe_mapper.h"
#include "metrics/geometry/two_view.h"
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
                     const ReconstructOptions& options) {
  Bundle bundle =
      Refined(set, fit_tracks, {std::move(model.clip), std::move(model.points)}, BundleOptions{});
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
// Residuals above this multiple of the tracks' noise show a world that bends, or a model that is
// stuck in a wrong one.
constexpr double kPoorNoises = 1.5;
constexpr int kWitnesses = 400;  // tracks that choose between models, evenly chosen

bool DoubtfulLens(const TrackSet& set, const SegmentModel& model) {
  const double ratio = model.clip.pinhole.focal_px / GuessedFocalPx(set);
  return ratio > kDoubtfulLens || ratio < 1.0 / kDoubtfulLens;
}

// One of several models of the same tracks.
struct Candidate {
  SegmentModel model;
  double residual_px = 0.0;
};

// What the cameras leave of tracks that are the same for all models. A model's own points would not
// do: it has none where it explains nothing, and a world too flat keeps but a few.
Candidate Weighed(const TrackSet& set, const std::vector<int>& fit_tracks, SegmentModel model) {
  std::vector<int> witnesses;
  for (const int i : EvenlyChosen(static_cast<int>(fit_tracks.size()), kWitnesses)) {
    witnesses.push_back(fit_tracks[i]);
  }
  std::vector<double> residuals;
  for (const ScoredTrack& track :
       ScoreTracks(set, witnesses, model.clip, {0, set.num_frames() - 1})) {
    for (const ScoredSighting& sighting : track.sightings) {
      if (sighting.residual_px) residuals.push_back(*sighting.residual_px);
    }
  }
  const double residual_px =
      residuals.empty() ? std::numeric_limits<double>::infinity() : Median(std::move(residuals));
  return {std::move(model), residual_px};
}

bool Doubtful(const TrackSet& set, const Candidate& candidate) {
  return DoubtfulLens(set, candidate.model) ||
         candidate.residual_px > kPoorNoises * TrackNoiseUnits(set) * set.UnitPx();
}

// The second one when it poses at least as many frames and leaves smaller residuals.
Candidate TheBetter(Candidate first, Candidate second) {
  const auto posed = [](const Candidate& of) {
    return std::count(of.model.clip.posed.begin(), of.model.clip.posed.end(), true);
  };
  const bool better = posed(second) >= posed(first) && second.residual_px < first.residual_px;
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
  const SegmentModel first = Mapped(set, input, keyframes, options);
  if (!first.found()) return first;
  const auto settled = [&](const SegmentModel& model) {
    return Weighed(set, fit_tracks, Settled(set, fit_tracks, model, options));
  };
  Candidate best = settled(first);
  // A camera that drives ahead or trembles can lead the mapper into a world far too long or too
  // flat, out of which no adjustment finds. Ordinary lenses get their chance then, and the smallest
  // residuals win.
  if (DoubtfulLens(set, first)) {
    best =
        TheBetter(std::move(best), settled(WithFocal(set, fit_tracks, first, GuessedFocalPx(set))));
  }
  input.hold_focal = true;
  for (const double lens : {0.8, 1.25}) {
    if (!Doubtful(set, best)) break;
    input.first_focal_px = lens * GuessedFocalPx(set);
    const SegmentModel other = Mapped(set, input, keyframes, options);
    if (other.found()) best = TheBetter(std::move(best), settled(other));
  }
  return std::move(best.model);
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
