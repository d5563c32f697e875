// SPDX-License-Identifier: Apache-2.0
// Tracks, flow, depth and masks against each other and against the exported cameras and motion.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "scenes/render.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

constexpr int kSize = 96;
constexpr int kFrames = 6;
constexpr double kMost_px = 0.01;

// One body of each kind tumbling past the others, seen by a camera on an arc.
Scene Tumbling() {
  Scene scene;
  scene.id = "tumbling";
  scene.gravity_mps2.setZero();
  scene.bodies = {PlainFloor()};
  for (const ShapeKind kind : kEveryKind) {
    const auto k = static_cast<int>(scene.bodies.size()) - 1;
    Body body = PlainBody("thing " + std::to_string(k), kind, {1, 1, 1});
    body.shape = OneOfKind(kind);
    body.world_from_body.translation = {1.3 * (k % 3 - 1), 1.3 * (k / 3), 0.9 + 0.8 * (k / 3)};
    body.velocity_mps = {0.9 - 0.4 * (k % 3), 0.2, 0.1};
    body.angular_velocity_radps = {1.5, -2.0 + k, 1.0};
    scene.bodies.push_back(body);
  }
  scene.camera.motion = CameraMotion::kArc;
  scene.camera.sweep_rad = 0.4;
  scene.camera.eye_m = {0.4, -5, 2.4};
  scene.camera.target_m = {0, 0.8, 1.2};
  scene.duration_s = 0.5;
  return scene;
}

// Every fifth pixel of two frames.
std::vector<TrackQuery> Grid() {
  std::vector<TrackQuery> queries;
  for (const int frame : {0, 3}) {
    for (int y = 2; y < kSize; y += 5) {
      for (int x = 2; x < kSize; x += 5) queries.push_back({frame, {x + 0.5, y + 0.5}});
    }
  }
  return queries;
}

RenderOptions AllPasses(int threads) {
  RenderOptions options = RenderOptions::EveryPass(SmallOptions(kFrames));
  options.fps = 12;
  options.tracks = Grid();
  options.threads = threads;
  return options;
}

const Truth& SharedTruth() {
  static const Truth truth = MakeTruth(Tumbling(), AllPasses(1));
  return truth;
}

Presence StateOf(const Truth& truth, int frame, size_t track) {
  const size_t count = Grid().size();
  return static_cast<Presence>(truth.passes.track_states.As<uint8_t>()[frame * count + track]);
}

Eigen::Vector2d PlaceOf(const Truth& truth, int frame, size_t track) {
  const float* place = &truth.passes.tracks_px.As<float>()[2 * (frame * Grid().size() + track)];
  return {place[0], place[1]};
}

size_t PixelOf(int frame, const Eigen::Vector2d& point_px) {
  return (static_cast<size_t>(frame) * kSize + static_cast<size_t>(point_px.y())) * kSize +
         static_cast<size_t>(point_px.x());
}

int BodyAt(const Truth& truth, int frame, const Eigen::Vector2d& point_px) {
  return truth.passes.instances.As<uint8_t>()[PixelOf(frame, point_px)] - 1;
}

double DepthAt(const Truth& truth, int frame, const Eigen::Vector2d& point_px) {
  return truth.passes.depth_m.As<float>()[PixelOf(frame, point_px)];
}

