// SPDX-License-Identifier: Apache-2.0
// Depth, normals, instances, masks, flow and views against rays and motions known by hand.
#include <cmath>

#include <gmock/gmock.h>

#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

// A box turned about all axes and a ball, both before a floor.
Scene TurnedBoxAndBall() {
  Scene scene = BallAboveFloor(0.2, 0.5);
  scene.gravity_mps2.setZero();
  scene.bodies[1].world_from_body.translation = {0.6, 0.3, 0.7};
  Body box = PlainBody("box", ShapeKind::kBox, {0.6, 0.4, 0.5});
  box.world_from_body =
      Rigid3(Eigen::Quaterniond(Eigen::AngleAxisd(0.8, Eigen::Vector3d(1, 2, 3).normalized())),
             {-0.4, 0, 0.8});
  scene.bodies.push_back(box);
  scene.camera.eye_m = {0.3, -3.5, 1.6};
  scene.camera.target_m = {0, 0, 0.5};
  return scene;
}

// Where a ray enters a body, as a multiple of its direction; infinite when it misses.
double EntersAt(const Body& body, const Eigen::Vector3d& eye, const Eigen::Vector3d& direction) {
  const double never = std::numeric_limits<double>::infinity();
  const Rigid3 body_from_world = Inverse(body.world_from_body);
  const Eigen::Vector3d o = body_from_world * eye;
  const Eigen::Vector3d d = body_from_world.rotation * direction;
  if (body.shape.kind == ShapeKind::kSphere) {
    const double radius = body.shape.size_m.x() / 2;
    const double b = o.dot(d);
    const double discriminant = b * b - d.squaredNorm() * (o.squaredNorm() - radius * radius);
    return discriminant < 0 ? never : (-b - std::sqrt(discriminant)) / d.squaredNorm();
  }
  // The slab test: inside all three pairs of planes.
  double enter = 0, leave = never;
  for (int axis = 0; axis < 3; ++axis) {
    const double half = body.shape.size_m[axis] / 2;
    const double first = (-half - o[axis]) / d[axis];
    const double second = (half - o[axis]) / d[axis];
    enter = std::max(enter, std::min(first, second));
    leave = std::min(leave, std::max(first, second));
  }
  return enter <= leave ? enter : never;
}

struct Hit {
  int body = -1;
  double depth_m = std::numeric_limits<double>::infinity();
};
Hit NearestByHand(const Truth& truth, const Eigen::Vector2d& point) {
  const Eigen::Vector3d eye = Inverse(truth.cameras[0].camera_from_world).translation;
  const Eigen::Vector3d direction = Unproject(truth.cameras[0], point, 1.0) - eye;
  Hit hit;
  for (size_t b = 0; b < truth.scene.bodies.size(); ++b) {
    const double depth_m = EntersAt(truth.scene.bodies[b], eye, direction);
    if (depth_m < hit.depth_m) hit = {static_cast<int>(b), depth_m};
  }
  return hit;
}

// Pixels whose centre lies within a fiftieth of a pixel of an outline may fall on either side.
bool IsClear(const Truth& truth, const Eigen::Vector2d& point) {
  const int body = NearestByHand(truth, point).body;
  for (const double dx : {-0.02, 0.02}) {
    for (const double dy : {-0.02, 0.02}) {
      if (NearestByHand(truth, point + Eigen::Vector2d(dx, dy)).body != body) return false;
    }
  }
  return true;
}

TEST(GeometryPassesTest, DepthAndInstancesAreTheNearestRayHitsOfAllBodies) {
  const Truth truth = MakeTruth(TurnedBoxAndBall(), SmallOptions(1));
  const auto depth = truth.passes.depth_m.As<float>();
  const auto instances = truth.passes.instances.As<uint8_t>();
  std::vector<int> seen(truth.scene.bodies.size(), 0);
  for (int i = 0; i < 96 * 96; ++i) {
    const Eigen::Vector2d point(i % 96 + 0.5, i / 96 + 0.5);
    if (!IsClear(truth, point)) continue;
    const Hit hit = NearestByHand(truth, point);
    ASSERT_EQ(instances[i] - 1, hit.body) << point.transpose();
    if (hit.body < 0) {
      EXPECT_TRUE(std::isinf(depth[i]));
      continue;
    }
    ++seen[hit.body];
    EXPECT_NEAR(depth[i], hit.depth_m, 1e-5 * hit.depth_m) << point.transpose();
  }
  EXPECT_GT(seen[0], 2000);
  EXPECT_GT(seen[1], 50);
  EXPECT_GT(seen[2], 200);
}

