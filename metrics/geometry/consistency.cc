// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/consistency.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Cholesky>

#include "core/check.h"

namespace plumb {
namespace {

constexpr int kMinObservations = 5;
constexpr int kMinFitObservations = 2;

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

  double ResidualPx(const Observation& observation) const {
    const Rigid3 camera_from_anchor =
        clip_.camera_from_world[observation.frame] * world_from_anchor_;
    return clip_.pinhole.DistancePx(InCamera(state_, camera_from_anchor), observation.seen_px);
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

// Even observations fit, odd ones are scored; frames without a pose score 0 either way.
ScoredTrack ScoreTrack(const TrackSet& set, int index, const PosedClip& clip, int first, int last) {
  const Track& track = set.tracks[index];
  ScoredTrack scored{index, {}};
  std::vector<Observation> fit;
  std::vector<Observation> test;
  for (int frame = first; frame <= last; ++frame) {
    const bool odd = (frame - first) % 2 == 1;
    if (clip.posed[frame]) {
      (odd ? test : fit).push_back({frame, track.At(frame)});
    } else if (odd) {
      scored.sightings.push_back({frame, std::nullopt, 0.0});
    }
  }
  if (static_cast<int>(fit.size()) >= kMinFitObservations) {
    InverseDepthPoint point(clip, fit, set.UnitPx());
    point.Fit();
    for (const Observation& observation : test) {
      const double residual = point.ResidualPx(observation);
      scored.sightings.push_back({observation.frame, residual, Agreement(residual / set.UnitPx())});
    }
  }
  std::sort(scored.sightings.begin(),
            scored.sightings.end(),
            [](const ScoredSighting& a, const ScoredSighting& b) { return a.frame < b.frame; });
  return scored;
}

}  // namespace

double Agreement(double residual_units) {
  int within = 0;
  for (const double threshold : kAgreementUnits) within += residual_units < threshold;
  return static_cast<double>(within) / kAgreementUnits.size();
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
  for (const int index : held_out) {
    const int first = std::max(first_last.first, set.tracks[index].first_frame);
    const int last = std::min(first_last.second, set.tracks[index].last_frame());
    if (last - first + 1 < kMinObservations) continue;
    ScoredTrack track = ScoreTrack(set, index, clip, first, last);
    if (!track.sightings.empty()) scored.push_back(std::move(track));
  }
  return scored;
}

}  // namespace plumb
