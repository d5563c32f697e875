// SPDX-License-Identifier: Apache-2.0
#include "scenes/sabotage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/check.h"
#include "core/document.h"
#include "core/errors.h"
#include "core/seed.h"
#include "scenes/internal_frame_renderer.h"
#include "scenes/internal_passes.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

constexpr int kWarpGrowth_frames = 12;
// A jump that leaves the object in view for this share of the rest of the clip is taken at once.
constexpr double kEnoughSeen = 0.6;

// What a saboteur works on.
struct Job {
  const Truth& truth;
  const Sabotage& sabotage;
  int first_frame;  // the first frame that may differ
  RenderOptions options;
  Progress progress;
};

RenderOptions OptionsOf(const Truth& truth) {
  RenderOptions options;
  options.width = truth.video.width();
  options.height = truth.video.height();
  options.frames = truth.num_frames();
  options.fps = truth.video.fps();
  return RenderOptions::PicturesOnly(options);
}

// The body named, or the first object that can move, or the first object.
int ChosenBody(const Scene& scene, const std::string& name) {
  std::vector<std::string> names;
  int chosen = -1;
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    const Body& body = scene.bodies[i];
    names.push_back(body.name);
    if (body.name == name) return static_cast<int>(i);
    if (body.role != Role::kObject) continue;
    if (chosen < 0 || (scene.bodies[chosen].fixed && !body.fixed)) chosen = static_cast<int>(i);
  }
  if (!name.empty()) {
    const std::string nearest = NearestName(name, names);
    throw UsageError(fmt::format("scene '{}' has no body '{}'{}",
                                 scene.id,
                                 name,
                                 nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }
  if (chosen < 0) throw UsageError(fmt::format("scene '{}' has no object to sabotage", scene.id));
  return chosen;
}

int OtherObject(const Scene& scene, int body) {
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (static_cast<int>(i) != body && scene.bodies[i].role == Role::kObject)
      return static_cast<int>(i);
  }
  throw UsageError(fmt::format("scene '{}' has no second object to swap with", scene.id));
}

bool HasOccluder(const Scene& scene) {
  return std::any_of(scene.bodies.begin(), scene.bodies.end(), [](const Body& body) {
    return body.role == Role::kOccluder;
  });
}

// The first frame from `first` on in which nothing of the body is seen; `first` without an
// occluder, or when never.
int HiddenFrame(const Truth& truth, int body, int first) {
  if (!HasOccluder(truth.scene)) return first;
  for (int frame = first; frame < truth.num_frames(); ++frame) {
    const BodyView& view = truth.views[frame][body];
    if (view.presence == Presence::kOccluded && view.modal_area_px == 0) return frame;
  }
  return first;
}

// The truth's own frames before `first_frame`, then the given ones.
Video Assemble(const Truth& truth, int first_frame, std::vector<Image> rest) {
  std::vector<Image> frames(truth.video.frames().begin(),
                            truth.video.frames().begin() + first_frame);
  std::move(rest.begin(), rest.end(), std::back_inserter(frames));
  return {std::move(frames), truth.video.fps(), truth.video.times_s()};
}

Video Rendered(const Job& job, const Motion& motion, const RenderVariation& variation) {
  return Assemble(job.truth,
                  job.first_frame,
                  RenderPictures({job.truth.scene, motion, job.options, variation, job.first_frame},
                                 job.progress));
}

// The truth's motion until the frame before the first that differs, then with a change.
Motion SimulatedWith(const Job& job, Intervention change, int first_frame) {
  SimulateOptions options;
  options.fps = job.options.fps;
  options.minimum_rate_hz = job.truth.motion.rate_hz;
  options.duration_s = (job.truth.motion.states.size() - 1) / job.truth.motion.rate_hz;
  change.time_s = (first_frame - 1) / job.options.fps;
  options.interventions = {change};
  return Simulate(job.truth.scene, options, job.progress);
}

Video BreakGravity(const Job& job) {
  Intervention change;
  change.gravity_factor = job.sabotage.amount;
  return Rendered(job, SimulatedWith(job, change, job.first_frame), {});
}

Video BreakRestitution(const Job& job) {
  Intervention change;
  change.restitution_factor = job.sabotage.amount;
  return Rendered(job, SimulatedWith(job, change, job.first_frame), {});
}

Video BreakExistence(Job job) {
  const int body = ChosenBody(job.truth.scene, job.sabotage.body);
  const int moment = job.sabotage.onset_frame < 0 ? HiddenFrame(job.truth, body, job.first_frame)
                                                  : job.first_frame;
  const int frames = job.truth.num_frames();
  job.first_frame = frames - static_cast<int>(std::lround(job.sabotage.amount * (frames - moment)));
  if (job.first_frame >= frames) return job.truth.video;
  RenderVariation variation;
  variation.changing_bodies = {body};
  variation.is_gone = [first = job.first_frame](int, int frame) { return frame >= first; };
  Intervention change;
  change.body = body;
  change.take_out = true;
  return Rendered(job, SimulatedWith(job, change, job.first_frame), variation);
}