TEST(GeometryPassesTest, NormalsAreUnitFaceTheCameraAndBelongToIt) {
  const Truth truth = MakeTruth(TurnedBoxAndBall(), SmallOptions(1));
  const auto normals = truth.passes.normals.As<float>();
  const Eigen::Quaterniond world_from_camera =
      truth.cameras[0].camera_from_world.rotation.conjugate();
  const auto depth = truth.passes.depth_m.As<float>();
  const auto instances = truth.passes.instances.As<uint8_t>();
  const Eigen::Vector3d eye = Inverse(truth.cameras[0].camera_from_world).translation;
  for (int i = 0; i < 96 * 96; ++i) {
    const Eigen::Vector3d in_camera(normals[3 * i], normals[3 * i + 1], normals[3 * i + 2]);
    const Eigen::Vector3d normal = world_from_camera * in_camera;
    if (instances[i] == 0) {
      EXPECT_EQ(normal.norm(), 0);
      continue;
    }
    EXPECT_NEAR(normal.norm(), 1, 1e-5);
    const Eigen::Vector3d x = Unproject(truth.cameras[0], {i % 96 + 0.5, i / 96 + 0.5}, depth[i]);
    EXPECT_LT(normal.dot(x - eye), 1e-3);
    // A floor's normal is the world's z, whatever way the camera looks; a ball's leads away from
    // its centre.
    if (instances[i] == 1) {
      EXPECT_LT((normal - Eigen::Vector3d::UnitZ()).norm(), 1e-6);
    }
    if (instances[i] == 2) {
      const Eigen::Vector3d& centre = truth.scene.bodies[1].world_from_body.translation;
      EXPECT_LT((normal - (x - centre).normalized()).norm(), 1e-4);
    }
  }
}

TEST(GeometryPassesTest, TheCornersOfABoxAreSeenWhereTheCameraPutsThem) {
  const Truth truth = MakeTruth(TurnedBoxAndBall(), SmallOptions(1));
  const Body& box = truth.scene.bodies[2];
  Eigen::Vector2d low(1e9, 1e9), high(-1e9, -1e9);
  for (int corner = 0; corner < 8; ++corner) {
    const Eigen::Vector3d x_in_body(
        corner & 1 ? 0.3 : -0.3, corner & 2 ? 0.2 : -0.2, corner & 4 ? 0.25 : -0.25);
    const Eigen::Vector2d point =
        Project(truth.cameras[0], box.world_from_body * x_in_body).point_px;
    low = low.cwiseMin(point);
    high = high.cwiseMax(point);
  }
  // Pixel centres inside of the corners' box, so at most one pixel narrower on every side.
  const Eigen::Vector4d& seen = truth.views[0][2].amodal_box_px;
  EXPECT_GE(seen[0] + 0.5, low.x());
  EXPECT_GE(seen[1] + 0.5, low.y());
  EXPECT_LE(seen[0] + seen[2] - 0.5, high.x());
  EXPECT_LE(seen[1] + seen[3] - 0.5, high.y());
  EXPECT_NEAR(seen[2], (high - low).x(), 2.5);
  EXPECT_NEAR(seen[3], (high - low).y(), 2.5);
}

TEST(GeometryPassesTest, AmodalMasksAreThoseOfEachBodyAlone) {
  // A large ball hides a part of a small one: the small one's amodal mask is what a scene without
  // the large one shows.
  Scene scene = LoneSphere();
  Body small = scene.bodies[0];
  small.name = "small";
  small.shape.size_m.setConstant(1.2);
  small.world_from_body.translation = {1.4, 2, 0};
  scene.bodies.push_back(small);
  const Truth both = MakeTruth(scene, SmallOptions(1));
  Scene alone = scene;
  alone.bodies.erase(alone.bodies.begin());
  const Truth single = MakeTruth(alone, SmallOptions(1));
  const auto amodal = both.passes.amodal.As<uint8_t>().subspan(96 * 96, 96 * 96);
  const auto modal = single.passes.instances.As<uint8_t>();
  int different = 0, area = 0;
  for (int i = 0; i < 96 * 96; ++i) {
    different += (amodal[i] != 0) != (modal[i] != 0);
    area += modal[i] != 0;
  }
  EXPECT_LE(different, 1);
  const BodyView& view = both.views[0][1];
  EXPECT_NEAR(view.visible_share, view.modal_area_px / area, 0.01);
  EXPECT_GT(view.visible_share, 0.2);
  EXPECT_LT(view.visible_share, 0.9);
  EXPECT_EQ(both.views[0][0].visible_share, 1);
}

TEST(GeometryPassesTest, ShareAndPresenceFollowTheOverlap) {
  // A screen slides over a ball in ten scenes: the share falls from one to nothing.
  double last = 1.1;
  for (int step = 0; step <= 10; ++step) {
    Scene scene = LoneSphere();
    Body screen = PlainBody("screen", ShapeKind::kBox, {3, 0.1, 3});
    screen.role = Role::kOccluder;
    screen.fixed = true;
    screen.world_from_body.translation = {-2.4 + 0.24 * step, -2, 0};
    scene.bodies.push_back(screen);
    const BodyView view = MakeTruth(scene, SmallOptions(1)).views[0][0];
    EXPECT_LE(view.visible_share, last);
    last = view.visible_share;
    EXPECT_EQ(view.presence, last < 0.1 ? Presence::kOccluded : Presence::kVisible);
    // The ball itself stands where it stood.
    EXPECT_NEAR(view.centroid_px.x(), 48, 0.5);
    EXPECT_NEAR(view.centroid_px.y(), 48, 0.5);
  }
  EXPECT_EQ(last, 0);
}

