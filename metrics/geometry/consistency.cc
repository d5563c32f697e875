// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/consistency.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <Eigen/Cholesky>

#include "core/check.h"
#include "metrics/geometry/jitter.h"

namespace plumb {
namespace {

constexpr int kMinObservations = 5;
constexpr int kMinFitObservations = 2;
constexpr double kUsualJitter = 0.12;  // in units
constexpr double kMostAllowed = 2.0;

struct Observation {
  int frame;
  Eigen::Vector2d seen_px;
};

// A point in the first camera that sees it, as (x/z, y/z, 1/z): well behaved up to infinity (Civera
// et al. 2008, §II).
class InverseDepthPoint {
 public:
  InverseDepthPoint(const PosedClip& clip,
                    const std::vector<Observation>& observations,
                    double scale_px)
      : clip_(clip), observations_(observations), scale_px_(scale_px) {
    const Observation& first = observations.front();
    world_from_anchor_ = Inverse(clip.camera_from_world[first.frame]);
    const Eigen::Vector3d ray = clip.pinhole.Ray(first.seen_px);
    state_ = {ray.x() / ray.z(), ray.y() / ray.z(), 0.0};
    for (const Observation& observation : observations) {
      from_anchor_.push_back(clip.camera_from_world[observation.frame] * world_from_anchor_);
    }
  }

  // Gauss–Newton with a Cauchy loss from several depths; the best end counts.
  void Fit() {
    const Eigen::Vector3d start = state_;
    double best = std::numeric_limits<double>::infinity();
    const double span = Baseline();
    for (const double depth_in_baselines : {1e9, 8.0, 2.0, 0.7}) {
      const bool at_infinity = depth_in_baselines > 1e6 || span <= 0.0;
      Eigen::Vector3d state = start;
      state.z() = at_infinity ? 0.0 : 1.0 / (depth_in_baselines * span);
      const double cost = Descend(state);
      if (cost < best) {
        best = cost;
        state_ = state;
      }
      if (clip_.turns_only || span <= 0.0) break;
    }
  }

  // From where it was seen to where it should be; nothing behind the camera.
  std::optional<Eigen::Vector2d> OffsetPx(const Observation& observation) const {
    const Rigid3 camera_from_anchor =
        clip_.camera_from_world[observation.frame] * world_from_anchor_;
    const auto projected = clip_.pinhole.Project(InCamera(state_, camera_from_anchor));
    if (!projected) return std::nullopt;
    return Eigen::Vector2d(*projected - observation.seen_px);
  }

 private:
  // Homogeneous: scaled by the inverse depth.
  static Eigen::Vector3d InCamera(const Eigen::Vector3d& state, const Rigid3& camera_from_anchor) {
    return camera_from_anchor.rotation * Eigen::Vector3d(state.x(), state.y(), 1.0) +
           state.z() * camera_from_anchor.translation;
  }

  double Cost(const Eigen::Vector3d& state) const {
    double cost = 0.0;
    for (size_t i = 0; i < observations_.size(); ++i) {
      const double residual_px =
          clip_.pinhole.DistancePx(InCamera(state, from_anchor_[i]), observations_[i].seen_px);
      const double ratio = residual_px / scale_px_;
      cost += std::log1p(ratio * ratio);
    }
    return cost;
  }

  double Descend(Eigen::Vector3d& state) const {
    double cost = Cost(state);
    for (int iteration = 0; iteration < 12; ++iteration) {
      const Eigen::Vector3d step = Step(state);
      if (!step.allFinite()) break;
      Eigen::Vector3d moved = state + step;
      // Nothing is seen from behind: depths are positive, up to infinity.
      moved.z() = clip_.turns_only ? 0.0 : std::max(0.0, moved.z());
      const double moved_cost = Cost(moved);
      if (moved_cost >= cost) break;
      const bool settled = cost - moved_cost < 1e-6 * cost;
      state = moved;
      cost = moved_cost;
      if (settled) break;
    }
    return cost;
  }

  Eigen::Vector3d Step(const Eigen::Vector3d& state) const {
    Eigen::Matrix3d hessian = Eigen::Matrix3d::Identity() * 1e-9;
    Eigen::Vector3d gradient = Eigen::Vector3d::Zero();
    for (size_t i = 0; i < observations_.size(); ++i) {
      const Rigid3& motion = from_anchor_[i];
      const Eigen::Vector3d x = InCamera(state, motion);
      const auto projected = clip_.pinhole.Project(x);
      if (!projected) continue;
      const Eigen::Matrix3d rotation = motion.rotation.toRotationMatrix();
      Eigen::Matrix3d by_state;
      by_state << rotation.col(0), rotation.col(1), motion.translation;
      const Eigen::Matrix<double, 2, 3> jacobian = clip_.pinhole.ProjectionJacobian(x) * by_state;
      const Eigen::Vector2d residual = *projected - observations_[i].seen_px;
      const double weight = 1.0 / (1.0 + residual.squaredNorm() / (scale_px_ * scale_px_));
      hessian += weight * jacobian.transpose() * jacobian;
      gradient += weight * jacobian.transpose() * residual;
    }
    return -hessian.ldlt().solve(gradient);
  }

