// SPDX-License-Identifier: Apache-2.0
// Three cups are put down, one of them over a ball, change places, and are lifted.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/check.h"
#include "scenes/catalogue/containers/internal_containers.h"
#include "scenes/catalogue/containers/internal_vessels.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_lines_of_sight.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_observing.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/checks/internal_checks.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

const std::array<const char*, 3> kPlaces = {"left", "middle", "right"};
constexpr double kApart_m = 0.52;  // from cup to cup
constexpr double kGap_m = 0.002;   // between a cup's edge and the floor
constexpr double kLift_m = 0.36;
constexpr double kKeys_hz = 240.0;
constexpr double kInner_m = 0.145;
// Of the game, in seconds.
constexpr double kDown_s = 0.2;  // the cups begin to sink
constexpr double kSink_s = 0.4;
constexpr double kPause_s = 0.1;
constexpr double kSwap_s = 0.9;
constexpr double kSettle_s = 0.35;  // before the cups rise

// Two places whose cups go round each other.
struct Swap {
  int from = 0;
  int to = 1;
};

struct Game {
  std::vector<Swap> swaps;
  double FirstSwap_s() const { return kDown_s + kSink_s + kPause_s; }
  double Up_s() const { return FirstSwap_s() + swaps.size() * (kSwap_s + kPause_s) + kSettle_s; }
  double End_s() const { return Up_s() + kSink_s + 2 * kPause_s; }

  // Where the cup that began at a place is on the floor.
  Eigen::Vector2d Place_m(int cup, double time_s) const {
    int place = cup;
    for (size_t k = 0; k < swaps.size(); ++k) {
      const Swap& swap = swaps[k];
      if (place != swap.from && place != swap.to) continue;
      const double share = Ease((time_s - FirstSwap_s() - k * (kSwap_s + kPause_s)) / kSwap_s);
      const int other = place == swap.from ? swap.to : swap.from;
      if (share < 1) return OnTheWay_m(place, other, share);
      place = other;
    }
    return {kApart_m * (place - 1), 0};
  }
  // Half an ellipse, to the right in front, to the left behind.
  static Eigen::Vector2d OnTheWay_m(int from, int to, double share) {
    const double angle_rad = std::numbers::pi * share;
    const double reach_m = std::abs(to - from) == 2 ? 0.42 : 0.24;
    const double along = (from + to) / 2.0 - 1 - (to - from) / 2.0 * std::cos(angle_rad);
    return {kApart_m * along, (to > from ? -1 : 1) * reach_m * std::sin(angle_rad)};
  }
  double Height_m(double time_s) const {
    const double down = Ease((time_s - kDown_s) / kSink_s) - Ease((time_s - Up_s()) / kSink_s);
    return kGap_m + kLift_m * (1 - down);
  }
  int LastPlace(int cup) const {
    return static_cast<int>(std::lround(Place_m(cup, End_s()).x() / kApart_m)) + 1;
  }
};

Game PickGame(Random& random) {
  Game game;
  const int count = 2 + random.Index(2);
  int still = random.Index(3);
  for (int k = 0; k < count; ++k) {
    game.swaps.push_back({(still + 1) % 3, (still + 2) % 3});
    // Never the same pair twice, which would undo it.
    still = (still + 1 + random.Index(2)) % 3;
  }
  return game;
}

Body MakeCup(const Material& material, const Game& game, int place) {
  Body cup;
  cup.name = std::string(kPlaces[place]) + " cup";
  cup.role = Role::kOccluder;
  cup.shape = CupShape({.inner_radius_m = kInner_m});
  cup.material = material;
  cup.fixed = true;
  cup.path = LeadAlong(game.End_s(), kKeys_hz, [&](double time_s) {
    const Eigen::Vector2d at = game.Place_m(place, time_s);
    return Rigid3(Eigen::Quaterniond::Identity(), {at.x(), at.y(), game.Height_m(time_s)});
  });
  cup.world_from_body = cup.path.front().world_from_body;
  return cup;
}

// The cup that stands over the ball in the first half of its way, by its keys.
int CupOver(const Scene& scene, int ball) {
  const Eigen::Vector3d& x = scene.bodies[ball].world_from_body.translation;
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    const Body& body = scene.bodies[i];
    if (body.role != Role::kOccluder) continue;
    if ((body.world_from_body.translation - x).head<2>().norm() < kInner_m) {
      return static_cast<int>(i);
    }
  }
  throw CheckFailure("no cup over the ball of scene '" + scene.id + "'");
}