TEST(GeometryPassesTest, FlowOfAMovingBallIsItsSpeedOverItsDepth) {
  Scene scene = BallAboveFloor(0, 0.5);
  scene.gravity_mps2.setZero();
  scene.bodies.erase(scene.bodies.begin());
  scene.bodies[0].world_from_body.translation = {-0.2, 0, 0};
  scene.bodies[0].velocity_mps = {0.6, 0, -0.3};
  scene.camera.eye_m = {0, -2, 0};
  scene.camera.target_m = {0, 0, 0};
  const Truth truth = MakeTruth(scene, SmallOptions(4));
  const auto flow = truth.passes.flow_px.As<float>();
  const auto depth = truth.passes.depth_m.As<float>();
  const auto instances = truth.passes.instances.As<uint8_t>();
  const double focal_px = truth.cameras[0].intrinsics.fx_px;
  int compared = 0;
  for (int i = 0; i < 3 * 96 * 96; ++i) {
    if (instances[i] == 0) {
      EXPECT_EQ(flow[2 * i], 0);
      continue;
    }
    // A move parallel to the picture: right along x, up along -z in world is down in the picture.
    EXPECT_NEAR(flow[2 * i], focal_px * 0.6 / 24 / depth[i], 1e-3);
    EXPECT_NEAR(flow[2 * i + 1], focal_px * 0.3 / 24 / depth[i], 1e-3);
    ++compared;
  }
  EXPECT_GT(compared, 500);
}

TEST(GeometryPassesTest, FlowIsInvalidWhereThePointIsCoveredOrLeaves) {
  const Truth truth = MakeTruth(MakeScene("occluder_pass", 43, 1), SmallOptions(30));
  const auto valid = truth.passes.flow_valid.As<uint8_t>();
  const auto flow = truth.passes.flow_px.As<float>();
  const auto instances = truth.passes.instances.As<uint8_t>();
  const int64_t area = 96 * 96;
  int64_t moved = 0;
  for (int64_t i = 0; i < static_cast<int64_t>(valid.size()); ++i) {
    if (instances[i] == 0) {
      EXPECT_EQ(valid[i], 0);
    }
    if (!valid[i]) continue;
    const double x = i % 96 + 0.5 + flow[2 * i];
    const double y = i / 96 % 96 + 0.5 + flow[2 * i + 1];
    ASSERT_GE(x, 0);
    ASSERT_LE(x, 96);
    // One of the four pixels beside the point shows the same body.
    bool found = false;
    for (int v = static_cast<int>(std::floor(y - 0.5)); v <= std::floor(y - 0.5) + 1; ++v) {
      for (int u = static_cast<int>(std::floor(x - 0.5)); u <= std::floor(x - 0.5) + 1; ++u) {
        if (u < 0 || v < 0 || u >= 96 || v >= 96) continue;
        found = found || instances[(i / area + 1) * area + v * 96 + u] == instances[i];
      }
    }
    ASSERT_TRUE(found);
    moved += std::abs(flow[2 * i]) > 0.5;
  }
  EXPECT_GT(moved, 200);
  // Some points of wall and stander are covered by the ball.
  EXPECT_LT(std::count(valid.begin(), valid.end(), 1), static_cast<int64_t>(valid.size()));
}

TEST(GeometryPassesTest, TracksOfSurfacePointsReprojectInAllFrames) {
  // Points picked on the objects of the first frame, carried by the bodies' states, must lie on
  // their body in every frame that shows them there.
  for (const char* scenario : {"bounce", "orbit_room"}) {
    const Truth truth = MakeTruth(MakeScene(scenario, 43, 2), SmallOptions(20));
    const auto depth = truth.passes.depth_m.As<float>();
    const auto instances = truth.passes.instances.As<uint8_t>();
    int compared = 0;
    for (int i = 0; i < 96 * 96; i += 29) {
      const int body = instances[i] - 1;
      if (body < 0) continue;
      const Eigen::Vector3d x_in_body =
          Inverse(truth.StateAtFrame(0, body).world_from_body) *
          Unproject(truth.cameras[0], {i % 96 + 0.5, i / 96 + 0.5}, depth[i]);
      for (const int frame : {7, 19}) {
        const Projection place = Project(
            truth.cameras[frame], truth.StateAtFrame(frame, body).world_from_body * x_in_body);
        const int u = static_cast<int>(std::floor(place.point_px.x()));
        const int v = static_cast<int>(std::floor(place.point_px.y()));
        if (u < 0 || v < 0 || u >= 96 || v >= 96) continue;
        const int at = (frame * 96 + v) * 96 + u;
        if (instances[at] != body + 1) continue;
        // Nothing of the body can lie nearer than the seen surface by more than a pixel's slope.
        EXPECT_GT(place.depth_m, depth[at] - 0.05 * place.depth_m);
        ++compared;
      }
    }
    EXPECT_GT(compared, 200) << scenario;
  }
}

}  // namespace
}  // namespace plumb
