// SPDX-License-Identifier: Apache-2.0
#include "scenes/simulation/internal_round_on_box.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <vector>

#include <BulletCollision/CollisionDispatch/btCollisionObjectWrapper.h>

#include "scenes/simulation/internal_bullet_conversions.h"

namespace plumb {
namespace {

using Eigen::Vector3d;

// A disc tilted by less than this (radians) touches in points that are fixed on it, so that they
// don't wander while it stands.
constexpr double kFlat = 2e-3;
constexpr size_t kMostPoints = 4;  // what Bullet keeps for a pair

// A cylinder or cone between two discs across its axis, in the box's frame.
struct Round {
  std::array<Vector3d, 2> centres;
  std::array<double, 2> radii;
  Vector3d axis;
  Vector3d side;  // at right angles to the axis, fixed on the body
};

struct Candidate {
  Vector3d point;   // on the round body, in the box's frame
  Vector3d centre;  // of its disc
  double distance_m = 0.0;
};

Round RoundOf(const btCollisionShape& shape, const btTransform& box_from_round) {
  double half_m = 0;
  std::array<double, 2> radii{};
  if (shape.getShapeType() == CONE_SHAPE_PROXYTYPE) {
    const auto& cone = static_cast<const btConeShape&>(shape);
    half_m = cone.getHeight() / 2;
    radii = {cone.getRadius(), 0};
  } else {
    const auto& cylinder = static_cast<const btCylinderShape&>(shape);
    half_m = cylinder.getHalfExtentsWithMargin().z();
    radii = {cylinder.getRadius(), cylinder.getRadius()};
  }
  const Vector3d centre = ToEigen(box_from_round.getOrigin());
  const Vector3d axis = ToEigen(box_from_round.getBasis().getColumn(2));
  return {{centre - half_m * axis, centre + half_m * axis},
          radii,
          axis,
          ToEigen(box_from_round.getBasis().getColumn(0))};
}

// The direction in the discs that goes down most steeply towards a face.
Vector3d Downhill(const Round& round, const Vector3d& normal) {
  const Vector3d down = normal.dot(round.axis) * round.axis - normal;
  return down.norm() > kFlat ? down.normalized() : round.side;
}

// The lowest point of each disc, and three more of the lower disc's rim, lowest first.
std::vector<Candidate> Candidates(const Round& round, const Vector3d& normal, double face_m) {
  const Vector3d down = Downhill(round, normal);
  const Vector3d across = round.axis.cross(down);
  const auto at = [&](int disc, const Vector3d& direction) {
    const Vector3d point = round.centres[disc] + round.radii[disc] * direction;
    return Candidate{point, round.centres[disc], normal.dot(point) - face_m};
  };
  std::vector<Candidate> result = {at(0, down), at(1, down)};
  const int lower = result[0].distance_m <= result[1].distance_m ? 0 : 1;
  if (round.radii[lower] > 0) {
    for (const Vector3d& direction : {across, Vector3d(-across), Vector3d(-down)}) {
      result.push_back(at(lower, direction));
    }
  }
  std::stable_sort(result.begin(), result.end(), [](const Candidate& a, const Candidate& b) {
    return a.distance_m < b.distance_m;
  });
  return result;
}

struct FaceContact {
  Vector3d normal = Vector3d::Zero();  // of the face, in the box's frame
  std::vector<Candidate> points;       // empty: not with a face alone
};

// Moves a point of a disc that lies flat on a face back to the face's edge. False when the disc's
// centre is not above the face.
bool ClipToFace(Candidate& candidate, const Vector3d& half_m, int face_axis) {
  double share = 1;
  for (int k = 0; k < 3; ++k) {
    if (k == face_axis) continue;
    if (std::abs(candidate.centre[k]) > half_m[k]) return false;
    const double way = candidate.point[k] - candidate.centre[k];
    const double edge = std::copysign(half_m[k], way) - candidate.centre[k];
    if (std::abs(way) > std::abs(edge)) share = std::min(share, edge / way);
  }
  candidate.point = candidate.centre + share * (candidate.point - candidate.centre);
  return true;
}

// The points that touch or nearly touch the face that the round body is farthest out of.
FaceContact ContactWithFace(const Round& round, const Vector3d& half_m, double reach_m) {
  FaceContact best;
  double farthest_m = -1e30;
  int best_axis = 0;
  for (int face = 0; face < 6; ++face) {
    const int k = face / 2;
    const Vector3d normal = (face % 2 ? 1.0 : -1.0) * Vector3d::Unit(k);
    std::vector<Candidate> points = Candidates(round, normal, half_m[k]);
    if (points[0].distance_m <= farthest_m) continue;
    farthest_m = points[0].distance_m;
    best = {normal, std::move(points)};
    best_axis = k;
  }
  std::vector<Candidate> near;
  for (const Candidate& candidate : best.points) {
    if (candidate.distance_m > reach_m || near.size() == kMostPoints) break;
    Candidate inside = candidate;
    if (!ClipToFace(inside, half_m, best_axis)) return {};
    if (inside.point != candidate.point) {
      if (best.normal.cross(round.axis).norm() > kFlat) return {};
      inside.distance_m = best.normal.dot(inside.point) - half_m[best_axis];
    }
    near.push_back(inside);
  }
  best.points = std::move(near);
  return best;
}

class RoundOnBox : public btActivatingCollisionAlgorithm {
 public:
  RoundOnBox(btCollisionAlgorithmConstructionInfo& info,
             const btCollisionObjectWrapper* first,
             const btCollisionObjectWrapper* second,
             btCollisionAlgorithmCreateFunc& general)
      : btActivatingCollisionAlgorithm(info, first, second), manifold_(info.m_manifold) {
    owns_manifold_ = manifold_ == nullptr;
    if (owns_manifold_) {
      manifold_ =
          m_dispatcher->getNewManifold(first->getCollisionObject(), second->getCollisionObject());
    }
    btCollisionAlgorithmConstructionInfo shared = info;
    shared.m_manifold = manifold_;
    general_ = general.CreateCollisionAlgorithm(shared, first, second);
  }
  ~RoundOnBox() override {
    general_->~btCollisionAlgorithm();
    m_dispatcher->freeCollisionAlgorithm(general_);
    if (owns_manifold_) m_dispatcher->releaseManifold(manifold_);
  }