void TellShuffle(Scene& scene, const Game& game, int start, const std::string& colour) {
  const std::string ball = Describe(scene.bodies[BodiesWithRole(scene, Role::kObject).front()]);
  const std::string cups = "three " + colour + " plastic cups";
  const std::string swaps = NumberWord(static_cast<int>(game.swaps.size()));
  const std::string where = kPlaces[start];
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {cups + " are held upside down over the floor, the " + where + " one over " +
                        ball + "; they are put down, two at a time change places " + swaps +
                        " times, and all are lifted",
                    "the " + where + " one of " + cups + " is put over " + ball +
                        ", the cups are shuffled " + swaps + " times and lifted again",
                    ball + " lies under the " + where + " one of " + cups +
                        " that come down, go round each other in pairs " + swaps +
                        " times and rise"};
  words.outcome = "the ball went along and lies under the cup that is last on the " +
                  std::string(kPlaces[game.LastPlace(start)]);
  if (game.LastPlace(start) == 1) {
    words.outcome = "the ball went along and lies under the cup that is last in the middle";
  }
  Tell(scene, words);
}

bool IsDown(const Rigid3& cup) { return cup.translation.z() < kGap_m + 1e-6; }

}  // namespace

Scene MakeCupAndBall(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.4, 2.2);
  stage.eye_m = {0, -2.8, 1.2};
  stage.target_m = {0, 0, 0.36};
  Scene scene = MakeStage(random, stage);
  const std::vector<NamedColour> colours = PickColours(random, 2);
  const Game game = PickGame(random);
  const int start = random.Index(3);
  Body ball = MakeObject(
      random,
      {ShapeKind::kSphere, Eigen::Vector3d::Constant(random.Uniform(0.21, 0.24)), colours[0]});
  ball.material.restitution = 0.1;
  ball.material.rolling_friction_m = 0.01;  // as on felt: it comes to rest under its cup
  StandOnFloor(ball, game.Place_m(start, 0), 0);
  Material plastic = MaterialOf(random, MatterNamed("plastic"), {colours[1], 0.4});
  plastic.pattern = Pattern::kPlain;
  plastic.friction = 0.2;
  plastic.restitution = 0.2;
  scene.bodies.push_back(ball);
  for (int place = 0; place < 3; ++place) scene.bodies.push_back(MakeCup(plastic, game, place));
  scene.duration_s = game.End_s();
  TellShuffle(scene, game, start, colours[1].name);
  return scene;
}

std::vector<LawCheck> CheckCupAndBall(const Scene& scene, const Motion& motion) {
  const int ball = BodiesWithRole(scene, Role::kObject).front();
  const int cup = CupOver(scene, ball);
  const double radius_m = scene.bodies[ball].shape.size_m.x() / 2;
  double overlap_m = 0, outside_m = 0, risen_m = 0, end_m = 0;
  for (const auto& states : motion.states) {
    const Rigid3& world_from_cup = states[cup].world_from_body;
    const Eigen::Vector3d& centre = states[ball].world_from_body.translation;
    for (const int body : BodiesWithRole(scene, Role::kOccluder)) {
      overlap_m = std::max(
          overlap_m,
          OverlapWithBoards_m(scene.bodies[body], states[body].world_from_body, centre, radius_m));
    }
    risen_m = std::max(risen_m, centre.z() - radius_m);
    const Eigen::Vector3d apart = centre - world_from_cup.translation;
    end_m = apart.head<2>().norm();
    if (!IsDown(world_from_cup)) continue;
    outside_m = std::max(outside_m, apart.head<2>().norm() + radius_m - kInner_m);
  }
  // In the corners between two boards the ball reaches a little farther out.
  const double corner_m = (kInner_m - radius_m) * (1 / std::cos(std::numbers::pi / 16) - 1);
  return {Compare("way of the ball beyond the inside of its cup",
                  "m",
                  {0, std::max(0.0, outside_m), corner_m + kPenetration_m}),
          Compare("ball from the axis of its cup at the end", "m", {0, end_m, kInner_m}),
          Compare("overlap of ball and boards", "m", {0, overlap_m, kPenetration_m}),
          Compare("deepest recorded contact", "m", {0, DeepestContact_m(motion), kPenetration_m}),
          Compare("height of the ball above the floor", "m", {0, risen_m, kPenetration_m})};
}

std::vector<LawCheck> CheckCupAndBallSeen(const Truth& truth) {
  std::vector<LawCheck> checks = CheckPresence(truth);
  const int ball = BodiesWithRole(truth.scene, Role::kObject).front();
  const int cup = CupOver(truth.scene, ball);
  int under = 0, hidden = 0;
  for (int frame = 0; frame < truth.num_frames(); ++frame) {
    if (!IsDown(truth.StateAtFrame(frame, cup).world_from_body)) continue;
    ++under;
    hidden += truth.views[frame][ball].presence == Presence::kOccluded;
  }
  checks.push_back(Compare(
      "frames in which the covered ball is hidden", "count", {1.0 * under, 1.0 * hidden, 0}));
  return checks;
}

}  // namespace plumb
