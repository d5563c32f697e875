// SPDX-License-Identifier: Apache-2.0
// Bodies as JSON. Internal to core.
#pragma once

#include "core/document.h"
#include "core/json.h"
#include "core/scene.h"

namespace plumb {

Json ToJson(const Body& body);
Body ReadBody(ObjectReader& reader);

}  // namespace plumb