// A look between two; the pattern is that of the nearer.
Material Mixed(const Material& own, const Material& other, double share) {
  Material mixed = share < 0.5 ? own : other;
  mixed.colour = (1 - share) * own.colour + share * other.colour;
  mixed.second_colour = (1 - share) * own.second_colour + share * other.second_colour;
  mixed.gloss = (1 - share) * own.gloss + share * other.gloss;
  return mixed;
}

Video BreakIdentity(Job job) {
  const Scene& scene = job.truth.scene;
  const int body = ChosenBody(scene, job.sabotage.body);
  const int other = OtherObject(scene, body);
  if (job.sabotage.onset_frame < 0) job.first_frame = HiddenFrame(job.truth, body, job.first_frame);
  RenderVariation variation;
  variation.changing_bodies = {body, other};
  variation.material = [&scene, body, other, share = job.sabotage.amount](int asked, int) {
    return Mixed(
        scene.bodies[asked].material, scene.bodies[asked == body ? other : body].material, share);
  };
  return Rendered(job, job.truth.motion, variation);
}

// The normal of the fixed body that a body touched last before a time; zero when it flies or never
// touched one.
Eigen::Vector3d SupportNormal(const Truth& truth, int body, double time_s) {
  Eigen::Vector3d normal = Eigen::Vector3d::Zero();
  for (const ContactEvent& contact : truth.motion.contacts) {
    if (contact.time_s > time_s) break;
    if (contact.body_a != body && contact.body_b != body) continue;
    const int other = contact.body_a == body ? contact.body_b : contact.body_a;
    if (truth.scene.bodies[other].fixed) normal = contact.normal;
  }
  return normal;
}

// Mean share of the body that is seen after a jump, counted against its size before it, over six
// frames until the end.
double SeenAfter(const Job& job, const Motion& motion, int body) {
  constexpr int kProbes = 6;
  FrameRenderer renderer(job.truth.scene, job.options, {});
  const double before_px = std::max(1.0, job.truth.views[job.first_frame - 1][body].modal_area_px);
  const int last = job.truth.num_frames() - 1;
  double sum = 0;
  for (int k = 0; k < kProbes; ++k) {
    const int frame = job.first_frame + k * (last - job.first_frame) / (kProbes - 1);
    const FrameInput input = InputAtFrame(job.truth.scene, motion, job.options, frame);
    const FrameOutput output = renderer.Render(input);
    const BodyView view = ViewsOf(job.truth.scene, input, output)[body];
    sum += view.visible_share * std::min(1.0, view.modal_area_px / before_px);
  }
  return sum / kProbes;
}

Video BreakContinuity(const Job& job) {
  const int body = ChosenBody(job.truth.scene, job.sabotage.body);
  const Rigid3 world_from_camera = Inverse(job.truth.cameras[job.first_frame].camera_from_world);
  const double time_s = job.truth.video.times_s()[job.first_frame - 1];
  const Eigen::Vector3d normal = SupportNormal(job.truth, body, time_s);
  Eigen::Vector3d right = world_from_camera.rotation * Eigen::Vector3d::UnitX();
  right = (right - normal * normal.dot(right)).normalized();
  Eigen::Vector3d away = world_from_camera.rotation * Eigen::Vector3d::UnitZ();
  away.z() = 0;
  away.normalize();
  // Towards the middle of the picture first; another way where the object would be hidden or leave
  // the picture.
  const bool is_left =
      job.truth.views[job.first_frame - 1][body].centroid_px.x() < job.options.width / 2.0;
  const Eigen::Vector3d inwards = is_left ? right : Eigen::Vector3d(-right);
  const FloatModeGuard float_mode;
  double best = -1;
  Motion motion;
  for (const Eigen::Vector3d& direction :
       {inwards, Eigen::Vector3d(-inwards), away, Eigen::Vector3d(-away)}) {
    Intervention change;
    change.body = body;
    change.jump_m = job.sabotage.amount * direction;
    const Motion candidate = SimulatedWith(job, change, job.first_frame);
    const double seen = SeenAfter(job, candidate, body);
    if (seen <= best) continue;
    best = seen;
    motion = candidate;
    if (seen >= kEnoughSeen) break;
  }
  return Rendered(job, motion, {});
}

// Three plane waves with their own directions, lengths and speeds.
struct Wave {
  Eigen::Vector2d number;  // radians per pixel
  Eigen::Vector2d push;    // unit direction
  double speed_radpf;      // radians per frame
  double phase_rad;
};

std::array<Wave, 3> MakeWaves(const Truth& truth) {
  Random random(DeriveSeed(truth.scene.seed, truth.scene.id, "warp"));
  std::array<Wave, 3> waves;
  for (size_t k = 0; k < waves.size(); ++k) {
    const double heading = 2 * std::numbers::pi * (k + random.Uniform()) / waves.size();
    const double lean = random.Uniform(0, 2 * std::numbers::pi);
    const double length_px = truth.video.height() * random.Uniform(0.55, 0.9);
    waves[k].number =
        2 * std::numbers::pi / length_px * Eigen::Vector2d(std::cos(heading), std::sin(heading));
    waves[k].push = {std::cos(lean), std::sin(lean)};
    waves[k].speed_radpf = random.Uniform(0.2, 0.4);
    waves[k].phase_rad = random.Uniform(0, 2 * std::numbers::pi);
  }
  return waves;
}

