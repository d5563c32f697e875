// SPDX-License-Identifier: Apache-2.0
// What happens in a truth, as a list.
#pragma once

namespace plumb {

// Motion: a pair's first contact, each of its separations (touches that pause for less than 0.02 s
// go on), a body that comes to rest for good. Sight: a body enters and leaves the picture, is
// hidden by others and shows again.
enum class TruthEventKind {
  kFirstContact,
  kSeparation,
  kRest,
  kEntersView,
  kLeavesView,
  kHidden,
  kShown,
};

struct TruthEvent {
  double time_s = 0.0;  // sight: of the first frame in which it is so
  TruthEventKind kind = TruthEventKind::kFirstContact;
  int body = 0;    // index into Scene::bodies
  int other = -1;  // contacts and separations: the second body, above `body`
};

}  // namespace plumb
