// SPDX-License-Identifier: Apache-2.0
// Networks whose weights come from a file need no weights of their own before.
#pragma once

#include <c10/core/impl/LocalDispatchKeySet.h>

namespace plumb {

// While it lives, modules built on this thread leave their parameters without memory: random draws
// are left out (LibTorch's global generator is not advanced), and zeros come from pages that
// nobody touched. Their values are anything; MapWeights replaces them. Tensors of constants are
// made as always.
class UnfilledParameters {
 public:
  UnfilledParameters();

 private:
  c10::impl::IncludeDispatchKeyGuard guard_;
};

}  // namespace plumb
