// SPDX-License-Identifier: Apache-2.0
// The built page that reports are filled into, and its 3D viewer. Their bytes come from
// reports/page_template.html and page_viewer.js, which scripts/build-page makes out of
// reports/page.
#pragma once

#include <string_view>

namespace plumb {

// HTML with the markers <!--plumb:title-->, <!--plumb:data--> and <!--plumb:viewer-->, once each
// and in this order.
std::string_view PageTemplate();

// What draws cameras and points: a script for the page's inert element "plumb-viewer", allowed by
// hash in the page's policy. Holds three.js (MIT, with its notice).
std::string_view PageViewer();

}  // namespace plumb
