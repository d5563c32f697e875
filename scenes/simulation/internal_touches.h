// SPDX-License-Identifier: Apache-2.0
// What Bullet's solver did at the points where bodies touch. Internal to the scenes room.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include <btBulletDynamicsCommon.h>

#include "core/truth.h"

namespace plumb {

// All touches of the sub-steps of one step.
class Touches {
 public:
  // Empties the record of a step.
  void StartStep();
  // Reads the manifolds after a sub-step of `step_s` that began at `now_s` with the states
  // `before`; that is when Bullet looked for touches. They count once they are kept.
  void Read(btDispatcher& dispatcher,
            double now_s,
            double step_s,
            const std::vector<BodyState>& before);
  void Keep();

  // Touches that began in the step, by (body_a, body_b).
  const std::vector<ContactEvent>& began() const { return began_; }
  // Every pair that pushed in the step, by (body_a, body_b); `step` is left 0.
  std::vector<StepContact> Pairs() const;
  // Whether anything touched the body in the last sub-step, pushing or not.
  bool Touched(int body) const { return body < int(touched_.size()) && touched_[body]; }

 private:
  using Pair = std::pair<int, int>;
  // The touch of one pair in one sub-step: the point with the largest impulse, and sums.
  struct PairTouch {
    ContactEvent event;
    double largest_ns = 0.0;
    double overlap_m = 0.0;  // at that point
    StepContact sum;         // point and normal weighted by impulse
  };
  static void Add(const btPersistentManifold& manifold,
                  const btManifoldPoint& point,
                  PairTouch& touch);

  double read_s_ = 0.0;
  std::map<Pair, PairTouch> read_;
  std::map<Pair, double> last_touch_s_;
  std::map<Pair, StepContact> pairs_;
  std::vector<ContactEvent> began_;
  std::vector<bool> touched_;
};

}  // namespace plumb
