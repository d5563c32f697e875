// SPDX-License-Identifier: Apache-2.0
#include "scenes/ensemble.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/errors.h"
#include "core/parallel.h"
#include "core/seed.h"
#include "scenes/simulate.h"
#include "scenes/simulation/internal_bullet_world.h"

namespace plumb {
namespace {

constexpr double kHorizonShare = 0.25;
constexpr int kStoredRollouts = 16;

Eigen::Vector3d Noise(Random& random, double sigma) {
  const double x = random.Normal(0, sigma);
  const double y = random.Normal(0, sigma);
  const double z = random.Normal(0, sigma);
  return {x, y, z};
}

bool IsJoined(const Scene& scene, const std::string& name) {
  return std::any_of(scene.joints.begin(), scene.joints.end(), [&](const Joint& joint) {
    return joint.body_a == name || joint.body_b == name;
  });
}

Scene Perturbed(const Scene& scene, const Perturbation& by, int rollout) {
  Random random(DeriveSeed(by.seed, scene.id, "rollout " + std::to_string(rollout)));
  Scene result = scene;
  for (Body& body : result.bodies) {
    // Every body takes its numbers, so that one more changes none of the others' before it.
    const Eigen::Vector3d shift = Noise(random, by.position_m);
    const Eigen::Vector3d turn = Noise(random, by.angle_rad);
    const Eigen::Vector3d velocity = Noise(random, by.velocity_mps);
    const Eigen::Vector3d spin = Noise(random, by.angular_velocity_radps);
    body.material.friction *= random.Uniform(1 - by.friction_share, 1 + by.friction_share);
    body.material.restitution =
        std::min(1.0,
                 body.material.restitution *
                     random.Uniform(1 - by.restitution_share, 1 + by.restitution_share));
    if (body.fixed) continue;
    body.velocity_mps += velocity;
    body.angular_velocity_radps += spin;
    if (IsJoined(scene, body.name) || turn.norm() == 0) continue;
    const Eigen::Quaterniond small(Eigen::AngleAxisd(turn.norm(), turn.normalized()));
    body.world_from_body = Rigid3((small * body.world_from_body.rotation).normalized(),
                                  body.world_from_body.translation + shift);
  }
  return result;
}

// Whole frames that end within a time.
int FramesIn(double time_s, double fps) { return static_cast<int>(time_s * fps + 1e-9); }

using Places = std::vector<std::vector<Eigen::Vector3d>>;  // [frame][body]

Places PlacesPerFrame(const Scene& scene,
                      const EnsembleOptions& options,
                      const Progress& progress) {
  Validate(scene, scene.id);
  const double rate_hz = PhysicsRate(options.fps, options.minimum_rate_hz);
  const int stride = static_cast<int>(std::lround(rate_hz / options.fps));
  const double duration_s = options.duration_s > 0 ? options.duration_s : scene.duration_s;
  const int frames = FramesIn(duration_s, options.fps);
  BulletWorld world(scene, rate_hz, options.exact ? SolverEffort::kTruth : SolverEffort::kRollout);
  Places places;
  for (int frame = 0;; ++frame) {
    progress.ThrowIfCancelled();
    places.emplace_back();
    for (const BodyState& state : world.States()) {
      const Eigen::Vector3d& place = state.world_from_body.translation;
      if (!place.allFinite()) throw InputError(scene.id, "a rollout leaves the finite numbers");
      places.back().push_back(place);
    }
    if (frame == frames) return places;
    for (int step = frame * stride; step < (frame + 1) * stride; ++step) world.Step(step);
  }
}

}  // namespace

void Perturbation::Validate() const {
  for (const double value : {position_m,
                             angle_rad,
                             velocity_mps,
                             angular_velocity_radps,
                             friction_share,
                             restitution_share}) {
    if (!(value >= 0) || !std::isfinite(value)) {
      throw UsageError("every field of a perturbation must be 0 or more");
    }
  }
  if (friction_share > 1 || restitution_share > 1) {
    throw UsageError("the shares of a perturbation must be at most 1");
  }
}

Ensemble SimulateEnsemble(const Scene& scene,
                          const Perturbation& perturbation,
                          int n,
                          const EnsembleOptions& options) {
  perturbation.Validate();
  if (n < 2) throw UsageError("an ensemble needs at least 2 rollouts");
  if (options.threads < 1) throw UsageError("threads must be 1 or more");
  SimulateOptions{.fps = options.fps,
                  .minimum_rate_hz = options.minimum_rate_hz,
                  .duration_s = options.duration_s}
      .Validate();
  Ensemble ensemble;
  ensemble.fps = options.fps;
  ensemble.places_m.resize(n);
  const auto simulate = [&](int i, const Progress& quiet) {
    ensemble.places_m[i] = PlacesPerFrame(Perturbed(scene, perturbation, i), options, quiet);
  };
  DoInParallel("rollouts", n, options.threads, simulate, options.progress);
  return ensemble;
}

std::vector<std::vector<double>> SpreadOf(const Ensemble& ensemble) {
  std::vector<std::vector<double>> spread;
  const double n = static_cast<double>(ensemble.places_m.size());
  for (size_t frame = 0; frame < ensemble.places_m.at(0).size(); ++frame) {
    spread.emplace_back();
    for (size_t body = 0; body < ensemble.places_m[0][frame].size(); ++body) {
      Eigen::Vector3d mean = Eigen::Vector3d::Zero();
      for (const auto& rollout : ensemble.places_m) mean += rollout[frame][body] / n;
      double squares = 0;
      for (const auto& rollout : ensemble.places_m) {
        squares += (rollout[frame][body] - mean).squaredNorm();
      }
      spread.back().push_back(std::sqrt(squares / n));
    }
  }
  return spread;
}

std::vector<double> PredictableHorizons(const Scene& scene, const Ensemble& ensemble) {
  const std::vector<std::vector<double>> spread = SpreadOf(ensemble);
  std::vector<double> horizons_s;
  for (size_t body = 0; body < scene.bodies.size(); ++body) {
    const double limit_m = kHorizonShare * SizeOf(scene.bodies[body].shape);
    size_t frame = 0;
    while (frame + 1 < spread.size() && spread[frame][body] <= limit_m) ++frame;
    horizons_s.push_back(static_cast<double>(frame) / ensemble.fps);
  }
  return horizons_s;
}

Truth MakeTruthWithHorizons(const Scene& scene,
                            const RenderOptions& options,
                            const Progress& progress) {
  Truth truth = MakeTruth(scene, options, progress);
  EnsembleOptions rollouts;
  rollouts.fps = options.fps;
  rollouts.duration_s = static_cast<double>(truth.motion.states.size() - 1) / truth.motion.rate_hz;
  rollouts.threads = options.threads;
  rollouts.progress = progress;
  const bool still = std::all_of(
      scene.bodies.begin(), scene.bodies.end(), [](const Body& body) { return body.fixed; });
  if (still && scene.events.empty()) {
    // Nothing that could come otherwise.
    truth.predictable_horizons_s.assign(scene.bodies.size(),
                                        FramesIn(rollouts.duration_s, rollouts.fps) / rollouts.fps);
    return truth;
  }
  truth.predictable_horizons_s =
      PredictableHorizons(scene, SimulateEnsemble(scene, {}, kStoredRollouts, rollouts));
  return truth;
}

}  // namespace plumb
