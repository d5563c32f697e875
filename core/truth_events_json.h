// SPDX-License-Identifier: Apache-2.0
// Events of a truth as JSON: {"time_s": 0.45, "kind": "first_contact", "body": 0, "other": 1}.
#pragma once

#include <string>

#include "core/json.h"
#include "core/truth_events.h"

namespace plumb {

// "first_contact", "separation", "rest", "enters_view", "leaves_view", "hidden" or "shown".
std::string NameOf(TruthEventKind kind);

// `other` stands only where there is a second body.
Json ToJson(const TruthEvent& event);

// Throws InputError naming `place` for an unknown kind or a body outside 0 to num_bodies - 1 (a
// second body where none belongs or none where one does, too), Json::exception on a missing key or
// a wrong type.
TruthEvent TruthEventFromJson(const Json& json, int num_bodies, const std::string& place);

}  // namespace plumb
