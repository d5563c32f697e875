// SPDX-License-Identifier: Apache-2.0
// Text for reading: numbers, and the escaping of everything that came from outside. Model names,
// captions, file names and reasons are hostile until they passed through one of these.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumb {

// Valid UTF-8 without control characters, escape sequences or marks that turn the writing
// direction: each of these becomes U+FFFD. Line breaks and tabs become one space.
std::string CleanText(std::string_view text);

// Clean text, safe as element content and as an attribute value of XML and HTML.
std::string ForXml(std::string_view text);
// Clean text, safe in a cell of a Markdown table: no markup, no HTML, no new column, no automatic
// link.
std::string ForMarkdown(std::string_view text);
// Clean text as one CSV field (RFC 4180); a leading = + - @ gets an apostrophe, so that no
// spreadsheet computes it.
std::string ForCsv(std::string_view text);

// Three decimals below 10, fewer above; "0" for zero, scientific below 0.0005. Always with a point.
std::string FormatNumber(double value);
// The number with as many decimals as FormatNumber gives `reference`: for the half-width behind a
// mean.
std::string FormatLike(double value, double reference);

// Columns that clean text takes on a terminal: wide East Asian characters count two, combining
// marks none.
int DisplayWidth(std::string_view clean_text);
// Clean text cut to `width` columns, with "…" in place of what is missing.
std::string Shortened(std::string_view text, int width);

// What every list of a report prints as "3 cells", "1 cell".
std::string Counted(size_t count, std::string_view singular);

}  // namespace plumb
