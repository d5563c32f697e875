// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plumb {

// Freed blocks of up to 32 MB stay with the process for the next pass, which asks for the same
// ones again, instead of going back to the system, which would hand out zeroed pages: up to a tenth
// of a pass's time. For the whole process; where the C library can't, nothing happens.
void KeepFreedMemory();

}  // namespace plumb