  void processCollision(const btCollisionObjectWrapper* first,
                        const btCollisionObjectWrapper* second,
                        const btDispatcherInfo& info,
                        btManifoldResult* result) override {
    const bool box_first = first->getCollisionShape()->getShapeType() == BOX_SHAPE_PROXYTYPE;
    const btCollisionObjectWrapper& box = box_first ? *first : *second;
    const btCollisionObjectWrapper& round = box_first ? *second : *first;
    const btTransform& world_from_box = box.getWorldTransform();
    const auto& box_shape = static_cast<const btBoxShape&>(*box.getCollisionShape());
    const FaceContact contact = ContactWithFace(
        RoundOf(*round.getCollisionShape(), world_from_box.inverseTimes(round.getWorldTransform())),
        ToEigen(box_shape.getHalfExtentsWithMargin()),
        manifold_->getContactBreakingThreshold());
    if (contact.points.empty()) {
      general_->processCollision(first, second, info, result);
      // It leaves the points of earlier steps as they were, the manifold not being its own.
      result->setPersistentManifold(manifold_);
      result->refreshContactPoints();
      return;
    }
    manifold_->clearManifold();
    result->setPersistentManifold(manifold_);
    const btVector3 normal = world_from_box.getBasis() * ToBullet(contact.normal);
    for (const Candidate& candidate : contact.points) {
      // Bullet wants the point on the second body and the normal from it to the first.
      const Vector3d on_box = candidate.point - candidate.distance_m * contact.normal;
      result->addContactPoint(box_first ? -normal : normal,
                              world_from_box * ToBullet(box_first ? candidate.point : on_box),
                              candidate.distance_m);
    }
  }
  btScalar calculateTimeOfImpact(btCollisionObject*,
                                 btCollisionObject*,
                                 const btDispatcherInfo&,
                                 btManifoldResult*) override {
    return 1;
  }
  void getAllContactManifolds(btManifoldArray& manifolds) override {
    if (owns_manifold_) manifolds.push_back(manifold_);
  }

 private:
  btPersistentManifold* manifold_;
  bool owns_manifold_ = false;
  btCollisionAlgorithm* general_ = nullptr;
};

}  // namespace

btCollisionAlgorithm* RoundOnBoxMaker::CreateCollisionAlgorithm(
    btCollisionAlgorithmConstructionInfo& info,
    const btCollisionObjectWrapper* first,
    const btCollisionObjectWrapper* second) {
  void* memory = info.m_dispatcher1->allocateCollisionAlgorithm(sizeof(RoundOnBox));
  return new (memory) RoundOnBox(info, first, second, *general);
}

void RegisterRoundOnBox(btCollisionDispatcher& dispatcher,
                        btDefaultCollisionConfiguration& configuration,
                        RoundOnBoxMaker& maker) {
  for (const int round : {CYLINDER_SHAPE_PROXYTYPE, CONE_SHAPE_PROXYTYPE}) {
    maker.general =
        configuration.getCollisionAlgorithmCreateFunc(round, CONVEX_HULL_SHAPE_PROXYTYPE);
    dispatcher.registerCollisionCreateFunc(round, BOX_SHAPE_PROXYTYPE, &maker);
    dispatcher.registerCollisionCreateFunc(BOX_SHAPE_PROXYTYPE, round, &maker);
  }
}

}  // namespace plumb
