// SPDX-License-Identifier: Apache-2.0
// A value held against a JSON Schema, every fault at once.
#pragma once

#include <string>
#include <vector>

#include "core/json.h"

namespace plumb {

struct SchemaFault {
  std::string pointer;  // of the value at fault (JSON pointer)
  std::string message;  // "key 'mass_kg': is -1, expected above 0"
};

// All faults of `value`, in the order in which it is written. Understands what Plumb's own schemas
// use of draft 2020-12: type, const, enum, properties, required, additionalProperties: false,
// items, minItems, maxItems, minLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum and
// $ref into $defs. A null counts as left out. Unknown keys and names come with the nearest valid
// one. Throws CheckFailure for a schema that says anything else.
std::vector<SchemaFault> SchemaFaults(const Json& value, const Json& schema);

}  // namespace plumb
