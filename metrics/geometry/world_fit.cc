// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/world_fit.h"

#include "core/statistics.h"
#include "metrics/geometry/bundle.h"
#include "metrics/geometry/continuity.h"
#include "metrics/geometry/planar_model.h"
#include "metrics/geometry/reconstruct.h"
#include "metrics/geometry/rotation_model.h"

namespace plumb {
namespace {

constexpr int kMaxDepth = 3;             // of models within what an earlier model left unposed
constexpr size_t kMinPartKeyframes = 4;  // that such a rest must have
constexpr size_t kMinTurnTracks = 12;    // held-out ones, to say that the camera only turns

void AddSegment(const TrackSet& set,
                const PosedClip& clip,
                const Segment& segment,
                const TrackHalves& halves,
                WorldFit& fit) {
  fit.segment_frames += segment.size();
  for (int frame = segment.first; frame <= segment.last; ++frame)
    fit.posed_frames += clip.posed[frame];
  for (ScoredTrack& track :
       ScoreTracks(set, halves.held_out, clip, {segment.first, segment.last})) {
    fit.tracks.push_back(std::move(track));
  }
}

// What a camera that only turns makes of a stretch.
RigidWorld TurningWorld(const TrackSet& set,
                        const TrackHalves& halves,
                        const Segment& stretch,
                        double focal_px) {
  const RotationModel model =
      FitRotationModel(set, halves.fit, {stretch.first, stretch.last, focal_px});
  PosedClip clip{model.pinhole, {}, model.posed, true};
  for (const Eigen::Matrix3d& rotation : model.camera_from_world) {
    clip.camera_from_world.emplace_back(Eigen::Quaterniond(rotation).normalized(),
                                        Eigen::Vector3d::Zero());
  }
  return {stretch, std::move(clip), {}};
}

struct Part {
  Segment segment;
  std::vector<int> keyframes;
  int depth = 0;
};

// Cuts a part where its model ends: stretches without poses that are long enough for a model of
// their own are one level deeper, all else stays.
std::vector<Part> Stretches(const Part& part, const SegmentModel& model) {
  std::vector<Part> stretches;
  int from = part.segment.first;
  for (int frame = from; model.found() && part.depth < kMaxDepth && frame <= part.segment.last;) {
    int end = frame;
    while (end <= part.segment.last && !model.clip.posed[end]) ++end;
    Part open{{frame, end - 1}, {}, part.depth + 1};
    for (const int keyframe : part.keyframes) {
      if (keyframe >= frame && keyframe < end) open.keyframes.push_back(keyframe);
    }
    if (open.keyframes.size() >= kMinPartKeyframes) {
      if (frame > from) stretches.push_back({{from, frame - 1}, {}, part.depth});
      from = end;
      stretches.push_back(std::move(open));
    }
    frame = end + 1;
  }
  if (from <= part.segment.last) stretches.push_back({{from, part.segment.last}, {}, part.depth});
  return stretches;
}

// A camera that travels may stop and look round: no solver finds depth there, and none is needed.
bool FitTurnOf(const TravelInput& input,
               const Part& part,
               const TrackHalves& halves,
               WorldFit& fit) {
  const double focal_px =
      fit.worlds.empty() ? GuessedFocalPx(input.set) : fit.worlds.front().clip.pinhole.focal_px;
  RigidWorld turn = TurningWorld(input.set, halves, part.segment, focal_px);
  WorldFit alone;
  AddSegment(input.set, turn.clip, part.segment, halves, alone);
  if (alone.tracks.size() < kMinTurnTracks || alone.Agreement() < kExplainedAgreement) return false;
  AddSegment(input.set, turn.clip, part.segment, halves, fit);
  fit.worlds.push_back(std::move(turn));
  return true;
}

// A model that ends somewhere says nothing about the frames beyond; they get a model of their
// own.
void FitPart(const TravelInput& input, const Part& part, WorldFit& fit) {
  const TrackHalves halves = SplitTracks(input.set);
  ReconstructOptions options;
  options.seed = input.seed;
  const SegmentModel model = Reconstruct(input.set, halves.fit, part.keyframes, options);
  fit.pairs += model.two_view_pairs;
  fit.planar_pairs += model.planar_pairs;
  if (model.found()) {
    // What is scored knows half of the tracks, what is kept all of them.
    SegmentModel best = WithAllTracks(input.set, model);
    fit.worlds.push_back({part.segment, std::move(best.clip), std::move(best.points)});
  } else if (FitTurnOf(input, part, halves, fit)) {
    return;
  } else {
    fit.why_not = model.why_not;
  }
  for (const Part& stretch : Stretches(part, model)) {
    if (stretch.depth > part.depth) {
      FitPart(input, stretch, fit);
    } else {
      AddSegment(input.set, model.clip, stretch.segment, halves, fit);
    }
  }
}

// Parts were cut to be small enough for structure from motion; turns need no such limit.
// What lies side by side because no track leads across stays apart: nothing tells the turn there.
std::vector<Segment> WithoutSeams(const TrackSet& set, const std::vector<Segment>& parts) {
  std::vector<Segment> segments;
  for (const Segment& part : parts) {
    if (!segments.empty() && segments.back().last + 1 == part.first &&
        Continues(set, part.first, MotionOptions{})) {
      segments.back().last = part.last;
    } else {
      segments.push_back(part);
    }
  }
  return segments;
}

}  // namespace

double WorldFit::PosedShare() const { return static_cast<double>(posed_frames) / segment_frames; }

double WorldFit::Agreement() const {
  std::vector<double> agreement;
  for (const ScoredTrack& track : tracks) agreement.push_back(track.Agreement());
  return agreement.empty() ? 0.0 : Mean(agreement);
}

int WorldFit::ScenePoints() const {
  int count = 0;
  for (const RigidWorld& world : worlds) count += static_cast<int>(world.points.size());
  return count;
}

WorldFit FitTurning(const TrackSet& set, const MotionEvidence& motion, const Progress& progress) {
  WorldFit fit;
  const TrackHalves halves = SplitTracks(set);
  for (const Segment& segment : WithoutSeams(set, motion.segments)) {
    progress.ThrowIfCancelled();
    RigidWorld turn = TurningWorld(set, halves, segment, motion.rotation_focal_px);
    AddSegment(set, turn.clip, segment, halves, fit);
    fit.worlds.push_back(std::move(turn));
  }
  return fit;
}

WorldFit FitBeforePlane(const TrackSet& set,
                        const MotionEvidence& motion,
                        const Progress& progress) {
  WorldFit fit;
  const TrackHalves halves = SplitTracks(set);
  for (size_t i = 0; i < motion.segments.size(); ++i) {
    progress.ThrowIfCancelled();
    PlanarModel model = FitPlanarModel(set, halves.fit, motion.keyframes[i]);
    if (!model.found()) {
      fit.why_not = "no plane explains its keyframes";
    } else {
      PoseAllFrames(set, model.points, ReconstructOptions{}, model.clip);
    }
    AddSegment(set, model.clip, motion.segments[i], halves, fit);
    if (model.found()) {
      fit.worlds.push_back({motion.segments[i], std::move(model.clip), std::move(model.points)});
    }
  }
  return fit;
}

WorldFit FitTravelling(const TravelInput& input, const Progress& progress) {
  WorldFit fit;
  const int parts = static_cast<int>(input.motion.segments.size());
  for (int i = 0; i < parts; ++i) {
    progress.ThrowIfCancelled();
    progress.Report("reconstructing", i, parts);
    FitPart(input, {input.motion.segments[i], input.motion.keyframes[i], 0}, fit);
  }
  fit.details["models"] = fit.worlds.size();
  fit.details["points"] = fit.ScenePoints();
  fit.details["verified_pairs"] = fit.pairs;
  fit.details["planar_pairs"] = fit.planar_pairs;
  return fit;
}

}  // namespace plumb
