// SPDX-License-Identifier: Apache-2.0
// The page's colours as the theme has them now.

// {name: '--variable'} → {name: 'rgb(…)'}, resolved where `holder` stands.
export function resolveColours(holder, variables) {
  const probe = document.createElement('i');
  holder.append(probe);
  const colours = Object.fromEntries(Object.entries(variables).map(([name, variable]) => {
    probe.style.color = `var(${variable})`;
    return [name, getComputedStyle(probe).color];
  }));
  probe.remove();
  return colours;
}