TEST(ExactnessTest, TracksReprojectThroughTheExportedCamerasAndMotion) {
  const Truth& truth = SharedTruth();
  const std::vector<TrackQuery> queries = Grid();
  double worst_px = 0;
  int compared = 0;
  for (size_t k = 0; k < queries.size(); ++k) {
    const TrackQuery& query = queries[k];
    const int body = BodyAt(truth, query.frame, query.point_px);
    if (body < 0) {
      EXPECT_EQ(StateOf(truth, query.frame, k), Presence::kAbsent);
      continue;
    }
    EXPECT_EQ(StateOf(truth, query.frame, k), Presence::kVisible);
    const Eigen::Vector3d x_in_body =
        Inverse(truth.StateAtFrame(query.frame, body).world_from_body) *
        Unproject(truth.cameras[query.frame],
                  query.point_px,
                  DepthAt(truth, query.frame, query.point_px));
    for (int frame = 0; frame < kFrames; ++frame) {
      const Projection place = Project(truth.cameras[frame],
                                       truth.StateAtFrame(frame, body).world_from_body * x_in_body);
      worst_px = std::max(worst_px, (place.point_px - PlaceOf(truth, frame, k)).norm());
      ++compared;
    }
  }
  std::printf("tracks: %d places, worst %.6f px\n", compared, worst_px);
  EXPECT_GT(compared, 2000);
  EXPECT_LE(worst_px, kMost_px);
}

TEST(ExactnessTest, FlowIsTheDifferenceOfTracksBothWays) {
  const Truth& truth = SharedTruth();
  const std::vector<TrackQuery> queries = Grid();
  const auto forward = truth.passes.flow_px.As<float>();
  const auto backward = truth.passes.backward_flow_px.As<float>();
  double worst_px = 0, longest_px = 0;
  for (size_t k = 0; k < queries.size(); ++k) {
    const auto& [frame, point] = queries[k];
    if (BodyAt(truth, frame, point) < 0) continue;
    const size_t i = PixelOf(frame, point);
    const Eigen::Vector2d ahead = PlaceOf(truth, frame + 1, k) - point;
    worst_px =
        std::max(worst_px, (ahead - Eigen::Vector2d(forward[2 * i], forward[2 * i + 1])).norm());
    longest_px = std::max(longest_px, ahead.norm());
    if (frame == 0) continue;
    // Slice f of the backward flow belongs to frame f + 1.
    const size_t j = PixelOf(frame - 1, point);
    const Eigen::Vector2d back = PlaceOf(truth, frame - 1, k) - point;
    worst_px =
        std::max(worst_px, (back - Eigen::Vector2d(backward[2 * j], backward[2 * j + 1])).norm());
  }
  std::printf("flow: worst %.6f px, longest %.2f px\n", worst_px, longest_px);
  EXPECT_GT(longest_px, 3);
  EXPECT_LE(worst_px, kMost_px);
}

TEST(ExactnessTest, VisibleTracksLieOnTheirPixelsSurfaceAndHiddenOnesBehindIt) {
  const Truth& truth = SharedTruth();
  const std::vector<TrackQuery> queries = Grid();
  int visible = 0, wrong = 0, hidden = 0, wrong_hidden = 0;
  for (size_t k = 0; k < queries.size(); ++k) {
    const int body = BodyAt(truth, queries[k].frame, queries[k].point_px);
    for (int frame = 0; body >= 0 && frame < kFrames; ++frame) {
      const Presence state = StateOf(truth, frame, k);
      const Eigen::Vector2d place = PlaceOf(truth, frame, k);
      if (state == Presence::kOutOfView || place.maxCoeff() >= kSize) continue;
      const int seen = BodyAt(truth, frame, place);
      visible += state == Presence::kVisible;
      wrong += state == Presence::kVisible && seen != body;
      hidden += state == Presence::kOccluded;
      // Something is there: the floor or a body.
      wrong_hidden += state == Presence::kOccluded && seen < 0;
    }
  }
  EXPECT_GT(visible, 1000);
  EXPECT_GT(hidden, 30);
  // Outlines pass between a track and its pixel's centre here and there.
  EXPECT_LE(wrong, visible / 40);
  EXPECT_LE(wrong_hidden, hidden / 10);
}