Video BreakRigidity(const Job& job) {
  RenderVariation variation;
  variation.look_shift_px = [waves = MakeWaves(job.truth),
                             amplitude = job.sabotage.amount,
                             first = job.first_frame](const Eigen::Vector2d& point, int frame) {
    const double growth = std::min(1.0, (frame - first + 1.0) / kWarpGrowth_frames);
    Eigen::Vector2d shift = Eigen::Vector2d::Zero();
    for (const Wave& wave : waves) {
      shift +=
          wave.push * std::sin(wave.number.dot(point) + wave.speed_radpf * frame + wave.phase_rad);
    }
    // Three waves add up to a root mean square of sqrt(3/2); the amplitude is that of the whole.
    return Eigen::Vector2d(amplitude * growth * std::sqrt(2.0 / 3.0) * shift);
  };
  return Rendered(job, job.truth.motion, variation);
}

// A direction along the two longer axes of a box.
Eigen::Vector3d SlideDirection(const Body& body, Random& random) {
  const double angle = random.Uniform(0, 2 * std::numbers::pi);
  int thin = 0;
  body.shape.size_m.minCoeff(&thin);
  Eigen::Vector3d direction = Eigen::Vector3d::Zero();
  direction[(thin + 1) % 3] = std::cos(angle);
  direction[(thin + 2) % 3] = std::sin(angle);
  return direction;
}

Video BreakFixedness(const Job& job) {
  const Scene& scene = job.truth.scene;
  const Camera& camera = job.truth.cameras.front();
  const double metres_per_px =
      Project(camera, scene.camera.target_m).depth_m / camera.intrinsics.fy_px;
  Random random(DeriveSeed(scene.seed, scene.id, "drift"));
  std::vector<Eigen::Vector3d> steps_m(scene.bodies.size(), Eigen::Vector3d::Zero());
  for (size_t i = 0; i < steps_m.size(); ++i) {
    if (!scene.bodies[i].fixed || scene.bodies[i].shape.kind != ShapeKind::kBox) continue;
    steps_m[i] = job.sabotage.amount * metres_per_px * SlideDirection(scene.bodies[i], random);
  }
  RenderVariation variation;
  variation.texture_shift_m = [steps_m, first = job.first_frame](int body, int frame) {
    return Eigen::Vector3d((frame - first + 1) * steps_m[body]);
  };
  return Rendered(job, job.truth.motion, variation);
}

using Breaker = Video (*)(const Job&);
struct Entry {
  std::string_view law;
  Breaker breaker;
  double low;
  double high;
};
constexpr double kNoLimit = 1e6;
const std::array<Entry, 7> kEntries = {{
    {"gravity", BreakGravity, -kNoLimit, kNoLimit},
    {"restitution", BreakRestitution, 0, kNoLimit},
    {"vanish", [](const Job& job) { return BreakExistence(job); }, 0, 1},
    {"swap", [](const Job& job) { return BreakIdentity(job); }, 0, 1},
    {"teleport", BreakContinuity, -kNoLimit, kNoLimit},
    {"warp_px", BreakRigidity, -kNoLimit, kNoLimit},
    {"drift_px", BreakFixedness, -kNoLimit, kNoLimit},
}};

}  // namespace

Video MakeSabotaged(const Truth& truth,
                    const Sabotage& sabotage,
                    int conditioning_frames,
                    const Progress& progress) {
  PLUMB_CHECK(conditioning_frames >= 0 && conditioning_frames <= truth.num_frames(),
              "{} conditioning frames of {}",
              conditioning_frames,
              truth.num_frames());
  const Law& law = FindLaw(sabotage.law);
  const auto entry = std::find_if(
      kEntries.begin(), kEntries.end(), [&](const Entry& e) { return e.law == law.id; });
  PLUMB_CHECK(entry != kEntries.end(), "no saboteur for the law {}", law.id);
  if (!(sabotage.amount >= entry->low && sabotage.amount <= entry->high)) {
    throw UsageError(fmt::format("sabotage '{}': the amount is {}, expected {} to {}",
                                 law.id,
                                 sabotage.amount,
                                 entry->low,
                                 entry->high));
  }
  if (!sabotage.body.empty()) ChosenBody(truth.scene, sabotage.body);
  // The first frame of all shows the scene as given and is never changed.
  const int first_frame = std::max({1, conditioning_frames, sabotage.onset_frame});
  if (sabotage.amount == law.neutral || first_frame >= truth.num_frames()) return truth.video;
  return entry->breaker({truth, sabotage, first_frame, OptionsOf(truth), progress});
}

}  // namespace plumb
