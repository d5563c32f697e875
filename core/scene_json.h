// SPDX-License-Identifier: Apache-2.0
// Scenes as JSON: what truth.json keeps, and a file that a user can write by hand.
#pragma once

#include "core/document.h"
#include "core/json.h"
#include "core/scene.h"

namespace plumb {

Json ToJson(const Scene& scene);

// Reads the object at `pointer` of a parsed file ("" is the whole file). Fields that are left out
// take the defaults of core/scene.h. Unknown keys, wrong types and unknown names (shapes, patterns,
// roles, camera motions) throw UsageError with file, line, key and the nearest valid name;
// impossible values throw InputError (Validate).
Scene SceneFromDocument(const Document& document, const std::string& pointer = "");

}  // namespace plumb
