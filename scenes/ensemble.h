// SPDX-License-Identifier: Apache-2.0
// What can be foretold: a scene simulated many times with what an observer of its first frames
// can't know.
#pragma once

#include <cstdint>
#include <vector>

#include "core/progress.h"
#include "core/scene.h"
#include "core/truth.h"
#include "scenes/render.h"

namespace plumb {

// Of every free body's start. Bodies with joints keep their pose.
struct Perturbation {
  double position_m = 0.001;  // standard deviations
  double angle_rad = 0.003;
  double velocity_mps = 0.01;
  double angular_velocity_radps = 0.03;
  double friction_share = 0.1;  // factor on a body's friction, evenly within 1 ± this
  double restitution_share = 0.05;
  uint64_t seed = 1;

  // Throws UsageError for a negative or infinite field or a share above 1.
  void Validate() const;
};

struct EnsembleOptions {
  double fps = 24.0;               // of the recorded places
  double minimum_rate_hz = 960.0;  // of the simulation, the truth's
  double duration_s = 0.0;         // 0: the scene's
  int threads = 1;                 // any number gives the same bytes
  // As exactly as Simulate, which takes several times as long: to check the rate above.
  bool exact = false;
  Progress progress = {};  // told of rollouts, asked between frames
};

struct Ensemble {
  double fps = 24.0;
  std::vector<std::vector<std::vector<Eigen::Vector3d>>> places_m;  // [rollout][frame][body]
};

// Throws UsageError for n < 2 or senseless options, CancelledError when the options' progress asks
// to stop, and what Simulate throws.
Ensemble SimulateEnsemble(const Scene& scene,
                          const Perturbation& perturbation,
                          int n,
                          const EnsembleOptions& options = {});

// Root mean square distance of the rollouts from their mean, [frame][body].
std::vector<std::vector<double>> SpreadOf(const Ensemble& ensemble);

// For each body the time of the first frame whose spread passes a quarter of its size; the end of
// the rollouts where none does.
std::vector<double> PredictableHorizons(const Scene& scene, const Ensemble& ensemble);

// MakeTruth (scenes/render.h) with the predictable horizons of its bodies, from 16 rollouts with
// the default perturbation over the same time.
Truth MakeTruthWithHorizons(const Scene& scene,
                            const RenderOptions& options,
                            const Progress& progress = {});

}  // namespace plumb
