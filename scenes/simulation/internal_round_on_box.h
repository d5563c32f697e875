// SPDX-License-Identifier: Apache-2.0
// Exact contacts of cylinders and cones with the faces of boxes: Bullet's general search for the
// nearest points wanders along a line or a disc, which turns rollers and brakes sliders. Internal
// to the scenes room.
#pragma once

#include <btBulletDynamicsCommon.h>

namespace plumb {

// Makes the algorithm for a pair; where the touch is not with a face alone, Bullet's own runs.
class RoundOnBoxMaker : public btCollisionAlgorithmCreateFunc {
 public:
  btCollisionAlgorithm* CreateCollisionAlgorithm(btCollisionAlgorithmConstructionInfo& info,
                                                 const btCollisionObjectWrapper* first,
                                                 const btCollisionObjectWrapper* second) override;

  btCollisionAlgorithmCreateFunc* general = nullptr;  // for convex shapes of any kind
};

// Both must live as long as the dispatcher.
void RegisterRoundOnBox(btCollisionDispatcher& dispatcher,
                        btDefaultCollisionConfiguration& configuration,
                        RoundOnBoxMaker& maker);

}  // namespace plumb
