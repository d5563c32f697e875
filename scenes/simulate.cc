// SPDX-License-Identifier: Apache-2.0
#include "scenes/simulate.h"

#include <cmath>

#include "core/check.h"
#include "core/errors.h"
#include "scenes/simulation/internal_bullet_world.h"

namespace plumb {
namespace {

// Number of steps that cover the time, with room for rounding.
int NumSteps(double duration_s, double rate_hz) {
  return static_cast<int>(std::ceil(duration_s * rate_hz - 1e-9));
}

void CheckFinite(const Scene& scene, const std::vector<BodyState>& states, double time_s) {
  for (size_t i = 0; i < states.size(); ++i) {
    const bool finite = states[i].world_from_body.translation.allFinite() &&
                        states[i].world_from_body.rotation.coeffs().allFinite() &&
                        states[i].velocity_mps.allFinite() &&
                        states[i].angular_velocity_radps.allFinite();
    if (!finite) {
      throw InputError(
          scene.id,
          fmt::format(
              "body '{}' leaves the finite numbers at {:.4f} s", scene.bodies[i].name, time_s));
    }
  }
}

}  // namespace

void SimulateOptions::Validate() const {
  const auto require = [](bool condition, const std::string& message) {
    if (!condition) throw UsageError(message);
  };
  require(std::isfinite(fps) && fps > 0, fmt::format("fps is {}, expected above 0", fps));
  require(minimum_rate_hz > 0 && minimum_rate_hz <= 1e6,
          fmt::format("minimum_rate_hz is {}, expected above 0, at most 1e6", minimum_rate_hz));
  require(duration_s >= 0 && std::isfinite(duration_s),
          fmt::format("duration_s is {}, expected 0 or more", duration_s));
  for (const Intervention& change : interventions) {
    require(std::isfinite(change.time_s) && std::isfinite(change.gravity_factor) &&
                std::isfinite(change.restitution_factor) && change.restitution_factor >= 0 &&
                change.jump_m.allFinite(),
            "an intervention holds a number that is not finite or a negative restitution factor");
  }
}

double PhysicsRate(double fps, double minimum_rate_hz) {
  return fps * std::max(1.0, std::ceil(minimum_rate_hz / fps - 1e-9));
}

Motion Simulate(const Scene& scene, const SimulateOptions& options, const Progress& progress) {
  Validate(scene, scene.id);
  options.Validate();
  Motion motion;
  motion.rate_hz = PhysicsRate(options.fps, options.minimum_rate_hz);
  const double duration_s = options.duration_s > 0 ? options.duration_s : scene.duration_s;
  const int num_steps = NumSteps(duration_s, motion.rate_hz);
  BulletWorld world(scene, motion.rate_hz);
  motion.states.reserve(num_steps + 1);
  motion.energies.reserve(num_steps + 1);
  motion.states.push_back(world.States());
  motion.energies.push_back(world.Energies());
  size_t next_change = 0;
  for (int step = 0; step < num_steps; ++step) {
    const double time_s = step / motion.rate_hz;
    // Changes take effect in the first step that begins at or after their time.
    while (next_change < options.interventions.size() &&
           options.interventions[next_change].time_s <= time_s + 1e-9) {
      world.Apply(options.interventions[next_change++]);
    }
    for (const ContactEvent& contact : world.Step(step)) motion.contacts.push_back(contact);
    for (StepContact contact : world.Contacts()) {
      contact.step = step;
      motion.step_contacts.push_back(contact);
    }
    motion.states.push_back(world.States());
    motion.energies.push_back(world.Energies());
    CheckFinite(scene, motion.states.back(), time_s + 1 / motion.rate_hz);
    if (step % 256 == 0) {
      progress.Report("simulate", step, num_steps);
      progress.ThrowIfCancelled();
    }
  }
  return motion;
}

}  // namespace plumb