  double Baseline() const {
    double baseline = 0.0;
    for (const Rigid3& motion : from_anchor_) {
      baseline = std::max(baseline, motion.translation.norm());
    }
    return clip_.turns_only ? 0.0 : baseline;
  }

  const PosedClip& clip_;
  const std::vector<Observation>& observations_;
  double scale_px_;
  Rigid3 world_from_anchor_;
  std::vector<Rigid3> from_anchor_;  // camera of each observation
  Eigen::Vector3d state_;
};

constexpr double kBehindPx = 1e6;  // as CentredPinhole::DistancePx has it

struct Span {
  int first = 0;
  int last = 0;
};

// A scored track whose agreement is still open, and its offsets where there are any.
struct OpenTrack {
  ScoredTrack scored;
  TrackOffsets offsets;
};

// Even observations fit, odd ones are scored; frames without a pose score 0 either way.
OpenTrack ScoreTrack(const TrackSet& set, int index, const PosedClip& clip, const Span& span) {
  const Track& track = set.tracks[index];
  OpenTrack open{{index, {}}, {}};
  std::vector<Observation> fit;
  std::vector<Observation> test;
  for (int frame = span.first; frame <= span.last; ++frame) {
    const bool odd = (frame - span.first) % 2 == 1;
    if (clip.posed[frame]) {
      (odd ? test : fit).push_back({frame, track.At(frame)});
    } else if (odd) {
      open.scored.sightings.push_back({frame, std::nullopt, 0.0});
    }
  }
  if (static_cast<int>(fit.size()) >= kMinFitObservations) {
    InverseDepthPoint point(clip, fit, set.UnitPx());
    point.Fit();
    for (const Observation& observation : test) {
      const std::optional<Eigen::Vector2d> offset_px = point.OffsetPx(observation);
      open.scored.sightings.push_back(
          {observation.frame, offset_px ? offset_px->norm() : kBehindPx, 0.0});
      if (!offset_px) continue;
      open.offsets.frames.push_back(observation.frame);
      open.offsets.seen_units.push_back(observation.seen_px / set.UnitPx());
      open.offsets.offset_units.push_back(*offset_px / set.UnitPx());
    }
  }
  std::sort(open.scored.sightings.begin(),
            open.scored.sightings.end(),
            [](const ScoredSighting& a, const ScoredSighting& b) { return a.frame < b.frame; });
  return open;
}

void SetAgreement(double allowance, double unit_px, ScoredTrack& track) {
  track.allowance = allowance;
  for (ScoredSighting& sighting : track.sightings) {
    if (!sighting.residual_px) continue;
    sighting.agreement = Agreement(*sighting.residual_px / (unit_px * allowance));
  }
}

}  // namespace

double Agreement(double residual_units) {
  int within = 0;
  for (const double threshold : kAgreementUnits) within += residual_units < threshold;
  return static_cast<double>(within) / kAgreementUnits.size();
}

double NoiseAllowance(double jitter_units) {
  return std::clamp(jitter_units / kUsualJitter, 1.0, kMostAllowed);
}

double ScoredTrack::Agreement() const {
  PLUMB_CHECK(!sightings.empty());
  double sum = 0.0;
  for (const ScoredSighting& sighting : sightings) sum += sighting.agreement;
  return sum / static_cast<double>(sightings.size());
}

TrackHalves SplitTracks(const TrackSet& set) {
  TrackHalves halves;
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    (i % 2 == 0 ? halves.fit : halves.held_out).push_back(static_cast<int>(i));
  }
  return halves;
}

std::vector<ScoredTrack> ScoreTracks(const TrackSet& set,
                                     const std::vector<int>& held_out,
                                     const PosedClip& clip,
                                     const std::pair<int, int>& first_last) {
  std::vector<ScoredTrack> scored;
  std::vector<TrackOffsets> offsets;
  for (const int index : held_out) {
    const int first = std::max(first_last.first, set.tracks[index].first_frame);
    const int last = std::min(first_last.second, set.tracks[index].last_frame());
    if (last - first + 1 < kMinObservations) continue;
    OpenTrack track = ScoreTrack(set, index, clip, {first, last});
    if (track.scored.sightings.empty()) continue;
    scored.push_back(std::move(track.scored));
    offsets.push_back(std::move(track.offsets));
  }
  const double allowance = NoiseAllowance(JitterUnits(offsets));
  for (ScoredTrack& track : scored) SetAgreement(allowance, set.UnitPx(), track);
  return scored;
}

}  // namespace plumb
