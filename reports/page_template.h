// SPDX-License-Identifier: Apache-2.0
// The built page that reports are filled into. Its bytes come from reports/page_template.html,
// which scripts/build-page makes out of reports/page.
#pragma once

#include <string_view>

namespace plumb {

// HTML with the markers <!--plumb:title--> and <!--plumb:data-->, once each and in this order.
std::string_view PageTemplate();

}  // namespace plumb
