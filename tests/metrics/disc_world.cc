// SPDX-License-Identifier: Apache-2.0
#include "tests/metrics/disc_world.h"

#include <algorithm>
#include <cmath>

#include "core/seed.h"

namespace plumb {
namespace {

constexpr double kDistance_m = 4.0;
constexpr double kEyeHeight_m = 0.9;
constexpr int kStepsPerFrame = 40;
constexpr int kSubpixels = 4;

// A wall with gentle blotches: nothing in it has a disc's colours.
Eigen::Vector3d WallColour(int x, int y) {
  const double blotch =
      10.0 * std::sin(0.35 * x) * std::cos(0.27 * y) + 6.0 * std::sin(0.9 * x + y);
  return Eigen::Vector3d(150, 146, 138) + Eigen::Vector3d::Constant(blotch);
}

struct Circle {
  Eigen::Vector2d centre_px;
  double radius_px;

  bool Holds(double x, double y) const {
    return (Eigen::Vector2d(x, y) - centre_px).squaredNorm() <= radius_px * radius_px;
  }
};

Circle CircleOf(const Camera& camera, const Eigen::Vector2d& place_m, double radius_m) {
  const Projection seen = Project(camera, {place_m.x(), 0.0, place_m.y()});
  return {seen.point_px, radius_m * camera.intrinsics.fx_px / seen.depth_m};
}

// Left and right edge of the screen in the picture; none: an empty range.
Eigen::Vector2d ScreenEdges(const DiscWorld& world, const Camera& camera) {
  if (!world.screen_m) return {1.0, 0.0};
  return {Project(camera, {world.screen_m->x(), 0.0, 0.0}).point_px.x(),
          Project(camera, {world.screen_m->y(), 0.0, 0.0}).point_px.x()};
}

bool OnScreen(const Eigen::Vector2d& edges, double x_px) {
  return x_px >= edges[0] && x_px <= edges[1];
}

// True for pixels that an edge crosses: only they need more than one sample.
bool IsMixed(const std::vector<Circle>& circles, const Eigen::Vector2d& edges, double x, double y) {
  for (const Circle& circle : circles) {
    const double off = (Eigen::Vector2d(x, y) - circle.centre_px).norm() - circle.radius_px;
    if (std::abs(off) < 0.8) return true;
  }
  return std::abs(x - edges[0]) < 0.8 || std::abs(x - edges[1]) < 0.8;
}

Image DrawFrame(const DiscWorld& world, const std::vector<DrawnDisc>& shown) {
  const Camera camera = world.MakeCamera();
  const Eigen::Vector2d edges = ScreenEdges(world, camera);
  Image image(world.width, world.height);
  std::vector<Circle> circles;
  for (const DrawnDisc& disc : shown) {
    circles.push_back(CircleOf(camera, disc.place_m, disc.radius_m));
  }
  const auto colour_at = [&](const Eigen::Vector3d& wall, double x, double y) {
    Eigen::Vector3d colour = wall;
    for (size_t i = 0; i < circles.size(); ++i) {
      if (circles[i].Holds(x, y)) colour = shown[i].rgb;
    }
    return OnScreen(edges, x) ? Eigen::Vector3d(60, 64, 70) : colour;
  };
  for (int y = 0; y < world.height; ++y) {
    for (int x = 0; x < world.width; ++x) {
      const int n = IsMixed(circles, edges, x + 0.5, y + 0.5) ? kSubpixels : 1;
      const Eigen::Vector3d wall = WallColour(x, y);
      Eigen::Vector3d sum = Eigen::Vector3d::Zero();
      for (int s = 0; s < n * n; ++s) {
        sum += colour_at(wall, x + (s % n + 0.5) / n, y + (s / n + 0.5) / n);
      }
      for (int c = 0; c < 3; ++c) {
        image.Pixel(x, y)[c] =
            static_cast<uint8_t>(std::clamp(std::lround(sum[c] / (n * n)), 0L, 255L));
      }
    }
  }
  return image;
}

Scene MakeScene(const DiscWorld& world) {
  Scene scene;
  scene.id = "discs-0";
  scene.scenario = "discs";
  scene.duration_s = world.frames / world.fps;
  scene.gravity_mps2 = {0.0, 0.0, -world.gravity_mps2};
  Body wall;
  wall.name = "wall";
  wall.role = Role::kStructure;
  wall.fixed = true;
  scene.bodies.push_back(wall);
  if (world.screen_m) {
    Body screen = wall;
    screen.name = "screen";
    screen.role = Role::kOccluder;
    scene.bodies.push_back(screen);
  }
  for (const Disc& disc : world.discs) {
    Body body;
    body.name = disc.name;
    body.shape = {ShapeKind::kSphere, Eigen::Vector3d::Constant(2.0 * disc.radius_m)};
    scene.bodies.push_back(body);
  }
  return scene;
}

int FirstDisc(const DiscWorld& world) { return world.screen_m ? 2 : 1; }

Motion MakeMotion(const DiscWorld& world) {
  Motion motion;
  motion.rate_hz = world.fps * kStepsPerFrame;
  motion.contacts = world.contacts;
  const int steps = (world.frames - 1) * kStepsPerFrame + 1;
  constexpr double kHalf_s = 1e-6;
  for (int step = 0; step < steps; ++step) {
    const double time_s = step / motion.rate_hz;
    std::vector<BodyState> states(FirstDisc(world) + world.discs.size());
    for (size_t i = 0; i < world.discs.size(); ++i) {
      const Eigen::Vector2d place = world.discs[i].place_m(time_s);
      const Eigen::Vector2d velocity =
          (world.discs[i].place_m(time_s + kHalf_s) - world.discs[i].place_m(time_s)) / kHalf_s;
      BodyState& state = states[FirstDisc(world) + i];
      state.world_from_body.translation = {place.x(), 0.0, place.y()};
      state.velocity_mps = {velocity.x(), 0.0, velocity.y()};
    }
    motion.states.push_back(std::move(states));
  }
  return motion;
}

// Masks and views of one frame, from the same circles.
void AddFrame(const DiscWorld& world, int frame, Truth& truth) {
  const Camera camera = world.MakeCamera();
  const int first = FirstDisc(world);
  const size_t pixels = static_cast<size_t>(world.width) * world.height;
  uint8_t* ids = truth.passes.instances.As<uint8_t>().data() + frame * pixels;
  std::vector<BodyView> views(first + world.discs.size());
  std::vector<double> alone(views.size(), 0.0);
  const std::vector<DrawnDisc> shown = world.Shown(frame);
  const Eigen::Vector2d edges = ScreenEdges(world, camera);
  std::vector<Circle> circles;
  for (const DrawnDisc& disc : shown) {
    circles.push_back(CircleOf(camera, disc.place_m, disc.radius_m));
  }
  for (size_t p = 0; p < pixels; ++p) {
    const double x = p % world.width + 0.5;
    const double y = p / world.width + 0.5;
    ids[p] = 1;
    for (size_t i = 0; i < shown.size(); ++i) {
      if (!circles[i].Holds(x, y)) continue;
      ids[p] = static_cast<uint8_t>(first + i + 1);
      alone[first + i] += 1.0;
    }
    if (OnScreen(edges, x)) ids[p] = 2;
    views[ids[p] - 1].modal_area_px += 1.0;
  }
  for (size_t i = 0; i < shown.size(); ++i) {
    BodyView& view = views[first + i];
    const Circle& circle = circles[i];
    view.centroid_px = circle.centre_px;
    view.visible_share = alone[first + i] > 0.0 ? view.modal_area_px / alone[first + i] : 0.0;
    view.amodal_box_px << circle.centre_px.x() - circle.radius_px,
        circle.centre_px.y() - circle.radius_px, 2 * circle.radius_px, 2 * circle.radius_px;
    view.presence = alone[first + i] == 0.0     ? Presence::kOutOfView
                    : view.visible_share >= 0.1 ? Presence::kVisible
                                                : Presence::kOccluded;
  }
  truth.views.push_back(std::move(views));
  truth.cameras.push_back(camera);
}

}  // namespace

Camera DiscWorld::MakeCamera() const {
  const Eigen::Vector3d eye(0.0, -kDistance_m, kEyeHeight_m);
  return {Intrinsics::FromVerticalFov(width, height, 0.55),
          Inverse(WorldFromCameraLookingAt(eye, {0.0, 0.0, kEyeHeight_m}))};
}

std::vector<DrawnDisc> DiscWorld::Shown(int frame) const {
  std::vector<DrawnDisc> shown;
  for (const Disc& disc : discs) {
    shown.push_back({disc.place_m(frame / fps), disc.radius_m, disc.rgb});
  }
  return shown;
}

Video DiscWorld::Film(const Direct& direct) const {
  std::vector<Image> pictures;
  for (int f = 0; f < frames; ++f) {
    std::vector<DrawnDisc> shown = Shown(f);
    if (direct) direct(f, shown);
    pictures.push_back(DrawFrame(*this, shown));
  }
  return {std::move(pictures), fps};
}

Truth DiscWorld::MakeTruth() const {
  Truth truth{MakeScene(*this), MakeMotion(*this), Film(), {}, {}, {}};
  truth.passes.instances = Tensor(DType::kU8, {frames, height, width});
  for (int f = 0; f < frames; ++f) AddFrame(*this, f, truth);
  return truth;
}

std::function<Eigen::Vector2d(double)> Bouncing(const Eigen::Vector2d& start_m,
                                                double radius_m,
                                                double restitution,
                                                double gravity_mps2) {
  return [=](double time_s) {
    double height = start_m.y() - radius_m;
    double speed = 0.0;  // upwards, at the start of the arc
    double left_s = time_s;
    for (int bounce = 0; bounce < 20; ++bounce) {
      const double down =
          (speed + std::sqrt(speed * speed + 2.0 * gravity_mps2 * height)) / gravity_mps2;
      if (left_s <= down || gravity_mps2 == 0.0) break;
      left_s -= down;
      speed = restitution * (gravity_mps2 * down - speed);
      height = 0.0;
    }
    const double z = radius_m + height + speed * left_s - 0.5 * gravity_mps2 * left_s * left_s;
    return Eigen::Vector2d(start_m.x(), std::max(z, radius_m));
  };
}

double FirstTouch(double height_m, double radius_m, double gravity_mps2) {
  return std::sqrt(2.0 * (height_m - radius_m) / gravity_mps2);
}

std::function<Eigen::Vector2d(double)> Rolling(const Eigen::Vector2d& start_m, double speed_mps) {
  return
      [=](double time_s) { return Eigen::Vector2d(start_m.x() + speed_mps * time_s, start_m.y()); };
}

Video Filtered(const Video& video, const std::function<double(double, size_t)>& filter) {
  std::vector<Image> frames = video.frames();
  size_t index = 0;
  for (Image& frame : frames) {
    for (uint8_t& level : frame.rgb) {
      level = static_cast<uint8_t>(std::clamp(std::lround(filter(level, index++)), 0L, 255L));
    }
  }
  return {std::move(frames), video.fps(), video.times_s()};
}

}  // namespace plumb