TEST(ExactnessTest, MasksAgreeWithDepthAtEveryPixel) {
  const Truth& truth = SharedTruth();
  const auto depth = truth.passes.depth_m.As<float>();
  const auto instances = truth.passes.instances.As<uint8_t>();
  const auto amodal = truth.passes.amodal.As<uint8_t>();
  const auto albedo = truth.passes.albedo.As<float>();
  const auto normals = truth.passes.normals.As<float>();
  const size_t bodies = truth.scene.bodies.size();
  for (size_t i = 0; i < instances.size(); ++i) {
    ASSERT_EQ(instances[i] == 0, std::isinf(depth[i]));
    ASSERT_EQ(instances[i] == 0, albedo[3 * i] == 0 && albedo[3 * i + 1] == 0);
    const Eigen::Vector3f normal(normals[3 * i], normals[3 * i + 1], normals[3 * i + 2]);
    ASSERT_NEAR(normal.norm(), instances[i] == 0 ? 0 : 1, 1e-5);
    if (instances[i] < 2) continue;  // structure has no amodal mask
    const size_t frame = i / (kSize * kSize), pixel = i % (kSize * kSize);
    ASSERT_EQ(amodal[(frame * bodies + instances[i] - 1) * kSize * kSize + pixel], 1);
  }
}

TEST(ExactnessTest, FacesAndPartsAreMarked) {
  const Truth& truth = SharedTruth();
  const auto parts = truth.passes.parts.As<uint8_t>();
  const auto instances = truth.passes.instances.As<uint8_t>();
  int box_of_compound = 0, ball_of_compound = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (instances[i] == 0) continue;
    const ShapeKind kind = truth.scene.bodies[instances[i] - 1].shape.kind;
    if (instances[i] == 1) {
      ASSERT_EQ(parts[i], 5);  // the floor's top
    }
    if (kind == ShapeKind::kSphere) {
      ASSERT_EQ(parts[i], 0);
    }
    if (kind != ShapeKind::kCompound) continue;
    ASSERT_LE(parts[i], 8);
    (parts[i] == 8 ? ball_of_compound : box_of_compound) += 1;
  }
  EXPECT_GT(box_of_compound, 50);
  EXPECT_GT(ball_of_compound, 50);
}

TEST(ExactnessTest, AnyNumberOfThreadsGivesTheSameBytes) {
  const uint64_t digest = DigestOf(SharedTruth());
  for (const int threads : {2, 3, 16}) {
    const Truth truth = MakeTruth(Tumbling(), AllPasses(threads));
    EXPECT_EQ(DigestOf(truth), digest) << threads;
    EXPECT_EQ(truth.views[3][4].centroid_px, SharedTruth().views[3][4].centroid_px);
  }
}

TEST(ExactnessTest, AStillCameraGivesTheSameBytesToo) {
  Scene scene = Tumbling();
  scene.camera.motion = CameraMotion::kStatic;
  EXPECT_EQ(DigestOf(MakeTruth(scene, AllPasses(1))), DigestOf(MakeTruth(scene, AllPasses(2))));
}

TEST(ExactnessTest, RemovedBodiesAreGoneFromTheirMomentOn) {
  Scene scene = Tumbling();
  scene.events = {{0.2, SceneEventKind::kRemove, "thing 4"}};
  const Truth truth = MakeTruth(scene, AllPasses(1));
  for (int frame = 0; frame < kFrames; ++frame) {
    const bool gone = frame / 12.0 >= 0.2;
    EXPECT_EQ(truth.views[frame][5].presence == Presence::kAbsent, gone) << frame;
    EXPECT_EQ(truth.views[frame][5].modal_area_px == 0, gone) << frame;
  }
}

TEST(ExactnessTest, ASteepCameraFromAboveSeesTheFloorFaceOn) {
  Scene scene = Tumbling();
  scene.camera = {};
  scene.camera.eye_m = {0, -0.05, 6};
  scene.camera.target_m = {0, 0, 0};
  scene.lighting.centre_m = {1, -1, 5};
  const Truth truth = MakeTruth(scene, AllPasses(1));
  const size_t i = PixelOf(0, {2, 2});
  EXPECT_EQ(truth.passes.instances.As<uint8_t>()[i], 1);
  EXPECT_LT(truth.passes.normals.As<float>()[3 * i + 2], -0.99);  // towards the camera
}

}  // namespace
}  // namespace plumb
