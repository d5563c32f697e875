// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/fit_scores.h"

#include <fmt/format.h>

#include "core/statistics.h"
#include "metrics/geometry/evidence.h"

namespace plumb {
namespace {

Reason TooFew(const char* what, size_t count) {
  return {ReasonCode::kTooFewTracks,
          fmt::format("{} {}, at least {} are needed", count, what, kMinHeldOut)};
}

}  // namespace

void FitScores::PutConsistency(const WorldFit& fit, ScoreSheet& sheet) const {
  if (static_cast<int>(fit.tracks.size()) < kMinHeldOut) {
    sheet.Refuse({GeometryScore::kConsistency, GeometryScore::kInlierShare},
                 TooFew("held-out tracks", fit.tracks.size()),
                 MotionDetailsOf(motion_));
    return;
  }
  std::vector<std::vector<double>> agreement;
  int inliers = 0;
  for (const ScoredTrack& track : fit.tracks) {
    agreement.emplace_back();
    for (const ScoredSighting& sighting : track.sightings) {
      agreement.back().push_back(sighting.agreement);
    }
    inliers += track.Agreement() >= 0.5;
  }
  sheet.Put(GeometryScore::kConsistency,
            ClusteredBootstrapMean(agreement, sheet.BootstrapOf("consistency")),
            EvidenceOf(fit));
  sheet.Put(GeometryScore::kInlierShare,
            WilsonShare(inliers, static_cast<int>(fit.tracks.size())),
            {{}, {{"held_out_tracks", fit.tracks.size()}}});
}

void FitScores::PutResidual(GeometryScore which, const WorldFit& fit, ScoreSheet& sheet) const {
  std::vector<double> medians;
  for (const ScoredTrack& track : fit.tracks) {
    std::vector<double> residuals;
    for (const ScoredSighting& sighting : track.sightings) {
      if (sighting.residual_px) residuals.push_back(*sighting.residual_px * set_.sample_scale);
    }
    if (!residuals.empty()) medians.push_back(Median(residuals));
  }
  if (static_cast<int>(medians.size()) < kMinHeldOut) {
    sheet.Refuse({which},
                 TooFew("held-out tracks in posed frames", medians.size()),
                 MotionDetailsOf(motion_));
    return;
  }
  sheet.PutMedian(which, medians, {{}, {{"held_out_tracks", medians.size()}}});
}

void FitScores::PutRegistered(const WorldFit& fit, ScoreSheet& sheet) const {
  sheet.Put(GeometryScore::kRegisteredShare,
            WilsonShare(fit.posed_frames, set_.num_frames()),
            {{}, {{"posed_frames", fit.posed_frames}, {"tracked_frames", set_.num_frames()}}});
}

Evidence FitScores::EvidenceOf(const WorldFit& fit) const {
  Evidence evidence = ConsistencyEvidence(set_, fit, sample_frames_);
  evidence.details.update(MotionDetailsOf(motion_));
  evidence.details.update(fit.details);
  evidence.details["held_out_tracks"] = fit.tracks.size();
  std::vector<double> allowances;
  for (const ScoredTrack& track : fit.tracks) allowances.push_back(track.allowance);
  if (!allowances.empty()) evidence.details["noise_allowance"] = Mean(allowances);
  if (!fit.why_not.empty()) evidence.details["why_not"] = fit.why_not;
  if (!fit.worlds.empty()) {
    std::vector<double> focal_px;
    for (const RigidWorld& world : fit.worlds) focal_px.push_back(world.clip.pinhole.focal_px);
    evidence.details["focal_px"] = Median(focal_px) * set_.sample_scale;
  }
  return evidence;
}

}  // namespace plumb
